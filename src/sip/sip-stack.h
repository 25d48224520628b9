/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>
#include <sofia-sip/nua.h>

#include "types.h"

G_BEGIN_DECLS

#define PHONE_SIP_STACK_ERROR (phone_sip_stack_error_quark ())
GQuark phone_sip_stack_error_quark (void);
typedef enum {
  PHONE_SIP_STACK_ERROR_BIND,
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
 * PhoneSipStrayFunc:
 * Gets events of handles that nobody owns: requests outside any dialog. Returns %TRUE when the handle found an owner
 * (phone_sip_target_new()); else the stack destroys it.
 */
typedef gboolean (*PhoneSipStrayFunc) (const PhoneSipEvent *event,
                                       gpointer             user_data);

/**
 * SECTION:sip-stack
 * @title: PhoneSipStack
 *
 * The library's root on the default main context and its agents: one for IPv4, one for IPv6. All methods and callbacks on
 * the main thread.
 */
#define PHONE_TYPE_SIP_STACK (phone_sip_stack_get_type ())
G_DECLARE_FINAL_TYPE (PhoneSipStack, phone_sip_stack, PHONE, SIP_STACK, GObject)

PhoneSipStack *phone_sip_stack_new         (const char         *bind_address,
                                            guint               port,
                                            const char         *user_agent,
                                            gboolean            threads) G_GNUC_WARN_UNUSED_RESULT;
gboolean       phone_sip_stack_start       (PhoneSipStack      *self,
                                            GError            **error);
void           phone_sip_stack_set_stray   (PhoneSipStack      *self,
                                            PhoneSipStrayFunc   func,
                                            gpointer            user_data);
guint          phone_sip_stack_get_port    (PhoneSipStack      *self);
nua_t         *phone_sip_stack_get_agent   (PhoneSipStack      *self,
                                            const char         *peer_address);
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
