/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page-list.h"

#include "account.h"
#include "screen.h"
#include "texts.h"

#include <string.h>

/* Status: what the phone is, where it stands in the network, how its accounts are. */

static void
add (GPtrArray  *items,
     const char *text,
     const char *value)
{
  phone_list_add (items, text, value, PHONE_ICON_NONE, NULL);
}

static void
fill_information (PhoneEngine   *engine,
                  PhoneListPage *page,
                  GPtrArray     *items)
{
  g_autofree char *address = phone_signaling_dup_local_address (engine->signaling, 0, "");

  /* Translators: the address of the phone in the network */
  add (items, _("IPv4"), address ? address : "");
  add (items, _("Product Name"), engine->model->name);
  add (items, _("Firmware"), "Deskset " PHONE_VERSION);
}

static void
fill_network (PhoneEngine   *engine,
              PhoneListPage *page,
              GPtrArray     *items)
{
  g_autofree char *address = phone_signaling_dup_local_address (engine->signaling, 0, "");
  g_autofree char *sip = g_strdup_printf ("%u", phone_signaling_get_local_port (engine->signaling));
  g_autofree char *rtp = g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, phone_engine_int (engine, RTP_PORT_MIN),
                                          phone_engine_int (engine, RTP_PORT_MAX));

  add (items, _("WAN IP"), address ? address : "");
  add (items, _("SIP Port"), sip);
  add (items, _("RTP Ports"), phone_engine_int (engine, RTP_PORT_MIN) == 0 ? _("Any") : rtp);
}

static void
fill_accounts (PhoneEngine   *engine,
               PhoneListPage *page,
               GPtrArray     *items)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    {
      g_autofree char *label = phone_account_dup_label (engine, i);
      g_autofree char *state = phone_account_dup_state (engine, i);

      if (*label == '\0')
        {
          g_free (label);
          label = g_strdup_printf (_("Account %u"), i);
        }
      add (items, label, state);
    }
}

static const struct {
  const char *id;
  const char *title;
  void      (*fill) (PhoneEngine *engine, PhoneListPage *page, GPtrArray *items);
} pages[] = {
  { "information", N_("Information"), fill_information },
  { "network", N_("Network"), fill_network },
  { "accounts", N_("Accounts"), fill_accounts },
};

static const char *
get_title (PhoneEngine   *engine,
           PhoneListPage *page)
{
  return _(pages[page->tag].title);
}

static void
fill (PhoneEngine   *engine,
      PhoneListPage *page,
      GPtrArray     *items)
{
  pages[page->tag].fill (engine, page, items);
}

static const PhoneListKind status_kind = {
  .name = "status",
  .get_title = get_title,
  .fill = fill,
};

/**
 * phone_page_status_open:
 * @id: "information", "network" or "accounts"
 *
 * Returns: %FALSE when there is no such page
 */
gboolean
phone_page_status_open (PhoneEngine *engine,
                        const char  *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (strcmp (pages[i].id, id) == 0)
      {
        phone_page_list_push (engine, &status_kind, i);
        return TRUE;
      }
  return FALSE;
}
