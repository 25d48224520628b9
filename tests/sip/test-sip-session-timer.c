/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-session-timer.h"

/*
 * Who refreshes when (RFC 4028), without a wire.
 */

static void
test_off (void)
{
  PhoneSipSessionTimer timer;
  PhoneSipSessionTimerHeaders request = { .supported = TRUE, .expires_s = 60 };
  PhoneSipSessionTimerHeaders response = { .expires_s = 1800, .refresher = PHONE_SIP_REFRESHER_UAC };
  gboolean require = TRUE;

  phone_sip_session_timer_init (&timer, FALSE, 1800, FALSE);
  g_assert_null (phone_sip_session_timer_dup_offer (&timer));
  g_assert_null (phone_sip_session_timer_dup_min (&timer));
  g_assert_false (phone_sip_session_timer_is_too_small (&timer, &request));
  g_assert_null (phone_sip_session_timer_agree_server (&timer, &request, &require));
  g_assert_false (require);
  phone_sip_session_timer_agree_client (&timer, &response);
  g_assert_cmpuint (phone_sip_session_timer_get_refresh_s (&timer), ==, 0);
  g_assert_cmpuint (phone_sip_session_timer_get_expiry_s (&timer), ==, 0);
}

/* What we ask for, and what the answer makes of it. */
static void
test_client (void)
{
  static const struct {
    gboolean          uas_refreshes;
    guint             expires_s;
    PhoneSipRefresher refresher;
    guint             refresh_s;
    guint             expiry_s;
  } cases[] = {
    { FALSE, 0, PHONE_SIP_REFRESHER_NONE, 0, 0 },
    { FALSE, 1800, PHONE_SIP_REFRESHER_UAC, 900, 1768 },
    { FALSE, 1800, PHONE_SIP_REFRESHER_NONE, 900, 1768 },
    { FALSE, 600, PHONE_SIP_REFRESHER_UAS, 0, 568 },
    { TRUE, 90, PHONE_SIP_REFRESHER_UAS, 0, 60 },
    { TRUE, 90, PHONE_SIP_REFRESHER_UAC, 45, 60 },
    { FALSE, 5, PHONE_SIP_REFRESHER_UAC, 45, 60 },          /* shorter than anyone may say */
    { FALSE, 4000000000u, PHONE_SIP_REFRESHER_UAC, 43200, 86368 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PhoneSipSessionTimer timer;
      PhoneSipSessionTimerHeaders response = { .expires_s = cases[i].expires_s, .refresher = cases[i].refresher };
      g_autofree char *offer = NULL;

      phone_sip_session_timer_init (&timer, TRUE, 1800, cases[i].uas_refreshes);
      offer = phone_sip_session_timer_dup_offer (&timer);
      g_assert_cmpstr (offer, ==, cases[i].uas_refreshes ? "1800;refresher=uas" : "1800;refresher=uac");
      phone_sip_session_timer_agree_client (&timer, &response);
      g_assert_cmpuint (phone_sip_session_timer_get_refresh_s (&timer), ==, cases[i].refresh_s);
      g_assert_cmpuint (phone_sip_session_timer_get_expiry_s (&timer), ==, cases[i].expiry_s);
    }
}

/* 422: the greater Min-SE is taken, a few times; the duty stays with who has it. */
static void
test_raise (void)
{
  PhoneSipSessionTimer timer;
  PhoneSipSessionTimerHeaders small = { .min_s = 1700 };
  PhoneSipSessionTimerHeaders huge = { .min_s = 100000 };
  PhoneSipSessionTimerHeaders response = { .expires_s = 1900, .refresher = PHONE_SIP_REFRESHER_UAS };
  g_autofree char *offer = NULL, *min = NULL, *later = NULL;

  phone_sip_session_timer_init (&timer, TRUE, 1800, FALSE);
  g_assert_false (phone_sip_session_timer_raise (&timer, &small));
  g_assert_false (phone_sip_session_timer_raise (&timer, &huge));
  for (guint i = 1; i <= 3; i++)
    {
      PhoneSipSessionTimerHeaders more = { .min_s = 1800 + i * 10 };

      g_assert_true (phone_sip_session_timer_raise (&timer, &more));
    }
  offer = phone_sip_session_timer_dup_offer (&timer);
  min = phone_sip_session_timer_dup_min (&timer);
  g_assert_cmpstr (offer, ==, "1830;refresher=uac");
  g_assert_cmpstr (min, ==, "1830");
  small.min_s = 5000;
  g_assert_false (phone_sip_session_timer_raise (&timer, &small)); /* enough */

  phone_sip_session_timer_agree_client (&timer, &response);
  later = phone_sip_session_timer_dup_offer (&timer);
  g_assert_cmpstr (later, ==, "1900;refresher=uas");
}

/* What we answer (RFC 4028 §9, table 2). */
static void
test_server (void)
{
  static const struct {
    PhoneSipSessionTimerHeaders request;
    gboolean                    uas_refreshes;
    const char                 *answer;
    gboolean                    require;
    gboolean                    too_small;
  } cases[] = {
    { { FALSE, FALSE, 0, 0, PHONE_SIP_REFRESHER_NONE }, FALSE, "1800;refresher=uas", FALSE, FALSE },
    { { TRUE, FALSE, 0, 0, PHONE_SIP_REFRESHER_NONE }, FALSE, "1800;refresher=uac", TRUE, FALSE },
    { { TRUE, FALSE, 0, 0, PHONE_SIP_REFRESHER_NONE }, TRUE, "1800;refresher=uas", FALSE, FALSE },
    { { TRUE, FALSE, 300, 0, PHONE_SIP_REFRESHER_UAC }, TRUE, "300;refresher=uac", TRUE, FALSE },
    { { TRUE, FALSE, 300, 0, PHONE_SIP_REFRESHER_UAS }, FALSE, "300;refresher=uas", FALSE, FALSE },
    { { TRUE, FALSE, 3600, 0, PHONE_SIP_REFRESHER_UAC }, FALSE, "1800;refresher=uac", TRUE, FALSE },
    { { TRUE, FALSE, 3600, 3000, PHONE_SIP_REFRESHER_UAC }, FALSE, "3000;refresher=uac", TRUE, FALSE },
    { { TRUE, FALSE, 60, 0, PHONE_SIP_REFRESHER_UAC }, FALSE, "90;refresher=uac", TRUE, TRUE },
    { { FALSE, FALSE, 60, 0, PHONE_SIP_REFRESHER_NONE }, FALSE, "90;refresher=uas", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PhoneSipSessionTimer timer;
      g_autofree char *answer = NULL;
      gboolean require = FALSE;

      phone_sip_session_timer_init (&timer, TRUE, 1800, cases[i].uas_refreshes);
      g_assert_cmpint (phone_sip_session_timer_is_too_small (&timer, &cases[i].request), ==, cases[i].too_small);
      answer = phone_sip_session_timer_agree_server (&timer, &cases[i].request, &require);
      g_assert_cmpstr (answer, ==, cases[i].answer);
      g_assert_cmpint (require, ==, cases[i].require);
      g_assert_cmpint (phone_sip_session_timer_get_refresh_s (&timer) > 0, ==, !g_str_has_suffix (answer, "uac"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip/session-timer/off", test_off);
  g_test_add_func ("/sip/session-timer/client", test_client);
  g_test_add_func ("/sip/session-timer/raise", test_raise);
  g_test_add_func ("/sip/session-timer/server", test_server);

  return g_test_run ();
}
