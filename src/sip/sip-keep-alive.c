/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-keep-alive.h"

#include "sip-target.h"
#include "sip-uri.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

struct _PhoneSipKeepAlive {
  PhoneSipStack  *stack;
  PhoneKeepAlive  kind;
  guint           interval_s;
  PhoneSipHop    *hop;        /* nullable: nobody to talk to */
  char           *from;
  PhoneSipTarget *target;     /* nullable: of a request that waits for its answer */
  guint           source;
};

/**
 * phone_sip_keep_alive_new:
 * Returns: (transfer full): one that is silent until it has a kind, an interval and a peer
 */
PhoneSipKeepAlive *
phone_sip_keep_alive_new (PhoneSipStack *stack)
{
  PhoneSipKeepAlive *self;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (stack), NULL);

  self = g_new0 (PhoneSipKeepAlive, 1);
  self->stack = g_object_ref (stack);

  return self;
}

void
phone_sip_keep_alive_free (PhoneSipKeepAlive *self)
{
  if (!self)
    return;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->hop, phone_sip_hop_free);
  g_free (self->from);
  g_object_unref (self->stack);
  g_free (self);
}

/* Whatever the answer is, it has come. */
static void
on_event (const PhoneSipEvent *event,
          gpointer             owner)
{
  PhoneSipKeepAlive *self = owner;

  if ((event->event == nua_r_options || event->event == nua_r_method) && event->status >= 200)
    g_clear_pointer (&self->target, phone_sip_target_release);
}

static void
send_request (PhoneSipKeepAlive *self)
{
  nua_t *agent = phone_sip_stack_get_agent (self->stack, self->hop->address, self->hop->transport);
  g_autofree char *hop = phone_sip_hop_to_url (self->hop);
  g_autofree char *host = phone_sip_uri_format_host (self->hop->name);
  g_autofree char *url = g_strdup_printf ("sip:%s:%u", host, self->hop->port);
  g_autofree char *to = g_strdup_printf ("<%s>", url);
  nua_handle_t *handle;

  if (self->target || !agent)
    return; /* the last one is still under way */

  handle = nua_handle (agent, NULL, NUTAG_URL (url), SIPTAG_TO_STR (to), SIPTAG_FROM_STR (self->from), TAG_END ());
  if (!handle)
    return;

  self->target = phone_sip_target_new (self->stack, handle, on_event, self);
  if (self->kind == PHONE_KEEP_ALIVE_OPTIONS)
    nua_options (handle, NUTAG_PROXY (hop), TAG_END ());
  else
    nua_method (handle, NUTAG_METHOD ("NOTIFY"), NUTAG_PROXY (hop), SIPTAG_EVENT_STR ("keep-alive"), TAG_END ());
}

static gboolean
on_time (gpointer user_data)
{
  PhoneSipKeepAlive *self = user_data;

  switch (self->kind)
    {
    case PHONE_KEEP_ALIVE_OFF:
      break;
    case PHONE_KEEP_ALIVE_PACKET:
      phone_sip_stack_send_blank (self->stack, self->hop);
      break;
    case PHONE_KEEP_ALIVE_OPTIONS:
    case PHONE_KEEP_ALIVE_NOTIFY:
      send_request (self);
      break;
    }

  return G_SOURCE_CONTINUE;
}

static void
run (PhoneSipKeepAlive *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->hop && self->hop->transport == PHONE_TRANSPORT_UDP && self->kind != PHONE_KEEP_ALIVE_OFF && self->interval_s > 0)
    self->source = g_timeout_add_seconds (self->interval_s, on_time, self);
}

/**
 * phone_sip_keep_alive_configure:
 * @interval_s: time between two
 */
void
phone_sip_keep_alive_configure (PhoneSipKeepAlive *self,
                                PhoneKeepAlive     kind,
                                guint              interval_s)
{
  g_return_if_fail (self != NULL);

  self->kind = kind;
  self->interval_s = interval_s;
  run (self);
}

/**
 * phone_sip_keep_alive_set_peer:
 * @hop: (nullable): where the account is registered; copied
 * @from: (nullable): our address, as it stands in From
 */
void
phone_sip_keep_alive_set_peer (PhoneSipKeepAlive *self,
                               const PhoneSipHop *hop,
                               const char        *from)
{
  g_return_if_fail (self != NULL);

  if ((!hop && !self->hop) || (hop && self->hop && phone_sip_hop_equal (hop, self->hop) && g_strcmp0 (from, self->from) == 0))
    return;

  g_clear_pointer (&self->target, phone_sip_target_release);
  g_clear_pointer (&self->hop, phone_sip_hop_free);
  self->hop = hop ? phone_sip_hop_copy (hop) : NULL;
  g_free (self->from);
  self->from = g_strdup (from);
  run (self);
}
