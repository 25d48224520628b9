#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice exchange by a script (doc/exchange.md): what it answers, and what a phone makes of refused registrations: it
lives, says so, and is registered when the script has come to its end."""

import contextlib
import os
import random
import subprocess
import tempfile
import time
import unittest

from deskset import Phone, program
from exchange import Exchange
from relay import Relay, make_seed
from sip_client import SipClient, uri_of

FULL = bool(os.environ.get("DESKSET_TEST_FULL"))
REFUSALS = (403, 404, 408, 480, 500, 503, 600)
USERS = {"1001": "secret1", "1002": "secret2"}


class Scripted(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-script-"))

    def exchange(self, *lines):
        path = os.path.join(self.folder, "script")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return self.stack.enter_context(Exchange(USERS, args=["--script", path]))


class Answers(Scripted):
    def client(self, exchange, user="1001", transport="udp"):
        return self.stack.enter_context(SipClient("127.0.0.1", exchange.port, user, USERS[user], transport))

    def test_register(self):
        for transport in ("udp", "tcp"):
            with self.subTest(transport=transport):
                exchange = self.exchange("REGISTER 1001 503 retry-after=7 times=1", "REGISTER 1001 423 min-expires=120 times=1",
                                         "REGISTER 1001 302 to=1002 times=1", "REGISTER 1001 499 times=1", "REGISTER 1002 401")
                client = self.client(exchange, transport=transport)
                answers = [client.register() for _ in range(5)]
                self.assertEqual([answer.status for answer in answers], [503, 423, 302, 499, 200])
                self.assertEqual((answers[0].get("retry-after"), answers[1].get("min-expires")), ("7", "120"))
                self.assertEqual(uri_of(answers[2].get("contact")), f"sip:1002@127.0.0.1:{exchange.port}")
                other = self.client(exchange, "1002", transport)
                challenges = [other.register() for _ in range(3)]
                self.assertEqual([answer.status for answer in challenges], [401] * 3)
                # Never the same one twice, and never satisfied.
                self.assertEqual(len({answer.get("www-authenticate") for answer in challenges}), 3)
                exchange.stop()

    def test_silence(self):
        exchange = self.exchange("REGISTER * silence times=1", "INVITE 700 silence")
        client = self.client(exchange)
        with self.assertRaises(TimeoutError):
            client.request("REGISTER", f"sip:{client.domain}", [f"Contact: <{client.contact}>"], timeout=1)
        self.assertEqual(client.register().status, 200)
        client.password = None
        client.invite("700")
        # The 100 is the transaction's.
        self.assertEqual([message.status for message in client.quiet(1)], [100])

    def test_invite(self):
        exchange = self.exchange("INVITE 700 302 to=600", "INVITE 701 301 to=sip:9@127.0.0.1:1", "INVITE 702 486 times=1", "INVITE 703 407",
                                 "INVITE 704 503 retry-after=3")
        client = self.client(exchange)
        self.assertEqual(client.register().status, 200)
        moved = client.invite("700").wait_final()
        self.assertEqual((moved.status, uri_of(moved.get("contact"))), (302, f"sip:600@127.0.0.1:{exchange.port}"))
        self.assertEqual(uri_of(client.invite("701").wait_final().get("contact")), "sip:9@127.0.0.1:1")
        self.assertEqual(client.invite("702").wait_final().status, 486)
        self.assertEqual(client.invite("702").wait_final().status, 404)
        loop = client.invite("703").wait_final()
        self.assertEqual((loop.status, bool(loop.get("proxy-authenticate"))), (407, True))
        self.assertEqual(client.invite("704").wait_final().get("retry-after"), "3")
        self.assertEqual(client.invite("602").wait_final().status, 486)

    def test_wrong_script(self):
        path = os.path.join(self.folder, "wrong")
        with open(path, "w", encoding="utf-8") as file:
            file.write("REGISTER * 403\nINVITE * maybe\n")
        for name, reason in ((path, f"{path}: line 2: “maybe” is no number"), (path + "2", "No such file")):
            done = subprocess.run([program("deskset-exchange"), "--script", name], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=20, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(reason, done.stderr)


class Phones(Scripted):
    """A relay is in between to count what the phone sends."""

    def phone(self, exchange, retry=1):
        relay = self.stack.enter_context(Relay({"exchange": ("127.0.0.1", exchange.port)}))
        real, exchange.port = exchange.port, relay.port()
        cfg = exchange.account_cfg("1001", extra=f"account.1.reg_fail_retry_interval = {retry}\n")
        exchange.port = real
        return self.stack.enter_context(Phone("scripted", cfg)), relay

    def check(self, lines, *, status=None, text=None, attempts=1, timeout=60):
        """Refused `attempts` times, said so, registered in the end."""
        exchange = self.exchange(*lines)
        phone, relay = self.phone(exchange)
        started = time.monotonic()
        if status:
            phone.wait(f"account:1:failed:status={status}", timeout, since=0)
        if text:
            phone.wait(f"screen:{text}", 10, since=0)
        phone.wait("account:1:registered", timeout, since=0)
        self.assertTrue(phone.is_running())
        self.assertNotIn("No Service", phone.text())
        sent = [entry for entry in relay.messages(kind="sip", method="REGISTER") if not entry["again"]]
        print(f"{lines[0]}: registered after {time.monotonic() - started:.1f} s and {len(sent)} REGISTER")
        self.assertGreaterEqual(len(sent), attempts + 1)
        # A refusal is no reason to ask ten times a second.
        self.assertLess(len(sent), 5 * attempts + 10)
        phone.dial("657")
        phone.wait("call:talking", 15)
        phone.hangup()
        phone.wait("call:none", 10)
        phone.close()

    def test_refusals(self):
        for status in REFUSALS if FULL else random.Random(make_seed()).sample(REFUSALS, 2):
            with self.subTest(status=status):
                self.check([f"REGISTER * {status} times=2"], status=status, text="No Service", attempts=2)

    def test_challenges_without_end(self):
        self.check(["REGISTER * 401 times=6"], status=401, text="No Service")

    def test_retry_after(self):
        self.check(["REGISTER * 503 retry-after=3 times=1"], status=503, text="No Service")

    def test_too_brief(self):
        """423: asked again with the time that is wanted; nobody has to be told."""
        exchange = self.exchange("REGISTER * 423 min-expires=7200 times=1")
        phone, relay = self.phone(exchange)
        phone.wait("account:1:registered", 30, since=0)
        self.assertTrue(phone.is_running())
        self.assertEqual(relay.messages(kind="sip", status=423)[0]["cseq"], "REGISTER")

    def test_silence(self):
        self.check(["REGISTER * silence times=1"], status=408, text="No Service")

    def test_redirected(self):
        """3xx to REGISTER: followed or refused, but not for ever."""
        self.check(["REGISTER * 302 to=sip:127.0.0.1:9 times=1"])

    def test_for_ever(self):
        """No end to it: the phone stays alive and says so; calls without an account are none of the exchange's business."""
        exchange = self.exchange("REGISTER * 403")
        phone, relay = self.phone(exchange)
        phone.wait("account:1:failed:status=403", 30, since=0)
        relay.wait(lambda entry: entry["status"] == 403 and entry["id"] > 6, 60)
        self.assertIn("No Service", phone.text())
        self.assertTrue(phone.holds("idle"), phone.describe())


if __name__ == "__main__":
    unittest.main(verbosity=2)
