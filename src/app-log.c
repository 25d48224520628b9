/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-log.h"

#include <stdio.h>
#include <string.h>

#define DOMAIN_PREFIX "deskset-"

gboolean
phone_app_log_is_topic (const char *debug,
                        const char *domain)
{
  g_auto (GStrv) topics = NULL;
  const char *topic;

  if (!debug || !domain || !g_str_has_prefix (domain, "deskset"))
    return FALSE;

  topic = g_str_has_prefix (domain, DOMAIN_PREFIX) ? domain + strlen (DOMAIN_PREFIX) : domain;
  topics = g_strsplit_set (debug, ",; ", -1);

  return g_strv_contains ((const char *const *) topics, "all") || g_strv_contains ((const char *const *) topics, topic);
}

static const char *
find_field (const GLogField *fields,
            gsize            n_fields,
            const char      *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;

  return NULL;
}

static const char *
level_to_string (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "error";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "critical";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  if (level & G_LOG_LEVEL_MESSAGE)
    return "message";
  if (level & G_LOG_LEVEL_INFO)
    return "info";

  return "debug";
}

/* user_data: value of DESKSET_DEBUG, NULL when not set; lives as long as the program. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  const char *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  const char *message = find_field (fields, n_fields, "MESSAGE");
  gboolean quiet = !(level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE));
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *line = NULL;

  if (!domain || !g_str_has_prefix (domain, "deskset"))
    return g_log_writer_default (level, fields, n_fields, NULL);
  if (quiet && !phone_app_log_is_topic (user_data, domain))
    return G_LOG_WRITER_HANDLED;

  now = g_date_time_new_now_local ();
  clock = g_date_time_format (now, "%H:%M:%S");
  line = g_strdup_printf ("%s.%03d %s %s: %s\n", clock, g_date_time_get_microsecond (now) / 1000, domain,
                          level_to_string (level), message ? message : "");
  fputs (line, stderr);
  fflush (stderr);

  return G_LOG_WRITER_HANDLED;
}

void
phone_app_log_install (const char *debug)
{
  /* Standard output is for answers: --list-settings --json. */
  g_log_writer_default_set_use_stderr (TRUE);
  g_log_set_writer_func (write_log, g_strdup (debug), g_free);
}
