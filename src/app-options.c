/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-app"

#include "app-options.h"

#include "bus-name.h"
#include "link.h"
#include "texts.h"

#include <string.h>

#define DEFAULT_AUDIO "pulse"

typedef struct {
  PhoneAppOptions *options;
  char            *sip_port;
  char            *control;
  char           **rest;
} Raw;

static gboolean
fail (GError    **error,
      const char *format,
      const char *what)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, what);
  return FALSE;
}

static gboolean
check_profile (PhoneAppOptions *self,
               GError         **error)
{
  if (!self->profile)
    self->profile = g_strdup ("");
  else if (!phone_profile_is_valid (self->profile))
    return fail (error, _ ("“%s” is not a profile: 1 to 32 letters, digits and _"), self->profile);

  return TRUE;
}

static gboolean
check_network (PhoneAppOptions *self,
               Raw             *raw,
               GError         **error)
{
  guint64 port;

  if (self->bind && !g_hostname_is_ip_address (self->bind))
    return fail (error, _ ("--bind takes an IP address, not “%s”"), self->bind);

  self->sip_port = PHONE_APP_PORT_FROM_SETTINGS;
  if (raw->sip_port)
    {
      if (!g_ascii_string_to_unsigned (raw->sip_port, 10, 0, 65535, &port, NULL))
        return fail (error, _ ("--sip-port takes a number from 0 to 65535, not “%s”"), raw->sip_port);
      self->sip_port = (int) port;
    }
  if (raw->control)
    {
      self->control = phone_control_parse_address (raw->control, error);
      return self->control != NULL;
    }

  return TRUE;
}

/* "file:IN.wav,OUT.wav": either name may be left out, not both. */
static gboolean
check_audio (PhoneAppOptions *self,
             GError         **error)
{
  if (!self->audio)
    self->audio = g_strdup (DEFAULT_AUDIO);
  if (g_str_equal (self->audio, "pulse") || g_str_equal (self->audio, "null"))
    return TRUE;
  if (g_str_has_prefix (self->audio, "file:") && strlen (self->audio) > strlen ("file:")
      && !g_str_equal (self->audio, "file:,"))
    return TRUE;

  return fail (error, _ ("--audio takes pulse, null or file:IN.wav,OUT.wav, not “%s”"), self->audio);
}

static gboolean
check_dial (PhoneAppOptions *self,
            Raw             *raw,
            GError         **error)
{
  g_autofree char *target = NULL;

  if (raw->rest && raw->rest[0])
    {
      if (raw->rest[1] || self->dial)
        return fail (error, "%s", _ ("one call at a time"));
      if (!phone_link_is_link (raw->rest[0]))
        return fail (error, _ ("“%s” is not a sip: or tel: link; see --help"), raw->rest[0]);
      self->dial = g_strdup (raw->rest[0]);
    }
  if (!self->dial)
    return TRUE;

  target = phone_link_to_target (self->dial, error);
  return target != NULL;
}

static gboolean
check (PhoneAppOptions *self,
       Raw             *raw,
       GError         **error)
{
  if (!self->configs)
    self->configs = g_new0 (char *, 1);

  return check_profile (self, error) && check_network (self, raw, error) && check_audio (self, error)
         && check_dial (self, raw, error);
}

static gboolean
read_command_line (const char         *summary,
                   const char *const  *arguments,
                   Raw                *raw,
                   GError            **error)
{
  PhoneAppOptions *self = raw->options;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &self->profile, N_ ("A phone of its own beside others"), N_ ("NAME") },
    { "config", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->configs, N_ ("Settings file of the phone; may be repeated"),
      N_ ("FILE.cfg") },
    { "bind", 0, 0, G_OPTION_ARG_STRING, &self->bind, N_ ("Local address for signaling and sound"), N_ ("ADDRESS") },
    { "sip-port", 0, 0, G_OPTION_ARG_STRING, &raw->sip_port, N_ ("Local SIP port; 0: any free one"), N_ ("PORT") },
    { "audio", 0, 0, G_OPTION_ARG_STRING, &self->audio, N_ ("pulse, null or file:IN.wav,OUT.wav"), N_ ("WHERE") },
    { "control", 0, 0, G_OPTION_ARG_STRING, &raw->control, N_ ("Be driven over this socket, not over the session bus"),
      "unix:PATH" },
    { "dial", 0, 0, G_OPTION_ARG_STRING, &self->dial, N_ ("Call this number or address"), N_ ("NUMBER") },
    { "skin", 0, 0, G_OPTION_ARG_FILENAME, &self->skin, N_ ("Folder of the face"), N_ ("FOLDER") },
    { "compact", 0, 0, G_OPTION_ARG_NONE, &self->compact, N_ ("Show the display and the keys beside it alone"), NULL },
    { "list-settings", 0, 0, G_OPTION_ARG_NONE, &self->list_settings, N_ ("Print the table of settings and end"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_ ("With --list-settings: as JSON"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Print the version and end"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &raw->rest, NULL, N_ ("[sip:…|tel:…]") },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) copy = g_strdupv ((char **) arguments);

  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_description (
      context, _ ("DESKSET_DEBUG=sip,media,control,… or all prints what happens inside. desksetctl drives the phone."));

  return g_option_context_parse_strv (context, &copy, error);
}

PhoneAppOptions *
phone_app_options_parse (const char        *summary,
                         const char *const *arguments,
                         GError           **error)
{
  g_autoptr (PhoneAppOptions) self = g_new0 (PhoneAppOptions, 1);
  Raw raw = { self, NULL, NULL, NULL };
  gboolean ok;

  g_return_val_if_fail (arguments != NULL && arguments[0] != NULL, NULL);

  ok = read_command_line (summary, arguments, &raw, error) && check (self, &raw, error);
  g_free (raw.sip_port);
  g_free (raw.control);
  g_strfreev (raw.rest);

  return ok ? g_steal_pointer (&self) : NULL;
}

void
phone_app_options_free (PhoneAppOptions *self)
{
  if (!self)
    return;

  g_free (self->profile);
  g_strfreev (self->configs);
  g_free (self->bind);
  g_free (self->audio);
  g_free (self->control);
  g_free (self->dial);
  g_free (self->skin);
  g_free (self);
}
