/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "forward.h"

#include "account.h"
#include "calls.h"
#include "cause.h"
#include "dial-target.h"
#include "texts.h"

#include <string.h>

/* Guide, no answer forward: the time is counted in rings. */
#define RING_MS 6000

/* The settings of one switch, for the phone and for an account. */
typedef struct {
  PhoneSettingId enable;
  PhoneSettingId target;      /* PHONE_N_SETTINGS = has none */
  PhoneSettingId on_code;
  PhoneSettingId off_code;
} Ids;

static const struct {
  const char    *word;
  const char    *name;
  const char    *reason;
  PhoneSettingId allow;
  PhoneSettingId mode;
  Ids            phone;
  Ids            account;
} diverts[PHONE_N_DIVERTS] = {
#define IDS(name) { PHONE_SETTING_##name##_ENABLE, PHONE_SETTING_##name##_TARGET, PHONE_SETTING_##name##_ON_CODE,            \
                    PHONE_SETTING_##name##_OFF_CODE }
  [PHONE_DIVERT_ALWAYS] = { "always", N_("Always Forward"), "unconditional", PHONE_SETTING_FWD_ALLOW, PHONE_SETTING_FWD_MODE,
                            IDS (FWD_ALWAYS), IDS (ACCOUNT_FWD_ALWAYS) },
  [PHONE_DIVERT_BUSY] = { "busy", N_("Busy Forward"), "user-busy", PHONE_SETTING_FWD_ALLOW, PHONE_SETTING_FWD_MODE,
                          IDS (FWD_BUSY), IDS (ACCOUNT_FWD_BUSY) },
  [PHONE_DIVERT_NO_ANSWER] = { "no-answer", N_("No Answer Forward"), "no-answer", PHONE_SETTING_FWD_ALLOW, PHONE_SETTING_FWD_MODE,
                               IDS (FWD_NO_ANSWER), IDS (ACCOUNT_FWD_NO_ANSWER) },
#undef IDS
  [PHONE_DIVERT_DND] = { "dnd", N_("DND"), "do-not-disturb", PHONE_SETTING_DND_ALLOW, PHONE_SETTING_DND_MODE,
                         { PHONE_SETTING_DND_ENABLE, PHONE_N_SETTINGS, PHONE_SETTING_DND_ON_CODE, PHONE_SETTING_DND_OFF_CODE },
                         { PHONE_SETTING_ACCOUNT_DND_ENABLE, PHONE_N_SETTINGS, PHONE_SETTING_ACCOUNT_DND_ON_CODE,
                           PHONE_SETTING_ACCOUNT_DND_OFF_CODE } },
};

static const Ids *
get_ids (PhoneDivert divert,
         guint       account)
{
  return account == 0 ? &diverts[divert].phone : &diverts[divert].account;
}

/**
 * phone_divert_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_divert_to_string (PhoneDivert divert)
{
  return diverts[divert].word;
}

/**
 * phone_divert_get_name:
 * Returns: (transfer none): what the menu calls it, translated
 */
const char *
phone_divert_get_name (PhoneDivert divert)
{
  return _(diverts[divert].name);
}

/**
 * phone_divert_get_reason:
 * Returns: (transfer none): the reason that Diversion gives (RFC 5806 §10.1)
 */
const char *
phone_divert_get_reason (PhoneDivert divert)
{
  g_return_val_if_fail (divert < PHONE_N_DIVERTS, "unknown");

  return diverts[divert].reason;
}

/**
 * phone_forward_is_allowed:
 * Returns: whether it can be used at all (features.fwd.allow, features.dnd.allow)
 */
gboolean
phone_forward_is_allowed (PhoneEngine *engine,
                          PhoneDivert  divert)
{
  return phone_settings_get_bool (engine->settings, diverts[divert].allow, 0, 0);
}

/**
 * phone_forward_is_custom:
 * Returns: whether each account has its own (features.fwd_mode, features.dnd_mode)
 */
gboolean
phone_forward_is_custom (PhoneEngine *engine,
                         PhoneDivert  divert)
{
  return phone_settings_get_int (engine->settings, diverts[divert].mode, 0, 0) == 1;
}

static gboolean
is_set (PhoneEngine *engine,
        PhoneDivert  divert,
        guint        scope)
{
  return phone_settings_get_bool (engine->settings, get_ids (divert, scope)->enable, scope, 0);
}

static const char *
get_target (PhoneEngine *engine,
            PhoneDivert  divert,
            guint        scope)
{
  PhoneSettingId id = get_ids (divert, scope)->target;

  return id == PHONE_N_SETTINGS ? "" : phone_settings_get_string (engine->settings, id, scope, 0);
}

/* Who owns the settings that count for a call of @account: the phone (0) or the account. */
static guint
get_scope (PhoneEngine *engine,
           PhoneDivert  divert,
           guint        account)
{
  return phone_forward_is_custom (engine, divert) ? account : 0;
}

/* A call to no account, from address to address, is not disturbed for when no account may be. */
static gboolean
is_on_for_all (PhoneEngine *engine,
               PhoneDivert  divert)
{
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i) && !is_set (engine, divert, i))
      return FALSE;
  return phone_accounts_any_enabled (engine);
}

/**
 * phone_forward_is_on:
 * @account: whose calls; 0: those that go from address to address
 *
 * Returns: whether it is switched on for these calls
 */
gboolean
phone_forward_is_on (PhoneEngine *engine,
                     PhoneDivert  divert,
                     guint        account)
{
  if (!phone_forward_is_allowed (engine, divert))
    return FALSE;
  if (phone_forward_is_custom (engine, divert) && account == 0)
    return divert == PHONE_DIVERT_DND && is_on_for_all (engine, divert);
  return is_set (engine, divert, get_scope (engine, divert, account));
}

/**
 * phone_forward_is_any_on:
 * Returns: whether it is on for the phone, or in Custom mode for an account that is in use
 */
gboolean
phone_forward_is_any_on (PhoneEngine *engine,
                         PhoneDivert  divert)
{
  if (!phone_forward_is_custom (engine, divert))
    return phone_forward_is_on (engine, divert, 0);
  for (guint i = 1; i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i) && phone_forward_is_on (engine, divert, i))
      return TRUE;
  return FALSE;
}

/**
 * phone_forward_has_target:
 * Returns: whether the phone's own switch can be switched on as it is
 */
gboolean
phone_forward_has_target (PhoneEngine *engine,
                          PhoneDivert  divert)
{
  return divert == PHONE_DIVERT_DND || *get_target (engine, divert, 0) != '\0';
}

static gboolean
is_emergency (PhoneEngine *engine,
              const char  *number)
{
  g_auto (GStrv) numbers = NULL;

  if (!phone_engine_bool (engine, DND_EMERGENCY) || number == NULL || *number == '\0')
    return FALSE;
  numbers = g_strsplit (phone_engine_text (engine, DND_EMERGENCY_NUMBERS), ",", -1);
  for (guint i = 0; numbers[i] != NULL; i++)
    if (strcmp (g_strstrip (numbers[i]), number) == 0)
      return TRUE;
  return FALSE;
}

/**
 * phone_forward_disturbs:
 * @number: (nullable): who calls
 *
 * Returns: whether do not disturb keeps this call from ringing; some callers ring all the same (guide: DND emergency)
 */
gboolean
phone_forward_disturbs (PhoneEngine *engine,
                        guint        account,
                        const char  *number)
{
  return phone_forward_is_on (engine, PHONE_DIVERT_DND, account) && !is_emergency (engine, number);
}

static gboolean
is_international (const PhoneDialTarget *target)
{
  return g_str_has_prefix (target->user, "00") || g_str_has_prefix (target->user, "+");
}

/* A number for a call that came without an account is one of the default account's domain. */
static PhoneDialTarget *
add_domain (PhoneEngine     *engine,
            PhoneDialTarget *target,
            GError         **error)
{
  guint account = phone_accounts_get_default (engine);
  g_autofree char *text = NULL;
  const char *host;

  if (account == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, phone_cause_get_text (PHONE_CAUSE_NO_ACCOUNT));
      return NULL;
    }
  host = phone_settings_get_string (engine->settings, PHONE_SETTING_ACCOUNT_SERVER_ADDRESS, account, 1);
  text = g_strdup_printf (strchr (host, ':') && *host != '[' ? "sip:%s@[%s]" : "sip:%s@%s", target->user, host);
  return phone_dial_target_parse (text, "", error);
}

/**
 * phone_forward_make_target:
 * @account: of the call
 * @text: a number or an address
 *
 * Returns: (transfer full) (nullable): where signaling is to send the caller; %NULL with @error when that may not be
 */
char *
phone_forward_make_target (PhoneEngine  *engine,
                           guint         account,
                           const char   *text,
                           GError      **error)
{
  g_autoptr (PhoneDialTarget) target = phone_dial_target_parse (text, phone_engine_text (engine, CALL_NUM_FILTER), error);
  g_autoptr (PhoneDialTarget) full = NULL;

  if (target == NULL)
    return NULL;
  if (is_international (target) && !phone_engine_bool (engine, FWD_INTERNATIONAL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, phone_cause_get_text (PHONE_CAUSE_FORBIDDEN_NUMBER));
      return NULL;
    }
  if (target->kind != PHONE_DIAL_NUMBER || account != 0)
    return phone_dial_target_dup_target (target, phone_engine_bool (engine, POUND_AS_23));
  full = add_domain (engine, target, error);
  return full ? phone_dial_target_dup_target (full, phone_engine_bool (engine, POUND_AS_23)) : NULL;
}

/**
 * phone_forward_dup_target:
 * Returns: (transfer full) (nullable): where calls of @account go by this rule, as text; %NULL when they do not
 */
char *
phone_forward_dup_target (PhoneEngine *engine,
                          PhoneDivert  divert,
                          guint        account)
{
  g_autofree char *target = NULL;
  const char *text;

  if (!phone_forward_is_on (engine, divert, account))
    return NULL;
  text = get_target (engine, divert, get_scope (engine, divert, account));
  target = phone_forward_make_target (engine, account, text, NULL);
  return target ? g_strdup (text) : NULL;
}

/**
 * phone_forward_get_no_answer_ms:
 * Returns: after how long a call of @account that rings goes elsewhere, -1 when it does not
 */
int
phone_forward_get_no_answer_ms (PhoneEngine *engine,
                                guint        account)
{
  g_autofree char *target = phone_forward_dup_target (engine, PHONE_DIVERT_NO_ANSWER, account);
  guint scope = get_scope (engine, PHONE_DIVERT_NO_ANSWER, account);
  PhoneSettingId id = scope == 0 ? PHONE_SETTING_FWD_NO_ANSWER_RINGS : PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_RINGS;

  /* Guide: do not disturb disables the local no answer forward, also for those who ring all the same. */
  if (target == NULL || phone_forward_is_on (engine, PHONE_DIVERT_DND, account))
    return -1;
  return (int) phone_settings_get_int (engine->settings, id, scope, 0) * RING_MS;
}

/* ---- switching ---- */

/**
 * phone_forward_state_new:
 * Returns: (transfer full): how everything is now, for phone_forward_announce()
 */
PhoneForwardState *
phone_forward_state_new (PhoneEngine *engine)
{
  PhoneForwardState *self = g_new0 (PhoneForwardState, 1);

  for (guint divert = 0; divert < PHONE_N_DIVERTS; divert++)
    for (guint scope = 0; scope <= engine->model->n_accounts; scope++)
      {
        self->on[divert][scope] = is_set (engine, divert, scope);
        self->targets[divert][scope] = g_strdup (get_target (engine, divert, scope));
      }
  return self;
}

void
phone_forward_state_free (PhoneForwardState *self)
{
  for (guint divert = 0; divert < PHONE_N_DIVERTS; divert++)
    for (guint scope = 0; scope <= PHONE_MAX_ACCOUNTS; scope++)
      g_free (self->targets[divert][scope]);
  g_free (self);
}

/* The server learns it by a call to a code; behind that of a forward its target is dialled. */
static void
dial_code (PhoneEngine *engine,
           PhoneDivert  divert,
           guint        scope,
           gboolean     on)
{
  const Ids *ids = get_ids (divert, scope);
  const char *code = phone_settings_get_string (engine->settings, on ? ids->on_code : ids->off_code, scope, 0);
  g_autofree char *number = g_strconcat (code, on ? get_target (engine, divert, scope) : "", NULL);
  g_autoptr (GError) error = NULL;

  if (*code != '\0' && !phone_calls_dial (engine, scope, number, 0, &error))
    phone_engine_say (engine, error->message);
}

static void
tell (PhoneEngine *engine,
      PhoneDivert  divert,
      guint        scope,
      gboolean     on)
{
  PhoneNotice notice = {
    .kind = divert == PHONE_DIVERT_DND ? PHONE_NOTICE_DND : PHONE_NOTICE_FORWARD,
    .account = scope,
    .state = on,
    .number = get_target (engine, divert, scope),
    .name = "",
    .text = divert == PHONE_DIVERT_DND ? "" : phone_divert_to_string (divert),
  };

  phone_outbox_notify (engine->outbox, &notice);
}

/**
 * phone_forward_announce:
 * @before: how it was
 *
 * The user has switched something on the phone: tells the server, by the codes that are set, and the world. What was changed
 * for the mode that does not count is nobody's business.
 */
void
phone_forward_announce (PhoneEngine             *engine,
                        const PhoneForwardState *before)
{
  for (guint divert = 0; divert < PHONE_N_DIVERTS; divert++)
    for (guint scope = 0; scope <= engine->model->n_accounts; scope++)
      {
        gboolean on = is_set (engine, divert, scope);
        gboolean moved = on && strcmp (before->targets[divert][scope], get_target (engine, divert, scope)) != 0;

        if (phone_forward_is_custom (engine, divert) != (scope != 0) || (on == before->on[divert][scope] && !moved))
          continue;
        tell (engine, divert, scope, on);
        dial_code (engine, divert, scope, on);
      }
}

static gboolean
check_switch (PhoneEngine  *engine,
              PhoneDivert   divert,
              guint         scope,
              const char   *target,
              GError      **error)
{
  g_autofree char *made = NULL;

  if (divert == PHONE_DIVERT_DND)
    return TRUE;
  if (target == NULL)
    target = get_target (engine, divert, scope);
  if (*target == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("The number is empty!"));
      return FALSE;
    }
  made = phone_forward_make_target (engine, MAX (scope, 1), target, error);
  return made != NULL;
}

static gboolean
switch_scope (PhoneEngine  *engine,
              PhoneDivert   divert,
              guint         scope,
              gboolean      on,
              const char   *target,
              GError      **error)
{
  const Ids *ids = get_ids (divert, scope);

  if (on && !check_switch (engine, divert, scope, target, error))
    return FALSE;
  if (on && target != NULL && ids->target != PHONE_N_SETTINGS
      && !phone_settings_set (engine->settings, PHONE_LAYER_LOCAL, ids->target, scope, 0, target, error))
    return FALSE;
  return phone_settings_set (engine->settings, PHONE_LAYER_LOCAL, ids->enable, scope, 0, on ? "1" : "0", error);
}

/**
 * phone_forward_switch:
 * @account: in Custom mode the account, 0 for all that are in use; else 0
 * @target: (nullable): where calls go from now on, %NULL as before
 *
 * Switches on or off, as the user does on the phone.
 *
 * Returns: %FALSE with @error when there is no target that calls may go to
 */
gboolean
phone_forward_switch (PhoneEngine  *engine,
                      PhoneDivert   divert,
                      guint         account,
                      gboolean      on,
                      const char   *target,
                      GError      **error)
{
  g_autoptr (PhoneForwardState) before = phone_forward_state_new (engine);
  gboolean custom = phone_forward_is_custom (engine, divert);
  gboolean done = TRUE;

  if (!custom || account != 0)
    done = switch_scope (engine, divert, custom ? account : 0, on, target, error);
  for (guint i = 1; custom && account == 0 && done && i <= engine->model->n_accounts; i++)
    if (phone_account_is_enabled (engine, i))
      done = switch_scope (engine, divert, i, on, target, error);
  phone_store_save_settings (engine->store);
  phone_forward_announce (engine, before);
  return done;
}

/**
 * phone_forward_copy:
 * All accounts that are in use forward as @account does (guide: call forward, all lines).
 */
void
phone_forward_copy (PhoneEngine *engine,
                    guint        account)
{
  g_autoptr (PhoneForwardState) before = phone_forward_state_new (engine);

  for (guint i = 1; i <= engine->model->n_accounts; i++)
    for (PhoneSettingId id = PHONE_SETTING_ACCOUNT_FWD_ALWAYS_ENABLE;
         id <= PHONE_SETTING_ACCOUNT_FWD_NO_ANSWER_OFF_CODE && phone_account_is_enabled (engine, i); id++)
      phone_settings_set (engine->settings, PHONE_LAYER_LOCAL, id, i, 0,
                          phone_settings_get_string (engine->settings, id, account, 0), NULL);
  phone_store_save_settings (engine->store);
  phone_forward_announce (engine, before);
}
