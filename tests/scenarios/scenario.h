/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-ports.h"

G_BEGIN_DECLS

/**
 * Phone:
 * A whole phone on fakes, for scenarios and for the monkey.
 */
typedef struct {
  PhoneEventQueue *queue;
  PhoneSettings   *settings;
  FakePorts       *ports;
  PhoneEngine     *engine;
  gboolean         started;
  gboolean         stopped;
} Phone;

Phone   *phone_fixture_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void     phone_fixture_start        (Phone       *self);
void     phone_fixture_free         (Phone       *self);
void     phone_fixture_check        (Phone       *self);
void     phone_fixture_add_account  (Phone       *self,
                                     guint        account,
                                     const char  *user);
void     phone_fixture_post_account (Phone       *self,
                                     guint        account,
                                     int          state,
                                     guint        status,
                                     const char  *reason);
char    *phone_fixture_dump         (Phone       *self) G_GNUC_WARN_UNUSED_RESULT;

/* Runs a scenario file; the error names the file and the line and shows the LCD. hits: one counter for each row. */
gboolean phone_scenario_run         (const char  *path,
                                     guint       *hits,
                                     GError     **error);

G_END_DECLS
