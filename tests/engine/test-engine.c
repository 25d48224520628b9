/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "commands.h"
#include "fake-ports.h"

typedef struct {
  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  FakePorts       *ports;
  PhoneEngine     *engine;
  guint            n_changed;
} Fixture;

static void
on_changed (PhoneEngine *engine,
            gpointer     user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr (PhoneModel) model = phone_model_new_default ();

  f->queue = phone_event_queue_new ();
  f->settings = phone_settings_new ();
  f->ports = fake_ports_new (f->queue);
  phone_settings_set_by_key (f->settings, PHONE_LAYER_PHONE, "account.1.enable", "1", NULL);
  phone_settings_set_by_key (f->settings, PHONE_LAYER_PHONE, "account.1.user_name", "1001", NULL);
  phone_settings_set_by_key (f->settings, PHONE_LAYER_PHONE, "account.1.sip_server.1.address", "pbx.example", NULL);
  f->engine = phone_engine_new (f->queue, f->settings, model, PHONE_SIGNALING (f->ports), PHONE_AUDIO (f->ports),
                                PHONE_CLOCK (f->ports), PHONE_STORE (f->ports), PHONE_OUTBOX (f->ports));
  g_signal_connect (f->engine, "changed", G_CALLBACK (on_changed), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->engine);
  g_assert_finalize_object (f->ports);
  g_assert_finalize_object (f->settings);
  g_assert_finalize_object (f->queue);
}

static void
post_account (Fixture           *f,
              PhoneAccountState  state)
{
  phone_event_queue_post (f->queue, &(PhoneEvent) { .type = PHONE_EVENT_ACCOUNT, .account = 1, .value = state });
}

/* An engine that was never started can be thrown away. */
static void
test_not_started (Fixture       *f,
                  gconstpointer  data)
{
  g_assert_nonnull (phone_engine_get_display (f->engine));
  g_assert_true (phone_engine_get_settings (f->engine) == f->settings);
}

/* `changed` comes once for what looks different, and not for what does not. */
static void
test_changed (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (PhoneDisplay) before = NULL;

  phone_engine_start (f->engine);
  f->n_changed = 0;
  post_account (f, PHONE_ACCOUNT_REGISTERED);
  g_assert_cmpuint (f->n_changed, ==, 1);
  post_account (f, PHONE_ACCOUNT_REGISTERED);
  g_assert_cmpuint (f->n_changed, ==, 1);
  before = phone_display_ref (phone_engine_get_display (f->engine));
  g_assert_true (phone_engine_run_command (f->engine, "key 1 2 3", NULL));
  g_assert_cmpuint (f->n_changed, ==, 2);
  g_assert_false (phone_display_equal (before, phone_engine_get_display (f->engine)));
  g_assert_cmpstr (before->page, ==, "idle");
}

static void
test_errors (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) refused = NULL;

  phone_engine_start (f->engine);
  g_assert_false (phone_engine_run_command (f->engine, "nonsense", &unknown));
  g_assert_error (unknown, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (phone_engine_run_command (f->engine, "answer", &refused));
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_lists (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  const PhoneAccountInfo *account;
  const PhoneCallInfo *call;

  phone_engine_start (f->engine);
  post_account (f, PHONE_ACCOUNT_REGISTERED);
  g_assert_true (phone_engine_run_command (f->engine, "dial 200", NULL));
  accounts = phone_engine_list_accounts (f->engine);
  calls = phone_engine_list_calls (f->engine);
  g_assert_cmpuint (accounts->len, ==, 1);
  g_assert_cmpuint (calls->len, ==, 1);
  account = accounts->pdata[0];
  call = calls->pdata[0];
  g_assert_cmpint (account->state, ==, PHONE_ACCOUNT_REGISTERED);
  g_assert_cmpstr (account->server, ==, "pbx.example");
  g_assert_cmpint (call->state, ==, PHONE_CALL_CALLING);
  g_assert_cmpint (call->origin, ==, PHONE_CALL_OUTGOING);
  g_assert_cmpstr (call->number, ==, "200");
  g_assert_true (call->focused);
}

/* What people and programs are told of the commands is complete, and each name stands for one command. */
static void
test_command_table (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < phone_commands_get_n (); i++)
    {
      PhoneCommandInfo info;

      phone_commands_get_info (i, &info);
      g_assert_cmpstr (info.help, !=, "");
      g_assert_true (g_hash_table_add (names, (gpointer) info.name));
    }
}

#define ADD(name, func) g_test_add ("/engine/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("not-started", test_not_started);
  ADD ("changed", test_changed);
  ADD ("errors", test_errors);
  ADD ("lists", test_lists);
  ADD ("command-table", test_command_table);
  return g_test_run ();
}
