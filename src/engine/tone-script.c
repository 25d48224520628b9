/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "tone-script.h"

#include <string.h>

#define MIN_FREQUENCY_HZ 200
#define MAX_FREQUENCY_HZ 7000
#define MAX_DURATION_MS 30000
/* Longer than any script that keeps within the bounds of its elements. */
#define MAX_TEXT_LENGTH 512

struct _PhoneToneScript
{
  gatomicrefcount ref_count;
  guint n_elements;
  PhoneToneElement elements[PHONE_TONE_MAX_ELEMENTS];
};

/* The tones of each country, after ITU-T E.180 supplement 2 and the usual indication tables (guide: tones); the
 * names are the phone's values of `voice.tone.country`. The first one stands for unknown names and for "Custom" without
 * a script of its own. Key and auto-answer tones are the same everywhere and ours. */
#define KEY_TONE "!1000/40"
#define AUTO_ANSWER_TONE "!600/120,!0/60,!800/160"

static const struct
{
  const char *country;
  const char *scripts[PHONE_N_TONES];
} country_table[] = {
  { "United States",
    { [PHONE_TONE_DIAL] = "350+440",
      [PHONE_TONE_RING_BACK] = "440+480/2000,0/4000",
      [PHONE_TONE_BUSY] = "480+620/500,0/500",
      [PHONE_TONE_CONGESTION] = "480+620/250,0/250",
      [PHONE_TONE_CALL_WAITING] = "440/300,0/10000" } },
  { "Great Britain",
    { [PHONE_TONE_DIAL] = "350+440",
      [PHONE_TONE_RING_BACK] = "400+450/400,0/200,400+450/400,0/2000",
      [PHONE_TONE_BUSY] = "400/375,0/375",
      [PHONE_TONE_CONGESTION] = "400/400,0/350,400/225,0/525",
      [PHONE_TONE_CALL_WAITING] = "400/100,0/4000" } },
  { "Germany",
    { [PHONE_TONE_DIAL] = "425",
      [PHONE_TONE_RING_BACK] = "425/1000,0/4000",
      [PHONE_TONE_BUSY] = "425/480,0/480",
      [PHONE_TONE_CONGESTION] = "425/240,0/240",
      [PHONE_TONE_CALL_WAITING] = "425/200,0/200,425/200,0/5000" } },
  { "France",
    { [PHONE_TONE_DIAL] = "440",
      [PHONE_TONE_RING_BACK] = "440/1500,0/3500",
      [PHONE_TONE_BUSY] = "440/500,0/500",
      [PHONE_TONE_CONGESTION] = "440/250,0/250",
      [PHONE_TONE_CALL_WAITING] = "440/300,0/10000" } },
  { "China",
    { [PHONE_TONE_DIAL] = "450",
      [PHONE_TONE_RING_BACK] = "450/1000,0/4000",
      [PHONE_TONE_BUSY] = "450/350,0/350",
      [PHONE_TONE_CONGESTION] = "450/700,0/700",
      [PHONE_TONE_CALL_WAITING] = "450/400,0/4000" } },
  { "Italy",
    { [PHONE_TONE_DIAL] = "425/200,0/200,425/600,0/1000",
      [PHONE_TONE_RING_BACK] = "425/1000,0/4000",
      [PHONE_TONE_BUSY] = "425/500,0/500",
      [PHONE_TONE_CONGESTION] = "425/200,0/200",
      [PHONE_TONE_CALL_WAITING] = "425/400,0/100,425/250,0/100,425/150,0/14000" } },
  { "Russia",
    { [PHONE_TONE_DIAL] = "425",
      [PHONE_TONE_RING_BACK] = "425/1000,0/4000",
      [PHONE_TONE_BUSY] = "425/350,0/350",
      [PHONE_TONE_CONGESTION] = "425/175,0/175",
      [PHONE_TONE_CALL_WAITING] = "425/200,0/5000" } },
};

G_DEFINE_QUARK (phone-tone-script-error-quark, phone_tone_script_error)

/* Where the parser is. */
typedef struct
{
  const char *text;
  const char *at;
  guint element; /* from 1 */
} Scanner;

static gboolean
fail (const Scanner *scanner,
      PhoneToneScriptError code,
      GError **error,
      const char *message)
{
  g_set_error (error, PHONE_TONE_SCRIPT_ERROR, code, "Tone script, element %u, column %u: %s", scanner->element,
               (guint) (scanner->at - scanner->text) + 1, message);
  return FALSE;
}

static void
skip_blanks (Scanner *scanner)
{
  while (*scanner->at == ' ' || *scanner->at == '\t')
    scanner->at++;
}

static gboolean
scan_number (Scanner *scanner,
             guint *number,
             GError **error)
{
  guint value = 0;

  if (!g_ascii_isdigit (*scanner->at))
    return fail (scanner, PHONE_TONE_SCRIPT_ERROR_SYNTAX, error, "a number is expected here");
  for (; g_ascii_isdigit (*scanner->at); scanner->at++)
    {
      value = value * 10 + (guint) (*scanner->at - '0');
      if (value > 1000000)
        return fail (scanner, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "the number is too large");
    }
  *number = value;
  return TRUE;
}

static gboolean
scan_frequencies (Scanner *scanner,
                  PhoneToneElement *element,
                  GError **error)
{
  guint n_given = 0;
  guint n_kept = 0;

  do
    {
      Scanner start;
      guint frequency;

      if (n_given++ > 0)
        scanner->at++; /* the '+' */
      skip_blanks (scanner);
      start = *scanner;
      if (n_given > PHONE_TONE_MAX_FREQUENCIES)
        return fail (scanner, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "no more than 4 frequencies sound together");
      if (!scan_number (scanner, &frequency, error))
        return FALSE;
      if (frequency != 0 && (frequency < MIN_FREQUENCY_HZ || frequency > MAX_FREQUENCY_HZ))
        return fail (&start, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "a frequency is 200 to 7000 Hz, or 0 for silence");
      if (frequency != 0)
        element->frequency_hz[n_kept++] = frequency;
      skip_blanks (scanner);
    }
  while (*scanner->at == '+');
  return TRUE;
}

static gboolean
scan_element (Scanner *scanner,
              PhoneToneElement *element,
              GError **error)
{
  skip_blanks (scanner);
  if (*scanner->at == '!')
    {
      element->once = TRUE;
      scanner->at++;
    }
  if (!scan_frequencies (scanner, element, error))
    return FALSE;
  if (*scanner->at == '/')
    {
      Scanner start;

      scanner->at++;
      skip_blanks (scanner);
      start = *scanner;
      if (!scan_number (scanner, &element->duration_ms, error))
        return FALSE;
      if (element->duration_ms > MAX_DURATION_MS)
        return fail (&start, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "a duration is 0 to 30000 ms");
      skip_blanks (scanner);
    }
  return TRUE;
}

PhoneToneScript *
phone_tone_script_parse (const char *text,
                         GError **error)
{
  g_autoptr (PhoneToneScript) self = NULL;
  Scanner scanner = { text, text, 1 };

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (strnlen (text, MAX_TEXT_LENGTH + 1) > MAX_TEXT_LENGTH)
    {
      fail (&scanner, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "the script is too long");
      return NULL;
    }

  self = g_new0 (PhoneToneScript, 1);
  g_atomic_ref_count_init (&self->ref_count);
  for (;; scanner.element++)
    {
      if (self->n_elements == PHONE_TONE_MAX_ELEMENTS)
        {
          fail (&scanner, PHONE_TONE_SCRIPT_ERROR_RANGE, error, "no more than 8 elements");
          return NULL;
        }
      if (!scan_element (&scanner, &self->elements[self->n_elements++], error))
        return NULL;
      if (*scanner.at == '\0')
        return g_steal_pointer (&self);
      if (*scanner.at != ',')
        {
          fail (&scanner, PHONE_TONE_SCRIPT_ERROR_SYNTAX, error, "'+', '/', ',' or the end is expected here");
          return NULL;
        }
      if (self->elements[self->n_elements - 1].duration_ms == 0)
        {
          fail (&scanner, PHONE_TONE_SCRIPT_ERROR_SYNTAX, error, "nothing can follow an element without end");
          return NULL;
        }
      scanner.at++;
    }
}

/**
 * phone_tone_script_ref:
 * Returns: (transfer full): @self
 */
PhoneToneScript *
phone_tone_script_ref (PhoneToneScript *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * phone_tone_script_unref:
 *
 * Any thread.
 */
void
phone_tone_script_unref (PhoneToneScript *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * phone_tone_script_get_n_elements:
 * Returns: 1 to %PHONE_TONE_MAX_ELEMENTS
 */
guint
phone_tone_script_get_n_elements (const PhoneToneScript *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_elements;
}

/**
 * phone_tone_script_get_element:
 * Returns: (transfer none) (not nullable): lives as long as @self
 */
const PhoneToneElement *
phone_tone_script_get_element (const PhoneToneScript *self,
                               guint i)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (i < self->n_elements, NULL);

  return &self->elements[i];
}

/**
 * phone_tone_script_to_string:
 * Returns: (transfer full): the script in its shortest spelling; parsing it gives an equal script
 */
char *
phone_tone_script_to_string (const PhoneToneScript *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->n_elements; i++)
    {
      const PhoneToneElement *element = &self->elements[i];

      g_string_append_printf (text, "%s%s%u", i > 0 ? "," : "", element->once ? "!" : "", element->frequency_hz[0]);
      for (guint j = 1; j < PHONE_TONE_MAX_FREQUENCIES && element->frequency_hz[j] != 0; j++)
        g_string_append_printf (text, "+%u", element->frequency_hz[j]);
      if (element->duration_ms != 0)
        g_string_append_printf (text, "/%u", element->duration_ms);
    }
  return g_string_free (text, FALSE);
}

const char *
phone_tone_script_for_country (const char *country,
                               PhoneTone tone)
{
  gsize row = 0;

  g_return_val_if_fail (tone >= 0 && tone < PHONE_N_TONES, NULL);

  if (tone == PHONE_TONE_KEY)
    return KEY_TONE;
  if (tone == PHONE_TONE_AUTO_ANSWER)
    return AUTO_ANSWER_TONE;
  for (gsize i = 0; country != NULL && i < G_N_ELEMENTS (country_table); i++)
    if (g_ascii_strcasecmp (country_table[i].country, country) == 0)
      row = i;
  return country_table[row].scripts[tone];
}

/**
 * phone_tone_script_get_countries:
 * Returns: (transfer none) (array zero-terminated=1): every country with tones of its own, without "Custom"
 */
const char *const *
phone_tone_script_get_countries (void)
{
  static const char *names[G_N_ELEMENTS (country_table) + 1];
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (country_table); i++)
        names[i] = country_table[i].country;
      g_once_init_leave (&made, 1);
    }
  return names;
}
