/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:secret-vault
 * @title: PhoneSecretVault
 *
 * The desktop's Secret Service, as far as the phone needs it: passwords of one profile by their settings key. Everything is
 * asynchronous, since the service may be missing, slow or locked. Nothing can be cancelled: libsecret 0.20 does not survive
 * that well, and a password on its way had better arrive. Main thread only.
 */
#define PHONE_TYPE_SECRET_VAULT (phone_secret_vault_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSecretVault, phone_secret_vault, PHONE, SECRET_VAULT, GObject)

gboolean          phone_secret_vault_is_possible  (void);
PhoneSecretVault *phone_secret_vault_new          (const char           *profile) G_GNUC_WARN_UNUSED_RESULT;
void              phone_secret_vault_load_async   (PhoneSecretVault     *self,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GHashTable       *phone_secret_vault_load_finish  (PhoneSecretVault     *self,
                                                   GAsyncResult         *result,
                                                   GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void              phone_secret_vault_store_async  (PhoneSecretVault     *self,
                                                   const char           *key,
                                                   const char           *secret,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean          phone_secret_vault_store_finish (PhoneSecretVault     *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);
const char       *phone_secret_vault_result_get_key (GAsyncResult       *result);

void phone_secret_free (gpointer data);

G_END_DECLS
