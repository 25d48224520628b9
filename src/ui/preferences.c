/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "preferences.h"
#include "texts.h"

#include <string.h>

struct _PhonePreferences {
  AdwPreferencesWindow parent;

  PhoneSettingAccess   access;
  guint                n_accounts;
  GtkWidget           *expanders[PHONE_MAX_ACCOUNTS];   /* rows of the accounts, owned by the widget tree */
  GtkWidget           *audio_page;                      /* nullable */
};

G_DEFINE_FINAL_TYPE (PhonePreferences, phone_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* The settings of an account in the order of the rows; y is the number of the server. */
static const struct {
  PhoneSettingId id;
  guint          y;
} account_rows[] = {
  { PHONE_SETTING_ACCOUNT_LABEL, 0 },
  { PHONE_SETTING_ACCOUNT_DISPLAY_NAME, 0 },
  { PHONE_SETTING_ACCOUNT_USER_NAME, 0 },
  { PHONE_SETTING_ACCOUNT_AUTH_NAME, 0 },
  { PHONE_SETTING_ACCOUNT_PASSWORD, 0 },
  { PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, 1 },
  { PHONE_SETTING_ACCOUNT_SERVER_PORT, 1 },
  { PHONE_SETTING_ACCOUNT_SERVER_TRANSPORT, 1 },
  { PHONE_SETTING_ACCOUNT_SERVER_EXPIRES, 1 },
  { PHONE_SETTING_ACCOUNT_PROXY_ENABLE, 0 },
  { PHONE_SETTING_ACCOUNT_PROXY_ADDRESS, 1 },
  { PHONE_SETTING_ACCOUNT_PROXY_PORT, 1 },
  { PHONE_SETTING_ACCOUNT_AUTO_ANSWER, 0 },
  { PHONE_SETTING_ACCOUNT_RING_TYPE, 0 },
  { PHONE_SETTING_ACCOUNT_DTMF_TYPE, 0 },
  { PHONE_SETTING_VOICE_MAIL_NUMBER, 0 },
};

#define GROUP_MAX 24
typedef struct {
  const char    *title;
  PhoneSettingId ids[GROUP_MAX];
  guint          n;
} Group;
#define IDS(...) { __VA_ARGS__ }, sizeof ((PhoneSettingId[]) { __VA_ARGS__ }) / sizeof (PhoneSettingId)

static const Group call_groups[] = {
  { N_ ("Dialling"),
    IDS (PHONE_SETTING_KEY_AS_SEND, PHONE_SETTING_INTER_DIGIT_TIME, PHONE_SETTING_PREDIAL_AUTODIAL,
         PHONE_SETTING_DEFAULT_ACCOUNT, PHONE_SETTING_DIRECT_IP, PHONE_SETTING_PRACTICE) },
  { N_ ("Incoming calls"),
    IDS (PHONE_SETTING_DND_ENABLE, PHONE_SETTING_CALL_WAITING, PHONE_SETTING_CALL_WAITING_TONE,
         PHONE_SETTING_AUTO_ANSWER_DELAY, PHONE_SETTING_AUTO_ANSWER_TONE, PHONE_SETTING_DIRECT_IP_AUTO_ANSWER,
         PHONE_SETTING_RINGING_TIMEOUT, PHONE_SETTING_NORMAL_REFUSE_CODE, PHONE_SETTING_DND_REFUSE_CODE,
         PHONE_SETTING_CALL_INFO_METHOD) },
  { N_ ("During a call"),
    IDS (PHONE_SETTING_HOLD_OR_SWAP, PHONE_SETTING_ALLOW_MUTE, PHONE_SETTING_PLAY_LOCAL_DTMF,
         PHONE_SETTING_DTMF_DURATION, PHONE_SETTING_BUSY_TONE_DELAY, PHONE_SETTING_RINGBACK_TIMEOUT) },
  { N_ ("Call log"), IDS (PHONE_SETTING_SAVE_HISTORY, PHONE_SETTING_MISSED_POPUP) },
};

static const Group sound_groups[] = {
  { N_ ("Volume"), IDS (PHONE_SETTING_VOLUME_RING, PHONE_SETTING_VOLUME_HANDS_FREE, PHONE_SETTING_VOLUME_HANDSET,
                        PHONE_SETTING_VOLUME_HEADSET) },
  { N_ ("Tones"), IDS (PHONE_SETTING_RING_TYPE, PHONE_SETTING_RINGER_DEVICE, PHONE_SETTING_TONE_COUNTRY,
                       PHONE_SETTING_KEY_TONE, PHONE_SETTING_SEND_KEY_TONE) },
  { N_ ("Received sound"), IDS (PHONE_SETTING_JIB_ADAPTIVE, PHONE_SETTING_JIB_MIN, PHONE_SETTING_JIB_NORMAL,
                                PHONE_SETTING_JIB_MAX) },
};

static const Group phone_groups[] = {
  { N_ ("Display"), IDS (PHONE_SETTING_TIME_FORMAT, PHONE_SETTING_DATE_FORMAT, PHONE_SETTING_BACKLIGHT_TIME,
                         PHONE_SETTING_LANGUAGE) },
  { N_ ("Power lamp"),
    IDS (PHONE_SETTING_POWER_LED_RING, PHONE_SETTING_POWER_LED_MISSED, PHONE_SETTING_POWER_LED_TALK,
         PHONE_SETTING_POWER_LED_HOLD, PHONE_SETTING_POWER_LED_MUTE, PHONE_SETTING_POWER_LED_IDLE) },
  { N_ ("Network"), IDS (PHONE_SETTING_LISTEN_PORT, PHONE_SETTING_RTP_PORT_MIN, PHONE_SETTING_RTP_PORT_MAX,
                         PHONE_SETTING_RFC2543_HOLD, PHONE_SETTING_USER_AGENT) },
};

static const struct {
  PhoneSettingId id;
  gboolean       source;
} device_rows[] = {
  { PHONE_SETTING_DEVICE_SPEAKER, FALSE },  { PHONE_SETTING_DEVICE_SPEAKER_MIC, TRUE },
  { PHONE_SETTING_DEVICE_HANDSET, FALSE },  { PHONE_SETTING_DEVICE_HANDSET_MIC, TRUE },
  { PHONE_SETTING_DEVICE_HEADSET, FALSE },  { PHONE_SETTING_DEVICE_HEADSET_MIC, TRUE },
  { PHONE_SETTING_DEVICE_RINGER, FALSE },
};

static AdwPreferencesPage *
make_page (const char *title,
           const char *icon)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());

  adw_preferences_page_set_title (page, title);
  adw_preferences_page_set_icon_name (page, icon);

  return page;
}

static void
add_groups (PhonePreferences *self,
            AdwPreferencesPage *page,
            const Group *groups,
            guint n)
{
  for (guint i = 0; i < n; i++)
    {
      AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

      adw_preferences_group_set_title (group, _ (groups[i].title));
      for (guint k = 0; k < groups[i].n; k++)
        adw_preferences_group_add (group, phone_setting_row_new (&self->access, groups[i].ids[k], 0, 0));
      adw_preferences_page_add (page, group);
    }
}

/* --- accounts ---------------------------------------------------------------------------------------------------- */

static char *
make_address (PhonePreferences *self,
              guint account)
{
  const char *user = phone_settings_get_string (self->access.settings, PHONE_SETTING_ACCOUNT_USER_NAME, account, 0);
  const char *server = phone_settings_get_string (self->access.settings, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS,
                                                  account, 1);

  if (user[0] == '\0' && server[0] == '\0')
    return g_strdup (_ ("Not set"));

  return g_strdup_printf ("%s@%s", user, server);
}

static char *
make_state (const PhoneAccountInfo *info)
{
  switch (info->state)
    {
    case PHONE_ACCOUNT_DISABLED:
      return NULL;
    case PHONE_ACCOUNT_UNREGISTERED:
      return g_strdup (_ ("not registered"));
    case PHONE_ACCOUNT_REGISTERING:
      return g_strdup (_ ("registering"));
    case PHONE_ACCOUNT_REGISTERED:
      return g_strdup (_ ("registered"));
    case PHONE_ACCOUNT_FAILED:
      return info->status > 0 ? g_strdup_printf ("%s: %u %s", _ ("failed"), info->status, info->reason)
                              : g_strdup_printf ("%s: %s", _ ("failed"), info->reason);
    }

  return NULL;
}

static void
show_account (PhonePreferences *self,
              guint account,
              const PhoneAccountInfo *info)
{
  g_autofree char *address = make_address (self, account);
  g_autofree char *state = info ? make_state (info) : NULL;
  g_autofree char *subtitle = state ? g_strdup_printf ("%s — %s", address, state) : g_strdup (address);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->expanders[account - 1]), subtitle);
}

/* An account is filled when it is opened for the first time: most of sixteen never are. */
static void
on_expanded (AdwExpanderRow *expander,
             GParamSpec *pspec,
             PhonePreferences *self)
{
  guint account = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (expander), "deskset-account"));

  if (!adw_expander_row_get_expanded (expander) || g_object_get_data (G_OBJECT (expander), "deskset-filled"))
    return;

  g_object_set_data (G_OBJECT (expander), "deskset-filled", GINT_TO_POINTER (TRUE));
  for (guint i = 0; i < G_N_ELEMENTS (account_rows); i++)
    adw_expander_row_add_row (expander,
                              phone_setting_row_new (&self->access, account_rows[i].id, account, account_rows[i].y));
}

static void
add_accounts (PhonePreferences *self)
{
  AdwPreferencesPage *page = make_page (_ ("Accounts"), "avatar-default-symbolic");
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_description (group, _ ("SIP accounts: what you were given by your provider or telephone "
                                                   "system. Each has its line keys."));
  for (guint account = 1; account <= self->n_accounts; account++)
    {
      GtkWidget *expander = adw_expander_row_new ();
      /* Translators: %u is the number of an account */
      g_autofree char *title = g_strdup_printf (_ ("Account %u"), account);

      self->expanders[account - 1] = expander;
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (expander), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), title);
      adw_expander_row_add_action (ADW_EXPANDER_ROW (expander),
                                   phone_setting_switch_new (&self->access, PHONE_SETTING_ACCOUNT_ENABLE, account));
      g_object_set_data (G_OBJECT (expander), "deskset-account", GUINT_TO_POINTER (account));
      g_signal_connect (expander, "notify::expanded", G_CALLBACK (on_expanded), self);
      show_account (self, account, NULL);
      adw_preferences_group_add (group, expander);
    }
  adw_preferences_page_add (page, group);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
}

/* --- sound ------------------------------------------------------------------------------------------------------- */

/* "name" or "name<tab>description" → two lists with the default in front. */
static void
split_devices (const char *const *devices,
               GPtrArray *values,
               GPtrArray *labels)
{
  g_ptr_array_add (values, g_strdup (""));
  g_ptr_array_add (labels, g_strdup (_ ("Default")));
  for (guint i = 0; devices[i]; i++)
    {
      const char *tab = strchr (devices[i], '\t');

      g_ptr_array_add (values, tab ? g_strndup (devices[i], tab - devices[i]) : g_strdup (devices[i]));
      g_ptr_array_add (labels, g_strdup (tab ? tab + 1 : devices[i]));
    }
  g_ptr_array_add (values, NULL);
  g_ptr_array_add (labels, NULL);
}

static GtkWidget *
make_device_row (PhonePreferences *self,
                 PhoneSettingId id,
                 const char *const *devices)
{
  g_autoptr (GPtrArray) values = NULL;
  g_autoptr (GPtrArray) labels = NULL;

  if (!devices || !devices[0])
    return phone_setting_row_new (&self->access, id, 0, 0);

  values = g_ptr_array_new_with_free_func (g_free);
  labels = g_ptr_array_new_with_free_func (g_free);
  split_devices (devices, values, labels);

  return phone_setting_row_new_choice (&self->access, id, (const char *const *) values->pdata,
                                       (const char *const *) labels->pdata);
}

static void
add_sound (PhonePreferences *self,
           const char *const *sinks,
           const char *const *sources)
{
  AdwPreferencesPage *page = make_page (_ ("Sound"), "audio-speakers-symbolic");
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Devices"));
  for (guint i = 0; i < G_N_ELEMENTS (device_rows); i++)
    adw_preferences_group_add (group, make_device_row (self, device_rows[i].id,
                                                       device_rows[i].source ? sources : sinks));
  adw_preferences_page_add (page, group);
  add_groups (self, page, sound_groups, G_N_ELEMENTS (sound_groups));
  self->audio_page = GTK_WIDGET (page);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
}

static void
add_page (PhonePreferences *self,
          const char *title,
          const char *icon,
          const Group *groups,
          guint n)
{
  AdwPreferencesPage *page = make_page (title, icon);

  add_groups (self, page, groups, n);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
}

static void
phone_preferences_finalize (GObject *object)
{
  PhonePreferences *self = PHONE_PREFERENCES (object);

  g_clear_object (&self->access.settings);
  G_OBJECT_CLASS (phone_preferences_parent_class)->finalize (object);
}

static void
phone_preferences_class_init (PhonePreferencesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_preferences_finalize;
}

static void
phone_preferences_init (PhonePreferences *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), 680, 640);
}

/**
 * phone_preferences_new:
 * @write: sets a value
 *
 * Returns: (transfer full): a window without its pages of devices, see phone_preferences_set_devices()
 */
GtkWidget *
phone_preferences_new (PhoneSettings *settings,
                       const PhoneModel *model,
                       PhoneSettingWriter write,
                       gpointer user_data)
{
  PhonePreferences *self;

  g_return_val_if_fail (PHONE_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (write != NULL, NULL);

  self = g_object_new (PHONE_TYPE_PREFERENCES, NULL);
  self->access.settings = g_object_ref (settings);
  self->access.write = write;
  self->access.user_data = user_data;
  self->n_accounts = MIN (model->n_accounts, PHONE_MAX_ACCOUNTS);
  add_accounts (self);
  add_page (self, _ ("Calls"), "call-start-symbolic", call_groups, G_N_ELEMENTS (call_groups));
  add_page (self, _ ("Phone"), "preferences-system-symbolic", phone_groups, G_N_ELEMENTS (phone_groups));

  return GTK_WIDGET (self);
}

/**
 * phone_preferences_set_devices:
 * @sinks: (nullable): names of sound outputs, or "name<tab>what people call it"
 * @sources: (nullable): the same for inputs
 *
 * Makes the page of sound devices. Where nothing is known of the devices their names can be typed.
 */
void
phone_preferences_set_devices (PhonePreferences *self,
                               const char *const *sinks,
                               const char *const *sources)
{
  g_return_if_fail (PHONE_IS_PREFERENCES (self));

  if (self->audio_page)
    adw_preferences_window_remove (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (self->audio_page));
  add_sound (self, sinks, sources);
}

/**
 * phone_preferences_show_accounts:
 * @accounts: (element-type PhoneAccountInfo): as phone_engine_list_accounts() gives them
 */
void
phone_preferences_show_accounts (PhonePreferences *self,
                                 GPtrArray *accounts)
{
  g_return_if_fail (PHONE_IS_PREFERENCES (self));
  g_return_if_fail (accounts != NULL);

  for (guint account = 1; account <= self->n_accounts; account++)
    {
      const PhoneAccountInfo *found = NULL;

      for (guint i = 0; i < accounts->len; i++)
        if (((PhoneAccountInfo *) g_ptr_array_index (accounts, i))->account == account)
          found = g_ptr_array_index (accounts, i);
      show_account (self, account, found);
    }
}
