/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-level.h"

#include <math.h>

/* Steps of 4.5 dB below the factory level 8, which is unity, and of 1.5 dB above, where the desktop's own volume
 * usually still has room. A receiver is never quite off at level 0, as on the phones; a ringer is. */
static const double receive_db[PHONE_MEDIA_MAX_LEVEL + 1] = {
  -40.0, -32.0, -27.0, -22.5, -18.0, -13.5, -9.0, -4.5, 0.0, 1.5, 3.0, 4.5, 6.0, 7.5, 9.0, 10.5,
};

/* The ring sounds are synthesised at full scale. */
static const double ring_db[PHONE_MEDIA_MAX_LEVEL + 1] = {
  0.0 /* off */, -34.0, -30.0, -27.0, -24.0, -21.0, -18.5, -16.0, -13.5, -11.5, -9.5, -7.5, -5.5, -3.5, -1.5, 0.0,
};

/**
 * phone_media_level_get_db:
 * @level: 0–15 as the volume keys count; more counts as 15
 *
 * Returns: gain of handset, headset and speaker in dB
 */
double
phone_media_level_get_db (guint level)
{
  return receive_db[MIN (level, PHONE_MEDIA_MAX_LEVEL)];
}

/**
 * phone_media_level_get_gain:
 * Returns: the same as a linear factor
 */
double
phone_media_level_get_gain (guint level)
{
  return pow (10, phone_media_level_get_db (level) / 20);
}

/**
 * phone_media_level_get_ring_gain:
 * Returns: linear gain of the ringer; 0 at level 0
 */
double
phone_media_level_get_ring_gain (guint level)
{
  return level == 0 ? 0 : pow (10, ring_db[MIN (level, PHONE_MEDIA_MAX_LEVEL)] / 20);
}
