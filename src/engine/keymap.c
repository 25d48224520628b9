/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "keymap.h"

#include "commands.h"
#include "screen.h"
#include "tones.h"

#include <string.h>

/* What a key means when the page that is shown does not take it. */
static const struct {
  PhoneKey    key;
  const char *page;      /* NULL = on every page */
  const char *command;
} rows[] = {
  { PHONE_KEY_SPEAKER, NULL, "speaker" },
  { PHONE_KEY_HEADSET, NULL, "headset" },
  { PHONE_KEY_MUTE, NULL, "mute" },
  { PHONE_KEY_MSG, NULL, "message" },
  { PHONE_KEY_RD, NULL, "redial" },
  { PHONE_KEY_F_HOLD, NULL, "toggle-hold" },
  { PHONE_KEY_F_TRANSFER, "idle", "forward-always" },   /* a programmable key at its default, too */
  { PHONE_KEY_F_TRANSFER, NULL, "transfer" },
  { PHONE_KEY_F_CONFERENCE, NULL, "conference" },
  { PHONE_KEY_VOLUME_UP, NULL, "volume +1" },
  { PHONE_KEY_VOLUME_DOWN, NULL, "volume -1" },
  /* programmable keys at their defaults (guide: programmable keys): only at idle */
  { PHONE_KEY_UP, "idle", "history" },
  { PHONE_KEY_DOWN, "idle", "directory" },
  { PHONE_KEY_LEFT, "idle", "account -1" },
  { PHONE_KEY_RIGHT, "idle", "account +1" },
  { PHONE_KEY_OK, "idle", "status" },
};

/* Keys that do nothing in the present state stay silent, as on the phone; these say why. */
static gboolean
explains_refusal (PhoneKey key)
{
  return key == PHONE_KEY_MSG || key == PHONE_KEY_RD;
}

static void
run (PhoneEngine *engine,
     PhoneKey     key,
     const char  *command)
{
  g_autoptr (GError) error = NULL;

  if (phone_commands_run (engine, command, &error))
    return;
  if (explains_refusal (key))
    phone_engine_say (engine, error->message);
  else
    g_debug ("key %s: %s", phone_key_to_id (key), error->message);
}

/**
 * phone_keymap_press:
 * @key: a key that goes down
 *
 * Key tone, then the page that is shown, then the table of this file.
 */
void
phone_keymap_press (PhoneEngine *engine,
                    PhoneKey     key)
{
  const char *page = phone_screen_get_top (engine)->klass->name;
  g_autofree char *line = NULL;

  phone_tones_click (engine, key);
  if (phone_screen_press (engine, key))
    return;
  if (key >= PHONE_KEY_L1 && key < PHONE_KEY_L1 + (int) engine->model->n_line_keys)
    line = g_strdup_printf ("line %d", key - PHONE_KEY_L1 + 1);
  else if (key >= PHONE_KEY_D1)
    line = g_strdup_printf ("memory %d", key - PHONE_KEY_D1 + 1);
  if (line != NULL)
    {
      run (engine, key, line);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].key == key && (rows[i].page == NULL || strcmp (rows[i].page, page) == 0))
      {
        run (engine, key, rows[i].command);
        return;
      }
}
