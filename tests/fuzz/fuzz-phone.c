/* rooms: engine fake_ports scenario */
/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A whole phone on fakes under other hands. Each line of the input is something that happens to it:
 *   in NUMBER NAME    a call comes in
 *   far STATUS TEXT   what the other side of the last call does; 0: hangs up
 *   type TEXT         keys of a keyboard
 *   wait MS
 * and everything else goes the way of D-Bus, desksetctl and links: a line of the command table, `key` among them.
 */

#include "scenario.h"

#include "calls.h"
#include "engine-private.h"

#include <string.h>

/* What signaling tells is valid UTF-8 (fuzz-sip-message says so). */
#define MAX_LINES 60
#define MAX_WAIT_MS 600000

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
call_in (Phone      *phone,
         const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_autoptr (PhoneMediaDesc) desc = fake_ports_make_desc ("PCMU", NULL);
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING, .account = 1, .text = (char *) "1001", .desc = desc };

  event.call = phone_event_queue_new_call (phone->queue);
  event.number = words[0] ? words[0] : (char *) "";
  event.name = words[0] ? words[1] : NULL;
  phone_event_queue_post (phone->queue, &event);
}

static void
far_does (Phone      *phone,
          const char *text)
{
  GPtrArray *calls = phone->engine->calls;
  char *end = NULL;
  guint64 status = g_ascii_strtoull (text, &end, 10);
  g_autoptr (PhoneMediaDesc) desc = fake_ports_make_desc ("PCMU", NULL);
  PhoneEvent event = { .status = (guint) MIN (status, 699), .text = end };

  if (calls->len == 0)
    return;
  event.call = ((PhoneCall *) calls->pdata[calls->len - 1])->id;
  if (status == 0 || status >= 300)
    event.type = PHONE_EVENT_TERMINATED;
  else
    {
      event.type = status < 200 ? PHONE_EVENT_PROGRESS : PHONE_EVENT_ESTABLISHED;
      event.desc = desc;
    }
  phone_event_queue_post (phone->queue, &event);
}

/* "refer sip:300@host" in the newest call, or how a transfer of ours in the oldest goes on: "told 1 486". */
static void
transfer_event (Phone      *phone,
                const char *text,
                gboolean    refers)
{
  GPtrArray *calls = phone->engine->calls;
  char *end = NULL;
  guint64 news = refers ? 0 : g_ascii_strtoull (text, &end, 10) % (PHONE_TRANSFER_SILENT + 1);
  PhoneEvent event = { .type = refers ? PHONE_EVENT_REFERRED : PHONE_EVENT_TRANSFER, .value = (int) news };

  if (calls->len == 0)
    return;
  event.call = ((PhoneCall *) calls->pdata[refers ? calls->len - 1 : 0])->id;
  event.text = event.number = (char *) text;
  event.status = refers ? 0 : (guint) MIN (g_ascii_strtoull (end, NULL, 10), 699);
  phone_event_queue_post (phone->queue, &event);
}

static void
happen (Phone      *phone,
        const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gboolean from_far = g_str_has_prefix (text, "in ") || g_str_has_prefix (text, "far ") || g_str_has_prefix (text, "refer ");
  const char *line = from_far ? valid : text;

  if (g_str_has_prefix (line, "in "))
    call_in (phone, line + 3);
  else if (g_str_has_prefix (line, "far "))
    far_does (phone, line + 4);
  else if (g_str_has_prefix (line, "refer "))
    transfer_event (phone, line + 6, TRUE);
  else if (g_str_has_prefix (line, "told "))
    transfer_event (phone, line + 5, FALSE);
  else if (g_str_has_prefix (line, "type "))
    phone_engine_type_text (phone->engine, line + 5);
  else if (g_str_has_prefix (line, "wait "))
    fake_ports_advance (phone->ports, (guint) MIN (g_ascii_strtoull (line + 5, NULL, 10), MAX_WAIT_MS));
  else
    {
      g_autoptr (GError) error = NULL;

      if (!phone_engine_run_command (phone->engine, line, &error))
        g_assert_true (error != NULL && g_utf8_validate (error->message, -1, NULL));
    }
  phone_fixture_check (phone);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES);
  Phone *phone = phone_fixture_new ();
  g_autoptr (GPtrArray) calls = NULL;

  phone_fixture_add_account (phone, 1, "1001");
  phone_fixture_add_account (phone, 2, "1002");
  g_ptr_array_add (phone->ports->contacts, phone_contact_new ("Ann", "204", 0, ""));
  phone_fixture_start (phone);
  phone_fixture_post_account (phone, 1, PHONE_ACCOUNT_REGISTERED, 200, "OK");
  for (char **line = lines; *line; line++)
    happen (phone, *line);

  /* Whatever was done, hanging up ends it. */
  phone->ports->auto_sip = TRUE;
  phone_engine_set_hook (phone->engine, FALSE);
  for (guint i = 0; i < 3; i++)
    {
      phone_engine_run_command (phone->engine, "hangup all", NULL);
      fake_ports_advance (phone->ports, 60000);
    }
  calls = phone_engine_list_calls (phone->engine);
  g_assert_cmpuint (calls->len, ==, 0);
  phone_fixture_free (phone);

  return 0;
}
