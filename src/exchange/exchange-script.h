/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:exchange-script
 * @title: ExchangeScript
 *
 * Answers on purpose: which REGISTER and INVITE the exchange refuses, challenges without end, or leaves without an answer,
 * and how often. See doc/exchange.md for the lines.
 */
typedef struct _ExchangeScript ExchangeScript;

#define EXCHANGE_SCRIPT_MAX_BYTES 65536
#define EXCHANGE_SCRIPT_MAX_RULES 256

/**
 * ExchangeScriptRule:
 * @method: "REGISTER" or "INVITE"
 * @who: (nullable): the user who registers, the number that is called; %NULL: anybody
 * @status: 300 to 699; 401 and 407 are a challenge; 0: no answer
 * @times: how many requests it is for, 0: all
 * @retry_after_s: 0: no Retry-After
 * @min_expires_s: 0: no Min-Expires
 * @target: (nullable): for 3xx, a number of this exchange or a SIP URI
 */
typedef struct {
  const char *method;
  char       *who;
  guint       status;
  guint       times;
  guint       retry_after_s;
  guint       min_expires_s;
  char       *target;
  guint       taken;
} ExchangeScriptRule;

/**
 * exchange_script_parse:
 * @text: UTF-8
 *
 * Returns: (transfer full): %NULL with @error (%G_IO_ERROR_INVALID_ARGUMENT), which names the line
 */
ExchangeScript           *exchange_script_parse (const char      *text,
                                                 GError         **error) G_GNUC_WARN_UNUSED_RESULT;
ExchangeScript           *exchange_script_load  (const char      *path,
                                                 GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void                      exchange_script_free  (ExchangeScript  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExchangeScript, exchange_script_free)

/**
 * exchange_script_take:
 * @who: (nullable): the user part of the address
 *
 * Returns: (transfer none) (nullable): the first rule that is for such a request and not used up; counts it
 */
const ExchangeScriptRule *exchange_script_take  (ExchangeScript  *self,
                                                 const char      *method,
                                                 const char      *who);
guint                     exchange_script_count (ExchangeScript  *self);

G_END_DECLS
