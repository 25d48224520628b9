/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-desc.h"

/* "G722/8000@9" "opus/48000/2@107" … into a description. */
static PhoneMediaDesc *
make (const char *address,
      guint port,
      PhoneDirection direction,
      const char *codecs)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  g_auto (GStrv) words = g_strsplit (codecs, " ", -1);

  for (guint i = 0; words[i] != NULL && words[i][0] != '\0'; i++)
    {
      g_auto (GStrv) at = g_strsplit (words[i], "@", 2);
      g_auto (GStrv) parts = g_strsplit (at[0], "/", 3);

      g_ptr_array_add (list, phone_codec_new (parts[0], (guint) g_ascii_strtoull (at[1], NULL, 10),
                                              (guint) g_ascii_strtoull (parts[1], NULL, 10),
                                              parts[2] != NULL ? (guint) g_ascii_strtoull (parts[2], NULL, 10) : 0,
                                              NULL));
    }
  return phone_media_desc_new (address, port, 0, direction, 20, list);
}

static void
assert_text (PhoneMediaDesc *desc,
             const char *expected)
{
  g_autofree char *text = phone_media_desc_to_string (desc);

  g_assert_cmpstr (text, ==, expected);
}

#define OURS "G722/8000@9 PCMU/8000@0 PCMA/8000@8 opus/48000/2@107 telephone-event/8000@101 telephone-event/48000@100"

static void
test_answer_takes_the_offers_order_and_numbers (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);
  g_autoptr (PhoneMediaDesc) offer
      = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV,
              "speex/16000@98 OPUS/48000/2@120 g722/8000@9 PCMA/8000@8 telephone-event/48000@121 telephone-event/8000@96");
  g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (local, offer, PHONE_DIRECTION_SENDRECV);

  assert_text (answer, "192.0.2.1:11780 sendrecv 20 ms OPUS/48000/2@120 g722/8000@9 PCMA/8000@8 telephone-event/48000@121");
  g_assert_cmpuint (phone_media_desc_get_voice (answer)->payload_type, ==, 120);
  g_assert_cmpuint (phone_media_desc_get_event (answer)->payload_type, ==, 121);
}

static void
test_answer_without_common_speech (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);
  g_autoptr (PhoneMediaDesc) offer
      = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV, "GSM/8000@3 telephone-event/8000@101 CN/8000@13");

  g_assert_null (phone_media_desc_answer (local, offer, PHONE_DIRECTION_SENDRECV));
}

static void
test_payload_number_alone_is_no_match (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, "opus/48000/2@107");
  g_autoptr (PhoneMediaDesc) mono = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV, "opus/48000@107");
  g_autoptr (PhoneMediaDesc) other = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV, "speex/48000/2@107");

  g_assert_null (phone_media_desc_answer (local, mono, PHONE_DIRECTION_SENDRECV));
  g_assert_null (phone_media_desc_answer (local, other, PHONE_DIRECTION_SENDRECV));
}

static void
test_direction_of_the_answer (void)
{
  static const struct
  {
    PhoneDirection offered;
    PhoneDirection wanted;
    PhoneDirection expected;
  } cases[] = {
    { PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_SENDRECV },
    { PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_SENDONLY, PHONE_DIRECTION_SENDONLY },
    { PHONE_DIRECTION_SENDONLY, PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_RECVONLY },
    { PHONE_DIRECTION_SENDONLY, PHONE_DIRECTION_SENDONLY, PHONE_DIRECTION_INACTIVE },
    { PHONE_DIRECTION_RECVONLY, PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_SENDONLY },
    { PHONE_DIRECTION_INACTIVE, PHONE_DIRECTION_SENDRECV, PHONE_DIRECTION_INACTIVE },
  };
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhoneMediaDesc) offer = make ("192.0.2.2", 4000, cases[i].offered, "PCMU/8000@0");
      g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (local, offer, cases[i].wanted);

      g_assert_cmpint (phone_media_desc_get_direction (answer), ==, cases[i].expected);
    }
}

static void
test_hold_is_seen (void)
{
  g_autoptr (PhoneMediaDesc) talk = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV, "PCMU/8000@0");
  g_autoptr (PhoneMediaDesc) sendonly = phone_media_desc_with_direction (talk, PHONE_DIRECTION_SENDONLY);
  g_autoptr (PhoneMediaDesc) inactive = phone_media_desc_with_direction (talk, PHONE_DIRECTION_INACTIVE);
  g_autoptr (PhoneMediaDesc) recvonly = phone_media_desc_with_direction (talk, PHONE_DIRECTION_RECVONLY);
  g_autoptr (PhoneMediaDesc) rfc2543 = phone_media_desc_with_address (talk, "0.0.0.0");
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);
  g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (local, rfc2543, PHONE_DIRECTION_SENDRECV);

  g_assert_false (phone_media_desc_is_hold (talk));
  g_assert_false (phone_media_desc_is_hold (recvonly));
  g_assert_true (phone_media_desc_is_hold (sendonly));
  g_assert_true (phone_media_desc_is_hold (inactive));
  g_assert_true (phone_media_desc_is_hold (rfc2543));
  /* Nothing can be sent to 0.0.0.0. */
  g_assert_cmpint (phone_media_desc_get_direction (answer), ==, PHONE_DIRECTION_RECVONLY);
}

static void
test_refused_stream_is_answered_with_port_zero (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);
  g_autoptr (PhoneMediaDesc) offer = make ("192.0.2.2", 0, PHONE_DIRECTION_SENDRECV, "PCMU/8000@0");
  g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (local, offer, PHONE_DIRECTION_SENDRECV);

  assert_text (answer, "192.0.2.1:0 inactive 20 ms PCMU/8000@0");
  g_assert_cmpuint (phone_media_desc_get_rtcp_port (answer), ==, 0);
}

static void
test_choose_keeps_each_sides_numbers (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, OURS);
  g_autoptr (PhoneMediaDesc) remote
      = make ("192.0.2.2", 4000, PHONE_DIRECTION_RECVONLY, "opus/48000/2@120 PCMA/8000@8 telephone-event/48000@121");
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;

  g_assert_true (phone_media_desc_choose (local, remote, &send, &receive));
  assert_text (send, "192.0.2.2:4000 sendonly 20 ms opus/48000/2@120 PCMA/8000@8 telephone-event/48000@121");
  assert_text (receive, "192.0.2.1:11780 inactive 20 ms PCMA/8000@8 opus/48000/2@107");
}

static void
test_choose_nothing_common (void)
{
  g_autoptr (PhoneMediaDesc) local = make ("192.0.2.1", 11780, PHONE_DIRECTION_SENDRECV, "PCMU/8000@0");
  g_autoptr (PhoneMediaDesc) remote = make ("192.0.2.2", 4000, PHONE_DIRECTION_SENDRECV, "PCMA/8000@8");
  PhoneMediaDesc *send = (PhoneMediaDesc *) 1;
  PhoneMediaDesc *receive = (PhoneMediaDesc *) 1;

  g_assert_false (phone_media_desc_choose (local, remote, &send, &receive));
  g_assert_null (send);
  g_assert_null (receive);
}

static void
test_decisive_parameters (void)
{
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  PhoneCodec *efficient = phone_codec_new ("AMR", 97, 8000, 1, NULL);
  PhoneCodec *said = phone_codec_new ("amr", 98, 8000, 1, "mode-set=7; octet-align=0");
  PhoneCodec *aligned = phone_codec_new ("AMR", 99, 8000, 1, "octet-align=1");
  PhoneCodec *opus = phone_codec_new ("opus", 100, 48000, 2, "useinbandfec=1");
  PhoneCodec *plain = phone_codec_new ("opus", 101, 48000, 2, NULL);

  g_ptr_array_add (codecs, efficient);
  g_ptr_array_add (codecs, said);
  g_ptr_array_add (codecs, aligned);
  g_ptr_array_add (codecs, opus);
  g_ptr_array_add (codecs, plain);
  g_assert_true (phone_codec_matches (efficient, said));
  g_assert_false (phone_codec_matches (efficient, aligned));
  g_assert_true (phone_codec_matches (opus, plain));
}

static void
test_bounds_and_equality (void)
{
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  g_autoptr (PhoneMediaDesc) desc = NULL;
  g_autoptr (PhoneMediaDesc) same = NULL;
  g_autoptr (PhoneMediaDesc) other = NULL;

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (many, phone_codec_new ("PCMU", i, 8000, 1, NULL));
  desc = phone_media_desc_new ("::1", 65535, 0, PHONE_DIRECTION_SENDRECV, 0, many);
  g_assert_cmpuint (phone_media_desc_get_n_codecs (desc), ==, PHONE_MAX_CODECS);
  g_assert_cmpuint (phone_media_desc_get_rtcp_port (desc), ==, 0);
  same = phone_media_desc_with_direction (desc, PHONE_DIRECTION_SENDRECV);
  other = phone_media_desc_with_address (desc, NULL);
  g_assert_true (phone_media_desc_equal (desc, same));
  g_assert_false (phone_media_desc_equal (desc, other));
  g_assert_false (phone_media_desc_equal (desc, NULL));
  g_assert_true (phone_media_desc_equal (NULL, NULL));
}

static void
test_wideband (void)
{
  g_autoptr (PhoneMediaDesc) desc
      = make ("192.0.2.1", 2, PHONE_DIRECTION_SENDRECV, "G722/8000@9 opus/48000/2@107 PCMU/8000@0 speex/8000@97");

  g_assert_true (phone_codec_is_wideband (phone_media_desc_get_codec (desc, 0)));
  g_assert_true (phone_codec_is_wideband (phone_media_desc_get_codec (desc, 1)));
  g_assert_false (phone_codec_is_wideband (phone_media_desc_get_codec (desc, 2)));
  g_assert_false (phone_codec_is_wideband (phone_media_desc_get_codec (desc, 3)));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media-desc/answer/order", test_answer_takes_the_offers_order_and_numbers);
  g_test_add_func ("/media-desc/answer/none", test_answer_without_common_speech);
  g_test_add_func ("/media-desc/answer/by-name", test_payload_number_alone_is_no_match);
  g_test_add_func ("/media-desc/answer/direction", test_direction_of_the_answer);
  g_test_add_func ("/media-desc/answer/port-zero", test_refused_stream_is_answered_with_port_zero);
  g_test_add_func ("/media-desc/hold", test_hold_is_seen);
  g_test_add_func ("/media-desc/choose", test_choose_keeps_each_sides_numbers);
  g_test_add_func ("/media-desc/choose-nothing", test_choose_nothing_common);
  g_test_add_func ("/media-desc/decisive-parameters", test_decisive_parameters);
  g_test_add_func ("/media-desc/bounds", test_bounds_and_equality);
  g_test_add_func ("/media-desc/wideband", test_wideband);
  return g_test_run ();
}
