#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted sound (SRTP with keys in the SDP): our phones among themselves, with baresip and with linphonec; and partners that do not
keep to what was agreed."""

import base64
import contextlib
import os
import re
import socket
import struct
import tempfile
import time
import unittest

from baresip import Baresip, read_wav
from deskset import Phone, wait_until
from exchange import Exchange
from linphone import Linphone
from sip_client import SipClient, sdp, sdp_audio
from sound import level, wait_tone, write_tone

USERS = {"1001": "secret1", "1002": "secret2"}
OURS_HZ, THEIRS_HZ = 440, 700


class Case(unittest.TestCase):
    srtp = 2

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-srtp-"))
        self.exchange = self.stack.enter_context(Exchange(USERS))
        self.phone = self.make_phone("1001", OURS_HZ, self.srtp)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make_phone(self, user, frequency, srtp):
        microphone = self.path(f"{user}-in.wav")
        write_tone(microphone, frequency)
        cfg = self.exchange.account_cfg(user, extra=f"account.1.srtp_encryption = {srtp}\n")
        phone = self.stack.enter_context(Phone(f"p{user}", cfg, audio=f"file:{microphone},{self.path(user + '-out.wav')}"))
        phone.wait_registered()
        return phone

    def hears(self, user, frequency):
        wait_tone(lambda: read_wav(self.path(user + "-out.wav")), frequency, 15, what=user)

    def is_encrypted(self, phone=None):
        return (phone or self.phone).calls()[0]["encrypted"]

    def no_key_is_told(self, phone=None):
        """Neither in the log nor in the trace."""
        phone = phone or self.phone
        text = phone.ctl("trace", "--json").stdout + open(phone.log_path, encoding="utf-8").read()
        self.assertIsNone(re.search(r"inline:(?!\*)", text), "a key is told")


class Ours(Case):
    def talk(self, srtp):
        other = self.make_phone("1002", THEIRS_HZ, srtp)
        self.phone.dial("1002")
        other.wait("call:incoming", 10)
        other.answer()
        self.phone.wait("call:talking", 10)
        return other

    def test_both_must(self):
        other = self.talk(2)
        for phone in (self.phone, other):
            wait_until(lambda one=phone: self.is_encrypted(one), 5, "encrypted")
        self.hears("1001", THEIRS_HZ)
        self.hears("1002", OURS_HZ)
        # Hold and resume keep the keys; the counters go on.
        for _ in range(2):
            self.phone.key("F_HOLD")
            self.phone.wait("call:held", 10)
            self.phone.key("F_HOLD")
            self.phone.wait("call:talking", 10)
        self.hears("1002", OURS_HZ)
        self.hears("1001", THEIRS_HZ)
        self.assertTrue(self.is_encrypted())
        self.no_key_is_told()
        self.no_key_is_told(other)
        self.phone.hangup()

    def test_refused_without(self):
        self.make_phone("1002", THEIRS_HZ, 0)
        self.phone.dial("1002")
        self.phone.wait("call:ended:status=488", 10)


class OursMay(Ours):
    srtp = 1

    def test_both_must(self):
        super().test_both_must()

    def test_refused_without(self):
        """Plain, then."""
        other = self.talk(0)
        self.hears("1001", THEIRS_HZ)
        self.hears("1002", OURS_HZ)
        self.assertFalse(self.is_encrypted())
        self.assertFalse(self.is_encrypted(other))

    def test_must_gets_may(self):
        """They insist: RTP/SAVP from them is taken, what we offer they refuse."""
        other = self.make_phone("1002", THEIRS_HZ, 2)
        other.dial("1001")
        self.phone.wait("call:incoming", 10)
        self.phone.answer()
        other.wait("call:talking", 10)
        self.hears("1001", THEIRS_HZ)
        self.hears("1002", OURS_HZ)
        self.assertTrue(self.is_encrypted())


class WithBaresip(Case):
    encryption = "srtp-mand"

    def setUp(self):
        super().setUp()
        self.peer = self.stack.enter_context(Baresip("1002", USERS["1002"], self.exchange.host_port, frequency=THEIRS_HZ,
                                                     media_encryption=self.encryption))

    def both_hear(self):
        self.hears("1001", THEIRS_HZ)
        wait_tone(self.peer.heard, OURS_HZ, 15, what="baresip")
        self.assertTrue(self.is_encrypted())

    def test_out_and_in(self):
        self.phone.dial("1002")
        self.peer.accept()
        self.phone.wait("call:talking", 10)
        self.both_hear()
        self.phone.hangup()
        self.peer.wait_event("CALL_CLOSED")
        self.phone.wait("call:none", 10)
        before = self.phone.seq()
        self.peer.dial(f"sip:1001@{self.exchange.host_port}")
        self.phone.wait("call:incoming", 10, since=before)
        self.phone.answer()
        self.phone.wait("call:talking", 10)
        self.both_hear()
        self.peer.hangup()
        self.phone.wait("call:none", 15)


class WithBaresipMay(WithBaresip):
    srtp = 1
    encryption = "srtp"


class WithLinphone(Case):
    def test_in(self):
        theirs = self.path("theirs.wav")
        write_tone(theirs, THEIRS_HZ, 30, 8000)
        peer = self.stack.enter_context(Linphone(settings="media_encryption=srtp\nmedia_encryption_mandatory=1"))
        peer.command(f"record {self.path('record.wav')}")
        peer.command(f"play {theirs}")
        peer.command(f"call sip:1001@127.0.0.1:{self.phone.sip_port}")
        self.phone.wait("call:incoming", 15)
        self.phone.answer()
        self.phone.wait("call:talking", 10)
        self.hears("1001", THEIRS_HZ)
        self.assertTrue(self.is_encrypted())
        wait_until(lambda: len(read_wav(self.path("1001-out.wav"))[0]) > 16000 * 3, 10, "three seconds of sound", 0.1)
        peer.command("terminate")
        self.phone.wait("call:ended", 10)
        samples, rate = read_wav(self.path("record.wav"))
        self.assertGreater(level(samples[len(samples) // 2:]), 300, "linphonec recorded nothing")


class Faithless(Case):
    """A partner that agrees to SRTP and then does something else."""

    def setUp(self):
        super().setUp()
        self.partner = self.stack.enter_context(SipClient("127.0.0.1", self.phone.sip_port, "partner"))
        self.rtp = self.stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.rtp.bind(("127.0.0.1", 0))
        self.rtp.settimeout(5)

    def offer(self, key=None, protocol="SAVP"):
        lines = [f"a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:{base64.b64encode(key or os.urandom(30)).decode()}"]
        return sdp("127.0.0.1", self.rtp.getsockname()[1], "0", lines).replace("RTP/AVP", f"RTP/{protocol}")

    def test_wrong_key_and_plain(self):
        before = self.phone.seq()
        call = self.partner.invite("1001", self.offer())
        self.phone.wait("call:incoming", 10, since=before)
        self.phone.answer()
        answer = call.wait_final(10)
        self.assertEqual(answer.status, 200)
        self.assertIn("RTP/SAVP", answer.body)
        key = re.search(r"a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:(\S+)", answer.body).group(1)
        self.assertEqual(len(base64.b64decode(key)), 30)
        call.ack()
        self.phone.wait("call:talking", 10)
        address, port, _, _ = sdp_audio(answer.body)
        # What the phone sends is not what a microphone says: longer than 172 bytes, and no two payloads alike.
        packets = [self.rtp.recv(2048) for _ in range(10)]
        self.assertEqual({len(packet) for packet in packets}, {12 + 160 + 10})
        # Plain packets, and encrypted ones with a key nobody agreed on, are silence.
        for number in range(60):
            header = struct.pack("!BBHII", 0x80, 0, number, number * 160, 99)
            self.rtp.sendto(header + bytes(160 if number % 2 else 170), (address, port))
            time.sleep(0.01)
        self.phone.wait("media:stalled", 15)
        self.assertFalse(self.phone.calls()[0]["flowing"])
        wait_until(lambda: "not encrypted as agreed" in open(self.phone.log_path, encoding="utf-8").read(), 5, "a line in the log")
        samples, rate = read_wav(self.path("1001-out.wav"))
        self.assertLess(level(samples[-rate:]), 50)
        self.assertEqual(self.phone.calls()[0]["state"], "talking")
        call.bye()
        self.phone.wait("call:none", 15)


if __name__ == "__main__":
    unittest.main(verbosity=2)
