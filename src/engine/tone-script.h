/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:tone-script
 * @title: PhoneToneScript
 *
 * Tones as the phones write them (guide: tones): up to 8 elements `[!]F1[+F2][+F3][+F4]/ms` separated
 * by commas; `!` plays the element once only; a frequency is 200–7000 Hz, 0 is silence; a duration is 0–30000 ms;
 * no duration means for ever. Immutable, reference counted atomically.
 */
#define PHONE_TONE_MAX_ELEMENTS 8
#define PHONE_TONE_MAX_FREQUENCIES 4

typedef struct {
  guint    frequency_hz[PHONE_TONE_MAX_FREQUENCIES]; /* 0 fills up */
  guint    duration_ms;                              /* 0 = without end */
  gboolean once;                                     /* left out when the script repeats */
} PhoneToneElement;

typedef struct _PhoneToneScript PhoneToneScript;

typedef enum {
  PHONE_TONE_NONE,
  PHONE_TONE_DIAL,
  PHONE_TONE_RING_BACK,
  PHONE_TONE_BUSY,
  PHONE_TONE_CONGESTION,
  PHONE_TONE_CALL_WAITING,
  PHONE_TONE_KEY,           /* short click when a key is pressed */
  PHONE_TONE_AUTO_ANSWER,
  PHONE_N_TONES
} PhoneTone;

#define PHONE_TONE_SCRIPT_ERROR (phone_tone_script_error_quark ())
GQuark phone_tone_script_error_quark (void);
typedef enum {
  PHONE_TONE_SCRIPT_ERROR_SYNTAX,
  PHONE_TONE_SCRIPT_ERROR_RANGE,
} PhoneToneScriptError;

/**
 * phone_tone_script_parse:
 * Returns: (transfer full) (nullable): the script, or %NULL with @error saying the element and the column
 */
PhoneToneScript        *phone_tone_script_parse          (const char             *text,
                                                          GError                **error) G_GNUC_WARN_UNUSED_RESULT;
PhoneToneScript        *phone_tone_script_ref            (PhoneToneScript        *self);
void                    phone_tone_script_unref          (PhoneToneScript        *self);
guint                   phone_tone_script_get_n_elements (const PhoneToneScript  *self);
const PhoneToneElement *phone_tone_script_get_element    (const PhoneToneScript  *self,
                                                          guint                   i);
char                   *phone_tone_script_to_string      (const PhoneToneScript  *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneToneScript, phone_tone_script_unref)

/**
 * phone_tone_script_for_country:
 * @country: a value of `voice.tone.country` ("United States", "Germany", …), without case
 *
 * Returns: (transfer none) (nullable): script text of the tone; an unknown country has the table's first
 */
const char             *phone_tone_script_for_country    (const char             *country,
                                                          PhoneTone               tone);
const char * const     *phone_tone_script_get_countries  (void);

G_END_DECLS
