/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 4028 §5: no interval is shorter. */
#define PHONE_SIP_SESSION_TIMER_MIN_S 90
#define PHONE_SIP_SESSION_TIMER_MAX_S 86400

/**
 * PhoneSipRefresher:
 * The refresher parameter of Session-Expires: client or server of the transaction it stands in.
 */
typedef enum {
  PHONE_SIP_REFRESHER_NONE,
  PHONE_SIP_REFRESHER_UAC,
  PHONE_SIP_REFRESHER_UAS,
} PhoneSipRefresher;

/**
 * PhoneSipSessionTimerHeaders:
 * What a message says of session timers.
 */
typedef struct {
  gboolean           supported;      /* Supported or Require has "timer" */
  gboolean           required;       /* Require has "timer" */
  guint              expires_s;      /* Session-Expires, 0 = absent */
  guint              min_s;          /* Min-SE, 0 = absent */
  PhoneSipRefresher  refresher;
} PhoneSipSessionTimerHeaders;

/**
 * PhoneSipSessionTimer:
 * The session timer of one dialog (RFC 4028). Pure: no clock and no message of its own. All zero is a timer that is off.
 */
typedef struct {
  gboolean  enabled;          /* account.X.session_timer.enable */
  guint     wanted_s;         /* account.X.session_timer.expires */
  gboolean  uas_refreshes;    /* account.X.session_timer.refresher: the called is to refresh */
  guint     min_s;            /* the greatest Min-SE heard */
  guint     interval_s;       /* agreed; 0 = no timer runs */
  gboolean  we_refresh;
  guint     too_small;        /* 422s in a row */
} PhoneSipSessionTimer;

void      phone_sip_session_timer_init          (PhoneSipSessionTimer              *self,
                                                 gboolean                           enabled,
                                                 guint                              expires_s,
                                                 gboolean                           uas_refreshes);

/* We send INVITE or UPDATE. */
char     *phone_sip_session_timer_dup_offer     (const PhoneSipSessionTimer        *self) G_GNUC_WARN_UNUSED_RESULT;
char     *phone_sip_session_timer_dup_min       (const PhoneSipSessionTimer        *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean  phone_sip_session_timer_raise         (PhoneSipSessionTimer              *self,
                                                 const PhoneSipSessionTimerHeaders *response);
void      phone_sip_session_timer_agree_client  (PhoneSipSessionTimer              *self,
                                                 const PhoneSipSessionTimerHeaders *response);

/* We answer INVITE or UPDATE. */
gboolean  phone_sip_session_timer_is_too_small  (const PhoneSipSessionTimer        *self,
                                                 const PhoneSipSessionTimerHeaders *request);
char     *phone_sip_session_timer_agree_server  (PhoneSipSessionTimer              *self,
                                                 const PhoneSipSessionTimerHeaders *request,
                                                 gboolean                          *require) G_GNUC_WARN_UNUSED_RESULT;

guint     phone_sip_session_timer_get_refresh_s (const PhoneSipSessionTimer        *self);
guint     phone_sip_session_timer_get_expiry_s  (const PhoneSipSessionTimer        *self);

G_END_DECLS
