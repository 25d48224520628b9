# SPDX-License-Identifier: GPL-3.0-or-later
"""A registrar on UDP that gives as little time as one likes: for phones that shall refresh their registrations often.

    with Registrar({"1001": "secret"}, expires=1) as registrar:
        ...                                   # a phone with registrar.account_cfg ("1001")
        registrar.count("1001")               # REGISTER requests that were accepted

It checks each password (RFC 2617, MD5, a new nonce for every `challenge_every`th request), answers OPTIONS, and refuses
everything else with 405. One thread, no state but the counts: a client that comes back under its Call-ID is a refresh."""

import collections
import hashlib
import random
import re
import socket
import threading

from sip_client import CRLF, Message, tag_of


class Registrar:
    def __init__(self, users, *, expires=3600, address="127.0.0.1", challenge_every=10):
        self.users = dict(users)
        self.expires = expires
        self.address = address
        self.challenge_every = challenge_every
        self.counts = collections.Counter()
        self.refused = 0
        self.nonces = {}                # user → the nonce that is good now
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.running = False
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.running = True
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join(5)
        self.socket.close()

    def account_cfg(self, user, number):
        """Lines of a .cfg file for an account here."""
        return "\n".join([f"account.{number}.enable = 1", f"account.{number}.label = {user}", f"account.{number}.user_name = {user}",
                          f"account.{number}.auth_name = {user}", f"account.{number}.password = {self.users[user]}",
                          f"account.{number}.sip_server.1.address = {self.address}",
                          f"account.{number}.sip_server.1.port = {self.port}", ""])

    def count(self, user):
        return self.counts[user]

    def total(self):
        return sum(self.counts.values())

    def _serve(self):
        while self.running:
            try:
                data, peer = self.socket.recvfrom(65536)
            except socket.timeout:
                continue
            if data.strip(b"\r\n\0"):
                self._take(Message(data, peer))

    def _take(self, message):
        if message.status is not None or message.method == "ACK":
            return
        if message.method == "REGISTER":
            self._register(message)
        elif message.method == "OPTIONS":
            self._respond(message, "200 OK")
        else:
            self._respond(message, "405 Method Not Allowed")

    def _register(self, message):
        user = re.search(r"sip:([^@>;]+)@", message.get("to")).group(1)
        if not self._is_authorized(message, user):
            self.nonces[user] = f"{random.getrandbits(64):x}"
            self._respond(message, "401 Unauthorized",
                          [f'WWW-Authenticate: Digest realm="soak", nonce="{self.nonces[user]}", algorithm=MD5, qop="auth", stale=true'])
            return
        contact = message.get("contact")
        gone = message.get("expires") == "0" or contact == "*" or ";expires=0" in (contact or "")
        headers = [] if gone or not contact else [f"Contact: {contact.split(';expires=')[0]};expires={self.expires}"]
        if not gone:
            self.counts[user] += 1
            if self.counts[user] % self.challenge_every == 0:
                self.nonces.pop(user, None)
        self._respond(message, "200 OK", headers)

    def _is_authorized(self, message, user):
        header = message.get("authorization")
        if not header or user not in self.users:
            return False
        fields = {name.lower(): value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^",\s]+)', header)}
        if fields.get("nonce") != self.nonces.get(user):
            return False

        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()

        first = md5(f"{fields.get('username')}:{fields.get('realm')}:{self.users[user]}")
        second = md5(f"REGISTER:{fields.get('uri')}")
        middle = ":".join([fields["nonce"], fields["nc"], fields["cnonce"], fields["qop"]]) if "qop" in fields else fields["nonce"]
        if fields.get("response") == md5(f"{first}:{middle}:{second}"):
            return True
        self.refused += 1
        return False

    def _respond(self, request, status, extra=()):
        to = request.get("to")
        if not tag_of(to):
            to += f";tag={random.getrandbits(32):x}"
        lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in request.all("via")), f"From: {request.get('from')}", f"To: {to}",
                 f"Call-ID: {request.get('call-id')}", f"CSeq: {request.get('cseq')}", *extra, "Content-Length: 0"]
        self.socket.sendto((CRLF.join(lines) + CRLF * 2).encode(), request.peer)
