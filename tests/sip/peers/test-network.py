#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole phones in networks that change, break, lose packets or hide behind a NAT; each network is the test's own (netlab.py).

    test-network.py [CLASS…]        the classes below; all of them by default

Times without service are printed. Some tests are run only in full (DESKSET_TEST_FULL=1)."""

import contextlib
import math
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import wave

import netlab
from certificates import Authority
from deskset import Phone, PrivateBus, TimedOut, wait_until
from dns_server import DnsServer
from kamailio import Kamailio
from sip_client import SipClient

FULL = os.environ.get("DESKSET_TEST_FULL") == "1"
SEED = int(os.environ.get("DESKSET_TEST_SEED") or random.randrange(1 << 31))
# A sanitizer makes everything slower; the aims are those of the product.
SLOW = 4 if os.environ.get("DESKSET_SANITIZED") else 1
REGISTERED_S = 1.0
AUDIO_S = 2.0
TONES = ""


def make_tone(path):
    """A tone that comes and goes: each time it comes the far end hears it anew."""
    samples = [int(8000 * math.sin(2 * math.pi * 440 * i / 16000)) if i < 4000 else 0 for i in range(7200)]
    with wave.open(path, "w") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def bindings(server, user="1001"):
    """What the registrar knows of a user: a REGISTER without Contact asks (RFC 3261 §10.3)."""
    with server.node.inside():
        client = SipClient(server.address, server.port, user, server.users[user])
    with client:
        return ", ".join(client.register(expires=None, contact="").all("contact"))


class Network(unittest.TestCase):
    """A server at 10.1.0.1, phones at 10.1.0.10 and 10.1.0.20."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.lab = self.stack.enter_context(netlab.Lab())
        self.lan = self.lab.switch("lan")
        self.server = self.lab.node("server").plug(self.lan, "10.1.0.1/24")
        self.desk = self.lab.node("desk").plug(self.lan, "10.1.0.10/24", gateway="10.1.0.1")
        self.far = self.lab.node("far").plug(self.lan, "10.1.0.20/24", gateway="10.1.0.1")

    def serve(self, address="10.1.0.1", **options):
        return self.stack.enter_context(Kamailio({"1001": "alice", "1002": "bob"}, address, node=self.server, **options))

    def phone(self, user, node, server, *, transport=0, extra="", address=None, start=True, **options):
        cfg = server.account_cfg(user, transport=transport, expires=60)
        if address:
            cfg = re.sub(r"(sip_server\.1\.address = ).*", rf"\g<1>{address}", cfg)
        cfg += "deskset.audio.tone_detector = 1\naccount.1.reg_fail_retry_interval = 2\n" + extra
        phone = Phone(user, cfg, node=node, audio=f"file:{TONES},", **options)
        return self.stack.enter_context(phone) if start else phone

    def talk(self, caller, called, number="1002"):
        since = called.seq()
        caller.dial(number)
        called.wait("call:incoming", 15, since=since)
        called.answer()
        caller.wait("call:talking", 15)
        self.hear(caller, called)

    def hear(self, *phones, timeout=5.0):
        """Until each has heard the tone anew; the time that took."""
        began = time.monotonic()
        marks = [phone.seq() for phone in phones]
        for phone, mark in zip(phones, marks):
            phone.wait("heard:440", timeout * SLOW, since=mark)
        return time.monotonic() - began

    def took(self, what, seconds, aim):
        print(f"{self.id().split('.', 1)[1]}: {what} after {seconds:.2f} s (aim {aim:.1f} s)", flush=True)
        self.assertLessEqual(seconds, aim * SLOW, what)

    def registered_after(self, phone, since, began, what="registered again"):
        phone.wait("account:1:registered", 10 * SLOW, since=since)
        self.took(what, time.monotonic() - began, REGISTERED_S)

    def hang_up(self, one, other):
        since = other.seq()
        one.hangup()
        other.wait("call:none", 10, since=since)
        one.wait("call:none", 10)
        self.assertTrue(all(call["state"] == "ended" for call in one.calls() + other.calls()))


class Address(Network):
    """Another address while a call runs."""

    def move(self, transport, extra="", **options):
        server = self.serve(**options)
        address = server.address
        alice = self.phone("1001", self.desk, server, transport=transport, address=address, extra=extra)
        bob = self.phone("1002", self.far, server, transport=transport, address=address, extra=extra)
        alice.wait_registered()
        bob.wait_registered()
        self.talk(alice, bob)
        self.desk.change_address("10.1.0.10/24", "10.1.0.11/24")
        self.took("both hear the tone again", self.hear(alice, bob), AUDIO_S)
        self.assertTrue(alice.holds("account:1:registered"), alice.describe())
        # Nothing but the new address is left: hold, resume and the end work from the far side, and from ours.
        bob.command("hold")
        bob.wait("call:held", 10)
        alice.wait("screen:Talking", 5)
        bob.command("resume")
        bob.wait("call:talking", 10)
        self.hear(alice, bob)
        # Once more, on hold, at the other end.
        bob.command("hold")
        bob.wait("call:held", 10)
        self.far.change_address("10.1.0.20/24", "10.1.0.21/24")
        wait_until(lambda: "10.1.0.21" in bindings(server, "1002"), 5, "bob at his new address")
        bob.command("resume")
        bob.wait("call:talking", 10)
        self.hear(alice, bob)
        self.hang_up(bob, alice)
        # A new call finds both.
        self.talk(bob, alice, "1001")
        self.hang_up(alice, bob)

    def test_udp(self):
        self.move(0)

    @unittest.skipUnless(FULL or SEED % 2 == 0, "this time TLS; both in full")
    def test_tcp(self):
        self.move(1)

    @unittest.skipUnless(FULL or SEED % 2 == 1, "this time TCP; both in full")
    def test_tls(self):
        authority = self.stack.enter_context(Authority())
        self.move(2, f"deskset.tls.ca_file = {authority.certificate}\n",
                  certificate=authority.issue("10.1.0.1", addresses=["10.1.0.1"]))

    @unittest.skipUnless(FULL, "in full only")
    def test_far_end_does_not_follow(self):
        """Nothing of what they say reaches the new address: the call ends, and its page says why."""
        server = self.serve()
        alice = self.phone("1001", self.desk, server)
        bob = self.phone("1002", self.far, server)
        alice.wait_registered()
        bob.wait_registered()
        self.talk(alice, bob)
        self.server.cut("10.1.0.11")
        since = alice.seq()
        self.desk.change_address("10.1.0.10/24", "10.1.0.11/24")
        alice.wait("call:ended", 40, since=since)
        self.assertRegex(alice.text(), "Call failed!|no response")

    def test_old_contact_is_taken_away(self):
        server = self.serve()
        alice = self.phone("1001", self.desk, server)
        alice.wait_registered()
        self.assertIn("10.1.0.10", bindings(server))
        began = time.monotonic()
        self.desk.change_address("10.1.0.10/24", "10.1.0.11/24")
        wait_until(lambda: "10.1.0.11" in bindings(server), 5, "the new contact")
        self.took("new contact", time.monotonic() - began, REGISTERED_S)
        wait_until(lambda: "10.1.0.10:" not in bindings(server), 5, "the old contact is gone")
        self.assertTrue(alice.holds("account:1:registered"), alice.describe())


class Link(Network):
    """Interface, cable, route, and a phone that is started without any."""

    def test_interface_down_and_up(self):
        server = self.serve()
        alice = self.phone("1001", self.desk, server)
        alice.wait_registered()
        for cut, mend in ((self.desk.down, self.desk.up), (self.desk.unplug, self.desk.plug_in)):
            since = alice.seq()
            cut()
            alice.wait("screen:Network unavailable!", 5, since=since)
            since = alice.seq()
            mend()
            self.registered_after(alice, since, time.monotonic())
            self.assertNotIn("Network unavailable!", alice.text())
            self.assertNotIn("No Service", alice.text())

    def test_in_a_call(self):
        """The call stays; the far end hears us again as soon as the cable is back."""
        server = self.serve()
        alice = self.phone("1001", self.desk, server, transport=1)
        bob = self.phone("1002", self.far, server, transport=1)
        alice.wait_registered()
        bob.wait_registered()
        self.talk(alice, bob)
        since = alice.seq()
        self.desk.unplug()
        alice.wait("screen:Network unavailable!", 5, since=since)
        self.assertTrue(alice.holds("call:talking"))
        self.desk.plug_in()
        # The kernel asks for a neighbour that was silent once a second.
        self.took("both hear the tone again", self.hear(alice, bob), AUDIO_S + 1)
        self.assertNotIn("Network unavailable!", alice.text())
        self.hang_up(alice, bob)

    def test_started_without_network(self):
        server = self.serve()
        self.desk.down()
        alice = self.phone("1001", self.desk, server)
        alice.wait("screen:Network unavailable!", 10, since=0)
        since = alice.seq()
        self.desk.up()
        self.registered_after(alice, since, time.monotonic(), "registered")
        bob = self.phone("1002", self.far, server)
        bob.wait_registered()
        self.talk(bob, alice, "1001")
        self.hang_up(bob, alice)

    def test_default_route(self):
        """The server is elsewhere, and the way to it goes and comes."""
        self.server.plug(self.lab.switch("elsewhere"), "10.9.0.1/24")
        server = self.serve("10.9.0.1")
        alice = self.phone("1001", self.desk, server)
        alice.wait_registered()
        since = alice.seq()
        self.desk.remove_route()
        alice.wait("account:1:failed", 10, since=since)
        self.assertIn("No Service", alice.text())
        since = alice.seq()
        self.desk.add_route("10.1.0.1")
        self.registered_after(alice, since, time.monotonic())


class Server(Network):
    """The registrar, its name, and the name server."""

    def test_registrar_gone_and_back(self):
        server = self.serve()
        alice = self.phone("1001", self.desk, server, extra="account.1.sip_server.1.expires = 10\n")
        alice.wait_registered()
        server.stop()
        since = alice.seq()
        alice.command("register")
        alice.wait("account:1:failed", 30, since=since)
        since = alice.seq()
        server.start()
        began = time.monotonic()
        alice.wait("account:1:registered", 15 * SLOW, since=since)
        # It tries again every 1 to 2 s at first, then less often.
        self.took("registered again", time.monotonic() - began, 8)

    def test_dns_gone_and_back(self):
        server = self.serve()
        with DnsServer("10.1.0.1", node=self.server) as dns:
            self.desk.set_dns("10.1.0.1")
            dns.a("pbx.test", "10.1.0.1", ttl=1)
            dns.silence()
            alice = self.phone("1001", self.desk, server, address="pbx.test")
            alice.wait("account:1:failed", 20, since=0)
            account = alice.accounts()[0]
            print(f"{self.id().split('.', 1)[1]}: {account['status']} {account['reason']}")
            self.assertEqual(account["status"], 503)
            self.assertRegex(account["reason"], "(?i)dns|name|found")
            self.assertGreater(dns.count("pbx.test"), 0)
            dns.fail("pbx.test", dns.SERVFAIL)
            since = alice.seq()
            alice.wait("account:1:failed", 20, since=since)
            dns.heal()
            since, began = alice.seq(), time.monotonic()
            alice.wait("account:1:registered", 20 * SLOW, since=since)
            self.took("registered", time.monotonic() - began, 8)

    def test_srv_failover_and_failback(self):
        """Two servers by SRV: the second serves when the first is gone, and the first again when it is back."""
        first = self.serve()
        self.server.add_address("10.1.0.2/24")
        second = self.serve("10.1.0.2")
        with DnsServer("10.1.0.1", node=self.server) as dns:
            for node in (self.desk, self.far):
                node.set_dns("10.1.0.1")
            dns.naptr("x.test", "SIP+D2U", "_sip._udp.x.test", ttl=2)
            dns.srv("_sip._udp.x.test", "a.x.test", 5060, priority=1, ttl=2)
            dns.srv("_sip._udp.x.test", "b.x.test", 5060, priority=2, ttl=2)
            dns.a("a.x.test", "10.1.0.1", ttl=2)
            dns.a("b.x.test", "10.1.0.2", ttl=2)
            alice = self.phone("1001", self.desk, first, address="x.test", transport=3, extra=(
                "account.1.sip_server.1.port = 0\naccount.1.sip_server.1.expires = 12\n"
                "account.1.sip_server.1.retry_counts = 1\naccount.1.sip_server.1.failback_mode = 1\n"))
            alice.wait_registered()
            self.assertIn("10.1.0.10", bindings(first))
            self.assertNotIn("10.1.0.10", bindings(second))
            first.stop()
            since, began = alice.seq(), time.monotonic()
            alice.command("register")
            wait_until(lambda: "10.1.0.10" in bindings(second), 15 * SLOW, "registered at the second")
            self.took("registered at the second", time.monotonic() - began, 4)
            alice.wait("account:1:registered", 5, since=since)
            first.start()
            began = time.monotonic()
            wait_until(lambda: "10.1.0.10" in bindings(first), 40 * SLOW, "registered at the first again")
            self.took("registered at the first again", time.monotonic() - began, 20)


class Lossy(Network):
    """A fifth of all SIP packets is lost, each way."""

    def test_calls_complete(self):
        server = self.serve()
        self.server.lose(20, ports=[5060])
        alice = self.phone("1001", self.desk, server)
        bob = self.phone("1002", self.far, server)
        began = time.monotonic()
        alice.wait_registered(timeout=60 * SLOW)
        bob.wait_registered(timeout=60 * SLOW)
        print(f"lossy: both registered after {time.monotonic() - began:.2f} s")
        for _ in range(12 if FULL else 3):
            since = bob.seq()
            began = time.monotonic()
            alice.dial("1002")
            try:
                bob.wait("call:incoming", 32, since=since)
                bob.answer()
                alice.wait("call:talking", 32)
            except TimedOut as error:
                raise AssertionError(f"{error}\n{alice.describe()}\n{server.log()}") from error
            bob.wait("call:talking", 32, since=since)
            connected = time.monotonic() - began
            since = bob.seq()
            alice.hangup()
            began = time.monotonic()
            bob.wait("call:none", 32, since=since)
            print(f"lossy: talking after {connected:.2f} s, ended after {time.monotonic() - began:.2f} s")
        self.assertGreater(self.server.lost(), 3)
        self.server.mend()
        alice.wait("call:none", 40)


class Nat(Network):
    """A phone at home, behind a router that forgets a mapping after 18 s without traffic."""

    def call_through(self, extra):
        # The server knows nothing of NATs: the phone has to tell it where it is seen.
        extra += "account.1.nat.udp_update_time = 15\naccount.1.nat.rport = 2\n"
        home = self.lab.switch("home")
        router = self.lab.node("router").plug(self.lan, "10.1.0.2/24").plug(home, "192.168.7.1/24")
        router.masquerade("eth0", udp_timeout_s=18)
        inner = self.lab.node("inner").plug(home, "192.168.7.10/24", gateway="192.168.7.1")
        server = self.serve()
        alice = self.phone("1001", inner, server, extra=extra)
        bob = self.phone("1002", self.far, server)
        alice.wait_registered()
        bob.wait_registered()
        # Longer than the router remembers: only the keep-alive holds the way open.
        time.sleep(21)
        self.talk(bob, alice, "1001")
        time.sleep(21 if FULL else 0)
        bob.command("hold")
        bob.wait("call:held", 10)
        bob.command("resume")
        bob.wait("call:talking", 10)
        self.hear(alice, bob)
        time.sleep(21 if FULL else 0)
        self.hang_up(bob, alice)

    def test_keep_alive_by_blank_packets(self):
        self.call_through("account.1.nat.udp_update_enable = 1\n")

    @unittest.skipUnless(FULL, "in full only")
    def test_keep_alive_by_options(self):
        self.call_through("account.1.nat.udp_update_enable = 2\n")


LOGIND = """
import sys
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync (Gio.BusType.SYSTEM, None)
Gio.bus_own_name_on_connection (bus, "org.freedesktop.login1", 0, None, None)
loop = GLib.MainLoop ()
def on_line (source, condition):
    line = sys.stdin.readline ()
    if not line:
        loop.quit ()
        return False
    bus.emit_signal (None, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
                     GLib.Variant ("(b)", (line.strip () == "sleep",)))
    bus.flush_sync (None)
    print ("told", flush=True)
    return True
GLib.io_add_watch (0, GLib.IO_IN | GLib.IO_HUP, on_line)
print ("ready", flush=True)
loop.run ()
"""


class Suspend(Network):
    """logind says that the machine is awake again; it is a mock on a system bus of the test's own."""

    def test_registered_at_once(self):
        server = self.serve()
        bus = self.stack.enter_context(PrivateBus())
        logind = subprocess.Popen(["/usr/bin/python3", "-c", LOGIND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus.address})
        self.addCleanup(logind.wait)
        self.addCleanup(logind.stdin.close)
        self.addCleanup(logind.stdout.close)
        self.assertEqual(logind.stdout.readline().strip(), "ready")
        alice = self.phone("1001", self.desk, server, env={"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "DESKSET_DEBUG": "network"})
        alice.wait_registered()
        wait_until(lambda: "logind: going" in self.tell(logind, "sleep", alice), 10, "the phone listens to logind")
        # The registrar forgot us meanwhile.
        server.stop()
        server.start()
        self.assertNotIn("10.1.0.10", bindings(server))
        began = time.monotonic()
        self.tell(logind, "wake", alice)
        wait_until(lambda: "10.1.0.10" in bindings(server), 5 * SLOW, "registered again")
        self.took("registered again", time.monotonic() - began, REGISTERED_S)

    def tell(self, logind, what, phone):
        logind.stdin.write(what + "\n")
        logind.stdin.flush()
        self.assertEqual(logind.stdout.readline().strip(), "told")
        time.sleep(0.05)
        return phone.log()


def main():
    global TONES
    netlab.enter()
    print(f"seed {SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="deskset-network-") as folder:
        TONES = os.path.join(folder, "tone.wav")
        make_tone(TONES)
        unittest.main(verbosity=2, argv=[sys.argv[0], *sys.argv[1:]])


if __name__ == "__main__":
    main()
