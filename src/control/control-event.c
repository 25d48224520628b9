/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-control"

#include "control-event.h"

/*
 * Up to a thousand events are remembered for minutes, while what else is on the heap comes and goes. A piece of memory for
 * each would keep a page of the heap from going back to the system; so they lie side by side, with their texts.
 */
#define EVENTS_PER_BLOCK 50
#define TEXT_BYTES 2048

struct _PhoneControlEventBlock {
  grefcount         ref_count; /* one for each event and one for who fills it */
  guint             n_used;
  GStringChunk     *texts;
  PhoneControlEvent events[EVENTS_PER_BLOCK];
};

static PhoneControlEventBlock *
block_new (void)
{
  PhoneControlEventBlock *self = g_new0 (PhoneControlEventBlock, 1);

  g_ref_count_init (&self->ref_count);
  self->texts = g_string_chunk_new (TEXT_BYTES);
  return self;
}

/**
 * phone_control_event_block_unref:
 *
 * To be called by who fills it; its events stay.
 */
void
phone_control_event_block_unref (PhoneControlEventBlock *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_string_chunk_free (self->texts);
  g_free (self);
}

static const char *
keep_text (PhoneControlEventBlock *block,
           const char             *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL || text[0] == '\0')
    return "";
  valid = g_utf8_make_valid (text, -1);
  return g_string_chunk_insert (block->texts, valid);
}

static PhoneControlEvent *
new_event (PhoneControlEventBlock **block,
           guint64                  seq)
{
  PhoneControlEvent *self;

  if (*block != NULL && (*block)->n_used == EVENTS_PER_BLOCK)
    g_clear_pointer (block, phone_control_event_block_unref);
  if (*block == NULL)
    *block = block_new ();
  self = &(*block)->events[(*block)->n_used++];
  self->block = *block;
  g_ref_count_inc (&(*block)->ref_count);
  g_ref_count_init (&self->ref_count);
  self->seq = seq;
  self->time_us = g_get_real_time ();

  return self;
}

/**
 * phone_control_event_new_notice:
 * @block: (inout): where it is put; %NULL at first, replaced when it is full; to be unreferenced after the last event
 * @notice: (transfer none): copied; texts that are not valid UTF-8 are repaired
 *
 * Returns: (transfer full): an event that is a notice of the engine
 */
PhoneControlEvent *
phone_control_event_new_notice (PhoneControlEventBlock **block,
                                guint64                  seq,
                                const PhoneNotice       *notice)
{
  PhoneControlEvent *self;

  g_return_val_if_fail (block != NULL && notice != NULL, NULL);

  self = new_event (block, seq);
  self->notice = *notice;
  self->notice.number = keep_text (*block, notice->number);
  self->notice.name = keep_text (*block, notice->name);
  self->notice.text = keep_text (*block, notice->text);

  return self;
}

/**
 * phone_control_event_new_display:
 * @block: (inout): as for phone_control_event_new_notice()
 *
 * Returns: (transfer full): an event that is a change of the display
 */
PhoneControlEvent *
phone_control_event_new_display (PhoneControlEventBlock **block,
                                 guint64                  seq,
                                 PhoneDisplay            *display)
{
  PhoneControlEvent *self;

  g_return_val_if_fail (block != NULL && display != NULL, NULL);

  self = new_event (block, seq);
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
  phone_control_event_block_unref (self->block);
}
