/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SECTION:diagnostics
 * @title: PhoneDiagnostics
 *
 * What a reader of files found: a list of messages with severity, file, line and column. Bounded: a file can be broken in
 * more places than anybody wants to read. Plain value, one thread at a time.
 */
typedef enum {
  PHONE_SEVERITY_NOTE,      /* nothing is wrong; good to know when something is missing */
  PHONE_SEVERITY_WARNING,   /* this place was left out or is doubtful; the rest counts */
  PHONE_SEVERITY_ERROR,     /* the file, or all that follows, was left out */
} PhoneSeverity;

typedef struct {
  PhoneSeverity  severity;
  guint          line;      /* from 1; 0: the file as a whole */
  guint          column;    /* in bytes from 1; 0: the line as a whole */
  char          *message;   /* never holds the value of a text setting: it may be a password */
} PhoneDiagnostic;

/** PHONE_MAX_DIAGNOSTICS: further messages are counted only. */
#define PHONE_MAX_DIAGNOSTICS 200

typedef struct _PhoneDiagnostics PhoneDiagnostics;

PhoneDiagnostics      *phone_diagnostics_new         (const char              *file) G_GNUC_WARN_UNUSED_RESULT;
void                   phone_diagnostics_free        (PhoneDiagnostics        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhoneDiagnostics, phone_diagnostics_free)
void                   phone_diagnostics_add         (PhoneDiagnostics        *self,
                                                      PhoneSeverity            severity,
                                                      guint                    line,
                                                      guint                    column,
                                                      const char              *format,
                                                      ...) G_GNUC_PRINTF (5, 6);
guint                  phone_diagnostics_get_n       (const PhoneDiagnostics  *self);
guint                  phone_diagnostics_get_n_left_out (const PhoneDiagnostics *self);
const PhoneDiagnostic *phone_diagnostics_get         (const PhoneDiagnostics  *self,
                                                      guint                    i);
guint                  phone_diagnostics_count       (const PhoneDiagnostics  *self,
                                                      PhoneSeverity            severity);
char                  *phone_diagnostics_format      (const PhoneDiagnostics  *self,
                                                      guint                    i) G_GNUC_WARN_UNUSED_RESULT;
const char            *phone_severity_to_string      (PhoneSeverity            severity);

G_END_DECLS
