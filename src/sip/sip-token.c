/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-token.h"

#include <sofia-sip/nta.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/su_uniqueid.h>

/*
 * Names on the wire: decimal, as a desk phone writes them, with 64 random bits so that nobody can guess the tags of a
 * dialog. Any thread.
 */

/**
 * phone_sip_token_random:
 * Returns: 64 bits nobody can foresee, for tags, Call-IDs and session ids
 */
guint64
phone_sip_token_random (void)
{
  guint64 value = 0;

  su_randmem (&value, sizeof value);
  return value;
}

/**
 * phone_sip_token_new:
 * Returns: (transfer full): a tag: 20 decimal digits
 */
char *
phone_sip_token_new (void)
{
  return g_strdup_printf ("%020" G_GUINT64_FORMAT, phone_sip_token_random ());
}

/**
 * phone_sip_token_new_call_id:
 * @account: account number, 0 for a direct-IP call
 * @address: our IP literal
 *
 * Returns: (transfer full): `<account from 0>_<decimal>@<ip>` (guide: wire fingerprint)
 */
char *
phone_sip_token_new_call_id (guint       account,
                             const char *address)
{
  g_return_val_if_fail (address != NULL, NULL);

  return g_strdup_printf ("%u_%" G_GUINT64_FORMAT "@%s", account > 0 ? account - 1 : 0, phone_sip_token_random (),
                          address);
}

/**
 * nta_agent_newtag:
 *
 * Takes the place of the library's function of this name, which it calls for every tag it makes itself (To tags of incoming
 * calls): its own tags are a counter with a constant step, so that one tag seen gives away all later ones. The linker
 * prefers the program's definition; should it not, tags are merely the library's.
 */
char const *
nta_agent_newtag (su_home_t   *home,
                  char const  *fmt,
                  nta_agent_t *agent)
{
  g_autofree char *tag = phone_sip_token_new ();

  if (agent == NULL)
    return NULL;
  if (fmt && fmt[0])
    return su_sprintf (home, fmt, tag);
  return su_strdup (home, tag);
}
