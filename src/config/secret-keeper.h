/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "config-file.h"
#include "file-writer.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * SECTION:secret-keeper
 * @title: PhoneSecretKeeper
 *
 * Where the passwords of the local layer are kept: in the Secret Service, or in a file of mode 0600 as long as the service
 * does not take them. A password is never in neither: it leaves the file when the service has said that it has it. Main
 * thread only.
 */
#define PHONE_TYPE_SECRET_KEEPER (phone_secret_keeper_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSecretKeeper, phone_secret_keeper, PHONE, SECRET_KEEPER, GObject)

PhoneSecretKeeper *phone_secret_keeper_new        (PhoneSettings      *settings,
                                                   PhoneFileWriter    *writer,
                                                   const char         *path) G_GNUC_WARN_UNUSED_RESULT;
PhoneConfigFile   *phone_secret_keeper_load       (PhoneSecretKeeper  *self,
                                                   gboolean           *moved,
                                                   GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void               phone_secret_keeper_open_vault (PhoneSecretKeeper  *self,
                                                   const char         *profile);
void               phone_secret_keeper_save       (PhoneSecretKeeper  *self);
void               phone_secret_keeper_settle     (PhoneSecretKeeper  *self);
gboolean           phone_secret_keeper_is_waiting (PhoneSecretKeeper  *self);

G_END_DECLS
