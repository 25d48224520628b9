/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "page.h"

#include "account.h"
#include "forward.h"
#include "screen.h"
#include "text-input.h"
#include "texts.h"

#include <string.h>

/*
 * Forms over the settings table: each row is one setting with its own words; its type says how it is edited. What was
 * changed counts when `Save` is pressed, all together.
 */

#define MAX_FIELDS 16

enum { ACTION_BACK = 1, ACTION_SAVE, ACTION_SWITCH, ACTION_IME, ACTION_DELETE };

typedef struct {
  const char     *form;
  PhoneSettingId  id;
  guint           y;         /* second index: server 1 */
  const char     *label;
  const char     *choices;   /* what the LCD calls the allowed values, in their order, separated by |; NULL = as they are */
} Field;

/* Rings of six seconds, as the LCD has them. */
#define RING_SECONDS "0|6|12|18|24|30|36|42|48|54|60|66|72|78|84|90|96|102|108|114|120"

static const Field fields[] = {
  { "account", PHONE_SETTING_ACCOUNT_ENABLE, 0, N_("Activation"), N_("Disabled|Enabled") },
  { "account", PHONE_SETTING_ACCOUNT_LABEL, 0, N_("Label"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_DISPLAY_NAME, 0, N_("Display Name"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_AUTH_NAME, 0, N_("Register Name"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_USER_NAME, 0, N_("User Name"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_PASSWORD, 0, N_("Password"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, 1, N_("SIP Server1"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_SERVER_PORT, 1, N_("Port"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_SERVER_TRANSPORT, 1, N_("Transport"), "UDP|TCP|TLS|DNS-SRV" },
  { "account", PHONE_SETTING_ACCOUNT_PROXY_ENABLE, 0, N_("Outbound Status"), N_("Disabled|Enabled") },
  { "account", PHONE_SETTING_ACCOUNT_PROXY_ADDRESS, 1, N_("Outbound Proxy1"), NULL },
  { "account", PHONE_SETTING_ACCOUNT_PROXY_PORT, 1, N_("Outbound Port"), NULL },

  { "auto-answer", PHONE_SETTING_ACCOUNT_AUTO_ANSWER, 0, N_("Auto Answer"), N_("Disabled|Enabled") },
  { "voice-mail", PHONE_SETTING_VOICE_MAIL_NUMBER, 0, N_("Voice Mail"), NULL },

  { "forward-always", PHONE_SETTING_FWD_ALWAYS_ENABLE, 0, N_("Always"), N_("Off|On") },
  { "forward-always", PHONE_SETTING_FWD_ALWAYS_TARGET, 0, N_("Forward to"), NULL },
  { "forward-always", PHONE_SETTING_FWD_ALWAYS_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-always", PHONE_SETTING_FWD_ALWAYS_OFF_CODE, 0, N_("Off Code"), NULL },
  { "forward-always", PHONE_SETTING_ACCOUNT_FWD_ALWAYS_ENABLE, 0, N_("Always"), N_("Off|On") },
  { "forward-always", PHONE_SETTING_ACCOUNT_FWD_ALWAYS_TARGET, 0, N_("Forward to"), NULL },
  { "forward-always", PHONE_SETTING_ACCOUNT_FWD_ALWAYS_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-always", PHONE_SETTING_ACCOUNT_FWD_ALWAYS_OFF_CODE, 0, N_("Off Code"), NULL },
  { "forward-busy", PHONE_SETTING_FWD_BUSY_ENABLE, 0, N_("Busy"), N_("Off|On") },
  { "forward-busy", PHONE_SETTING_FWD_BUSY_TARGET, 0, N_("Forward to"), NULL },
  { "forward-busy", PHONE_SETTING_FWD_BUSY_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-busy", PHONE_SETTING_FWD_BUSY_OFF_CODE, 0, N_("Off Code"), NULL },
  { "forward-busy", PHONE_SETTING_ACCOUNT_FWD_BUSY_ENABLE, 0, N_("Busy"), N_("Off|On") },
  { "forward-busy", PHONE_SETTING_ACCOUNT_FWD_BUSY_TARGET, 0, N_("Forward to"), NULL },
  { "forward-busy", PHONE_SETTING_ACCOUNT_FWD_BUSY_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-busy", PHONE_SETTING_ACCOUNT_FWD_BUSY_OFF_CODE, 0, N_("Off Code"), NULL },
  { "forward-no-answer", PHONE_SETTING_FWD_NO_ANSWER_ENABLE, 0, N_("No Answer"), N_("Off|On") },
  { "forward-no-answer", PHONE_SETTING_FWD_NO_ANSWER_TARGET, 0, N_("Forward to"), NULL },
  { "forward-no-answer", PHONE_SETTING_FWD_NO_ANSWER_RINGS, 0, N_("After Ring Time"), RING_SECONDS },
  { "forward-no-answer", PHONE_SETTING_FWD_NO_ANSWER_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-no-answer", PHONE_SETTING_FWD_NO_ANSWER_OFF_CODE, 0, N_("Off Code"), NULL },
  { "forward-no-answer", PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_ENABLE, 0, N_("No Answer"), N_("Off|On") },
  { "forward-no-answer", PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_TARGET, 0, N_("Forward to"), NULL },
  { "forward-no-answer", PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_RINGS, 0, N_("After Ring Time"), RING_SECONDS },
  { "forward-no-answer", PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_ON_CODE, 0, N_("On Code"), NULL },
  { "forward-no-answer", PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_OFF_CODE, 0, N_("Off Code"), NULL },
  { "dnd", PHONE_SETTING_DND_ENABLE, 0, N_("DND Status"), N_("Off|On") },
  { "dnd", PHONE_SETTING_DND_ON_CODE, 0, N_("On Code"), NULL },
  { "dnd", PHONE_SETTING_DND_OFF_CODE, 0, N_("Off Code"), NULL },
  { "dnd", PHONE_SETTING_ACCOUNT_DND_ENABLE, 0, N_("DND Status"), N_("Off|On") },
  { "dnd", PHONE_SETTING_ACCOUNT_DND_ON_CODE, 0, N_("On Code"), NULL },
  { "dnd", PHONE_SETTING_ACCOUNT_DND_OFF_CODE, 0, N_("Off Code"), NULL },
  { "call-waiting", PHONE_SETTING_CALL_WAITING, 0, N_("Call Waiting"), N_("Disabled|Enabled") },
  { "call-waiting", PHONE_SETTING_CALL_WAITING_TONE, 0, N_("Play Tone"), N_("Disabled|Enabled") },
  { "key-as-send", PHONE_SETTING_KEY_AS_SEND, 0, N_("Key As Send"), N_("Disabled|#|*") },
  { "practice", PHONE_SETTING_PRACTICE, 0, N_("Practice Exchange"), N_("Disabled|Enabled") },

  { "language", PHONE_SETTING_LANGUAGE, 0, N_("Language"), NULL },
  { "time", PHONE_SETTING_TIME_FORMAT, 0, N_("Time Format"), N_("12 Hour|24 Hour") },
  { "time", PHONE_SETTING_DATE_FORMAT, 0, N_("Date Format"),
    N_("WWW MMM DD|DD-MMM-YY|YYYY-MM-DD|DD/MM/YYYY|MM/DD/YY|DD MMM YYYY|WWW DD MMM") },
  { "display", PHONE_SETTING_BACKLIGHT_TIME, 0, N_("Backlight Time"), NULL },
  { "ring", PHONE_SETTING_RING_TYPE, 0, N_("Ring Tone"),
    "Ring1.wav|Ring2.wav|Ring3.wav|Ring4.wav|Ring5.wav|Ring6.wav|Ring7.wav|Ring8.wav|Silent.wav|Splash.wav" },
  { "key-tone", PHONE_SETTING_KEY_TONE, 0, N_("Key Tone"), N_("Off|On") },
  { "key-tone", PHONE_SETTING_SEND_KEY_TONE, 0, N_("Send Sound"), N_("Off|On") },
  { "volume", PHONE_SETTING_VOLUME_RING, 0, N_("Ringer"), NULL },
  { "volume", PHONE_SETTING_VOLUME_HANDS_FREE, 0, N_("Speaker"), NULL },
  { "volume", PHONE_SETTING_VOLUME_HANDSET, 0, N_("Handset"), NULL },
  { "volume", PHONE_SETTING_VOLUME_HEADSET, 0, N_("Headset"), NULL },
  { "network", PHONE_SETTING_LISTEN_PORT, 0, N_("SIP Port"), NULL },
  { "network", PHONE_SETTING_RTP_PORT_MIN, 0, N_("Lowest RTP Port"), NULL },
  { "network", PHONE_SETTING_RTP_PORT_MAX, 0, N_("Highest RTP Port"), NULL },
};

static const struct {
  const char *form;
  const char *title;
} forms[] = {
  { "account", N_("Account %u") },
  { "auto-answer", N_("Auto Answer") },
  { "voice-mail", N_("Set Voice Mail Code") },
  { "forward-always", N_("Always Forward") },
  { "forward-busy", N_("Busy Forward") },
  { "forward-no-answer", N_("No Answer Forward") },
  { "dnd", N_("DND") },
  { "call-waiting", N_("Call Waiting") },
  { "key-as-send", N_("Key As Send") },
  { "practice", N_("Practice Exchange") },
  { "language", N_("Language") },
  { "time", N_("Time & Date Format") },
  { "display", N_("Display") },
  { "ring", N_("Ring Tones") },
  { "key-tone", N_("Key Tone") },
  { "volume", N_("Volume") },
  { "network", N_("Network") },
};

typedef struct {
  PhonePage       base;
  guint           form;                  /* index of forms */
  guint           index;                 /* first index of the settings: the account */
  const Field    *fields[MAX_FIELDS];
  char           *drafts[MAX_FIELDS];
  guint           n_fields;
  guint           selected;
  PhoneTextInput *input;                 /* of the selected field when it takes text, else NULL */
} EditPage;

static const Field *
get_field (const EditPage *self)
{
  return self->fields[self->selected];
}

/* From the smallest on, as many as there are words for. */
static char **
dup_numbers (const Field *field)
{
  g_auto (GStrv) words = g_strsplit (field->choices, "|", -1);
  g_autoptr (GStrvBuilder) numbers = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, phone_setting_get_info (field->id)->minimum + i);

      g_strv_builder_add (numbers, number);
    }
  return g_strv_builder_end (numbers);
}

/* The allowed values of a field that is switched, NULL for one that is typed. */
static char **
dup_values (const Field *field)
{
  const PhoneSettingInfo *info = phone_setting_get_info (field->id);

  switch (info->type)
    {
    case PHONE_SETTING_BOOL:
      return g_strsplit ("0 1", " ", -1);
    case PHONE_SETTING_ENUM:
      return g_strsplit (info->choices, " ", -1);
    case PHONE_SETTING_TEXT:
      return field->choices ? g_strsplit (field->choices, "|", -1) : NULL;
    case PHONE_SETTING_INT:
      return field->choices ? dup_numbers (field) : NULL;
    case PHONE_SETTING_SECRET:
      return NULL;
    }
  g_assert_not_reached ();
}

static gboolean
is_switched (const Field *field)
{
  g_auto (GStrv) values = dup_values (field);

  return values != NULL;
}

static int
find_value (char       **values,
            const char  *draft)
{
  for (guint i = 0; values[i] != NULL; i++)
    if (strcmp (values[i], draft) == 0)
      return i;
  return -1;
}

/* What the LCD shows for a draft: the words of a choice, stars for a password. */
static char *
dup_shown (const Field *field,
           const char  *draft)
{
  g_auto (GStrv) values = dup_values (field);
  int i = values ? find_value (values, draft) : -1;

  if (phone_setting_get_info (field->id)->type == PHONE_SETTING_SECRET)
    return g_strnfill (g_utf8_strlen (draft, -1), '*');
  if (i >= 0 && field->choices != NULL)
    {
      g_auto (GStrv) words = g_strsplit (_(field->choices), "|", -1);

      if ((guint) i < g_strv_length (words))
        return g_strdup (words[i]);
    }
  return g_strdup (draft);
}

/* The selected field gets an input line when it takes text; numbers start with digits, texts with letters. */
static void
select_field (EditPage *self,
              guint     i)
{
  const Field *field = self->fields[i];
  const PhoneSettingInfo *info = phone_setting_get_info (field->id);
  gboolean number = info->type == PHONE_SETTING_INT;

  self->selected = i;
  g_clear_pointer (&self->input, phone_text_input_free);
  if (is_switched (field))
    return;
  self->input = phone_text_input_new (number ? 10 : (gsize) info->maximum,
                                      number ? PHONE_INPUT_DIGITS : PHONE_INPUT_LOWER);
  phone_text_input_set_text (self->input, self->drafts[i]);
}

static void
keep_draft (EditPage *self)
{
  if (self->input == NULL)
    return;
  g_free (self->drafts[self->selected]);
  self->drafts[self->selected] = g_strdup (phone_text_input_get_text (self->input));
}

static void
switch_value (EditPage *self,
              int       by)
{
  g_auto (GStrv) values = dup_values (get_field (self));
  int n, i;

  if (values == NULL)
    return;
  n = g_strv_length (values);
  i = find_value (values, self->drafts[self->selected]);
  i = i < 0 ? 0 : (i + n + by) % n;
  g_free (self->drafts[self->selected]);
  self->drafts[self->selected] = g_strdup (values[i]);
}

static gboolean
is_changed (PhoneEngine *engine,
            EditPage    *self,
            guint        i)
{
  const Field *field = self->fields[i];

  return strcmp (phone_settings_get_string (engine->settings, field->id, self->index, field->y), self->drafts[i]) != 0;
}

/* Behind a forward that is on stands where calls go. */
static gboolean
check_target (PhoneEngine  *engine,
              EditPage     *self,
              guint         i,
              GError      **error)
{
  g_autofree char *target = NULL;

  if (strcmp (self->fields[i]->label, "Forward to") != 0 || strcmp (self->drafts[i - 1], "1") != 0)
    return TRUE;
  if (*self->drafts[i] == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("The number is empty!"));
      return FALSE;
    }
  target = phone_forward_make_target (engine, MAX (self->index, 1), self->drafts[i], error);
  return target != NULL;
}

static gboolean
check (PhoneEngine  *engine,
       EditPage     *self,
       guint         i,
       GError      **error)
{
  if (is_changed (engine, self, i)
      && !phone_settings_check (self->fields[i]->id, self->index, self->fields[i]->y, self->drafts[i], error))
    return FALSE;
  return check_target (engine, self, i, error);
}

/* Stores what differs, all or nothing: the first value that is not allowed is said and selected. */
static void
save (PhoneEngine *engine,
      EditPage    *self)
{
  g_autoptr (PhoneForwardState) before = phone_forward_state_new (engine);

  keep_draft (self);
  for (guint i = 0; i < self->n_fields; i++)
    {
      g_autoptr (GError) error = NULL;

      if (check (engine, self, i, &error))
        continue;
      phone_engine_say (engine, error->message);
      select_field (self, i);
      return;
    }
  for (guint i = 0; i < self->n_fields; i++)
    if (is_changed (engine, self, i)
        && !phone_settings_set (engine->settings, PHONE_LAYER_LOCAL, self->fields[i]->id, self->index,
                                self->fields[i]->y, self->drafts[i], NULL))
      g_assert_not_reached ();
  phone_store_save_settings (engine->store);
  phone_engine_say (engine, _("Saved"));
  phone_screen_close (engine, &self->base);
  phone_forward_announce (engine, before);
}

static void
move (EditPage *self,
      int       by)
{
  keep_draft (self);
  select_field (self, (self->selected + self->n_fields + by) % self->n_fields);
}

static gboolean
press_sideways (EditPage *self,
                int       by)
{
  if (self->input != NULL)
    phone_text_input_move (self->input, by);
  else
    switch_value (self, by);
  return TRUE;
}

static gboolean
press_key (PhoneEngine *engine,
           PhonePage   *page,
           PhoneKey     key)
{
  EditPage *self = (EditPage *) page;

  switch ((int) key)
    {
    case PHONE_KEY_UP:
    case PHONE_KEY_DOWN:
      move (self, key == PHONE_KEY_UP ? -1 : 1);
      return TRUE;
    case PHONE_KEY_LEFT:
    case PHONE_KEY_RIGHT:
      return press_sideways (self, key == PHONE_KEY_LEFT ? -1 : 1);
    case PHONE_KEY_OK:
      save (engine, self);
      return TRUE;
    case PHONE_KEY_X:
      phone_screen_close (engine, page);
      return TRUE;
    case PHONE_KEY_BACKSPACE:
      if (self->input != NULL)
        phone_text_input_backspace (self->input);
      return TRUE;
    default:
      if (phone_key_to_digit (key) == 0)
        return FALSE;
      if (self->input != NULL)
        phone_text_input_press (self->input, key, phone_clock_get_now_ms (engine->clock));
      return TRUE;
    }
}

static gboolean
type_text (PhoneEngine *engine,
           PhonePage   *page,
           const char  *text)
{
  EditPage *self = (EditPage *) page;

  if (self->input != NULL)
    phone_text_input_insert (self->input, text);
  return TRUE;
}

static void
take_action (PhoneEngine *engine,
             PhonePage   *page,
             int          action)
{
  EditPage *self = (EditPage *) page;

  switch (action)
    {
    case ACTION_BACK:
      phone_screen_close (engine, page);
      break;
    case ACTION_SAVE:
      save (engine, self);
      break;
    case ACTION_SWITCH:
      switch_value (self, 1);
      break;
    case ACTION_IME:
      phone_text_input_next_mode (self->input);
      break;
    case ACTION_DELETE:
      phone_text_input_backspace (self->input);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
list_soft_keys (PhoneEngine   *engine,
                PhonePage     *page,
                PhoneSoftKeys *keys)
{
  EditPage *self = (EditPage *) page;

  phone_soft_keys_add (keys, _("Back"), NULL, ACTION_BACK);
  if (self->input != NULL)
    {
      phone_soft_keys_add (keys, _("IME"), NULL, ACTION_IME);
      phone_soft_keys_add (keys, _("Delete"), NULL, ACTION_DELETE);
    }
  else
    {
      /* Translators: soft key: the next of the allowed values */
      phone_soft_keys_add (keys, _("Switch"), NULL, ACTION_SWITCH);
      phone_soft_keys_add (keys, "", NULL, 0);
    }
  phone_soft_keys_add (keys, _("Save"), NULL, ACTION_SAVE);
}

static void
build (PhoneEngine  *engine,
       PhonePage    *page,
       PhoneDisplay *display)
{
  EditPage *self = (EditPage *) page;
  g_autofree char *title = g_strdup_printf (_(forms[self->form].title), self->index);

  phone_display_set_text (&display->title, title);
  for (guint i = 0; i < self->n_fields; i++)
    {
      gboolean selected = i == self->selected;
      const char *draft = selected && self->input ? phone_text_input_get_text (self->input) : self->drafts[i];
      g_autofree char *shown = dup_shown (self->fields[i], draft);
      PhoneDisplayRow *row = phone_display_add_row (display, _(self->fields[i]->label), shown);

      row->selected = selected;
      if (!selected || self->input == NULL)
        continue;
      phone_display_set_text (&display->edit_text, shown);
      display->edit_cursor = phone_text_input_get_cursor (self->input);
      phone_display_set_text (&display->edit_mode, phone_text_input_get_mode_name (self->input));
    }
}

static void
free_edit (PhonePage *page)
{
  EditPage *self = (EditPage *) page;

  for (guint i = 0; i < self->n_fields; i++)
    {
      if (phone_setting_get_info (self->fields[i]->id)->type == PHONE_SETTING_SECRET)
        memset (self->drafts[i], 0, strlen (self->drafts[i]));
      g_free (self->drafts[i]);
    }
  g_clear_pointer (&self->input, phone_text_input_free);
  g_free (self);
}

static const PhonePageClass edit_class = {
  .name = "edit",
  .layout = PHONE_LAYOUT_EDIT,
  .key = press_key,
  .text = type_text,
  .action = take_action,
  .soft_keys = list_soft_keys,
  .build = build,
  .free = free_edit,
};

/**
 * phone_page_edit_open:
 * @form: name of a form
 * @index: the account, for forms about one; else 0
 *
 * Returns: %FALSE when there is no such form, or it does not go with @index
 */
gboolean
phone_page_edit_open (PhoneEngine *engine,
                      const char  *form,
                      guint        index)
{
  EditPage *self = g_new0 (EditPage, 1);

  self->base.klass = &edit_class;
  self->index = index;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strcmp (forms[i].form, form) == 0)
      self->form = i;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      guint max_x = phone_setting_get_info (fields[i].id)->max_x;

      if (strcmp (fields[i].form, form) != 0 || (max_x == 0) != (index == 0) || index > max_x)
        continue;
      g_assert (self->n_fields < MAX_FIELDS);
      self->drafts[self->n_fields] = g_strdup (phone_settings_get_string (engine->settings, fields[i].id, index,
                                                                          fields[i].y));
      self->fields[self->n_fields++] = &fields[i];
    }
  if (self->n_fields == 0 || index > engine->model->n_accounts)
    {
      free_edit (&self->base);
      return FALSE;
    }
  select_field (self, 0);
  phone_screen_push (engine, &self->base);
  return TRUE;
}
