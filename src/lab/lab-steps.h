/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "flow-script.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SECTION:lab-steps
 * @title: PhoneLabSteps
 *
 * The steps of a flow as a list in the words of people; those that are done are ticked off.
 */
#define PHONE_TYPE_LAB_STEPS (phone_lab_steps_get_type ())
G_DECLARE_FINAL_TYPE (PhoneLabSteps, phone_lab_steps, PHONE, LAB_STEPS, GtkWidget)

GtkWidget *phone_lab_steps_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void       phone_lab_steps_show     (PhoneLabSteps         *self,
                                     const PhoneFlowScript *script);
void       phone_lab_steps_begin    (PhoneLabSteps         *self,
                                     guint                  step,
                                     gboolean               by_hand);
void       phone_lab_steps_finish   (PhoneLabSteps         *self,
                                     gboolean               passed);
void       phone_lab_steps_clear    (PhoneLabSteps         *self);

char      *phone_lab_steps_dup_sentence (const PhoneFlowScript *script,
                                         const PhoneFlowStep   *step) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
