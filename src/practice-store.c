/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-practice"

#include "practice-store.h"

struct _PhonePracticeStore {
  GObject     parent_instance;

  PhoneStore *store;
  GPtrArray  *contacts;
};

static void phone_practice_store_store_init (PhoneStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhonePracticeStore,
                               phone_practice_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PHONE_TYPE_STORE, phone_practice_store_store_init))

static void
phone_practice_store_save_settings (PhoneStore *store)
{
  phone_store_save_settings (PHONE_PRACTICE_STORE (store)->store);
}

static GPtrArray *
phone_practice_store_load_history (PhoneStore *store)
{
  return phone_store_load_history (PHONE_PRACTICE_STORE (store)->store);
}

static void
phone_practice_store_save_history (PhoneStore *store,
                                   GPtrArray  *entries)
{
  phone_store_save_history (PHONE_PRACTICE_STORE (store)->store, entries);
}

static GPtrArray *
phone_practice_store_load_contacts (PhoneStore *store)
{
  PhonePracticeStore *self = PHONE_PRACTICE_STORE (store);
  GPtrArray *contacts = phone_store_load_contacts (self->store);

  for (guint i = 0; i < self->contacts->len; i++)
    g_ptr_array_add (contacts, phone_contact_copy (g_ptr_array_index (self->contacts, i)));

  return contacts;
}

static void
phone_practice_store_store_init (PhoneStoreInterface *iface)
{
  iface->save_settings = phone_practice_store_save_settings;
  iface->load_history = phone_practice_store_load_history;
  iface->save_history = phone_practice_store_save_history;
  iface->load_contacts = phone_practice_store_load_contacts;
}

static void
phone_practice_store_finalize (GObject *object)
{
  PhonePracticeStore *self = PHONE_PRACTICE_STORE (object);

  g_ptr_array_unref (self->contacts);
  g_object_unref (self->store);

  G_OBJECT_CLASS (phone_practice_store_parent_class)->finalize (object);
}

static void
phone_practice_store_class_init (PhonePracticeStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = phone_practice_store_finalize;
}

static void
phone_practice_store_init (PhonePracticeStore *self)
{
  self->contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_contact_free);
}

PhonePracticeStore *
phone_practice_store_new (PhoneStore *store)
{
  PhonePracticeStore *self;

  g_return_val_if_fail (PHONE_IS_STORE (store), NULL);

  self = g_object_new (PHONE_TYPE_PRACTICE_STORE, NULL);
  self->store = g_object_ref (store);

  return self;
}

void
phone_practice_store_set_contacts (PhonePracticeStore *self,
                                   GPtrArray          *contacts)
{
  g_return_if_fail (PHONE_IS_PRACTICE_STORE (self));
  g_return_if_fail (contacts != NULL);

  g_ptr_array_set_size (self->contacts, 0);
  for (guint i = 0; i < contacts->len; i++)
    g_ptr_array_add (self->contacts, phone_contact_copy (g_ptr_array_index (contacts, i)));
}
