/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "page.h"

G_BEGIN_DECLS

/*
 * One page for all lists: menus, call log, directory, state. A kind says what the rows are; they are made anew each time
 * they are needed, so that a list that changes while it is shown is never stale.
 */
typedef struct _PhoneListPage PhoneListPage;

typedef struct {
  char      *text;
  char      *value;
  PhoneIcon  icon;
  char      *command;    /* what OK does, NULL = nothing */
  gpointer   data;       /* of the kind; valid for the present event */
} PhoneListItem;

PhoneListItem *phone_list_add (GPtrArray  *items,
                               const char *text,
                               const char *value,
                               PhoneIcon   icon,
                               const char *command);

typedef struct {
  const char *name;
  gboolean    numbered;   /* "1. Status", and digit keys choose */
  const char *(*get_title) (PhoneEngine *engine, PhoneListPage *page);
  void        (*fill)      (PhoneEngine *engine, PhoneListPage *page, GPtrArray *items);
  /* The rest may be NULL. item is NULL when the list is empty. */
  gboolean    (*is_over)   (PhoneEngine *engine);   /* what it is about is gone: it closes */
  gboolean    (*key)       (PhoneEngine *engine, PhoneListPage *page, PhoneListItem *item, PhoneKey key);
  void        (*soft_keys) (PhoneEngine *engine, PhoneListPage *page, PhoneListItem *item, PhoneSoftKeys *keys);
  void        (*action)    (PhoneEngine *engine, PhoneListPage *page, PhoneListItem *item, int action);
  void        (*enter)     (PhoneEngine *engine, PhoneListPage *page, PhoneListItem *item);
} PhoneListKind;

struct _PhoneListPage {
  PhonePage            base;
  const PhoneListKind *kind;
  int                  tag;        /* of the kind: which menu, which account, which list */
  guint                data;       /* of the kind: which row of the list it was opened from */
  guint                selected;
};

/* Actions every list understands. */
enum { PHONE_LIST_BACK = 100, PHONE_LIST_ENTER };

PhoneListPage *phone_page_list_push (PhoneEngine         *engine,
                                     const PhoneListKind *kind,
                                     int                  tag);
PhoneListPage *phone_page_list_find (PhoneEngine         *engine,
                                     const PhoneListKind *kind);

G_END_DECLS
