/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SECTION:types
 * @title: Vocabulary
 *
 * The words every room shares. Each enum has a `phone_<enum>_to_string ()` beside it: the strings are
 * stable, lower case, and used in logs, scenarios and JSON; they are never shown to people.
 *
 * A call is named by a #guint that is never used twice in one run; 0 means "no call".
 * An account is named by its number as in the configuration files, from 1; 0 means "no account"
 * (a direct-IP call, or "any account").
 */

/** PHONE_MAX_ACCOUNTS: the most accounts any model has. */
#define PHONE_MAX_ACCOUNTS 16

/** PHONE_MAX_LINE_KEYS: the most line keys any model has on its face. */
#define PHONE_MAX_LINE_KEYS 29

/** PHONE_MAX_SERVERS: SIP servers, and outbound proxies, an account can name. */
#define PHONE_MAX_SERVERS 2

/** PHONE_SOFT_KEYS: soft keys below the display. */
#define PHONE_SOFT_KEYS 4

/**
 * PhoneChannel:
 * Where the user speaks and hears (guide: audio channels): exactly one is active.
 */
typedef enum {
  PHONE_CHANNEL_HANDS_FREE,
  PHONE_CHANNEL_HANDSET,
  PHONE_CHANNEL_HEADSET,
} PhoneChannel;

/**
 * PhoneVolume:
 * The volumes the phone keeps, each 0–15.
 */
typedef enum {
  PHONE_VOLUME_HANDS_FREE,  /* receive volume, same order as PhoneChannel */
  PHONE_VOLUME_HANDSET,
  PHONE_VOLUME_HEADSET,
  PHONE_VOLUME_RING,
} PhoneVolume;

/**
 * PhoneAccountState:
 * State of one account as the Status page tells it.
 */
typedef enum {
  PHONE_ACCOUNT_DISABLED,
  PHONE_ACCOUNT_UNREGISTERED,
  PHONE_ACCOUNT_REGISTERING,
  PHONE_ACCOUNT_REGISTERED,
  PHONE_ACCOUNT_FAILED,
} PhoneAccountState;

/**
 * PhoneCallState:
 * What the user would call the state of a call. Includes the states in which the phone waits for the
 * other side, because they are visible on the LCD.
 */
typedef enum {
  PHONE_CALL_NEW,         /* created, nothing sent yet (media is being prepared) */
  PHONE_CALL_CALLING,     /* INVITE sent */
  PHONE_CALL_RINGING,     /* 180 or 183 received */
  PHONE_CALL_INCOMING,    /* we ring */
  PHONE_CALL_ANSWERING,   /* 200 sent or being prepared, no ACK yet */
  PHONE_CALL_TALKING,
  PHONE_CALL_HOLDING,     /* our hold offer is out */
  PHONE_CALL_HELD,        /* we hold them */
  PHONE_CALL_RESUMING,    /* our resume offer is out */
  PHONE_CALL_ENDING,      /* BYE or CANCEL sent, waiting for the end */
  PHONE_CALL_ENDED,       /* over; the page may still show why */
} PhoneCallState;

/**
 * PhoneDirection:
 * Media direction seen from this phone (RFC 3264 §5.1). Bit 0: we send; bit 1: we receive.
 */
typedef enum {
  PHONE_DIRECTION_INACTIVE = 0,
  PHONE_DIRECTION_SENDONLY = 1,
  PHONE_DIRECTION_RECVONLY = 2,
  PHONE_DIRECTION_SENDRECV = 3,
} PhoneDirection;

/**
 * PhoneTransport:
 * Values of `account.X.sip_server.Y.transport_type`.
 */
typedef enum {
  PHONE_TRANSPORT_UDP = 0,
  PHONE_TRANSPORT_TCP = 1,
  PHONE_TRANSPORT_TLS = 2,
  PHONE_TRANSPORT_DNS = 3,
} PhoneTransport;

/**
 * PhoneFailback:
 * Values of `account.X.sip_server.Y.failback_mode`: when requests go to the first server again after it failed.
 */
typedef enum {
  PHONE_FAILBACK_NEW_REQUEST = 0,
  PHONE_FAILBACK_DNS_TTL = 1,
  PHONE_FAILBACK_REGISTRATION = 2,
  PHONE_FAILBACK_DURATION = 3,
} PhoneFailback;

/**
 * PhoneKeepAlive:
 * Values of `account.X.nat.udp_update_enable`: what keeps the way through a NAT open.
 */
typedef enum {
  PHONE_KEEP_ALIVE_OFF = 0,
  PHONE_KEEP_ALIVE_PACKET = 1,   /* two line ends, nothing else (RFC 5626 §3.5.1) */
  PHONE_KEEP_ALIVE_OPTIONS = 2,
  PHONE_KEEP_ALIVE_NOTIFY = 3,
} PhoneKeepAlive;

/**
 * PhoneRport:
 * Values of `account.X.nat.rport` (RFC 3581).
 */
typedef enum {
  PHONE_RPORT_OFF = 0,
  PHONE_RPORT_VIA = 1,
  PHONE_RPORT_CONTACT = 2,       /* the address the server sees goes into Contact as well */
} PhoneRport;

/**
 * PhoneLampColour:
 * Lamp colours; what they mean is decided by engine/lamps.c alone.
 */
typedef enum {
  PHONE_LAMP_OFF,
  PHONE_LAMP_GREEN,
  PHONE_LAMP_RED,
  PHONE_LAMP_ORANGE,
} PhoneLampColour;

/**
 * PhoneBlink:
 * On and off times are equal. Lamps of one kind blink together: their phase is computed from one clock
 * (phone_blink_is_lit()), not from a timer for each lamp.
 */
typedef enum {
  PHONE_BLINK_STEADY,
  PHONE_BLINK_FAST,       /* 200 ms: a line key that rings */
  PHONE_BLINK_POWER,      /* 300 ms: the power lamp when ringing */
  PHONE_BLINK_SLOW,       /* 500 ms: a line key that is held */
  PHONE_BLINK_VERY_SLOW,  /* 1000 ms: new message */
} PhoneBlink;

/**
 * PhoneDirectionOfCall:
 * Who started the call.
 */
typedef enum {
  PHONE_CALL_OUTGOING,
  PHONE_CALL_INBOUND,
} PhoneCallOrigin;

const char *phone_channel_to_string       (PhoneChannel       channel);
const char *phone_volume_to_string        (PhoneVolume        volume);
const char *phone_account_state_to_string (PhoneAccountState  state);
const char *phone_call_state_to_string    (PhoneCallState     state);
const char *phone_direction_to_string     (PhoneDirection     direction);
const char *phone_transport_to_string     (PhoneTransport     transport);
guint       phone_transport_get_default_port (PhoneTransport  transport);
const char *phone_lamp_colour_to_string   (PhoneLampColour    colour);
const char *phone_blink_to_string         (PhoneBlink         blink);
const char *phone_lamp_get_words          (PhoneLampColour    colour,
                                           PhoneBlink         blink);
guint       phone_blink_get_half_ms       (PhoneBlink         blink);
gboolean    phone_blink_is_lit            (PhoneBlink         blink,
                                           gint64             now_ms);

/**
 * phone_direction_reverse:
 * Returns: the direction as the other side sees it.
 */
PhoneDirection phone_direction_reverse (PhoneDirection direction);

G_END_DECLS
