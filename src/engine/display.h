/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "key.h"

G_BEGIN_DECLS

/**
 * SECTION:display
 * @title: PhoneDisplay
 *
 * All that the phone shows: the LCD as content (not pixels), soft-key labels, line-key labels, lamps, hook. The engine
 * projects its state into one after each burst of events; equal projections are not handed on. Once it left the engine a
 * display is immutable. All texts are ready to be shown: translated, formatted, valid UTF-8, not shortened (the skin cuts
 * with an ellipsis). No member is %NULL: an absent text is "".
 */

typedef enum {
  PHONE_LAYOUT_IDLE,      /* clock, date, line labels */
  PHONE_LAYOUT_DIAL,      /* edit line, matches */
  PHONE_LAYOUT_CALL,      /* one or more call cards */
  PHONE_LAYOUT_LIST,      /* menu or list: rows */
  PHONE_LAYOUT_EDIT,      /* label left, value right: rows with value, one being edited */
  PHONE_LAYOUT_MESSAGE,   /* one text in the middle */
} PhoneLayout;

typedef enum {
  PHONE_ICON_NONE,
  PHONE_ICON_LINE_OFF,          /* account disabled or not set */
  PHONE_ICON_LINE_REGISTERING,
  PHONE_ICON_LINE_REGISTERED,
  PHONE_ICON_LINE_FAILED,
  PHONE_ICON_LINE_CALLING,      /* key's call is dialling or ringing out */
  PHONE_ICON_LINE_RINGING,      /* incoming */
  PHONE_ICON_LINE_TALKING,
  PHONE_ICON_LINE_HELD,
  PHONE_ICON_SPEED_DIAL,
  PHONE_ICON_FEATURE,           /* any other key type */
  PHONE_ICON_PLACED,            /* call-log kinds */
  PHONE_ICON_RECEIVED,
  PHONE_ICON_MISSED,
  PHONE_ICON_FORWARDED,
  PHONE_ICON_CONTACT,
  PHONE_N_ICONS
} PhoneIcon;

/* Status icons in the top bar, a set. */
typedef enum {
  PHONE_STATUS_DND        = 1 << 0,
  PHONE_STATUS_FORWARD    = 1 << 1,
  PHONE_STATUS_VOICE_MAIL = 1 << 2,
  PHONE_STATUS_MISSED     = 1 << 3,
  PHONE_STATUS_MUTED      = 1 << 4,
  PHONE_STATUS_LOCKED     = 1 << 5,
  PHONE_STATUS_HD         = 1 << 6,
  PHONE_STATUS_HANDSET    = 1 << 7,
  PHONE_STATUS_HEADSET    = 1 << 8,
  PHONE_STATUS_HANDS_FREE = 1 << 9,
  PHONE_STATUS_SILENT     = 1 << 10,  /* ringer volume 0 */
  PHONE_STATUS_AUTO_ANSWER = 1 << 11,
  PHONE_STATUS_NO_NETWORK = 1 << 12,
  PHONE_STATUS_SECURE     = 1 << 13,  /* the call in front: signalling and sound are encrypted */
} PhoneStatusIcons;

typedef struct {
  char      *text;
  char      *value;      /* right-hand text, "" when none */
  PhoneIcon  icon;
  gboolean   selected;
} PhoneDisplayRow;

typedef struct {
  guint     call;        /* call id */
  char     *state;       /* "Talking", "Hold", "Busy here!" */
  char     *name;        /* large */
  char     *number;      /* smaller; "" when the same as name */
  char     *duration;    /* "00:07", "" before talking */
  char     *account;     /* label of the account or line it is on */
  char     *forwarded;   /* "From_FWD: Bob": who has sent the caller here, "" = nobody */
  guint     position;    /* n of n/m, from 1 */
  gboolean  focused;
  gboolean  incoming;    /* rings here: accent */
  gboolean  held;        /* by us */
  gboolean  far_held;    /* by them */
  gboolean  wideband;
  gboolean  failed;      /* state is a failure text */
} PhoneDisplayCall;

typedef struct {
  char      *label;      /* "" = the key shows nothing */
  PhoneIcon  icon;
  gboolean   is_default; /* the account calls go out on */
} PhoneDisplayLine;

typedef struct {
  PhoneKey        key;   /* whose lamp: L1…, MSG, HEADSET, MUTE, SPEAKER, POWER */
  PhoneLampColour colour;
  PhoneBlink      blink;
} PhoneDisplayLamp;

typedef struct _PhoneDisplay PhoneDisplay;
struct _PhoneDisplay {
  /*< private >*/
  gatomicrefcount   ref_count;
  /*< public >*/
  PhoneLayout       layout;
  char             *page;          /* stable name of the page: "idle", "dial", "call", "incoming", "menu", "history", … */

  /* top bar */
  char             *account;       /* left: the default account, or "No Service" */
  char             *title;         /* centre: "" on idle */
  PhoneStatusIcons  icons;
  char             *time;          /* "14:05" or "2:05 PM" */
  char             *date;          /* idle only: "Fri Nov 20" */
  char             *notice;        /* idle only: "2 New Missed Call(s)"; other pages: one line under the title */

  /* edit line of DIAL and EDIT */
  char             *edit_text;
  guint             edit_cursor;   /* characters from the left */
  char             *edit_mode;     /* input method: "123", "abc", "ABC", "2aB"; "" = none */
  char             *edit_hint;     /* shown while edit_text is empty */

  GPtrArray        *rows;          /* PhoneDisplayRow: list rows, dial matches, editor rows, idle notice rows */
  guint             first_row;     /* number of rows scrolled away above rows[0]: 0 — rows holds all of them */
  GPtrArray        *calls;         /* PhoneDisplayCall: in n order */

  char             *popup;         /* short message over the page, "" = none */
  int               volume;        /* 0–15 while the volume is being changed, else -1 */
  char             *volume_label;  /* "Ringer", "Speaker", … */

  char             *softkeys[PHONE_SOFT_KEYS];
  GPtrArray        *lines;         /* PhoneDisplayLine, one for each line key of the face */
  GPtrArray        *lamps;         /* PhoneDisplayLamp */

  gboolean          off_hook;      /* handset lifted */
  gboolean          backlight;     /* bright */
};

PhoneDisplay     *phone_display_new        (void) G_GNUC_WARN_UNUSED_RESULT;
PhoneDisplay     *phone_display_ref        (PhoneDisplay       *self);
void              phone_display_unref      (PhoneDisplay       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneDisplay, phone_display_unref)

/* Used by pages while building. Texts may be NULL, they become "". */
void              phone_display_set_text   (char              **member,
                                            const char         *text);
PhoneDisplayRow  *phone_display_add_row    (PhoneDisplay       *self,
                                            const char         *text,
                                            const char         *value);
PhoneDisplayCall *phone_display_add_call   (PhoneDisplay       *self,
                                            guint               call);
PhoneDisplayLine *phone_display_add_line   (PhoneDisplay       *self,
                                            const char         *label,
                                            PhoneIcon           icon);
void              phone_display_set_lamp   (PhoneDisplay       *self,
                                            PhoneKey            key,
                                            PhoneLampColour     colour,
                                            PhoneBlink          blink);

const PhoneDisplayLamp *phone_display_get_lamp (const PhoneDisplay *self,
                                                PhoneKey            key);
gboolean          phone_display_equal      (const PhoneDisplay *a,
                                            const PhoneDisplay *b);
void              phone_display_share      (PhoneDisplay       *self,
                                            PhoneDisplay       *earlier);

/**
 * phone_display_dup_text:
 * Returns: (transfer full) (array zero-terminated=1): the LCD from top to bottom as a reader would say it, one string a
 *   row, empty rows left out: title or account and time, notice, edit line, rows (the selected one starts with "> "),
 *   call cards, popup. Soft keys are not included. What scenarios, `desksetctl screen` and the screen reader use.
 */
char            **phone_display_dup_text   (const PhoneDisplay *self) G_GNUC_WARN_UNUSED_RESULT;

const char       *phone_layout_to_string   (PhoneLayout         layout);
const char       *phone_icon_to_string     (PhoneIcon           icon);
const char       *phone_status_icon_to_string (PhoneStatusIcons one_bit);

G_END_DECLS
