/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sofia-sip/nta.h>

#include "exchange-script.h"

G_BEGIN_DECLS

/** EXCHANGE_NOT_SCRIPTED: no rule of the script is for this request. */
#define EXCHANGE_NOT_SCRIPTED (-1)

/**
 * exchange_answers_give:
 * @script: (nullable)
 * @domain: host and port as they stand in a URI, for the target of a redirection
 * @request: a REGISTER, or an INVITE outside a dialog; anything else is not scripted
 *
 * Answers as the script says.
 *
 * Returns: the status, 0 when there is to be no answer, or %EXCHANGE_NOT_SCRIPTED
 */
int exchange_answers_give (ExchangeScript *script,
                           const char     *domain,
                           nta_incoming_t *request,
                           sip_t const    *sip);

G_END_DECLS
