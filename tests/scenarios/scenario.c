/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "scenario.h"

#include "engine-private.h"

#include <string.h>

/* Reads and runs scenario files; the language is described in README.md beside this file. */

typedef struct {
  Phone *phone;
  char **words;      /* the line, split as in a shell */
  guint  n_words;
} Step;

typedef gboolean (*StepFunc) (Step *step, GError **error);

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError     **error,
      const char  *format,
      ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, text);
  return FALSE;
}

static const char *
get_word (const Step *step,
          guint       i)
{
  return i < step->n_words ? step->words[i] : "";
}

static guint
get_number (const Step *step,
            guint       i)
{
  return g_ascii_strtoull (get_word (step, i), NULL, 10);
}

/* The value of a word "name=value", "" when there is none. */
static const char *
get_option (const Step *step,
            const char *name)
{
  gsize length = strlen (name);

  for (guint i = 1; i < step->n_words; i++)
    if (strncmp (step->words[i], name, length) == 0 && step->words[i][length] == '=')
      return step->words[i] + length + 1;
  return "";
}

static PhoneDisplay *
get_display (const Step *step)
{
  return phone_engine_get_display (step->phone->engine);
}

static void
post (const Step *step,
      PhoneEvent *event)
{
  phone_event_queue_post (step->phone->queue, event);
}

/* ---- what happens ---- */

static gboolean
do_set (Step    *step,
        GError **error)
{
  return phone_settings_set_by_key (step->phone->settings, PHONE_LAYER_PHONE, get_word (step, 1), get_word (step, 2),
                                    error);
}

static gboolean
do_account (Step    *step,
            GError **error)
{
  guint account = get_number (step, 1);

  phone_fixture_add_account (step->phone, account, get_word (step, 2));
  phone_fixture_start (step->phone);
  fake_ports_advance (step->phone->ports, 50);
  if (strcmp (get_word (step, 3), "unregistered") != 0)
    phone_fixture_post_account (step->phone, account, PHONE_ACCOUNT_REGISTERED, 200, "OK");
  return TRUE;
}

static gboolean
do_contact (Step    *step,
            GError **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_CONTACTS_CHANGED };

  g_ptr_array_add (step->phone->ports->contacts,
                   phone_contact_new (get_word (step, 1), get_word (step, 2), 0, ""));
  if (step->phone->started)
    post (step, &event);
  return TRUE;
}

static gboolean
do_logged (Step    *step,
           GError **error)
{
  static const char * const kinds[] = { "placed", "received", "missed", "forwarded" };
  PhoneHistoryEntry entry = {
    .number = (char *) get_word (step, 2),
    .name = (char *) get_word (step, 3),
    .time = step->phone->ports->wall_start_s - 86400 * 3,
    .duration_s = 65,
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i], get_word (step, 1)) == 0)
      {
        entry.kind = i;
        g_ptr_array_add (step->phone->ports->history, phone_history_entry_copy (&entry));
        return TRUE;
      }
  return fail (error, "no such kind of call: %s", get_word (step, 1));
}

static gboolean
do_start (Step    *step,
          GError **error)
{
  phone_fixture_start (step->phone);
  return TRUE;
}

static gboolean
do_key (Step    *step,
        GError **error)
{
  for (guint i = 1; i < step->n_words; i++)
    {
      PhoneKey key = phone_key_from_id (step->words[i]);

      if (key == PHONE_KEY_NONE)
        return fail (error, "no such key: %s", step->words[i]);
      phone_engine_click (step->phone->engine, key);
    }
  return TRUE;
}

static gboolean
do_hook (Step    *step,
         GError **error)
{
  phone_engine_set_hook (step->phone->engine, strcmp (get_word (step, 1), "lifted") == 0);
  return TRUE;
}

static gboolean
do_type (Step    *step,
         GError **error)
{
  phone_engine_type_text (step->phone->engine, get_word (step, 1));
  return TRUE;
}

static gboolean
do_command (Step    *step,
            GError **error)
{
  return phone_engine_run_command (step->phone->engine, get_word (step, 1), error);
}

static gboolean
do_refused (Step    *step,
            GError **error)
{
  g_autoptr (GError) refusal = NULL;

  if (phone_engine_run_command (step->phone->engine, get_word (step, 1), &refusal))
    return fail (error, "the command was carried out");
  if (strstr (refusal->message, get_word (step, 2)) == NULL)
    return fail (error, "refused with \"%s\"", refusal->message);
  return TRUE;
}

static gboolean
do_wait (Step    *step,
         GError **error)
{
  const char *text = get_word (step, 1);
  char *unit = NULL;
  gint64 amount = g_ascii_strtoll (text, &unit, 10);

  if (strcmp (unit, "s") == 0)
    fake_ports_advance (step->phone->ports, amount * 1000);
  else if (strcmp (unit, "ms") == 0)
    fake_ports_advance (step->phone->ports, amount);
  else
    return fail (error, "wait needs s or ms");
  return TRUE;
}

static gboolean
do_incoming (Step    *step,
             GError **error)
{
  const char *from = get_option (step, "from");
  const char *offer = get_option (step, "offer");
  g_auto (GStrv) parts = g_strsplit (from, " ", 2);
  g_auto (GStrv) diverter = g_strsplit (get_option (step, "diverter"), " ", 2);
  PhoneEvent event = { .type = PHONE_EVENT_INCOMING };

  event.call = phone_event_queue_new_call (step->phone->queue);
  if (*get_option (step, "call") && event.call != g_ascii_strtoull (get_option (step, "call"), NULL, 10))
    return fail (error, "this call is number %u", event.call);
  event.account = *get_option (step, "account") ? g_ascii_strtoull (get_option (step, "account"), NULL, 10) : 1;
  event.number = parts[0] ? parts[0] : (char *) "";
  event.name = parts[0] && parts[1] ? parts[1] : (char *) "";
  event.diverter = diverter[0];
  event.diverter_name = diverter[0] ? diverter[1] : NULL;
  event.text = (char *) get_option (step, "to");
  event.host = (char *) "192.0.2.9";
  event.replaces = g_ascii_strtoull (get_option (step, "replaces"), NULL, 10);
  event.joins = g_ascii_strtoull (get_option (step, "joins"), NULL, 10);
  if (strcmp (offer, "none") != 0)
    event.desc = fake_ports_make_desc (offer, error);
  if (event.desc == NULL && strcmp (offer, "none") != 0)
    return FALSE;
  post (step, &event);
  g_clear_pointer (&event.desc, phone_media_desc_unref);
  return TRUE;
}

/* sip EVENT CALL [status=N] [reason=TEXT] [desc=TEXT|none] */
static gboolean
post_call_event (Step           *step,
                 PhoneEventType  type,
                 const char     *fallback,
                 GError        **error)
{
  const char *text = *get_option (step, "desc") ? get_option (step, "desc") : fallback;
  PhoneEvent event = { .type = type, .call = get_number (step, 2) };

  event.status = g_ascii_strtoull (get_option (step, "status"), NULL, 10);
  event.text = (char *) get_option (step, "reason");
  event.number = (char *) get_option (step, "number");
  event.name = (char *) get_option (step, "name");
  if (text != NULL && strcmp (text, "none") != 0)
    {
      event.desc = fake_ports_make_desc (text, error);
      if (event.desc == NULL)
        return FALSE;
    }
  post (step, &event);
  g_clear_pointer (&event.desc, phone_media_desc_unref);
  return TRUE;
}

static gboolean
do_sip_account (Step    *step,
                GError **error)
{
  for (guint i = PHONE_ACCOUNT_DISABLED; i <= PHONE_ACCOUNT_FAILED; i++)
    if (strcmp (get_word (step, 3), phone_account_state_to_string (i)) == 0)
      {
        phone_fixture_post_account (step->phone, get_number (step, 2), i,
                                    g_ascii_strtoull (get_option (step, "status"), NULL, 10),
                                    get_option (step, "reason"));
        return TRUE;
      }
  return fail (error, "no such state: %s", get_word (step, 3));
}

/* sip transfer CALL accepted|progress|done|failed|refused|silent [status=N] */
static gboolean
do_transfer (Step    *step,
             GError **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_TRANSFER, .call = get_number (step, 2) };
  PhoneTransferNews news = PHONE_TRANSFER_ACCEPTED;

  while (news <= PHONE_TRANSFER_SILENT && strcmp (phone_transfer_news_to_string (news), get_word (step, 3)) != 0)
    news++;
  if (news > PHONE_TRANSFER_SILENT)
    return fail (error, "no such news of a transfer: %s", get_word (step, 3));
  event.value = news;
  event.status = g_ascii_strtoull (get_option (step, "status"), NULL, 10);
  post (step, &event);
  return TRUE;
}

/* sip referred CALL target=ADDRESS [number=N] [name=N] [outside=yes] */
static gboolean
do_referred (Step    *step,
             GError **error)
{
  PhoneEvent event = { .type = PHONE_EVENT_REFERRED, .call = get_number (step, 2), .account = 1 };

  event.value = strcmp (get_option (step, "outside"), "yes") == 0;
  event.text = (char *) get_option (step, "target");
  event.number = (char *) get_option (step, "number");
  event.name = (char *) get_option (step, "name");
  post (step, &event);
  return TRUE;
}

static gboolean
do_sip (Step    *step,
        GError **error)
{
  static const struct { const char *name; PhoneEventType type; const char *desc; } events[] = {
    { "progress", PHONE_EVENT_PROGRESS, "none" }, { "established", PHONE_EVENT_ESTABLISHED, "PCMU,telephone-event" },
    { "modified", PHONE_EVENT_MODIFIED, "PCMU" }, { "refused", PHONE_EVENT_MODIFY_FAILED, "none" },
    { "offers", PHONE_EVENT_REMOTE_MODIFY, "PCMU" }, { "terminated", PHONE_EVENT_TERMINATED, "none" },
    { "identity", PHONE_EVENT_IDENTITY, "none" },
  };
  const char *what = get_word (step, 1);

  if (strcmp (what, "incoming") == 0)
    return do_incoming (step, error);
  if (strcmp (what, "account") == 0)
    return do_sip_account (step, error);
  if (strcmp (what, "transfer") == 0)
    return do_transfer (step, error);
  if (strcmp (what, "referred") == 0)
    return do_referred (step, error);
  if (strcmp (what, "manual") == 0)
    {
      step->phone->ports->auto_sip = FALSE;
      return TRUE;
    }
  if (strcmp (what, "music") == 0)
    {
      post (step, &(PhoneEvent) { .type = PHONE_EVENT_MUSIC, .call = get_number (step, 2),
                                  .value = strcmp (get_word (step, 3), "on") == 0 });
      return TRUE;
    }
  if (strcmp (what, "stopped") == 0)
    {
      post (step, &(PhoneEvent) { .type = PHONE_EVENT_SIGNALING_STOPPED });
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if (strcmp (what, events[i].name) == 0)
      return post_call_event (step, events[i].type, events[i].desc, error);
  return fail (error, "no such event: %s", what);
}

static gboolean
do_media (Step    *step,
          GError **error)
{
  static const char * const faults[] = { "other", "no-port", "no-plugin", "no-device" };
  const char *what = get_word (step, 1);
  PhoneEvent event = { .type = PHONE_EVENT_MEDIA_FAILED, .call = get_number (step, 2) };

  if (strcmp (what, "manual") == 0)
    step->phone->ports->auto_media = FALSE;
  else if (strcmp (what, "ready") == 0)
    return post_call_event (step, PHONE_EVENT_MEDIA_READY, "PCMU,PCMA,telephone-event", error);
  else if (strcmp (what, "flowing") == 0)
    return post_call_event (step, PHONE_EVENT_MEDIA_FLOWING, "none", error);
  else if (strcmp (what, "stalled") == 0)
    return post_call_event (step, PHONE_EVENT_MEDIA_STALLED, "none", error);
  else if (strcmp (what, "digit") == 0)
    post (step, &(PhoneEvent) { .type = PHONE_EVENT_DIGIT_HEARD, .call = event.call, .value = *get_word (step, 3) });
  else if (strcmp (what, "failed") == 0)
    {
      event.text = (char *) get_option (step, "text");
      for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
        if (strcmp (faults[i], get_word (step, 3)) == 0)
          event.value = i;
      post (step, &event);
    }
  else
    return fail (error, "no such event: %s", what);
  return TRUE;
}

static gboolean
do_store (Step    *step,
          GError **error)
{
  post (step, &(PhoneEvent) { .type = PHONE_EVENT_STORE_FAILED });
  return TRUE;
}

/* network down|changed|back [address] */
static gboolean
do_network (Step    *step,
            GError **error)
{
  FakePorts *ports = step->phone->ports;
  PhoneNetworkNews news = PHONE_NETWORK_DOWN;

  while (news <= PHONE_NETWORK_BACK && strcmp (phone_network_news_to_string (news), get_word (step, 1)) != 0)
    news++;
  if (news > PHONE_NETWORK_BACK)
    return fail (error, "down, changed or back");
  if (step->n_words > 2)
    {
      g_free (ports->local_address);
      ports->local_address = g_strdup (get_word (step, 2));
    }
  post (step, &(PhoneEvent) { .type = PHONE_EVENT_NETWORK, .value = (int) news });
  return TRUE;
}

static gboolean
do_quit (Step    *step,
         GError **error)
{
  post (step, &(PhoneEvent) { .type = PHONE_EVENT_QUIT });
  return TRUE;
}

/* ---- what must be ---- */

/* Each text must begin a line of the log, after those that were found before. */
static gboolean
must_port (Step    *step,
           GError **error)
{
  FakePorts *ports = step->phone->ports;

  for (guint i = 1; i < step->n_words; i++)
    {
      guint at = ports->n_read;

      while (at < ports->log->len && !g_str_has_prefix (ports->log->pdata[at], step->words[i]))
        at++;
      if (at == ports->log->len)
        return fail (error, "no port command \"%s\"", step->words[i]);
      ports->n_read = at + 1;
    }
  return TRUE;
}

/* None of the commands that were not looked at yet begins so. */
static gboolean
must_no_port (Step    *step,
              GError **error)
{
  FakePorts *ports = step->phone->ports;

  for (guint i = 1; i < step->n_words; i++)
    for (guint at = ports->n_read; at < ports->log->len; at++)
      if (g_str_has_prefix (ports->log->pdata[at], step->words[i]))
        return fail (error, "there is a port command \"%s\"", (char *) ports->log->pdata[at]);
  return TRUE;
}

static gboolean
must_notice (Step    *step,
             GError **error)
{
  FakePorts *ports = step->phone->ports;

  for (guint i = 1; i < step->n_words; i++)
    {
      guint at = ports->n_notices_read;

      while (at < ports->notices->len && !g_str_has_prefix (ports->notices->pdata[at], step->words[i]))
        at++;
      if (at == ports->notices->len)
        return fail (error, "no notice \"%s\"", step->words[i]);
      ports->n_notices_read = at + 1;
    }
  return TRUE;
}

static gboolean
is_on_lcd (const Step *step,
           const char *text)
{
  g_auto (GStrv) rows = phone_display_dup_text (get_display (step));

  for (guint i = 0; rows[i] != NULL; i++)
    if (strstr (rows[i], text) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
must_lcd (Step    *step,
          GError **error)
{
  for (guint i = 1; i < step->n_words; i++)
    if (!is_on_lcd (step, step->words[i]))
      return fail (error, "the LCD does not show \"%s\"", step->words[i]);
  return TRUE;
}

static gboolean
must_no_lcd (Step    *step,
             GError **error)
{
  for (guint i = 1; i < step->n_words; i++)
    if (is_on_lcd (step, step->words[i]))
      return fail (error, "the LCD shows \"%s\"", step->words[i]);
  return TRUE;
}

static gboolean
must_page (Step    *step,
           GError **error)
{
  if (strcmp (get_display (step)->page, get_word (step, 1)) != 0)
    return fail (error, "the page is \"%s\"", get_display (step)->page);
  return TRUE;
}

static gboolean
must_popup (Step    *step,
            GError **error)
{
  if (strcmp (get_display (step)->popup, get_word (step, 1)) != 0)
    return fail (error, "the popup is \"%s\"", get_display (step)->popup);
  return TRUE;
}

static gboolean
must_soft (Step    *step,
           GError **error)
{
  PhoneDisplay *display = get_display (step);
  g_autofree char *text = g_strjoin ("|", display->softkeys[0], display->softkeys[1], display->softkeys[2],
                                     display->softkeys[3], NULL);

  if (strcmp (text, get_word (step, 1)) != 0)
    return fail (error, "the soft keys are \"%s\"", text);
  return TRUE;
}

static gboolean
must_lamp (Step    *step,
           GError **error)
{
  PhoneKey key = phone_key_from_id (get_word (step, 1));
  const PhoneDisplayLamp *lamp;
  const char *colour, *blink;

  if (strcmp (get_word (step, 1), "POWER") == 0)
    key = PHONE_KEY_POWER;
  lamp = phone_display_get_lamp (get_display (step), key);
  if (lamp == NULL)
    return fail (error, "no such lamp");
  colour = phone_lamp_colour_to_string (lamp->colour);
  blink = phone_blink_to_string (lamp->blink);
  if (strcmp (colour, get_word (step, 2)) != 0 || (step->n_words > 3 && strcmp (blink, get_word (step, 3)) != 0))
    return fail (error, "the lamp is %s %s", colour, blink);
  return TRUE;
}

static gboolean
must_line (Step    *step,
           GError **error)
{
  guint key = get_number (step, 1);
  const PhoneDisplayLine *line = get_display (step)->lines->pdata[key - 1];

  if (strcmp (line->label, get_word (step, 2)) != 0)
    return fail (error, "the label is \"%s\"", line->label);
  if (step->n_words > 3 && strcmp (phone_icon_to_string (line->icon), get_word (step, 3)) != 0)
    return fail (error, "the icon is \"%s\"", phone_icon_to_string (line->icon));
  return TRUE;
}

static gboolean
must_icon (Step    *step,
           GError **error)
{
  gboolean wanted = strcmp (step->words[0], "icon") == 0;

  for (guint bit = 1; bit <= PHONE_STATUS_SECURE; bit <<= 1)
    if (strcmp (phone_status_icon_to_string (bit), get_word (step, 1)) == 0)
      return ((get_display (step)->icons & bit) != 0) == wanted || fail (error, "the icon is not so");
  return fail (error, "no such icon: %s", get_word (step, 1));
}

static gboolean
must_edit (Step    *step,
           GError **error)
{
  PhoneDisplay *display = get_display (step);

  if (strcmp (display->edit_text, get_word (step, 1)) != 0)
    return fail (error, "the text is \"%s\"", display->edit_text);
  if (step->n_words > 2 && strcmp (display->edit_mode, get_word (step, 2)) != 0)
    return fail (error, "the input mode is \"%s\"", display->edit_mode);
  return TRUE;
}

static gboolean
must_volume (Step    *step,
             GError **error)
{
  PhoneDisplay *display = get_display (step);

  if (strcmp (get_word (step, 1), "hidden") == 0)
    return display->volume == -1 || fail (error, "the volume %d is shown", display->volume);
  if (display->volume != (int) get_number (step, 1) || strcmp (display->volume_label, get_word (step, 2)) != 0)
    return fail (error, "the volume is %d of \"%s\"", display->volume, display->volume_label);
  return TRUE;
}

/* call N state=talking [focused] [held] [far-held] [n=2] */
static gboolean
must_call (Step    *step,
           GError **error)
{
  g_autoptr (GPtrArray) calls = phone_engine_list_calls (step->phone->engine);

  for (guint i = 0; i < calls->len; i++)
    {
      const PhoneCallInfo *info = calls->pdata[i];
      const char *state = phone_call_state_to_string (info->state);

      if (info->call != get_number (step, 1))
        continue;
      if (strcmp (state, get_word (step, 2)) != 0)
        return fail (error, "the call is %s", state);
      for (guint j = 3; j < step->n_words; j++)
        {
          const char *word = step->words[j];
          gboolean holds = (strcmp (word, "focused") == 0 && info->focused)
                           || (strcmp (word, "unfocused") == 0 && !info->focused)
                           || (strcmp (word, "far-held") == 0 && info->far_held)
                           || (strcmp (word, "not-far-held") == 0 && !info->far_held)
                           || (g_str_has_prefix (word, "codec=") && strcmp (word + 6, info->codec) == 0)
                           || (g_str_has_prefix (word, "key=")
                               && info->line_key == g_ascii_strtoull (word + 4, NULL, 10));

          if (!holds)
            return fail (error, "the call is not %s", word);
        }
      return TRUE;
    }
  return fail (error, "there is no such call");
}

static gboolean
must_calls (Step    *step,
            GError **error)
{
  g_autoptr (GPtrArray) calls = phone_engine_list_calls (step->phone->engine);

  if (calls->len != get_number (step, 1))
    return fail (error, "there are %u calls", calls->len);
  return TRUE;
}

/* history INDEX KIND NUMBER */
static gboolean
must_history (Step    *step,
              GError **error)
{
  static const char * const kinds[] = { "placed", "received", "missed", "forwarded" };
  GPtrArray *history = step->phone->ports->history;
  const PhoneHistoryEntry *entry;

  if (strcmp (get_word (step, 1), "empty") == 0)
    return history->len == 0 || fail (error, "the log has %u entries", history->len);
  if (get_number (step, 1) > history->len)
    return fail (error, "the log has %u entries", history->len);
  entry = history->pdata[get_number (step, 1) - 1];
  if (strcmp (kinds[entry->kind], get_word (step, 2)) != 0 || strcmp (entry->number, get_word (step, 3)) != 0)
    return fail (error, "the entry is %s %s", kinds[entry->kind], entry->number);
  if (step->n_words > 4 && entry->duration_s != get_number (step, 4))
    return fail (error, "the call lasted %u s", entry->duration_s);
  return TRUE;
}

static gboolean
must_setting (Step    *step,
              GError **error)
{
  g_autofree char *value = phone_settings_dup_by_key (step->phone->settings, get_word (step, 1), error);

  if (value == NULL)
    return FALSE;
  return strcmp (value, get_word (step, 2)) == 0 || fail (error, "the setting is \"%s\"", value);
}

static gboolean
must_stopped (Step    *step,
              GError **error)
{
  gboolean wanted = strcmp (step->words[0], "stopped") == 0;

  return step->phone->stopped == wanted || fail (error, "the phone has %sstopped", wanted ? "not " : "");
}

static gboolean
must_backlight (Step    *step,
                GError **error)
{
  gboolean wanted = strcmp (get_word (step, 1), "on") == 0;

  return get_display (step)->backlight == wanted || fail (error, "the backlight is not so");
}

static const struct {
  const char *name;
  guint       min_words;
  StepFunc    run;
  gboolean    before_start;   /* does not start the phone */
} steps[] = {
  { "set", 3, do_set, TRUE }, { "contact", 3, do_contact, TRUE }, { "logged", 3, do_logged, TRUE },
  { "account", 3, do_account, TRUE }, { "start", 1, do_start, TRUE },
  { "key", 2, do_key, FALSE }, { "hook", 2, do_hook, FALSE }, { "type", 2, do_type, FALSE },
  { "command", 2, do_command, FALSE }, { "refused", 2, do_refused, FALSE }, { "wait", 2, do_wait, FALSE },
  { "sip", 2, do_sip, FALSE }, { "media", 2, do_media, FALSE }, { "quit", 1, do_quit, FALSE },
  { "store", 2, do_store, FALSE }, { "network", 2, do_network, FALSE },
  { "port", 2, must_port, FALSE }, { "no-port", 2, must_no_port, FALSE }, { "notice", 2, must_notice, FALSE },
  { "lcd", 2, must_lcd, FALSE }, { "no-lcd", 2, must_no_lcd, FALSE }, { "page", 2, must_page, FALSE },
  { "popup", 2, must_popup, FALSE }, { "soft", 2, must_soft, FALSE }, { "lamp", 3, must_lamp, FALSE },
  { "line", 3, must_line, FALSE }, { "icon", 2, must_icon, FALSE }, { "no-icon", 2, must_icon, FALSE },
  { "edit", 2, must_edit, FALSE }, { "volume", 2, must_volume, FALSE }, { "call", 3, must_call, FALSE },
  { "calls", 2, must_calls, FALSE }, { "history", 2, must_history, FALSE }, { "setting", 3, must_setting, FALSE },
  { "stopped", 1, must_stopped, FALSE }, { "not-stopped", 1, must_stopped, FALSE },
  { "backlight", 2, must_backlight, FALSE },
};

static gboolean
run_step (Step    *step,
          GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (strcmp (steps[i].name, step->words[0]) != 0)
        continue;
      if (step->n_words < steps[i].min_words)
        return fail (error, "too few words");
      if (!steps[i].before_start)
        phone_fixture_start (step->phone);
      if (!steps[i].run (step, error))
        return FALSE;
      if (step->phone->started && !step->phone->stopped)
        phone_fixture_check (step->phone);
      return TRUE;
    }
  return fail (error, "unknown step: %s", step->words[0]);
}

static gboolean
run_line (Phone       *phone,
          const char  *line,
          GError     **error)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) local = NULL;
  int n_words;
  Step step;

  if (!g_shell_parse_argv (line, &n_words, &words, &local))
    {
      if (g_error_matches (local, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  step = (Step) { phone, words, n_words };
  return run_step (&step, error);
}

/* Whatever the scenario did: after hanging up everything the phone is idle, and no call has left a timer behind. */
static gboolean
finish (Phone   *phone,
        GError **error)
{
  g_autoptr (GPtrArray) calls = NULL;

  if (!phone->started || phone->stopped)
    return TRUE;
  phone->ports->auto_sip = TRUE;
  for (guint round = 0; round < 2; round++)
    {
      phone_engine_run_command (phone->engine, "hangup all", NULL);
      fake_ports_advance (phone->ports, 60000);
    }
  calls = phone_engine_list_calls (phone->engine);
  if (calls->len > 0)
    return fail (error, "%u calls are left when everything is hung up", calls->len);
  for (guint i = 0; i < 3; i++)
    if (phone_engine_get_display (phone->engine)->calls->len > 0)
      return fail (error, "a call is shown when everything is hung up");
  return TRUE;
}

static void
add_hits (Phone *phone,
          guint *hits)
{
  const guint *own = phone_engine_get_row_hits (phone->engine);

  for (guint i = 0; i < phone_call_get_n_rows (); i++)
    hits[i] += own[i];
}

gboolean
phone_scenario_run (const char  *path,
                    guint       *hits,
                    GError     **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean ok = TRUE;
  Phone *phone;
  guint i;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  phone = phone_fixture_new ();
  for (i = 0; ok && lines[i] != NULL; i++)
    ok = run_line (phone, lines[i], error);
  if (ok)
    ok = finish (phone, error);
  if (!ok)
    {
      g_autofree char *dump = phone->started ? phone_fixture_dump (phone) : g_strdup ("");

      g_prefix_error (error, "%s:%u: %s: ", path, i, i > 0 && lines[i - 1] ? lines[i - 1] : "");
      g_printerr ("%s", dump);
    }
  add_hits (phone, hits);
  phone_fixture_free (phone);
  return ok;
}
