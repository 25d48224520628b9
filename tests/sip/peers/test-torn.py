#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP and SDP that are cut short or wrong, sent at a whole phone: it answers or stays silent, and takes the next call."""

import contextlib
import random
import re
import socket
import unittest

from deskset import Phone
from sip_client import Rtp, SipClient, sdp


class Torn(unittest.TestCase):
    transport = "udp"

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.phone = self.stack.enter_context(Phone("torn"))

    def client(self):
        return self.stack.enter_context(SipClient("127.0.0.1", self.phone.sip_port, "stranger", transport=self.transport))

    def invite_text(self, client, body=None, number=1):
        uri = f"sip:desk@{client.domain}"
        return client.build("INVITE", uri, f"<sip:stranger@{client.domain}>;tag=t{number}", f"<{uri}>",
                            client.new_call_id(), number, client.new_branch(), [],
                            sdp("127.0.0.1", 4000) if body is None else body)

    def settle(self, client):
        """Takes back every call that got through."""
        for message in client.quiet(0.3):
            if message.method:
                client.respond(message, 200, "OK")
        while self.phone.holds("call:any"):
            before = self.phone.seq()
            self.phone.hangup()
            self.phone.wait("call:ended", 5, since=before)
            client.quiet(0.1)

    def still_works(self):
        client = self.client()
        self.assertTrue(self.phone.is_running(), self.phone.log_end())
        before = self.phone.seq()
        call = client.invite(f"sip:desk@{client.domain}")
        self.phone.wait("call:incoming", 10, since=before)
        self.phone.answer()
        self.assertEqual(call.wait_final().status, 200)
        call.ack()
        self.phone.wait("call:talking", 5)
        self.assertEqual(call.bye().status, 200)
        self.phone.wait("call:none", 10)

    def test_cut_message(self):
        client = self.client()
        text = self.invite_text(client).encode()
        for cut in range(0, len(text), 11 if self.transport == "udp" else len(text)):
            client.send_raw(text[:cut])
        self.settle(client)
        self.still_works()

    def test_cut_sdp(self):
        """The body is cut, the header says so: a call or a refusal, but an answer."""
        body = sdp("127.0.0.1", 4000)
        for cut in range(1, len(body), 9):
            client = self.client()
            client.send(self.invite_text(client, body[:cut]))
            first = client.wait(lambda m: m.status is not None and m.status > 100, 5, f"an answer to {body[:cut]!r}")
            if first.status < 200:
                self.settle(client)
            else:
                self.assertIn(first.status, (400, 415, 488, 486, 500, 603), first.text)
        self.still_works()

    def test_wrong_sdp(self):
        body = sdp("127.0.0.1", 4000)
        wrong = [body.replace("m=audio 4000", "m=audio 0"), body.replace("m=audio 4000", "m=audio 99999999"),
                 body.replace("m=audio 4000", "m=audio -1"), body.replace("c=IN IP4 127.0.0.1", "c=IN IP4 999.1.1.1"),
                 body.replace("c=IN IP4 127.0.0.1\r\n", ""), body.replace("RTP/AVP", "RTP/XYZ"),
                 body.replace("0 8 101", " ".join(str(i) for i in range(500))), body.replace("0 8 101", ""),
                 body.replace("101 telephone-event/8000", "101"), body.replace("101 telephone-event", "999 x" * 400),
                 body.replace("s=-", "s=" + "x" * 60000)[:60000], body * 40, "\0" * 500, "v=0\r\n" * 500,
                 body.replace("a=sendrecv", "a=fmtp:0 " + "y" * 9000), body.replace("\r\n", "\n"),
                 body + "m=audio 4004 RTP/AVP 0\r\n" * 200]
        for text in wrong:
            client = self.client()
            client.send(self.invite_text(client, text))
            self.settle(client)
        self.still_works()

    def test_wrong_headers(self):
        client = self.client()
        good = self.invite_text(client)
        changes = [("CSeq: 1 INVITE", "CSeq: 99999999999 INVITE"), ("CSeq: 1 INVITE", "CSeq: 1 BYE"),
                   ("Max-Forwards: 70", "Max-Forwards: -5"), ("Via:", "Vai:"), ("Content-Length: ", "Content-Length: -"),
                   ("Content-Length: ", "Content-Length: 9999"), ("SIP/2.0", "SIP/7.0"), ("From: <sip", "From: <<<sip"),
                   (";tag=t1", ";tag=" + "t" * 8000), ("Call-ID: ", "Call-ID: " + "i" * 3000),
                   ("Contact: <", "Contact: *<"), ("Content-Type: application/sdp", "Content-Type: x/y"),
                   ("Content-Type: application/sdp", "Content-Type: multipart/mixed; boundary=")]
        for old, new in changes:
            client.send(good.replace(old, new))
            client.quiet(0.05)
        for method in ("ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "REFER", "NOTIFY", "SUBSCRIBE", "INFO", "MESSAGE",
                       "PUBLISH", "REGISTER", "FOO"):
            client.send(re.sub(r"CSeq: 1 INVITE", f"CSeq: 1 {method}", good.replace("INVITE", method, 1)))
            client.quiet(0.05)
        self.settle(client)
        self.still_works()

    def test_noise(self):
        client = self.client()
        chance = random.Random(5)
        good = self.invite_text(client).encode()
        for _ in range(300):
            data = bytearray(good)
            for _ in range(chance.randrange(1, 12)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            client.send_raw(bytes(data))
            if self.transport == "tcp":
                client = self.client()
        for message in client.quiet(0.5):
            if message.method:
                client.respond(message, 200, "OK")
        self.settle(client)
        self.still_works()

    def test_noise_in_a_call(self):
        """In-dialog requests and responses that make no sense, and what is no RTP."""
        client = self.client()
        call = client.invite(f"sip:desk@{client.domain}")
        self.phone.wait("call:incoming", 10, since=0)
        self.phone.answer()
        final = call.wait_final()
        call.ack()
        self.phone.wait("call:talking", 5)
        for method, body in (("INVITE", "v=0\r\nm="), ("INFO", "Signal="), ("INFO", "\0\1\2"), ("UPDATE", "x"),
                             ("NOTIFY", "SIP/2.0"), ("REFER", ""), ("MESSAGE", "hello"), ("FOO", "")):
            with contextlib.suppress(TimeoutError):
                answer = call.request(method, ["Content-Type: application/sdp"] if method == "INVITE" else
                                      ["Content-Type: application/dtmf-relay"], body, timeout=1)
                if method == "INVITE":
                    call.client.send(call._request("ACK", call.cseq, call.branch))
                self.assertGreaterEqual(answer.status, 200)
        port = int(re.search(r"m=audio (\d+)", final.body).group(1))
        rtp = Rtp()
        self.addCleanup(rtp.close)
        chance = random.Random(6)
        for _ in range(200):
            data = bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
            rtp.socket.sendto(data, ("127.0.0.1", port))
            rtp.socket.sendto(b"\x80" + data, ("127.0.0.1", port))
            rtp.socket.sendto(data, ("127.0.0.1", port + 1))
        self.assertTrue(self.phone.holds("call:talking"), self.phone.describe())
        self.assertEqual(call.bye().status, 200)
        self.phone.wait("call:none", 10)
        self.still_works()


class TornTcp(Torn):
    transport = "tcp"

    def test_connections_that_say_nothing(self):
        sockets = [socket.create_connection(("127.0.0.1", self.phone.sip_port)) for _ in range(50)]
        for one in sockets[::2]:
            one.sendall(b"INVITE sip:x SIP/2.0\r\nVia")
        for one in sockets:
            one.close()
        self.still_works()


if __name__ == "__main__":
    unittest.main(verbosity=2)
