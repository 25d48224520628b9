/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "flow-runner.h"

G_BEGIN_DECLS

/**
 * PhoneFlowSuite:
 * A flow that was played.
 */
typedef struct {
  char      *title;
  GPtrArray *results;   /* (element-type PhoneFlowResult) */
} PhoneFlowSuite;

char    *phone_flow_report_dup_text  (const PhoneFlowSuite *suite) G_GNUC_WARN_UNUSED_RESULT;
char    *phone_flow_report_dup_junit (GPtrArray            *suites) G_GNUC_WARN_UNUSED_RESULT;
gboolean phone_flow_suite_has_passed (const PhoneFlowSuite *suite);
void     phone_flow_suite_free       (PhoneFlowSuite       *suite);

G_END_DECLS
