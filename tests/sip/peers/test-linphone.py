#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole headless phone and linphonec: one call each way, with sound both ways."""

import contextlib
import os
import tempfile
import unittest

from baresip import read_wav
from deskset import Phone, wait_until
from linphone import Linphone
from sound import level, share, wait_tone, write_tone

OURS_HZ, THEIRS_HZ = 440, 600


class Calls(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-sound-"))
        microphone, theirs = self.path("in.wav"), self.path("theirs.wav")
        write_tone(microphone, OURS_HZ)
        write_tone(theirs, THEIRS_HZ, 30, 8000)
        self.peer = self.stack.enter_context(Linphone())
        self.peer.command(f"record {self.path('record.wav')}")
        self.peer.command(f"play {theirs}")
        self.phone = self.stack.enter_context(Phone("ours", audio=f"file:{microphone},{self.path('out.wav')}"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def we_hear(self):
        wait_tone(lambda: read_wav(self.path("out.wav")), THEIRS_HZ, 15, what="our phone")
        # Long enough for the recording at the other end.
        wait_until(lambda: len(read_wav(self.path("out.wav"))[0]) > 16000 * 3, 10, "three seconds of sound", 0.1)

    def they_heard(self):
        """linphonec writes its file at the end of the call."""
        samples, rate = read_wav(self.path("record.wav"))
        middle = samples[len(samples) // 2:len(samples) // 2 + rate // 2]
        self.assertGreater(len(middle), rate / 4, "linphonec recorded nothing")
        self.assertGreater(share(middle, rate, OURS_HZ), 0.9)
        self.assertGreater(level(middle), 300)

    def test_out(self):
        self.phone.dial(self.peer.target)
        self.peer.wait("Receiving new incoming call")
        self.phone.wait("call:ringing", 10)
        self.peer.command("answer")
        self.phone.wait("call:talking", 10)
        self.we_hear()
        since = self.peer.command("terminate")
        self.phone.wait("call:ended", 10)
        self.peer.wait("ended", 10, since)
        self.they_heard()

    def test_in(self):
        before = self.phone.seq()
        since = self.peer.command(f"call sip:desk@{self.phone.address}")
        self.phone.wait("call:incoming", 10, since=before)
        self.peer.wait("ringing", 10, since)
        self.phone.answer()
        self.phone.wait("call:talking", 10)
        self.peer.wait("connected", 10, since)
        self.we_hear()
        since = len(self.peer.output)
        self.phone.hangup()
        self.peer.wait("ended", 10, since)
        self.phone.wait("call:none", 10)
        self.they_heard()


if __name__ == "__main__":
    unittest.main(verbosity=2)
