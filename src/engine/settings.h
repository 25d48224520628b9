/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:settings
 * @title: PhoneSettings
 *
 * One table (engine/settings-table.inc) names each setting once: its id, its key in the phones' own syntax with
 * X and Y for the indices, older spellings, type, range, default, help. Nothing else reads a setting by string:
 * code uses the ids, files and people use the keys.
 *
 * Values live in layers; the strongest that has a value wins: factory < common file < phone file < local changes.
 */
typedef enum {
  PHONE_LAYER_FACTORY,   /* the table's default; cannot be written */
  PHONE_LAYER_COMMON,    /* common provisioning file */
  PHONE_LAYER_PHONE,     /* this phone's file, --config */
  PHONE_LAYER_LOCAL,     /* changed on the phone */
  PHONE_N_LAYERS
} PhoneLayer;

typedef enum {
  PHONE_SETTING_BOOL,
  PHONE_SETTING_INT,
  PHONE_SETTING_ENUM,    /* integer out of a list of allowed values */
  PHONE_SETTING_TEXT,
  PHONE_SETTING_SECRET,  /* text that is never logged, listed or exported */
} PhoneSettingType;

typedef enum {
#define SETTING(id, ...) PHONE_SETTING_##id,
#include "settings-table.inc"
#undef SETTING
  PHONE_N_SETTINGS
} PhoneSettingId;

/**
 * PhoneSettingInfo:
 * @key: "account.X.sip_server.Y.port"
 * @aliases: other spellings separated by blanks, "" when none
 * @max_x: largest X, 0 when the key has no index
 * @max_y: largest Y, 0 when it has none
 * @minimum: for numbers; for texts the greatest length in bytes is @maximum
 * @choices: for PHONE_SETTING_ENUM: allowed integers separated by blanks; for texts allowed words or ""
 * @fallback: default as text
 * @restart: whether a change needs a restart of the phone
 * @help: one line, translatable
 */
typedef struct {
  PhoneSettingId    id;
  const char       *key;
  const char       *aliases;
  PhoneSettingType  type;
  guint             max_x;
  guint             max_y;
  gint64            minimum;
  gint64            maximum;
  const char       *choices;
  const char       *fallback;
  gboolean          restart;
  const char       *help;
} PhoneSettingInfo;

#define PHONE_SETTINGS_ERROR (phone_settings_error_quark ())
GQuark phone_settings_error_quark (void);
typedef enum {
  PHONE_SETTINGS_ERROR_UNKNOWN_KEY,
  PHONE_SETTINGS_ERROR_INDEX,      /* index out of range */
  PHONE_SETTINGS_ERROR_VALUE,      /* wrong type or out of range; the message says what is allowed */
} PhoneSettingsError;

#define PHONE_TYPE_SETTINGS (phone_settings_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSettings, phone_settings, PHONE, SETTINGS, GObject)

PhoneSettings *phone_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_settings_set_n_accounts:
 * @n_accounts: how many accounts the model has, 1 to 16; 16 before this was called
 *
 * The factory value of linekey.X.type is 15 (Line) for the keys 1 to @n_accounts and 0 after. Call it before the engine
 * starts; emits no signal.
 */
void           phone_settings_set_n_accounts (PhoneSettings *self,
                                              guint          n_accounts);

const PhoneSettingInfo *phone_setting_get_info (PhoneSettingId   id);

/**
 * phone_setting_find:
 * @key: a full key or an alias, with numbers for the indices
 * @id: (out): its id
 * @x: (out): first index, 0 when none
 * @y: (out): second index, 0 when none
 * @error: which part of the key is unknown or out of range
 */
gboolean    phone_setting_find         (const char          *key,
                                        PhoneSettingId      *id,
                                        guint               *x,
                                        guint               *y,
                                        GError             **error);

/**
 * phone_setting_format_key:
 * Returns: (transfer full): canonical key with the indices filled in
 */
char       *phone_setting_format_key   (PhoneSettingId       id,
                                        guint                x,
                                        guint                y) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_settings_get_string:
 * @x: first index (account, line key), 0 when the setting has none
 * @y: second index (server), 0 when it has none
 *
 * Returns: (transfer none) (not nullable): the value in force; valid until the setting changes
 */
const char *phone_settings_get_string  (PhoneSettings       *self,
                                        PhoneSettingId       id,
                                        guint                x,
                                        guint                y);
gint64      phone_settings_get_int     (PhoneSettings       *self,
                                        PhoneSettingId       id,
                                        guint                x,
                                        guint                y);
gboolean    phone_settings_get_bool    (PhoneSettings       *self,
                                        PhoneSettingId       id,
                                        guint                x,
                                        guint                y);

/**
 * phone_settings_set:
 * @text: (nullable): the value as it stands in a file; %NULL takes the layer's value away
 *
 * Checks and stores. Emits #PhoneSettings::changed (full canonical key, layer) when the value in force changed.
 *
 * Returns: %FALSE with @error naming what is allowed; nothing is changed then
 */
gboolean    phone_settings_set         (PhoneSettings       *self,
                                        PhoneLayer           layer,
                                        PhoneSettingId       id,
                                        guint                x,
                                        guint                y,
                                        const char          *text,
                                        GError             **error);
gboolean    phone_settings_check       (PhoneSettingId       id,
                                        guint                x,
                                        guint                y,
                                        const char          *text,
                                        GError             **error);
/* The same by key: for files, `desksetctl set` and menus' generic editors. */
gboolean    phone_settings_set_by_key  (PhoneSettings       *self,
                                        PhoneLayer           layer,
                                        const char          *key,
                                        const char          *text,
                                        GError             **error);
char       *phone_settings_dup_by_key  (PhoneSettings       *self,
                                        const char          *key,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Value a layer holds, NULL when it holds none. */
const char *phone_settings_peek_layer  (PhoneSettings       *self,
                                        PhoneLayer           layer,
                                        PhoneSettingId       id,
                                        guint                x,
                                        guint                y);

typedef void (*PhoneSettingsFunc) (PhoneSettingId  id,
                                   guint           x,
                                   guint           y,
                                   const char     *value,
                                   gpointer        user_data);
/* Every value a layer holds, in table order then by index. */
void        phone_settings_foreach     (PhoneSettings       *self,
                                        PhoneLayer           layer,
                                        PhoneSettingsFunc    func,
                                        gpointer             user_data);
const char *phone_layer_to_string      (PhoneLayer           layer);

G_END_DECLS
