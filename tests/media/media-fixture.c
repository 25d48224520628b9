/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-fixture.h"

#include "media-codecs.h"

#include <string.h>

static void
on_event (const PhoneEvent *event,
          gpointer          user_data)
{
  Handset *self = user_data;

  g_ptr_array_add (self->events, phone_event_copy (event));
}

Handset *
handset_new (const char *audio_spec)
{
  g_autoptr (GError) error = NULL;
  Handset *self = g_new0 (Handset, 1);

  self->queue = phone_event_queue_new ();
  self->settings = phone_settings_new ();
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_event_free);
  phone_event_queue_set_handler (self->queue, on_event, NULL, self);
  self->audio = phone_media_audio_new (self->queue, self->settings, audio_spec, TRUE, &error);
  g_assert_no_error (error);
  return self;
}

void
handset_free (Handset *self)
{
  g_assert_finalize_object (self->audio);
  /* What was on its way when the port died must not come alive. */
  run_for (20);
  phone_event_queue_set_handler (self->queue, NULL, NULL, NULL);
  g_assert_finalize_object (self->queue);
  g_assert_finalize_object (self->settings);
  g_ptr_array_unref (self->events);
  g_free (self);
}

void
handset_set (Handset    *self,
             const char *key,
             const char *value)
{
  g_autoptr (GError) error = NULL;

  phone_settings_set_by_key (self->settings, PHONE_LAYER_LOCAL, key, value, &error);
  g_assert_no_error (error);
}

guint
handset_count (Handset        *self,
               PhoneEventType  type)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    n += ((const PhoneEvent *) g_ptr_array_index (self->events, i))->type == type;
  return n;
}

const PhoneEvent *
handset_find (Handset        *self,
              PhoneEventType  type,
              guint           call)
{
  for (guint i = self->events->len; i > 0; i--)
    {
      const PhoneEvent *event = g_ptr_array_index (self->events, i - 1);

      if (event->type == type && event->call == call)
        return event;
    }
  return NULL;
}

char *
handset_dup_digits (Handset *self)
{
  GString *digits = g_string_new (NULL);

  for (guint i = 0; i < self->events->len; i++)
    {
      const PhoneEvent *event = g_ptr_array_index (self->events, i);

      if (event->type == PHONE_EVENT_DIGIT_HEARD)
        g_string_append_c (digits, (char) event->value);
    }
  return g_string_free (digits, FALSE);
}

void
handset_forget (Handset *self)
{
  g_ptr_array_set_size (self->events, 0);
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
on_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
run_until (Condition   condition,
           gpointer    user_data,
           guint       deadline_ms,
           const char *what)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) deadline_ms * 1000;
  guint look = g_timeout_add (5, on_look, NULL);

  while (!condition (user_data))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("not within %u ms: %s", deadline_ms, what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (look);
}

void
run_for (guint ms)
{
  gboolean done = FALSE;

  g_timeout_add (ms, on_timeout, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct {
  Handset        *self;
  PhoneEventType  type;
  guint           call;
} Wanted;

static gboolean
has_event (gpointer user_data)
{
  Wanted *wanted = user_data;

  return handset_find (wanted->self, wanted->type, wanted->call) != NULL;
}

void
wait_for_event (Handset        *self,
                PhoneEventType  type,
                guint           call,
                guint           deadline_ms)
{
  Wanted wanted = { self, type, call };

  run_until (has_event, &wanted, deadline_ms, phone_event_type_to_string (type));
}

PhoneMediaDesc *
handset_prepare (Handset    *self,
                 guint       call,
                 const char *codecs,
                 const char *address)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  g_auto (GStrv) names = g_strsplit (codecs, " ", -1);
  guint n_codecs;
  const PhoneMediaCodec *table = phone_media_codec_list (&n_codecs);
  PhoneMediaConfig config = {
    .address = address, .codecs = list, .ptime_ms = 20, .event_payload = 101,
    .jitter_min_ms = 60, .jitter_max_ms = 240, .jitter_normal_ms = 120, .jitter_adaptive = TRUE,
    .security = self->security,
  };
  const PhoneEvent *ready;

  for (guint n = 0; names[n] != NULL; n++)
    for (guint i = 0; i < n_codecs; i++)
      if (strcmp (table[i].encoding, names[n]) == 0)
        g_ptr_array_add (list, phone_codec_new (table[i].encoding, table[i].payload_type, table[i].clock_hz,
                                                table[i].channels, NULL));
  phone_audio_prepare (self->audio, call, &config);
  ready = handset_find (self, PHONE_EVENT_MEDIA_READY, call);
  return ready == NULL ? NULL : phone_media_desc_ref (ready->desc);
}

static PhoneMediaDesc *
latest (Handset *self,
        guint    call)
{
  const PhoneEvent *ready = handset_find (self, PHONE_EVENT_MEDIA_READY, call);

  g_assert_nonnull (ready);
  return ready->desc;
}

void
set_directions (Handset        *a,
                Handset        *b,
                guint           call,
                PhoneDirection  of_a)
{
  g_autoptr (PhoneMediaDesc) offer = phone_media_desc_with_direction (latest (a, call), of_a);
  g_autoptr (PhoneMediaDesc) answer = phone_media_desc_answer (latest (b, call), offer, PHONE_DIRECTION_SENDRECV);

  g_assert_nonnull (answer);
  phone_audio_connect (b->audio, call, answer, offer);
  phone_audio_connect (a->audio, call, offer, answer);
}

void
connect_handsets (Handset    *a,
                  Handset    *b,
                  guint       call,
                  const char *codecs,
                  const char *address)
{
  g_autoptr (PhoneMediaDesc) ours = handset_prepare (a, call, codecs, address);
  g_autoptr (PhoneMediaDesc) theirs = handset_prepare (b, call, codecs, address);

  g_assert_nonnull (ours);
  g_assert_nonnull (theirs);
  set_directions (a, b, call, PHONE_DIRECTION_SENDRECV);
}
