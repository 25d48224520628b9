/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-test"

#include "fake-ports.h"

#include <string.h>

typedef struct {
  guint   id;
  gint64  at_ms;
  guint64 order;     /* timers of the same moment fire in the order they were armed */
} FakeTimer;

static void signaling_init (PhoneSignalingInterface *iface);
static void audio_init (PhoneAudioInterface *iface);
static void clock_init (PhoneClockInterface *iface);
static void store_init (PhoneStoreInterface *iface);
static void outbox_init (PhoneOutboxInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakePorts, fake_ports, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_SIGNALING, signaling_init)
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_AUDIO, audio_init)
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_CLOCK, clock_init)
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_STORE, store_init)
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_OUTBOX, outbox_init))

static void write_log (FakePorts *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
write_log (FakePorts  *self,
           const char *format,
           ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->log, g_strdup_vprintf (format, args));
  va_end (args);
}

#define LOCAL_ADDRESS "192.0.2.1"

/* "sendrecv G722,PCMU", with the address when it is not the usual one. */
static char *
describe (PhoneMediaDesc *desc)
{
  GString *text;

  if (desc == NULL)
    return g_strdup ("none");
  text = g_string_new (phone_direction_to_string (phone_media_desc_get_direction (desc)));
  for (guint i = 0; i < phone_media_desc_get_n_codecs (desc); i++)
    g_string_append_printf (text, "%c%s", i == 0 ? ' ' : ',', phone_media_desc_get_codec (desc, i)->encoding);
  if (phone_media_desc_get_address (desc) && strcmp (phone_media_desc_get_address (desc), LOCAL_ADDRESS) != 0)
    g_string_append_printf (text, " %s", phone_media_desc_get_address (desc));
  if (phone_media_desc_get_n_cryptos (desc) > 0)
    g_string_append (text, phone_media_desc_get_security (desc) == PHONE_MEDIA_SECURITY_COMPULSORY ? " savp" : " srtp");
  return g_string_free (text, FALSE);
}

/* One suite that both sides know, with a key of no secrecy. */
static PhoneMediaDesc *
fake_keys (PhoneMediaDesc     *desc,
           PhoneMediaSecurity  security)
{
  static const PhoneMediaCrypto crypto = { 1, PHONE_CRYPTO_SUITE_AES_128_CM_80, "fake" };

  return phone_media_desc_with_security (desc, security, &crypto, security == PHONE_MEDIA_SECURITY_NONE ? 0 : 1);
}

static void
post (FakePorts      *self,
      PhoneEventType  type,
      guint           call)
{
  PhoneEvent event = { .type = type, .call = call };

  phone_event_queue_post (self->queue, &event);
}

/* ---- signaling ---- */

static void
set_account (PhoneSignaling           *port,
             const PhoneAccountConfig *config)
{
  write_log (FAKE_PORTS (port), "sip.set_account %u %s %s@%s:%u", config->account, config->enabled ? "on" : "off",
             config->user_name, config->servers[0].address, config->servers[0].port);
}

static void
refresh (PhoneSignaling *port,
         guint           account)
{
  write_log (FAKE_PORTS (port), "sip.refresh %u", account);
}

static void
network_changed (PhoneSignaling   *port,
                 PhoneNetworkNews  news)
{
  write_log (FAKE_PORTS (port), "sip.network %s", phone_network_news_to_string (news));
}

static void
invite (PhoneSignaling *port,
        guint           call,
        guint           account,
        const char     *target,
        PhoneMediaDesc *offer)
{
  g_autofree char *text = describe (offer);

  write_log (FAKE_PORTS (port), "sip.invite %u account=%u %s %s", call, account, target, text);
}

static void
ring (PhoneSignaling *port,
      guint           call)
{
  write_log (FAKE_PORTS (port), "sip.ring %u", call);
}

static void
answer (PhoneSignaling *port,
        guint           call,
        PhoneMediaDesc *desc)
{
  g_autofree char *text = describe (desc);

  write_log (FAKE_PORTS (port), "sip.answer %u %s", call, text);
}

static void
reject (PhoneSignaling *port,
        guint           call,
        guint           status)
{
  FakePorts *self = FAKE_PORTS (port);

  write_log (self, "sip.reject %u %u", call, status);
  if (self->auto_sip)
    post (self, PHONE_EVENT_TERMINATED, call);
}

static void
divert (PhoneSignaling *port,
        guint           call,
        const char     *target,
        const char     *reason)
{
  FakePorts *self = FAKE_PORTS (port);

  write_log (self, "sip.divert %u %s %s", call, target, reason);
  if (self->auto_sip)
    post (self, PHONE_EVENT_TERMINATED, call);
}

static void
hangup (PhoneSignaling *port,
        guint           call)
{
  FakePorts *self = FAKE_PORTS (port);

  write_log (self, "sip.hangup %u", call);
  if (self->auto_sip)
    post (self, PHONE_EVENT_TERMINATED, call);
}

static void
modify (PhoneSignaling *port,
        guint           call,
        PhoneMediaDesc *offer)
{
  g_autofree char *text = describe (offer);

  write_log (FAKE_PORTS (port), "sip.modify %u %s", call, text);
}

static void
hold (PhoneSignaling *port,
      guint           call,
      PhoneMediaDesc *offer,
      const char     *music)
{
  g_autofree char *text = describe (offer);

  write_log (FAKE_PORTS (port), "sip.hold %u %s music=%s", call, text, music);
}

static void
accept_modify (PhoneSignaling *port,
               guint           call,
               PhoneMediaDesc *desc)
{
  g_autofree char *text = describe (desc);

  write_log (FAKE_PORTS (port), "sip.accept_modify %u %s", call, text);
}

static void
transfer (PhoneSignaling *port,
          guint           call,
          const char     *target,
          guint           other)
{
  FakePorts *self = FAKE_PORTS (port);

  if (other != 0)
    write_log (self, "sip.transfer %u call=%u", call, other);
  else
    write_log (self, "sip.transfer %u %s", call, target);
}

static void
answer_refer (PhoneSignaling *port,
              guint           call,
              guint           new_call)
{
  write_log (FAKE_PORTS (port), "sip.answer_refer %u %u", call, new_call);
}

static void
sip_send_digit (PhoneSignaling *port,
                guint           call,
                char            digit,
                guint           duration_ms)
{
  write_log (FAKE_PORTS (port), "sip.send_digit %u %c %u", call, digit, duration_ms);
}

static char *
dup_local_address (PhoneSignaling *port,
                   guint           account,
                   const char     *target)
{
  return g_strdup (FAKE_PORTS (port)->local_address);
}

/* As if the one asked for had been taken. */
static guint
get_local_port (PhoneSignaling *port)
{
  return 5070;
}

static void
count_signaling (PhoneSignaling *port,
                 guint          *n_dialogs,
                 guint          *n_handles)
{
  *n_dialogs = 0;
  *n_handles = 0;
}

static void
shutdown_signaling (PhoneSignaling *port)
{
  FakePorts *self = FAKE_PORTS (port);

  write_log (self, "sip.shutdown");
  if (self->auto_sip)
    post (self, PHONE_EVENT_SIGNALING_STOPPED, 0);
}

static void
signaling_init (PhoneSignalingInterface *iface)
{
  iface->set_account = set_account;
  iface->refresh = refresh;
  iface->network_changed = network_changed;
  iface->invite = invite;
  iface->ring = ring;
  iface->answer = answer;
  iface->reject = reject;
  iface->divert = divert;
  iface->hangup = hangup;
  iface->modify = modify;
  iface->hold = hold;
  iface->accept_modify = accept_modify;
  iface->transfer = transfer;
  iface->answer_refer = answer_refer;
  iface->send_digit = sip_send_digit;
  iface->dup_local_address = dup_local_address;
  iface->get_local_port = get_local_port;
  iface->count = count_signaling;
  iface->shutdown = shutdown_signaling;
}

/* ---- audio ---- */

static void
prepare (PhoneAudio             *port,
         guint                   call,
         const PhoneMediaConfig *config)
{
  FakePorts *self = FAKE_PORTS (port);
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  g_autoptr (PhoneMediaDesc) plain = NULL;
  PhoneEvent event = { .type = PHONE_EVENT_MEDIA_READY, .call = call };

  write_log (self, "audio.prepare %u", call);
  if (!self->auto_media)
    return;
  for (guint i = 0; i < config->codecs->len; i++)
    g_ptr_array_add (codecs, phone_codec_copy (config->codecs->pdata[i]));
  if (config->event_payload != 0)
    g_ptr_array_add (codecs, phone_codec_new ("telephone-event", config->event_payload, 8000, 1, "0-15"));
  plain = phone_media_desc_new (config->address, self->next_port, 0, PHONE_DIRECTION_SENDRECV, config->ptime_ms, codecs);
  event.desc = fake_keys (plain, config->security);
  self->next_port += 2;
  phone_event_queue_post (self->queue, &event);
  phone_media_desc_unref (event.desc);
}

static void
connect_media (PhoneAudio     *port,
               guint           call,
               PhoneMediaDesc *local,
               PhoneMediaDesc *remote)
{
  g_autofree char *text = describe (local);

  /* What every implementation may rely on. */
  g_assert_nonnull (local);
  g_assert_nonnull (remote);
  write_log (FAKE_PORTS (port), "audio.connect %u %s%s", call, text,
             g_strcmp0 (phone_media_desc_get_address (remote), "0.0.0.0") == 0 ? " to=nowhere" : "");
}

static void
release (PhoneAudio *port,
         guint       call)
{
  write_log (FAKE_PORTS (port), "audio.release %u", call);
}

static void
set_conference (PhoneAudio  *port,
                const guint *calls,
                guint        n_calls)
{
  g_autoptr (GString) text = g_string_new ("audio.set_conference");

  for (guint i = 0; i < n_calls; i++)
    g_string_append_printf (text, " %u", calls[i]);
  write_log (FAKE_PORTS (port), "%s", n_calls > 0 ? text->str : "audio.set_conference none");
}

static void
set_far_mute (PhoneAudio *port,
              guint       call,
              gboolean    mute)
{
  write_log (FAKE_PORTS (port), "audio.set_far_mute %u %s", call, mute ? "on" : "off");
}

static void
set_channel (PhoneAudio   *port,
             PhoneChannel  channel)
{
  write_log (FAKE_PORTS (port), "audio.set_channel %s", phone_channel_to_string (channel));
}

static void
set_mute (PhoneAudio *port,
          gboolean    mute)
{
  write_log (FAKE_PORTS (port), "audio.set_mute %s", mute ? "on" : "off");
}

static void
set_volume (PhoneAudio  *port,
            PhoneVolume  volume,
            guint        level)
{
  g_assert_cmpuint (level, <=, 15);
  write_log (FAKE_PORTS (port), "audio.set_volume %s %u", phone_volume_to_string (volume), level);
}

static void
audio_send_digit (PhoneAudio *port,
                  guint       call,
                  char        digit,
                  guint       duration_ms,
                  gboolean    inband)
{
  write_log (FAKE_PORTS (port), "audio.send_digit %u %c %u%s", call, digit, duration_ms, inband ? " inband" : "");
}

static void
play_tone (PhoneAudio      *port,
           PhoneToneScript *script,
           gboolean         repeat)
{
  g_autofree char *text = script ? phone_tone_script_to_string (script) : g_strdup ("none");

  write_log (FAKE_PORTS (port), "audio.play_tone %s%s", text, script && !repeat ? " once" : "");
}

static void
play_digit (PhoneAudio *port,
            char        digit,
            guint       duration_ms)
{
  write_log (FAKE_PORTS (port), "audio.play_digit %c", digit);
}

static void
ring_bell (PhoneAudio *port,
           const char *name)
{
  write_log (FAKE_PORTS (port), "audio.ring %s", name ? name : "none");
}

static guint
count_streams (PhoneAudio *port)
{
  return 0;
}

/* A call of twenty seconds with 3 % loss, for the pages that show it. */
static gboolean
get_quality (PhoneAudio       *port,
             guint             call,
             PhoneCallQuality *quality)
{
  *quality = (PhoneCallQuality) {
    .codec = "PCMU", .received = 970, .lost = 25, .late = 5, .jitter_us = 4200, .buffer_us = 38000, .buffer_max_us = 61000,
    .round_trip_us = 22000, .sent = 1000, .remote_lost = 10, .remote_jitter_us = 3000, .concealed_ms = 600,
  };
  return TRUE;
}

static void
audio_init (PhoneAudioInterface *iface)
{
  iface->prepare = prepare;
  iface->connect = connect_media;
  iface->release = release;
  iface->set_conference = set_conference;
  iface->set_far_mute = set_far_mute;
  iface->set_channel = set_channel;
  iface->set_mute = set_mute;
  iface->set_volume = set_volume;
  iface->send_digit = audio_send_digit;
  iface->play_tone = play_tone;
  iface->play_digit = play_digit;
  iface->ring = ring_bell;
  iface->get_quality = get_quality;
  iface->count = count_streams;
}

/* ---- clock ---- */

static gint64
get_now_ms (PhoneClock *port)
{
  return FAKE_PORTS (port)->now_ms;
}

static GDateTime *
dup_wall (PhoneClock *port)
{
  FakePorts *self = FAKE_PORTS (port);
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc (self->wall_start_s);

  return g_date_time_add (start, self->now_ms * 1000);
}

static void
cancel (PhoneClock *port,
        guint       id)
{
  FakePorts *self = FAKE_PORTS (port);

  for (guint i = self->timers->len; i-- > 0; )
    if (g_array_index (self->timers, FakeTimer, i).id == id)
      g_array_remove_index (self->timers, i);
}

static void
arm (PhoneClock *port,
     guint       id,
     guint       delay_ms)
{
  FakePorts *self = FAKE_PORTS (port);
  FakeTimer timer = { id, self->now_ms + delay_ms, ++self->last_timer };

  cancel (port, id);
  g_array_append_val (self->timers, timer);
}

static void
clock_init (PhoneClockInterface *iface)
{
  iface->get_now_ms = get_now_ms;
  iface->dup_wall = dup_wall;
  iface->arm = arm;
  iface->cancel = cancel;
}

/* Takes the next timer that is due until @end_ms. */
static gboolean
take_timer (FakePorts *self,
            gint64     end_ms,
            FakeTimer *timer)
{
  int best = -1;

  for (guint i = 0; i < self->timers->len; i++)
    {
      FakeTimer *t = &g_array_index (self->timers, FakeTimer, i);
      FakeTimer *b = best >= 0 ? &g_array_index (self->timers, FakeTimer, best) : NULL;

      if (t->at_ms <= end_ms && (b == NULL || t->at_ms < b->at_ms || (t->at_ms == b->at_ms && t->order < b->order)))
        best = i;
    }
  if (best < 0)
    return FALSE;
  *timer = g_array_index (self->timers, FakeTimer, best);
  g_array_remove_index (self->timers, best);
  return TRUE;
}

/**
 * fake_ports_advance:
 * Lets time pass: each timer that is due fires at its own moment.
 */
void
fake_ports_advance (FakePorts *self,
                    gint64     by_ms)
{
  gint64 end_ms = self->now_ms + by_ms;
  FakeTimer timer;

  while (take_timer (self, end_ms, &timer))
    {
      PhoneEvent event = { .type = PHONE_EVENT_TIMER, .value = timer.id };

      self->now_ms = MAX (self->now_ms, timer.at_ms);
      phone_event_queue_post (self->queue, &event);
    }
  self->now_ms = end_ms;
}

guint
fake_ports_count_timers (FakePorts *self)
{
  return self->timers->len;
}

char *
fake_ports_dup_timers (FakePorts *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->timers->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", (guint) g_array_index (self->timers, FakeTimer, i).id);

  return g_string_free (text, FALSE);
}

/* ---- store ---- */

static void
save_settings (PhoneStore *port)
{
  FAKE_PORTS (port)->n_saved++;
}

static GPtrArray *
load_history (PhoneStore *port)
{
  FakePorts *self = FAKE_PORTS (port);
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);

  for (guint i = 0; i < self->history->len; i++)
    g_ptr_array_add (copy, phone_history_entry_copy (self->history->pdata[i]));
  return copy;
}

static void
save_history (PhoneStore *port,
              GPtrArray  *entries)
{
  FakePorts *self = FAKE_PORTS (port);

  g_ptr_array_set_size (self->history, 0);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (self->history, phone_history_entry_copy (entries->pdata[i]));
}

static GPtrArray *
load_contacts (PhoneStore *port)
{
  FakePorts *self = FAKE_PORTS (port);
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);

  for (guint i = 0; i < self->contacts->len; i++)
    g_ptr_array_add (copy, phone_contact_copy (self->contacts->pdata[i]));
  return copy;
}

static void
store_init (PhoneStoreInterface *iface)
{
  iface->save_settings = save_settings;
  iface->load_history = load_history;
  iface->save_history = save_history;
  iface->load_contacts = load_contacts;
}

/* ---- outbox ---- */

static void
notify_world (PhoneOutbox       *port,
              const PhoneNotice *notice)
{
  FakePorts *self = FAKE_PORTS (port);
  GString *text = g_string_new (phone_notice_kind_to_string (notice->kind));

  g_assert_nonnull (notice->number);
  g_assert_nonnull (notice->name);
  g_assert_nonnull (notice->text);
  if (notice->call != 0)
    g_string_append_printf (text, " %u", notice->call);
  if (notice->kind == PHONE_NOTICE_ACCOUNT)
    g_string_append_printf (text, " %u %s %u", notice->account, phone_account_state_to_string (notice->state),
                            notice->status);
  if (notice->kind == PHONE_NOTICE_CALL)
    g_string_append_printf (text, " %s", phone_call_state_to_string (notice->state));
  if (notice->kind == PHONE_NOTICE_DND || notice->kind == PHONE_NOTICE_FORWARD)
    g_string_append_printf (text, " %d", notice->state);
  if (notice->kind != PHONE_NOTICE_ACCOUNT && notice->kind != PHONE_NOTICE_CALL && notice->kind != PHONE_NOTICE_MISSED
      && notice->account != 0)
    g_string_append_printf (text, " account=%u", notice->account);
  if (*notice->number != '\0')
    g_string_append_printf (text, " %s", notice->number);
  if (*notice->text != '\0')
    g_string_append_printf (text, " %s", notice->text);
  g_ptr_array_add (self->notices, g_string_free (text, FALSE));
}

static void
outbox_init (PhoneOutboxInterface *iface)
{
  iface->notify = notify_world;
}

/* ---- object ---- */

static void
fake_ports_finalize (GObject *object)
{
  FakePorts *self = FAKE_PORTS (object);

  g_clear_object (&self->queue);
  g_free (self->local_address);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->notices);
  g_ptr_array_unref (self->history);
  g_ptr_array_unref (self->contacts);
  g_array_unref (self->timers);
  G_OBJECT_CLASS (fake_ports_parent_class)->finalize (object);
}

static void
fake_ports_class_init (FakePortsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_ports_finalize;
}

static void
fake_ports_init (FakePorts *self)
{
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->notices = g_ptr_array_new_with_free_func (g_free);
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_history_entry_free);
  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
  self->timers = g_array_new (FALSE, FALSE, sizeof (FakeTimer));
  self->wall_start_s = 1795183200;   /* Fri 2026-11-20 14:00:00 UTC */
  self->next_port = 11780;
  self->local_address = g_strdup (LOCAL_ADDRESS);
  self->auto_media = TRUE;
  self->auto_sip = TRUE;
}

FakePorts *
fake_ports_new (PhoneEventQueue *queue)
{
  FakePorts *self = g_object_new (FAKE_TYPE_PORTS, NULL);

  self->queue = g_object_ref (queue);
  return self;
}

static PhoneCodec *
make_codec (const char *name)
{
  static const struct { const char *name; guint payload_type; guint clock_rate; guint channels; } known[] = {
    { "PCMU", 0, 8000, 1 }, { "PCMA", 8, 8000, 1 }, { "G722", 9, 8000, 1 }, { "G729", 18, 8000, 1 }, { "G723", 4, 8000, 1 },
    { "opus", 111, 48000, 2 }, { "telephone-event", 101, 8000, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, name) == 0)
      return phone_codec_new (known[i].name, known[i].payload_type, known[i].clock_rate, known[i].channels, NULL);
  return NULL;
}

/**
 * fake_ports_make_desc:
 * @text: "PCMU,PCMA", "sendonly PCMU", "0.0.0.0 PCMU", "inactive PCMU"; "" is PCMU and telephone-event
 *
 * Returns: (transfer full): the other side's description
 */
PhoneMediaDesc *
fake_ports_make_desc (const char  *text,
                      GError     **error)
{
  g_auto (GStrv) words = g_strsplit (*text ? text : "PCMU,telephone-event", " ", -1);
  g_autoptr (GPtrArray) codecs = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_codec_free);
  PhoneDirection direction = PHONE_DIRECTION_SENDRECV;
  const char *address = "192.0.2.9";
  PhoneMediaSecurity security = PHONE_MEDIA_SECURITY_NONE;
  g_autoptr (PhoneMediaDesc) plain = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean taken = strcmp (words[i], "0.0.0.0") == 0;

      if (taken)
        address = "0.0.0.0";
      if (strcmp (words[i], "srtp") == 0 || strcmp (words[i], "savp") == 0)
        {
          security = words[i][1] == 'r' ? PHONE_MEDIA_SECURITY_OPTIONAL : PHONE_MEDIA_SECURITY_COMPULSORY;
          taken = TRUE;
        }
      for (guint d = PHONE_DIRECTION_INACTIVE; !taken && d <= PHONE_DIRECTION_SENDRECV; d++)
        if (strcmp (words[i], phone_direction_to_string (d)) == 0)
          {
            direction = d;
            taken = TRUE;
          }
      if (!taken)
        {
          g_auto (GStrv) names = g_strsplit (words[i], ",", -1);

          for (guint j = 0; names[j] != NULL; j++)
            {
              PhoneCodec *codec = make_codec (names[j]);

              if (codec == NULL)
                {
                  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no codec %s", names[j]);
                  return NULL;
                }
              g_ptr_array_add (codecs, codec);
            }
        }
    }
  if (codecs->len == 0)
    g_ptr_array_add (codecs, make_codec ("PCMU"));
  plain = phone_media_desc_new (address, 20000, 0, direction, 20, codecs);
  return fake_keys (plain, security);
}
