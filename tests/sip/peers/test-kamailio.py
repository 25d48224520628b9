#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole headless phones at Kamailio: registration, calls among three phones, and a server that goes and comes back."""

import contextlib
import unittest

from deskset import Phone, wait_until
from kamailio import Kamailio

USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}
UDP, TCP = 0, 1


class KamailioTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.server = self.stack.enter_context(Kamailio(USERS))

    def phone(self, user, registered=True, **options):
        phone = self.stack.enter_context(Phone(f"p{user}", self.server.account_cfg(user, **options)))
        if registered:
            phone.wait_registered(timeout=15)
        return phone


class Calls(KamailioTest):
    def three(self):
        """Three phones, one of them by TCP."""
        return self.phone("1001", transport=UDP), self.phone("1002", transport=TCP), self.phone("1003", transport=UDP)

    def talk(self, caller, called, number):
        caller.dial(number)
        called.wait("call:incoming", 10)
        caller.wait("call:ringing", 10)
        called.answer()
        caller.wait("call:talking", 10)
        called.wait("call:talking", 10)
        caller.wait("media:flowing", 10)
        called.wait("media:flowing", 10)

    def test_everybody_calls_everybody(self):
        phones = dict(zip(("1001", "1002", "1003"), self.three()))
        for caller_number, caller in phones.items():
            for called_number, called in phones.items():
                if caller is called:
                    continue
                for who_ends in (caller, called):
                    with self.subTest(caller=caller_number, called=called_number,
                                      ends="caller" if who_ends is caller else "called"):
                        self.talk(caller, called, called_number)
                        self.assertEqual(called.calls()[0]["number"], caller_number)
                        other = called if who_ends is caller else caller
                        before = other.seq()
                        who_ends.hangup()
                        other.wait("call:ended", 10, since=before)
                        for phone in (caller, called):
                            phone.wait("call:none", 10)
                            phone.wait("idle", 15)

    def test_cancel(self):
        one, two, _ = self.three()
        one.dial("1002")
        two.wait("call:incoming", 10)
        one.wait("call:ringing", 10)
        before = two.seq()
        one.hangup()
        two.wait("missed:1001", 10, since=before)
        for phone in (one, two):
            phone.wait("call:none", 10)
        two.wait("screen:Missed", 10)

    def test_busy(self):
        """Called, and rejects with the soft key."""
        one, two, _ = self.three()
        one.dial("1002")
        two.wait("call:incoming", 10)
        two.hangup()
        one.wait("call:ended:status=486", 10)
        one.wait("screen:Busy here!", 5)
        two.wait("call:none", 10)

    def test_second_call_waits_and_is_refused(self):
        one, two, three = self.three()
        self.talk(one, two, "1002")
        three.dial("1002")
        two.wait("call:incoming:number=1003", 10)
        three.wait("call:ringing", 10)
        three.hangup()
        two.wait("!call:incoming", 10)
        two.wait("call:talking:number=1001", 5)
        one.hangup()
        two.wait("call:none", 10)

    def test_no_answer(self):
        """Nobody lifts: the called phone gives up at its time, and both say so."""
        one, two, _ = self.three()
        two.set("phone_setting.ringing_timeout", "5")
        one.dial("1002")
        two.wait("call:incoming", 10)
        one.wait("call:ended", 20)
        self.assertIn(one.calls()[0]["status"], (408, 480, 486))
        self.assertTrue(one.calls()[0]["status"] == 486 or one.holds("screen:Temporarily unavailable!") or
                        one.holds("screen:no response!"), one.text())
        two.wait("missed:1001", 10, since=0)
        two.wait("call:none", 10)

    def test_unknown_number(self):
        one = self.phone("1001")
        one.dial("4711")
        one.wait("call:ended:status=404", 10)
        one.wait("screen:Not found!", 5)


class Registration(KamailioTest):
    def status_text(self, phone):
        """Menu > Status > Accounts, with keys."""
        phone.command("menu status")
        phone.wait("screen:Accounts", 5)
        for _ in range(10):
            if any(row.startswith("> ") and "Accounts" in row for row in phone.screen()["text"]):
                break
            phone.key("DOWN")
        phone.key("OK")
        phone.wait("!screen:Network", 5)
        text = phone.text()
        phone.key("X", "X", "X")
        phone.wait("idle", 5)
        return text

    def check_failed(self, phone, status, reason):
        phone.wait(f"account:1:failed:status={status}", 20, since=0)
        self.assertIn("No Service", phone.text())
        self.assertEqual(phone.screen()["lines"][0]["icon"], "line-failed")
        self.assertIn(f"Register failed! {status} {reason}", self.status_text(phone))

    def test_wrong_password(self):
        for transport in (UDP, TCP):
            with self.subTest(transport=transport):
                phone = self.phone("1001", registered=False, password="wrong", transport=transport, retry=2)
                self.check_failed(phone, 401, "Unauthorized")
                # The right one, given on the phone, is enough.
                phone.set("account.1.password", USERS["1001"])
                phone.wait("account:1:registered", 15)
                self.assertIn("Registered", self.status_text(phone))
                self.assertNotIn("No Service", phone.text())
                phone.close()

    def test_unknown_user(self):
        phone = self.phone("1009", registered=False, retry=2)
        self.check_failed(phone, 404, "Not Found")
        phone.set("account.1.auth_name", "1003")
        phone.set("account.1.password", USERS["1003"])
        phone.set("account.1.user_name", "1003")
        phone.wait("account:1:registered", 15)

    def test_server_goes_and_comes_back(self):
        for transport in (UDP, TCP):
            with self.subTest(transport=transport):
                phone = self.phone("1001", transport=transport, retry=2, expires=30)
                before = phone.seq()
                self.server.stop()
                # The next refresh finds nobody.
                phone.wait("account:1:failed", 60, since=before)
                wait_until(lambda: "No Service" in phone.text(), 5, "No Service")
                account = phone.accounts()[0]
                self.assertIn(account["status"], (408, 503))
                text = self.status_text(phone)
                self.assertIn("Register failed!", text)
                self.assertIn(account["reason"], text)
                before = phone.seq()
                self.server.start()
                phone.wait("account:1:registered", 60, since=before)
                self.assertNotIn("No Service", phone.text())
                other = self.phone("1002")
                other.dial("1001")
                phone.wait("call:incoming:number=1002", 10)
                other.hangup()
                other.close()
                phone.close()

    def test_server_comes_late(self):
        self.server.stop()
        phone = self.phone("1001", registered=False, retry=1)
        phone.wait("account:1:failed", 60, since=0)
        self.server.start()
        phone.wait("account:1:registered", 30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
