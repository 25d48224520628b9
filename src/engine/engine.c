/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "engine.h"

#include "account.h"
#include "calls.h"
#include "commands.h"
#include "conference.h"
#include "engine-private.h"
#include "history.h"
#include "page.h"
#include "projection.h"
#include "screen.h"
#include "sound.h"
#include "tones.h"
#include "transfer.h"

#define POPUP_MS 2000

typedef struct {
  guint          call;
  PhoneCallEvent on;
} PhoneDeferred;

G_DEFINE_FINAL_TYPE (PhoneEngine, phone_engine, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_KEY, SIGNAL_STOPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- services for the other files of this room ---- */

/**
 * phone_engine_defer:
 * Lets something happen to a call after the present event: run to completion also inside.
 */
void
phone_engine_defer (PhoneEngine    *self,
                    PhoneCall      *call,
                    PhoneCallEvent  on)
{
  PhoneDeferred *deferred = g_new (PhoneDeferred, 1);

  *deferred = (PhoneDeferred) { call->id, on };
  g_queue_push_tail (&self->deferred, deferred);
}

/**
 * phone_engine_say:
 * @text: shown over the page for a moment
 */
void
phone_engine_say (PhoneEngine *self,
                  const char  *text)
{
  PhoneNotice notice = { .kind = PHONE_NOTICE_MESSAGE, .number = "", .name = "", .text = text };
  char *copy = g_strdup (text);

  g_free (self->popup);
  self->popup = copy;
  phone_clock_arm (self->clock, PHONE_TIMER_POPUP, POPUP_MS);
  phone_outbox_notify (self->outbox, &notice);
}

/**
 * phone_engine_notify_call:
 *
 * Tells the outbox how a call is now.
 */
void
phone_engine_notify_call (PhoneEngine     *self,
                          const PhoneCall *call)
{
  g_autofree char *name = phone_call_dup_shown_name (self, call);
  PhoneNotice notice = {
    .kind = PHONE_NOTICE_CALL,
    .call = call->id,
    .account = call->account,
    .state = call->state,
    .status = call->end_status,
    .number = call->number,
    .name = name,
    .text = call->end_text,
  };

  phone_outbox_notify (self->outbox, &notice);
}

/**
 * phone_engine_set_local:
 * Changes a setting on the phone itself, and has it saved.
 */
void
phone_engine_set_local (PhoneEngine    *self,
                        PhoneSettingId  id,
                        guint           x,
                        guint           y,
                        const char     *text)
{
  g_autoptr (GError) error = NULL;

  if (!phone_settings_set (self->settings, PHONE_LAYER_LOCAL, id, x, y, text, &error))
    phone_engine_say (self, error->message);
  else
    phone_store_save_settings (self->store);
}

/**
 * phone_engine_tick_at:
 * Called while a display is built: something on it changes at @at_ms. The earliest of all calls counts.
 */
void
phone_engine_tick_at (PhoneEngine *self,
                      gint64       at_ms)
{
  if (self->tick_wanted_ms < 0 || at_ms < self->tick_wanted_ms)
    self->tick_wanted_ms = at_ms;
}

/**
 * phone_engine_get_row_hits:
 * Returns: (transfer none): how often each row of the call table was taken, phone_call_get_n_rows() of them: for
 *   tests
 */
const guint *
phone_engine_get_row_hits (PhoneEngine *self)
{
  return self->row_hits;
}

/**
 * phone_engine_get_account_string:
 * Returns: (transfer none): a setting of an account; for a call without one the factory's value
 */
const char *
phone_engine_get_account_string (PhoneEngine    *self,
                                 PhoneSettingId  id,
                                 guint           account)
{
  if (account == 0)
    return phone_setting_get_info (id)->fallback;
  return phone_settings_get_string (self->settings, id, account, 0);
}

/**
 * phone_engine_get_account_int:
 * @account: 0: a call without account, for which the factory value counts
 */
gint64
phone_engine_get_account_int (PhoneEngine    *self,
                              PhoneSettingId  id,
                              guint           account)
{
  if (account == 0)
    return g_ascii_strtoll (phone_setting_get_info (id)->fallback, NULL, 10);
  return phone_settings_get_int (self->settings, id, account, 0);
}

/* ---- events ---- */

static void
run_deferred (PhoneEngine *self)
{
  PhoneDeferred *deferred;

  while ((deferred = g_queue_pop_head (&self->deferred)) != NULL)
    {
      PhoneCall *call = phone_calls_find (self, deferred->call);

      if (call != NULL)
        phone_call_dispatch (self, call, deferred->on, NULL);
      g_free (deferred);
    }
}

/* Each event is handled to the end; what sounds and which page is there follow from the state it left. */
static void
on_event (const PhoneEvent *event,
          gpointer          user_data)
{
  PhoneEngine *self = user_data;

  if (self->stopped)
    return;
  if (event->type == PHONE_EVENT_KEY)
    g_signal_emit (self, signals[SIGNAL_KEY], 0, event->key, event->value != 0);
  phone_engine_handle (self, event);
  do
    {
      run_deferred (self);
      phone_transfer_update (self);
      phone_conference_update (self);
      phone_calls_update (self);
    }
  while (!g_queue_is_empty (&self->deferred));
  phone_screen_update (self);
  phone_sound_update (self);
  phone_tones_update (self);
  phone_screen_empty_trash (self);
}

/* ---- projection ---- */

static void
arm_tick (PhoneEngine *self)
{
  gint64 now_ms = phone_clock_get_now_ms (self->clock);

  if (self->tick_wanted_ms == self->tick_at_ms)
    return;
  self->tick_at_ms = self->tick_wanted_ms;
  if (self->tick_at_ms < 0)
    phone_clock_cancel (self->clock, PHONE_TIMER_TICK);
  else
    phone_clock_arm (self->clock, PHONE_TIMER_TICK, MAX (1, self->tick_at_ms - now_ms));
}

/* The queue ran empty: shows the state it left, if it looks different. */
static void
on_drained (gpointer data,
            gpointer user_data)
{
  PhoneEngine *self = user_data;
  g_autoptr (PhoneDisplay) display = NULL;

  if (self->stopped)
    {
      if (!self->told_stopped)
        {
          self->told_stopped = TRUE;
          g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
        }
      return;
    }
  self->tick_wanted_ms = -1;
  display = phone_projection_build (self);
  arm_tick (self);
  if (self->display != NULL && phone_display_equal (display, self->display))
    return;
  if (self->display != NULL)
    phone_display_share (display, self->display);
  g_clear_pointer (&self->display, phone_display_unref);
  self->display = g_steal_pointer (&display);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_setting_changed (PhoneSettings *settings,
                    const char    *key,
                    int            layer,
                    gpointer       user_data)
{
  PhoneEngine *self = user_data;
  PhoneEvent event = { .type = PHONE_EVENT_SETTING_CHANGED, .text = (char *) key, .value = layer };

  phone_event_queue_post (self->queue, &event);
}

/* ---- object ---- */

static void
phone_engine_dispose (GObject *object)
{
  PhoneEngine *self = PHONE_ENGINE (object);

  if (self->queue != NULL && self->started)
    phone_event_queue_set_handler (self->queue, NULL, NULL, NULL);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->queue);
  g_clear_object (&self->settings);
  g_clear_object (&self->signaling);
  g_clear_object (&self->audio);
  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  g_clear_object (&self->outbox);
  G_OBJECT_CLASS (phone_engine_parent_class)->dispose (object);
}

static void
phone_engine_finalize (GObject *object)
{
  PhoneEngine *self = PHONE_ENGINE (object);

  for (guint i = 0; i <= PHONE_MAX_ACCOUNTS; i++)
    {
      g_free (self->accounts[i].reason);
      g_free (self->accounts[i].fingerprint);
    }
  g_clear_pointer (&self->screen, phone_screen_free);
  g_clear_pointer (&self->transfers, phone_transfers_free);
  g_clear_pointer (&self->conference, phone_conference_free);
  g_clear_pointer (&self->history, phone_history_free);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_queue_clear_full (&self->deferred, g_free);
  g_clear_pointer (&self->model, phone_model_free);
  g_clear_pointer (&self->display, phone_display_unref);
  g_clear_error (&self->command_error);
  g_free (self->row_hits);
  g_free (self->popup);
  g_free (self->sound.commanded_tone);
  g_free (self->sound.commanded_ring);
  G_OBJECT_CLASS (phone_engine_parent_class)->finalize (object);
}

static void
phone_engine_class_init (PhoneEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_engine_dispose;
  object_class->finalize = phone_engine_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_KEY] = g_signal_new ("key", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_BOOLEAN);
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
phone_engine_init (PhoneEngine *self)
{
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_call_free);
  self->row_hits = g_new0 (guint, phone_call_get_n_rows ());
  self->history = phone_history_new ();
  self->screen = phone_screen_new ();
  self->transfers = phone_transfers_new ();
  self->conference = phone_conference_new ();
  self->tick_at_ms = -1;
  self->tick_wanted_ms = -1;
  self->sound.volume_shown = -1;
  g_queue_init (&self->deferred);
}

PhoneEngine *
phone_engine_new (PhoneEventQueue  *queue,
                  PhoneSettings    *settings,
                  const PhoneModel *model,
                  PhoneSignaling   *signaling,
                  PhoneAudio       *audio,
                  PhoneClock       *clock,
                  PhoneStore       *store,
                  PhoneOutbox      *outbox)
{
  PhoneEngine *self;

  g_return_val_if_fail (PHONE_IS_EVENT_QUEUE (queue), NULL);
  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (model != NULL && model->n_accounts <= PHONE_MAX_ACCOUNTS, NULL);
  g_return_val_if_fail (model->n_line_keys <= PHONE_MAX_LINE_KEYS, NULL);
  g_return_val_if_fail (signaling && audio && clock && store && outbox, NULL);

  self = g_object_new (PHONE_TYPE_ENGINE, NULL);
  self->queue = g_object_ref (queue);
  self->settings = g_object_ref (settings);
  self->model = phone_model_copy (model);
  self->signaling = g_object_ref (signaling);
  self->audio = g_object_ref (audio);
  self->clock = g_object_ref (clock);
  self->store = g_object_ref (store);
  self->outbox = g_object_ref (outbox);
  self->display = phone_display_new ();
  return self;
}

void
phone_engine_start (PhoneEngine *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PHONE_IS_ENGINE (self));
  g_return_if_fail (!self->started);

  if (!phone_call_check_table (&error))
    g_error ("call table: %s", error->message);
  self->started = TRUE;
  phone_history_load (self);
  phone_sound_start (self);
  phone_accounts_apply (self);
  if (!phone_accounts_any_enabled (self) && !phone_engine_bool (self, PRACTICE))
    phone_page_message_open_welcome (self);
  phone_engine_note_activity (self);
  g_signal_connect (self->settings, "changed", G_CALLBACK (on_setting_changed), self);
  phone_event_queue_set_handler (self->queue, on_event, on_drained, self);
  on_drained (self->queue, self);
}

PhoneDisplay *
phone_engine_get_display (PhoneEngine *self)
{
  g_return_val_if_fail (PHONE_IS_ENGINE (self), NULL);

  return self->display;
}

PhoneSettings *
phone_engine_get_settings (PhoneEngine *self)
{
  g_return_val_if_fail (PHONE_IS_ENGINE (self), NULL);

  return self->settings;
}

const PhoneModel *
phone_engine_get_model (PhoneEngine *self)
{
  g_return_val_if_fail (PHONE_IS_ENGINE (self), NULL);

  return self->model;
}

static void
post_key (PhoneEngine *self,
          PhoneKey     key,
          int          down)
{
  PhoneEvent event = { .type = PHONE_EVENT_KEY, .key = key, .value = down };

  phone_event_queue_post (self->queue, &event);
}

void
phone_engine_press (PhoneEngine *self,
                    PhoneKey     key)
{
  g_return_if_fail (PHONE_IS_ENGINE (self));

  post_key (self, key, 1);
}

void
phone_engine_release (PhoneEngine *self,
                      PhoneKey     key)
{
  g_return_if_fail (PHONE_IS_ENGINE (self));

  post_key (self, key, 0);
}

void
phone_engine_click (PhoneEngine *self,
                    PhoneKey     key)
{
  g_return_if_fail (PHONE_IS_ENGINE (self));

  post_key (self, key, 1);
  post_key (self, key, 0);
}

void
phone_engine_type_text (PhoneEngine *self,
                        const char  *text)
{
  PhoneEvent event = { .type = PHONE_EVENT_TEXT, .text = (char *) text };

  g_return_if_fail (PHONE_IS_ENGINE (self));
  g_return_if_fail (text != NULL);

  phone_event_queue_post (self->queue, &event);
}

void
phone_engine_set_hook (PhoneEngine *self,
                       gboolean     off_hook)
{
  PhoneEvent event = { .type = PHONE_EVENT_HOOK, .value = off_hook ? 1 : 0 };

  g_return_if_fail (PHONE_IS_ENGINE (self));

  phone_event_queue_post (self->queue, &event);
}

gboolean
phone_engine_run_command (PhoneEngine  *self,
                          const char   *line,
                          GError      **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_COMMAND, .text = (char *) line };

  g_return_val_if_fail (PHONE_IS_ENGINE (self), FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  if (!phone_commands_check (self, line, error))
    return FALSE;
  g_clear_error (&self->command_error);
  phone_event_queue_post (self->queue, &event);
  if (self->command_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->command_error));
  return FALSE;
}
