/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:flow-phone
 * @title: PhoneFlowPhone
 *
 * A phone that takes part in a flow: a program of its own with a folder of its own, or one that runs already. Driven over
 * D-Bus as desksetctl drives it. Everything blocks; one thread.
 */
#define PHONE_TYPE_FLOW_PHONE (phone_flow_phone_get_type ())
G_DECLARE_FINAL_TYPE (PhoneFlowPhone, phone_flow_phone, PHONE, FLOW_PHONE, GObject)

PhoneFlowPhone *phone_flow_phone_new         (const char      *name,
                                              const char      *bind,
                                              guint            tone_hz) G_GNUC_WARN_UNUSED_RESULT;
gboolean        phone_flow_phone_attach      (PhoneFlowPhone  *self,
                                              const char      *where,
                                              const char      *app_id,
                                              GError         **error);
gboolean        phone_flow_phone_start       (PhoneFlowPhone  *self,
                                              const char      *program,
                                              const char      *window_option,
                                              GError         **error);
GPtrArray      *phone_flow_phone_list_trace  (PhoneFlowPhone  *self,
                                              guint64          since,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
char           *phone_flow_phone_dup_trace   (PhoneFlowPhone  *self,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        phone_flow_phone_end         (PhoneFlowPhone  *self,
                                              GError         **error);
const char     *phone_flow_phone_get_name    (PhoneFlowPhone  *self);
const char     *phone_flow_phone_get_output  (PhoneFlowPhone  *self);
char           *phone_flow_phone_dup_control (PhoneFlowPhone  *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean        phone_flow_phone_is_there    (PhoneFlowPhone  *self);
gboolean        phone_flow_phone_set         (PhoneFlowPhone  *self,
                                              const char      *key,
                                              const char      *value,
                                              GError         **error);
gboolean        phone_flow_phone_set_mark    (PhoneFlowPhone  *self,
                                              GError         **error);
gboolean        phone_flow_phone_act         (PhoneFlowPhone  *self,
                                              const char      *method,
                                              GVariant        *parameters,
                                              GError         **error);
gboolean        phone_flow_phone_wait        (PhoneFlowPhone  *self,
                                              const char      *condition,
                                              gboolean         since_action,
                                              guint            limit_ms,
                                              gboolean        *met,
                                              GError         **error);
char           *phone_flow_phone_dup_softkey (PhoneFlowPhone  *self,
                                              const char      *label) G_GNUC_WARN_UNUSED_RESULT;
char           *phone_flow_phone_dup_report  (PhoneFlowPhone  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
