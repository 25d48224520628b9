/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-private.h"

G_BEGIN_DECLS

/*
 * A page is what fills the LCD: a small vtable and what is on screen (cursor, typed digits), no more. Pages issue
 * commands (engine/commands.c); they never touch calls.
 */
typedef struct _PhonePage PhonePage;

/**
 * PhoneSoftKey:
 * @label: what stands above the key, translated; "" leaves the key empty
 * @command: (nullable): a line for the command table
 * @action: for a key without a command: a number the page understands
 */
typedef struct {
  const char *label;
  const char *command;
  int         action;
} PhoneSoftKey;

/** PHONE_MAX_SOFT_KEYS: most functions a page offers; more than four are turned over with `More`. */
#define PHONE_MAX_SOFT_KEYS 12

typedef struct {
  PhoneSoftKey keys[PHONE_MAX_SOFT_KEYS];
  guint        n_keys;
} PhoneSoftKeys;

void phone_soft_keys_add (PhoneSoftKeys *self,
                          const char    *label,
                          const char    *command,
                          int            action);

typedef struct {
  const char *name;
  PhoneLayout layout;
  void      (*leave)     (PhoneEngine *engine, PhonePage *page);
  void      (*update)    (PhoneEngine *engine, PhonePage *page);   /* after each event, also when covered */
  gboolean  (*key)       (PhoneEngine *engine, PhonePage *page, PhoneKey key);
  gboolean  (*text)      (PhoneEngine *engine, PhonePage *page, const char *text);
  void      (*action)    (PhoneEngine *engine, PhonePage *page, int action);
  void      (*timer)     (PhoneEngine *engine, PhonePage *page, guint timer);
  void      (*soft_keys) (PhoneEngine *engine, PhonePage *page, PhoneSoftKeys *keys);
  void      (*build)     (PhoneEngine *engine, PhonePage *page, PhoneDisplay *display);
  void      (*free)      (PhonePage *page);
} PhonePageClass;

struct _PhonePage {
  const PhonePageClass *klass;
  guint                 soft_page;   /* how often `More` was pressed */
};

/* page-idle.c */
PhonePage *phone_page_idle_new           (void) G_GNUC_WARN_UNUSED_RESULT;

/* page-call.c */
PhonePage *phone_page_call_new           (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean   phone_page_is_call            (const PhonePage *page);

/* page-dial.c */
void       phone_page_dial_open          (PhoneEngine     *engine,
                                          gboolean         off_hook);
void       phone_page_dial_open_line     (PhoneEngine     *engine,
                                          guint            account,
                                          guint            line_key);
void       phone_page_dial_open_forward  (PhoneEngine     *engine,
                                          guint            call);
void       phone_page_dial_open_transfer (PhoneEngine     *engine,
                                          guint            call);
void       phone_page_dial_open_conference (PhoneEngine   *engine,
                                          guint            call);
guint      phone_page_dial_get_transfer  (PhoneEngine     *engine,
                                          char           **text);
gboolean   phone_page_dial_take          (PhoneEngine     *engine,
                                          guint            account,
                                          const char      *number,
                                          gboolean         blind,
                                          GError         **error);
void       phone_page_dial_type          (PhoneEngine     *engine,
                                          const char      *text);
void       phone_page_dial_close         (PhoneEngine     *engine);
gboolean   phone_page_dial_send_typed    (PhoneEngine     *engine);
gboolean   phone_page_dial_has_text      (PhoneEngine     *engine);
gboolean   phone_page_dial_wants_tone    (PhoneEngine     *engine);
guint      phone_page_dial_get_seized_key (PhoneEngine    *engine);
void       phone_page_dial_set_account   (PhoneEngine     *engine,
                                          guint            account);

/* page-message.c */
void       phone_page_message_open       (PhoneEngine     *engine,
                                          const char      *title,
                                          const char      *text,
                                          const char      *yes_label,
                                          const char      *yes_command,
                                          const char      *no_label);
void       phone_page_message_open_welcome (PhoneEngine   *engine);

/* page-list.c, page-menu.c, page-history.c, page-directory.c, page-status.c, page-edit.c */
gboolean   phone_page_menu_open          (PhoneEngine     *engine,
                                          const char      *id);
gboolean   phone_page_history_open       (PhoneEngine     *engine,
                                          int              kind);
void       phone_page_directory_open     (PhoneEngine     *engine);
gboolean   phone_page_status_open        (PhoneEngine     *engine,
                                          const char      *id);
gboolean   phone_page_edit_open          (PhoneEngine     *engine,
                                          const char      *form,
                                          guint            index);
gboolean   phone_page_accounts_open      (PhoneEngine     *engine,
                                          const char      *form);

/* page-conference.c */
void       phone_page_conference_open    (PhoneEngine     *engine);

/* page-forward.c */
void       phone_page_forward_open       (PhoneEngine     *engine,
                                          guint            account);
void       phone_page_dnd_open           (PhoneEngine     *engine);

G_END_DECLS
