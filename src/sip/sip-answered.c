/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-answered.h"

#include <string.h>

/* Enough for all calls that can be answered within the seconds in which something may still come late. */
#define N_REMEMBERED 64
/* Ours are shorter; a longer one is not of our making. */
#define MAX_BRANCH_BYTES 128

struct _PhoneSipAnswered {
  char  branches[N_REMEMBERED][MAX_BRANCH_BYTES];
  guint next;
};

static gboolean
knows (PhoneSipAnswered *self,
       const char       *branch)
{
  for (guint i = 0; i < N_REMEMBERED; i++)
    {
      if (strcmp (self->branches[i], branch) == 0)
        return TRUE;
    }

  return FALSE;
}

gboolean
phone_sip_answered_is_late (PhoneSipAnswered *self,
                            const char       *branch,
                            guint             status)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!branch || !*branch || strlen (branch) >= MAX_BRANCH_BYTES || status >= 300)
    return FALSE;
  if (status < 200)
    return knows (self, branch);

  if (!knows (self, branch))
    {
      g_strlcpy (self->branches[self->next], branch, MAX_BRANCH_BYTES);
      self->next = (self->next + 1) % N_REMEMBERED;
    }
  return FALSE;
}

PhoneSipAnswered *
phone_sip_answered_new (void)
{
  return g_new0 (PhoneSipAnswered, 1);
}

void
phone_sip_answered_free (PhoneSipAnswered *self)
{
  g_free (self);
}
