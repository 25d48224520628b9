/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "media-tap.h"

#include <math.h>

/* What one party of a conference says, between two threads that are in no step. */

#define RATE 16000
#define PERIOD (RATE / 100)

typedef struct {
  PhoneTap *tap;
  guint     n_written;
  float     out[PERIOD * 4];
} Rig;

static float
get_wave (guint i)
{
  return 0.5f * sinf ((float) (2 * G_PI * 200) * (float) i / RATE);
}

static void
write_periods (Rig   *rig,
               guint  n)
{
  float in[PERIOD];

  for (guint k = 0; k < n; k++)
    {
      for (guint i = 0; i < PERIOD; i++)
        in[i] = get_wave (rig->n_written++);
      phone_tap_write (rig->tap, in, PERIOD, RATE);
    }
}

/* The steepest step between two samples: 200 Hz at half scale has 0.04. */
static float
read_period (Rig   *rig,
             float *last)
{
  float steepest = 0;

  phone_tap_read (rig->tap, rig->out, PERIOD, RATE);
  for (guint i = 0; i < PERIOD; i++)
    {
      steepest = MAX (steepest, fabsf (rig->out[i] - *last));
      *last = rig->out[i];
    }
  return steepest;
}

static void
test_order (void)
{
  Rig rig = { .tap = phone_tap_new () };
  float last = 0;
  guint n_read = 0;

  /* Not before there is a little in store. */
  write_periods (&rig, 1);
  read_period (&rig, &last);
  g_assert_cmpfloat (last, ==, 0);
  write_periods (&rig, 2);
  for (guint k = 0; k < 100; k++)
    {
      read_period (&rig, &last);
      for (guint i = 0; i < PERIOD; i++)
        g_assert_cmpfloat (rig.out[i], ==, get_wave (n_read++));
      write_periods (&rig, 1);
    }
  g_assert_cmpuint (phone_tap_get_n_ready (rig.tap), <=, 4 * PERIOD);
  phone_tap_unref (rig.tap);
}

/* The reader stops for a while, or is slower: what is kept is bounded, and there is no click. */
static void
test_runs_over (void)
{
  Rig rig = { .tap = phone_tap_new () };
  float last = 0;

  write_periods (&rig, 3);
  for (guint k = 0; k < 1000; k++)
    {
      write_periods (&rig, k % 10 == 0 ? 2 : 1);
      g_assert_cmpfloat (read_period (&rig, &last), <, 0.1f);
      g_assert_cmpuint (phone_tap_get_n_ready (rig.tap), <=, PHONE_TAP_MAX_MS * RATE / 1000);
    }
  write_periods (&rig, 500);
  g_assert_cmpuint (phone_tap_get_n_ready (rig.tap), <=, PHONE_TAP_MAX_MS * RATE / 1000);
  phone_tap_unref (rig.tap);
}

/* The writer stops: quiet without a click, and it begins again. */
static void
test_runs_dry (void)
{
  Rig rig = { .tap = phone_tap_new () };
  float last = 0;

  write_periods (&rig, 4);
  for (guint k = 0; k < 10; k++)
    g_assert_cmpfloat (read_period (&rig, &last), <, 0.1f);
  g_assert_cmpfloat (last, ==, 0);
  write_periods (&rig, 4);
  read_period (&rig, &last);
  g_assert_cmpfloat (fabsf (rig.out[PERIOD / 2]), >, 0);
  phone_tap_unref (rig.tap);
}

/* Another rate, and none at all: silence, no old sound. */
static void
test_rates (void)
{
  Rig rig = { .tap = phone_tap_new () };
  float other[PERIOD * 4] = { 0 };
  float last = 0;

  write_periods (&rig, 5);
  phone_tap_read (rig.tap, other, PERIOD, 48000);
  for (guint i = 0; i < PERIOD; i++)
    g_assert_cmpfloat (other[i], ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    other[i] = 0.25f;
  for (guint k = 0; k < 3; k++)
    phone_tap_write (rig.tap, other, G_N_ELEMENTS (other), 48000);
  phone_tap_read (rig.tap, other, PERIOD, 48000);
  g_assert_cmpfloat (other[0], ==, 0.25f);
  read_period (&rig, &last);
  phone_tap_unref (rig.tap);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/tap/order", test_order);
  g_test_add_func ("/media/tap/runs-over", test_runs_over);
  g_test_add_func ("/media/tap/runs-dry", test_runs_dry);
  g_test_add_func ("/media/tap/rates", test_rates);

  return g_test_run ();
}
