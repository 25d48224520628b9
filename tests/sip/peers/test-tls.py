#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole headless phones over TLS: calls through Kamailio, and every way in which a certificate can be wrong. A refusal is told in
words and at once, and nothing of it ever goes out in the clear."""

import contextlib
import socket
import threading
import time
import unittest

from certificates import Authority
from deskset import Phone, free_port, wait_until
from kamailio import Kamailio

USERS = {"1001": "secret1", "1002": "secret2"}
TLS = 2
IN_WORDS_S = 3      # how soon the LCD must say what is wrong


class Trap:
    """Listens for anything in the clear on the UDP side of a port, and holds TCP connections without a word when asked to."""

    def __init__(self, port, tcp=False):
        self.heard = []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", port))
        self.tcp = socket.create_server(("127.0.0.1", port)) if tcp else None
        self.kept = []
        threading.Thread(target=self._listen, daemon=True).start()
        if tcp:
            threading.Thread(target=self._accept, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                self.heard.append(self.udp.recv(65536))

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.kept.append(self.tcp.accept()[0])

    def said_in_the_clear(self):
        for connection in self.kept:
            connection.setblocking(False)
            with contextlib.suppress(OSError):
                self.heard.append(connection.recv(65536))
        return [data for data in self.heard if b"SIP/2.0" in data]

    def close(self):
        for each in (self.udp, self.tcp, *self.kept):
            if each:
                each.close()


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.authority = self.stack.enter_context(Authority())
        self.good = self.authority.issue("localhost", dns=["localhost"])

    def server(self, certificate=None, **options):
        return self.stack.enter_context(Kamailio(USERS, certificate=certificate or self.good, **options))

    def phone(self, server, user="1001", ca=None, more="", **options):
        cfg = server.account_cfg(user, transport=TLS, **options)
        cfg += f"deskset.tls.ca_file = {ca or self.authority.certificate}\n{more}"
        return self.stack.enter_context(Phone(f"p{user}", cfg))

    def assert_refused(self, phone, words, port):
        start = time.monotonic()
        phone.wait("account:1:failed", timeout=IN_WORDS_S + 5, since=0)
        self.assertLess(time.monotonic() - start, IN_WORDS_S)
        self.assertEqual(phone.accounts()[0]["reason"], words)
        self.assertEqual(phone.accounts()[0]["status"], 503)
        # Status > Accounts says it in full, and so does a call that is tried all the same.
        for key in ("OK", "3"):
            phone.key(key)
        wait_until(lambda: words in phone.text(), 3, f"the LCD says {words}")
        phone.key("X", "X")


class Calls(TlsTest):
    def test_calls_both_ways(self):
        server = self.server()
        first, second = self.phone(server, "1001"), self.phone(server, "1002")
        for phone in (first, second):
            phone.wait_registered(timeout=15)
        for caller, called, number in ((first, second, "1002"), (second, first, "1001")):
            with self.subTest(number=number):
                caller.dial(number)
                called.wait("call:incoming", 10)
                called.answer()
                for phone in (caller, called):
                    phone.wait("call:talking", 10)
                    phone.wait("media:flowing", 10)
                caller.key("F_HOLD")
                caller.wait("screen:Hold", 10)
                caller.key("F_HOLD")
                caller.wait("call:talking", 10)
                before = caller.seq()
                called.hangup()
                caller.wait("call:ended", 10, since=before)
                for phone in (caller, called):
                    phone.wait("idle", 15)

    def test_sips_address(self):
        server = self.server()
        caller, called = self.phone(server, "1001"), self.phone(server, "1002")
        for phone in (caller, called):
            phone.wait_registered(timeout=15)
        caller.dial(f"sips:1002@localhost:{server.tls_port}")
        called.wait("call:incoming", 10)
        called.answer()
        caller.wait("call:talking", 10)
        caller.hangup()
        called.wait("idle", 15)

    def test_server_gone_and_back(self):
        """The connection breaks; the phone registers again by itself on a new one, and calls come in on that."""
        server = self.server()
        phone = self.phone(server, "1001", retry=1, expires=30)
        phone.wait_registered(timeout=15)
        before = phone.seq()
        server.stop()
        phone.dial("1002")
        phone.wait("call:ended", 25)
        phone.wait("account:1:failed", 25, since=before)
        before = phone.seq()
        server.start()
        phone.wait("account:1:registered", 25, since=before)


class Refused(TlsTest):
    def test_unknown_authority(self):
        server = self.server()
        stranger = self.stack.enter_context(Authority("Another authority"))
        trap = Trap(server.tls_port)
        self.addCleanup(trap.close)
        phone = self.phone(server, ca=stranger.certificate)
        self.assert_refused(phone, "Certificate not trusted!", server.tls_port)
        phone.dial("1002")
        wait_until(lambda: "Account is invalid!" in phone.text(), 5, "the call is refused as well")
        self.assertEqual(trap.said_in_the_clear(), [])

    def test_call_without_account(self):
        """A secure address that is dialled, at a server that nobody vouches for."""
        server = self.server()
        stranger = self.stack.enter_context(Authority("Another authority"))
        phone = self.stack.enter_context(Phone("direct", f"deskset.tls.ca_file = {stranger.certificate}\n"))
        phone.dial(f"sips:1002@127.0.0.1:{server.tls_port}")
        phone.wait("call:ended", IN_WORDS_S)
        self.assertIn("Certificate not trusted!", phone.text())

    def test_other_name(self):
        server = self.server(self.authority.issue("sip.example.test", dns=["sip.example.test"]))
        self.assert_refused(self.phone(server), "Certificate of another server!", server.tls_port)

    def test_expired(self):
        server = self.server(self.authority.issue("localhost", dns=["localhost"], expired=True))
        self.assert_refused(self.phone(server), "Certificate expired!", server.tls_port)

    def test_address_among_names(self):
        """The library reads no IP addresses in a certificate that has names: said at once instead of timed out."""
        server = self.server(self.authority.issue("localhost", dns=["localhost"], addresses=["127.0.0.1"]))
        cfg = server.account_cfg("1001", transport=TLS).replace("= localhost", "= 127.0.0.1")
        phone = self.stack.enter_context(Phone("p1001", cfg + f"deskset.tls.ca_file = {self.authority.certificate}\n"))
        self.assert_refused(phone, "Certificate of another server!", server.tls_port)

    def test_no_tls_there(self):
        """A server that takes the connection and says nothing, and one that speaks plain SIP."""
        port = free_port()
        trap = Trap(port, tcp=True)
        self.addCleanup(trap.close)
        server = Kamailio(USERS, certificate=self.good)
        server.tls_port = port
        phone = self.phone(server)
        phone.wait("account:1:failed", timeout=10, since=0)
        self.assertEqual(phone.accounts()[0]["reason"], "Secure connection failed!")
        phone.dial("1002")
        phone.wait("call:ended", 15)
        self.assertEqual(trap.said_in_the_clear(), [])

    def test_repaired(self):
        """The server gets the right certificate: the phone registers by itself."""
        server = self.server(self.authority.issue("wrong.example.test", dns=["wrong.example.test"]))
        phone = self.phone(server, retry=1, more="deskset.sip.retry_max = 1\n")
        phone.wait("account:1:failed", 10, since=0)
        before = phone.seq()
        server.stop()
        server.certificate = self.good
        server.start()
        phone.wait("account:1:registered", 20, since=before)

    def test_file_is_missing(self):
        server = self.server()
        phone = self.phone(server, ca="/nowhere/authorities.pem")
        phone.wait("account:1:failed", timeout=10, since=0)
        self.assertEqual(phone.accounts()[0]["reason"], "Secure connection failed!")
        self.assertIn("/nowhere/authorities.pem", phone.log())


class Trust(TlsTest):
    def test_no_trust_wanted(self):
        server = self.server()
        stranger = self.stack.enter_context(Authority("Another authority"))
        phone = self.phone(server, ca=stranger.certificate, more="security.trust_certificates = 0\n")
        phone.wait_registered(timeout=15)

    def test_no_name_wanted(self):
        server = self.server(self.authority.issue("sip.example.test", dns=["sip.example.test"]))
        self.phone(server, more="security.cn_validation = 0\n").wait_registered(timeout=15)

    def test_client_certificate(self):
        server = self.server(client_authority=self.authority.certificate)
        own = self.authority.issue("1001")
        phone = self.phone(server, more=f"deskset.tls.certificate_file = {own.both}\n")
        phone.wait_registered(timeout=15)
        with_none = self.phone(server, "1002")
        with_none.wait("account:1:failed", timeout=20, since=0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
