/* rooms: engine control */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "link.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A link as a web page may give it. What comes out must fit on a line of SIP. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autofree char *target = phone_link_to_target (text, &error);

  g_assert_true ((target == NULL) == (error != NULL));
  g_assert_true (!target || (target[0] && !strpbrk (target, "\r\n")));
  return 0;
}
