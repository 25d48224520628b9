/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-media"

#include "media-jitter.h"

/* Packets held at most; with 10 ms packets more than a second. */
#define MAX_PACKETS 128
/* A leap of the timestamps or of the delay beyond this is a new stream. */
#define RESYNC_US (2 * G_USEC_PER_SEC)
/* After so long without a packet the talker has paused: start anew with the target delay. */
#define PAUSE_US 150000
/* Lateness is counted in steps of 5 ms; old packets fade out of the count with a half-life of about 7 s. */
#define STEP_US 5000
#define N_STEPS 100
#define FORGET (1.0 / 512)
#define QUANTILE 0.98
/* The quickest packet is looked for in the last 8 to 10 s, so that drift is followed. */
#define BASE_SLOTS 5
#define BASE_SLOT_US (2 * G_USEC_PER_SEC)
#define WINDOW_US (G_USEC_PER_SEC / 2)
/* Below target by more than LOW, above by more than HIGH: stretch. */
#define LOW_US 6000
#define HIGH_US 8000
#define START_TARGET_US 10000

typedef struct {
  gint64  position;
  gint64  lateness_us;
  GBytes *bytes;
} Packet;

struct _PhoneJitterBuffer {
  gboolean adaptive;
  gint64   normal_us;
  gint64   maximum_us;
  guint    clock_hz;

  GQueue   packets;           /* of Packet, by position */

  gboolean anchored;          /* positions count from the first packet */
  guint32  last_timestamp;
  gint64   last_position;

  gint64   slots[BASE_SLOTS]; /* smallest transit of each slot */
  gint64   slot_start_us;
  guint    slot;

  double   histogram[N_STEPS];
  guint    n_counted;
  gint64   target_us;
  gint64   most_us;           /* of all low_us */

  gboolean playing;
  gint64   next;              /* position that is played next */
  gint64   concealed;         /* units made up since `next` */

  gint64   window_start_us;
  gint64   window_low_us;
  gint64   low_us;
  gboolean have_low;
  gint64   stretched_us;      /* when */

  guint    late;
  guint64  concealed_us;
};

static gint64
to_us (const PhoneJitterBuffer *self,
       gint64                   units)
{
  return units * G_USEC_PER_SEC / (gint64) self->clock_hz;
}

static void
packet_free (Packet *packet)
{
  g_bytes_unref (packet->bytes);
  g_free (packet);
}

/**
 * phone_jitter_buffer_new:
 * @adaptive: whether the target follows the network
 * @normal_ms: the target when it does not
 * @maximum_ms: the target never exceeds it
 */
PhoneJitterBuffer *
phone_jitter_buffer_new (gboolean adaptive,
                         guint    normal_ms,
                         guint    maximum_ms)
{
  PhoneJitterBuffer *self = g_new0 (PhoneJitterBuffer, 1);

  self->adaptive = adaptive;
  self->maximum_us = (gint64) MIN (maximum_ms, 1000) * 1000;
  self->normal_us = MIN ((gint64) normal_ms * 1000, self->maximum_us);
  g_queue_init (&self->packets);
  phone_jitter_buffer_reset (self, 8000);
  return self;
}

void
phone_jitter_buffer_free (PhoneJitterBuffer *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->packets, (GDestroyNotify) packet_free);
  g_free (self);
}

static void
forget_stream (PhoneJitterBuffer *self)
{
  g_queue_clear_full (&self->packets, (GDestroyNotify) packet_free);
  self->anchored = FALSE;
  self->playing = FALSE;
  self->concealed = 0;
  self->have_low = FALSE;
  self->window_start_us = 0;
}

/**
 * phone_jitter_buffer_reset:
 * @clock_hz: RTP clock rate from now on
 *
 * Another source or codec: throws away what is waiting; what was learnt about the network stays.
 */
void
phone_jitter_buffer_reset (PhoneJitterBuffer *self,
                           guint              clock_hz)
{
  g_return_if_fail (self != NULL && clock_hz > 0);

  self->clock_hz = clock_hz;
  forget_stream (self);
  if (self->n_counted == 0)
    self->target_us = self->adaptive ? MIN (START_TARGET_US, self->maximum_us) : self->normal_us;
}

static gint64
base_transit (const PhoneJitterBuffer *self)
{
  gint64 base = G_MAXINT64;

  for (guint i = 0; i < BASE_SLOTS; i++)
    base = MIN (base, self->slots[i]);
  return base;
}

static void
note_transit (PhoneJitterBuffer *self,
              gint64             transit_us,
              gint64             now_us)
{
  if (now_us - self->slot_start_us >= BASE_SLOT_US)
    {
      self->slot = (self->slot + 1) % BASE_SLOTS;
      self->slots[self->slot] = G_MAXINT64;
      self->slot_start_us = now_us;
    }
  self->slots[self->slot] = MIN (self->slots[self->slot], transit_us);
}

static void
count_lateness (PhoneJitterBuffer *self,
                gint64             lateness_us)
{
  guint step = (guint) CLAMP (lateness_us / STEP_US, 0, N_STEPS - 1);
  double weight;
  double sum = 0;

  self->n_counted = MIN (self->n_counted + 1, G_MAXUINT - 1);
  /* The first packets weigh more, so that the target is right after a second. */
  weight = MAX (FORGET, 1.0 / self->n_counted);
  for (guint i = 0; i < N_STEPS; i++)
    self->histogram[i] *= 1 - weight;
  self->histogram[step] += weight;

  if (!self->adaptive)
    return;
  for (step = 0; step < N_STEPS - 1; step++)
    {
      sum += self->histogram[step];
      if (sum >= QUANTILE)
        break;
    }
  self->target_us = MIN ((gint64) (step + 1) * STEP_US, self->maximum_us);
}

static void
anchor (PhoneJitterBuffer *self,
        guint32            timestamp,
        gint64             now_us)
{
  forget_stream (self);
  self->anchored = TRUE;
  self->last_timestamp = timestamp;
  self->last_position = 0;
  for (guint i = 0; i < BASE_SLOTS; i++)
    self->slots[i] = G_MAXINT64;
  self->slot_start_us = now_us;
}

static void
insert (PhoneJitterBuffer *self,
        gint64             position,
        gint64             lateness_us,
        GBytes            *bytes)
{
  GList *after = self->packets.tail;
  Packet *packet;

  while (after != NULL && ((Packet *) after->data)->position > position)
    after = after->prev;
  if (after != NULL && ((Packet *) after->data)->position == position)
    return;   /* a duplicate */

  packet = g_new0 (Packet, 1);
  packet->position = position;
  packet->lateness_us = lateness_us;
  packet->bytes = g_bytes_ref (bytes);
  if (after == NULL)
    g_queue_push_head (&self->packets, packet);
  else
    g_queue_insert_after (&self->packets, after, packet);

  if (self->packets.length > MAX_PACKETS)
    packet_free (g_queue_pop_head (&self->packets));
}

/**
 * phone_jitter_buffer_put:
 * @timestamp: the packet's RTP timestamp
 * @packet: (transfer none): the packet
 * @now_us: when it came
 */
void
phone_jitter_buffer_put (PhoneJitterBuffer *self,
                         guint32            timestamp,
                         GBytes            *packet,
                         gint64             now_us)
{
  gint64 position;
  gint64 transit_us;
  gint64 lateness_us;

  g_return_if_fail (self != NULL && packet != NULL);

  if (!self->anchored)
    anchor (self, timestamp, now_us);
  position = self->last_position + (gint32) (timestamp - self->last_timestamp);
  transit_us = now_us - to_us (self, position);
  if (base_transit (self) != G_MAXINT64 && ABS (transit_us - base_transit (self)) > RESYNC_US)
    {
      anchor (self, timestamp, now_us);
      position = 0;
      transit_us = now_us;
    }
  if (position > self->last_position)
    {
      self->last_position = position;
      self->last_timestamp = timestamp;
    }

  note_transit (self, transit_us, now_us);
  lateness_us = transit_us - base_transit (self);
  count_lateness (self, lateness_us);

  if (self->playing && position < self->next)
    self->late++;
  else
    insert (self, position, lateness_us, packet);
}

/* How much later than the quickest packet the sound at this position is played when it is played now. */
static gint64
delay_at (const PhoneJitterBuffer *self,
          gint64                   position,
          gint64                   now_us)
{
  return now_us - to_us (self, position) - base_transit (self);
}

static void
note_delay (PhoneJitterBuffer *self,
            gint64             delay_us,
            gint64             now_us)
{
  if (self->window_start_us == 0)
    {
      self->window_start_us = now_us;
      self->window_low_us = delay_us;
    }
  self->window_low_us = MIN (self->window_low_us, delay_us);
  if (now_us - self->window_start_us >= WINDOW_US)
    {
      self->low_us = self->window_low_us;
      self->most_us = MAX (self->most_us, self->low_us);
      self->have_low = TRUE;
      self->window_start_us = now_us;
      self->window_low_us = delay_us;
    }
}

static PhoneJitterVerdict
take_head (PhoneJitterBuffer *self,
           gint64             now_us,
           GBytes           **packet,
           guint             *inserted)
{
  Packet *head = g_queue_pop_head (&self->packets);
  gint64 gap = head->position - self->next;

  *inserted = self->concealed > 0 && gap >= 0 && gap < self->concealed ? (guint) (self->concealed - gap) : 0;
  self->next = head->position;
  self->concealed = 0;
  note_delay (self, delay_at (self, head->position, now_us), now_us);
  *packet = g_bytes_ref (head->bytes);
  packet_free (head);
  return PHONE_JITTER_PACKET;
}

static gboolean
may_start (PhoneJitterBuffer *self,
           gint64             now_us)
{
  const Packet *head = g_queue_peek_head (&self->packets);

  if (head == NULL || delay_at (self, head->position, now_us) < self->target_us)
    return FALSE;

  /* Nobody pulled for a while: what is long overdue is not played. */
  while (self->packets.length > 1 && delay_at (self, head->position, now_us) > self->target_us + 60000)
    {
      packet_free (g_queue_pop_head (&self->packets));
      head = g_queue_peek_head (&self->packets);
    }
  self->playing = TRUE;
  self->next = head->position;
  self->concealed = 0;
  self->have_low = FALSE;
  self->window_start_us = 0;
  return TRUE;
}

/**
 * phone_jitter_buffer_get:
 * @now_us: now
 * @packet: (out) (transfer full) (nullable): the packet for %PHONE_JITTER_PACKET
 * @missing: (out): for %PHONE_JITTER_LOST: units to make up before the next packet; for %PHONE_JITTER_PACKET: units
 * that were made up while waiting for it: so much later is everything played now
 *
 * To be asked when everything handed out before has been played. After a packet call
 * phone_jitter_buffer_decoded(), after making something up phone_jitter_buffer_concealed().
 */
PhoneJitterVerdict
phone_jitter_buffer_get (PhoneJitterBuffer *self,
                         gint64             now_us,
                         GBytes           **packet,
                         guint             *missing)
{
  const Packet *head;
  gint64 gap;

  g_return_val_if_fail (self != NULL && packet != NULL && missing != NULL, PHONE_JITTER_WAIT);

  *packet = NULL;
  *missing = 0;
  if (!self->playing && !may_start (self, now_us))
    return PHONE_JITTER_WAIT;

  while ((head = g_queue_peek_head (&self->packets)) != NULL && head->position < self->next)
    packet_free (g_queue_pop_head (&self->packets));

  if (head == NULL)
    {
      if (to_us (self, self->concealed) < PAUSE_US)
        return PHONE_JITTER_LATE;
      self->playing = FALSE;
      return PHONE_JITTER_WAIT;
    }

  /* Far behind (the puller was stopped for a while): leap. */
  if (delay_at (self, head->position, now_us) > self->target_us + 250000 && self->packets.length > 1)
    {
      self->playing = FALSE;
      if (!may_start (self, now_us))
        return PHONE_JITTER_WAIT;
      return take_head (self, now_us, packet, missing);
    }

  gap = head->position - self->next;
  if (gap <= self->concealed)
    return take_head (self, now_us, packet, missing);
  if (to_us (self, self->concealed) >= PAUSE_US || to_us (self, gap) > RESYNC_US)
    {
      /* The talker had paused; the new words wait for their proper time. */
      self->playing = FALSE;
      return may_start (self, now_us) ? take_head (self, now_us, packet, missing) : PHONE_JITTER_WAIT;
    }
  *missing = (guint) (gap - self->concealed);
  return PHONE_JITTER_LOST;
}

/**
 * phone_jitter_buffer_peek:
 * Returns: (transfer none) (nullable): the packet that comes next, be it its time or not
 */
GBytes *
phone_jitter_buffer_peek (PhoneJitterBuffer *self)
{
  const Packet *head;

  g_return_val_if_fail (self != NULL, NULL);

  head = g_queue_peek_head (&self->packets);
  return head == NULL ? NULL : head->bytes;
}

/**
 * phone_jitter_buffer_get_advice:
 * @now_us: now
 *
 * Returns: what to do with the packet just taken
 */
PhoneJitterAdvice
phone_jitter_buffer_get_advice (PhoneJitterBuffer *self,
                                gint64             now_us)
{
  gint64 excess;

  g_return_val_if_fail (self != NULL, PHONE_JITTER_KEEP);

  if (!self->have_low)
    return PHONE_JITTER_KEEP;
  excess = self->low_us - self->target_us;
  if (excess > HIGH_US && now_us - self->stretched_us >= (excess > 40000 ? 20000 : 150000))
    return PHONE_JITTER_SHORTEN;
  if (excess < -LOW_US && now_us - self->stretched_us >= 60000)
    return PHONE_JITTER_LENGTHEN;
  return PHONE_JITTER_KEEP;
}

/**
 * phone_jitter_buffer_decoded:
 * @units: sound that was in the packet
 */
void
phone_jitter_buffer_decoded (PhoneJitterBuffer *self,
                             guint              units)
{
  g_return_if_fail (self != NULL);

  self->next += units;
}

/**
 * phone_jitter_buffer_concealed:
 * @units: sound that was made up
 */
void
phone_jitter_buffer_concealed (PhoneJitterBuffer *self,
                               guint              units)
{
  g_return_if_fail (self != NULL);

  self->concealed += units;
  self->concealed_us += (guint64) to_us (self, units);
}

/**
 * phone_jitter_buffer_stretched:
 * @units: sound put in (positive) or taken out (negative); 0 = it was not possible now
 */
void
phone_jitter_buffer_stretched (PhoneJitterBuffer *self,
                               int                units,
                               gint64             now_us)
{
  gint64 us;

  g_return_if_fail (self != NULL);

  us = to_us (self, units);
  self->low_us += us;
  self->window_low_us += us;
  if (units != 0)
    self->stretched_us = now_us;
}

/**
 * phone_jitter_buffer_get_statistics:
 * @statistics: (out): how it goes
 */
void
phone_jitter_buffer_get_statistics (const PhoneJitterBuffer *self,
                                    PhoneJitterStatistics   *statistics)
{
  g_return_if_fail (self != NULL && statistics != NULL);

  statistics->delay_us = self->have_low ? (guint) MAX (self->low_us, 0) : 0;
  statistics->most_us = (guint) self->most_us;
  statistics->target_us = (guint) self->target_us;
  statistics->late = self->late;
  statistics->concealed_ms = (guint) (self->concealed_us / 1000);
  statistics->depth = self->packets.length;
}
