/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "ctl-request.h"

#include "bus-name.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <string.h>

#define MAX_WORDS 64
#define MAX_HOLD_MS 60000
#define MAX_TIMEOUT_S 86400.0

typedef enum {
  OPTION_HELP = 1 << 0,
  OPTION_VERSION = 1 << 1,
  OPTION_PROFILE = 1 << 2,
  OPTION_CONTROL = 1 << 3,
  OPTION_SEQ = 1 << 4,
  OPTION_JSON = 1 << 5,
  OPTION_PNG = 1 << 6,
  OPTION_FACE = 1 << 7,
  OPTION_SCALE = 1 << 8,
  OPTION_HOLD = 1 << 9,
  OPTION_SINCE = 1 << 10,
  OPTION_TIMEOUT = 1 << 11,
  OPTION_FOLLOW = 1 << 12,
  OPTION_SET = 1 << 13,
  OPTION_ATTACH = 1 << 14,
  OPTION_VARIABLES = 1 << 15,
  OPTION_JUNIT = 1 << 16,
  OPTION_PHONE = 1 << 17,
  OPTION_SLOW = 1 << 18,
  OPTION_CHECK = 1 << 19,
  OPTION_VERBOSE = 1 << 20,
  OPTION_BY_HAND = 1 << 21,
  OPTION_CALL = 1 << 22,
  OPTION_TEXT = 1 << 23,
  OPTION_PCAP = 1 << 24,
  OPTION_TRACE = 1 << 25,
} Option;

#define RUN_OPTIONS \
  (OPTION_SET | OPTION_ATTACH | OPTION_VARIABLES | OPTION_JUNIT | OPTION_PHONE | OPTION_SLOW | OPTION_CHECK | OPTION_VERBOSE \
   | OPTION_BY_HAND | OPTION_TRACE)
#define GLOBAL_OPTIONS (OPTION_HELP | OPTION_VERSION | OPTION_PROFILE | OPTION_CONTROL)

static const struct {
  const char *name;
  Option      option;
  gboolean    has_value;
} options[] = {
  { "--help", OPTION_HELP, FALSE },       { "-h", OPTION_HELP, FALSE },         { "--version", OPTION_VERSION, FALSE },
  { "--profile", OPTION_PROFILE, TRUE },  { "--control", OPTION_CONTROL, TRUE }, { "--seq", OPTION_SEQ, FALSE },
  { "--json", OPTION_JSON, FALSE },       { "--png", OPTION_PNG, TRUE },        { "--face", OPTION_FACE, FALSE },
  { "--scale", OPTION_SCALE, TRUE },      { "--hold", OPTION_HOLD, TRUE },      { "--since", OPTION_SINCE, TRUE },
  { "--timeout", OPTION_TIMEOUT, TRUE },  { "--follow", OPTION_FOLLOW, FALSE },
  { "--set", OPTION_SET, TRUE },          { "--attach", OPTION_ATTACH, TRUE },   { "--variables", OPTION_VARIABLES, TRUE },
  { "--junit", OPTION_JUNIT, TRUE },      { "--phone", OPTION_PHONE, TRUE },     { "--slow", OPTION_SLOW, TRUE },
  { "--call", OPTION_CALL, TRUE },        { "--text", OPTION_TEXT, FALSE },      { "--pcap", OPTION_PCAP, TRUE },
  { "--trace", OPTION_TRACE, TRUE },
  { "--check", OPTION_CHECK, FALSE },     { "--verbose", OPTION_VERBOSE, FALSE },
  { "--by-hand", OPTION_BY_HAND, FALSE },
};

static const struct {
  const char      *name;
  PhoneCtlCommand  command;
  guint            min_words;
  guint            max_words;
  guint            options;
} commands[] = {
  { "key", PHONE_CTL_KEY, 1, MAX_WORDS, OPTION_SEQ | OPTION_HOLD },
  { "type", PHONE_CTL_TYPE, 1, 1, OPTION_SEQ },
  { "dial", PHONE_CTL_DIAL, 1, 1, OPTION_SEQ },
  { "answer", PHONE_CTL_ANSWER, 0, 0, OPTION_SEQ },
  { "hangup", PHONE_CTL_HANGUP, 0, 0, OPTION_SEQ },
  { "hook", PHONE_CTL_HOOK, 1, 1, OPTION_SEQ },
  { "screen", PHONE_CTL_SCREEN, 0, 0, OPTION_JSON | OPTION_PNG | OPTION_FACE | OPTION_SCALE },
  { "lamps", PHONE_CTL_LAMPS, 0, 0, OPTION_JSON },
  { "calls", PHONE_CTL_CALLS, 0, 0, OPTION_JSON },
  { "accounts", PHONE_CTL_ACCOUNTS, 0, 0, OPTION_JSON },
  { "counts", PHONE_CTL_COUNTS, 0, 0, OPTION_JSON },
  { "trace", PHONE_CTL_TRACE, 0, 0, OPTION_CALL | OPTION_JSON | OPTION_TEXT | OPTION_PCAP | OPTION_VERBOSE },
  { "events", PHONE_CTL_EVENTS, 0, 0, OPTION_JSON | OPTION_FOLLOW | OPTION_SINCE },
  { "wait", PHONE_CTL_WAIT, 1, 1, OPTION_JSON | OPTION_SINCE | OPTION_TIMEOUT },
  { "seq", PHONE_CTL_SEQ, 0, 0, 0 },
  { "set", PHONE_CTL_SET, 2, 2, OPTION_SEQ },
  { "get", PHONE_CTL_GET, 1, 1, 0 },
  { "command", PHONE_CTL_COMMAND, 1, 1, OPTION_SEQ },
  { "raise", PHONE_CTL_RAISE, 0, 0, 0 },
  { "quit", PHONE_CTL_QUIT, 0, 0, 0 },
  { "run", PHONE_CTL_RUN, 1, MAX_WORDS, RUN_OPTIONS },
};

static gboolean
fail (GError    **error,
      const char *format,
      const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, what);
  return FALSE;
}

static gboolean
parse_number (const char *option,
              const char *text,
              double      minimum,
              double      maximum,
              double     *value,
              GError    **error)
{
  char *end;

  errno = 0;
  *value = g_ascii_strtod (text, &end);
  if (end == text || *end || errno || !(*value >= minimum && *value <= maximum))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("%s takes a number from %g to %g"), option, minimum,
                   maximum);
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_profile (PhoneCtlRequest *self,
              const char      *value,
              GError         **error)
{
  if (!phone_profile_is_valid (value))
    return fail (error, _ ("“%s” is not a profile: 1 to 32 letters, digits and _"), value);
  g_free (self->profile);
  self->profile = g_strdup (value);

  return TRUE;
}

static gboolean
take_numbers (PhoneCtlRequest *self,
              Option           option,
              const char      *value,
              GError         **error)
{
  double number;

  if (option == OPTION_SCALE)
    return parse_number ("--scale", value, 0.25, 8, &self->scale, error);
  if (option == OPTION_CALL)
    {
      if (!parse_number ("--call", value, 1, G_MAXUINT32, &number, error))
        return FALSE;
      self->call = (guint) number;
      return TRUE;
    }
  if (option == OPTION_TIMEOUT)
    return parse_number ("--timeout", value, -1, MAX_TIMEOUT_S, &self->timeout_s, error);
  if (option == OPTION_HOLD || option == OPTION_SLOW)
    {
      if (!parse_number (option == OPTION_HOLD ? "--hold" : "--slow", value, 0, MAX_HOLD_MS, &number, error))
        return FALSE;
      *(option == OPTION_HOLD ? &self->hold_ms : &self->slow_ms) = (guint) number;
      return TRUE;
    }

  /* Larger numbers cannot be told apart as doubles, and no phone gets there. */
  if (!parse_number ("--since", value, -1, 1e15, &number, error))
    return FALSE;
  self->since = (gint64) number;
  return TRUE;
}

static gboolean
take_text (char       **text,
           const char  *option,
           const char  *value,
           GError     **error)
{
  g_free (*text);
  *text = g_strdup (value);

  return value[0] != '\0' || fail (error, _ ("%s takes the name of a file"), option);
}

static gboolean
take_run_option (PhoneCtlRequest *self,
                 Option           option,
                 const char      *value,
                 GError         **error)
{
  switch ((int) option)
    {
    case OPTION_SET:
      g_ptr_array_add (self->sets, g_strdup (value));
      return TRUE;
    case OPTION_ATTACH:
      g_ptr_array_add (self->attach, g_strdup (value));
      return TRUE;
    case OPTION_VARIABLES:
      return take_text (&self->variables, "--variables", value, error);
    case OPTION_JUNIT:
      return take_text (&self->junit, "--junit", value, error);
    case OPTION_TRACE:
      return take_text (&self->trace, "--trace", value, error);
    case OPTION_PHONE:
      return take_text (&self->phone, "--phone", value, error);
    case OPTION_CHECK:
      self->check = TRUE;
      return TRUE;
    case OPTION_VERBOSE:
      self->verbose = TRUE;
      return TRUE;
    case OPTION_BY_HAND:
      self->by_hand = TRUE;
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
take_option (PhoneCtlRequest *self,
             Option           option,
             const char      *value,
             GError         **error)
{
  switch (option)
    {
    case OPTION_HELP:
      self->help = TRUE;
      return TRUE;
    case OPTION_VERSION:
      self->version = TRUE;
      return TRUE;
    case OPTION_PROFILE:
      return take_profile (self, value, error);
    case OPTION_CONTROL:
      g_free (self->control);
      self->control = phone_control_parse_address (value, error);
      return self->control != NULL;
    case OPTION_SEQ:
      self->seq = TRUE;
      return TRUE;
    case OPTION_JSON:
      self->json = TRUE;
      return TRUE;
    case OPTION_FACE:
      self->face = TRUE;
      return TRUE;
    case OPTION_FOLLOW:
      self->follow = TRUE;
      return TRUE;
    case OPTION_PNG:
      return take_text (&self->png, "--png", value, error);
    case OPTION_PCAP:
      return take_text (&self->pcap, "--pcap", value, error);
    case OPTION_TEXT:   /* as it is without */
      return TRUE;
    case OPTION_CALL:
    case OPTION_SCALE:
    case OPTION_HOLD:
    case OPTION_SLOW:
    case OPTION_SINCE:
    case OPTION_TIMEOUT:
      return take_numbers (self, option, value, error);
    case OPTION_SET:
    case OPTION_ATTACH:
    case OPTION_VARIABLES:
    case OPTION_JUNIT:
    case OPTION_TRACE:
    case OPTION_PHONE:
    case OPTION_CHECK:
    case OPTION_VERBOSE:
    case OPTION_BY_HAND:
      return take_run_option (self, option, value, error);
    }

  g_assert_not_reached ();
}

/* Takes the option at arguments[*i], and its value: "--since 5" or "--since=5". */
static gboolean
parse_option (PhoneCtlRequest    *self,
              const char * const *arguments,
              guint              *i,
              guint              *given,
              GError            **error)
{
  const char *argument = arguments[*i];
  gsize length = strcspn (argument, "=");
  const char *value = argument[length] ? argument + length + 1 : NULL;

  for (guint o = 0; o < G_N_ELEMENTS (options); o++)
    {
      if (strlen (options[o].name) != length || strncmp (options[o].name, argument, length) != 0)
        continue;
      if (!options[o].has_value && value)
        return fail (error, _ ("%s takes no value"), options[o].name);
      if (options[o].has_value && !value)
        {
          value = arguments[*i + 1];
          if (!value)
            return fail (error, _ ("%s: a value is missing"), options[o].name);
          (*i)++;
        }
      *given |= options[o].option;
      return take_option (self, options[o].option, value, error);
    }

  return fail (error, _ ("there is no option %s"), argument);
}

/* One form at a time. */
static gboolean
check_forms (guint    given,
             GError **error)
{
  static const struct { guint both; const char *one; const char *other; } forms[] = {
    { OPTION_PNG | OPTION_JSON, "--png", "--json" }, { OPTION_PCAP | OPTION_JSON, "--pcap", "--json" },
    { OPTION_PCAP | OPTION_TEXT, "--pcap", "--text" }, { OPTION_TEXT | OPTION_JSON, "--text", "--json" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if ((given & forms[i].both) == forms[i].both)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("%s takes no %s"), forms[i].one, forms[i].other);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_command (PhoneCtlRequest *self,
               const char      *name,
               guint            given,
               GError         **error)
{
  if (!name)
    return fail (error, "%s", _ ("a command is missing; see desksetctl --help"));

  for (guint c = 0; c < G_N_ELEMENTS (commands); c++)
    {
      if (!g_str_equal (commands[c].name, name))
        continue;
      self->command = commands[c].command;
      if (self->words->len < commands[c].min_words)
        return fail (error, _ ("%s: a word is missing; see desksetctl --help"), name);
      if (self->words->len > commands[c].max_words)
        return fail (error, _ ("%s: too many words; see desksetctl --help"), name);
      for (guint o = 0; o < G_N_ELEMENTS (options); o++)
        if (given & options[o].option & ~(GLOBAL_OPTIONS | commands[c].options))
          {
            g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("%s takes no %s"), name, options[o].name);
            return FALSE;
          }
      return check_forms (given, error);
    }

  return fail (error, _ ("there is no command “%s”; see desksetctl --help"), name);
}

static gboolean
check_words (PhoneCtlRequest *self,
             GError         **error)
{
  for (guint i = 0; i < self->words->len; i++)
    if (!g_utf8_validate (g_ptr_array_index (self->words, i), -1, NULL))
      return fail (error, "%s", _ ("a word is not UTF-8"));
  if (self->command == PHONE_CTL_HOOK)
    {
      const char *word = g_ptr_array_index (self->words, 0);

      if (!g_str_equal (word, "on") && !g_str_equal (word, "off"))
        return fail (error, _ ("hook takes on or off, not “%s”"), word);
    }

  return TRUE;
}

PhoneCtlRequest *
phone_ctl_request_parse (const char * const *arguments,
                         GError            **error)
{
  g_autoptr (PhoneCtlRequest) self = g_new0 (PhoneCtlRequest, 1);
  g_autofree char *name = NULL;
  gboolean only_words = FALSE;
  guint given = 0;

  g_return_val_if_fail (arguments != NULL, NULL);

  self->profile = g_strdup ("");
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->sets = g_ptr_array_new_with_free_func (g_free);
  self->attach = g_ptr_array_new_with_free_func (g_free);
  self->scale = 1;
  self->timeout_s = PHONE_CTL_DEFAULT_TIMEOUT_S;
  self->since = -1;

  for (guint i = 0; arguments[i]; i++)
    {
      if (!only_words && g_str_equal (arguments[i], "--"))
        only_words = TRUE;
      else if (!only_words && arguments[i][0] == '-' && arguments[i][1] != '\0')
        {
          if (!parse_option (self, arguments, &i, &given, error))
            return NULL;
        }
      else if (!name)
        name = g_strdup (arguments[i]);
      else
        g_ptr_array_add (self->words, g_strdup (arguments[i]));
    }
  if (self->help || self->version)
    return g_steal_pointer (&self);
  if (!check_command (self, name, given, error) || !check_words (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
phone_ctl_request_free (PhoneCtlRequest *self)
{
  if (!self)
    return;

  g_free (self->profile);
  g_free (self->control);
  g_free (self->png);
  g_free (self->pcap);
  g_free (self->variables);
  g_free (self->junit);
  g_free (self->trace);
  g_free (self->phone);
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_clear_pointer (&self->attach, g_ptr_array_unref);
  g_free (self);
}
