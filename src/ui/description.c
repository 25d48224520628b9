/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "description.h"
#include "texts.h"

#include <string.h>

static const char *const icon_words[PHONE_N_ICONS] = {
  [PHONE_ICON_LINE_OFF] = N_ ("line not in use"),
  [PHONE_ICON_LINE_REGISTERING] = N_ ("line registering"),
  [PHONE_ICON_LINE_REGISTERED] = N_ ("line registered"),
  [PHONE_ICON_LINE_FAILED] = N_ ("registration failed"),
  [PHONE_ICON_LINE_CALLING] = N_ ("calling"),
  [PHONE_ICON_LINE_RINGING] = N_ ("ringing"),
  [PHONE_ICON_LINE_TALKING] = N_ ("talking"),
  [PHONE_ICON_LINE_HELD] = N_ ("on hold"),
  [PHONE_ICON_SPEED_DIAL] = N_ ("speed dial"),
};

static void
add_phrase (GString *sentence,
            const char *phrase)
{
  if (!phrase || phrase[0] == '\0')
    return;
  if (sentence->len > 0)
    g_string_append (sentence, ", ");
  g_string_append (sentence, phrase);
}

static const char *
get_lamp_words (const PhoneDisplay *display,
                PhoneKey key)
{
  const PhoneDisplayLamp *lamp = phone_display_get_lamp (display, key);

  return lamp ? phone_lamp_get_words (lamp->colour, lamp->blink) : phone_lamp_get_words (PHONE_LAMP_OFF, PHONE_BLINK_STEADY);
}

char *
phone_describe_key (const PhoneDisplay *display,
                    PhoneKey key,
                    gboolean has_lamp)
{
  g_autoptr (GString) sentence = g_string_new (NULL);

  g_return_val_if_fail (display != NULL, NULL);

  if (key >= PHONE_KEY_F1 && key <= PHONE_KEY_F4)
    add_phrase (sentence, display->softkeys[key - PHONE_KEY_F1]);

  if (key >= PHONE_KEY_L1 && key < PHONE_KEY_L1 + display->lines->len)
    {
      const PhoneDisplayLine *line = g_ptr_array_index (display->lines, key - PHONE_KEY_L1);

      add_phrase (sentence, line->label);
      if (line->icon < PHONE_N_ICONS && icon_words[line->icon])
        add_phrase (sentence, _ (icon_words[line->icon]));
    }

  if (has_lamp)
    add_phrase (sentence, get_lamp_words (display, key));

  return g_string_free (g_steal_pointer (&sentence), FALSE);
}

static const PhoneDisplayCall *
find_call (const PhoneDisplay *display,
           guint id)
{
  for (guint i = 0; i < display->calls->len; i++)
    {
      const PhoneDisplayCall *call = g_ptr_array_index (display->calls, i);

      if (call->call == id)
        return call;
    }

  return NULL;
}

static void
add_calls (GString *sentence,
           const PhoneDisplay *before,
           const PhoneDisplay *now)
{
  for (guint i = 0; i < now->calls->len; i++)
    {
      const PhoneDisplayCall *call = g_ptr_array_index (now->calls, i);
      const PhoneDisplayCall *was = find_call (before, call->call);

      if (was && g_str_equal (was->state, call->state) && g_str_equal (was->name, call->name) &&
          g_str_equal (was->number, call->number) && was->focused == call->focused)
        continue;

      add_phrase (sentence, call->state);
      add_phrase (sentence, call->name);
      add_phrase (sentence, call->number);
      add_phrase (sentence, call->forwarded);
    }
}

static const PhoneDisplayRow *
find_selected (const PhoneDisplay *display)
{
  for (guint i = 0; i < display->rows->len; i++)
    {
      const PhoneDisplayRow *row = g_ptr_array_index (display->rows, i);

      if (row->selected)
        return row;
    }

  return NULL;
}

static void
add_selected (GString *sentence,
              const PhoneDisplay *before,
              const PhoneDisplay *now,
              gboolean same_page)
{
  const PhoneDisplayRow *row = find_selected (now);
  const PhoneDisplayRow *was = same_page ? find_selected (before) : NULL;

  if (!row || (was && g_str_equal (was->text, row->text) && g_str_equal (was->value, row->value)))
    return;

  add_phrase (sentence, row->text);
  add_phrase (sentence, row->value);
}

/* One character typed is echoed alone; a cleared or replaced text is read as a whole. */
static void
add_typed (GString *sentence,
           const PhoneDisplay *before,
           const PhoneDisplay *now)
{
  gsize length = strlen (before->edit_text);

  if (g_str_equal (before->edit_text, now->edit_text))
    return;

  if (g_str_has_prefix (now->edit_text, before->edit_text) && g_utf8_strlen (now->edit_text + length, -1) == 1)
    add_phrase (sentence, now->edit_text + length);
  else
    add_phrase (sentence, now->edit_text);
}

static void
add_status (GString *sentence,
            const PhoneDisplay *before,
            const PhoneDisplay *now)
{
  PhoneStatusIcons changed = before->icons ^ now->icons;

  if (changed & PHONE_STATUS_MUTED)
    add_phrase (sentence, now->icons & PHONE_STATUS_MUTED ? _ ("microphone muted") : _ ("microphone on"));
  if (changed & now->icons & PHONE_STATUS_HANDSET)
    add_phrase (sentence, _ ("handset"));
  if (changed & now->icons & PHONE_STATUS_HEADSET)
    add_phrase (sentence, _ ("headset"));
  if (changed & now->icons & PHONE_STATUS_HANDS_FREE)
    add_phrase (sentence, _ ("speaker"));

  if (now->volume >= 0 && (now->volume != before->volume || !g_str_equal (now->volume_label, before->volume_label)))
    {
      g_autofree char *level = g_strdup_printf ("%s %d", now->volume_label, now->volume);

      add_phrase (sentence, level);
    }
}

char *
phone_describe_change (const PhoneDisplay *before,
                       const PhoneDisplay *now)
{
  g_autoptr (PhoneDisplay) nothing = NULL;
  g_autoptr (GString) sentence = g_string_new (NULL);
  gboolean same_page;

  g_return_val_if_fail (now != NULL, NULL);

  if (!before)
    before = nothing = phone_display_new ();

  same_page = before->layout == now->layout && g_str_equal (before->page, now->page) &&
              g_str_equal (before->title, now->title);
  if (!same_page)
    add_phrase (sentence, now->title);
  add_calls (sentence, before, now);
  add_selected (sentence, before, now, same_page);
  if (same_page)
    add_typed (sentence, before, now);
  if (!g_str_equal (before->notice, now->notice))
    add_phrase (sentence, now->notice);
  if (!g_str_equal (before->popup, now->popup))
    add_phrase (sentence, now->popup);
  add_status (sentence, before, now);

  if (sentence->len == 0)
    return NULL;

  return g_string_free (g_steal_pointer (&sentence), FALSE);
}
