/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "diagnostics.h"

struct _PhoneDiagnostics
{
  char *file;
  GPtrArray *list; /* PhoneDiagnostic */
  guint n_left_out;
};

static void
diagnostic_free (gpointer data)
{
  PhoneDiagnostic *diagnostic = data;

  g_free (diagnostic->message);
  g_free (diagnostic);
}

/**
 * phone_diagnostics_new:
 * @file: name of the file for the messages
 *
 * Returns: (transfer full): an empty list
 */
PhoneDiagnostics *
phone_diagnostics_new (const char *file)
{
  PhoneDiagnostics *self;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_new0 (PhoneDiagnostics, 1);
  self->file = g_filename_display_name (file);
  self->list = g_ptr_array_new_with_free_func (diagnostic_free);
  return self;
}

/**
 * phone_diagnostics_free:
 * @self: (nullable):
 */
void
phone_diagnostics_free (PhoneDiagnostics *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  g_ptr_array_unref (self->list);
  g_free (self);
}

/**
 * phone_diagnostics_add:
 * @line: from 1, 0 for the whole file
 * @column: from 1, 0 for the whole line
 */
void
phone_diagnostics_add (PhoneDiagnostics *self,
                       PhoneSeverity severity,
                       guint line,
                       guint column,
                       const char *format,
                       ...)
{
  PhoneDiagnostic *diagnostic;
  va_list arguments;

  g_return_if_fail (self != NULL);

  if (self->list->len >= PHONE_MAX_DIAGNOSTICS)
    {
      self->n_left_out++;
      return;
    }
  diagnostic = g_new0 (PhoneDiagnostic, 1);
  diagnostic->severity = severity;
  diagnostic->line = line;
  diagnostic->column = column;
  va_start (arguments, format);
  diagnostic->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->list, diagnostic);
}

/**
 * phone_diagnostics_get_n:
 * Returns: number of messages kept
 */
guint
phone_diagnostics_get_n (const PhoneDiagnostics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->list->len;
}

/**
 * phone_diagnostics_get_n_left_out:
 * Returns: number of messages that were not kept
 */
guint
phone_diagnostics_get_n_left_out (const PhoneDiagnostics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_left_out;
}

/**
 * phone_diagnostics_get:
 * Returns: (transfer none): lives as long as @self
 */
const PhoneDiagnostic *
phone_diagnostics_get (const PhoneDiagnostics *self,
                       guint i)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (i < self->list->len, NULL);

  return g_ptr_array_index (self->list, i);
}

/**
 * phone_diagnostics_count:
 * Returns: number of kept messages at least as severe as @severity
 */
guint
phone_diagnostics_count (const PhoneDiagnostics *self,
                         PhoneSeverity severity)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->list->len; i++)
    if (((const PhoneDiagnostic *) g_ptr_array_index (self->list, i))->severity >= severity)
      n++;
  return n;
}

/**
 * phone_diagnostics_format:
 * Returns: (transfer full): one line as compilers write it: "phone.cfg:12:3: warning: …"
 */
char *
phone_diagnostics_format (const PhoneDiagnostics *self,
                          guint i)
{
  const PhoneDiagnostic *diagnostic = phone_diagnostics_get (self, i);
  const char *severity;

  g_return_val_if_fail (diagnostic != NULL, NULL);

  severity = phone_severity_to_string (diagnostic->severity);
  if (diagnostic->line == 0)
    return g_strdup_printf ("%s: %s: %s", self->file, severity, diagnostic->message);
  if (diagnostic->column == 0)
    return g_strdup_printf ("%s:%u: %s: %s", self->file, diagnostic->line, severity, diagnostic->message);
  return g_strdup_printf ("%s:%u:%u: %s: %s", self->file, diagnostic->line, diagnostic->column, severity,
                          diagnostic->message);
}

/**
 * phone_severity_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_severity_to_string (PhoneSeverity severity)
{
  switch (severity)
    {
    case PHONE_SEVERITY_NOTE:
      return "note";
    case PHONE_SEVERITY_WARNING:
      return "warning";
    case PHONE_SEVERITY_ERROR:
      return "error";
    }
  return "?";
}
