/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "ports.h"

#include <string.h>

/* The calls through the ports: each checks what it is given and hands on; what a method means is said in ports.h. Every
 * implementation must fill every slot. */

G_DEFINE_INTERFACE (PhoneSignaling, phone_signaling, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (PhoneAudio, phone_audio, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (PhoneClock, phone_clock, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (PhoneStore, phone_store, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (PhoneOutbox, phone_outbox, G_TYPE_OBJECT)

static void
phone_signaling_default_init (PhoneSignalingInterface *iface)
{
}

static void
phone_audio_default_init (PhoneAudioInterface *iface)
{
}

static void
phone_clock_default_init (PhoneClockInterface *iface)
{
}

static void
phone_store_default_init (PhoneStoreInterface *iface)
{
}

static void
phone_outbox_default_init (PhoneOutboxInterface *iface)
{
}

/* PhoneSignaling */

void
phone_signaling_set_account (PhoneSignaling *self,
                             const PhoneAccountConfig *config)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (config != NULL);
  g_return_if_fail (config->account >= 1 && config->account <= PHONE_MAX_ACCOUNTS);

  PHONE_SIGNALING_GET_IFACE (self)->set_account (self, config);
}

void
phone_signaling_refresh (PhoneSignaling *self,
                         guint account)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (account <= PHONE_MAX_ACCOUNTS);

  PHONE_SIGNALING_GET_IFACE (self)->refresh (self, account);
}

/**
 * phone_signaling_network_changed:
 * @news: what happened
 */
void
phone_signaling_network_changed (PhoneSignaling *self,
                                 PhoneNetworkNews news)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));

  PHONE_SIGNALING_GET_IFACE (self)->network_changed (self, news);
}

void
phone_signaling_invite (PhoneSignaling *self,
                        guint call,
                        guint account,
                        const char *target,
                        PhoneMediaDesc *offer)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (account <= PHONE_MAX_ACCOUNTS);
  g_return_if_fail (target != NULL && target[0] != '\0');
  g_return_if_fail (offer != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->invite (self, call, account, target, offer);
}

void
phone_signaling_ring (PhoneSignaling *self,
                      guint call)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);

  PHONE_SIGNALING_GET_IFACE (self)->ring (self, call);
}

void
phone_signaling_answer (PhoneSignaling *self,
                        guint call,
                        PhoneMediaDesc *answer)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (answer != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->answer (self, call, answer);
}

void
phone_signaling_reject (PhoneSignaling *self,
                        guint call,
                        guint status)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (status >= 400 && status <= 699);

  PHONE_SIGNALING_GET_IFACE (self)->reject (self, call, status);
}

/**
 * phone_signaling_divert:
 * @target: where the caller is sent: a number, or a SIP address
 * @reason: why: `unconditional`, `user-busy`, `no-answer`, `deflection`, … (RFC 5806 §10.1)
 */
void
phone_signaling_divert (PhoneSignaling *self,
                        guint call,
                        const char *target,
                        const char *reason)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (target != NULL && reason != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->divert (self, call, target, reason);
}

void
phone_signaling_hangup (PhoneSignaling *self,
                        guint call)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);

  PHONE_SIGNALING_GET_IFACE (self)->hangup (self, call);
}

void
phone_signaling_modify (PhoneSignaling *self,
                        guint call,
                        PhoneMediaDesc *offer)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (offer != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->modify (self, call, offer);
}

/**
 * phone_signaling_hold:
 * @music: a number or a SIP URI, not empty
 */
void
phone_signaling_hold (PhoneSignaling *self,
                      guint call,
                      PhoneMediaDesc *offer,
                      const char *music)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (offer != NULL && music != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->hold (self, call, offer, music);
}

/**
 * phone_signaling_accept_modify:
 * @answer: (nullable): %NULL answers 488
 */
void
phone_signaling_accept_modify (PhoneSignaling *self,
                               guint call,
                               PhoneMediaDesc *answer)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);

  PHONE_SIGNALING_GET_IFACE (self)->accept_modify (self, call, answer);
}

/**
 * phone_signaling_transfer:
 * @target: (nullable): a number or a SIP address
 * @other: another call of ours, 0 when @target says where to
 */
void
phone_signaling_transfer (PhoneSignaling *self,
                          guint           call,
                          const char     *target,
                          guint           other)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0 && call != other);
  g_return_if_fail ((target != NULL) != (other != 0));

  PHONE_SIGNALING_GET_IFACE (self)->transfer (self, call, target, other);
}

/**
 * phone_signaling_answer_refer:
 * @new_call: the call that is made now, 0 refuses
 */
void
phone_signaling_answer_refer (PhoneSignaling *self,
                              guint           call,
                              guint           new_call)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0 && call != new_call);

  PHONE_SIGNALING_GET_IFACE (self)->answer_refer (self, call, new_call);
}

void
phone_signaling_send_digit (PhoneSignaling *self,
                            guint call,
                            char digit,
                            guint duration_ms)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (call != 0);

  PHONE_SIGNALING_GET_IFACE (self)->send_digit (self, call, digit, duration_ms);
}

void
phone_signaling_shutdown (PhoneSignaling *self)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));

  PHONE_SIGNALING_GET_IFACE (self)->shutdown (self);
}

/**
 * phone_signaling_dup_local_address:
 * Returns: (transfer full) (nullable): an IP address literal
 */
char *
phone_signaling_dup_local_address (PhoneSignaling *self,
                                   guint account,
                                   const char *target)
{
  g_return_val_if_fail (PHONE_IS_SIGNALING (self), NULL);
  g_return_val_if_fail (account <= PHONE_MAX_ACCOUNTS, NULL);

  return PHONE_SIGNALING_GET_IFACE (self)->dup_local_address (self, account, target);
}

/**
 * phone_signaling_get_local_port:
 * Returns: the SIP port listened at, 0 when there is none
 */
guint
phone_signaling_get_local_port (PhoneSignaling *self)
{
  g_return_val_if_fail (PHONE_IS_SIGNALING (self), 0);

  return PHONE_SIGNALING_GET_IFACE (self)->get_local_port (self);
}

/**
 * phone_signaling_count:
 * @n_dialogs: (out): calls whose dialog is not over on the wire, also those whose end the user has seen
 * @n_handles: (out): objects of the SIP library that are held for calls, registrations and stray requests
 */
void
phone_signaling_count (PhoneSignaling *self,
                       guint *n_dialogs,
                       guint *n_handles)
{
  g_return_if_fail (PHONE_IS_SIGNALING (self));
  g_return_if_fail (n_dialogs != NULL && n_handles != NULL);

  PHONE_SIGNALING_GET_IFACE (self)->count (self, n_dialogs, n_handles);
}

/* PhoneAudio */

void
phone_audio_prepare (PhoneAudio *self,
                     guint call,
                     const PhoneMediaConfig *config)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (config != NULL);

  PHONE_AUDIO_GET_IFACE (self)->prepare (self, call, config);
}

void
phone_audio_connect (PhoneAudio *self,
                     guint call,
                     PhoneMediaDesc *local,
                     PhoneMediaDesc *remote)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (call != 0);
  g_return_if_fail (local != NULL && remote != NULL);

  PHONE_AUDIO_GET_IFACE (self)->connect (self, call, local, remote);
}

void
phone_audio_release (PhoneAudio *self,
                     guint call)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (call != 0);

  PHONE_AUDIO_GET_IFACE (self)->release (self, call);
}

/**
 * phone_audio_set_conference:
 * @calls: (array length=n_calls) (nullable): who is in it besides us
 */
void
phone_audio_set_conference (PhoneAudio  *self,
                            const guint *calls,
                            guint        n_calls)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (calls != NULL || n_calls == 0);

  PHONE_AUDIO_GET_IFACE (self)->set_conference (self, calls, n_calls);
}

void
phone_audio_set_far_mute (PhoneAudio *self,
                          guint       call,
                          gboolean    mute)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (call != 0);

  PHONE_AUDIO_GET_IFACE (self)->set_far_mute (self, call, mute);
}

void
phone_audio_set_channel (PhoneAudio *self,
                         PhoneChannel channel)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));

  PHONE_AUDIO_GET_IFACE (self)->set_channel (self, channel);
}

void
phone_audio_set_mute (PhoneAudio *self,
                      gboolean mute)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));

  PHONE_AUDIO_GET_IFACE (self)->set_mute (self, mute);
}

void
phone_audio_set_volume (PhoneAudio *self,
                        PhoneVolume volume,
                        guint level)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (level <= 15);

  PHONE_AUDIO_GET_IFACE (self)->set_volume (self, volume, level);
}

void
phone_audio_send_digit (PhoneAudio *self,
                        guint call,
                        char digit,
                        guint duration_ms,
                        gboolean inband)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));
  g_return_if_fail (call != 0);

  PHONE_AUDIO_GET_IFACE (self)->send_digit (self, call, digit, duration_ms, inband);
}

/**
 * phone_audio_play_tone:
 * @script: (nullable): %NULL stops
 */
void
phone_audio_play_tone (PhoneAudio *self,
                       PhoneToneScript *script,
                       gboolean repeat)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));

  PHONE_AUDIO_GET_IFACE (self)->play_tone (self, script, repeat);
}

void
phone_audio_play_digit (PhoneAudio *self,
                        char digit,
                        guint duration_ms)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));

  PHONE_AUDIO_GET_IFACE (self)->play_digit (self, digit, duration_ms);
}

/**
 * phone_audio_ring:
 * @ring_name: (nullable): %NULL stops
 */
void
phone_audio_ring (PhoneAudio *self,
                  const char *ring_name)
{
  g_return_if_fail (PHONE_IS_AUDIO (self));

  PHONE_AUDIO_GET_IFACE (self)->ring (self, ring_name);
}

gboolean
phone_audio_get_quality (PhoneAudio *self,
                         guint call,
                         PhoneCallQuality *quality)
{
  g_return_val_if_fail (PHONE_IS_AUDIO (self), FALSE);
  g_return_val_if_fail (call != 0 && quality != NULL, FALSE);

  memset (quality, 0, sizeof *quality);
  return PHONE_AUDIO_GET_IFACE (self)->get_quality (self, call, quality);
}

/**
 * phone_audio_count:
 * Returns: how many streams there are
 */
guint
phone_audio_count (PhoneAudio *self)
{
  g_return_val_if_fail (PHONE_IS_AUDIO (self), 0);

  return PHONE_AUDIO_GET_IFACE (self)->count (self);
}

/* PhoneClock */

void
phone_clock_arm (PhoneClock *self,
                 guint id,
                 guint delay_ms)
{
  g_return_if_fail (PHONE_IS_CLOCK (self));

  PHONE_CLOCK_GET_IFACE (self)->arm (self, id, delay_ms);
}

void
phone_clock_cancel (PhoneClock *self,
                    guint id)
{
  g_return_if_fail (PHONE_IS_CLOCK (self));

  PHONE_CLOCK_GET_IFACE (self)->cancel (self, id);
}

/**
 * phone_clock_get_now_ms:
 * Returns: milliseconds that never jump
 */
gint64
phone_clock_get_now_ms (PhoneClock *self)
{
  g_return_val_if_fail (PHONE_IS_CLOCK (self), 0);

  return PHONE_CLOCK_GET_IFACE (self)->get_now_ms (self);
}

/**
 * phone_clock_dup_wall:
 * Returns: (transfer full): the wall clock
 */
GDateTime *
phone_clock_dup_wall (PhoneClock *self)
{
  g_return_val_if_fail (PHONE_IS_CLOCK (self), NULL);

  return PHONE_CLOCK_GET_IFACE (self)->dup_wall (self);
}

/* PhoneStore */

void
phone_store_save_settings (PhoneStore *self)
{
  g_return_if_fail (PHONE_IS_STORE (self));

  PHONE_STORE_GET_IFACE (self)->save_settings (self);
}

void
phone_store_save_history (PhoneStore *self,
                          GPtrArray *entries)
{
  g_return_if_fail (PHONE_IS_STORE (self));
  g_return_if_fail (entries != NULL);

  PHONE_STORE_GET_IFACE (self)->save_history (self, entries);
}

/**
 * phone_store_load_history:
 * Returns: (transfer full) (element-type PhoneHistoryEntry): newest first
 */
GPtrArray *
phone_store_load_history (PhoneStore *self)
{
  g_return_val_if_fail (PHONE_IS_STORE (self), NULL);

  return PHONE_STORE_GET_IFACE (self)->load_history (self);
}

/**
 * phone_store_load_contacts:
 * Returns: (transfer full) (element-type PhoneContact): what the directory knows now
 */
GPtrArray *
phone_store_load_contacts (PhoneStore *self)
{
  g_return_val_if_fail (PHONE_IS_STORE (self), NULL);

  return PHONE_STORE_GET_IFACE (self)->load_contacts (self);
}

/* PhoneOutbox */

void
phone_outbox_notify (PhoneOutbox *self,
                     const PhoneNotice *notice)
{
  g_return_if_fail (PHONE_IS_OUTBOX (self));
  g_return_if_fail (notice != NULL);

  PHONE_OUTBOX_GET_IFACE (self)->notify (self, notice);
}

/**
 * phone_history_entry_copy:
 * Returns: (transfer full): a deep copy
 */
PhoneHistoryEntry *
phone_history_entry_copy (const PhoneHistoryEntry *self)
{
  PhoneHistoryEntry *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (PhoneHistoryEntry, 1);
  *copy = *self;
  copy->number = g_strdup (self->number);
  copy->name = g_strdup (self->name);
  return copy;
}

/**
 * phone_history_entry_free:
 * @self: (nullable):
 */
void
phone_history_entry_free (PhoneHistoryEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->number);
  g_free (self->name);
  g_free (self);
}

/**
 * phone_contact_new:
 * @name: (nullable): %NULL becomes "", as for the other texts
 * @number: (nullable):
 * @group: (nullable):
 *
 * Returns: (transfer full): a contact
 */
PhoneContact *
phone_contact_new (const char *name,
                   const char *number,
                   guint account,
                   const char *group)
{
  PhoneContact *self = g_new (PhoneContact, 1);

  self->name = g_strdup (name != NULL ? name : "");
  self->number = g_strdup (number != NULL ? number : "");
  self->account = account;
  self->group = g_strdup (group != NULL ? group : "");
  return self;
}

/**
 * phone_contact_copy:
 * Returns: (transfer full): a deep copy
 */
PhoneContact *
phone_contact_copy (const PhoneContact *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return phone_contact_new (self->name, self->number, self->account, self->group);
}

/**
 * phone_contact_free:
 * @self: (nullable):
 */
void
phone_contact_free (PhoneContact *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->number);
  g_free (self->group);
  g_free (self);
}

/**
 * phone_notice_kind_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_notice_kind_to_string (PhoneNoticeKind kind)
{
  switch (kind)
    {
    case PHONE_NOTICE_ACCOUNT:
      return "account";
    case PHONE_NOTICE_CALL:
      return "call";
    case PHONE_NOTICE_CALL_MEDIA:
      return "call-media";
    case PHONE_NOTICE_DIGIT:
      return "digit";
    case PHONE_NOTICE_HEARD:
      return "heard";
    case PHONE_NOTICE_MISSED:
      return "missed";
    case PHONE_NOTICE_DND:
      return "dnd";
    case PHONE_NOTICE_FORWARD:
      return "forward";
    case PHONE_NOTICE_TRANSFER:
      return "transfer";
    case PHONE_NOTICE_MESSAGE:
      return "message";
    }
  return "?";
}
