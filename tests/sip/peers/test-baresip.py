#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole headless phone and baresip: calls both ways, sound heard at both ends, hold seen at both ends."""

import contextlib
import os
import tempfile
import time
import unittest

from baresip import Baresip, read_wav
from deskset import Phone, wait_until
from exchange import Exchange
from sound import wait_silence, wait_tone, write_tone

USERS = {"1001": "secret1", "1002": "secret2"}
OURS_HZ, THEIRS_HZ = 440, 700
CODECS = {"g711": "PCMU", "g722": "G722", "opus": "opus", "gsm": "GSM"}


class BaresipTest(unittest.TestCase):
    codec = "g711"
    settings = ""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-sound-"))
        self.out = os.path.join(self.folder, "out.wav")
        microphone = os.path.join(self.folder, "in.wav")
        write_tone(microphone, OURS_HZ)
        self.exchange = self.stack.enter_context(Exchange(USERS))
        self.peer = self.stack.enter_context(Baresip("1002", USERS["1002"], self.exchange.host_port,
                                                     frequency=THEIRS_HZ, codec=self.codec))
        self.phone = self.stack.enter_context(Phone("ours", self.exchange.account_cfg("1001", extra=self.settings),
                                                    audio=f"file:{microphone},{self.out}"))
        self.phone.wait_registered()

    def heard_by_us(self):
        return read_wav(self.out)

    def both_hear(self):
        wait_tone(self.heard_by_us, THEIRS_HZ, 15, what="our phone")
        wait_tone(self.peer.heard, OURS_HZ, 15, what="baresip")

    def call_out(self):
        self.phone.dial("1002")
        self.peer.accept()
        self.phone.wait("call:talking", 10)
        self.peer.wait_event("CALL_ESTABLISHED")

    def call_in(self):
        before = self.phone.seq()
        self.peer.dial(f"sip:1001@{self.exchange.host_port}")
        self.phone.wait("call:incoming:number=1002", 10, since=before)
        self.phone.answer()
        self.phone.wait("call:talking", 10)
        self.peer.wait_event("CALL_ESTABLISHED")


class Sound(BaresipTest):
    def test_out_and_in(self):
        self.call_out()
        self.both_hear()
        self.assertEqual(self.phone.calls()[0]["codec"].lower(), CODECS[self.codec].lower())
        self.phone.hangup()
        self.peer.wait_event("CALL_CLOSED")
        self.phone.wait("call:none", 10)

        self.call_in()
        self.both_hear()
        self.peer.hangup()
        self.phone.wait("call:ended", 10)
        self.phone.wait("call:none", 10)


class SoundG722(Sound):
    codec = "g722"


class SoundOpus(Sound):
    codec = "opus"


class SoundGsm(Sound):
    """In a numbered slot, as older firmware has it."""
    codec = "gsm"
    settings = """account.1.codec.1.enable = 1
account.1.codec.1.payload_type = GSM
"""


class Hold(BaresipTest):
    def test_their_hold_is_shown(self):
        self.call_out()
        self.both_hear()
        before = self.phone.seq()
        self.peer.command("hold")
        self.phone.wait("screen:Held", 10, since=before)
        self.assertTrue(self.phone.calls()[0]["far_held"])
        before = self.phone.seq()
        self.peer.command("resume")
        self.phone.wait("!screen:Held", 10, since=before)
        self.assertFalse(self.phone.calls()[0]["far_held"])
        wait_tone(self.heard_by_us, THEIRS_HZ, 15, what="our phone")
        self.phone.hangup()
        self.peer.wait_event("CALL_CLOSED")

    def test_our_hold_is_seen(self):
        self.call_in()
        self.both_hear()
        self.peer.events.clear()
        self.phone.key("F_HOLD")
        self.phone.wait("call:held", 10)
        self.peer.wait_event("CALL_REMOTE_SDP")
        self.phone.wait("screen:Hold", 5)
        wait_silence(self.heard_by_us, 10, what="our phone on hold")
        # What baresip hears stops: nothing of our microphone leaves the phone.
        last = [0, 0.0]

        def quiet():
            count = len(self.peer.heard()[0])
            if count != last[0]:
                last[:] = [count, time.monotonic()]
            return time.monotonic() - last[1] > 0.5
        wait_until(quiet, 10, "baresip hears nothing more")
        self.phone.key("F_HOLD")
        self.phone.wait("call:talking", 10)
        # baresip's recording ends with the hold, whatever comes after it: what it hears is not known any more.
        wait_tone(self.heard_by_us, THEIRS_HZ, 15, what="our phone")
        self.peer.hangup()
        self.phone.wait("call:none", 10)

    def test_refuses_and_cancels(self):
        self.phone.dial("1002")
        self.peer.wait_event("CALL_INCOMING")
        self.peer.hangup()
        self.phone.wait("call:ended", 10)
        self.assertIn(self.phone.calls()[0]["status"], (486, 603))
        self.phone.wait("call:none", 15)
        before = self.phone.seq()
        self.peer.dial(f"sip:1001@{self.exchange.host_port}")
        self.phone.wait("call:incoming", 10, since=before)
        before = self.phone.seq()
        self.peer.hangup()
        self.phone.wait("missed:1002", 10, since=before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
