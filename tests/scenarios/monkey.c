/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "scenario.h"

#include "calls.h"
#include "engine-private.h"
#include "screen.h"

#include <locale.h>
#include <string.h>

/*
 * Any key, any event, in any order, thousands of times. What must hold of the phone is checked after each; when everything
 * is hung up, it is idle. GTest prints the seed; `--seed` repeats a run.
 */

#define N_ROUNDS 60
#define N_STEPS 400

typedef struct {
  Phone      *phone;
  GHashTable *prepared;      /* calls with media */
  GHashTable *answered;      /* calls that were answered: once only */
  GHashTable *ended;         /* calls whose end was reported */
  guint       n_log;         /* lines of the log that were looked at */
} Monkey;

static PhoneMediaDesc *
make_desc (void)
{
  static const char * const texts[] = { "PCMU", "PCMA,PCMU,telephone-event", "sendonly PCMU", "inactive PCMU", "recvonly PCMA",
                                        "0.0.0.0 PCMU", "G722", "opus", "G729" };

  if (g_test_rand_int_range (0, 6) == 0)
    return NULL;
  return fake_ports_make_desc (texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))], NULL);
}

static void
post (Monkey     *self,
      PhoneEvent *event)
{
  phone_event_queue_post (self->phone->queue, event);
}

static void
do_key (Monkey *self)
{
  static const char * const ids[] = {
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "POUND", "OK", "X", "UP", "DOWN", "LEFT", "RIGHT", "F1", "F2", "F3",
    "F4", "F1", "F2", "F3", "F4", "SPEAKER", "HEADSET", "MUTE", "MSG", "RD", "F_HOLD", "F_TRANSFER", "F_CONFERENCE",
    "VOLUME_UP", "VOLUME_DOWN", "BACKSPACE", "L1", "L2", "L3", "L4", "L5", "L10", "D1",
  };
  PhoneKey key = phone_key_from_id (ids[g_test_rand_int_range (0, G_N_ELEMENTS (ids))]);

  g_assert_cmpint (key, !=, PHONE_KEY_NONE);
  phone_engine_press (self->phone->engine, key);
  if (g_test_rand_int_range (0, 10) != 0)
    phone_engine_release (self->phone->engine, key);
}

static void
do_text (Monkey *self)
{
  static const char * const texts[] = { "a", "12", "sip:x@y", "äöü", "10.0.0.1", "#", "hello world", "\xff\xfe", "" };

  phone_engine_type_text (self->phone->engine, texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))]);
}

static void
do_command (Monkey *self)
{
  static const char * const lines[] = {
    "answer", "reject", "hangup", "hangup all", "hold", "resume", "swap", "toggle-hold", "silence", "forward", "forward 99",
    "speaker", "headset", "mute", "dnd", "newcall", "redial", "history", "directory", "menu", "status", "menu settings",
    "edit account 1", "accounts account", "account +1", "account -1", "message", "missed view", "missed exit", "dial 77",
    "dial 192.0.2.8", "dial 'x y z'", "dtmf 1", "focus next", "focus previous", "clear-history", "key 1 2 OK", "line 2",
    "practice on", "practice off", "set features.key_as_send 2", "set features.key_as_send 1", "set sip.rfc2543_hold 1",
    "set sip.rfc2543_hold 0", "set account.2.enable 0", "set account.2.enable 1", "set call_waiting.enable 1",
    "set call_waiting.enable 0", "set phone_setting.hold_or_swap.mode 2", "register", "volume +3", "volume ring 0",
    "answer 3", "hold 2", "resume 1", "hangup 4", "use-line 2", "nonsense", "'",
  };

  phone_engine_run_command (self->phone->engine, lines[g_test_rand_int_range (0, G_N_ELEMENTS (lines))], NULL);
}

static guint
choose_call (Monkey *self)
{
  GPtrArray *calls = self->phone->engine->calls;

  if (calls->len == 0 || g_test_rand_int_range (0, 12) == 0)
    return g_test_rand_int_range (1, 50);
  return ((PhoneCall *) calls->pdata[g_test_rand_int_range (0, calls->len)])->id;
}

static void
do_incoming (Monkey *self)
{
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING };

  event.call = phone_event_queue_new_call (self->phone->queue);
  event.account = g_test_rand_int_range (0, 4);
  event.number = g_test_rand_int_range (0, 5) ? (char *) "204" : NULL;
  event.name = g_test_rand_int_range (0, 2) ? (char *) "Böb" : NULL;
  event.text = (char *) "1001";
  event.desc = make_desc ();
  event.joins = g_test_rand_int_range (0, 6) == 0 ? choose_call (self) : 0;
  event.replaces = g_test_rand_int_range (0, 4) == 0 ? choose_call (self) : 0;
  post (self, &event);
  g_clear_pointer (&event.desc, phone_media_desc_unref);
}

static void
do_call_event (Monkey *self)
{
  static const PhoneEventType types[] = {
    PHONE_EVENT_PROGRESS, PHONE_EVENT_ESTABLISHED, PHONE_EVENT_ESTABLISHED, PHONE_EVENT_ESTABLISHED, PHONE_EVENT_MODIFIED,
    PHONE_EVENT_MODIFIED, PHONE_EVENT_MODIFY_FAILED, PHONE_EVENT_REMOTE_MODIFY, PHONE_EVENT_IDENTITY, PHONE_EVENT_MUSIC,
    PHONE_EVENT_TERMINATED, PHONE_EVENT_MEDIA_READY, PHONE_EVENT_MEDIA_READY, PHONE_EVENT_MEDIA_FLOWING,
    PHONE_EVENT_MEDIA_STALLED, PHONE_EVENT_MEDIA_FAILED, PHONE_EVENT_DIGIT_HEARD, PHONE_EVENT_AUDIO_HEARD,
    PHONE_EVENT_TRANSFER, PHONE_EVENT_TRANSFER, PHONE_EVENT_REFERRED,
  };
  static const guint statuses[] = { 0, 180, 183, 404, 408, 486, 487, 488, 500, 503, 603, 699 };
  PhoneEvent event = { .type = types[g_test_rand_int_range (0, G_N_ELEMENTS (types))] };

  event.call = choose_call (self);
  event.status = statuses[g_test_rand_int_range (0, G_N_ELEMENTS (statuses))];
  event.value = '5';
  if (event.type == PHONE_EVENT_MEDIA_FAILED)
    event.value = g_test_rand_int_range (0, 4);
  else if (event.type == PHONE_EVENT_REFERRED)
    {
      event.value = g_test_rand_int_range (0, 2);
      /* Outside any call. */
      if (event.value)
        event.call = phone_event_queue_new_call (self->phone->queue);
    }
  else if (event.type == PHONE_EVENT_TRANSFER)
    event.value = g_test_rand_int_range (PHONE_TRANSFER_ACCEPTED, PHONE_TRANSFER_SILENT + 1);
  event.text = g_test_rand_int_range (0, 2) ? (char *) "text" : NULL;
  event.desc = make_desc ();
  post (self, &event);
  g_clear_pointer (&event.desc, phone_media_desc_unref);
}

static void
do_network (Monkey *self)
{
  static const char * const addresses[] = { "192.0.2.1", "192.0.2.7", "2001:db8::7", "127.0.0.1" };
  FakePorts *ports = self->phone->ports;
  PhoneEvent event = { .type = PHONE_EVENT_NETWORK, .value = g_test_rand_int_range (0, 3) };

  g_free (ports->local_address);
  ports->local_address = g_strdup (addresses[g_test_rand_int_range (0, G_N_ELEMENTS (addresses))]);
  post (self, &event);
}

static void
do_other (Monkey *self)
{
  static const guint waits_ms[] = { 0, 1, 49, 100, 999, 1000, 2000, 4000, 10000, 60000, 200000 };

  switch (g_test_rand_int_range (0, 7))
    {
    case 6:
      do_network (self);
      break;
    case 0:
      phone_engine_set_hook (self->phone->engine, g_test_rand_int_range (0, 2) == 0);
      break;
    case 1:
      phone_fixture_post_account (self->phone, g_test_rand_int_range (0, 20), g_test_rand_int_range (0, 5), 401, NULL);
      break;
    case 2:
      self->phone->ports->auto_media = g_test_rand_int_range (0, 4) != 0;
      self->phone->ports->auto_sip = g_test_rand_int_range (0, 2) == 0;
      break;
    default:
      fake_ports_advance (self->phone->ports, waits_ms[g_test_rand_int_range (0, G_N_ELEMENTS (waits_ms))]);
    }
}

/* The ports may rely on this: media is prepared before it is connected and never after it was released; it is released once, a
 * call answered once. */
static void
check_log (Monkey *self)
{
  GPtrArray *log = self->phone->ports->log;

  for (; self->n_log < log->len; self->n_log++)
    {
      g_auto (GStrv) words = g_strsplit (log->pdata[self->n_log], " ", 3);
      gpointer id = words[1] ? GUINT_TO_POINTER (g_ascii_strtoull (words[1], NULL, 10)) : NULL;

      if (strcmp (words[0], "audio.prepare") == 0)
        {
          g_assert_false (g_hash_table_contains (self->ended, id));
          g_hash_table_add (self->prepared, id);
        }
      else if (strcmp (words[0], "audio.connect") == 0)
        g_assert_true (g_hash_table_contains (self->prepared, id) && !g_hash_table_contains (self->ended, id));
      else if (strcmp (words[0], "audio.release") == 0)
        g_assert_true (g_hash_table_add (self->ended, id));
      else if (strcmp (words[0], "sip.answer") == 0)
        g_assert_true (g_hash_table_add (self->answered, id));
    }
}

static void
check (Monkey *self)
{
  PhoneEngine *engine = self->phone->engine;
  guint n_talking = 0;
  gboolean conference = FALSE;
  guint n_waiting = 0;

  phone_fixture_check (self->phone);
  check_log (self);
  for (guint i = 0; i < engine->calls->len; i++)
    {
      const PhoneCall *call = engine->calls->pdata[i];

      if (call->state == PHONE_CALL_TALKING && call->conference)
        conference = TRUE;
      else if (call->state == PHONE_CALL_TALKING && call->replaced_by == 0)
        n_talking++;
      n_waiting += call->waits > 0 ? 1 : 0;
      if (phone_call_is_over (call))
        g_assert_cmpuint (call->waits, ==, 0);
      g_assert_true (call->state != PHONE_CALL_ENDED || call->shown);
    }
  /* One microphone, one conversation, or one conference. */
  g_assert_cmpuint (n_talking + (conference ? 1 : 0), <=, 1);
  g_assert_cmpuint (n_waiting, <=, PHONE_MAX_CALLS);
  g_assert_cmpuint (phone_calls_count_live (engine), <=, PHONE_MAX_CALLS);
  if (phone_calls_count_live (engine) == 0)
    g_assert_false (engine->sound.muted);
}

/* Everything is hung up, the handset lies in its cradle: X leads to the idle page, nothing sounds. */
static void
check_rest (Monkey *self)
{
  Phone *phone = self->phone;
  PhoneEngine *engine = phone->engine;
  g_autoptr (GPtrArray) calls = NULL;
  g_autofree char *timers = NULL;

  phone->ports->auto_sip = TRUE;
  phone_engine_set_hook (engine, FALSE);
  for (guint i = 0; i < 3; i++)
    {
      phone_engine_run_command (engine, "hangup all", NULL);
      fake_ports_advance (phone->ports, 60000);
    }
  for (guint i = 0; i < 200 && strcmp (phone_engine_get_display (engine)->page, "idle") != 0; i++)
    phone_engine_click (engine, PHONE_KEY_X);
  check (self);
  calls = phone_engine_list_calls (engine);
  g_assert_cmpuint (calls->len, ==, 0);
  g_assert_cmpstr (phone_engine_get_display (engine)->page, ==, "idle");
  g_assert_null (engine->sound.commanded_tone);
  g_assert_null (engine->sound.commanded_ring);
  g_assert_false (engine->sound.seized);
  /* The monkey may have chosen half an hour for the backlight. */
  phone_settings_set_by_key (phone->settings, PHONE_LAYER_LOCAL, "phone_setting.backlight_time", "0", NULL);
  fake_ports_advance (phone->ports, 300000);
  timers = fake_ports_dup_timers (phone->ports);
  if (fake_ports_count_timers (phone->ports) > 1)
    g_error ("more than the clock of the idle page is left: timers %s", timers);
}

static void
run_round (void)
{
  Monkey self = { .phone = phone_fixture_new () };

  self.prepared = g_hash_table_new (NULL, NULL);
  self.answered = g_hash_table_new (NULL, NULL);
  self.ended = g_hash_table_new (NULL, NULL);
  for (guint i = 1; i <= 3; i++)
    phone_fixture_add_account (self.phone, i, i == 1 ? "1001" : i == 2 ? "1002" : "1003");
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.5.line", "1", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.4.type", "13", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.4.value", "88", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.6.type", "3", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.6.value", "99", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.7.type", "1", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "linekey.8.type", "4", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "transfer.dsskey_deal_type",
                             g_test_rand_bit () ? "2" : "1", NULL);
  phone_settings_set_by_key (self.phone->settings, PHONE_LAYER_PHONE, "account.3.auto_answer", "1", NULL);
  g_ptr_array_add (self.phone->ports->contacts, phone_contact_new ("Ann", "204", 0, ""));
  phone_fixture_start (self.phone);
  for (guint i = 1; i <= 3; i++)
    phone_fixture_post_account (self.phone, i, PHONE_ACCOUNT_REGISTERED, 200, "OK");

  for (guint i = 0; i < N_STEPS; i++)
    {
      int dice = g_test_rand_int_range (0, 100);

      if (dice < 40)
        do_key (&self);
      else if (dice < 43)
        do_text (&self);
      else if (dice < 58)
        do_command (&self);
      else if (dice < 64)
        do_incoming (&self);
      else if (dice < 88)
        do_call_event (&self);
      else
        do_other (&self);
      check (&self);
    }
  check_rest (&self);
  g_hash_table_unref (self.prepared);
  g_hash_table_unref (self.answered);
  g_hash_table_unref (self.ended);
  phone_fixture_free (self.phone);
}

static void
test_monkey (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    run_round ();
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scenario/monkey", test_monkey);
  return g_test_run ();
}
