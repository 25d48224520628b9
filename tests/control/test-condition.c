/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "condition.h"
#include "control-hub.h"
#include "engine.h"

typedef struct {
  PhoneControlHub    *hub;
  PhoneDisplay       *display;
  GPtrArray          *calls;
  GPtrArray          *accounts;
  PhoneConditionView  now;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->hub = phone_control_hub_new ();
  f->display = phone_display_new ();
  phone_display_set_text (&f->display->page, "idle");
  f->calls = g_ptr_array_new_with_free_func (g_free);
  f->accounts = g_ptr_array_new_with_free_func (g_free);
  f->now = (PhoneConditionView){ f->calls, f->accounts, f->display };
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->hub);
  phone_display_unref (f->display);
  g_ptr_array_unref (f->calls);
  g_ptr_array_unref (f->accounts);
}

static void
add_call (Fixture       *f,
          guint          call,
          PhoneCallState state,
          const char    *number)
{
  PhoneCallInfo *info = g_new0 (PhoneCallInfo, 1);

  info->call = call;
  info->account = 1;
  info->state = state;
  info->number = (char *) number;
  info->name = (char *) "Alice";
  info->codec = (char *) "";
  g_ptr_array_add (f->calls, info);
}

static gboolean
holds (Fixture    *f,
       const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneCondition) condition = phone_condition_new (text, &error);

  g_assert_no_error (error);
  return phone_condition_holds (condition, &f->now);
}

/* Whether the condition came true at some event. */
static gboolean
was (Fixture    *f,
     const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneCondition) condition = phone_condition_new (text, &error);
  g_autoptr (GPtrArray) events = phone_control_hub_list_since (f->hub, 0, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    if (phone_condition_feed (condition, g_ptr_array_index (events, i)))
      return TRUE;

  return FALSE;
}

static void
tell (Fixture        *f,
      PhoneNoticeKind kind,
      guint           call,
      int             state,
      const char     *number,
      const char     *text)
{
  const PhoneNotice notice = { .kind = kind, .call = call, .account = 1, .state = state, .number = number, .text = text };

  phone_outbox_notify (PHONE_OUTBOX (f->hub), &notice);
}

static void
test_calls_now (Fixture      *f,
                gconstpointer data)
{
  g_assert_true (holds (f, "call:none"));
  g_assert_true (holds (f, "!call:any"));
  g_assert_true (holds (f, "idle"));

  add_call (f, 1, PHONE_CALL_TALKING, "1001@pbx.example");
  add_call (f, 2, PHONE_CALL_HELD, "127.0.0.1:5070");
  g_assert_false (holds (f, "call:none"));
  g_assert_true (holds (f, "call:any:2"));
  g_assert_false (holds (f, "call:any:3"));
  g_assert_true (holds (f, "call:talking"));
  g_assert_false (holds (f, "call:talking:2"));
  g_assert_false (holds (f, "!call:talking"));
  g_assert_true (holds (f, "call:talking:number=1001"));
  g_assert_false (holds (f, "call:talking:number=100"));
  g_assert_true (holds (f, "call:held:number=127.0.0.1\\:5070:name=Alice"));
  g_assert_false (holds (f, "call:held:account=2"));
  g_assert_true (holds (f, "call:held:id=2"));

  g_ptr_array_set_size (f->calls, 0);
  add_call (f, 1, PHONE_CALL_ENDED, "1001");
  g_assert_true (holds (f, "call:none"));
  g_assert_true (holds (f, "call:ended"));
}

/* A state that came and went. */
static void
test_calls_past (Fixture      *f,
                 gconstpointer data)
{
  tell (f, PHONE_NOTICE_CALL, 1, PHONE_CALL_RINGING, "1001", NULL);
  tell (f, PHONE_NOTICE_CALL, 1, PHONE_CALL_TALKING, "1001", NULL);
  g_assert_false (was (f, "call:talking:2"));
  tell (f, PHONE_NOTICE_CALL, 2, PHONE_CALL_TALKING, "1002", NULL);
  g_assert_true (was (f, "call:talking:2"));
  g_assert_false (was (f, "call:none"));
  tell (f, PHONE_NOTICE_CALL, 1, PHONE_CALL_ENDED, "1001", NULL);
  g_assert_true (was (f, "call:ended"));
  g_assert_false (was (f, "call:ended:2"));
  g_assert_false (was (f, "call:ended:number=1002"));
  tell (f, PHONE_NOTICE_CALL, 2, PHONE_CALL_ENDED, "1002", NULL);
  g_assert_true (was (f, "call:ended:2"));
  g_assert_true (was (f, "call:none"));
  g_assert_true (was (f, "call:ringing"));
  g_assert_false (was (f, "call:held"));
  /* That something was not the case is not remembered. */
  g_assert_false (was (f, "!call:held"));
}

static void
test_accounts (Fixture      *f,
               gconstpointer data)
{
  PhoneAccountInfo *info = g_new0 (PhoneAccountInfo, 1);

  info->account = 2;
  info->state = PHONE_ACCOUNT_FAILED;
  info->status = 403;
  g_ptr_array_add (f->accounts, info);
  g_assert_true (holds (f, "account:2:failed"));
  g_assert_true (holds (f, "account:any:failed:status=403"));
  g_assert_false (holds (f, "account:2:failed:status=404"));
  g_assert_false (holds (f, "account:1:failed"));
  g_assert_true (holds (f, "!account:2:registered"));

  tell (f, PHONE_NOTICE_ACCOUNT, 0, PHONE_ACCOUNT_REGISTERED, NULL, NULL);
  g_assert_true (was (f, "account:1:registered"));
  g_assert_false (was (f, "account:1:failed"));
}

static void
test_display (Fixture      *f,
              gconstpointer data)
{
  phone_display_set_lamp (f->display, PHONE_KEY_L1, PHONE_LAMP_GREEN, PHONE_BLINK_FAST);
  phone_display_set_text (&f->display->softkeys[0], "Answer");
  phone_display_set_text (&f->display->popup, "Busy here!");
  phone_display_set_text (&f->display->page, "incoming");
  f->display->off_hook = TRUE;
  f->display->icons = PHONE_STATUS_DND;

  g_assert_true (holds (f, "lamp:L1:green-fast"));
  g_assert_true (holds (f, "lamp:L1:green"));
  g_assert_true (holds (f, "lamp:L1:on"));
  g_assert_false (holds (f, "lamp:L1:green-steady"));
  g_assert_false (holds (f, "lamp:L1:red"));
  g_assert_true (holds (f, "lamp:L2:off"));
  g_assert_true (holds (f, "lamp:POWER:off"));
  g_assert_true (holds (f, "softkey:Answer"));
  g_assert_false (holds (f, "softkey:Ans"));
  g_assert_true (holds (f, "softkeys:Answer|||"));
  g_assert_false (holds (f, "softkeys:Answer"));
  g_assert_true (holds (f, "icon:dnd"));
  g_assert_false (holds (f, "icon:forward"));
  g_assert_true (holds (f, "!icon:forward"));
  g_assert_true (holds (f, "screen:Busy here!"));
  g_assert_true (holds (f, "screen:Busy"));
  g_assert_false (holds (f, "screen:busy"));
  g_assert_true (holds (f, "page:incoming"));
  g_assert_true (holds (f, "hook:off"));
  g_assert_false (holds (f, "hook:on"));
  g_assert_false (holds (f, "idle"));

  g_assert_false (was (f, "softkey:Answer"));
  phone_control_hub_add_display (f->hub, f->display);
  g_assert_true (was (f, "softkey:Answer"));
  g_assert_true (was (f, "lamp:L1:green-fast"));
  g_assert_false (was (f, "softkey:Reject"));
}

static void
test_moments (Fixture      *f,
              gconstpointer data)
{
  g_assert_false (holds (f, "heard:440"));
  tell (f, PHONE_NOTICE_HEARD, 1, 0, NULL, "440");
  tell (f, PHONE_NOTICE_DIGIT, 1, 0, NULL, "1");
  tell (f, PHONE_NOTICE_DIGIT, 1, 0, NULL, "2");
  tell (f, PHONE_NOTICE_DIGIT, 1, 0, NULL, "#");
  tell (f, PHONE_NOTICE_CALL_MEDIA, 1, 0, NULL, "flowing");
  tell (f, PHONE_NOTICE_MESSAGE, 0, 0, NULL, "No RTP port");
  tell (f, PHONE_NOTICE_MISSED, 0, 0, "1002", NULL);

  g_assert_true (was (f, "heard:440"));
  g_assert_true (was (f, "heard:any"));
  g_assert_false (was (f, "heard:44"));
  g_assert_true (was (f, "digit:2"));
  g_assert_true (was (f, "digits:12#"));
  g_assert_false (was (f, "digits:21"));
  g_assert_true (was (f, "media:flowing"));
  g_assert_false (was (f, "media:stalled"));
  g_assert_true (was (f, "message:RTP port"));
  g_assert_true (was (f, "missed"));
  g_assert_true (was (f, "missed:1002"));
  g_assert_false (was (f, "missed:1003"));
}

/* Many digits, as a long DTMF test makes them. */
static void
test_many_digits (Fixture      *f,
                  gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    tell (f, PHONE_NOTICE_DIGIT, 1, 0, NULL, "1");
  tell (f, PHONE_NOTICE_DIGIT, 1, 0, NULL, "9");
  g_assert_true (was (f, "digits:1111111111111111111119"));
  g_assert_false (was (f, "digits:91"));
}

static void
test_broken (Fixture      *f,
             gconstpointer data)
{
  static const char *const broken[] = {
    "", "!", "call", "call:", "call:flying", "call:talking:0", "call:talking:x", "call:talking:account=17", "call:none:2",
    "account", "account:1", "account:17:registered", "account:0:failed", "account:1:flying", "account:1:failed:x", "lamp",
    "lamp:L1", "lamp:Q:green", "lamp:L1:blue", "lamp:L1:green-quick", "lamp:L1:green:fast", "screen:", "screen", "softkey",
    "softkeys:", "icon", "heard", "heard:x", "heard:0", "digit:", "digit:x", "digits:12x", "media:x", "hook:up", "idle:now", "bogus",
    "!heard:440", "call:talking:99999999999999999999", "\xff",
  };
  g_autofree char *too_long = g_strnfill (PHONE_CONDITION_MAX_LENGTH + 1, 'x');
  g_autoptr (GError) too_long_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhoneCondition) condition = phone_condition_new (broken[i], &error);

      if (condition)
        g_error ("“%s” was taken", broken[i]);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
    }
  g_assert_null (phone_condition_new (too_long, &too_long_error));
  g_assert_error (too_long_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/control/condition/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("calls-now", test_calls_now);
  ADD ("calls-past", test_calls_past);
  ADD ("accounts", test_accounts);
  ADD ("display", test_display);
  ADD ("moments", test_moments);
  ADD ("many-digits", test_many_digits);
  ADD ("broken", test_broken);

  return g_test_run ();
}
