/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "settings-list.h"
#include "texts.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* The settings table for people and for programs. A password is never told, only whether there is one. */

#define LIST_VERSION 1

static const char *const type_names[] = {
  [PHONE_SETTING_BOOL] = "bool", [PHONE_SETTING_INT] = "int",       [PHONE_SETTING_ENUM] = "enum",
  [PHONE_SETTING_TEXT] = "text", [PHONE_SETTING_SECRET] = "secret",
};

static PhoneLayer
strongest_layer (PhoneSettings *settings,
                 PhoneSettingId id,
                 guint x,
                 guint y)
{
  for (guint layer = PHONE_LAYER_LOCAL; layer > PHONE_LAYER_FACTORY; layer--)
    if (phone_settings_peek_layer (settings, (PhoneLayer) layer, id, x, y) != NULL)
      return (PhoneLayer) layer;
  return PHONE_LAYER_FACTORY;
}

typedef void (*PlaceFunc) (PhoneSettings *settings, const PhoneSettingInfo *info, guint x, guint y, gpointer user_data);

/* Calls @func for each place of @info that some layer has a value for. */
static void
foreach_set_place (PhoneSettings *settings,
                   const PhoneSettingInfo *info,
                   PlaceFunc func,
                   gpointer user_data)
{
  for (guint x = MIN (info->max_x, 1); x <= info->max_x; x++)
    for (guint y = MIN (info->max_y, 1); y <= info->max_y; y++)
      if (strongest_layer (settings, info->id, x, y) != PHONE_LAYER_FACTORY)
        func (settings, info, x, y, user_data);
}

static char *
describe_values (const PhoneSettingInfo *info)
{
  switch (info->type)
    {
    case PHONE_SETTING_BOOL:
      return g_strdup ("0 1");
    case PHONE_SETTING_ENUM:
      return g_strdup (info->choices);
    case PHONE_SETTING_INT:
      return g_strdup_printf ("%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT, info->minimum, info->maximum);
    case PHONE_SETTING_TEXT:
    case PHONE_SETTING_SECRET:
      break;
    }
  if (info->choices[0] != '\0')
    return g_strdup (info->choices);
  return g_strdup_printf ("≤ %" G_GINT64_FORMAT " bytes", info->maximum);
}

static void
print_place (PhoneSettings *settings,
             const PhoneSettingInfo *info,
             guint x,
             guint y,
             gpointer user_data)
{
  g_autofree char *key = phone_setting_format_key (info->id, x, y);
  const char *value = phone_settings_get_string (settings, info->id, x, y);
  const char *layer = phone_layer_to_string (strongest_layer (settings, info->id, x, y));

  if (info->type == PHONE_SETTING_SECRET)
    value = value[0] != '\0' ? "********" : "";
  g_string_append_printf (user_data, "    %s = %s  (%s)\n", key, value, layer);
}

static void
print_setting (PhoneSettings *settings,
               const PhoneSettingInfo *info,
               GString *text)
{
  g_autofree char *values = describe_values (info);

  g_string_append (text, info->key);
  if (info->max_y > 0)
    g_string_append_printf (text, "  (X 1…%u, Y 1…%u)", info->max_x, info->max_y);
  else if (info->max_x > 0)
    g_string_append_printf (text, "  (X 1…%u)", info->max_x);
  g_string_append_printf (text, "\n    %s\n    %s: %s; default: %s%s\n", _ (info->help), type_names[info->type], values,
                          info->fallback[0] != '\0' ? info->fallback : "–", info->restart ? "; restart" : "");
  if (info->aliases[0] != '\0')
    g_string_append_printf (text, "    = %s\n", info->aliases);
  foreach_set_place (settings, info, print_place, text);
}

/**
 * phone_settings_list_to_text:
 *
 * Returns: (transfer full): each row of the table with its range, default and help, and the values that are not the
 *   factory's; passwords are masked
 */
char *
phone_settings_list_to_text (PhoneSettings *settings)
{
  GString *text;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);

  text = g_string_new (NULL);
  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    print_setting (settings, phone_setting_get_info ((PhoneSettingId) id), text);
  return g_string_free (text, FALSE);
}

static void
add_text (JsonBuilder *builder,
          const char *name,
          const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_number (JsonBuilder *builder,
            const char *name,
            gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_words (JsonBuilder *builder,
           const char *name,
           const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; list[i] != NULL; i++)
    if (list[i][0] != '\0')
      json_builder_add_string_value (builder, list[i]);
  json_builder_end_array (builder);
}

static void
add_place (PhoneSettings *settings,
           const PhoneSettingInfo *info,
           guint x,
           guint y,
           gpointer user_data)
{
  JsonBuilder *builder = user_data;
  g_autofree char *key = phone_setting_format_key (info->id, x, y);

  json_builder_begin_object (builder);
  add_text (builder, "key", key);
  add_text (builder, "layer", phone_layer_to_string (strongest_layer (settings, info->id, x, y)));
  if (info->type != PHONE_SETTING_SECRET)
    add_text (builder, "value", phone_settings_get_string (settings, info->id, x, y));
  json_builder_end_object (builder);
}

static void
add_setting (JsonBuilder *builder,
             PhoneSettings *settings,
             const PhoneSettingInfo *info)
{
  json_builder_begin_object (builder);
  add_text (builder, "key", info->key);
  add_words (builder, "aliases", info->aliases);
  add_text (builder, "type", type_names[info->type]);
  add_number (builder, "max_x", info->max_x);
  add_number (builder, "max_y", info->max_y);
  if (info->type == PHONE_SETTING_INT)
    {
      add_number (builder, "minimum", info->minimum);
      add_number (builder, "maximum", info->maximum);
    }
  else if (info->type == PHONE_SETTING_TEXT || info->type == PHONE_SETTING_SECRET)
    add_number (builder, "max_bytes", info->maximum);
  add_words (builder, "choices", info->type == PHONE_SETTING_BOOL ? "0 1" : info->choices);
  add_text (builder, "default", info->fallback);
  json_builder_set_member_name (builder, "restart");
  json_builder_add_boolean_value (builder, info->restart);
  add_text (builder, "help", _ (info->help));
  json_builder_set_member_name (builder, "values");
  json_builder_begin_array (builder);
  foreach_set_place (settings, info, add_place, builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * phone_settings_list_to_json:
 *
 * Returns: (transfer full): `{ "version": 1, "settings": [ … ] }` with what phone_settings_list_to_text() says; a password
 *   that is set has an entry without "value"
 */
char *
phone_settings_list_to_json (PhoneSettings *settings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);

  json_builder_begin_object (builder);
  add_number (builder, "version", LIST_VERSION);
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_array (builder);
  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    add_setting (builder, settings, phone_setting_get_info ((PhoneSettingId) id));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}
