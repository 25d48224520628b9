/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "event.h"
#include "media-echo.h"
#include "media-microphone.h"
#include "media-mixer.h"
#include "media-ticker.h"

G_BEGIN_DECLS

#define PHONE_TYPE_MEDIA_DEVICE (phone_media_device_get_type ())
G_DECLARE_FINAL_TYPE (PhoneMediaDevice, phone_media_device, PHONE, MEDIA_DEVICE, GObject)

/* The device could not be opened or is gone; told once until it works again. Main thread. */
typedef void (*PhoneMediaDeviceFunc) (PhoneMediaFault  fault,
                                      const char      *text,
                                      gpointer         user_data);

PhoneMediaDevice *phone_media_device_new_output (const char           *label,
                                                 PhoneMixer           *mixer,
                                                 PhoneTicker          *ticker,
                                                 PhoneMediaDeviceFunc  func,
                                                 gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
PhoneMediaDevice *phone_media_device_new_input  (const char           *label,
                                                 PhoneMicrophone      *microphone,
                                                 guint                 rate_hz,
                                                 PhoneTicker          *ticker,
                                                 PhoneMediaDeviceFunc  func,
                                                 gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
void              phone_media_device_set_echo   (PhoneMediaDevice     *self,
                                                 PhoneEcho            *echo);
void              phone_media_device_set_name   (PhoneMediaDevice     *self,
                                                 const char           *name);
void              phone_media_device_set_wanted (PhoneMediaDevice     *self,
                                                 gboolean              wanted);
gboolean          phone_media_device_is_open    (PhoneMediaDevice     *self);

G_END_DECLS
