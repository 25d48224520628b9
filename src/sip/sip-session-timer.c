/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-session-timer.h"

/*
 * Session timers (RFC 4028): both sides agree how long a session lives without a refresh and who sends it. Only the
 * arithmetic is here; who sends what when is in sip-session-refresh.c.
 *
 * The library has session timers too, and they are not used: it refreshes with the body of the first INVITE, whatever was
 * agreed since, and decides itself when a call ends.
 *
 *      caller                   callee
 *        |--INVITE Session-Expires: 1800;refresher=uac-->|
 *        |<-----------422 Min-SE: 3600-------------------|
 *        |--INVITE Session-Expires: 3600, Min-SE: 3600-->|
 *        |<-200 Session-Expires: 3600;refresher=uac------|
 *        |      half the interval                        |
 *        |----------------UPDATE------------------------>|
 */

#define MAX_RAISES 3

/**
 * phone_sip_session_timer_init:
 * @enabled: whether we ask for a timer and answer when we are asked
 * @expires_s: wanted interval; less than 90 counts as 90
 * @uas_refreshes: whether the called is to refresh: the other side in calls of ours, we in theirs, where they leave it open
 */
void
phone_sip_session_timer_init (PhoneSipSessionTimer *self,
                              gboolean              enabled,
                              guint                 expires_s,
                              gboolean              uas_refreshes)
{
  g_return_if_fail (self != NULL);

  *self = (PhoneSipSessionTimer) { 0 };
  self->enabled = enabled;
  self->wanted_s = CLAMP (expires_s, PHONE_SIP_SESSION_TIMER_MIN_S, PHONE_SIP_SESSION_TIMER_MAX_S);
  self->uas_refreshes = uas_refreshes;
}

static guint
get_offered_s (const PhoneSipSessionTimer *self)
{
  return MAX (self->interval_s > 0 ? self->interval_s : self->wanted_s, self->min_s);
}

/**
 * phone_sip_session_timer_dup_offer:
 *
 * While a timer runs, whoever has the duty keeps it.
 *
 * Returns: (transfer full) (nullable): value of Session-Expires for a request of ours, %NULL when there is to be none
 */
char *
phone_sip_session_timer_dup_offer (const PhoneSipSessionTimer *self)
{
  gboolean far;

  g_return_val_if_fail (self != NULL, NULL);

  if (!self->enabled)
    return NULL;

  far = self->interval_s > 0 ? !self->we_refresh : self->uas_refreshes;
  return g_strdup_printf ("%u;refresher=%s", get_offered_s (self), far ? "uas" : "uac");
}

/**
 * phone_sip_session_timer_dup_min:
 * Returns: (transfer full) (nullable): value of Min-SE for a request of ours; only who was told one says one (RFC 4028 §7.3)
 */
char *
phone_sip_session_timer_dup_min (const PhoneSipSessionTimer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->enabled && self->min_s > 0 ? g_strdup_printf ("%u", self->min_s) : NULL;
}

/**
 * phone_sip_session_timer_raise:
 * @response: a 422
 *
 * Returns: whether the request is worth another try, with the interval they want
 */
gboolean
phone_sip_session_timer_raise (PhoneSipSessionTimer              *self,
                               const PhoneSipSessionTimerHeaders *response)
{
  g_return_val_if_fail (self != NULL && response != NULL, FALSE);

  if (!self->enabled || self->too_small >= MAX_RAISES || response->min_s > PHONE_SIP_SESSION_TIMER_MAX_S ||
      response->min_s <= get_offered_s (self))
    return FALSE;

  self->too_small++;
  self->min_s = response->min_s;
  return TRUE;
}

static void
set_interval (PhoneSipSessionTimer *self,
              guint                 interval_s,
              gboolean              we_refresh)
{
  self->interval_s = CLAMP (interval_s, PHONE_SIP_SESSION_TIMER_MIN_S, PHONE_SIP_SESSION_TIMER_MAX_S);
  self->we_refresh = we_refresh;
  self->too_small = 0;
}

/**
 * phone_sip_session_timer_agree_client:
 * @response: a 2xx to a request of ours
 *
 * Without Session-Expires in it there is no timer. Who asked refreshes, unless the answer gives the duty to the other side.
 */
void
phone_sip_session_timer_agree_client (PhoneSipSessionTimer              *self,
                                      const PhoneSipSessionTimerHeaders *response)
{
  g_return_if_fail (self != NULL && response != NULL);

  if (!self->enabled || response->expires_s == 0)
    {
      self->interval_s = 0;
      return;
    }

  set_interval (self, response->expires_s, response->refresher != PHONE_SIP_REFRESHER_UAS);
}

/**
 * phone_sip_session_timer_is_too_small:
 * @request: an INVITE or UPDATE
 *
 * Returns: whether it has to be refused with 422 and a Min-SE of 90. Only a caller who knows timers may be refused
 */
gboolean
phone_sip_session_timer_is_too_small (const PhoneSipSessionTimer        *self,
                                      const PhoneSipSessionTimerHeaders *request)
{
  g_return_val_if_fail (self != NULL && request != NULL, FALSE);

  return self->enabled && request->supported && request->expires_s > 0 &&
         request->expires_s < PHONE_SIP_SESSION_TIMER_MIN_S;
}

/**
 * phone_sip_session_timer_agree_server:
 * @request: an INVITE or UPDATE that we accept
 * @require: (out): whether the answer must have "Require: timer"
 *
 * The interval may be made shorter, never below their Min-SE (RFC 4028 §9). A caller who does not know timers leaves the
 * duty to us.
 *
 * Returns: (transfer full) (nullable): value of Session-Expires for the 2xx
 */
char *
phone_sip_session_timer_agree_server (PhoneSipSessionTimer              *self,
                                      const PhoneSipSessionTimerHeaders *request,
                                      gboolean                          *require)
{
  guint floor_s, interval_s;
  gboolean far;

  g_return_val_if_fail (self != NULL && request != NULL && require != NULL, NULL);

  *require = FALSE;
  if (!self->enabled)
    return NULL;

  floor_s = MAX (request->min_s, PHONE_SIP_SESSION_TIMER_MIN_S);
  interval_s = request->expires_s > 0 ? MIN (request->expires_s, self->wanted_s) : self->wanted_s;
  far = request->supported && (request->refresher == PHONE_SIP_REFRESHER_UAC ||
                               (request->refresher == PHONE_SIP_REFRESHER_NONE && !self->uas_refreshes));
  set_interval (self, MAX (interval_s, floor_s), !far);

  *require = far;
  return g_strdup_printf ("%u;refresher=%s", self->interval_s, far ? "uac" : "uas");
}

/**
 * phone_sip_session_timer_get_refresh_s:
 * Returns: seconds after the last refresh at which we have to send the next one; 0 = not our duty
 */
guint
phone_sip_session_timer_get_refresh_s (const PhoneSipSessionTimer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->interval_s > 0 && self->we_refresh ? self->interval_s / 2 : 0;
}

/**
 * phone_sip_session_timer_get_expiry_s:
 *
 * A bit before the end, as RFC 4028 §10 wants it, so that our BYE comes before everybody has forgotten the call.
 *
 * Returns: seconds after the last refresh at which the call is over; 0 = never
 */
guint
phone_sip_session_timer_get_expiry_s (const PhoneSipSessionTimer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->interval_s > 0 ? self->interval_s - MIN (32, self->interval_s / 3) : 0;
}
