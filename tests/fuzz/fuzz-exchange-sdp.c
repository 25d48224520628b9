/* rooms: exchange */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "exchange-rtp.h"
#include "exchange-sdp.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What a caller of a robot may send: its session description, and packets at the media port. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const ExchangeSdpLocal local = { .address = "127.0.0.1", .port = 5000, .reflect = size % 2 == 0 };
  g_auto (ExchangeMedia) media = { .event_payload_type = -1 };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *answer = exchange_sdp_answer (text, size, &local, &media, NULL);

  if (answer)
    {
      g_auto (ExchangeMedia) again = { .event_payload_type = -1 };

      g_assert_true (media.address && media.port > 0);
      /* What comes from outside must not add lines of its own. */
      g_assert_null (strstr (answer, "\n\n"));
      exchange_sdp_read_answer (answer, strlen (answer), &again, NULL);
    }
  if (size > 0)
    g_assert_cmpuint (exchange_rtp_parse_header (data, size), <=, size);

  return 0;
}
