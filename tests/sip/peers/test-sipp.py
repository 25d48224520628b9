#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole headless phone and SIPp: many calls one after the other, each message as the scenario demands it."""

import os
import subprocess
import tempfile
import unittest

from deskset import Phone, free_port

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sipp")
N_CALLS = 10


class Sipp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="deskset-sipp-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def sipp(self, scenario, port, *arguments):
        return subprocess.Popen(
            ["sipp", "-sf", os.path.join(SCENARIOS, scenario), "-i", "127.0.0.1", "-p", str(port), "-mp",
             str(free_port()), "-nostdin", "-trace_err", "-timeout", "60", "-timeout_error", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder)

    def finish(self, process):
        output, _ = process.communicate(timeout=90)
        errors = ""
        for name in os.listdir(self.folder):
            if "errors" in name:
                with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as file:
                    errors += file.read()
        self.assertEqual(process.returncode, 0, output[-1500:] + errors[-3000:])

    def test_caller_holds(self):
        for transport in ("u1", "t1"):
            with self.subTest(transport=transport), Phone("called", "#!version:1.0.0.1\nfeatures.direct_ip_call_enable = 1\n") as phone:
                process = self.sipp("caller-holds.xml", free_port(), phone.address, "-m", str(N_CALLS), "-l", "1",
                                    "-t", transport)
                try:
                    seen = 0
                    for _ in range(N_CALLS):
                        phone.wait("call:incoming", 15, since=seen)
                        phone.answer()
                        phone.wait("screen:Held", 10)
                        # The next call may be there before we look: from here on nothing is missed.
                        seen = phone.wait("call:ended", 10)["event"]["seq"]
                    self.finish(process)
                finally:
                    process.kill()
                    process.communicate()
                self.assertEqual([call for call in phone.calls() if call["state"] != "ended"], [])

    def test_called(self):
        port = free_port()
        process = self.sipp("called.xml", port, "-m", str(N_CALLS), "-t", "u1")
        try:
            with Phone("caller") as phone:
                for _ in range(N_CALLS):
                    phone.dial(f"127.0.0.1:{port}")
                    phone.wait("call:talking", 10)
                    self.assertEqual(phone.calls()[0]["codec"], "PCMA")
                    phone.hangup()
                    phone.wait("call:none", 10)
                self.finish(process)
        finally:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    unittest.main(verbosity=2)
