/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-json.h"

#include <json-glib/json-glib.h>

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  g_autofree char *valid = g_utf8_make_valid (value ? value : "", -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_bool (JsonBuilder *builder,
          const char  *name,
          gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
begin_array (JsonBuilder *builder,
             const char  *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

/* Adds the members of one item to the object that is open. */
typedef void (*AddFunc) (JsonBuilder   *builder,
                         gconstpointer  item);

static void
add_list (JsonBuilder *builder,
          const char  *name,
          GPtrArray   *items,
          AddFunc      add)
{
  begin_array (builder, name);
  for (guint i = 0; i < items->len; i++)
    {
      json_builder_begin_object (builder);
      add (builder, g_ptr_array_index (items, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static JsonBuilder *
begin_answer (guint64 seq)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_int (builder, "schema", PHONE_CONTROL_SCHEMA);
  add_int (builder, "seq", (gint64) seq);

  return builder;
}

static char *
to_text (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static void
add_row (JsonBuilder   *builder,
         gconstpointer  item)
{
  const PhoneDisplayRow *row = item;

  add_string (builder, "text", row->text);
  add_string (builder, "value", row->value);
  add_string (builder, "icon", phone_icon_to_string (row->icon));
  add_bool (builder, "selected", row->selected);
}

static void
add_card (JsonBuilder   *builder,
          gconstpointer  item)
{
  const PhoneDisplayCall *card = item;

  add_int (builder, "call", card->call);
  add_string (builder, "state", card->state);
  add_string (builder, "name", card->name);
  add_string (builder, "number", card->number);
  add_string (builder, "duration", card->duration);
  add_string (builder, "account", card->account);
  add_string (builder, "forwarded", card->forwarded);
  add_int (builder, "position", card->position);
  add_bool (builder, "focused", card->focused);
  add_bool (builder, "incoming", card->incoming);
  add_bool (builder, "held", card->held);
  add_bool (builder, "far_held", card->far_held);
  add_bool (builder, "wideband", card->wideband);
  add_bool (builder, "failed", card->failed);
}

static void
add_line (JsonBuilder   *builder,
          gconstpointer  item)
{
  const PhoneDisplayLine *line = item;

  add_string (builder, "label", line->label);
  add_string (builder, "icon", phone_icon_to_string (line->icon));
  add_bool (builder, "default", line->is_default);
}

static void
add_lamps (JsonBuilder        *builder,
           const PhoneDisplay *display,
           gboolean            only_lit)
{
  begin_array (builder, "lamps");
  for (guint i = 0; i < display->lamps->len; i++)
    {
      const PhoneDisplayLamp *lamp = g_ptr_array_index (display->lamps, i);

      if (only_lit && lamp->colour == PHONE_LAMP_OFF)
        continue;
      json_builder_begin_object (builder);
      add_string (builder, "key", lamp->key == PHONE_KEY_POWER ? "POWER" : phone_key_to_id (lamp->key));
      add_string (builder, "colour", phone_lamp_colour_to_string (lamp->colour));
      add_string (builder, "blink", phone_blink_to_string (lamp->blink));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_texts (JsonBuilder        *builder,
           const PhoneDisplay *display)
{
  g_auto (GStrv) texts = phone_display_dup_text (display);

  begin_array (builder, "text");
  for (guint i = 0; texts[i]; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (texts[i], -1);

      json_builder_add_string_value (builder, valid);
    }
  json_builder_end_array (builder);
  begin_array (builder, "softkeys");
  for (guint i = 0; i < PHONE_SOFT_KEYS; i++)
    json_builder_add_string_value (builder, display->softkeys[i] ? display->softkeys[i] : "");
  json_builder_end_array (builder);
}

static void
add_icons (JsonBuilder        *builder,
           const PhoneDisplay *display)
{
  begin_array (builder, "icons");
  for (guint bit = 0; bit < 31; bit++)
    if (display->icons & (1u << bit))
      json_builder_add_string_value (builder, phone_status_icon_to_string (1u << bit));
  json_builder_end_array (builder);
}

static void
add_edit (JsonBuilder        *builder,
          const PhoneDisplay *display)
{
  json_builder_set_member_name (builder, "edit");
  json_builder_begin_object (builder);
  add_string (builder, "text", display->edit_text);
  add_int (builder, "cursor", display->edit_cursor);
  add_string (builder, "mode", display->edit_mode);
  add_string (builder, "hint", display->edit_hint);
  json_builder_end_object (builder);
}

char *
phone_control_json_display (const PhoneDisplay *display,
                            guint64             seq)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (display != NULL, NULL);

  builder = begin_answer (seq);
  add_string (builder, "layout", phone_layout_to_string (display->layout));
  add_string (builder, "page", display->page);
  add_texts (builder, display);
  add_string (builder, "account", display->account);
  add_string (builder, "title", display->title);
  add_string (builder, "time", display->time);
  add_string (builder, "date", display->date);
  add_string (builder, "notice", display->notice);
  add_string (builder, "popup", display->popup);
  add_icons (builder, display);
  add_edit (builder, display);
  add_list (builder, "rows", display->rows, add_row);
  add_list (builder, "calls", display->calls, add_card);
  add_list (builder, "lines", display->lines, add_line);
  add_lamps (builder, display, FALSE);
  add_int (builder, "volume", display->volume);
  add_string (builder, "volume_label", display->volume_label);
  add_bool (builder, "off_hook", display->off_hook);
  add_bool (builder, "backlight", display->backlight);
  json_builder_end_object (builder);

  return to_text (builder);
}

char *
phone_control_json_lamps (const PhoneDisplay *display,
                          guint64             seq)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (display != NULL, NULL);

  builder = begin_answer (seq);
  add_lamps (builder, display, FALSE);
  json_builder_end_object (builder);

  return to_text (builder);
}

static const char *
origin_to_string (PhoneCallOrigin origin)
{
  return origin == PHONE_CALL_OUTGOING ? "outgoing" : "incoming";
}

static void
add_quality (JsonBuilder            *builder,
             const PhoneCallQuality *quality)
{
  PhoneCallScore score = phone_call_quality_score (quality);

  json_builder_set_member_name (builder, "quality");
  json_builder_begin_object (builder);
  add_int (builder, "mos_lq", score.listening);
  add_int (builder, "mos_cq", score.conversation);
  add_int (builder, "remote_mos_lq", score.remote_listening);
  add_int (builder, "loss_permille", score.loss_permille);
  add_int (builder, "one_way_ms", score.one_way_ms);
  add_int (builder, "received", (gint64) quality->received);
  add_int (builder, "lost", quality->lost);
  add_int (builder, "late", quality->late);
  add_int (builder, "jitter_us", quality->jitter_us);
  add_int (builder, "buffer_us", quality->buffer_us);
  add_int (builder, "buffer_max_us", quality->buffer_max_us);
  add_int (builder, "round_trip_us", quality->round_trip_us);
  add_int (builder, "sent", (gint64) quality->sent);
  add_int (builder, "remote_lost", quality->remote_lost);
  add_int (builder, "remote_jitter_us", quality->remote_jitter_us);
  add_int (builder, "concealed_ms", quality->concealed_ms);
  add_int (builder, "refused", (gint64) quality->refused);
  json_builder_end_object (builder);
}

static void
add_call (JsonBuilder   *builder,
          gconstpointer  item)
{
  const PhoneCallInfo *info = item;

  add_int (builder, "call", info->call);
  add_int (builder, "account", info->account);
  add_string (builder, "origin", origin_to_string (info->origin));
  add_string (builder, "state", phone_call_state_to_string (info->state));
  add_string (builder, "number", info->number);
  add_string (builder, "name", info->name);
  add_string (builder, "codec", info->codec);
  add_int (builder, "duration_s", info->duration_s);
  add_int (builder, "line_key", info->line_key);
  add_int (builder, "status", info->status);
  add_bool (builder, "focused", info->focused);
  add_bool (builder, "far_held", info->far_held);
  add_bool (builder, "flowing", info->flowing);
  add_bool (builder, "encrypted", info->encrypted);
  add_quality (builder, &info->quality);
}

char *
phone_control_json_calls (GPtrArray *calls,
                          guint64    seq)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (calls != NULL, NULL);

  builder = begin_answer (seq);
  add_list (builder, "calls", calls, add_call);
  json_builder_end_object (builder);

  return to_text (builder);
}

static void
add_account (JsonBuilder   *builder,
             gconstpointer  item)
{
  const PhoneAccountInfo *info = item;

  add_int (builder, "account", info->account);
  add_string (builder, "state", phone_account_state_to_string (info->state));
  add_int (builder, "status", info->status);
  add_string (builder, "reason", info->reason);
  add_string (builder, "label", info->label);
  add_string (builder, "user_name", info->user_name);
  add_string (builder, "server", info->server);
}

char *
phone_control_json_accounts (GPtrArray *accounts,
                             guint64    seq)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (accounts != NULL, NULL);

  builder = begin_answer (seq);
  add_list (builder, "accounts", accounts, add_account);
  json_builder_end_object (builder);

  return to_text (builder);
}

char *
phone_control_json_counts (const PhoneCounts *counts,
                           guint64            seq)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (counts != NULL, NULL);

  builder = begin_answer (seq);
  add_int (builder, "calls", counts->n_calls);
  add_int (builder, "dialogs", counts->n_dialogs);
  add_int (builder, "handles", counts->n_handles);
  add_int (builder, "streams", counts->n_streams);
  json_builder_end_object (builder);

  return to_text (builder);
}

/* What `state` means depends on the kind. */
static const char *
notice_state_to_string (const PhoneNotice *notice)
{
  if (notice->kind == PHONE_NOTICE_ACCOUNT)
    return phone_account_state_to_string (notice->state);
  if (notice->kind == PHONE_NOTICE_CALL)
    return phone_call_state_to_string (notice->state);
  if (notice->kind == PHONE_NOTICE_DND || notice->kind == PHONE_NOTICE_FORWARD)
    return notice->state ? "on" : "off";

  return NULL;
}

/* Members that say nothing are left out of events: there are many of them. */
static void
add_notice (JsonBuilder       *builder,
            const PhoneNotice *notice)
{
  const char *state = notice_state_to_string (notice);

  add_string (builder, "kind", phone_notice_kind_to_string (notice->kind));
  if (notice->call)
    add_int (builder, "call", notice->call);
  if (notice->account || notice->kind == PHONE_NOTICE_CALL)
    add_int (builder, "account", notice->account);
  if (state)
    add_string (builder, "state", state);
  if (notice->status)
    add_int (builder, "status", notice->status);
  if (notice->number[0])
    add_string (builder, "number", notice->number);
  if (notice->name[0])
    add_string (builder, "name", notice->name);
  if (notice->text[0])
    add_string (builder, "text", notice->text);
}

static void
add_event (JsonBuilder             *builder,
           const PhoneControlEvent *event)
{
  json_builder_begin_object (builder);
  add_int (builder, "schema", PHONE_CONTROL_SCHEMA);
  add_int (builder, "seq", (gint64) event->seq);
  add_int (builder, "time_us", event->time_us);
  if (event->display)
    {
      add_string (builder, "kind", "display");
      add_string (builder, "page", event->display->page);
      add_texts (builder, event->display);
      add_lamps (builder, event->display, TRUE);
    }
  else
    add_notice (builder, &event->notice);
  json_builder_end_object (builder);
}

char *
phone_control_json_event (const PhoneControlEvent *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (event != NULL, NULL);

  add_event (builder, event);
  return to_text (builder);
}

char *
phone_control_json_events (GPtrArray *events)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (events != NULL, NULL);

  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    add_event (builder, g_ptr_array_index (events, i));
  json_builder_end_array (builder);

  return to_text (builder);
}

char *
phone_control_json_wait (gboolean                 met,
                         guint64                  seq,
                         guint64                  lost,
                         const PhoneControlEvent *event)
{
  g_autoptr (JsonBuilder) builder = begin_answer (seq);

  add_bool (builder, "met", met);
  add_int (builder, "lost", (gint64) lost);
  if (event)
    {
      json_builder_set_member_name (builder, "event");
      add_event (builder, event);
    }
  json_builder_end_object (builder);

  return to_text (builder);
}
