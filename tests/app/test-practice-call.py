#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A newcomer's first call: the practice exchange, started by the phone, with keys alone."""

import os
import signal
import unittest

from deskset import Phone, wait_until


def exchanges_of(phone):
    """Process ids of the exchanges that this phone started."""
    with open(f"/proc/{phone.pid}/task/{phone.pid}/children", encoding="ascii") as file:
        children = [int(pid) for pid in file.read().split()]
    found = []
    for pid in children:
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                if file.read().startswith("deskset-exchang"):
                    found.append(pid)
        except FileNotFoundError:
            pass
    return found


def is_gone(pid):
    return not os.path.exists(f"/proc/{pid}")


class Practice(unittest.TestCase):
    def test_first_call(self):
        with Phone("newcomer", welcome=True) as phone:
            self.assertEqual(phone.screen()["softkeys"][0], "Start")
            phone.key("F1")
            phone.wait("account:1:registered", timeout=20)
            # The robots are on the keys to the right of the display: one more press, and it rings there.
            labels = [line["label"] for line in phone.screen()["lines"]]
            self.assertEqual(labels[5], "Echo")
            phone.key("L6")
            phone.wait("call:talking:number=600", timeout=10)
            phone.wait("media:flowing", timeout=10)
            phone.key("X")
            phone.wait("call:ended", timeout=10)

    def test_call_and_end(self):
        with Phone("practice", "deskset.practice.enable = 1\n") as phone:
            phone.wait_registered(timeout=20)
            (exchange,) = exchanges_of(phone)
            phone.dial("602")
            phone.wait("call:ended:status=486", timeout=10)
            phone.key("X")

            phone.set("deskset.practice.enable", "0")
            phone.wait("!account:any:registered", timeout=10)
            self.assertEqual(phone.accounts(), [])
            wait_until(lambda: is_gone(exchange), 10, "the exchange ends")
            self.assertEqual(phone.get("account.1.user_name"), "")

    def test_exchange_dies(self):
        with Phone("widow", "deskset.practice.enable = 1\n") as phone:
            phone.wait_registered(timeout=20)
            (exchange,) = exchanges_of(phone)
            before = phone.seq()
            os.kill(exchange, signal.SIGKILL)
            phone.wait("message:Practice", timeout=10, since=before)
            phone.wait("account:1:registered", timeout=20, since=before)
            self.assertNotIn(exchange, exchanges_of(phone))

    def test_exchange_dies_in_a_call(self):
        """The call can be hung up, the line comes back, the next call is made."""
        with Phone("bereft", "deskset.practice.enable = 1\n") as phone:
            phone.wait_registered(timeout=20)
            phone.dial("600")
            phone.wait("call:talking", timeout=10)
            (exchange,) = exchanges_of(phone)
            before = phone.seq()
            os.kill(exchange, signal.SIGKILL)
            phone.wait("account:1:registered", timeout=20, since=before)
            phone.hangup()
            phone.wait("idle", timeout=40)
            phone.dial("600")
            phone.wait("call:talking", timeout=10)

    def test_exchange_goes_with_the_phone(self):
        """However the phone ends, no exchange is left behind."""
        for end in (Phone.stop, Phone.kill):
            with Phone("parent", "deskset.practice.enable = 1\n") as phone:
                phone.wait_registered(timeout=20)
                (exchange,) = exchanges_of(phone)
                end(phone)
                wait_until(lambda pid=exchange: is_gone(pid), 10, "the exchange ends")

    def test_two_profiles(self):
        """Two phones practise side by side, each with its own exchange."""
        with Phone("left", "deskset.practice.enable = 1\n") as left, Phone("right", "deskset.practice.enable = 1\n") as right:
            for phone in (left, right):
                phone.wait_registered(timeout=20)
            self.assertNotEqual(left.get("account.1.sip_server.1.port"), right.get("account.1.sip_server.1.port"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
