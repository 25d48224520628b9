/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "engine.h"

#include "account.h"
#include "calls.h"
#include "engine-private.h"

/* Copies of what is known of calls and accounts, for other hands on the phone. */

void
phone_call_info_free (PhoneCallInfo *self)
{
  if (self == NULL)
    return;
  g_free (self->number);
  g_free (self->name);
  g_free (self->codec);
  g_free (self);
}

static char *
dup_codec (const PhoneCall *call)
{
  g_autoptr (PhoneMediaDesc) send = NULL;
  g_autoptr (PhoneMediaDesc) receive = NULL;
  const PhoneCodec *voice = NULL;

  if (call->local != NULL && call->remote != NULL
      && phone_media_desc_choose (call->local, call->remote, &send, &receive) && send != NULL)
    voice = phone_media_desc_get_voice (send);
  return g_strdup (voice ? voice->encoding : "");
}

GPtrArray *
phone_engine_list_calls (PhoneEngine *self)
{
  GPtrArray *list;

  g_return_val_if_fail (PHONE_IS_ENGINE (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_call_info_free);
  for (guint i = 0; i < self->calls->len; i++)
    {
      const PhoneCall *call = self->calls->pdata[i];
      PhoneCallInfo *info = g_new0 (PhoneCallInfo, 1);

      info->call = call->id;
      info->account = call->account;
      info->origin = call->origin;
      info->state = call->state;
      info->number = g_strdup (call->number);
      info->name = phone_call_dup_shown_name (self, call);
      info->codec = dup_codec (call);
      info->encrypted = phone_call_is_encrypted (call);
      phone_audio_get_quality (self->audio, call->id, &info->quality);
      info->duration_s = phone_call_get_duration_s (self, call);
      info->line_key = call->line_key;
      info->status = call->end_status;
      info->focused = call->id == self->focus;
      info->far_held = call->far_held;
      info->flowing = call->flowing;
      g_ptr_array_add (list, info);
    }
  return list;
}

void
phone_account_info_free (PhoneAccountInfo *self)
{
  if (self == NULL)
    return;
  g_free (self->reason);
  g_free (self->label);
  g_free (self->user_name);
  g_free (self->server);
  g_free (self);
}

GPtrArray *
phone_engine_list_accounts (PhoneEngine *self)
{
  GPtrArray *list;

  g_return_val_if_fail (PHONE_IS_ENGINE (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_account_info_free);
  for (guint i = 1; i <= self->model->n_accounts; i++)
    {
      PhoneAccountInfo *info;

      if (!phone_account_is_enabled (self, i))
        continue;
      info = g_new0 (PhoneAccountInfo, 1);
      info->account = i;
      info->state = self->accounts[i].state;
      info->status = self->accounts[i].status;
      info->reason = g_strdup (self->accounts[i].reason ? self->accounts[i].reason : "");
      info->label = phone_account_dup_label (self, i);
      info->user_name = g_strdup (phone_settings_get_string (self->settings, PHONE_SETTING_ACCOUNT_USER_NAME, i, 0));
      info->server = g_strdup (phone_settings_get_string (self->settings, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, i, 1));
      g_ptr_array_add (list, info);
    }
  return list;
}

void
phone_engine_count (PhoneEngine *self,
                    PhoneCounts *counts)
{
  g_autoptr (GPtrArray) calls = NULL;

  g_return_if_fail (PHONE_IS_ENGINE (self));
  g_return_if_fail (counts != NULL);

  calls = phone_engine_list_calls (self);
  counts->n_calls = calls->len;
  phone_signaling_count (self->signaling, &counts->n_dialogs, &counts->n_handles);
  counts->n_streams = phone_audio_count (self->audio);
}
