/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "trace.h"

G_BEGIN_DECLS

/**
 * phone_trace_write_pcap:
 * @records: (element-type PhoneTraceRecord): in order
 *
 * The messages as a capture file (libpcap's format, raw IP) that Wireshark opens: each in an IP packet of ours with the
 * addresses and ports it had. What went by TCP or TLS is put into TCP segments that follow each other, readable.
 *
 * Returns: (transfer full): the file
 */
GBytes *phone_trace_write_pcap (GPtrArray *records) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
