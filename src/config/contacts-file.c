/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-config"

#include "contacts-file.h"

#include <string.h>

#define MAX_DEPTH 16
#define MAX_TEXT_BYTES 256

/* GMarkup knows no document types and no entities of a file's own, so that a short file cannot grow while it is read. */
typedef struct
{
  GPtrArray *contacts;
  PhoneDiagnostics *diagnostics;
  guint n_contacts;
  guint depth;
} Reader;

static const char *
find_attribute (const char **names,
                const char **values,
                const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return values[i];
  return "";
}

static void
note (Reader *reader,
      GMarkupParseContext *context,
      const char *message)
{
  int line;
  int column;

  g_markup_parse_context_get_position (context, &line, &column);
  phone_diagnostics_add (reader->diagnostics, PHONE_SEVERITY_WARNING, (guint) line, (guint) column, "%s", message);
}

/* -1 or nothing: whichever account; the others are counted from 0. */
static gboolean
parse_line_number (const char *text,
                   guint *account)
{
  gint64 line = -1;

  if (text[0] != '\0' && !g_ascii_string_to_signed (text, 10, -1, PHONE_MAX_ACCOUNTS - 1, &line, NULL))
    return FALSE;
  *account = (guint) (line + 1);
  return TRUE;
}

static void
add_contact (Reader *reader,
             GMarkupParseContext *context,
             const char **names,
             const char **values)
{
  static const char *const number_names[] = { "office_number", "mobile_number", "other_number" };
  const char *name = find_attribute (names, values, "display_name");
  const char *group = find_attribute (names, values, "group_id_name");
  guint account = 0;
  gboolean has_number = FALSE;

  if (reader->n_contacts++ == PHONE_CONTACTS_MAX)
    note (reader, context, "the directory is full; the contacts from here on are left out");
  if (reader->n_contacts > PHONE_CONTACTS_MAX)
    return;
  if (!parse_line_number (find_attribute (names, values, "line"), &account))
    note (reader, context, "the line is not a number from -1 to 15; any account is used");
  if (strlen (name) > MAX_TEXT_BYTES || strlen (group) > MAX_TEXT_BYTES)
    {
      note (reader, context, "the name is too long; the contact is left out");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (number_names); i++)
    {
      const char *number = find_attribute (names, values, number_names[i]);

      if (number[0] == '\0' || strlen (number) > MAX_TEXT_BYTES)
        continue;
      has_number = TRUE;
      g_ptr_array_add (reader->contacts, phone_contact_new (name[0] != '\0' ? name : number, number, account, group));
    }
  if (!has_number)
    note (reader, context, "the contact has no number and is left out");
}

static void
on_start_element (GMarkupParseContext *context,
                  const char *element,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  Reader *reader = user_data;

  if (++reader->depth > MAX_DEPTH)
    g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "the elements are nested too deeply");
  else if (strcmp (element, "contact") == 0)
    add_contact (reader, context, names, values);
}

static void
on_end_element (GMarkupParseContext *context,
                const char *element,
                gpointer user_data,
                GError **error)
{
  Reader *reader = user_data;

  reader->depth--;
}

/**
 * phone_contacts_parse:
 * @diagnostics: gets an error when the file breaks off, a warning for each contact that is left out
 *
 * Returns: (transfer full) (element-type PhoneContact): what could be read, in the order of the file
 */
GPtrArray *
phone_contacts_parse (const char *data,
                      gsize length,
                      PhoneDiagnostics *diagnostics)
{
  static const GMarkupParser parser = { .start_element = on_start_element, .end_element = on_end_element };
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
  Reader reader = { .contacts = contacts, .diagnostics = diagnostics };
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (data != NULL || length == 0, contacts);
  g_return_val_if_fail (diagnostics != NULL, contacts);

  if (length > PHONE_CONTACTS_MAX_BYTES)
    {
      phone_diagnostics_add (diagnostics, PHONE_SEVERITY_ERROR, 0, 0, "the file is larger than %d bytes and is not read",
                             PHONE_CONTACTS_MAX_BYTES);
      return contacts;
    }
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  if (!g_markup_parse_context_parse (context, data != NULL ? data : "", (gssize) length, &error)
      || !g_markup_parse_context_end_parse (context, &error))
    {
      int line;
      int column;

      g_markup_parse_context_get_position (context, &line, &column);
      phone_diagnostics_add (diagnostics, PHONE_SEVERITY_ERROR, (guint) line, (guint) column, "%s", error->message);
    }
  return contacts;
}
