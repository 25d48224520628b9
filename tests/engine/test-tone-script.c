/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tone-script.h"

static void
test_elements (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneToneScript) script = phone_tone_script_parse (" !350 + 440/ 100,0/200 , 480+620+700+800", &error);
  const PhoneToneElement *element;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (phone_tone_script_get_n_elements (script), ==, 3);
  element = phone_tone_script_get_element (script, 0);
  g_assert_true (element->once);
  g_assert_cmpuint (element->frequency_hz[0], ==, 350);
  g_assert_cmpuint (element->frequency_hz[1], ==, 440);
  g_assert_cmpuint (element->frequency_hz[2], ==, 0);
  g_assert_cmpuint (element->duration_ms, ==, 100);
  element = phone_tone_script_get_element (script, 1);
  g_assert_cmpuint (element->frequency_hz[0], ==, 0);
  element = phone_tone_script_get_element (script, 2);
  g_assert_cmpuint (element->frequency_hz[3], ==, 800);
  g_assert_cmpuint (element->duration_ms, ==, 0);
  text = phone_tone_script_to_string (script);
  g_assert_cmpstr (text, ==, "!350+440/100,0/200,480+620+700+800");
}

static void
test_what_is_refused (void)
{
  static const struct
  {
    const char *text;
    PhoneToneScriptError code;
    const char *place;
  } cases[] = {
    { "", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 1:" },
    { "a", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 1:" },
    { "199/10", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 1, column 1:" },
    { "200/10,7001/10", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 2, column 8:" },
    { "400/30001", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 1, column 5:" },
    { "400+", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 5:" },
    { "400/", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 5:" },
    { "400/10,", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 2, column 8:" },
    { "400/10;500/10", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 7:" },
    { "300+400+500+600+700/10", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 1, column 17:" },
    { "1/1", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 1, column 1:" },
    { "99999999999999999999/1", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 1, column 7:" },
    { "440,480/100", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 4:" },
    { "300/1,300/1,300/1,300/1,300/1,300/1,300/1,300/1,300/1", PHONE_TONE_SCRIPT_ERROR_RANGE, "element 9, column 49:" },
    { "!!400/10", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 2:" },
    { "-400/10", PHONE_TONE_SCRIPT_ERROR_SYNTAX, "element 1, column 1:" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (phone_tone_script_parse (cases[i].text, &error));
      g_assert_error (error, PHONE_TONE_SCRIPT_ERROR, (int) cases[i].code);
      if (strstr (error->message, cases[i].place) == NULL)
        g_error ("“%s”: %s does not name %s", cases[i].text, error->message, cases[i].place);
    }
}

static void
test_overlong_script (void)
{
  g_autofree char *text = g_strnfill (1000, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_null (phone_tone_script_parse (text, &error));
  g_assert_error (error, PHONE_TONE_SCRIPT_ERROR, PHONE_TONE_SCRIPT_ERROR_RANGE);
}

static void
test_every_country_has_every_tone (void)
{
  const char *const *countries = phone_tone_script_get_countries ();

  g_assert_cmpuint (g_strv_length ((char **) countries), ==, 7);
  for (guint i = 0; countries[i] != NULL; i++)
    for (guint tone = PHONE_TONE_DIAL; tone < PHONE_N_TONES; tone++)
      {
        g_autoptr (GError) error = NULL;
        const char *text = phone_tone_script_for_country (countries[i], (PhoneTone) tone);
        g_autoptr (PhoneToneScript) script = NULL;
        g_autofree char *again = NULL;

        g_assert_nonnull (text);
        script = phone_tone_script_parse (text, &error);
        g_assert_no_error (error);
        again = phone_tone_script_to_string (script);
        g_assert_cmpstr (again, ==, text);
      }
}

/* ITU-T E.180 and the national plans, as the phones' administrators find them. */
static void
test_countries_have_their_tones (void)
{
  static const char *const plan[][6] = {
    { "United States", "350+440", "440+480/2000,0/4000", "480+620/500,0/500", "480+620/250,0/250", "440/300,0/10000" },
    { "Great Britain", "350+440", "400+450/400,0/200,400+450/400,0/2000", "400/375,0/375",
      "400/400,0/350,400/225,0/525", "400/100,0/4000" },
    { "Germany", "425", "425/1000,0/4000", "425/480,0/480", "425/240,0/240", "425/200,0/200,425/200,0/5000" },
    { "France", "440", "440/1500,0/3500", "440/500,0/500", "440/250,0/250", "440/300,0/10000" },
    { "China", "450", "450/1000,0/4000", "450/350,0/350", "450/700,0/700", "450/400,0/4000" },
    { "Italy", "425/200,0/200,425/600,0/1000", "425/1000,0/4000", "425/500,0/500", "425/200,0/200",
      "425/400,0/100,425/250,0/100,425/150,0/14000" },
    { "Russia", "425", "425/1000,0/4000", "425/350,0/350", "425/175,0/175", "425/200,0/5000" },
  };
  static const PhoneTone tones[] = { PHONE_TONE_DIAL, PHONE_TONE_RING_BACK, PHONE_TONE_BUSY, PHONE_TONE_CONGESTION,
                                     PHONE_TONE_CALL_WAITING };

  for (gsize i = 0; i < G_N_ELEMENTS (plan); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tones); j++)
      g_assert_cmpstr (phone_tone_script_for_country (plan[i][0], tones[j]), ==, plan[i][j + 1]);
}

static void
test_countries_are_found (void)
{
  g_assert_cmpstr (phone_tone_script_for_country ("germany", PHONE_TONE_BUSY), ==, "425/480,0/480");
  g_assert_cmpstr (phone_tone_script_for_country ("Great Britain", PHONE_TONE_CONGESTION), ==,
                   "400/400,0/350,400/225,0/525");
  g_assert_cmpstr (phone_tone_script_for_country ("Custom", PHONE_TONE_DIAL), ==, "350+440");
  g_assert_cmpstr (phone_tone_script_for_country ("Atlantis", PHONE_TONE_RING_BACK), ==, "440+480/2000,0/4000");
  g_assert_cmpstr (phone_tone_script_for_country (NULL, PHONE_TONE_DIAL), ==, "350+440");
  g_assert_null (phone_tone_script_for_country ("Italy", PHONE_TONE_NONE));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tone-script/elements", test_elements);
  g_test_add_func ("/tone-script/refused", test_what_is_refused);
  g_test_add_func ("/tone-script/overlong", test_overlong_script);
  g_test_add_func ("/tone-script/countries", test_every_country_has_every_tone);
  g_test_add_func ("/tone-script/country-found", test_countries_are_found);
  g_test_add_func ("/tone-script/national", test_countries_have_their_tones);
  return g_test_run ();
}
