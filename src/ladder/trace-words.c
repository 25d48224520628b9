/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "trace-words.h"

#include "texts.h"
#include "trace-message.h"

/* What a message is for, in the words of somebody who explains a call flow (RFC 3261, 3262, 3311, 3515, 3891). */

static const struct {
  const char *method;
  const char *meaning;
} requests[] = {
  { "INVITE", N_("Invites the other side to a call. The session description in it offers codecs and says where sound is to be sent.") },
  { "ACK", N_("Acknowledges the final response to an INVITE. Only an INVITE is answered in three steps.") },
  { "BYE", N_("Ends the call. Either side may send it.") },
  { "CANCEL", N_("Takes an INVITE back that is not answered yet. The INVITE is then refused with 487.") },
  { "REGISTER", N_("Tells the server at which address this account can be reached, and for how long.") },
  { "OPTIONS", N_("Asks what the other side can do; often only whether it is there.") },
  { "PRACK", N_("Acknowledges a provisional response that was sent reliably.") },
  { "UPDATE", N_("Changes a session, or refreshes it, without a new INVITE.") },
  { "INFO", N_("Carries something inside the call, a digit for instance.") },
  { "REFER", N_("Asks the other side to call somebody else: a transfer. Refer-To says whom.") },
  { "NOTIFY", N_("Tells of something that was asked for: after a REFER, what the new call has come to.") },
  { "SUBSCRIBE", N_("Asks to be told of changes.") },
  { "MESSAGE", N_("A text message.") },
  { "PUBLISH", N_("Tells a server of a state that others may ask for.") },
};

static const struct {
  guint       status;
  const char *meaning;
} responses[] = {
  { 100, N_("The next server has the request and tries; it need not be sent again.") },
  { 180, N_("The other phone rings. The caller hears the ring-back tone.") },
  { 181, N_("The call is being forwarded.") },
  { 183, N_("The call makes progress. With a session description there is sound before the answer.") },
  { 200, N_("Yes.") },
  { 202, N_("Taken; what comes of it will be told.") },
  { 302, N_("The called phone forwards: the caller is to try the address in Contact.") },
  { 401, N_("The server wants to know who asks: the request is sent again with credentials.") },
  { 403, N_("The server refuses, and credentials would not help.") },
  { 404, N_("There is nobody of this name.") },
  { 405, N_("The other side does not do this here.") },
  { 407, N_("The proxy wants to know who asks: the request is sent again with credentials.") },
  { 408, N_("No answer came in time.") },
  { 415, N_("The body is of a kind that the other side does not read.") },
  { 420, N_("The other side does not know an extension that is required.") },
  { 422, N_("The session timer is too short for the other side.") },
  { 423, N_("The registration is too short for the server.") },
  { 480, N_("Nobody can be reached there now.") },
  { 481, N_("The other side knows of no such call.") },
  { 482, N_("The request has come here before: a loop.") },
  { 483, N_("The request has gone through too many servers.") },
  { 486, N_("The called phone is busy.") },
  { 487, N_("The INVITE was cancelled.") },
  { 488, N_("There is no codec in common, or the change is not possible.") },
  { 491, N_("Both sides wanted to change the call at the same moment; each tries again a little later.") },
  { 500, N_("Something went wrong in the server.") },
  { 501, N_("The other side does not know the method.") },
  { 503, N_("The server cannot be used now.") },
  { 600, N_("Busy, wherever the called user might be.") },
  { 603, N_("The called user does not want the call.") },
};

static const char *const classes[] = {
  NULL, N_("Not final: the request is being worked on."), N_("Yes."), N_("Not here: another address is to be tried."),
  N_("Refused: the request is not to be sent again as it is."), N_("The server has failed; another one might not."),
  N_("Refused for good, wherever else one might try."),
};

static const char *
find_response (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    if (responses[i].status == status)
      return _(responses[i].meaning);

  return status / 100 < G_N_ELEMENTS (classes) && classes[status / 100] ? _(classes[status / 100]) : "";
}

/**
 * phone_trace_words_dup_meaning:
 * Returns: (transfer full): what the message is for, translated; "" when that is not known
 */
char *
phone_trace_words_dup_meaning (const PhoneTraceRecord *record)
{
  guint status = phone_trace_message_get_status (record->text, record->length);
  g_autofree char *line = NULL;

  if (status > 0)
    return g_strdup (find_response (status));
  line = phone_trace_message_dup_first_line (record->text, record->length);
  line[strcspn (line, " ")] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    if (g_str_equal (requests[i].method, line))
      return g_strdup (_(requests[i].meaning));

  return g_strdup ("");
}
