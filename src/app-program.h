/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app-options.h"

G_BEGIN_DECLS

/* How `deskset` and `deskset-headless` end. */
typedef enum {
  PHONE_EXIT_OK,
  PHONE_EXIT_FAILED,
  PHONE_EXIT_USAGE,    /* the command line cannot be read */
} PhoneExit;

typedef int (*PhoneProgramFunc) (const PhoneAppOptions *options);

/**
 * phone_program_main:
 * @program: its name, for messages and --version
 * @summary: one line for --help, marked with N_ ()
 * @run: the phone; not called for --version, --list-settings and what cannot be read
 * @arguments: (array zero-terminated=1): with the program's name first
 *
 * All that the programs do before they differ.
 *
 * Returns: the exit code, #PhoneExit or what @run returned
 */
int phone_program_main (const char        *program,
                        const char        *summary,
                        PhoneProgramFunc   run,
                        const char *const *arguments);

G_END_DECLS
