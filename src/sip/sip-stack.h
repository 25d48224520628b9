/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>
#include <sofia-sip/nua.h>

#include "sip-gate.h"
#include "sip-tls.h"
#include "types.h"

G_BEGIN_DECLS

#define PHONE_SIP_STACK_ERROR (phone_sip_stack_error_quark ())
GQuark phone_sip_stack_error_quark (void);
typedef enum {
  PHONE_SIP_STACK_ERROR_BIND,
  PHONE_SIP_STACK_ERROR_TLS,
} PhoneSipStackError;

/**
 * PhoneSipEvent:
 * One event of the library. Everything in it lives only during the call: copy what is needed later.
 */
typedef struct {
  nua_event_t    event;
  int            status;
  const char    *phrase;     /* never NULL */
  nua_t         *nua;
  nua_handle_t  *handle;
  const sip_t   *sip;        /* nullable */
  tagi_t        *tags;
} PhoneSipEvent;

/**
 * phone_sip_event_is_from_library:
 * Returns: whether nobody sent the response of this event: the library made it up after a time-out or an error of a socket
 */
gboolean phone_sip_event_is_from_library (const PhoneSipEvent *event);

/**
 * PhoneSipStrayFunc:
 * Gets events of handles that nobody owns: requests outside any dialog. Returns %TRUE when the handle found an owner
 * (phone_sip_target_new()); else the stack destroys it.
 */
typedef gboolean (*PhoneSipStrayFunc) (const PhoneSipEvent *event,
                                       gpointer             user_data);

/**
 * PhoneSipStackConfig:
 * @bind_address: (nullable): the only local IP address to use; %NULL for all
 * @port: wanted port for UDP and TCP, 0 for any
 * @tls_port: wanted port for TLS, 0 for any
 * @user_agent: value of the User-Agent header
 * @threads: whether the library runs on threads of its own
 * @t1_ms: RFC 3261 §17.1.1.1; 0: the RFC's value, as for the others
 * @dscp: mark of the packets, 0 to 63
 * @tls: (nullable): how far TLS peers are trusted; %NULL: no TLS
 *
 * How the agents are made; copied.
 */
typedef struct {
  const char        *bind_address;
  guint              port;
  guint              tls_port;
  const char        *user_agent;
  gboolean           threads;
  guint              t1_ms;
  guint              t2_ms;
  guint              t4_ms;
  guint              dscp;
  const PhoneSipTls *tls;
} PhoneSipStackConfig;

/**
 * SECTION:sip-stack
 * @title: PhoneSipStack
 *
 * The library's root on the default main context and its agents: for IPv4 and IPv6, and, once somebody needs them, the same
 * for TLS. All methods and callbacks on the main thread.
 */
#define PHONE_TYPE_SIP_STACK (phone_sip_stack_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSipStack, phone_sip_stack, PHONE, SIP_STACK, GObject)

PhoneSipStack *phone_sip_stack_new         (const PhoneSipStackConfig *config) G_GNUC_WARN_UNUSED_RESULT;
gboolean       phone_sip_stack_start       (PhoneSipStack      *self,
                                            GError            **error);
void           phone_sip_stack_set_stray   (PhoneSipStack      *self,
                                            PhoneSipStrayFunc   func,
                                            gpointer            user_data);
guint          phone_sip_stack_get_port    (PhoneSipStack      *self,
                                            PhoneTransport      transport);
PhoneSipGate  *phone_sip_stack_get_gate    (PhoneSipStack      *self);
nua_t         *phone_sip_stack_get_agent   (PhoneSipStack      *self,
                                            const char         *peer_address,
                                            PhoneTransport      transport);
gboolean       phone_sip_stack_open_tls    (PhoneSipStack      *self,
                                            GError            **error);
const PhoneSipTls *phone_sip_stack_get_tls (PhoneSipStack      *self);
void           phone_sip_stack_set_rport   (PhoneSipStack      *self,
                                            gboolean            rport);
gboolean       phone_sip_stack_send_blank  (PhoneSipStack      *self,
                                            const PhoneSipHop  *hop);
char          *phone_sip_stack_find_route  (PhoneSipStack      *self,
                                            const char         *peer_address) G_GNUC_WARN_UNUSED_RESULT;
char          *phone_sip_stack_dup_local_address (PhoneSipStack *self,
                                            const char         *peer_address) G_GNUC_WARN_UNUSED_RESULT;

/* Handles are destroyed from an idle callback, never inside one of the library's. */
void           phone_sip_stack_destroy_handle (PhoneSipStack   *self,
                                            nua_handle_t       *handle);
guint          phone_sip_stack_get_n_handles (PhoneSipStack    *self);

/* Used by PhoneSipTarget: a handle got an owner. */
void           phone_sip_stack_count_handle (PhoneSipStack     *self);

typedef void (*PhoneSipStackStopped) (PhoneSipStack *self,
                                      gpointer       user_data);
void           phone_sip_stack_stop        (PhoneSipStack        *self,
                                            guint                 limit_ms,
                                            PhoneSipStackStopped  stopped,
                                            gpointer              user_data);
void           phone_sip_stack_abandon     (PhoneSipStack        *self);

G_END_DECLS
