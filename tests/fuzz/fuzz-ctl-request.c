/* rooms: control */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ctl-request.h"

#include <stddef.h>
#include <stdint.h>

/* A command line of desksetctl, one word a line. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) words = g_strsplit (text, "\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneCtlRequest) request = phone_ctl_request_parse ((const char *const *) words, &error);

  g_assert_true ((request == NULL) == (error != NULL));
  return 0;
}
