/* rooms: engine */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "dial-target.h"

#include <string.h>

/* What is shown must dial the same again, and what signaling is given must be free of blanks and control characters. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (text, NULL, &error);
  g_autoptr (PhoneDialTarget) again = NULL;
  g_autofree char *wire = NULL;

  g_assert ((target == NULL) == (error != NULL));
  if (target == NULL)
    return 0;
  wire = phone_dial_target_dup_target (target, TRUE);
  for (const char *at = wire; *at != '\0'; at++)
    g_assert_true (g_ascii_isgraph (*at) && strchr ("<>\"#", *at) == NULL);
  g_assert_cmpstr (wire, !=, "");

  again = phone_dial_target_parse (target->number, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->kind, ==, target->kind);
  g_assert_cmpstr (again->user, ==, target->user);
  g_assert_cmpstr (again->host, ==, target->host);
  g_assert_cmpuint (again->port, ==, target->port);
  return 0;
}
