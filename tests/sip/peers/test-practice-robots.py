#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole headless phone and the robots of the practice exchange."""

import contextlib
import os
import tempfile
import unittest

from baresip import read_wav
from deskset import Phone, wait_until
from exchange import Exchange
from sound import level, wait_silence, wait_tone, write_tone

USERS = {"1001": "secret1", "1002": "secret2"}
MICROPHONE_HZ = 523


class Robots(unittest.TestCase):
    transport = 0
    extra = ""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-sound-"))
        self.out = os.path.join(folder, "out.wav")
        microphone = os.path.join(folder, "in.wav")
        write_tone(microphone, MICROPHONE_HZ)
        self.exchange = self.stack.enter_context(Exchange(USERS))
        cfg = self.exchange.account_cfg("1001", transport=self.transport,
                                        extra="deskset.audio.tone_detector = 1\n" + self.extra)
        self.phone = self.stack.enter_context(Phone("ours", cfg, audio=f"file:{microphone},{self.out}"))
        self.phone.wait_registered()

    def call(self, number):
        self.phone.dial(number)
        self.phone.wait("call:talking", 15)

    def end(self):
        self.phone.hangup()
        self.phone.wait("call:none", 10)

    def newest(self, seconds=0.5):
        samples, rate = read_wav(self.out)
        return samples[-int(rate * seconds):]


class Sounds(Robots):
    def test_echo(self):
        self.call("600")
        wait_tone(lambda: read_wav(self.out), MICROPHONE_HZ, 15, what="our phone")
        quality = self.phone.calls()[0]["quality"]
        self.assertEqual(quality["mos_lq"], 44, quality)
        self.assertGreater(quality["received"], 20)
        self.end()

    def test_tone_detector(self):
        self.call("657")
        self.phone.wait("heard:440", 10)
        self.end()

    def test_music(self):
        self.call("601")
        self.phone.wait("media:flowing", 10)
        wait_until(lambda: len(read_wav(self.out)[0]) > 16000 * 4, 15, "four seconds", 0.2)
        self.assertGreater(level(self.newest(2)), 300, "no music in the file")
        self.end()

    def test_early_media(self):
        self.phone.dial("609")
        self.phone.wait("call:ringing", 10)
        self.phone.wait("media:flowing", 3)
        self.phone.wait("call:talking", 15)
        self.end()


class Digits(Robots):
    def test_keys_while_talking(self):
        """The robot hangs up on wrong digits and plays on after the right ones."""
        self.call("608")
        self.phone.wait("media:flowing", 10)
        self.phone.key("1", "2", "3", "4", "POUND", hold_ms=100)
        # Only after the right digits is there the endless music; without them silence follows the question.
        samples = self.wait_seconds(8)
        rate = len(samples) / 8
        last = samples[-int(rate * 3):]
        self.assertGreater(level(last), 300, "no music: the digits did not arrive")
        self.end()

    def wait_seconds(self, seconds):
        """The next seconds that the phone plays."""
        start, rate = read_wav(self.out)
        wait_until(lambda: len(read_wav(self.out)[0]) >= len(start) + seconds * rate, seconds + 10,
                           f"{seconds} s of sound", 0.2)
        return read_wav(self.out)[0][len(start):len(start) + seconds * rate]

    def test_wrong_digits(self):
        self.call("608")
        self.phone.wait("media:flowing", 10)
        self.phone.key("9", "POUND", "8", "POUND", "7", "POUND", hold_ms=100)
        self.phone.wait("call:ended", 15)


class DigitsByInfo(Digits):
    extra = "account.1.dtmf.type = 2\n"


class DigitsOverTcp(Digits):
    transport = 1


class Calls(Robots):
    def test_failures(self):
        for number, status, text in (("602", 486, "Busy here!"), ("611", 480, "Temporarily unavailable!"),
                                     ("612", 404, "Not found!"), ("650", 503, "Service Unavailable!"),
                                     ("651", 500, "Internal Server Error"), ("654", 488, "Not acceptable here!"),
                                     ("610", 603, None)):
            with self.subTest(number=number):
                self.phone.dial(number)
                self.phone.wait(f"call:ended:status={status}", 15)
                if text:
                    self.phone.wait(f"screen:{text}", 5)
                self.phone.key("X")
                self.phone.wait("idle", 15)

    def test_never_answers(self):
        self.phone.dial("603")
        self.phone.wait("call:ringing", 10)
        self.phone.hangup()
        self.phone.wait("call:none", 10)

    def test_answers_late(self):
        self.phone.dial("604")
        self.phone.wait("call:ringing", 5)
        self.phone.wait("call:talking", 10)
        self.end()

    def test_calls_back(self):
        self.call("606")
        self.end()
        self.phone.wait("call:incoming:number=606", 10)
        self.phone.answer()
        self.phone.wait("call:talking", 10)
        self.phone.wait("media:flowing", 10)
        self.end()

    def test_hangs_up(self):
        self.call("607")
        self.phone.wait("call:ended", 15)

    def test_holds_you(self):
        self.call("613")
        self.phone.wait("screen:Held", 10)
        self.phone.wait("!screen:Held", 10, since=self.phone.seq())
        self.end()

    def test_offerless_reinvite(self):
        self.call("659")
        self.phone.wait("media:flowing", 10)
        before = len(read_wav(self.out)[0])
        wait_until(lambda: len(read_wav(self.out)[0]) > before + 16000 * 3, 15, "three seconds", 0.2)
        wait_tone(lambda: read_wav(self.out), MICROPHONE_HZ, 10, what="our phone after a new offer")
        self.end()

    def test_redirect(self):
        self.call("605")
        self.phone.wait("media:flowing", 10)
        self.end()

    def test_challenged_for_ever(self):
        """The phone answers a challenge some times, then gives up."""
        for number in ("653", "656"):
            self.phone.dial(number)
            self.phone.wait("call:ended", 15)
            self.assertIn(self.phone.calls()[0]["status"], (401, 407))
            self.phone.key("X")
            self.phone.wait("idle", 15)


class MusicOnHold(Robots):
    """Our phone holds another one, which listens to the exchange meanwhile (RFC 7088)."""

    music = "657"       # a tone of 440 Hz

    def setUp(self):
        self.extra = f"account.1.music_server_uri = {self.music}\n"
        super().setUp()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-held-"))
        self.heard = os.path.join(folder, "out.wav")
        microphone = os.path.join(folder, "in.wav")
        write_tone(microphone, 700)
        self.other = self.stack.enter_context(Phone("other", self.exchange.account_cfg("1002"),
                                                    audio=f"file:{microphone},{self.heard}"))
        self.other.wait_registered()
        self.phone.dial("1002")
        self.other.wait("call:incoming", 10)
        self.other.answer()
        self.wait_heard(MICROPHONE_HZ)

    def wait_heard(self, frequency):
        wait_tone(lambda: read_wav(self.heard), frequency, 15, what="the other phone")

    def end_all(self):
        self.phone.hangup()
        self.at_rest()

    def at_rest(self):
        for phone in (self.phone, self.other):
            phone.wait("call:none", 10, since=0)
            wait_until(lambda one=phone: one.counts()["dialogs"] == 0, 10, f"nothing is left: {phone.counts()}")


class Music(MusicOnHold):
    def test_again_and_again(self):
        for _ in range(3):
            self.phone.key("F_HOLD")
            self.phone.wait("call:held", 10)
            self.wait_heard(440)
            self.phone.key("F_HOLD")
            self.phone.wait("call:talking", 10)
            self.wait_heard(MICROPHONE_HZ)
        self.end_all()

    def test_far_hangs_up(self):
        self.phone.key("F_HOLD")
        self.wait_heard(440)
        self.other.hangup()
        self.at_rest()

    def test_attended_transfer(self):
        """Who is held hears music until whoever it is transferred to speaks."""
        self.phone.key("F_TRANSFER")
        self.wait_heard(440)
        self.phone.key("6", "0", "0", "POUND")
        self.phone.wait("call:talking:number=600", 15)
        self.phone.key("F_TRANSFER")
        wait_tone(lambda: read_wav(self.heard), 700, 15, what="the other phone, from the echo")
        self.phone.wait("call:none", 15, since=0)
        self.other.hangup()
        self.at_rest()


class NoMusic(MusicOnHold):
    music = "612"       # 404

    def test_held_all_the_same(self):
        self.phone.key("F_HOLD")
        self.phone.wait("call:held", 10)
        wait_silence(lambda: read_wav(self.heard), 10, what="the other phone")
        self.phone.key("F_HOLD")
        self.wait_heard(MICROPHONE_HZ)
        self.end_all()


if __name__ == "__main__":
    unittest.main(verbosity=2)
