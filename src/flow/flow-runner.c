/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-flow"

#include "flow-runner.h"

#include "flow-phone.h"
#include "flow-sound.h"

#include <string.h>

/* A wait is made of shorter ones, so that somebody who stops it need not wait as well. */
#define SLICE_MS 500
#define LISTEN_MS 100
#define SETTLE_MS 400

typedef struct {
  const PhoneFlowScript  *script;
  const PhoneFlowOptions *options;
  GPtrArray              *phones;    /* (element-type PhoneFlowPhone) */
  GPtrArray              *results;   /* (element-type PhoneFlowResult) */
  guint                  *rounds;    /* of each REPEAT, left */
  gint64                  began_us;  /* the heading that runs */
} Run;

static void
free_result (gpointer data)
{
  PhoneFlowResult *result = data;

  g_free (result->name);
  g_free (result->file);
  g_free (result->message);
  g_free (result->report);
  g_free (result);
}

static gboolean
is_stopped (const Run *self)
{
  return self->options->stop && *self->options->stop;
}

static gboolean
fail (GError     **error,
      const char  *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError     **error,
      const char  *format,
      ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, message);

  return FALSE;
}

static void
watch (const Run *self)
{
  if (self->options->watch)
    self->options->watch (self->options->user_data);
}

static void
rest (const Run *self,
      guint      ms)
{
  gint64 end_us = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;

  for (gint64 left = ms; left > 0 && !is_stopped (self); left = (end_us - g_get_monotonic_time ()) / 1000)
    {
      g_usleep ((gulong) MIN (left, SLICE_MS) * 1000);
      watch (self);
    }
}

/* ---- checks ---- */

/* A colon and a backslash mean something in a condition's words, but not in its texts, which are taken to the end. */
static gboolean
check_condition (Run                  *self,
                 PhoneFlowPhone       *phone,
                 const PhoneFlowStep  *step,
                 const char           *condition,
                 GError              **error)
{
  gint64 end_us = g_get_monotonic_time () + step->limit_ms * G_TIME_SPAN_MILLISECOND;
  gboolean since_action = step->kind == PHONE_FLOW_WAIT;

  while (TRUE)
    {
      gint64 left_ms = (end_us - g_get_monotonic_time ()) / 1000;
      gboolean met = FALSE;

      if (!phone_flow_phone_wait (phone, condition, since_action, self->options->by_hand ? SLICE_MS : (guint) CLAMP (left_ms, 0, SLICE_MS),
                                  &met, error))
        return FALSE;
      watch (self);
      if (met)
        return TRUE;
      if ((left_ms <= 0 && !self->options->by_hand) || is_stopped (self))
        return fail (error, "%s: %s: not within %g s", phone_flow_phone_get_name (phone), condition, step->limit_ms / 1000.0);
    }
}

static gboolean
check_each (Run                  *self,
            PhoneFlowPhone       *phone,
            const PhoneFlowStep  *step,
            const char           *prefix,
            GError              **error)
{
  for (char **word = step->words; *word; word++)
    {
      g_autofree char *condition = g_strconcat (prefix, *word, NULL);

      if (!check_condition (self, phone, step, condition, error))
        return FALSE;
    }

  return TRUE;
}

static void
add_tone (GArray *tones,
          guint   hz)
{
  for (guint i = 0; i < tones->len; i++)
    if (g_array_index (tones, guint, i) == hz)
      return;
  g_array_append_val (tones, hz);
}

static gboolean
has_tone (const GArray *tones,
          guint         hz)
{
  for (guint i = 0; i < tones->len; i++)
    if (g_array_index (tones, guint, i) == hz)
      return TRUE;

  return FALSE;
}

/* The tones of the step, and those of all phones beside them. */
static void
sort_tones (Run                 *self,
            const PhoneFlowStep *step,
            GArray              *wanted,
            GArray              *others)
{
  for (char **word = step->words; *word && !g_str_equal (*word, "nothing"); word++)
    add_tone (wanted, (guint) g_ascii_strtoull (*word, NULL, 10));
  for (guint i = 0; i < self->script->parts->len; i++)
    {
      const PhoneFlowPart *part = g_ptr_array_index (self->script->parts, i);

      if (part->tone_hz && !has_tone (wanted, part->tone_hz))
        add_tone (others, part->tone_hz);
    }
}

static gboolean
check_hears (Run                  *self,
             PhoneFlowPhone       *phone,
             const PhoneFlowStep  *step,
             GError              **error)
{
  const char *path = phone_flow_phone_get_output (phone);
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GString) found = g_string_new (NULL);
  gint64 end_us = g_get_monotonic_time () + step->limit_ms * G_TIME_SPAN_MILLISECOND;
  goffset since;

  /* What a phone hears that ran before goes to a person's ears, and nowhere else. */
  if (!path)
    return TRUE;
  sort_tones (self, step, wanted, others);
  since = phone_flow_sound_get_size (path);
  /* That nothing is heard takes a while to know. */
  rest (self, SETTLE_MS);
  do
    {
      if (phone_flow_sound_hears (path, since, (const guint *) wanted->data, wanted->len, (const guint *) others->data,
                                  others->len, found))
        return TRUE;
      rest (self, LISTEN_MS);
    }
  while ((g_get_monotonic_time () < end_us || self->options->by_hand) && !is_stopped (self));

  return fail (error, "%s hears other than wanted after %g s: %s (1 = full scale)", phone_flow_phone_get_name (phone),
               step->limit_ms / 1000.0, found->str);
}

static gboolean
check (Run                  *self,
       PhoneFlowPhone       *phone,
       const PhoneFlowStep  *step,
       GError              **error)
{
  g_autofree char *lamp = NULL;

  switch (step->kind)
    {
    case PHONE_FLOW_WAIT:
      return check_each (self, phone, step, "", error);
    case PHONE_FLOW_LCD:
      return check_each (self, phone, step, "screen:", error);
    case PHONE_FLOW_NO_LCD:
      return check_each (self, phone, step, "!screen:", error);
    case PHONE_FLOW_SOFTKEYS:
      return check_each (self, phone, step, "softkeys:", error);
    case PHONE_FLOW_PAGE:
      return check_each (self, phone, step, "page:", error);
    case PHONE_FLOW_ICON:
      return check_each (self, phone, step, "icon:", error);
    case PHONE_FLOW_NO_ICON:
      return check_each (self, phone, step, "!icon:", error);
    case PHONE_FLOW_LAMP:
      lamp = g_strdup_printf ("lamp:%s:%s", step->words[0], step->words[1]);
      return check_condition (self, phone, step, lamp, error);
    case PHONE_FLOW_IDLE:
      return check_condition (self, phone, step, "idle", error);
    case PHONE_FLOW_HEARS:
      return check_hears (self, phone, step, error);
    default:
      g_assert_not_reached ();
    }
}

/* ---- actions ---- */

static gboolean
press (PhoneFlowPhone  *phone,
       GPtrArray       *ids,
       GError         **error)
{
  GVariant *keys = g_variant_new_strv ((const char *const *) ids->pdata, ids->len);

  return phone_flow_phone_act (phone, "Key", g_variant_new ("(@asu)", keys, 0), error);
}

static gboolean
press_all (Run             *self,
           PhoneFlowPhone  *phone,
           GPtrArray       *ids,
           GError         **error)
{
  if (!self->options->slow_ms)
    return press (phone, ids, error);

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, g_ptr_array_index (ids, i));
      if (!press (phone, one, error))
        return FALSE;
      rest (self, self->options->slow_ms);
    }

  return TRUE;
}

static gboolean
press_number (Run             *self,
              PhoneFlowPhone  *phone,
              const char      *number,
              GError         **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (const char *p = number; *p; p++)
    g_ptr_array_add (ids, *p == '#' ? g_strdup ("POUND") : g_strndup (p, 1));

  return press_all (self, phone, ids, error);
}

/* The soft key with this label, as soon as there is one. */
static gboolean
press_soft (Run                  *self,
            PhoneFlowPhone       *phone,
            const PhoneFlowStep  *step,
            GError              **error)
{
  g_autofree char *condition = g_strconcat ("softkey:", step->words[0], NULL);
  g_autofree char *key = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  if (!check_condition (self, phone, step, condition, error))
    return FALSE;
  key = phone_flow_phone_dup_softkey (phone, step->words[0]);
  if (!key)
    return fail (error, "%s: the soft key %s has gone again", phone_flow_phone_get_name (phone), step->words[0]);
  g_ptr_array_add (ids, key);

  return press_all (self, phone, ids, error);
}

static gboolean
press_words (Run                  *self,
             PhoneFlowPhone       *phone,
             const PhoneFlowStep  *step,
             GError              **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (char **word = step->words; *word; word++)
    g_ptr_array_add (ids, *word);

  return press_all (self, phone, ids, error);
}

/* What somebody at the phone can do. */
static gboolean
is_done_by_hand (PhoneFlowKind kind)
{
  return kind >= PHONE_FLOW_KEY && kind <= PHONE_FLOW_COMMAND;
}

static gboolean
act (Run                  *self,
     PhoneFlowPhone       *phone,
     const PhoneFlowStep  *step,
     GError              **error)
{
  const char *word = step->words[0];

  if (self->options->by_hand && is_done_by_hand (step->kind))
    return phone_flow_phone_set_mark (phone, error);

  switch (step->kind)
    {
    case PHONE_FLOW_SETTING:
      return phone_flow_phone_set (phone, word, step->words[1], error);
    case PHONE_FLOW_KEY:
      return press_words (self, phone, step, error);
    case PHONE_FLOW_NUMBER:
      return press_number (self, phone, word, error);
    case PHONE_FLOW_SOFT:
      return press_soft (self, phone, step, error);
    case PHONE_FLOW_TYPE:
      return phone_flow_phone_act (phone, "Type", g_variant_new ("(s)", word), error);
    case PHONE_FLOW_DIAL:
      return phone_flow_phone_act (phone, "Dial", g_variant_new ("(s)", word), error);
    case PHONE_FLOW_ANSWER:
      return phone_flow_phone_act (phone, "Answer", NULL, error);
    case PHONE_FLOW_HANGUP:
      return phone_flow_phone_act (phone, "Hangup", NULL, error);
    case PHONE_FLOW_HOOK:
      return phone_flow_phone_act (phone, "Hook", g_variant_new ("(b)", g_str_equal (word, "off")), error);
    case PHONE_FLOW_COMMAND:
      return phone_flow_phone_act (phone, "Command", g_variant_new ("(s)", word), error);
    default:
      return check (self, phone, step, error);
    }
}

static gboolean
start_one (Run             *self,
           PhoneFlowPhone  *phone,
           GError         **error)
{
  const char *name = phone_flow_phone_get_name (phone);
  const char *where = self->options->attach ? g_hash_table_lookup (self->options->attach, name) : NULL;

  if (phone_flow_phone_is_there (phone))
    return TRUE;
  if (!where)
    return phone_flow_phone_start (phone, self->options->program, NULL, error);
  if (phone_flow_phone_attach (phone, where, self->options->app_id, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);

  return FALSE;
}

static gboolean
start_all (Run     *self,
           GError **error)
{
  for (guint i = 0; i < self->phones->len; i++)
    if (!start_one (self, g_ptr_array_index (self->phones, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
do_for_phones (Run                  *self,
               const PhoneFlowStep  *step,
               GError              **error)
{
  for (guint i = 0; i < self->phones->len; i++)
    {
      PhoneFlowPhone *phone = g_ptr_array_index (self->phones, i);

      if (step->phone != PHONE_FLOW_ALL && step->phone != i)
        continue;
      /* A phone that was never started has no settings but those of its file; everything else starts it. */
      if (step->kind != PHONE_FLOW_SETTING && !start_one (self, phone, error))
        return FALSE;
      if (!act (self, phone, step, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
do_step (Run                  *self,
         const PhoneFlowStep  *step,
         GError              **error)
{
  switch ((int) step->kind)
    {
    case PHONE_FLOW_STEP:
    case PHONE_FLOW_REPEAT:
    case PHONE_FLOW_END:
      return TRUE;
    case PHONE_FLOW_START:
      return start_all (self, error);
    case PHONE_FLOW_PAUSE:
      rest (self, step->number);
      return TRUE;
    default:
      return do_for_phones (self, step, error);
    }
}

/* ---- headings ---- */

static PhoneFlowResult *
add_result (Run         *self,
            const char  *name,
            const char  *file,
            guint        line)
{
  PhoneFlowResult *result = g_new0 (PhoneFlowResult, 1);

  result->name = g_strdup (name);
  result->file = g_strdup (file);
  result->line = line;
  result->outcome = PHONE_FLOW_NOT_RUN;
  g_ptr_array_add (self->results, result);

  return result;
}

static void
finish_result (Run              *self,
               PhoneFlowResult  *result,
               PhoneFlowOutcome  outcome)
{
  if (!result)
    return;

  result->outcome = outcome;
  result->seconds += (double) (g_get_monotonic_time () - self->began_us) / G_USEC_PER_SEC;
}

static PhoneFlowResult *
find_result (const Run            *self,
             const PhoneFlowStep  *step)
{
  for (guint i = 0; i < self->results->len; i++)
    {
      PhoneFlowResult *result = g_ptr_array_index (self->results, i);

      if (result->line == step->line && g_str_equal (result->file, step->file))
        return result;
    }

  return NULL;
}

/* All headings are known before anything happens, so that those which are not reached are told as well. */
static void
collect_headings (Run *self)
{
  add_result (self, "Preparation", "", 0);
  for (guint i = 0; i < self->script->steps->len; i++)
    {
      const PhoneFlowStep *step = g_ptr_array_index (self->script->steps, i);

      if (step->kind == PHONE_FLOW_STEP && !find_result (self, step))
        add_result (self, step->words[0], step->file, step->line);
    }
}

static void
note_failure (Run                  *self,
              PhoneFlowResult      *result,
              const PhoneFlowStep  *step,
              const GError         *error)
{
  GString *report = g_string_new (NULL);

  for (guint i = 0; i < self->phones->len; i++)
    {
      PhoneFlowPhone *phone = g_ptr_array_index (self->phones, i);
      g_autofree char *text = phone_flow_phone_dup_report (phone);

      if (text[0])
        g_string_append_printf (report, "%s:\n%s", phone_flow_phone_get_name (phone), text);
    }
  finish_result (self, result, PHONE_FLOW_FAILED);
  result->message = g_strdup_printf ("%s:%u: %s: %s", step->file, step->line, step->text,
                                     is_stopped (self) ? "stopped" : error->message);
  result->report = g_string_free (report, FALSE);
}

/* Where it goes on after the step. */
static guint
next_index (Run                  *self,
            const PhoneFlowStep  *step,
            guint                 i)
{
  if (step->kind == PHONE_FLOW_REPEAT)
    self->rounds[i] = step->number;
  else if (step->kind == PHONE_FLOW_END && --self->rounds[step->partner] > 0)
    return step->partner + 1;

  return i + 1;
}

/* Returns: the heading that ran last */
static PhoneFlowResult *
play (Run *self)
{
  PhoneFlowResult *result = g_ptr_array_index (self->results, 0);
  guint i = 0;

  while (i < self->script->steps->len)
    {
      const PhoneFlowStep *step = g_ptr_array_index (self->script->steps, i);
      g_autoptr (GError) error = NULL;

      if (self->options->progress)
        self->options->progress (step, self->options->user_data);
      if (step->kind == PHONE_FLOW_STEP)
        {
          finish_result (self, result, PHONE_FLOW_PASSED);
          self->began_us = g_get_monotonic_time ();
          result = find_result (self, step);
        }
      if (is_stopped (self) || !do_step (self, step, &error))
        {
          note_failure (self, result, step, error);
          return result;
        }
      i = next_index (self, step, i);
    }
  finish_result (self, result, PHONE_FLOW_PASSED);

  return result;
}

/* What the phones have said to each other: FOLDER/FLOW-PHONE.json. */
static gboolean
write_traces (Run     *self,
              GError **error)
{
  g_autofree char *file = g_path_get_basename (self->script->file);

  if (g_str_has_suffix (file, ".flow"))
    file[strlen (file) - strlen (".flow")] = '\0';
  for (guint i = 0; i < self->phones->len; i++)
    {
      PhoneFlowPhone *phone = g_ptr_array_index (self->phones, i);
      g_autofree char *path = g_strdup_printf ("%s/%s-%s.json", self->options->trace, file, phone_flow_phone_get_name (phone));
      g_autofree char *json = NULL;

      if (!phone_flow_phone_is_there (phone))
        continue;
      json = phone_flow_phone_dup_trace (phone, error);
      if (!json || !g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
        return FALSE;
    }

  return TRUE;
}

static void
keep_traces (Run              *self,
             PhoneFlowResult  *last)
{
  g_autoptr (GError) error = NULL;

  if (!self->options->trace || write_traces (self, &error) || last->outcome == PHONE_FLOW_FAILED)
    return;
  last->outcome = PHONE_FLOW_FAILED;
  last->message = g_strdup (error->message);
}

/* A phone that ends badly makes the flow fail, whatever went before. */
static void
end_phones (Run              *self,
            PhoneFlowResult  *last)
{
  for (guint i = 0; i < self->phones->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (phone_flow_phone_end (g_ptr_array_index (self->phones, i), &error) || last->outcome == PHONE_FLOW_FAILED)
        continue;
      last->outcome = PHONE_FLOW_FAILED;
      last->message = g_strdup (error->message);
    }
}

/**
 * phone_flow_run:
 * @script: a flow
 *
 * Plays it: starts its phones, does one step after the other, ends the phones. Stops at the first step that fails.
 *
 * Returns: (transfer full) (element-type PhoneFlowResult): one for what comes before the first heading, and one for each
 */
GPtrArray *
phone_flow_run (const PhoneFlowScript  *script,
                const PhoneFlowOptions *options)
{
  g_autofree guint *rounds = NULL;
  g_autoptr (GPtrArray) phones = g_ptr_array_new_with_free_func (g_object_unref);
  Run self = { script, options, phones, NULL, NULL, g_get_monotonic_time () };
  PhoneFlowResult *last;

  g_return_val_if_fail (script && options, NULL);

  rounds = g_new0 (guint, script->steps->len + 1);
  self.rounds = rounds;
  self.results = g_ptr_array_new_with_free_func (free_result);
  for (guint i = 0; i < script->parts->len; i++)
    {
      const PhoneFlowPart *part = g_ptr_array_index (script->parts, i);

      g_ptr_array_add (phones, phone_flow_phone_new (part->name, part->bind, part->tone_hz));
    }
  collect_headings (&self);
  last = play (&self);
  keep_traces (&self, last);
  end_phones (&self, last);

  return self.results;
}
