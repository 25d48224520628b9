#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole headless phones at a Kamailio that is strict about digests: MD5 and SHA-256, each use of a nonce counted, requests
inside calls challenged, nonces that grow old."""

import contextlib
import time
import unittest

from deskset import Phone, wait_until
from kamailio import Kamailio

USERS = {"1001": "secret1", "1002": "pass:w0rd 2"}
ALGORITHMS = ("MD5", "SHA-256")


class Digest(unittest.TestCase):
    @contextlib.contextmanager
    def serve(self, **options):
        with contextlib.ExitStack() as self.stack:
            self.server = self.stack.enter_context(Kamailio(USERS, **options))
            yield self.server

    def phone(self, user, more="", registered=True, **options):
        phone = self.stack.enter_context(Phone(f"p{user}", self.server.account_cfg(user, **options) + more))
        if registered:
            phone.wait_registered(timeout=15)
        return phone

    def talk(self, caller, called, number):
        caller.dial(number)
        called.wait("call:incoming", 10)
        called.answer()
        caller.wait("call:talking", 10)
        called.wait("call:talking", 10)

    def hold_and_resume(self, one, two):
        one.key("F_HOLD")
        one.wait("call:held", 10)
        two.wait("screen:Held", 10)
        one.key("F_HOLD")
        one.wait("call:talking", 10)
        two.wait("!screen:Held", 10)

    def end(self, who, other):
        before = other.seq()
        who.hangup()
        other.wait("call:ended", 10, since=before)
        for phone in (who, other):
            phone.wait("call:none", 10)

    def test_calls(self):
        """Nothing is refused twice (a call would break), and the second call and its requests are not challenged at all but where
        a dialog is new to who was called."""
        for algorithm in ALGORITHMS:
            with self.subTest(algorithm=algorithm), self.serve(algorithm=algorithm, nonce_count=True, in_dialog=True) as server:
                one, two = self.phone("1001", "account.1.dtmf.type = 2\n"), self.phone("1002")
                self.assertEqual(server.challenges("REGISTER"), 2)
                for who_ends, other in ((one, two), (two, one)):
                    self.talk(one, two, "1002")
                    self.assertEqual(server.challenges("INVITE"), 1)
                    digits = server.passed("INFO")
                    one.key("5", hold_ms=100)
                    wait_until(lambda: server.passed("INFO") > digits, 10, "the digit")
                    self.hold_and_resume(one, two)
                    self.end(who_ends, other)
                for phone in (one, two):
                    self.assertTrue(phone.holds("account:1:registered"))

    def test_wrong_password(self):
        for algorithm in ALGORITHMS:
            with self.subTest(algorithm=algorithm), self.serve(algorithm=algorithm) as server:
                phone = self.phone("1001", registered=False, password="wrong", retry=30)
                phone.wait("account:1:failed:status=401", 20, since=0)
                asked = server.challenges("REGISTER")
                self.assertGreaterEqual(asked, 2)
                self.assertLessEqual(asked, 4)
                phone.set("account.1.password", USERS["1001"])
                phone.wait("account:1:registered", 15)

    def test_old_nonces(self):
        """A nonce lives one second: refreshes and calls are told that theirs is stale, and go on."""
        for algorithm in ALGORITHMS:
            with self.subTest(algorithm=algorithm), self.serve(algorithm=algorithm, nonce_expire=1, in_dialog=True) as server:
                one, two = self.phone("1001"), self.phone("1002")
                before = one.seq()
                self.talk(one, two, "1002")
                for who in (one, two):
                    asked, passed = server.challenges("INVITE"), server.passed("INVITE")
                    time.sleep(2.1)  # nonces have to grow old: Kamailio counts whole seconds, so one of 1 s may live for 2
                    self.hold_and_resume(who, one if who is two else two)
                    self.assertEqual(server.passed("INVITE"), passed + 2)
                    self.assertGreaterEqual(server.challenges("INVITE"), asked + 1)
                one.command("register 1")
                wait_until(lambda: server.challenges("REGISTER") == 3, 10, "a stale nonce")
                self.end(two, one)
                self.assertTrue(one.holds("account:1:registered"))
                self.assertEqual([e for e in one.events(before) if "failed" in str(e)], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
