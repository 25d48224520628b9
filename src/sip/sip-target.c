/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-sip"

#include "sip-target.h"

/*
 * A handle carries a pointer to its PhoneSipTarget as magic. phone_sip_target_release() takes the pointer off the handle at
 * once, so that a late event finds no owner, and has the stack destroy the handle from an idle callback: the library's
 * list of requests is walked while it calls us, and destroying a handle there aborts the program.
 */

struct _PhoneSipTarget {
  PhoneSipStack      *stack;
  nua_handle_t       *handle;
  PhoneSipTargetFunc  func;
  gpointer            owner;
};

/**
 * phone_sip_target_new:
 * @handle: (transfer full): a handle nobody owns yet
 * @func: gets the handle's events
 * @owner: (nullable): handed to @func; must release the target before it goes away
 *
 * Returns: (transfer full): the binding; end it with phone_sip_target_release()
 */
PhoneSipTarget *
phone_sip_target_new (PhoneSipStack      *stack,
                      nua_handle_t       *handle,
                      PhoneSipTargetFunc  func,
                      gpointer            owner)
{
  PhoneSipTarget *self;

  g_return_val_if_fail (PHONE_IS_SIP_STACK (stack), NULL);
  g_return_val_if_fail (handle != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (PhoneSipTarget, 1);
  self->stack = g_object_ref (stack);
  self->handle = handle;
  self->func = func;
  self->owner = owner;
  nua_handle_bind (handle, (nua_hmagic_t *) self);
  phone_sip_stack_count_handle (stack);

  return self;
}

/**
 * phone_sip_target_release:
 * @self: (nullable) (transfer full): the binding
 *
 * Lets go of the handle; the library ends what still runs on it (CANCEL or BYE) and forgets it.
 */
void
phone_sip_target_release (PhoneSipTarget *self)
{
  if (!self)
    return;

  nua_handle_bind (self->handle, NULL);
  phone_sip_stack_destroy_handle (self->stack, self->handle);
  g_object_unref (self->stack);
  g_free (self);
}

nua_handle_t *
phone_sip_target_get_handle (PhoneSipTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->handle;
}

void
phone_sip_target_dispatch (PhoneSipTarget      *self,
                           const PhoneSipEvent *event)
{
  g_return_if_fail (self != NULL);

  self->func (event, self->owner);
}
