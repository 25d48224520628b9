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

static void
add_ms (GPtrArray  *items,
        const char *text,
        guint       us)
{
  g_autofree char *value = g_strdup_printf ("%u ms", (us + 500) / 1000);

  add (items, text, value);
}

/* Tenths, as the guide shows them; a dash where nothing is known. */
static char *
dup_mark (guint tenths)
{
  return tenths == 0 ? g_strdup ("–") : g_strdup_printf ("%u.%u", tenths / 10, tenths % 10);
}

/* Guide, RTP status: of the call in front, else of the one that ended last. */
static void
fill_rtp (PhoneEngine   *engine,
          PhoneListPage *page,
          GPtrArray     *items)
{
  PhoneCallQuality quality = engine->last_quality;
  g_autofree char *lost = NULL, *mos = NULL, *theirs = NULL, *listening = NULL, *conversation = NULL;
  PhoneCallScore score;

  if (engine->focus != 0)
    phone_audio_get_quality (engine->audio, engine->focus, &quality);
  if (*quality.codec == '\0' || quality.received + quality.sent == 0)
    {
      /* Translators: the page of the sound's quality before there was any call */
      add (items, _("No call yet"), "");
      return;
    }
  score = phone_call_quality_score (&quality);
  listening = dup_mark (score.listening);
  conversation = dup_mark (score.conversation);
  mos = g_strdup_printf ("%s / %s", listening, conversation);
  theirs = dup_mark (score.remote_listening);
  lost = g_strdup_printf ("%" G_GINT64_FORMAT " (%u.%u %%)", MAX (quality.lost, 0) + quality.late, score.loss_permille / 10,
                          score.loss_permille % 10);
  add (items, _("Codec"), quality.codec);
  /* Translators: how good the sound is, for who listens and for a conversation; field's terms */
  add (items, _("MOS-LQ / MOS-CQ"), mos);
  /* Translators: how good our sound is for the other side */
  add (items, _("MOS-LQ there"), theirs);
  add (items, _("Packets lost"), lost);
  add_ms (items, _("Jitter"), quality.jitter_us);
  add_ms (items, _("Jitter buffer"), quality.buffer_us);
  add_ms (items, _("Max jitter buffer"), quality.buffer_max_us);
  add_ms (items, _("Round trip"), quality.round_trip_us);
  add_ms (items, _("One-way delay"), score.one_way_ms * 1000);
}

static const struct {
  const char *id;
  const char *title;
  void      (*fill) (PhoneEngine *engine, PhoneListPage *page, GPtrArray *items);
} pages[] = {
  { "information", N_("Information"), fill_information },
  { "network", N_("Network"), fill_network },
  { "accounts", N_("Accounts"), fill_accounts },
  { "rtp", N_("RTP Status"), fill_rtp },
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
 * @id: "information", "network", "accounts" or "rtp"
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
