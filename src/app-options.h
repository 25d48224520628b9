/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** PHONE_APP_PORT_FROM_SETTINGS: value of `sip_port` when it was not given. */
#define PHONE_APP_PORT_FROM_SETTINGS (-1)

/**
 * PhoneAppOptions:
 * @profile: "" for the default one
 * @configs: (array zero-terminated=1): files in the order they were given
 * @bind: (nullable): IP literal
 * @control: (nullable): path of the socket
 * @dial: (nullable): what to call first: number or link, as it was given
 * @skin: (nullable): folder
 *
 * The command line of `deskset` and `deskset-headless`, checked.
 */
typedef struct {
  char     *profile;
  char    **configs;
  char     *bind;
  int       sip_port;
  char     *audio;
  char     *control;
  char     *dial;
  char     *skin;
  gboolean  compact;      /* of a window */
  gboolean  list_settings;
  gboolean  json;
  gboolean  version;
} PhoneAppOptions;

/**
 * phone_app_options_parse:
 * @summary: one line for --help
 * @arguments: (array zero-terminated=1): with the program's name first
 *
 * `--help` prints and ends the program.
 *
 * Returns: (transfer full) (nullable): %NULL with @error, one line for people
 */
PhoneAppOptions *phone_app_options_parse (const char         *summary,
                                          const char * const *arguments,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void             phone_app_options_free  (PhoneAppOptions    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneAppOptions, phone_app_options_free)

G_END_DECLS
