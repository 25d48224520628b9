#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks and the name server that other tests rely on do what they say."""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
import unittest

import netlab
from deskset import wait_until
from dns_server import DnsServer, _pack_name


def datagram(address=("0.0.0.0", 0)):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(address)
    return one


def receive(one, timeout=0.3):
    ready, _, _ = select.select([one], [], [], timeout)
    return one.recvfrom(2048) if ready else None


class Networks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = cls.enterClassContext(netlab.Lab())
        cls.lan = cls.lab.switch("lan")
        cls.server = cls.lab.node("server").plug(cls.lan, "10.1.0.1/24", "fd00:1::1/64")
        cls.desk = cls.lab.node("desk").plug(cls.lan, "10.1.0.10/24", "fd00:1::10/64", gateway="10.1.0.1")

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def open(self, node, address=("0.0.0.0", 0)):
        with node.inside():
            return self.stack.enter_context(datagram(address))

    def passes(self, source, target, address, count=1):
        """How many of `count` packets arrive."""
        for _ in range(count):
            with contextlib.suppress(OSError):
                source.sendto(b"x", address)
        arrived = 0
        while receive(target, 0.3):
            arrived += 1
        return arrived

    def test_addresses_cables_and_routes(self):
        here, there = self.open(self.desk), self.open(self.server, ("0.0.0.0", 5060))
        to = ("10.1.0.1", 5060)
        self.assertEqual(self.passes(here, there, to), 1)
        for name, cut, mend in (("interface", self.desk.down, self.desk.up), ("cable", self.desk.unplug, self.desk.plug_in),
                                ("rules", lambda: self.server.cut("10.1.0.10"), self.server.mend)):
            cut()
            self.assertEqual(self.passes(here, there, to), 0)
            mend()
            # A neighbour that did not answer is asked again by the kernel after up to a second.
            wait_until(lambda: self.passes(here, there, to) > 0, 4, name)
        while receive(there, 0):
            pass
        self.desk.change_address("10.1.0.10/24", "10.1.0.11/24")
        here.sendto(b"x", to)
        self.assertEqual(receive(there)[1][0], "10.1.0.11")
        self.assertIn("default via 10.1.0.1", self.desk.run("ip", "route"))
        self.desk.remove_route()
        self.assertNotIn("default", self.desk.run("ip", "route"))
        self.desk.change_address("10.1.0.11/24", "10.1.0.10/24")
        self.desk.add_route("10.1.0.1")

    def test_loss(self):
        here, there = self.open(self.desk), self.open(self.server, ("0.0.0.0", 5060))
        back = ("10.1.0.10", here.getsockname()[1])
        self.server.lose(50, ports=[5060])
        for source, target, address in ((here, there, ("10.1.0.1", 5060)), (there, here, back)):
            # 400 throws of a coin: outside of this once in a billion runs.
            arrived = self.passes(source, target, address, 400)
            self.assertTrue(135 < arrived < 265, arrived)
        self.assertGreater(self.server.lost(), 200)
        other = self.open(self.server)
        self.assertEqual(self.passes(here, other, ("10.1.0.1", other.getsockname()[1]), 50), 50)
        self.server.mend()
        self.assertEqual(self.passes(here, there, ("10.1.0.1", 5060), 50), 50)

    def test_nat(self):
        home = self.lab.switch("home")
        self.lab.node("router").plug(self.lan, "10.1.0.2/24").plug(home, "192.168.7.1/24").masquerade("eth0", 2)
        inner = self.lab.node("inner").plug(home, "192.168.7.10/24", gateway="192.168.7.1")
        here, there = self.open(inner), self.open(self.server, ("0.0.0.0", 5060))
        here.sendto(b"out", ("10.1.0.1", 5060))
        mapped = receive(there)[1]
        self.assertEqual(mapped[0], "10.1.0.2")
        there.sendto(b"in", mapped)
        self.assertEqual(receive(here)[0], b"in")
        # A stranger does not get through, and neither does the server once the mapping is old.
        self.assertEqual(self.passes(self.open(self.desk), here, mapped), 0)
        time.sleep(3.5)
        self.assertEqual(self.passes(there, here, mapped), 0)


class Traces(unittest.TestCase):
    def test_nothing_is_left(self):
        with netlab.Lab() as lab:
            lab.node("desk").plug(lab.switch("lan"))
            links = {link["ifname"] for link in json.loads(self.run_here("ip", "-j", "link"))}
            self.assertEqual(links, {"lo", "lan", "port1"})
            self.assertEqual(json.loads(self.run_here("ip", "-j", "netns"))[0]["name"], "desk")
            with (open("/proc/self/mounts", encoding="ascii") as mounts,
                  open(f"/proc/{os.getppid()}/mounts", encoding="ascii") as outside):
                self.assertIn("/run/netns/desk", mounts.read())
                self.assertNotIn("/run/netns/desk", outside.read())
        self.assertEqual({link["ifname"] for link in json.loads(self.run_here("ip", "-j", "link"))}, {"lo"})
        self.assertEqual(self.run_here("ip", "netns"), "")

    @staticmethod
    def run_here(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Names(Networks):
    def setUp(self):
        super().setUp()
        self.dns = self.stack.enter_context(DnsServer("10.1.0.1", node=self.server))
        self.desk.set_dns("10.1.0.1")

    def look_up(self, name, kind="AF_INET"):
        """As any program on that machine does."""
        code = ("import socket, sys\ntry: print(*sorted({a[4][0] for a in socket.getaddrinfo(sys.argv[1], None, "
                "getattr(socket, sys.argv[2]))}))\nexcept socket.gaierror as e: print(e.errno)")
        with self.desk.popen(sys.executable, "-c", code, name, kind, stdout=subprocess.PIPE, text=True) as process:
            return process.communicate(timeout=20)[0].strip()

    def ask(self, name, kind, stream=False):
        """The code and the answers' bytes for a query of our own."""
        query = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + _pack_name(name) + struct.pack("!2H", kind, 1)
        with self.desk.inside():
            if stream:
                with socket.create_connection(("10.1.0.1", 53), 2) as one:
                    one.sendall(struct.pack("!H", len(query)) + query)
                    length = struct.unpack("!H", one.recv(2))[0]
                    reply = one.recv(length, socket.MSG_WAITALL)
            else:
                with datagram() as one:
                    one.sendto(query, ("10.1.0.1", 53))
                    reply = receive(one)
                    if reply is None:
                        return None
                    reply = reply[0]
        flags, n_answers = struct.unpack_from("!2xHxxH", reply)
        return flags, n_answers, reply[len(query):]

    def test_addresses(self):
        self.dns.a("one.test", "10.9.9.9")
        self.dns.aaaa("one.test", "fd00:9::9")
        self.dns.cname("alias.test", "One.test")
        self.assertEqual(self.look_up("one.test"), "10.9.9.9")
        self.assertEqual(self.look_up("ALIAS.test"), "10.9.9.9")
        self.assertEqual(self.look_up("one.test", "AF_INET6"), "fd00:9::9")
        self.assertEqual(self.look_up("two.test"), str(socket.EAI_NONAME))
        self.dns.remove("one.test", "A")
        self.assertEqual(self.look_up("one.test"), str(socket.EAI_NODATA if hasattr(socket, "EAI_NODATA") else -5))
        self.assertGreaterEqual(self.dns.count("one.test", "A"), 2)
        self.assertEqual(self.look_up("localhost"), "127.0.0.1")

    def test_services(self):
        self.dns.srv("_sip._udp.x.test", "a.x.test", 5070, priority=1, weight=2, ttl=33)
        self.dns.naptr("x.test", "SIP+D2U", "_sip._udp.x.test", order=3, preference=4, ttl=5)
        flags, n, data = self.ask("_sip._udp.x.test", 33)
        self.assertEqual((flags & 15, n), (0, 1))
        self.assertEqual(data[18:], struct.pack("!HHIH3H", 33, 1, 33, 16, 1, 2, 5070) + b"\1a\1x\4test\0")
        flags, n, data = self.ask("x.test", 35)
        self.assertEqual(data[8:], struct.pack("!HHIHHH", 35, 1, 5, 33, 3, 4) + b"\1S\7SIP+D2U\0" + _pack_name("_sip._udp.x.test"))

    def test_faults(self):
        self.dns.a("one.test", "10.9.9.9")
        self.dns.silence()
        self.assertIsNone(self.ask("one.test", 1))
        began = time.monotonic()
        self.assertEqual(self.look_up("one.test"), str(socket.EAI_AGAIN))
        self.assertTrue(0.8 < time.monotonic() - began < 3)
        self.dns.heal()
        self.dns.fail("one.test", self.dns.SERVFAIL)
        self.assertEqual(self.ask("one.test", 1)[0] & 15, 2)
        self.assertEqual(self.ask("two.test", 1)[0] & 15, 3)
        self.dns.heal()
        self.assertEqual(self.ask("one.test", 1)[:2], (0x8580, 1))
        # Too much for a datagram: the client comes again over TCP.
        for number in range(60):
            self.dns.a("many.test", f"10.8.0.{number}")
        self.assertTrue(self.ask("many.test", 1)[0] & 0x200)
        self.assertEqual(self.ask("many.test", 1, stream=True)[1], 60)
        self.assertEqual(len(self.look_up("many.test").split()), 60)
        with self.desk.inside(), datagram() as one:
            for junk in (b"", b"\0", b"\0" * 12, b"\xff" * 40, struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\x3fa"):
                one.sendto(junk, ("10.1.0.1", 53))
        self.assertEqual(self.look_up("one.test"), "10.9.9.9")

    def test_servers_come_and_go(self):
        self.dns.a("one.test", "10.9.9.9")
        self.desk.set_dns("10.1.0.77")
        self.assertEqual(self.look_up("one.test"), str(socket.EAI_AGAIN))
        self.desk.set_dns("10.1.0.77", "10.1.0.1")
        self.assertEqual(self.look_up("one.test"), "10.9.9.9")
        self.desk.set_dns(None)
        self.assertEqual(self.look_up("one.test"), str(socket.EAI_AGAIN))


for _name in [name for name in dir(Networks) if name.startswith("test_")]:
    setattr(Names, _name, None)     # once is enough

if __name__ == "__main__":
    netlab.enter()
    unittest.main(verbosity=2)
