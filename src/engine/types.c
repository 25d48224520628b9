/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-engine"

#include "types.h"

#include "texts.h"

/* The names of the vocabulary. Switches without a default, so that the compiler reports a forgotten word. */

/**
 * phone_channel_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_channel_to_string (PhoneChannel channel)
{
  switch (channel)
    {
    case PHONE_CHANNEL_HANDS_FREE:
      return "hands-free";
    case PHONE_CHANNEL_HANDSET:
      return "handset";
    case PHONE_CHANNEL_HEADSET:
      return "headset";
    }
  return "?";
}

/**
 * phone_volume_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_volume_to_string (PhoneVolume volume)
{
  switch (volume)
    {
    case PHONE_VOLUME_HANDS_FREE:
      return "hands-free";
    case PHONE_VOLUME_HANDSET:
      return "handset";
    case PHONE_VOLUME_HEADSET:
      return "headset";
    case PHONE_VOLUME_RING:
      return "ring";
    }
  return "?";
}

/**
 * phone_account_state_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_account_state_to_string (PhoneAccountState state)
{
  switch (state)
    {
    case PHONE_ACCOUNT_DISABLED:
      return "disabled";
    case PHONE_ACCOUNT_UNREGISTERED:
      return "unregistered";
    case PHONE_ACCOUNT_REGISTERING:
      return "registering";
    case PHONE_ACCOUNT_REGISTERED:
      return "registered";
    case PHONE_ACCOUNT_FAILED:
      return "failed";
    }
  return "?";
}

/**
 * phone_call_state_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_call_state_to_string (PhoneCallState state)
{
  switch (state)
    {
    case PHONE_CALL_NEW:
      return "new";
    case PHONE_CALL_CALLING:
      return "calling";
    case PHONE_CALL_RINGING:
      return "ringing";
    case PHONE_CALL_INCOMING:
      return "incoming";
    case PHONE_CALL_ANSWERING:
      return "answering";
    case PHONE_CALL_TALKING:
      return "talking";
    case PHONE_CALL_HOLDING:
      return "holding";
    case PHONE_CALL_HELD:
      return "held";
    case PHONE_CALL_RESUMING:
      return "resuming";
    case PHONE_CALL_ENDING:
      return "ending";
    case PHONE_CALL_ENDED:
      return "ended";
    }
  return "?";
}

/**
 * phone_direction_to_string:
 * Returns: (transfer none): the name of the SDP attribute
 */
const char *
phone_direction_to_string (PhoneDirection direction)
{
  switch (direction)
    {
    case PHONE_DIRECTION_INACTIVE:
      return "inactive";
    case PHONE_DIRECTION_SENDONLY:
      return "sendonly";
    case PHONE_DIRECTION_RECVONLY:
      return "recvonly";
    case PHONE_DIRECTION_SENDRECV:
      return "sendrecv";
    }
  return "?";
}

/**
 * phone_transport_to_string:
 * Returns: (transfer none): as in a `transport` URI parameter; "dns" when DNS decides
 */
const char *
phone_transport_to_string (PhoneTransport transport)
{
  switch (transport)
    {
    case PHONE_TRANSPORT_UDP:
      return "udp";
    case PHONE_TRANSPORT_TCP:
      return "tcp";
    case PHONE_TRANSPORT_TLS:
      return "tls";
    case PHONE_TRANSPORT_DNS:
      return "dns";
    }
  return "?";
}

/**
 * phone_transport_get_default_port:
 * Returns: the port of RFC 3261 §19.1.2, 5061 for TLS and 5060 for all others
 */
guint
phone_transport_get_default_port (PhoneTransport transport)
{
  return transport == PHONE_TRANSPORT_TLS ? 5061 : 5060;
}

/**
 * phone_lamp_colour_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_lamp_colour_to_string (PhoneLampColour colour)
{
  switch (colour)
    {
    case PHONE_LAMP_OFF:
      return "off";
    case PHONE_LAMP_GREEN:
      return "green";
    case PHONE_LAMP_RED:
      return "red";
    case PHONE_LAMP_ORANGE:
      return "orange";
    }
  return "?";
}

/**
 * phone_blink_to_string:
 * Returns: (transfer none): stable lower-case word
 */
const char *
phone_blink_to_string (PhoneBlink blink)
{
  switch (blink)
    {
    case PHONE_BLINK_STEADY:
      return "steady";
    case PHONE_BLINK_FAST:
      return "fast";
    case PHONE_BLINK_POWER:
      return "power";
    case PHONE_BLINK_SLOW:
      return "slow";
    case PHONE_BLINK_VERY_SLOW:
      return "very-slow";
    }
  return "?";
}

/* Whole phrases: in many languages colour and verb agree. */
static const char *const lamp_words[][3] = {
  [PHONE_LAMP_OFF] = { N_ ("lamp off"), N_ ("lamp off"), N_ ("lamp off") },
  [PHONE_LAMP_GREEN] = { N_ ("green lamp"), N_ ("green lamp blinking slowly"), N_ ("green lamp blinking fast") },
  [PHONE_LAMP_RED] = { N_ ("red lamp"), N_ ("red lamp blinking slowly"), N_ ("red lamp blinking fast") },
  [PHONE_LAMP_ORANGE] = { N_ ("orange lamp"), N_ ("orange lamp blinking slowly"), N_ ("orange lamp blinking fast") },
};

/**
 * phone_lamp_get_words:
 * Returns: (transfer none): how people say it, translated: "green lamp blinking fast"
 */
const char *
phone_lamp_get_words (PhoneLampColour colour,
                      PhoneBlink      blink)
{
  int speed = 0;

  switch (blink)
    {
    case PHONE_BLINK_STEADY:
      speed = 0;
      break;
    case PHONE_BLINK_SLOW:
    case PHONE_BLINK_VERY_SLOW:
      speed = 1;
      break;
    case PHONE_BLINK_FAST:
    case PHONE_BLINK_POWER:
      speed = 2;
      break;
    }

  return _ (lamp_words[colour][speed]);
}

/**
 * phone_blink_get_half_ms:
 * Returns: how long the lamp is on, and then off, in milliseconds; 0 for a steady lamp
 */
guint
phone_blink_get_half_ms (PhoneBlink blink)
{
  switch (blink)
    {
    case PHONE_BLINK_STEADY:
      return 0;
    case PHONE_BLINK_FAST:
      return 200;
    case PHONE_BLINK_POWER:
      return 300;
    case PHONE_BLINK_SLOW:
      return 500;
    case PHONE_BLINK_VERY_SLOW:
      return 1000;
    }
  return 0;
}

/**
 * phone_blink_is_lit:
 * @now_ms: the clock all lamps share
 *
 * Returns: whether a lamp with this pattern is lit at @now_ms
 */
gboolean
phone_blink_is_lit (PhoneBlink blink,
                    gint64 now_ms)
{
  guint half_ms = phone_blink_get_half_ms (blink);
  gint64 phase;

  if (half_ms == 0)
    return TRUE;

  phase = now_ms % (2 * (gint64) half_ms);
  if (phase < 0)
    phase += 2 * (gint64) half_ms;
  return phase < half_ms;
}

PhoneDirection
phone_direction_reverse (PhoneDirection direction)
{
  return (PhoneDirection) (((direction & PHONE_DIRECTION_SENDONLY) << 1) | ((direction & PHONE_DIRECTION_RECVONLY) >> 1));
}
