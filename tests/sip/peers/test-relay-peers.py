#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay before programs that are not ours: Kamailio (UDP and TCP, as server and as outbound proxy), SIPp, baresip."""

import contextlib
import os
import subprocess
import tempfile
import unittest

from baresip import Baresip
from deskset import Phone, free_port, wait_until
from kamailio import Kamailio
from relay import Relay

USERS = {"1001": "secret1", "1002": "secret2"}
SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sipp")


class RelayPeers(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def open(self, peers, *rules):
        self.relay = self.stack.enter_context(Relay(peers, rules, seed=1))
        return self.relay

    def phone(self, name, cfg):
        phone = Phone(name, cfg)
        self.relay.name(name, "127.0.0.1", phone.sip_port)
        return self.stack.enter_context(phone)

    def lines(self):
        return [(entry["from"], entry["to"], entry["method"] or entry["status"]) for entry in self.relay.messages(kind="sip")
                if not entry["again"]]

    def packets(self, kind, sender, receiver):
        return sum(flow["packets"] for flow in self.relay.stats()
                   if (flow["kind"], flow["from"], flow["to"]) == (kind, sender, receiver))

    def talk(self, caller, called, number):
        caller.dial(number)
        called.wait("call:incoming", 15)
        called.answer()
        for phone in (caller, called):
            phone.wait("call:talking", 15)
            phone.wait("media:flowing", 15)
        wait_until(lambda: min(self.packets("rtp", *way) for way in (("p1001", "p1002"), ("p1002", "p1001"))) > 3, 15, "RTP both ways")
        called.hangup()
        for phone in (caller, called):
            phone.wait("call:none", 15)

    def kamailio(self, transport, proxy):
        server = self.stack.enter_context(Kamailio(USERS))
        relay = self.open({"kamailio": ("127.0.0.1", server.port)})
        rules = [relay.add(f"drop method={method} n=1") for method in ("REGISTER", "INVITE", "BYE")] if transport == 0 else []
        phones = []
        for user in USERS:
            if proxy:
                cfg = server.account_cfg(user, transport=transport) + (
                    "account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = 127.0.0.1\n"
                    f"account.1.outbound_proxy.1.port = {relay.port()}\n")
            else:
                real, server.port = server.port, relay.port()
                cfg = server.account_cfg(user, transport=transport)
                server.port = real
            phones.append(self.phone(f"p{user}", cfg))
            phones[-1].wait_registered(timeout=30)
        self.talk(phones[0], phones[1], "1002")
        for method in ("INVITE", "ACK", "BYE"):
            ways = {(sender, receiver) for sender, receiver, what in self.lines() if what == method}
            expected = {("p1001", "kamailio"), ("kamailio", "p1002")} if method != "BYE" else {("p1002", "kamailio"),
                                                                                              ("kamailio", "p1001")}
            self.assertLessEqual(expected, ways, self.lines())
        self.assertEqual([rule.fired for rule in rules], [1] * len(rules))

    def test_kamailio_udp(self):
        self.kamailio(0, False)

    def test_kamailio_tcp(self):
        self.kamailio(1, False)

    def test_kamailio_as_outbound_proxy(self):
        self.kamailio(0, True)

    def test_sipp(self):
        """SIPp demands each message as its scenario has it: a lost one has to be made up for."""
        port, n_calls = free_port(), 5
        relay = self.open({"sipp": ("127.0.0.1", port)}, "drop method=INVITE which=first every=2", "drop method=BYE which=first every=2",
                          "drop status=200 cseq=INVITE which=first n=1", "delay 50ms status=180")
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-sipp-"))
        process = subprocess.Popen(["sipp", "-sf", os.path.join(SCENARIOS, "called.xml"), "-i", "127.0.0.1", "-p", str(port), "-mp",
                                    str(free_port()), "-nostdin", "-timeout", "60", "-timeout_error", "-m", str(n_calls), "-t", "u1"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
        try:
            phone = self.phone("caller", "#!version:1.0.0.1\n")
            for _ in range(n_calls):
                phone.dial(relay.address("sipp"))
                phone.wait("call:talking", 20)
                phone.hangup()
                phone.wait("call:none", 10)
            output, _ = process.communicate(timeout=70)
            self.assertEqual(process.returncode, 0, output[-2000:])
        finally:
            process.kill()
            process.communicate()
        self.assertEqual([rule.fired for rule in relay.rules.rules][:3], [2, 2, 1])

    def test_baresip(self):
        baresip = self.stack.enter_context(Baresip())
        relay = self.open({"baresip": ("127.0.0.1", baresip.sip_port)}, "drop method=INVITE n=1", "drop rtp chance=5%")
        phone = self.phone("caller", "#!version:1.0.0.1\n")
        phone.dial(f"1002@{relay.address('baresip')}")
        baresip.accept()
        phone.wait("call:talking", 15)
        phone.wait("media:flowing", 15)
        relay.wait(lambda entry: entry["kind"] == "rtp" and entry["from"] == "baresip" and entry["done"] == ["dropped"], 15)
        baresip.hangup()
        phone.wait("call:none", 15)
        self.assertIn(("baresip", "caller", "BYE"), self.lines())


if __name__ == "__main__":
    unittest.main(verbosity=2)
