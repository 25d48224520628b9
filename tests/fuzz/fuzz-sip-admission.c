/* rooms: engine sip */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sip-admission.h"

#include <string.h>

#define MAX_LINES 3000

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_source (const PhoneSipSource *source)
{
  g_autofree char *text = phone_sip_source_to_string (source);
  PhoneSipSource again;

  g_assert_true (phone_sip_source_parse (&again, text));
  g_assert_cmpmem (source->bytes, source->length, again.bytes, again.length);
}

static void
request (PhoneSipAdmission *admission,
         const char        *line,
         gint64             now_us)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  PhoneSipRequest asked = { NULL, NULL, strlen (line) };
  PhoneSipSource source;
  PhoneSipVerdict verdict;

  if (g_strv_length (words) < 2 || !phone_sip_source_parse (&source, words[0]))
    return;
  check_source (&source);
  asked.method = words[1];
  asked.user_agent = words[2];
  verdict = phone_sip_admission_judge (admission, &source, &asked, now_us);
  if (verdict == PHONE_SIP_VERDICT_SCANNER)
    g_assert_false (phone_sip_admission_is_server (admission, &source));
}

/* Each line is a request from somewhere: address, method, User-Agent. The first line names a server's address. What is
 * remembered is bounded, and a server is never taken for a scanner. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const PhoneSipRules rules = { .direct_calls = TRUE, .silence_scanners = TRUE, .source_rate = 2, .total_rate = 20,
                                       .server_rate = 50 };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES);
  PhoneSipAdmission *admission = phone_sip_admission_new ();
  const char *servers[] = { lines[0] ? lines[0] : "", NULL };
  g_autofree char *said = NULL;
  gint64 now_us = 1;

  phone_sip_admission_set_rules (admission, &rules);
  phone_sip_admission_set_servers (admission, admission, servers);
  for (char **line = lines; *line; line++)
    {
      request (admission, *line, now_us);
      now_us += 20000 * (strlen (*line) % 7);
    }
  g_assert_cmpuint (phone_sip_admission_get_n_sources (admission), <=, PHONE_SIP_MAX_SOURCES);
  said = phone_sip_admission_take_line (admission);
  g_assert_true (!said || g_utf8_validate (said, -1, NULL));
  phone_sip_admission_free (admission);

  return 0;
}
