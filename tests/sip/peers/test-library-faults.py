#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known to abort or freeze the SIP library: a clock that jumps by weeks, name servers that are silent, dialogs that end
while requests in them live. The phone lives and answers within three seconds."""

import netlab

if __name__ == "__main__":
    netlab.enter()

import contextlib
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time
import unittest

from attack import TONE, Pulse
from deskset import Phone, build_folder, wait_until
from dns_server import DnsServer
from exchange import Exchange
from kamailio import Kamailio
from sip_client import SipClient, sdp

FULL = os.environ.get("DESKSET_TEST_FULL") == "1"
SEED = os.environ.get("DESKSET_TEST_SEED") or str(random.SystemRandom().randrange(1, 1000000))
DAY = 24 * 3600
IN_TIME_S = 3


class Case(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def alive(self, phone, pulse, what):
        took = pulse.beat(IN_TIME_S)
        self.assertIsNotNone(took, f"{what}: no answer within {IN_TIME_S} s; the phone "
                             f"{'runs' if phone.is_running() else 'ended with %s' % phone.process.poll()}\n{phone.log_end()}")
        return took


class Clock(Case):
    """The wall clock jumps under a phone that is registered and in a call."""

    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.stack.enter_context(contextlib.closing(Folder())).name, "clock")
        self.turn(0)
        library = os.path.join(build_folder(), "tests", "support", "libshifted-clock.so")
        # The thread sanitizer's build has something before it already.
        before = os.environ.get("LD_PRELOAD")
        self.env = {"LD_PRELOAD": f"{before}:{library}" if before else library, "DESKSET_TEST_CLOCK": self.path}
        if "ASAN_OPTIONS" in os.environ:
            self.env["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"] + ":verify_asan_link_order=0"

    def turn(self, seconds):
        """Sets how far the phone's clock is off. Written in place: the phone has the file mapped."""
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("=q", seconds))

    def test_the_clock_jumps(self):
        self.turn(-20 * DAY)
        seen = subprocess.run([sys.executable, "-c", "import time; print(int(time.time()))"], env={**os.environ, **self.env},
                              capture_output=True, text=True, check=True)
        self.assertAlmostEqual(int(seen.stdout), time.time() - 20 * DAY, delta=10)
        self.turn(0)

        exchange = self.stack.enter_context(Exchange({"1001": "secret1"}))
        cfg = exchange.account_cfg("1001", expires=30, extra="deskset.audio.tone_detector = 1\n")
        phone = self.stack.enter_context(Phone("clock", cfg, env=self.env))
        phone.wait_registered()
        with open(f"/proc/{phone.pid}/maps", encoding="utf-8") as file:
            self.assertIn("libshifted-clock.so", file.read())
        phone.dial(TONE)
        phone.wait("call:talking", 30)
        phone.wait("heard:440", 10)
        pulse = self.stack.enter_context(Pulse("127.0.0.1", phone.sip_port))
        for offset in (0, -20 * DAY, 0, 20 * DAY, 0, -7200, 0, 400 * DAY):
            self.turn(offset)
            for _ in range(3):
                self.alive(phone, pulse, f"the clock went to {offset:+d} s")
                time.sleep(0.4)
            self.assertTrue(phone.holds("account:1:registered"), phone.describe())
            self.assertTrue(phone.holds("call:talking"), phone.describe())
            before = phone.seq()
            phone.command("hold")
            phone.wait("call:held", 5, since=before)
            phone.command("resume")
            phone.wait("call:talking", 5)
            phone.wait("media:flowing", 5)
        phone.hangup()
        phone.wait("call:none", 10)
        self.assertEqual(phone.stop(), 0)


class Folder:
    def __init__(self):
        import tempfile
        self._folder = tempfile.TemporaryDirectory(prefix="deskset-faults-")
        self.name = self._folder.name

    def close(self):
        self._folder.cleanup()


class Names(Case):
    """Name servers that never answer, and names where the library would ask them."""

    def setUp(self):
        super().setUp()
        lab = self.stack.enter_context(netlab.Lab())
        lan = lab.switch("lan")
        self.server = lab.node("server").plug(lan, "10.1.0.1/24")
        self.stranger = lab.node("stranger").plug(lan, "10.1.0.66/24")
        self.desk = lab.node("desk").plug(lan, "10.1.0.10/24", gateway="10.1.0.1")
        self.dns = self.stack.enter_context(DnsServer("10.1.0.1", node=self.server))
        self.desk.set_dns("10.1.0.1", timeout_s=5, attempts=2)
        self.dns.silence()

    def message(self, port, number, method="OPTIONS", version="SIP/2.0", transport="UDP", via="phone.example.test", more="", to="", body="",
                headers=""):
        return (f"{method} sip:desk@10.1.0.10 {version}\r\nVia: SIP/2.0/{transport} {via}:{port};branch=z9hG4bKname{number}{more}\r\n"
                f"From: <sip:x@phone.example.test>;tag={number}\r\nTo: <sip:desk@10.1.0.10>{to}\r\nCall-ID: name{number}\r\n"
                f"CSeq: 1 {method}\r\nMax-Forwards: 70\r\nContact: <sip:x@contact.example.test>\r\n{headers}"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def test_silent_name_server(self):
        phone = self.stack.enter_context(Phone("names", node=self.desk, bind=None))
        with self.stranger.inside():
            pulse = self.stack.enter_context(Pulse("10.1.0.10", 5060, "10.1.0.66"))
            one = self.stack.enter_context(contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
            one.bind(("10.1.0.66", 0))
            stream = self.stack.enter_context(contextlib.closing(socket.create_connection(("10.1.0.10", 5060), 5)))
        port = one.getsockname()[1]
        offer = sdp("10.1.0.66", 40000)
        kind = "Content-Type: application/sdp\r\n"
        route = "Record-Route: <sip:proxy.example.test;lr>\r\n"
        cases = {
            "Via with a name": self.message(port, 1),
            "maddr with a name": self.message(port, 2, via="10.1.0.66", more=";maddr=multicast.example.test"),
            "SIP/7.0": self.message(port, 3, version="SIP/7.0"),
            "Via over TCP with a name": self.message(port, 4, transport="TCP"),
            "a bad request, Via over TCP with a name": self.message(port, 5, transport="TCP", headers="CSeq: ? ?\r\n"),
            "a bad request": self.message(port, 6, headers="CSeq: ? ?\r\nMax-Forwards: x\r\n"),
            "an unknown method": self.message(port, 7, method="DANCE"),
            "BYE of no dialog": self.message(port, 8, method="BYE", to=";tag=none"),
            "INVITE": self.message(port, 9, method="INVITE", headers=kind + route, body=offer),
            "INVITE that needs an extension": self.message(port, 10, method="INVITE", headers=kind + "Require: nothing\r\n", body=offer),
        }
        self.alive(phone, pulse, "before")
        for name, data in cases.items():
            with self.subTest(name):
                one.sendto(data, ("10.1.0.10", 5060))
                slowest = max(self.alive(phone, pulse, name) for _ in range(4))
                stream.sendall(data.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP").replace(b"z9hG4bKname", b"z9hG4bKstream")
                               .replace(b"Call-ID: name", b"Call-ID: stream"))
                slowest = max([slowest] + [self.alive(phone, pulse, name + " over TCP") for _ in range(4)])
                print(f"  {name}: {1000 * slowest:.1f} ms")
        self.alive(phone, pulse, "at the end")

    def test_call_from_a_name(self):
        """A call whose other end is only known by a name is answered and ended; the phone is not held up by either."""
        phone = self.stack.enter_context(Phone("names", node=self.desk, bind=None))
        with self.stranger.inside():
            pulse = self.stack.enter_context(Pulse("10.1.0.10", 5060, "10.1.0.66"))
            one = self.stack.enter_context(contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
            one.bind(("10.1.0.66", 0))
        one.sendto(self.message(one.getsockname()[1], 20, method="INVITE", headers="Content-Type: application/sdp\r\n",
                                body=sdp("10.1.0.66", 40000)), ("10.1.0.10", 5060))
        phone.wait("call:incoming", 30)
        phone.answer()
        for _ in range(5):
            self.alive(phone, pulse, "answering")
            time.sleep(0.2)
        phone.hangup()
        for _ in range(5):
            self.alive(phone, pulse, "hanging up")
            time.sleep(0.2)
        phone.wait("call:none", 40)

    def test_server_with_a_name(self):
        """The account says what is wrong within three seconds, also where the C library asks on for ten, and a call by it says at
        once that it is of no use. The phone goes on answering, and registers once the name server speaks."""
        self.dns.a("sip.example.test", "10.1.0.1")
        server = self.stack.enter_context(Kamailio({"1001": "secret1"}, "10.1.0.1", node=self.server))
        cfg = (server.account_cfg("1001") + "account.1.outbound_proxy_enable = 1\n"
               "account.1.outbound_proxy.1.address = sip.example.test\n"
               f"account.1.outbound_proxy.1.port = {server.port}\n")
        started = time.monotonic()
        phone = self.stack.enter_context(Phone("names", cfg, node=self.desk, bind=None))
        with self.stranger.inside():
            pulse = self.stack.enter_context(Pulse("10.1.0.10", 5060, "10.1.0.66"))
        phone.wait("account:1:failed:status=503", 10, since=0)
        said = time.monotonic() - started
        self.assertLess(said, IN_TIME_S + 2)  # with the start of the program
        before = time.monotonic()
        phone.dial("1002")
        while not phone.holds("call:none"):
            self.alive(phone, pulse, "dialling")
            time.sleep(0.1)
        called = time.monotonic() - before
        texts = [event.get("text") for event in phone.events(0) if event.get("state") in ("failed", "ended")]
        self.assertEqual(texts, ["DNS does not answer!", "Account is invalid!"])
        self.assertLess(called, IN_TIME_S)
        self.dns.heal()
        phone.wait_registered(timeout=30)
        print(f"  the account says it {said:.1f} s after the start of the program, a call after {called:.1f} s")


class Dialogs(Case):
    """Calls that end, from either side, while REFER, INFO, OPTIONS and other requests in them live."""

    METHODS = ("REFER", "INFO", "OPTIONS", "MESSAGE", "SUBSCRIBE", "UPDATE", "NOTIFY", "INVITE")

    def storm(self, phone, client, luck):
        # Whom the phone was made to call by a REFER before: it answers by itself only when there is no other call.
        phone.ctl("command", "hangup all", check=False)
        phone.wait("call:none", 40)
        before = phone.seq()
        call = client.invite(f"sip:desk@{client.domain}", sdp("127.0.0.1", 40000))
        self.assertEqual(call.wait_final(20).status, 200)
        call.ack()
        for _ in range(luck.randrange(1, 12)):
            method = luck.choice(self.METHODS)
            extra = {"REFER": ["Refer-To: <sip:1@127.0.0.1:9>"], "SUBSCRIBE": ["Event: refer"],
                     "NOTIFY": ["Event: refer", "Subscription-State: active"]}.get(method, [])
            call.request(method, extra, sdp("127.0.0.1", 40002) if method in ("UPDATE", "INVITE") else "", wait=False)
        if luck.random() < 0.5:
            call.request("BYE", wait=False)
        else:
            phone.ctl("hangup", check=False)
        for _ in range(luck.randrange(4)):
            call.request(luck.choice(self.METHODS), ["Refer-To: <sip:1@127.0.0.1:9>", "Event: refer"], wait=False)
        for request in client.quiet(0.05):
            if request.method and request.method != "ACK":
                client.respond(request, 200, "OK")
        return before

    def test_requests_that_live(self):
        luck = random.Random(SEED)
        phone = self.stack.enter_context(Phone("dialogs", "#!version:1.0.0.1\nfeatures.ip_call.auto_answer.enable = 1\n"
                                               "features.auto_answer_delay = 0\nfeatures.auto_answer_tone.enable = 0\n"))
        pulse = self.stack.enter_context(Pulse("127.0.0.1", phone.sip_port))
        for number in range(200 if FULL else 30):
            with SipClient("127.0.0.1", phone.sip_port, "stranger", transport=luck.choice(("udp", "tcp"))) as client:
                self.storm(phone, client, luck)
                self.alive(phone, pulse, f"seed {SEED}, call {number}")
                for request in client.quiet(0.05):
                    if request.method and request.method != "ACK":
                        client.respond(request, 200, "OK")
        phone.wait("call:none", 40)
        wait_until(lambda: phone.counts()["dialogs"] == 0, 40, "no dialog")
        self.alive(phone, pulse, "at the end")
        self.assertEqual(phone.stop(), 0)


if __name__ == "__main__":
    print(f"seed {SEED}")
    unittest.main(verbosity=2)
