/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "scenario.h"

static void
on_stopped (PhoneEngine *engine,
            gpointer     user_data)
{
  Phone *self = user_data;

  g_assert_false (self->stopped);
  self->stopped = TRUE;
}

Phone *
phone_fixture_new (void)
{
  Phone *self = g_new0 (Phone, 1);
  g_autoptr (PhoneModel) model = phone_model_new_default ();

  self->queue = phone_event_queue_new ();
  self->settings = phone_settings_new ();
  self->ports = fake_ports_new (self->queue);
  self->engine = phone_engine_new (self->queue, self->settings, model, PHONE_SIGNALING (self->ports),
                                   PHONE_AUDIO (self->ports), PHONE_CLOCK (self->ports), PHONE_STORE (self->ports),
                                   PHONE_OUTBOX (self->ports));
  g_signal_connect (self->engine, "stopped", G_CALLBACK (on_stopped), self);
  return self;
}

void
phone_fixture_start (Phone *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  phone_engine_start (self->engine);
}

void
phone_fixture_free (Phone *self)
{
  g_assert_finalize_object (self->engine);
  g_assert_finalize_object (self->ports);
  g_assert_finalize_object (self->settings);
  g_assert_finalize_object (self->queue);
  g_free (self);
}

static void
set (Phone          *self,
     PhoneSettingId  id,
     guint           x,
     guint           y,
     const char     *text)
{
  g_autoptr (GError) error = NULL;

  phone_settings_set (self->settings, PHONE_LAYER_PHONE, id, x, y, text, &error);
  g_assert_no_error (error);
}

void
phone_fixture_add_account (Phone      *self,
                           guint       account,
                           const char *user)
{
  set (self, PHONE_SETTING_ACCOUNT_ENABLE, account, 0, "1");
  set (self, PHONE_SETTING_ACCOUNT_USER_NAME, account, 0, user);
  set (self, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, account, 1, "pbx.example");
}

void
phone_fixture_post_account (Phone      *self,
                            guint       account,
                            int         state,
                            guint       status,
                            const char *reason)
{
  PhoneEvent event = {
    .type = PHONE_EVENT_ACCOUNT,
    .account = account,
    .value = state,
    .status = status,
    .text = (char *) reason,
  };

  phone_event_queue_post (self->queue, &event);
}

static void
check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

/**
 * phone_fixture_check:
 * What holds of every display, whatever happened before.
 */
void
phone_fixture_check (Phone *self)
{
  PhoneDisplay *display = phone_engine_get_display (self->engine);
  guint n_focused = 0;
  guint n_selected = 0;

  g_assert_nonnull (display);
  check_text (display->page);
  check_text (display->title);
  check_text (display->account);
  check_text (display->time);
  check_text (display->notice);
  check_text (display->edit_text);
  check_text (display->popup);
  g_assert_cmpuint (display->edit_cursor, <=, g_utf8_strlen (display->edit_text, -1));
  g_assert_cmpint (display->volume, >=, -1);
  g_assert_cmpint (display->volume, <=, 15);
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    check_text (display->softkeys[i]);
  for (guint i = 0; i < display->rows->len; i++)
    {
      const PhoneDisplayRow *row = display->rows->pdata[i];

      check_text (row->text);
      check_text (row->value);
      n_selected += row->selected ? 1 : 0;
    }
  g_assert_cmpuint (n_selected, <=, 1);
  for (guint i = 0; i < display->calls->len; i++)
    {
      const PhoneDisplayCall *call = display->calls->pdata[i];

      check_text (call->state);
      check_text (call->name);
      g_assert_cmpstr (call->state, !=, "");
      g_assert_cmpstr (call->name, !=, "");
      g_assert_cmpuint (call->position, ==, i + 1);
      n_focused += call->focused ? 1 : 0;
    }
  g_assert_cmpuint (n_focused, ==, display->calls->len > 0 ? 1 : 0);
  if (display->layout == PHONE_LAYOUT_CALL)
    g_assert_cmpuint (display->calls->len, >, 0);
  g_assert_cmpuint (display->lines->len, ==, phone_engine_get_model (self->engine)->n_line_keys);
}

/**
 * phone_fixture_dump:
 * Returns: (transfer full): the LCD as text, with soft keys and lit lamps
 */
char *
phone_fixture_dump (Phone *self)
{
  PhoneDisplay *display = phone_engine_get_display (self->engine);
  g_auto (GStrv) rows = phone_display_dup_text (display);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "page %s\n", display->page);
  for (guint i = 0; rows[i] != NULL; i++)
    g_string_append_printf (text, "  | %s\n", rows[i]);
  g_string_append_printf (text, "  soft %s|%s|%s|%s\n", display->softkeys[0], display->softkeys[1],
                          display->softkeys[2], display->softkeys[3]);
  for (guint i = 0; i < display->lamps->len; i++)
    {
      const PhoneDisplayLamp *lamp = display->lamps->pdata[i];

      if (lamp->colour != PHONE_LAMP_OFF)
        g_string_append_printf (text, "  lamp %s %s %s\n", phone_key_to_id (lamp->key),
                                phone_lamp_colour_to_string (lamp->colour), phone_blink_to_string (lamp->blink));
    }
  for (guint i = self->ports->n_read; i < self->ports->log->len; i++)
    g_string_append_printf (text, "  port %s\n", (char *) self->ports->log->pdata[i]);
  return g_string_free (text, FALSE);
}
