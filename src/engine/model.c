/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "model.h"

PhoneModel *
phone_model_new_default (void)
{
  PhoneModel *self = g_new0 (PhoneModel, 1);

  self->name = g_strdup ("T46G");
  self->n_accounts = 16;
  self->n_line_keys = 10;
  self->n_memory_keys = 0;
  self->n_soft_keys = PHONE_SOFT_KEYS;
  self->lcd_width = 480;
  self->lcd_height = 272;
  self->lcd_colour = TRUE;
  self->has_headset_key = TRUE;
  return self;
}

/**
 * phone_model_copy:
 * Returns: (transfer full): a deep copy
 */
PhoneModel *
phone_model_copy (const PhoneModel *self)
{
  PhoneModel *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (PhoneModel, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  return copy;
}

/**
 * phone_model_has_key:
 *
 * Returns: whether such a key can be on the face; of the keys that are not counted all but HEADSET can
 */
gboolean
phone_model_has_key (const PhoneModel *self,
                     PhoneKey key)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (key >= PHONE_KEY_D1)
    return key < PHONE_KEY_D1 + self->n_memory_keys;
  if (key >= PHONE_KEY_L1)
    return key < PHONE_KEY_L1 + self->n_line_keys;
  return key != PHONE_KEY_HEADSET || self->has_headset_key;
}

/**
 * phone_model_free:
 * @self: (nullable):
 */
void
phone_model_free (PhoneModel *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}
