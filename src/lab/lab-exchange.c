/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-lab"

#include "lab-exchange.h"

#include <json-glib/json-glib.h>

#include <string.h>

#define PROGRAM "deskset-exchange"

struct _PhoneLabExchange {
  GSubprocess *process;
  char        *password;   /* the same for all: they live as long as the window */
  char        *address;
  gint64       port;
};

static const char *const numbers[PHONE_LAB_PHONES] = { "1001", "1002", "1003" };

/**
 * phone_lab_exchange_get_number:
 * @phone: 0 for A
 *
 * Returns: its number at the exchange
 */
const char *
phone_lab_exchange_get_number (guint phone)
{
  g_return_val_if_fail (phone < PHONE_LAB_PHONES, NULL);
  return numbers[phone];
}

/**
 * phone_lab_dup_program:
 * Returns: (transfer full) (nullable): path of a program of ours: beside this one, in its build folder, or on the path
 */
char *
phone_lab_dup_program (const char *name)
{
  static const char *const places[] = { "", "exchange" };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self ? self : "");

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }

  return g_find_program_in_path (name);
}

/* Its first line says where it listens. */
static gboolean
read_ready (PhoneLabExchange  *self,
            GError           **error)
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autofree char *line = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  line = g_data_input_stream_read_line (stream, NULL, NULL, error);
  node = line ? json_from_string (line, error) : NULL;
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    {
      if (error && !*error)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s ended at once", PROGRAM);
      return FALSE;
    }
  object = json_node_get_object (node);
  self->address = g_strdup (json_object_get_string_member_with_default (object, "address", ""));
  self->port = json_object_get_int_member_with_default (object, "port", 0);

  return TRUE;
}

static gboolean
hand_over_users (PhoneLabExchange  *self,
                 GError           **error)
{
  g_autoptr (GString) users = g_string_new (NULL);

  for (guint i = 0; i < PHONE_LAB_PHONES; i++)
    g_string_append_printf (users, "%s %s\n", numbers[i], self->password);
  g_string_append_c (users, '\n');

  return g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), users->str, users->len, NULL, NULL, error);
}

/**
 * phone_lab_exchange_new:
 * Returns: (transfer full) (nullable): an exchange that is ready, on the loopback; %NULL with @error
 */
PhoneLabExchange *
phone_lab_exchange_new (GError **error)
{
  g_autoptr (PhoneLabExchange) self = g_new0 (PhoneLabExchange, 1);
  g_autofree char *program = phone_lab_dup_program (PROGRAM);

  if (!program)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is not installed", PROGRAM);
      return NULL;
    }
  self->password = g_uuid_string_random ();
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, NULL);
  if (!self->process || !hand_over_users (self, error) || !read_ready (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* It ends when its input is closed. */
void
phone_lab_exchange_free (PhoneLabExchange *self)
{
  if (!self)
    return;

  if (self->process)
    {
      g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
      g_subprocess_send_signal (self->process, 15);
      g_subprocess_wait (self->process, NULL, NULL);
    }
  g_clear_object (&self->process);
  g_free (self->password);
  g_free (self->address);
  g_free (self);
}

/**
 * phone_lab_exchange_fill:
 * @variables: (element-type utf8 utf8): gets what the flows want to know of the exchange and its users
 */
void
phone_lab_exchange_fill (PhoneLabExchange *self,
                         GHashTable       *variables)
{
  g_return_if_fail (self && variables);

  g_hash_table_insert (variables, g_strdup ("server"), g_strdup (self->address));
  g_hash_table_insert (variables, g_strdup ("port"), g_strdup_printf ("%" G_GINT64_FORMAT, self->port));
  g_hash_table_insert (variables, g_strdup ("bind"), g_strdup (self->address));
  for (guint i = 0; i < PHONE_LAB_PHONES; i++)
    {
      g_hash_table_insert (variables, g_strdup_printf ("%c.number", 'A' + i), g_strdup (numbers[i]));
      g_hash_table_insert (variables, g_strdup_printf ("%c.password", 'A' + i), g_strdup (self->password));
    }
}
