/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-route.h"

/*
 * A hop that fails is left for the next one. When all have failed one after the other the round is over: whoever asked gets
 * to know, and the next round starts with the first.
 */

/* "With a new request" does not mean that each call waits for a server that is known to be dead. */
#define DEAD_MS 30000

typedef struct {
  PhoneSipHop *hop;
  gint64       failed_ms;      /* -1: works as far as known */
} Place;

struct _PhoneSipRoute {
  gatomicrefcount  references;
  PhoneFailback    failback;
  guint            failback_s;
  GArray          *places;
  guint            current;
  gint64           located_ms;
  gint64           left_ms;    /* when the first hop was left */
};

static void
clear_place (gpointer data)
{
  Place *place = data;

  g_clear_pointer (&place->hop, phone_sip_hop_free);
}

/**
 * phone_sip_route_new:
 * @failback: when requests go to the first hop again
 * @failback_s: for %PHONE_FAILBACK_DURATION; 0: never
 */
PhoneSipRoute *
phone_sip_route_new (PhoneFailback failback,
                     guint         failback_s)
{
  PhoneSipRoute *self = g_new0 (PhoneSipRoute, 1);

  g_atomic_ref_count_init (&self->references);
  self->failback = failback;
  self->failback_s = failback_s;
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (self->places, clear_place);

  return self;
}

PhoneSipRoute *
phone_sip_route_ref (PhoneSipRoute *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
phone_sip_route_unref (PhoneSipRoute *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->references))
    return;

  g_array_unref (self->places);
  g_free (self);
}

static Place *
get_place (PhoneSipRoute *self,
           guint          i)
{
  return &g_array_index (self->places, Place, i);
}

static Place *
find_place (PhoneSipRoute     *self,
            const PhoneSipHop *hop)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      if (phone_sip_hop_equal (get_place (self, i)->hop, hop))
        return get_place (self, i);
    }

  return NULL;
}

static gboolean
is_same_list (PhoneSipRoute *self,
              GPtrArray     *hops)
{
  if (self->places->len != hops->len)
    return FALSE;

  for (guint i = 0; i < hops->len; i++)
    {
      if (!phone_sip_hop_equal (get_place (self, i)->hop, g_ptr_array_index (hops, i)))
        return FALSE;
    }

  return TRUE;
}

/**
 * phone_sip_route_set_hops:
 * @hops: (element-type PhoneSipHop): best first; copied
 *
 * Takes the result of a look-up. One that names the same hops in the same order changes nothing but their age, so that a
 * failover outlives it; %PHONE_FAILBACK_DNS_TTL goes back to the first.
 */
void
phone_sip_route_set_hops (PhoneSipRoute *self,
                          GPtrArray     *hops,
                          gint64         now_ms)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (hops != NULL);

  self->located_ms = now_ms;
  if (is_same_list (self, hops))
    {
      for (guint i = 0; i < hops->len; i++)
        get_place (self, i)->hop->ttl_s = ((PhoneSipHop *) g_ptr_array_index (hops, i))->ttl_s;
      if (self->failback == PHONE_FAILBACK_DNS_TTL)
        self->current = 0;
      return;
    }

  g_array_set_size (self->places, 0);
  for (guint i = 0; i < hops->len; i++)
    {
      Place place = { phone_sip_hop_copy (g_ptr_array_index (hops, i)), -1 };

      g_array_append_val (self->places, place);
    }
  self->current = 0;
}

/**
 * phone_sip_route_get_n_hops:
 * Returns: addresses that were found, 0 before the first look-up
 */
guint
phone_sip_route_get_n_hops (PhoneSipRoute *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->places->len;
}

/* The shortest life of the records, 0 when no record was asked. */
static guint
get_ttl_s (PhoneSipRoute *self)
{
  guint ttl_s = 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      guint own = get_place (self, i)->hop->ttl_s;

      if (own > 0 && (ttl_s == 0 || own < ttl_s))
        ttl_s = own;
    }

  return ttl_s;
}

/**
 * phone_sip_route_is_stale:
 * Returns: whether the names should be looked up (again) before the next registration
 */
gboolean
phone_sip_route_is_stale (PhoneSipRoute *self,
                          gint64         now_ms)
{
  guint ttl_s;

  g_return_val_if_fail (self != NULL, TRUE);

  if (self->places->len == 0)
    return TRUE;
  ttl_s = get_ttl_s (self);
  return ttl_s > 0 && now_ms - self->located_ms >= (gint64) ttl_s * 1000;
}

/**
 * phone_sip_route_peek:
 * Returns: (transfer none) (nullable): the hop in use, without a decision
 */
const PhoneSipHop *
phone_sip_route_peek (PhoneSipRoute *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->places->len > 0 ? get_place (self, self->current)->hop : NULL;
}

static gboolean
may_return (PhoneSipRoute *self,
            gboolean       registering,
            gint64         now_ms)
{
  const Place *first = get_place (self, 0);

  switch (self->failback)
    {
    case PHONE_FAILBACK_NEW_REQUEST:
      return first->failed_ms < 0 || now_ms - first->failed_ms >= DEAD_MS;
    case PHONE_FAILBACK_REGISTRATION:
      return registering;
    case PHONE_FAILBACK_DURATION:
      return self->failback_s > 0 && now_ms - self->left_ms >= (gint64) self->failback_s * 1000;
    case PHONE_FAILBACK_DNS_TTL:
      return FALSE; /* the next look-up does it */
    }

  return FALSE;
}

/**
 * phone_sip_route_choose:
 * @registering: whether the request is a REGISTER of its own accord, not one that follows a failure
 *
 * Returns: (transfer none) (nullable): where a new request goes; %NULL before anything was looked up
 */
const PhoneSipHop *
phone_sip_route_choose (PhoneSipRoute *self,
                        gboolean       registering,
                        gint64         now_ms)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->places->len == 0)
    return NULL;
  if (self->current > 0 && may_return (self, registering, now_ms))
    self->current = 0;

  return get_place (self, self->current)->hop;
}

/**
 * phone_sip_route_fail:
 * @hop: where a request was sent that got no answer, or 503
 *
 * Goes on to the next hop.
 *
 * Returns: whether there is another one to try; %FALSE when the round is over
 */
gboolean
phone_sip_route_fail (PhoneSipRoute     *self,
                      const PhoneSipHop *hop,
                      gint64             now_ms)
{
  Place *place;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (hop != NULL, FALSE);

  place = find_place (self, hop);
  if (!place)
    return self->places->len > 0; /* the list has changed meanwhile */

  place->failed_ms = now_ms;
  if (!phone_sip_hop_equal (get_place (self, self->current)->hop, hop))
    return TRUE; /* somebody else has gone on before us */

  if (self->current == 0)
    self->left_ms = now_ms;
  self->current++;
  if (self->current < self->places->len)
    return TRUE;

  self->current = 0;
  return FALSE;
}

/**
 * phone_sip_route_succeed:
 * @hop: where a request was answered
 */
void
phone_sip_route_succeed (PhoneSipRoute     *self,
                         const PhoneSipHop *hop)
{
  Place *place;

  g_return_if_fail (self != NULL);
  g_return_if_fail (hop != NULL);

  place = find_place (self, hop);
  if (place)
    place->failed_ms = -1;
}

/**
 * phone_sip_route_forgive:
 *
 * Failures say nothing of the servers when it was our own network that was gone: the first comes first again.
 */
void
phone_sip_route_forgive (PhoneSipRoute *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->places->len; i++)
    get_place (self, i)->failed_ms = -1;
  self->current = 0;
}

/**
 * phone_sip_route_has_address:
 * Returns: whether one of the hops has this IP literal
 */
gboolean
phone_sip_route_has_address (PhoneSipRoute *self,
                             const char    *address)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->places->len; i++)
    {
      if (g_strcmp0 (get_place (self, i)->hop->address, address) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * phone_sip_route_is_first:
 * Returns: whether the preferred address is in use
 */
gboolean
phone_sip_route_is_first (PhoneSipRoute *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->current == 0;
}

/**
 * phone_sip_route_get_return_ms:
 * Returns: after how many milliseconds the registration should look whether it can go back to the first hop; 0 when the
 *   next regular one is soon enough
 */
guint
phone_sip_route_get_return_ms (PhoneSipRoute *self,
                               gint64         now_ms)
{
  gint64 due = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->current == 0)
    return 0;

  switch (self->failback)
    {
    case PHONE_FAILBACK_DURATION:
      due = self->failback_s > 0 ? self->left_ms + (gint64) self->failback_s * 1000 : 0;
      break;
    case PHONE_FAILBACK_DNS_TTL:
      due = get_ttl_s (self) > 0 ? self->located_ms + (gint64) get_ttl_s (self) * 1000 : 0;
      break;
    case PHONE_FAILBACK_NEW_REQUEST:
    case PHONE_FAILBACK_REGISTRATION:
      break;
    }

  return due > 0 ? (guint) CLAMP (due - now_ms, 1, G_MAXINT) : 0;
}
