/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-sdp.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static PhoneMediaDesc *
make_local (void)
{
  static const struct { const char *encoding; guint number, clock_hz, channels; } codecs[] = {
    { "opus", 107, 48000, 2 }, { "G722", 9, 8000, 1 }, { "PCMU", 0, 8000, 1 }, { "G729", 18, 8000, 1 }, { "iLBC", 106, 8000, 1 },
    { "telephone-event", 101, 8000, 1 }, { "telephone-event", 102, 48000, 1 },
  };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);

  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    g_ptr_array_add (list, phone_codec_new (codecs[i].encoding, codecs[i].number, codecs[i].clock_hz, codecs[i].channels, NULL));
  return phone_media_desc_new ("192.0.2.1", 30000, 0, PHONE_DIRECTION_SENDRECV, 20, list);
}

/* Their offer is answered as RFC 3264 wants it: nothing in the answer that was not offered. */
static void
answer_offer (PhoneMediaDesc *local,
              PhoneMediaDesc *offer)
{
  g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (local, offer, PHONE_DIRECTION_SENDRECV);
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;

  if (!answer)
    return;
  g_assert_nonnull (phone_media_desc_get_voice (answer));
  for (guint i = 0; i < phone_media_desc_get_n_codecs (answer); i++)
    {
      guint number = phone_media_desc_get_codec (answer, i)->payload_type;
      gboolean offered = FALSE;

      for (guint j = 0; j < phone_media_desc_get_n_codecs (offer); j++)
        offered = offered || phone_media_desc_get_codec (offer, j)->payload_type == number;
      g_assert_true (offered);
    }
  if (phone_media_desc_get_direction (offer) == PHONE_DIRECTION_INACTIVE)
    g_assert_cmpint (phone_media_desc_get_direction (answer), ==, PHONE_DIRECTION_INACTIVE);
  g_assert_true (phone_media_desc_choose (answer, offer, &send, &receive));
  g_assert_nonnull (phone_media_desc_get_voice (send));
}

/* The input is a session description, taken as an offer to us and as an answer to ours. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (PhoneSipSdp) sdp = phone_sip_sdp_parse ((const char *) data, size, NULL);
  g_autoptr (PhoneMediaDesc) local = make_local ();
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;
  g_autofree char *text = NULL;

  if (!sdp || !sdp->desc)
    return 0;
  text = phone_media_desc_to_string (sdp->desc);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (phone_media_desc_equal (sdp->desc, sdp->desc));
  answer_offer (local, sdp->desc);
  if (phone_media_desc_choose (local, sdp->desc, &send, &receive))
    g_assert_true (phone_media_desc_get_voice (send) && phone_media_desc_get_voice (receive));
  phone_media_desc_is_hold (sdp->desc);

  return 0;
}
