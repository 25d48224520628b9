/* rooms: engine media */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-wave.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (PhoneWave) wave = phone_wave_parse (bytes, NULL);

  return 0;
}
