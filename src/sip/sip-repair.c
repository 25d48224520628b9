/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-repair.h"

#include <sofia-sip/sip_util.h>

#include <dlfcn.h>

/*
 * A function of the library that stands in front of the library's own.
 *
 * nua asks sip_response_terminates_dialog() what a refusal of a request inside a call does to the call. It sets the second
 * answer (end the call gracefully, by BYE) to yes before it asks, and the function leaves it as it is for 500, 501, 503, 504
 * and 600. So a hold or a refresh that is refused with "try again in a moment" would end the call, against RFC 5057 §5.1 and
 * RFC 3261 §14.1. The program's own symbols come first, for the library too; here the answer is no before the library's
 * function gives its own.
 */

typedef int (*TerminatesDialog) (int           response_code,
                                 sip_method_t  method,
                                 int          *graceful);

static TerminatesDialog
find_original (void)
{
  static gsize original = 0;

  if (g_once_init_enter (&original))
    g_once_init_leave (&original, (gsize) dlsym (RTLD_NEXT, "sip_response_terminates_dialog"));

  return (TerminatesDialog) original;
}

/* Runs on an agent's thread. */
int
sip_response_terminates_dialog (int           response_code,
                                sip_method_t  method,
                                int          *graceful)
{
  TerminatesDialog original = find_original ();

  if (graceful)
    *graceful = 0;

  return original ? original (response_code, method, graceful) : 0;
}

/**
 * phone_sip_repair_is_in_place:
 * Returns: whether the library's function was found behind ours; calling this also makes the linker take this file
 */
gboolean
phone_sip_repair_is_in_place (void)
{
  return find_original () != NULL && find_original () != sip_response_terminates_dialog;
}
