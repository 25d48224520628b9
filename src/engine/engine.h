/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "display.h"
#include "event.h"
#include "model.h"
#include "ports.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * SECTION:engine
 * @title: PhoneEngine
 *
 * The phone itself. It takes each event of the queue, runs the call table, the policy and the page stack, commands the
 * ports, and when the queue is empty projects its state into a #PhoneDisplay. Main thread only.
 *
 * Signals:
 * - `changed`: the display is another one than before; at most once for each burst of events
 * - `key (PhoneKey key, gboolean down)`: a key goes down or up, whoever presses it; before the phone acts on it
 * - `stopped`: all is hung up and unregistered after %PHONE_EVENT_QUIT
 */
#define PHONE_TYPE_ENGINE (phone_engine_get_type ())
G_DECLARE_FINAL_TYPE (PhoneEngine, phone_engine, PHONE, ENGINE, GObject)

/**
 * phone_engine_new:
 * @model: (transfer none): copied
 *
 * Holds a reference on each port. Nothing happens before phone_engine_start().
 */
PhoneEngine     *phone_engine_new           (PhoneEventQueue   *queue,
                                             PhoneSettings     *settings,
                                             const PhoneModel  *model,
                                             PhoneSignaling    *signaling,
                                             PhoneAudio        *audio,
                                             PhoneClock        *clock,
                                             PhoneStore        *store,
                                             PhoneOutbox       *outbox) G_GNUC_WARN_UNUSED_RESULT;

/**
 * phone_engine_start:
 *
 * Loads history, sets accounts up, volumes and devices, shows the idle page.
 */
void             phone_engine_start         (PhoneEngine       *self);

/**
 * phone_engine_get_display:
 * Returns: (transfer none): what is shown now; ref it to keep it.
 */
PhoneDisplay    *phone_engine_get_display   (PhoneEngine       *self);
PhoneSettings   *phone_engine_get_settings  (PhoneEngine       *self);
const PhoneModel *phone_engine_get_model    (PhoneEngine       *self);

/**
 * phone_engine_press:
 *
 * A key goes down. Posts an event, as the four below do; the phone acts when the queue is drained.
 */
void             phone_engine_press         (PhoneEngine       *self,
                                             PhoneKey           key);
void             phone_engine_release       (PhoneEngine       *self,
                                             PhoneKey           key);
/* Down and up at once. */
void             phone_engine_click         (PhoneEngine       *self,
                                             PhoneKey           key);
/* What a keyboard types; may be several characters. */
void             phone_engine_type_text     (PhoneEngine       *self,
                                             const char        *text);
void             phone_engine_set_hook      (PhoneEngine       *self,
                                             gboolean           off_hook);

/**
 * phone_engine_run_command:
 * @line: a line of the command table: "dial 1001", "answer", "hangup", "hold", "resume", "mute on", "hook off",
 *   "key F1 F2", "type 100", "line 2", "set KEY VALUE"; words may be quoted as in a shell
 *
 * The one way for everything that is not a key: menus, soft keys, D-Bus, command line, links.
 * The event queue is drained when it returns.
 *
 * Returns: %FALSE with @error (%G_IO_ERROR_INVALID_ARGUMENT: unknown or malformed; %G_IO_ERROR_FAILED: not allowed now)
 */
gboolean         phone_engine_run_command   (PhoneEngine       *self,
                                             const char        *line,
                                             GError           **error);

/**
 * PhoneCallInfo:
 * A copy of what is known of a call, for other hands on the phone.
 */
typedef struct {
  guint           call;
  guint           account;
  PhoneCallOrigin origin;
  PhoneCallState  state;
  char           *number;
  char           *name;
  char           *codec;           /* "G722", "" before media */
  guint           duration_s;
  guint           line_key;        /* 1…, 0 none */
  guint           status;          /* final SIP status when ended */
  gboolean        focused;
  gboolean        far_held;
  gboolean        flowing;         /* sound has been received */
  gboolean        encrypted;       /* SRTP */
  PhoneCallQuality quality;        /* all 0 before media */
} PhoneCallInfo;
void       phone_call_info_free       (PhoneCallInfo *self);

/**
 * phone_engine_list_calls:
 * Returns: (transfer full) (element-type PhoneCallInfo)
 */
GPtrArray *phone_engine_list_calls    (PhoneEngine   *self) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint             account;
  PhoneAccountState state;
  guint             status;         /* SIP code of the last failure, 0 when none */
  char             *reason;
  char             *label;
  char             *user_name;
  char             *server;
} PhoneAccountInfo;
void       phone_account_info_free    (PhoneAccountInfo *self);

/**
 * phone_engine_list_accounts:
 * Returns: (transfer full) (element-type PhoneAccountInfo): every account of the model that is enabled
 */
GPtrArray *phone_engine_list_accounts (PhoneEngine   *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * PhoneCounts:
 * @n_calls: calls the user has, those that show their end included
 * @n_dialogs: calls that are not over on the wire
 * @n_handles: what the SIP library holds for calls, registrations and stray requests
 * @n_streams: media streams
 *
 * What a phone holds: an idle one has a handle for each account that is registered, and nothing else.
 */
typedef struct {
  guint n_calls;
  guint n_dialogs;
  guint n_handles;
  guint n_streams;
} PhoneCounts;

/**
 * phone_engine_count:
 * @counts: (out caller-allocates): for those who look for what is left behind
 */
void       phone_engine_count         (PhoneEngine   *self,
                                       PhoneCounts   *counts);

G_END_DECLS
