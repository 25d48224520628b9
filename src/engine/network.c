/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "network.h"

#include "calls.h"
#include "cause.h"

/*
 * The rules of network life:
 *
 * - While there is no network, the LCD says so; calls stay, for it may come back at once.
 * - Registrations are signaling's business: it renews those that the news concern.
 * - A call whose address of ours is gone moves to the new one: other sockets for its sound, then a re-INVITE that says where.
 *   If they refuse, or do not answer in time, the call ends with the reason.
 * - A call that nobody has answered yet cannot be moved: an outgoing one ends, an incoming one is answered from the new
 *   address.
 * - When the network was away, or the machine asleep, calls that need not move are offered again as they are: who is gone in
 *   the meantime does not accept.
 */

static gboolean
is_loopback (const char *address)
{
  return g_str_has_prefix (address, "127.") || g_str_equal (address, "::1");
}

/* Whether the sound of @call comes from an address that is not the one towards its far end any more. Without any way to it
 * there is nowhere to move. */
static gboolean
has_moved (PhoneEngine     *engine,
           const PhoneCall *call)
{
  const char *old = call->capable ? phone_media_desc_get_address (call->capable) : NULL;
  g_autofree char *now = phone_signaling_dup_local_address (engine->signaling, call->account, call->target);

  if (old == NULL || now == NULL || g_str_equal (old, now))
    return FALSE;
  return !is_loopback (now) || is_loopback (old);
}

static void
follow (PhoneEngine      *engine,
        PhoneNetworkNews  news)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint));

  /* Handling one may end it. */
  for (guint i = 0; i < engine->calls->len; i++)
    g_array_append_val (ids, ((PhoneCall *) engine->calls->pdata[i])->id);

  for (guint i = 0; i < ids->len; i++)
    {
      PhoneCall *call = phone_calls_find (engine, g_array_index (ids, guint, i));

      if (call == NULL)
        continue;
      if (has_moved (engine, call))
        phone_call_dispatch (engine, call, PHONE_CALL_ON_MOVED, NULL);
      else if (news == PHONE_NETWORK_BACK)
        phone_call_dispatch (engine, call, PHONE_CALL_ON_RENEW, NULL);
    }
}

/**
 * phone_network_apply:
 *
 * Tells signaling and sees to the calls.
 */
void
phone_network_apply (PhoneEngine      *engine,
                     PhoneNetworkNews  news)
{
  gboolean down = news == PHONE_NETWORK_DOWN;

  g_debug ("network: %s -> %s", engine->network_down ? "down" : "up", phone_network_news_to_string (news));
  engine->network_down = down;
  phone_signaling_network_changed (engine->signaling, news);
  if (!down)
    follow (engine, news);
}
