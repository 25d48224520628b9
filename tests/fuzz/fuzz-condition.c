/* rooms: engine control */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "condition.h"
#include "control-hub.h"

#include <stddef.h>
#include <stdint.h>

/* A condition as anybody on the bus may give it, fed with one event of each kind and looked at once. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
feed (PhoneCondition *condition)
{
  g_autoptr (PhoneControlEventBlock) block = NULL;

  for (int kind = PHONE_NOTICE_ACCOUNT; kind <= PHONE_NOTICE_MESSAGE; kind++)
    {
      const PhoneNotice notice = { .kind = kind, .call = 1, .account = 1, .state = 1, .number = "1@h", .text = "5" };
      g_autoptr (PhoneControlEvent) event = phone_control_event_new_notice (&block, kind + 1, &notice);

      phone_condition_feed (condition, event);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhoneCondition) condition = phone_condition_new (text, &error);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (PhoneDisplay) display = phone_display_new ();
  g_autoptr (PhoneControlEventBlock) block = NULL;
  g_autoptr (PhoneControlEvent) event = phone_control_event_new_display (&block, 1, display);
  const PhoneConditionView now = { none, none, display };

  g_assert_true ((condition == NULL) == (error != NULL));
  if (!condition)
    return 0;

  phone_condition_holds (condition, &now);
  feed (condition);
  phone_condition_feed (condition, event);

  return 0;
}
