#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program with the window, as a desktop starts it: twice, with links, and ended. Needs a display (with-display.py)."""

import subprocess
import unittest

from deskset import NoPhone, Phone, PrivateBus, free_port, program


def start_again(phone, *arguments):
    """What a click on a link or on the icon does; returns the finished second process."""
    line = [program("deskset"), *(["--profile", phone.profile] if phone.profile else []), *arguments]
    return subprocess.run(line, env=phone.env, capture_output=True, text=True, timeout=30, check=False)


class Window(unittest.TestCase):
    def test_second_start_hands_over(self):
        with PrivateBus() as bus, Phone("callee") as callee, \
             Phone("default", bus=bus, profile="", program="deskset") as phone:
            again = start_again(phone)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertTrue(phone.is_running())

            link = start_again(phone, f"sip:{callee.address}")
            self.assertEqual(link.returncode, 0, link.stderr)
            callee.wait("call:incoming", timeout=10, since=0)
            callee.answer()
            phone.wait("call:talking", timeout=10, since=0)
            phone.hangup()
            phone.wait("call:none", timeout=10)
            self.assertEqual(phone.stop(), 0, phone.log_end())

    def test_profiles_side_by_side(self):
        with PrivateBus() as bus, Phone("default", bus=bus, profile="", program="deskset") as default, \
             Phone("7", bus=bus, program="deskset") as other:
            other.key("5")
            other.wait("page:dial", timeout=5)
            default.wait("idle", timeout=5)
            other.ctl("raise")

    def test_driven_over_a_socket(self):
        with Phone("socket", program="deskset") as phone:
            phone.wait("idle", timeout=10)
            self.assertEqual(phone.terminate(), 0, phone.log_end())

    def test_quit_in_a_call(self):
        with Phone("callee") as callee, Phone("caller", program="deskset") as caller:
            caller.dial(callee.address)
            callee.wait("call:incoming", timeout=10, since=0)
            callee.answer()
            caller.wait("call:talking", timeout=10)
            self.assertEqual(caller.stop(), 0, caller.log_end())
            callee.wait("call:none", timeout=10)

    def test_no_face(self):
        with self.assertRaises(NoPhone) as caught, \
             Phone("faceless", program="deskset", args=["--skin", "/nonexistent"]):
            pass
        self.assertIn("--skin", str(caught.exception))

    def test_link_at_first_start(self):
        with Phone("callee") as callee, \
             Phone("caller", program="deskset", args=[f"sip:{callee.address}"], sip_port=free_port()):
            callee.wait("call:incoming", timeout=10, since=0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
