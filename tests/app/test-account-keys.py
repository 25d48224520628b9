#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account set up with nothing but the phone's keys, as its owner does it: the password is never seen, the account
registers, and it is still there when the phone is switched on again, however it was switched off."""

import os
import shutil
import tempfile
import unittest

from deskset import Phone, wait_until
from exchange import Exchange

PASSWORD = "Top5ecret"
# What the keys write, as the phone's text input has it.
LETTERS = {"0": " 0", "1": ".,?!-_@:/'\"()1", "2": "abc2", "3": "def3", "4": "ghi4", "5": "jkl5", "6": "mno6",
           "7": "pqrs7", "8": "tuv8", "9": "wxyz9"}
RIGHT = "RIGHT"  # ends a letter, so that the next one may be on the same key


class Keys:
    """A person at the keys."""

    def __init__(self, phone):
        self.phone = phone

    def go_to(self, label):
        for _ in range(20):
            if any(row["selected"] and row["text"] == label for row in self.phone.screen()["rows"]):
                return
            self.phone.key("DOWN")
        raise AssertionError(f"there is no field {label}")

    def take_mode(self, mode):
        while self.phone.screen()["edit"]["mode"] != mode:
            self.phone.key("F2")

    def write(self, label, text):
        self.go_to(label)
        for character in text:
            self.take_mode("ABC" if character.isupper() else "abc")
            (key,) = [key for key, letters in LETTERS.items() if character.lower() in letters]
            self.phone.key(*[key] * (LETTERS[key].index(character.lower()) + 1), RIGHT)

    def set_up(self, exchange, user):
        self.phone.key("F4", "6", "2", "1", "OK")
        self.go_to("Activation")
        self.phone.key("F2")
        self.write("Label", "Anna K")
        self.write("Register Name", user)
        self.write("User Name", user)
        self.write("Password", PASSWORD)
        self.write("SIP Server1", exchange.address)
        self.go_to("Port")
        self.phone.key("F3", "F3", "F3", "F3", *str(exchange.port))


class AccountWithKeys(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="deskset-account-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def holding(self, text):
        """Names of the files below the folder that hold the text."""
        found = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    if text.encode() in file.read():
                        found.append(name)
        return found

    def test_account(self):
        with Exchange({"anna": PASSWORD}) as exchange:
            with Phone("keys", folder=self.folder, env={"DESKSET_DEBUG": "all"}) as phone:
                Keys(phone).set_up(exchange, "anna")
                shown = phone.text()
                self.assertIn("Password " + "*" * len(PASSWORD), shown)
                self.assertNotIn(PASSWORD, shown)
                phone.key("F4")
                phone.wait("screen:Saved", timeout=5)
                phone.wait("account:1:registered", timeout=15)
                phone.key("X", "X", "X", "X")
                phone.wait("screen:Anna K", timeout=5)
                # The writer has a thread of its own; passwords are written before the rest.
                wait_until(lambda: "local.cfg" in self.holding("account.1.user_name"), 10, "the file")
                phone.kill()
            self.assertEqual(self.holding(PASSWORD), ["secrets.cfg"])

            with Phone("keys", folder=self.folder) as phone:
                phone.wait_registered()
                phone.dial("600")
                phone.wait("call:talking", timeout=10)
                phone.hangup()


if __name__ == "__main__":
    unittest.main(verbosity=2)
