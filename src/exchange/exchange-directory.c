/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-exchange"

#include "exchange-directory.h"

#include <glib/gi18n.h>
#include <string.h>

/* The extensions of a newcomer's first calls; from 650 on what tests need to see how a phone takes it. */
static const ExchangeRobot robots[] = {
  { "600", N_("Echo"), N_("You hear yourself."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER }, { EXCHANGE_STEP_ECHO } } },
  { "601", N_("Music"), N_("Plays music until you hang up."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } } },
  { "602", N_("Busy"), N_("Is always busy."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 486 } } },
  { "603", N_("Never answers"), N_("Rings until you give up."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 } } },
  { "604", N_("Answers late"), N_("Rings for four seconds, then answers."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 4000 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } } },
  { "605", N_("Has moved"), N_("Sends you on to Echo."), FALSE, FALSE,
    { { EXCHANGE_STEP_REDIRECT, 302, "600" } } },
  { "606", N_("Calls back"), N_("Hang up and it calls you after three seconds."), TRUE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING } } },
  { "607", N_("Hangs up"), N_("Answers and hangs up after five seconds."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING }, { EXCHANGE_STEP_WAIT, 3500 },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GOODBYE }, { EXCHANGE_STEP_HANG_UP } } },
  { "608", N_("Asks for digits"), N_("After the tones press 1 2 3 4 #; then music plays."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_ASK, 0, "1234" }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_RIGHT },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } } },
  { "609", N_("Early music"), N_("You hear music before it answers."), FALSE, FALSE,
    { { EXCHANGE_STEP_EARLY }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING },
      { EXCHANGE_STEP_WAIT, 2500 }, { EXCHANGE_STEP_ANSWER }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } } },
  { "610", N_("Rejects"), N_("Does not want to talk."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 1000 }, { EXCHANGE_STEP_RESPOND, 603 } } },
  { "611", N_("Away"), N_("Exists, but is not there now."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 480 } } },
  { "612", N_("Not found"), N_("A number that nobody has."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 404 } } },
  { "613", N_("Holds you"), N_("Holds your call and takes it back, again and again."), FALSE, FALSE,
    { { EXCHANGE_STEP_RESPOND, 180 }, { EXCHANGE_STEP_WAIT, 500 }, { EXCHANGE_STEP_ANSWER },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING }, { EXCHANGE_STEP_HOLD }, { EXCHANGE_STEP_WAIT, 4000 },
      { EXCHANGE_STEP_RESUME }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } } },
  { "614", N_("Refuses after music"), N_("Plays before it answers, then refuses."), FALSE, FALSE,
    { { EXCHANGE_STEP_EARLY }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GREETING },
      { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_GOODBYE }, { EXCHANGE_STEP_RESPOND, 480 } } },
  { "650", "503", "503 Service Unavailable", FALSE, TRUE, { { EXCHANGE_STEP_RESPOND, 503 } } },
  { "651", "500", "500 Internal Server Error", FALSE, TRUE, { { EXCHANGE_STEP_RESPOND, 500 } } },
  { "652", "Silence", "Nothing after 100 Trying", FALSE, TRUE, { { EXCHANGE_STEP_END } } },
  { "653", "407 loop", "Challenges each request anew", FALSE, TRUE,
    { { EXCHANGE_STEP_CHALLENGE, 407, "Digest realm=\"loop\", nonce=\"%08x\", algorithm=MD5, qop=\"auth\"" } } },
  { "654", "488", "488 Not Acceptable Here", FALSE, TRUE, { { EXCHANGE_STEP_RESPOND, 488 } } },
  { "655", "606", "606 Not Acceptable", FALSE, TRUE, { { EXCHANGE_STEP_RESPOND, 606 } } },
  { "656", "SHA-256", "Challenges with SHA-256 only", FALSE, TRUE,
    { { EXCHANGE_STEP_CHALLENGE, 407, "Digest realm=\"sha\", nonce=\"%08x\", algorithm=SHA-256, qop=\"auth\"" } } },
  { "657", "Tone", "Answers at once with 440 Hz", FALSE, TRUE,
    { { EXCHANGE_STEP_ANSWER }, { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_TONE } } },
  { "658", "Flash", "Answers and hangs up at once", FALSE, TRUE, { { EXCHANGE_STEP_ANSWER }, { EXCHANGE_STEP_HANG_UP } } },
  { "659", "Offerless", "Answers, echoes, asks for a new offer after two seconds", FALSE, TRUE,
    { { EXCHANGE_STEP_ANSWER }, { EXCHANGE_STEP_ECHO }, { EXCHANGE_STEP_WAIT, 2000 }, { EXCHANGE_STEP_OFFERLESS } } },
  { NULL }
};

static const ExchangeRobot call_back = {
  "606", N_("Calls back"), "", FALSE, TRUE, { { EXCHANGE_STEP_SOUND, EXCHANGE_SOUND_MUSIC } }
};

static void
append_json_string (GString    *line,
                    const char *text)
{
  g_string_append_c (line, '"');
  for (; *text; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_printf (line, "\\%c", *text);
      else if ((guchar) *text < 0x20)
        g_string_append_printf (line, "\\u%04x", *text);
      else
        g_string_append_c (line, *text);
    }
  g_string_append_c (line, '"');
}

const ExchangeRobot *
exchange_directory_get (void)
{
  return robots;
}

const ExchangeRobot *
exchange_directory_find (const char *number)
{
  for (const ExchangeRobot *robot = robots; number && robot->number; robot++)
    if (strcmp (robot->number, number) == 0)
      return robot;

  return NULL;
}

const ExchangeRobot *
exchange_directory_get_call_back (void)
{
  return &call_back;
}

const char *
exchange_robot_get_name (const ExchangeRobot *robot)
{
  g_return_val_if_fail (robot, NULL);

  return robot->for_tests ? robot->name : _(robot->name);
}

const char *
exchange_robot_get_help (const ExchangeRobot *robot)
{
  g_return_val_if_fail (robot, NULL);

  return robot->for_tests ? robot->help : _(robot->help);
}

char *
exchange_directory_format_ready (const char *address,
                                 guint       port)
{
  g_autoptr (GString) line = g_string_new ("{\"ready\":true,\"address\":");

  g_return_val_if_fail (address, NULL);

  append_json_string (line, address);
  g_string_append_printf (line, ",\"port\":%u,\"extensions\":[", port);
  for (const ExchangeRobot *robot = robots; robot->number; robot++)
    {
      if (robot->for_tests)
        continue;
      g_string_append (line, robot == robots ? "{\"number\":" : ",{\"number\":");
      append_json_string (line, robot->number);
      g_string_append (line, ",\"name\":");
      append_json_string (line, exchange_robot_get_name (robot));
      g_string_append (line, ",\"help\":");
      append_json_string (line, exchange_robot_get_help (robot));
      g_string_append_c (line, '}');
    }
  g_string_append (line, "]}");

  return g_string_free (g_steal_pointer (&line), FALSE);
}

char *
exchange_directory_format_table (void)
{
  g_autoptr (GString) table = g_string_new (NULL);
  glong widest = 0;

  for (const ExchangeRobot *robot = robots; robot->number; robot++)
    widest = MAX (widest, g_utf8_strlen (exchange_robot_get_name (robot), -1));
  for (const ExchangeRobot *robot = robots; robot->number; robot++)
    {
      const char *name = exchange_robot_get_name (robot);

      g_string_append_printf (table, "%s  %s%*s  %s\n", robot->number, name,
                              (int) (widest - g_utf8_strlen (name, -1)), "", exchange_robot_get_help (robot));
    }

  return g_string_free (g_steal_pointer (&table), FALSE);
}
