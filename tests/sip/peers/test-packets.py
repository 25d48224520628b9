#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the packets of a whole phone look from outside: their mark (DSCP), and RTCP on the port of RTP."""

import contextlib
import socket
import time
import unittest

from deskset import Phone, wait_until
from sip_client import SipClient, sdp, sdp_audio

IP_RECVTOS = 13


def receive(sock):
    """(packet, DSCP)"""
    data, ancillary, _, _ = sock.recvmsg(2048, 256)
    tos = [value[0] for level, kind, value in ancillary if level == socket.IPPROTO_IP]
    return data, tos[0] >> 2 if tos else None


class Case(unittest.TestCase):
    cfg = None

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.phone = self.stack.enter_context(Phone("ours", self.cfg))
        self.partner = self.stack.enter_context(SipClient("127.0.0.1", self.phone.sip_port, "partner"))
        self.rtp = self.stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.rtp.bind(("127.0.0.1", 0))
        self.rtp.settimeout(8)
        self.rtp.setsockopt(socket.IPPROTO_IP, IP_RECVTOS, 1)

    def talk(self, lines=()):
        call = self.partner.invite("phone", sdp("127.0.0.1", self.rtp.getsockname()[1], "0", list(lines)))
        self.phone.wait("call:incoming", 10)
        self.phone.answer()
        answer = call.wait_final(10)
        call.ack()
        self.phone.wait("call:talking", 10)
        return call, answer


class Marks(Case):
    expected = 26, 46

    def test_marks(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
            sip.bind(("127.0.0.1", 0))
            sip.settimeout(8)
            sip.setsockopt(socket.IPPROTO_IP, IP_RECVTOS, 1)
            self.phone.dial(f"127.0.0.1:{sip.getsockname()[1]}")
            data, dscp = receive(sip)
            self.assertTrue(data.startswith(b"INVITE"))
            self.assertEqual(dscp, self.expected[0])
        self.phone.command("hangup all")
        self.phone.wait("call:none", 40, since=0)
        call, _ = self.talk()
        _, dscp = receive(self.rtp)
        self.assertEqual(dscp, self.expected[1])
        call.bye()


class OtherMarks(Marks):
    cfg = "#!version:1.0.0.1\nstatic.network.qos.signaltos = 40\nnetwork.qos.rtptos = 34\n"
    expected = 40, 34


class Mux(Case):
    """RFC 5761: the partner has one port for both."""

    def kinds(self, seconds):
        end, found = time.monotonic() + seconds, set()
        while time.monotonic() < end and len(found) < 2:
            data, _ = receive(self.rtp)
            if len(data) > 1:
                found.add("rtcp" if 192 <= data[1] <= 223 else "rtp")
        return found

    def test_offered(self):
        call, answer = self.talk(["a=rtcp-mux"])
        self.assertIn("a=rtcp-mux", answer.body)
        self.assertEqual(self.kinds(12), {"rtp", "rtcp"})
        # A report of ours on the same port counts: the phone knows the round trip then.
        _, port, _, _ = sdp_audio(answer.body)
        report = None
        while report is None:
            data, _ = receive(self.rtp)
            if len(data) > 27 and data[1] == 200:
                report = data
        middle, ssrc = report[10:14], report[4:8]
        block = ssrc + bytes(12) + middle + bytes(4)
        self.rtp.sendto(b"\x81\xc9\x00\x07" + b"\0\0\0\x63" + block, ("127.0.0.1", port))
        wait_until(lambda: self.phone.calls()[0]["quality"]["round_trip_us"] > 0, 5, "the report was read")
        call.bye()

    def test_not_offered(self):
        call, answer = self.talk()
        self.assertNotIn("rtcp-mux", answer.body)
        self.assertEqual(self.kinds(8), {"rtp"})
        call.bye()


class NoReports(Mux):
    cfg = "#!version:1.0.0.1\nvoice.rtcp.enable = 0\n"
    test_not_offered = None

    def test_offered(self):
        call, _ = self.talk(["a=rtcp-mux"])
        self.assertEqual(self.kinds(10), {"rtp"})
        call.bye()


if __name__ == "__main__":
    unittest.main(verbosity=2)
