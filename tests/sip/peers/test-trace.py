#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages that a phone keeps: `desksetctl trace` as text, for programs and as a capture, of a call through Kamailio."""

import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

from deskset import Phone, Refused, Usage
from kamailio import Kamailio

USERS = {"1001": "secret1", "1002": "secret2"}


def settings(server, user, more=""):
    return ("#!version:1.0.0.1\naccount.1.enable = 1\n"
            f"account.1.user_name = {user}\naccount.1.auth_name = {user}\naccount.1.password = {USERS[user]}\n"
            f"account.1.sip_server.1.address = 127.0.0.1\naccount.1.sip_server.1.port = {server.port}\n{more}")


def packets(path):
    """(source port, destination port, payload) of each packet of a capture."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, _, _, _, _, link = struct.unpack(">IHHIIII", data[:24])
    assert (magic, link) == (0xa1b2c3d4, 101)
    at = 24
    while at < len(data):
        length = struct.unpack(">I", data[at + 8:at + 12])[0]
        packet = data[at + 16:at + 16 + length]
        at += 16 + length
        head = (packet[0] & 15) * 4
        source, target = struct.unpack(">HH", packet[head:head + 4])
        skip = 8 if packet[9] == 17 else (packet[head + 12] >> 4) * 4
        yield source, target, packet[head + skip:]


class Trace(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deskset-trace-")
        self.addCleanup(self.folder.cleanup)

    def call(self, transport):
        """Two phones that have called each other; what the caller keeps of it."""
        server = self.enterContext(Kamailio(USERS))
        more = f"account.1.sip_server.1.transport_type = {transport}\n"
        caller = self.enterContext(Phone("caller", settings(server, "1001", more)))
        called = self.enterContext(Phone("called", settings(server, "1002", more + "account.1.auto_answer = 1\n"
                                                            "features.auto_answer_delay = 0\n")))
        for phone in (caller, called):
            phone.wait("account:1:registered", 20)
        caller.dial("1002")
        caller.wait("call:talking", 20)
        caller.key("F_HOLD")
        caller.wait("call:held")
        caller.key("F4")
        caller.wait("call:none")
        self.assertEqual(called.wait("call:none", 20)["met"], True)
        return caller

    def check(self, transport):
        caller = self.call(transport)
        kept = json.loads(caller.ctl("trace", "--call", "1", "--json").stdout)["messages"]
        steps = [("> " if m["sent"] else "< ") + m["message"] for m in kept if m["message"] != "100 trying -- your call is important to us"
                 and not m["again"]]
        self.assertEqual([re.sub(r"407 .*", "407", step) for step in steps],
                         ["> INVITE", "< 407", "> ACK", "> INVITE", "< 180 Ringing", "< 200 OK", "> ACK", "> INVITE", "< 200 OK",
                          "> ACK", "> BYE", "< 200 OK"])
        self.assertEqual({m["call"] for m in kept}, {1})
        self.assertEqual({m["transport"] for m in kept}, {("UDP", "TCP", "TLS")[transport]})
        return caller, kept

    def check_capture(self, caller, kept):
        path = os.path.join(self.folder.name, "call.pcap")
        caller.ctl("trace", "--call", "1", "--pcap", path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        captured = list(packets(path))
        self.assertEqual([payload.decode() for _, _, payload in captured], [m["text"] for m in kept])
        self.assertEqual([(source, target) for source, target, _ in captured],
                         [(m["local_port"], m["remote_port"]) if m["sent"] else (m["remote_port"], m["local_port"]) for m in kept])
        if shutil.which("tshark"):
            port = kept[0]["remote_port"]
            decode = [f"{kind}.port=={port},sip" for kind in ("udp", "tcp")]
            shown = subprocess.run(["tshark", "-r", path, *(word for one in decode for word in ("-d", one)), "-T", "fields",
                                    "-e", "sip.CSeq.method"], capture_output=True, text=True, check=True).stdout.split()
            self.assertEqual(shown, [re.search(r"(?m)^CSeq: *\d+ +(\w+)", m["text"]).group(1) for m in kept])

    def test_udp(self):
        caller, kept = self.check(0)
        self.check_capture(caller, kept)
        text = caller.ctl("trace", "--call", "1").stdout
        self.assertIn("|------------ INVITE ------------>|", text)
        self.assertEqual(text.count("\nF"), len(kept))
        whole = caller.ctl("trace", "--verbose").stdout
        for secret in USERS.values():
            self.assertNotIn(secret, whole)
        self.assertIn("Authorization: ***", whole)
        self.assertNotIn("response=", whole)

    def test_tcp(self):
        self.check_capture(*self.check(1))

    def test_bounds_and_words(self):
        phone = self.enterContext(Phone("alone"))
        phone.set("deskset.trace.max_messages", "5")
        for _ in range(8):
            phone.dial("127.0.0.1:9")
            phone.wait("call:none", 20)
        answer = json.loads(phone.ctl("trace", "--json").stdout)
        self.assertEqual((len(answer["messages"]), answer["lost"] > 0), (5, True))
        phone.set("deskset.trace.max_messages", "0")
        self.assertEqual(json.loads(phone.ctl("trace", "--json").stdout)["messages"], [])
        with self.assertRaises(Usage):
            phone.ctl("trace", "--json", "--pcap", "x")
        with self.assertRaises(Usage):
            phone.ctl("trace", "--call", "0")
        with self.assertRaises(Refused):
            phone.ctl("trace", "--pcap", os.path.join(self.folder.name, "no", "such"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
