/* rooms: exchange */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-locations.h"
#include "exchange-users.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
keep_location (ExchangeLocations *locations,
               const char        *line,
               gint64             now_s)
{
  guint expires_s = (guint) strlen (line) % 3 * 50;
  GPtrArray *bindings;

  if (exchange_locations_may_update (locations, "user", line, "call", (guint32) now_s))
    exchange_locations_update (locations, "user", line, "call", (guint32) now_s, expires_s, now_s);
  bindings = exchange_locations_list (locations, "user", now_s);
  g_assert_true (!bindings || bindings->len <= EXCHANGE_MAX_CONTACTS);
}

/* The first lines are a users file, up to an empty one; then come the parameters of somebody's credentials, which are contacts
 * of a registration as well. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (ExchangeUsers) users = exchange_users_new ("fuzz", 60);
  g_autoptr (ExchangeLocations) locations = exchange_locations_new ();
  g_autofree char *challenge = exchange_users_make_challenge (users, FALSE, 1000);
  g_autofree char *user = NULL;
  char **line = lines;

  g_assert_nonnull (challenge);
  for (; *line && **line; line++)
    {
      g_autoptr (GError) error = NULL;

      if (!exchange_users_add_line (users, *line, &error))
        g_assert_nonnull (error);
    }
  g_assert_cmpuint (exchange_users_count (users), <=, EXCHANGE_MAX_USERS);
  if (*line)
    line++;
  /* Nobody can know a nonce of this process. */
  g_assert_cmpint (exchange_users_check (users, (const char *const *) line, "REGISTER", 1001, &user), !=, EXCHANGE_AUTH_OK);
  for (gint64 now_s = 1; *line; line++, now_s += 20)
    keep_location (locations, *line, now_s);

  return 0;
}
