/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-event.h"

static char *
dup_valid (const char *text)
{
  return g_utf8_make_valid (text ? text : "", -1);
}

static PhoneControlEvent *
new_event (guint64 seq)
{
  PhoneControlEvent *self = g_new0 (PhoneControlEvent, 1);

  g_ref_count_init (&self->ref_count);
  self->seq = seq;
  self->time_us = g_get_real_time ();

  return self;
}

/**
 * phone_control_event_new_notice:
 * @notice: (transfer none): copied; texts that are not valid UTF-8 are repaired
 *
 * Returns: (transfer full): an event that is a notice of the engine
 */
PhoneControlEvent *
phone_control_event_new_notice (guint64            seq,
                                const PhoneNotice *notice)
{
  PhoneControlEvent *self;

  g_return_val_if_fail (notice != NULL, NULL);

  self = new_event (seq);
  self->notice = *notice;
  self->notice.number = dup_valid (notice->number);
  self->notice.name = dup_valid (notice->name);
  self->notice.text = dup_valid (notice->text);

  return self;
}

/**
 * phone_control_event_new_display:
 *
 * Returns: (transfer full): an event that is a change of the display
 */
PhoneControlEvent *
phone_control_event_new_display (guint64       seq,
                                 PhoneDisplay *display)
{
  PhoneControlEvent *self;

  g_return_val_if_fail (display != NULL, NULL);

  self = new_event (seq);
  self->display = phone_display_ref (display);

  return self;
}

PhoneControlEvent *
phone_control_event_ref (PhoneControlEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->ref_count);
  return self;
}

void
phone_control_event_unref (PhoneControlEvent *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->display, phone_display_unref);
  g_free ((char *) self->notice.number);
  g_free ((char *) self->notice.name);
  g_free ((char *) self->notice.text);
  g_free (self);
}
