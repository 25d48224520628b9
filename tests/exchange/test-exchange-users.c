/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-users.h"

#include <string.h>

static char *
md5 (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

/* The part of a challenge between name=" and the next quote. */
static char *
quoted (const char *challenge,
        const char *name)
{
  g_autofree char *start = g_strconcat (name, "=\"", NULL);
  const char *at = strstr (challenge, start);

  g_assert_nonnull (at);
  at += strlen (start);
  return g_strndup (at, strcspn (at, "\""));
}

/* Credentials as a phone makes them, with qop and without. */
static GStrv
answer (const char *challenge,
        const char *user,
        const char *password,
        const char *method,
        gboolean    qop)
{
  g_autofree char *nonce = quoted (challenge, "nonce");
  g_autofree char *a1 = g_strdup_printf ("%s:practice:%s", user, password);
  g_autofree char *a2 = g_strdup_printf ("%s:sip:here", method);
  g_autofree char *ha1 = md5 (a1);
  g_autofree char *ha2 = md5 (a2);
  g_autofree char *all = qop ? g_strdup_printf ("%s:%s:00000001:abc:auth:%s", ha1, nonce, ha2)
                             : g_strdup_printf ("%s:%s:%s", ha1, nonce, ha2);
  g_autofree char *response = md5 (all);
  g_autoptr (GPtrArray) params = g_ptr_array_new ();

  g_ptr_array_add (params, g_strdup_printf ("username=\"%s\"", user));
  g_ptr_array_add (params, g_strdup ("realm=\"practice\""));
  g_ptr_array_add (params, g_strdup_printf ("nonce=\"%s\"", nonce));
  g_ptr_array_add (params, g_strdup ("uri=\"sip:here\""));
  g_ptr_array_add (params, g_strdup_printf ("response=\"%s\"", response));
  if (qop)
    {
      g_ptr_array_add (params, g_strdup ("qop=auth"));
      g_ptr_array_add (params, g_strdup ("nc=00000001"));
      g_ptr_array_add (params, g_strdup ("cnonce=\"abc\""));
    }
  g_ptr_array_add (params, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&params), FALSE);
}

static ExchangeUsers *
make_users (void)
{
  ExchangeUsers *users = exchange_users_new ("practice", 60);

  g_assert_true (exchange_users_add_line (users, "1001 my long password", NULL));
  g_assert_true (exchange_users_add_line (users, "1002 x", NULL));
  return users;
}

static ExchangeAuthResult
check (ExchangeUsers *users,
       GStrv          params,
       const char    *method,
       gint64         now_s)
{
  g_autofree char *user = NULL;
  ExchangeAuthResult result = exchange_users_check (users, (const char * const *) params, method, now_s, &user);

  g_assert_true ((result == EXCHANGE_AUTH_OK) == (user != NULL));
  return result;
}

static void
test_right (void)
{
  g_autoptr (ExchangeUsers) users = make_users ();
  g_autofree char *challenge = exchange_users_make_challenge (users, FALSE, 100);

  for (int qop = 0; qop <= 1; qop++)
    {
      g_auto (GStrv) params = answer (challenge, "1001", "my long password", "REGISTER", qop);
      g_autofree char *user = NULL;

      g_assert_cmpint (exchange_users_check (users, (const char * const *) params, "REGISTER", 160, &user), ==,
                       EXCHANGE_AUTH_OK);
      g_assert_cmpstr (user, ==, "1001");
    }
}

static void
test_wrong (void)
{
  g_autoptr (ExchangeUsers) users = make_users ();
  g_autoptr (ExchangeUsers) others = make_users ();
  g_autofree char *challenge = exchange_users_make_challenge (users, FALSE, 100);
  g_auto (GStrv) right = answer (challenge, "1001", "my long password", "REGISTER", TRUE);
  g_auto (GStrv) password = answer (challenge, "1001", "other", "REGISTER", TRUE);
  g_auto (GStrv) unknown = answer (challenge, "1003", "my long password", "REGISTER", TRUE);

  g_assert_cmpint (check (users, right, "REGISTER", 100), ==, EXCHANGE_AUTH_OK);
  g_assert_cmpint (check (users, right, "INVITE", 100), ==, EXCHANGE_AUTH_WRONG);
  g_assert_cmpint (check (users, password, "REGISTER", 100), ==, EXCHANGE_AUTH_WRONG);
  g_assert_cmpint (check (users, unknown, "REGISTER", 100), ==, EXCHANGE_AUTH_WRONG);
  /* A nonce of another run is no nonce. */
  g_assert_cmpint (check (others, right, "REGISTER", 100), ==, EXCHANGE_AUTH_MISSING);
  g_assert_cmpint (check (users, NULL, "REGISTER", 100), ==, EXCHANGE_AUTH_MISSING);
}

static void
test_stale (void)
{
  g_autoptr (ExchangeUsers) users = make_users ();
  g_autofree char *challenge = exchange_users_make_challenge (users, FALSE, 100);
  g_autofree char *stale = exchange_users_make_challenge (users, TRUE, 200);
  g_auto (GStrv) right = answer (challenge, "1001", "my long password", "REGISTER", TRUE);
  g_auto (GStrv) wrong = answer (challenge, "1001", "other", "REGISTER", TRUE);

  g_assert_cmpint (check (users, right, "REGISTER", 161), ==, EXCHANGE_AUTH_STALE);
  /* Who does not know the password is not invited to try again. */
  g_assert_cmpint (check (users, wrong, "REGISTER", 161), ==, EXCHANGE_AUTH_WRONG);
  g_assert_null (strstr (challenge, "stale"));
  g_assert_nonnull (strstr (stale, "stale=true"));
}

static void
test_malformed (void)
{
  g_autoptr (ExchangeUsers) users = make_users ();
  g_autofree char *challenge = exchange_users_make_challenge (users, FALSE, 100);
  const char *without[] = { "username", "uri", "response", "nc", "cnonce" };

  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_auto (GStrv) params = answer (challenge, "1001", "my long password", "REGISTER", TRUE);

      for (guint j = 0; params[j]; j++)
        if (g_str_has_prefix (params[j], without[i]))
          params[j][0] = 'x';
      g_assert_cmpint (check (users, params, "REGISTER", 100), ==, EXCHANGE_AUTH_MALFORMED);
    }
  {
    g_auto (GStrv) params = answer (challenge, "1001", "my long password", "REGISTER", TRUE);
    char *odd[] = { (char *) "realm=\"", (char *) "nonce", (char *) "=", (char *) "", NULL };

    g_free (params[5]);
    params[5] = g_strdup ("qop=auth-int");
    g_assert_cmpint (check (users, params, "REGISTER", 100), ==, EXCHANGE_AUTH_MALFORMED);
    g_assert_cmpint (check (users, odd, "REGISTER", 100), ==, EXCHANGE_AUTH_MISSING);
  }
}

static void
test_lines (void)
{
  const char *bad[] = { "", "user", " password", "user ", "us er", "a\"b c" };
  g_autoptr (ExchangeUsers) users = make_users ();
  g_autoptr (GError) error = NULL;
  g_autofree char *long_line = g_strnfill (300, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) local = NULL;

      if (strcmp (bad[i], "us er") == 0)
        {
          g_assert_true (exchange_users_add_line (users, bad[i], NULL));
          continue;
        }
      g_assert_false (exchange_users_add_line (users, bad[i], &local));
      g_assert_error (local, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  long_line[1] = ' ';
  g_assert_false (exchange_users_add_line (users, long_line, NULL));
  g_assert_false (exchange_users_add_line (users, "1001 again", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_null (strstr (error->message, "again"));
  g_assert_cmpuint (exchange_users_count (users), ==, 3);
}

static void
test_bound (void)
{
  g_autoptr (ExchangeUsers) users = exchange_users_new ("practice", 60);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < EXCHANGE_MAX_USERS; i++)
    {
      g_autofree char *line = g_strdup_printf ("%u x", i);

      g_assert_true (exchange_users_add_line (users, line, NULL));
    }
  g_assert_false (exchange_users_add_line (users, "more x", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/users/right", test_right);
  g_test_add_func ("/exchange/users/wrong", test_wrong);
  g_test_add_func ("/exchange/users/stale", test_stale);
  g_test_add_func ("/exchange/users/malformed", test_malformed);
  g_test_add_func ("/exchange/users/lines", test_lines);
  g_test_add_func ("/exchange/users/bound", test_bound);
  return g_test_run ();
}
