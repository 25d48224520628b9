/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ports.h"

G_BEGIN_DECLS

/**
 * SECTION:config-store
 * @title: PhoneConfigStore
 *
 * The store port: a profile's folder with
 *
 * - `common.cfg`, `phone.cfg`: written by people, only read (layers common and phone)
 * - `local.cfg`: what was changed on the phone; keys of other versions are kept
 * - `secrets.cfg`: passwords changed on the phone, when no Secret Service could take them
 * - `calllog.json`, `directory.xml`: call log and local directory
 *
 * All writing is atomic and happens on a thread of its own. Changes of the local layer, whoever made them, are saved without
 * being asked. Main thread only.
 */
#define PHONE_TYPE_CONFIG_STORE (phone_config_store_get_type ())
G_DECLARE_FINAL_TYPE (PhoneConfigStore, phone_config_store, PHONE, CONFIG_STORE, GObject)

PhoneStore         *phone_config_store_new                (PhoneEventQueue   *queue,
                                                           PhoneSettings     *settings,
                                                           const char        *folder) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_config_store_load:
 *
 * Makes the folder (mode 0700) when it is missing and reads all files. Broken lines are told, see
 * phone_config_store_get_messages(), and never keep the rest from counting. Passwords of the Secret Service arrive later,
 * each as a change of its setting, then `secrets-loaded` is emitted.
 *
 * Returns: %FALSE with @error in #GFileError when there is no such folder and none can be made
 */
gboolean            phone_config_store_load               (PhoneConfigStore  *self,
                                                           GError           **error);

/**
 * phone_config_store_load_file:
 * @layer: where its values go; %PHONE_LAYER_PHONE for `--config`
 *
 * Returns: %FALSE with @error in #GFileError when the file cannot be read
 */
gboolean            phone_config_store_load_file          (PhoneConfigStore  *self,
                                                           const char        *path,
                                                           PhoneLayer         layer,
                                                           GError           **error);

/**
 * phone_config_store_get_messages:
 * Returns: (transfer none) (array zero-terminated=1): warnings and errors so far, "FILE:LINE:COLUMN: warning: …"
 */
const char * const *phone_config_store_get_messages       (PhoneConfigStore  *self);

/**
 * phone_config_store_set_extra_contacts:
 * @contacts: (element-type PhoneContact): contacts besides the directory's; copied
 *
 * Posts %PHONE_EVENT_CONTACTS_CHANGED.
 */
void                phone_config_store_set_extra_contacts (PhoneConfigStore  *self,
                                                           GPtrArray         *contacts);

/**
 * phone_config_store_is_waiting:
 * Returns: whether answers of the Secret Service are still to come
 */
gboolean            phone_config_store_is_waiting         (PhoneConfigStore  *self);

/**
 * phone_config_store_flush:
 *
 * Writes all that is to be written and waits for the disk: before the program ends.
 */
void                phone_config_store_flush              (PhoneConfigStore  *self);

G_END_DECLS
