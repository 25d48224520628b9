#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call forward and do not disturb through Kamailio: three headless phones, switched by keys alone."""

import contextlib
import unittest

from deskset import Phone
from kamailio import Kamailio

USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}
FORWARDS = {"always": "1", "busy": "2", "no-answer": "3"}


class Forward(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.server = self.stack.enter_context(Kamailio(USERS))
        self.one, self.two, self.three = (self.phone(user) for user in USERS)

    def phone(self, user):
        phone = self.stack.enter_context(Phone(f"p{user}", self.server.account_cfg(user)))
        phone.wait_registered(timeout=15)
        return phone

    def switch_on(self, phone, kind, number):
        """Menu, Features, Call Forward, the kind: on, and where to."""
        phone.key("F4", "2", "1", FORWARDS[kind])
        phone.wait("screen:Forward to", 5)
        phone.key("RIGHT", "DOWN", "F2", "F2", "F2")
        phone.wait("screen:Forward to", 5)
        phone.command(f"type {number}")
        phone.key("F4", "X", "X", "X")
        phone.wait("idle", 5)
        self.assertIn("forward", phone.screen()["icons"])

    def dial(self, phone, number):
        phone.key(*number, "F1")

    def heard_by_whom(self, caller, called):
        """Media flows between these two, and the third phone has no stream."""
        third = ({self.one, self.two, self.three} - {caller, called}).pop()
        for phone in (caller, called):
            phone.wait("media:flowing", 10)
        self.assertEqual(third.calls(), [])

    def talks_with(self, caller, called, number):
        called.wait("call:incoming", 10)
        self.assertIn(number, [call["number"] for call in caller.calls()])
        called.key("OK")
        for phone in (caller, called):
            phone.wait("call:talking", 10)
        self.heard_by_whom(caller, called)
        caller.key("F4")
        for phone in (caller, called):
            phone.wait("call:none", 10)

    def test_always(self):
        self.switch_on(self.two, "always", "1003")
        self.dial(self.one, "1002")
        self.talks_with(self.one, self.three, "1003")
        self.two.wait("screen:1 New Forwarded Call(s)", 5)
        self.two.key("F1")
        self.two.wait("screen:Forwarded Calls", 5)
        self.assertIn("1001", self.two.text())

    def test_busy(self):
        self.switch_on(self.two, "busy", "1003")
        self.two.key("F4", "2", "2", "F2", "F4", "X", "X")
        self.two.wait("idle", 5)
        self.dial(self.two, "1003")
        self.three.wait("call:incoming", 10)
        self.three.key("OK")
        self.two.wait("call:talking", 10)
        self.dial(self.one, "1002")
        self.three.wait("call:incoming:number=1001", 10)
        self.two.wait("call:talking:number=1003", 5)

    def test_no_answer(self):
        self.switch_on(self.two, "no-answer", "1003")
        self.dial(self.one, "1002")
        self.two.wait("call:incoming", 10)
        self.one.wait("call:ringing", 10)
        self.three.wait("call:incoming", 20)
        self.two.wait("call:none", 5)
        self.talks_with(self.one, self.three, "1003")

    def test_custom_mode(self):
        """The mode is set by the administrator; the account is chosen on the phone."""
        self.two.set("features.fwd_mode", "1")
        self.two.key("F4", "2", "1")
        self.two.wait("page:forward-accounts", 5)
        self.two.key("F4", "1", "RIGHT", "DOWN")
        self.two.command("type 1003")
        self.two.key("F4", "X", "X", "X", "X")
        self.two.wait("idle", 5)
        self.dial(self.one, "1002")
        self.talks_with(self.one, self.three, "1003")

    def test_do_not_disturb(self):
        self.two.key("F3")
        self.dial(self.one, "1002")
        self.one.wait("call:ended:status=480", 10)
        self.one.wait("screen:Temporarily unavailable!", 5)
        self.two.wait("screen:1 New Missed Call(s)", 5)

    def test_target_unknown(self):
        self.switch_on(self.two, "always", "4711")
        self.dial(self.one, "1002")
        self.one.wait("call:ended:status=404", 10)
        self.one.wait("screen:Not found!", 5)

    def test_loop_ends(self):
        self.switch_on(self.two, "always", "1003")
        self.switch_on(self.three, "always", "1002")
        self.dial(self.one, "1002")
        self.one.wait("call:ended", 15)
        for phone in (self.two, self.three):
            phone.wait("call:none", 5)


if __name__ == "__main__":
    unittest.main()
