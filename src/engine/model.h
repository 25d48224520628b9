/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "key.h"
#include "types.h"

G_BEGIN_DECLS

/**
 * PhoneModel:
 * Facts of a desk phone model that the engine needs; read from `skins/<model>/skin.ini` by skin/skin-facts.c, so that
 * they stay data. Plain value, owned by the composition root, outlives the engine.
 */
typedef struct {
  char     *name;            /* "T46G" */
  guint     n_accounts;      /* 16 */
  guint     n_line_keys;     /* on the face: 10 */
  guint     n_memory_keys;   /* 0 */
  guint     n_soft_keys;     /* 4 */
  guint     lcd_width;       /* 480 */
  guint     lcd_height;      /* 272 */
  gboolean  lcd_colour;
  gboolean  has_headset_key;
} PhoneModel;

/**
 * phone_model_new_default:
 * Returns: (transfer full): a T46G, for tests and as the fallback
 */
PhoneModel *phone_model_new_default (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneModel *phone_model_copy        (const PhoneModel *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean    phone_model_has_key     (const PhoneModel *self,
                                     PhoneKey          key);
void        phone_model_free        (PhoneModel       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneModel, phone_model_free)

G_END_DECLS
