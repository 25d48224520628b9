/* rooms: engine */
/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "text-input.h"

/* The first byte is the greatest length; each further one is a hand movement, with the time before it in its upper bits. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
move_hand (PhoneTextInput *input,
           guint8 byte,
           const guint8 *rest,
           gsize n_rest,
           gint64 now_ms)
{
  g_autofree char *text = NULL;

  switch (byte & 0x1f)
    {
    case 12:
      phone_text_input_backspace (input);
      break;
    case 13:
      phone_text_input_move (input, -1);
      break;
    case 14:
      phone_text_input_move (input, 1);
      break;
    case 15:
      phone_text_input_next_mode (input);
      break;
    case 16:
      text = g_strndup ((const char *) rest, MIN (n_rest, 8));
      phone_text_input_insert (input, text);
      break;
    case 17:
      text = g_strndup ((const char *) rest, MIN (n_rest, 16));
      phone_text_input_set_text (input, text);
      break;
    case 18:
      phone_text_input_move (input, G_MININT);
      break;
    case 19:
      phone_text_input_move (input, G_MAXINT);
      break;
    default:
      phone_text_input_press (input, (PhoneKey) (PHONE_KEY_0 + (byte & 0x1f)), now_ms);
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (PhoneTextInput) input = NULL;
  gint64 now_ms = 0;

  if (size == 0)
    return 0;
  input = phone_text_input_new (data[0], PHONE_INPUT_MIXED);
  for (gsize i = 1; i < size && i < 4096; i++)
    {
      now_ms += (data[i] >> 5) * 200;
      move_hand (input, data[i], data + i + 1, size - i - 1, now_ms);
      g_assert_true (g_utf8_validate (phone_text_input_get_text (input), -1, NULL));
      g_assert_cmpuint (strlen (phone_text_input_get_text (input)), <=, data[0]);
      g_assert_cmpuint (phone_text_input_get_cursor (input), <=, phone_text_input_get_length (input));
    }
  return 0;
}
