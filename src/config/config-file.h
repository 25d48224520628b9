/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "diagnostics.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * SECTION:config-file
 * @title: PhoneConfigFile
 *
 * A file in the phones' own `key = value` syntax (guide: configuration files), read without ever giving up: what cannot be
 * understood becomes a message with line and column, the rest counts.
 *
 * The syntax in short: `#!version:1.0.0.1` in the first line (when it is missing the file is read all the same, with a
 * warning: many real files lack it); `#` as the first character that is no blank starts a comment, anywhere else it is
 * data; blanks around key and value do not count; one pair of double quotes around a value is taken off; `%NULL%` and
 * `%EMPTY%` are the empty value, whereas an empty value is the factory default; of a key that is said twice the last counts.
 */
typedef struct _PhoneConfigFile PhoneConfigFile;

/**
 * PhoneConfigEntry:
 * @key: as it stands in the file
 * @value: without quotes, valid UTF-8; "" when @is_default or @is_empty
 * @is_default: nothing stands behind the '='
 * @is_empty: `%NULL%`, `%EMPTY%` or `""`
 * @line: from 1
 * @column: of the value, in bytes from 1
 */
typedef struct {
  char     *key;
  char     *value;
  gboolean  is_default;
  gboolean  is_empty;
  guint     line;
  guint     column;
} PhoneConfigEntry;

/** PHONE_CONFIG_MAX_BYTES: what follows in a larger file is not read. */
#define PHONE_CONFIG_MAX_BYTES (4 * 1024 * 1024)
/** PHONE_CONFIG_MAX_LINE: a longer line is left out. */
#define PHONE_CONFIG_MAX_LINE 8192

/** PHONE_CONFIG_FIRST_LINE: first line of every file that is written. */
#define PHONE_CONFIG_FIRST_LINE "#!version:1.0.0.1"

PhoneConfigFile        *phone_config_file_parse           (const char             *name,
                                                           const char             *data,
                                                           gsize                   length) G_GNUC_WARN_UNUSED_RESULT;
PhoneConfigFile        *phone_config_file_load            (const char             *path,
                                                           GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void                    phone_config_file_free            (PhoneConfigFile        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneConfigFile, phone_config_file_free)

guint                   phone_config_file_get_n_entries   (const PhoneConfigFile  *self);
const PhoneConfigEntry *phone_config_file_get_entry       (const PhoneConfigFile  *self,
                                                           guint                   i);
PhoneDiagnostics       *phone_config_file_get_diagnostics (PhoneConfigFile        *self);

typedef gboolean (*PhoneConfigFilter) (PhoneSettingId           id,
                                       const PhoneConfigEntry  *entry,
                                       gpointer                 user_data);
GPtrArray              *phone_config_file_apply           (PhoneConfigFile        *self,
                                                           PhoneSettings          *settings,
                                                           PhoneLayer              layer,
                                                           PhoneConfigFilter       filter,
                                                           gpointer                user_data) G_GNUC_WARN_UNUSED_RESULT;

gboolean                phone_config_write_line           (GString                *text,
                                                           const char             *key,
                                                           const char             *value);

G_END_DECLS
