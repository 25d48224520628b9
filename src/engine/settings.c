/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "settings.h"

#include "texts.h"
#include "tone-script.h"
#include "types.h"

#include <string.h>

static const PhoneSettingInfo setting_table[PHONE_N_SETTINGS] = {
#define SETTING(id_, key_, aliases_, type_, max_x_, max_y_, minimum_, maximum_, choices_, fallback_, restart_, help_)   \
  [PHONE_SETTING_##id_] = {                                                                                             \
    .id = PHONE_SETTING_##id_,                                                                                          \
    .key = key_,                                                                                                        \
    .aliases = aliases_,                                                                                                \
    .type = PHONE_SETTING_##type_,                                                                                      \
    .max_x = max_x_,                                                                                                    \
    .max_y = max_y_,                                                                                                    \
    .minimum = minimum_,                                                                                                \
    .maximum = maximum_,                                                                                                \
    .choices = choices_,                                                                                                \
    .fallback = fallback_,                                                                                              \
    .restart = restart_,                                                                                                \
    .help = help_,                                                                                                      \
  },
#include "settings-table.inc"
#undef SETTING
};

/* Line keys beyond the accounts have no function until they are given one (guide: linekey.X.type). */
#define LINE_KEY_UNUSED "0"

#define MAX_SHOWN_LENGTH 100

struct _PhoneSettings
{
  GObject parent_instance;

  guint n_accounts;
  guint offsets[PHONE_N_SETTINGS]; /* where the values of a setting start in each layer */
  guint n_slots;
  char **layers[PHONE_N_LAYERS]; /* n_slots texts, NULL: the layer has no value; the factory layer has no array */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneSettings, phone_settings, G_TYPE_OBJECT)
G_DEFINE_QUARK (phone-settings-error-quark, phone_settings_error)

static guint
info_n_slots (const PhoneSettingInfo *info)
{
  return MAX (info->max_x, 1) * MAX (info->max_y, 1);
}

static gboolean
index_is_valid (const PhoneSettingInfo *info,
                guint x,
                guint y)
{
  gboolean x_fits = info->max_x == 0 ? x == 0 : x >= 1 && x <= info->max_x;
  gboolean y_fits = info->max_y == 0 ? y == 0 : y >= 1 && y <= info->max_y;

  return x_fits && y_fits;
}

static guint
slot_of (PhoneSettings *self,
         PhoneSettingId id,
         guint x,
         guint y)
{
  const PhoneSettingInfo *info = &setting_table[id];

  g_assert (index_is_valid (info, x, y));

  return self->offsets[id] + (x > 0 ? x - 1 : 0) * MAX (info->max_y, 1) + (y > 0 ? y - 1 : 0);
}

static const char *
factory_value (PhoneSettings *self,
               PhoneSettingId id,
               guint x)
{
  if (id == PHONE_SETTING_LINEKEY_TYPE && x > self->n_accounts)
    return LINE_KEY_UNUSED;
  return setting_table[id].fallback;
}

static const char *
value_in_force (PhoneSettings *self,
                PhoneSettingId id,
                guint x,
                guint y)
{
  guint slot = slot_of (self, id, x, y);

  for (guint layer = PHONE_N_LAYERS - 1; layer > PHONE_LAYER_FACTORY; layer--)
    if (self->layers[layer][slot] != NULL)
      return self->layers[layer][slot];
  return factory_value (self, id, x);
}

static void
phone_settings_finalize (GObject *object)
{
  PhoneSettings *self = PHONE_SETTINGS (object);

  for (guint layer = PHONE_LAYER_COMMON; layer < PHONE_N_LAYERS; layer++)
    {
      for (guint slot = 0; slot < self->n_slots; slot++)
        g_free (self->layers[layer][slot]);
      g_free (self->layers[layer]);
    }

  G_OBJECT_CLASS (phone_settings_parent_class)->finalize (object);
}

static void
phone_settings_class_init (PhoneSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_settings_finalize;

  /**
   * PhoneSettings::changed:
   * @key: the full canonical key
   * @layer: the #PhoneLayer that was written
   *
   * The value in force is another one than before.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
}

static void
phone_settings_init (PhoneSettings *self)
{
  self->n_accounts = PHONE_MAX_ACCOUNTS;
  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    {
      self->offsets[id] = self->n_slots;
      self->n_slots += info_n_slots (&setting_table[id]);
    }
  for (guint layer = PHONE_LAYER_COMMON; layer < PHONE_N_LAYERS; layer++)
    self->layers[layer] = g_new0 (char *, self->n_slots);
}

/**
 * phone_settings_new:
 * Returns: (transfer full): settings with factory values only
 */
PhoneSettings *
phone_settings_new (void)
{
  return g_object_new (PHONE_TYPE_SETTINGS, NULL);
}

void
phone_settings_set_n_accounts (PhoneSettings *self,
                               guint n_accounts)
{
  g_return_if_fail (PHONE_IS_SETTINGS (self));
  g_return_if_fail (n_accounts >= 1 && n_accounts <= PHONE_MAX_ACCOUNTS);

  self->n_accounts = n_accounts;
}

/**
 * phone_setting_get_info:
 * Returns: (transfer none): the row of the table; the help text is not translated yet
 */
const PhoneSettingInfo *
phone_setting_get_info (PhoneSettingId id)
{
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, NULL);

  return &setting_table[id];
}

/* The beginning of a text from outside, fit for a message: valid UTF-8, nothing a terminal would obey. */
static char *
dup_shown (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, MAX_SHOWN_LENGTH));
  GString *shown = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    g_string_append_unichar (shown, g_unichar_isprint (g_utf8_get_char (at)) ? g_utf8_get_char (at) : '?');
  return g_string_free (shown, FALSE);
}

/* Keys --------------------------------------------------------------------------------------------------------------- */

/* A key with its numbers taken out: "account.3.sip_server.1.port" is "account.X.sip_server.Y.port", 3, 1. */
typedef struct
{
  char *pattern;
  guint indices[2];
  guint n_indices;
} SplitKey;

#define MAX_KEY_LENGTH 200
#define MAX_INDEX_DIGITS 6

static gboolean
split_key (const char *key,
           SplitKey *split)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  g_auto (GStrv) parts = NULL;

  split->n_indices = 0;
  if (strnlen (key, MAX_KEY_LENGTH + 1) > MAX_KEY_LENGTH)
    return FALSE;
  parts = g_strsplit (key, ".", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gsize n_digits = strspn (parts[i], "0123456789");

      if (i > 0)
        g_string_append_c (pattern, '.');
      if (n_digits == 0 || parts[i][n_digits] != '\0')
        {
          g_string_append (pattern, parts[i]);
          continue;
        }
      if (split->n_indices == 2 || n_digits > MAX_INDEX_DIGITS)
        return FALSE;
      split->indices[split->n_indices] = (guint) g_ascii_strtoull (parts[i], NULL, 10);
      g_string_append_c (pattern, split->n_indices == 0 ? 'X' : 'Y');
      split->n_indices++;
    }
  split->pattern = g_string_free (g_steal_pointer (&pattern), FALSE);
  return TRUE;
}

/* Every spelling with its row; made once from the constant table. */
static GHashTable *
get_patterns (void)
{
  static GHashTable *patterns = NULL;

  if (g_once_init_enter (&patterns))
    {
      GHashTable *made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint id = 0; id < PHONE_N_SETTINGS; id++)
        {
          g_auto (GStrv) aliases = g_strsplit (setting_table[id].aliases, " ", -1);

          g_hash_table_insert (made, g_strdup (setting_table[id].key), GUINT_TO_POINTER (id));
          for (guint i = 0; aliases[i] != NULL; i++)
            if (aliases[i][0] != '\0')
              g_hash_table_insert (made, g_strdup (aliases[i]), GUINT_TO_POINTER (id));
        }
      g_once_init_leave (&patterns, made);
    }
  return patterns;
}

/* Firmware ages moved many keys below "static." and take the older spelling as well (guide: configuration files). */
static gboolean
lookup_pattern (const char *pattern,
                PhoneSettingId *id)
{
  GHashTable *patterns = get_patterns ();
  g_autofree char *with_static = NULL;
  gpointer value;

  if (!g_hash_table_lookup_extended (patterns, pattern, NULL, &value))
    {
      if (g_str_has_prefix (pattern, "static."))
        pattern += strlen ("static.");
      else
        pattern = with_static = g_strconcat ("static.", pattern, NULL);
      if (!g_hash_table_lookup_extended (patterns, pattern, NULL, &value))
        return FALSE;
    }
  *id = (PhoneSettingId) GPOINTER_TO_UINT (value);
  return TRUE;
}

gboolean
phone_setting_find (const char *key,
                    PhoneSettingId *id,
                    guint *x,
                    guint *y,
                    GError **error)
{
  g_autofree char *pattern = NULL;
  SplitKey split = { 0 };
  const PhoneSettingInfo *info;

  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (id != NULL && x != NULL && y != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!split_key (key, &split) || !lookup_pattern (pattern = split.pattern, id))
    {
      g_autofree char *shown = dup_shown (key);

      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_UNKNOWN_KEY, "there is no setting “%s”", shown);
      return FALSE;
    }

  info = &setting_table[*id];
  *x = split.n_indices > 0 ? split.indices[0] : 0;
  *y = split.n_indices > 1 ? split.indices[1] : 0;
  /* An older spelling has it for each account: it holds for all. */
  if (info->max_x == 0 && split.n_indices == 1 && split.indices[0] >= 1 && split.indices[0] <= PHONE_MAX_ACCOUNTS)
    *x = 0;
  /* Older spellings know one server only. */
  if (info->max_y > 0 && split.n_indices == 1)
    *y = 1;
  if (!index_is_valid (info, *x, *y))
    {
      gboolean x_is_bad = info->max_x > 0 && (*x < 1 || *x > info->max_x);

      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_INDEX,
                   "“%s”: the number %u is out of range, it goes from 1 to %u", key, x_is_bad ? *x : *y,
                   x_is_bad ? info->max_x : info->max_y);
      return FALSE;
    }
  return TRUE;
}

char *
phone_setting_format_key (PhoneSettingId id,
                          guint x,
                          guint y)
{
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, NULL);

  parts = g_strsplit (setting_table[id].key, ".", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gboolean is_x = strcmp (parts[i], "X") == 0;

      if (!is_x && strcmp (parts[i], "Y") != 0)
        continue;
      g_free (parts[i]);
      parts[i] = g_strdup_printf ("%u", is_x ? x : y);
    }
  return g_strjoinv (".", parts);
}

/* Values ------------------------------------------------------------------------------------------------------------- */

static gboolean
is_choice (const PhoneSettingInfo *info,
           const char *text)
{
  g_auto (GStrv) choices = g_strsplit (info->choices, " ", -1);

  return g_strv_contains ((const char *const *) choices, text);
}

/* The number as it is stored: without leading zeros and plus sign. */
static char *
check_number (const PhoneSettingInfo *info,
              const char *text,
              GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strndup (text, 40));
  g_autofree char *shown = dup_shown (trimmed);
  g_autofree char *canonical = NULL;
  gint64 number;
  gboolean is_number = g_ascii_string_to_signed (trimmed, 10, G_MININT64, G_MAXINT64, &number, NULL);

  if (is_number)
    canonical = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  switch (info->type)
    {
    case PHONE_SETTING_BOOL:
      if (is_number && (number == 0 || number == 1))
        return g_steal_pointer (&canonical);
      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "“%s” is not 0 or 1", shown);
      return NULL;
    case PHONE_SETTING_ENUM:
      if (is_number && is_choice (info, canonical))
        return g_steal_pointer (&canonical);
      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "“%s” is none of: %s", shown,
                   info->choices);
      return NULL;
    case PHONE_SETTING_INT:
      if (is_number && number >= info->minimum && number <= info->maximum)
        return g_steal_pointer (&canonical);
      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE,
                   "“%s” is not a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, shown, info->minimum,
                   info->maximum);
      return NULL;
    case PHONE_SETTING_TEXT:
    case PHONE_SETTING_SECRET:
      break;
    }
  g_assert_not_reached ();
}

static gboolean
has_control_character (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

/* Messages never repeat a text: it may be a password. */
static char *
check_text (const PhoneSettingInfo *info,
            const char *text,
            GError **error)
{
  gsize length = strlen (text);

  if (length > (gsize) info->maximum)
    g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE,
                 "the text has %" G_GSIZE_FORMAT " bytes, %" G_GINT64_FORMAT " are allowed", length, info->maximum);
  else if (!g_utf8_validate (text, (gssize) length, NULL))
    g_set_error_literal (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "the text is not valid UTF-8");
  else if (has_control_character (text))
    g_set_error_literal (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE,
                         "the text holds a control character");
  else if (info->choices[0] != '\0' && !is_choice (info, text))
    g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "the text is none of: %s", info->choices);
  else
    return g_strdup (text);
  return NULL;
}

static gboolean
is_country (const char *text)
{
  const char *const *countries = phone_tone_script_get_countries ();

  for (guint i = 0; countries[i] != NULL; i++)
    if (g_ascii_strcasecmp (countries[i], text) == 0)
      return TRUE;
  return *text == '\0' || g_ascii_strcasecmp (text, "Custom") == 0;
}

/* The SIP timers, in seconds with a fraction (RFC 3261 §17; ranges: guide, SIP session timer). */
static gboolean
check_timer (PhoneSettingId id,
             const char *text,
             GError **error)
{
  static const struct
  {
    PhoneSettingId id;
    double minimum, maximum;
  } timers[] = {
    { PHONE_SETTING_TIMER_T1, 0.5, 10 }, { PHONE_SETTING_TIMER_T2, 2, 40 }, { PHONE_SETTING_TIMER_T4, 2.5, 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    {
      char *end = NULL;
      double seconds = g_ascii_strtod (text, &end);

      if (timers[i].id != id)
        continue;
      if (*text != '\0' && end != NULL && *end == '\0' && seconds >= timers[i].minimum && seconds <= timers[i].maximum)
        return TRUE;
      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "“%s” is not a number from %g to %g", text,
                   timers[i].minimum, timers[i].maximum);
      return FALSE;
    }
  return TRUE;
}

/* Texts with a grammar of their own. */
static gboolean
check_meaning (PhoneSettingId id,
               const char *text,
               GError **error)
{
  g_autoptr (PhoneToneScript) script = NULL;
  g_autoptr (GError) script_error = NULL;
  g_autofree char *countries = NULL;

  if (id >= PHONE_SETTING_TONE_DIAL && id <= PHONE_SETTING_TONE_AUTO_ANSWER)
    {
      script = *text != '\0' ? phone_tone_script_parse (text, &script_error) : NULL;
      if (script_error != NULL)
        g_set_error_literal (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, script_error->message);
      return script_error == NULL;
    }
  if (id >= PHONE_SETTING_TIMER_T1 && id <= PHONE_SETTING_TIMER_T4)
    return check_timer (id, text, error);
  if (id != PHONE_SETTING_TONE_COUNTRY || is_country (text))
    return TRUE;
  countries = g_strjoinv (", ", (char **) phone_tone_script_get_countries ());
  g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_VALUE, "“%s” is none of: Custom, %s", text, countries);
  return FALSE;
}

/* Returns: (transfer full) (nullable): the value as it is stored */
static char *
check_value (PhoneSettingId id,
             guint x,
             guint y,
             const char *text,
             GError **error)
{
  const PhoneSettingInfo *info = &setting_table[id];
  gboolean is_text = info->type == PHONE_SETTING_TEXT || info->type == PHONE_SETTING_SECRET;
  g_autofree char *value = is_text ? check_text (info, text, error) : check_number (info, text, error);
  g_autofree char *key = NULL;

  if (value != NULL && check_meaning (id, value, error))
    return g_steal_pointer (&value);
  key = phone_setting_format_key (id, x, y);
  g_prefix_error (error, "%s: ", key);
  return NULL;
}

const char *
phone_settings_get_string (PhoneSettings *self,
                           PhoneSettingId id,
                           guint x,
                           guint y)
{
  g_return_val_if_fail (PHONE_IS_SETTINGS (self), "");
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, "");
  g_return_val_if_fail (index_is_valid (&setting_table[id], x, y), "");

  return value_in_force (self, id, x, y);
}

/**
 * phone_settings_get_int:
 * Returns: the value in force of a number
 */
gint64
phone_settings_get_int (PhoneSettings *self,
                        PhoneSettingId id,
                        guint x,
                        guint y)
{
  g_return_val_if_fail (PHONE_IS_SETTINGS (self), 0);
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, 0);
  g_return_val_if_fail (setting_table[id].type != PHONE_SETTING_TEXT, 0);
  g_return_val_if_fail (setting_table[id].type != PHONE_SETTING_SECRET, 0);
  g_return_val_if_fail (index_is_valid (&setting_table[id], x, y), 0);

  return g_ascii_strtoll (value_in_force (self, id, x, y), NULL, 10);
}

/**
 * phone_settings_get_bool:
 * Returns: the value in force of a switch
 */
gboolean
phone_settings_get_bool (PhoneSettings *self,
                         PhoneSettingId id,
                         guint x,
                         guint y)
{
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, FALSE);
  g_return_val_if_fail (setting_table[id].type == PHONE_SETTING_BOOL, FALSE);

  return phone_settings_get_int (self, id, x, y) != 0;
}

/* The one writer of the values. */
static void
store_value (PhoneSettings *self,
             PhoneLayer layer,
             PhoneSettingId id,
             guint x,
             guint y,
             char *value)
{
  guint slot = slot_of (self, id, x, y);
  g_autofree char *before = g_strdup (value_in_force (self, id, x, y));
  const char *after;
  g_autofree char *key = NULL;

  g_free (self->layers[layer][slot]);
  self->layers[layer][slot] = value;
  after = value_in_force (self, id, x, y);
  if (strcmp (before, after) == 0)
    return;

  key = phone_setting_format_key (id, x, y);
  if (setting_table[id].type == PHONE_SETTING_SECRET)
    g_debug ("%s: changed (%s)", key, phone_layer_to_string (layer));
  else
    g_debug ("%s: %s -> %s (%s)", key, before, after, phone_layer_to_string (layer));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, key, layer);
}

gboolean
phone_settings_set (PhoneSettings *self,
                    PhoneLayer layer,
                    PhoneSettingId id,
                    guint x,
                    guint y,
                    const char *text,
                    GError **error)
{
  const PhoneSettingInfo *info;
  g_autofree char *value = NULL;

  g_return_val_if_fail (PHONE_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (layer > PHONE_LAYER_FACTORY && layer < PHONE_N_LAYERS, FALSE);
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  info = &setting_table[id];
  if (!index_is_valid (info, x, y))
    {
      g_set_error (error, PHONE_SETTINGS_ERROR, PHONE_SETTINGS_ERROR_INDEX, "%s has no place %u, %u", info->key, x, y);
      return FALSE;
    }
  if (text != NULL)
    {
      value = check_value (id, x, y, text, error);
      if (value == NULL)
        return FALSE;
    }
  store_value (self, layer, id, x, y, g_steal_pointer (&value));
  return TRUE;
}

/**
 * phone_settings_check:
 * @text: a value as it stands in a file
 *
 * Returns: whether phone_settings_set() would take it
 */
gboolean
phone_settings_check (PhoneSettingId id,
                      guint x,
                      guint y,
                      const char *text,
                      GError **error)
{
  g_autofree char *value = NULL;

  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, FALSE);
  g_return_val_if_fail (index_is_valid (&setting_table[id], x, y), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  value = check_value (id, x, y, text, error);
  return value != NULL;
}

/**
 * phone_settings_set_by_key:
 *
 * The same as phone_settings_set() by key: for files, `desksetctl set` and the generic editors of menus.
 */
gboolean
phone_settings_set_by_key (PhoneSettings *self,
                           PhoneLayer layer,
                           const char *key,
                           const char *text,
                           GError **error)
{
  PhoneSettingId id;
  guint x;
  guint y;

  g_return_val_if_fail (PHONE_IS_SETTINGS (self), FALSE);

  return phone_setting_find (key, &id, &x, &y, error) && phone_settings_set (self, layer, id, x, y, text, error);
}

/**
 * phone_settings_dup_by_key:
 *
 * Hands out passwords as well: what shows them to people must look at the type first.
 *
 * Returns: (transfer full) (nullable): the value in force, %NULL with @error for an unknown key
 */
char *
phone_settings_dup_by_key (PhoneSettings *self,
                           const char *key,
                           GError **error)
{
  PhoneSettingId id;
  guint x;
  guint y;

  g_return_val_if_fail (PHONE_IS_SETTINGS (self), NULL);

  if (!phone_setting_find (key, &id, &x, &y, error))
    return NULL;
  return g_strdup (value_in_force (self, id, x, y));
}

/**
 * phone_settings_peek_layer:
 * Returns: (transfer none) (nullable): valid until the setting changes
 */
const char *
phone_settings_peek_layer (PhoneSettings *self,
                           PhoneLayer layer,
                           PhoneSettingId id,
                           guint x,
                           guint y)
{
  g_return_val_if_fail (PHONE_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (layer >= 0 && layer < PHONE_N_LAYERS, NULL);
  g_return_val_if_fail (id >= 0 && id < PHONE_N_SETTINGS, NULL);
  g_return_val_if_fail (index_is_valid (&setting_table[id], x, y), NULL);

  if (layer == PHONE_LAYER_FACTORY)
    return factory_value (self, id, x);
  return self->layers[layer][slot_of (self, id, x, y)];
}

/**
 * phone_settings_foreach:
 * @func: may change settings; what it adds behind the current place is seen
 */
void
phone_settings_foreach (PhoneSettings *self,
                        PhoneLayer layer,
                        PhoneSettingsFunc func,
                        gpointer user_data)
{
  g_return_if_fail (PHONE_IS_SETTINGS (self));
  g_return_if_fail (layer >= 0 && layer < PHONE_N_LAYERS);
  g_return_if_fail (func != NULL);

  for (guint id = 0; id < PHONE_N_SETTINGS; id++)
    {
      const PhoneSettingInfo *info = &setting_table[id];

      for (guint i = 0; i < info_n_slots (info); i++)
        {
          guint x = info->max_x > 0 ? i / MAX (info->max_y, 1) + 1 : 0;
          guint y = info->max_y > 0 ? i % info->max_y + 1 : 0;
          const char *value = phone_settings_peek_layer (self, layer, (PhoneSettingId) id, x, y);

          if (value != NULL)
            func ((PhoneSettingId) id, x, y, value, user_data);
        }
    }
}

/**
 * phone_layer_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_layer_to_string (PhoneLayer layer)
{
  switch (layer)
    {
    case PHONE_LAYER_FACTORY:
      return "factory";
    case PHONE_LAYER_COMMON:
      return "common";
    case PHONE_LAYER_PHONE:
      return "phone";
    case PHONE_LAYER_LOCAL:
      return "local";
    case PHONE_N_LAYERS:
      break;
    }
  return "?";
}
