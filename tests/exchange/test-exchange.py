#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice exchange from outside: raw SIP and RTP against the running program."""

import contextlib
import ctypes
import json
import math
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from deskset import free_port, program
from exchange import Exchange
from sip_client import Rtp, SipClient, digest, sdp, sdp_audio, uri_of

USERS = {"1001": "secret one", "1002": "secret2", "1003": "secret3"}


def decode_mulaw(byte):
    byte = ~byte & 0xff
    value = ((byte & 15) << 3) + 132 << (byte >> 4 & 7)
    return 132 - value if byte & 0x80 else value - 132


def decode_alaw(byte):
    byte ^= 0x55
    exponent, mantissa = byte >> 4 & 7, byte & 15
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 264) << (exponent - 1)
    return value if byte & 0x80 else -value


def decode_g722(data):
    """By the decoder of spandsp, which GStreamer's plug-ins bring along."""
    spandsp = ctypes.CDLL("libspandsp.so.2")
    spandsp.g722_decode_init.restype = ctypes.c_void_p
    decoder = ctypes.c_void_p(spandsp.g722_decode_init(None, 64000, 0))
    samples = (ctypes.c_int16 * (2 * len(data)))()
    count = spandsp.g722_decode(decoder, samples, data, len(data))
    spandsp.g722_decode_free(decoder)
    return list(samples[:count])


def goertzel(samples, frequency, rate):
    """Share of the energy that is at one frequency."""
    omega = 2 * math.pi * frequency / rate
    real = sum(s * math.cos(omega * i) for i, s in enumerate(samples))
    imaginary = sum(s * math.sin(omega * i) for i, s in enumerate(samples))
    total = sum(s * s for s in samples) * len(samples) / 2
    return (real * real + imaginary * imaginary) / total if total else 0


class ExchangeTest(unittest.TestCase):
    transport = "udp"
    bind = "127.0.0.1"
    args = ()

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.exchange = self.stack.enter_context(Exchange(USERS, bind=self.bind, args=self.args))

    def client(self, user="1001", register=True, transport=None, password=None):
        client = self.stack.enter_context(SipClient(self.bind, self.exchange.port, user,
                                                    password or USERS.get(user), transport or self.transport))
        if register:
            self.assertEqual(client.register().status, 200)
        return client

    def answered(self, client, number, body=""):
        call = client.invite(number, body)
        final = call.wait_final()
        self.assertEqual(final.status, 200, final.text)
        call.ack()
        address, port, _, _ = sdp_audio(final.body)
        call.peer = (address, port)
        return call

    def listen(self, rtp, packets, codec):
        data = []
        for _ in range(packets):
            packet = rtp.receive()
            self.assertIsNotNone(packet, "the sound stopped")
            self.assertEqual(packet[0], codec)
            self.assertEqual(len(packet[5]), 160)
            data.append(packet)
        for one, other in zip(data, data[1:]):
            self.assertEqual((other[2] - one[2]) & 0xffff, 1)
            self.assertEqual((other[3] - one[3]) & 0xffffffff, 160)
        return b"".join(p[5] for p in data)


class Registrar(ExchangeTest):
    args = ("--min-expires", "5", "--nonce-life", "1")

    def test_right_and_wrong(self):
        client = self.client(register=False)
        first = client.register(password="wrong")
        self.assertEqual(first.status, 403)
        answer = client.register(expires=60)
        self.assertEqual(answer.status, 200)
        contact = answer.get("contact")
        self.assertIn(client.contact, contact)
        seconds = int(re.search(r"expires=(\d+)", contact).group(1))
        self.assertTrue(58 <= seconds <= 60, contact)

    def test_unknown_user(self):
        client = self.client("7777", register=False, password="x")
        self.assertEqual(client.register().status, 404)

    def test_someone_elses_password(self):
        """1002 proves to be 1002, but wants to be 1001."""
        client = self.client("1002", register=False)
        uri = f"sip:{client.domain}"
        challenge = client.request("REGISTER", uri, [f"Contact: <{client.contact}>"], f"<sip:1001@{client.domain}>")
        self.assertEqual(challenge.status, 401)
        value = digest(challenge.get("www-authenticate"), "1002", USERS["1002"], "REGISTER", uri)
        answer = client.request("REGISTER", uri, [f"Contact: <{client.contact}>", f"Authorization: {value}"],
                                f"<sip:1001@{client.domain}>")
        self.assertEqual(answer.status, 403)

    def test_stale_nonce(self):
        client = self.client(register=False)
        uri = f"sip:{client.domain}"
        to = f"<sip:1001@{client.domain}>"
        challenge = client.request("REGISTER", uri, [f"Contact: <{client.contact}>"], to)
        value = digest(challenge.get("www-authenticate"), "1001", USERS["1001"], "REGISTER", uri)
        deadline = time.monotonic() + 10
        while True:
            # The same answer again until the nonce is too old: the exchange has to say so, not "wrong".
            answer = client.request("REGISTER", uri, [f"Contact: <{client.contact}>", f"Authorization: {value}"], to)
            if answer.status == 401:
                self.assertIn("stale=true", answer.get("www-authenticate"))
                break
            self.assertEqual(answer.status, 200)
            self.assertLess(time.monotonic(), deadline, "the nonce never got old")
            time.sleep(0.2)

    def test_unregister_and_expiry(self):
        caller, called = self.client("1001"), self.client("1002")
        self.assertEqual(called.register(expires=0).status, 200)
        self.assertEqual(caller.invite("1002").wait_final().status, 480)
        self.assertEqual(called.register(expires=5).status, 200)
        deadline = time.monotonic() + 15
        while True:
            call = caller.invite("1002")
            try:
                called.wait_invite(0.5).respond(486, "Busy Here")
            except TimeoutError:
                break
            self.assertEqual(call.wait_final().status, 486)
            self.assertLess(time.monotonic(), deadline, "the registration never expired")
            time.sleep(0.5)
        self.assertEqual(call.wait_final().status, 480)

    def test_too_brief(self):
        client = self.client(register=False)
        answer = client.register(expires=2)
        self.assertEqual(answer.status, 423)
        self.assertEqual(answer.get("min-expires"), "5")

    def test_several_contacts(self):
        first, second = self.client("1001"), self.client("1001")
        contacts = second.register().list("contact")
        self.assertEqual({uri_of(c) for c in contacts}, {first.contact, second.contact})
        # The newest is called.
        caller = self.client("1002")
        call = caller.invite("1001")
        incoming = second.wait_invite()
        incoming.respond(486, "Busy Here")
        self.assertEqual(call.wait_final().status, 486)
        self.assertEqual([m for m in first.quiet() if m.method == "INVITE"], [])
        # "*" takes all of them away.
        answer = second.register(contact="*", expires=0)
        self.assertEqual((answer.status, answer.list("contact")), (200, []))
        self.assertEqual(second.register(contact="*", expires=60).status, 400)

    def test_query(self):
        client = self.client()
        answer = client.register(contact="", expires=None)
        self.assertEqual(answer.status, 200)
        self.assertEqual([uri_of(c) for c in answer.list("contact")], [client.contact])

    def test_bad_contacts(self):
        client = self.client(register=False)
        self.assertEqual(client.register(contact="<sip:1001@some.name.invalid>").status, 400)
        self.assertEqual(client.register(contact="<tel:+4930>").status, 400)


class Robots(ExchangeTest):
    def test_finals(self):
        client = self.client()
        for number, status in (("602", 486), ("611", 480), ("612", 404), ("650", 503), ("651", 500), ("654", 488),
                               ("655", 606), ("610", 603), ("4711", 404), ("1003", 480)):
            with self.subTest(number=number):
                self.assertEqual(client.invite(number).wait_final().status, status)

    def test_needs_password(self):
        client = self.client(register=False)
        client.password = None
        call = client.invite("600")
        answer = call.wait_final()
        self.assertEqual(answer.status, 407)
        self.assertIn('realm="deskset-practice"', answer.get("proxy-authenticate"))

    def test_not_in_somebody_elses_name(self):
        client = self.client()
        client.user = "1002"
        call = client.invite("600")
        client.user = "1001"
        self.assertEqual(call.wait_final().status, 403)

    def test_echo(self):
        client = self.client()
        body_rtp = Rtp(self.bind)
        self.addCleanup(body_rtp.close)
        # Something nobody knows: it must come back all the same.
        body = sdp(self.bind, body_rtp.port, "96 0 101",
                   ["a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:101 telephone-event/8000"])
        call = self.answered(client, "600", body)
        self.assertIn("a=rtpmap:96 opus/48000/2", call.final.body)
        self.assertIn("a=fmtp:96 useinbandfec=1", call.final.body)
        own = (body_rtp.ssrc, body_rtp.sequence, body_rtp.timestamp)
        received = []
        for i in range(10):
            body_rtp.send(call.peer, bytes([i]) * (20 + i), 96)
            received.append(body_rtp.receive())
        self.assertEqual([r[5] for r in received], [bytes([i]) * (20 + i) for i in range(10)])
        self.assertEqual({r[0] for r in received}, {96})
        self.assertNotEqual(received[0][4], own[0])
        self.assertEqual({(received[i + 1][2] - received[i][2]) & 0xffff for i in range(9)}, {1})
        self.assertEqual([(received[i + 1][3] - received[i][3]) & 0xffffffff for i in range(9)],
                         [20 + i for i in range(9)])
        self.assertEqual(call.bye().status, 200)

    def test_all_media_lines_are_answered(self):
        body = sdp(self.bind, 4000, "0", []) + "m=video 4002 RTP/AVP 34\r\nm=application 9 TCP/XYZ *\r\n"
        call = self.answered(self.client(), "601", body)
        self.assertEqual(re.findall(r"^m=(\w+) (\d+)", call.final.body, re.M)[1:], [("video", "0"), ("application", "0")])
        call.bye()

    def test_no_offer(self):
        """INVITE without SDP: the offer is in the 200, the answer in the ACK."""
        client = self.client()
        call = client.invite("601", None)
        final = call.wait_final()
        self.assertEqual(final.status, 200)
        rtp = Rtp(self.bind)
        self.addCleanup(rtp.close)
        call.ack(sdp(self.bind, rtp.port, "8", []))
        self.listen(rtp, 5, 8)
        call.bye()

    def test_hold(self):
        call = self.answered(self.client(), "601")
        self.listen(call.rtp, 3, 0)
        answer = call.reinvite(sdp(self.bind, call.rtp.port, direction="sendonly", version=2))
        self.assertEqual(sdp_audio(answer.body)[2], "recvonly")
        call.rtp.drain()
        self.assertIsNone(call.rtp.receive(0.3), "music while held")
        answer = call.reinvite(sdp(self.bind, call.rtp.port, direction="inactive", version=3))
        self.assertEqual(sdp_audio(answer.body)[2], "inactive")
        answer = call.reinvite(sdp(self.bind, call.rtp.port, version=4))
        self.assertEqual(sdp_audio(answer.body)[2], "sendrecv")
        self.listen(call.rtp, 3, 0)
        call.bye()

    def test_holds_you(self):
        call = self.answered(self.client(), "613")
        for direction in ("sendonly", "sendrecv"):
            request = call.wait_request("INVITE", 10)
            self.assertEqual(sdp_audio(request.body)[2], direction)
            answer = "recvonly" if direction == "sendonly" else "sendrecv"
            call.client.respond(request, 200, "OK", [f"Contact: <{call.client.contact}>"],
                                sdp(self.bind, call.rtp.port, direction=answer))
            call.wait_request("ACK")
        call.bye()

    def test_never_answers_and_cancel(self):
        call = self.client().invite("603")
        call.wait_provisional(180)
        self.assertEqual(call.cancel().status, 200)
        self.assertEqual(call.wait_final().status, 487)

    def test_answers_late(self):
        client = self.client()
        started = time.monotonic()
        call = self.answered(client, "604")
        self.assertTrue(3.5 <= time.monotonic() - started <= 7)
        call.bye()

    def test_has_moved(self):
        answer = self.client().invite("605").wait_final()
        self.assertEqual(answer.status, 302)
        self.assertEqual(uri_of(answer.get("contact")), f"sip:600@{self.exchange.host_port}")

    def test_calls_back(self):
        client = self.client()
        call = self.answered(client, "606")
        call.bye()
        back = client.wait_invite(8)
        self.assertIn("606", back.remote)
        rtp = Rtp(self.bind)
        self.addCleanup(rtp.close)
        back.respond(180, "Ringing")
        back.respond(200, "OK", sdp(self.bind, rtp.port, "0", []))
        back.wait_request("ACK")
        self.listen(rtp, 10, 0)
        self.assertEqual(back.bye().status, 200)

    def test_hangs_up(self):
        call = self.answered(self.client(), "607")
        call.wait_bye(12)

    def test_answers_and_hangs_up_at_once(self):
        call = self.client().invite("658")
        self.assertEqual(call.wait_final().status, 200)
        call.ack()
        call.wait_bye()

    def test_early_media(self):
        call = self.client().invite("609")
        early = call.wait_provisional(183)
        self.assertIn("m=audio", early.body)
        self.listen(call.rtp, 20, 0)
        self.assertEqual(call.wait_final().status, 200)
        call.ack()
        self.listen(call.rtp, 5, 0)
        call.bye()

    def test_refuses_after_music(self):
        call = self.client().invite("614")
        self.assertEqual(call.wait_final(15).status, 480)

    def test_challenges_for_ever(self):
        call = self.client().invite("653")
        answer = call.wait_final()
        self.assertEqual(answer.status, 407)
        self.assertIn('realm="loop"', answer.get("proxy-authenticate"))

    def test_offerless(self):
        call = self.answered(self.client(), "659")
        request = call.wait_request("INVITE", 10)
        self.assertEqual(request.body, "")
        call.client.respond(request, 200, "OK", [f"Contact: <{call.client.contact}>"],
                            sdp(self.bind, call.rtp.port, version=7))
        self.assertIn("m=audio", call.wait_request("ACK").body)
        call.bye()

    def test_reports(self):
        """RTCP comes to the port above."""
        pair = None
        while not pair:
            rtp = Rtp(self.bind)
            control = socket.socket(socket.AF_INET6 if ":" in self.bind else socket.AF_INET, socket.SOCK_DGRAM)
            try:
                control.bind((self.bind, rtp.port + 1))
                pair = rtp, control
            except OSError:
                rtp.close()
                control.close()
        self.addCleanup(rtp.close)
        self.addCleanup(control.close)
        call = self.answered(self.client(), "657", sdp(self.bind, rtp.port, "0", []))
        control.settimeout(8)
        data = control.recv(1500)
        version, kind, words = struct.unpack("!BBH", data[:4])
        self.assertEqual((version, kind, words), (0x80, 200, 6))
        sent = rtp.receive()
        self.assertEqual(struct.unpack("!I", data[4:8])[0], sent[4])
        call.bye()



class Digits(ExchangeTest):
    def digits(self, send):
        """Wrong digits first, then right ones: the call goes on with music."""
        call = self.answered(self.client(), "608")
        for digit in "999#":
            send(call, digit)
        for digit in "1234#":
            send(call, digit)
        # After at most the sounds "wrong", "question" and "right" (5 s together) there is only endless music.
        deadline = time.monotonic() + 20
        heard = 0
        while heard < 250:
            self.assertIsNotNone(call.rtp.receive(3), "the robot fell silent: it did not take the digits")
            heard += 1
            self.assertLess(time.monotonic(), deadline)
        call.bye()

    def test_digits_rfc4733(self):
        self.digits(lambda call, digit: call.rtp.send_digit(call.peer, digit))

    def test_digits_info(self):
        def send(call, digit):
            body = f"Signal={digit}\r\nDuration=160\r\n"
            answer = call.request("INFO", ["Content-Type: application/dtmf-relay"], body)
            self.assertEqual(answer.status, 200)
        self.digits(send)

    def test_wrong_digits_end_the_call(self):
        call = self.answered(self.client(), "608")
        for digit in "1#2#3#":
            call.rtp.send_digit(call.peer, digit)
        call.wait_bye()


class Sound(ExchangeTest):
    def test_tone_pcmu(self):
        call = self.answered(self.client(), "657")
        samples = [decode_mulaw(b) for b in self.listen(call.rtp, 25, 0)]
        self.assertGreater(goertzel(samples, 440, 8000), 0.98)
        self.assertLess(goertzel(samples, 880, 8000), 0.02)
        self.assertGreater(max(samples), 4000)
        call.bye()

    def test_music(self):
        call = self.answered(self.client(), "601")
        started = time.monotonic()
        samples = [decode_mulaw(b) for b in self.listen(call.rtp, 50, 0)]
        self.assertTrue(0.8 <= time.monotonic() - started <= 1.6, "one second of music takes one second")
        self.assertGreater(max(samples), 2000)
        call.bye()
        call.rtp.drain()
        self.assertIsNone(call.rtp.receive(0.3), "music after BYE")

    def test_codec_choice(self):
        client = self.client()
        for formats, lines, codec in (("9 0", [], 9), ("8 0", [], 8), ("0", [], 0),
                                      ("98 97", ["a=rtpmap:98 opus/48000/2", "a=rtpmap:97 PCMA/8000"], 97)):
            rtp = Rtp(self.bind)
            self.addCleanup(rtp.close)
            call = self.answered(client, "601", sdp(self.bind, rtp.port, formats, lines))
            self.assertEqual(sdp_audio(call.final.body)[3], [str(codec)])
            self.listen(rtp, 5, codec)
            call.bye()
        call = client.invite("601", sdp(self.bind, 4000, "98", ["a=rtpmap:98 opus/48000/2"]))
        self.assertEqual(call.wait_final().status, 488)

    def test_tone_pcma(self):
        rtp = Rtp(self.bind)
        self.addCleanup(rtp.close)
        call = self.answered(self.client(), "657", sdp(self.bind, rtp.port, "8", []))
        samples = [decode_alaw(b) for b in self.listen(rtp, 25, 8)]
        self.assertGreater(goertzel(samples, 440, 8000), 0.98)
        self.assertGreater(max(samples), 4000)
        call.bye()

    def test_tone_g722(self):
        """Decoded by somebody else's decoder."""
        rtp = Rtp(self.bind)
        self.addCleanup(rtp.close)
        call = self.answered(self.client(), "657", sdp(self.bind, rtp.port, "9", []))
        data = self.listen(rtp, 50, 9)
        call.bye()
        samples = decode_g722(data)[800:8800]
        self.assertEqual(len(samples), 8000)
        self.assertGreater(goertzel(samples, 440, 16000), 0.98)
        self.assertTrue(6000 < max(samples) < 12000, max(samples))


class Proxy(ExchangeTest):
    def ring(self, caller, called, number="1002"):
        call = caller.invite(number)
        return call, called.wait_invite()

    def established(self, caller, called):
        call, incoming = self.ring(caller, called)
        incoming.respond(180, "Ringing")
        call.wait_provisional(180)
        incoming.respond(200, "OK", sdp(self.bind, 4000))
        final = call.wait_final()
        self.assertEqual(final.status, 200)
        self.assertEqual(final.body, sdp(self.bind, 4000))
        call.ack()
        incoming.wait_request("ACK")
        return call, incoming

    def test_caller_hangs_up(self):
        call, incoming = self.established(self.client("1001"), self.client("1002"))
        self.assertNotIn("proxy-authorization", [name for name, _ in incoming.invite_message.headers])
        self.assertEqual(incoming.invite_message.get("max-forwards"), "69")
        call.cseq += 1
        call.client.send(call._request("BYE", call.cseq, call.client.new_branch()))
        bye = incoming.wait_bye()
        self.assertEqual(len(bye.all("via")), 2, "later requests pass the exchange")
        self.assertEqual(call.wait_response(method="BYE").status, 200)

    def test_called_hangs_up(self):
        call, incoming = self.established(self.client("1001"), self.client("1002"))
        incoming.cseq += 1
        incoming.client.send(incoming._request("BYE", incoming.cseq, incoming.client.new_branch()))
        bye = call.wait_bye()
        self.assertEqual(len(bye.all("via")), 2)
        self.assertEqual(incoming.wait_response(method="BYE").status, 200)

    def test_udp_and_tcp(self):
        for one, other in (("udp", "tcp"), ("tcp", "udp"), ("tcp", "tcp")):
            with self.subTest(caller=one, called=other):
                caller = self.client("1001", transport=one)
                called = self.client("1002", transport=other)
                call, incoming = self.established(caller, called)
                incoming.cseq += 1
                incoming.client.send(incoming._request("BYE", incoming.cseq, incoming.client.new_branch()))
                call.wait_bye()
                incoming.wait_response(method="BYE")
                self.assertEqual(caller.register(expires=0).status, 200)
                self.assertEqual(called.register(expires=0).status, 200)

    def test_trying_comes_from_the_exchange(self):
        caller, called = self.client("1001"), self.client("1002")
        call, incoming = self.ring(caller, called)
        # The called phone has sent nothing so far.
        self.assertEqual(call.wait_response().status, 100)
        incoming.respond(486, "Busy Here")
        self.assertEqual(call.wait_final().status, 486)
        incoming.wait_request("ACK")

    def test_cancel(self):
        call, incoming = self.ring(self.client("1001"), self.client("1002"))
        incoming.respond(180, "Ringing")
        call.wait_provisional(180)
        self.assertEqual(call.cancel().status, 200)
        cancel = incoming.wait_request("CANCEL")
        incoming.client.respond(cancel, 200, "OK")
        incoming.respond(487, "Request Terminated")
        incoming.wait_request("ACK")
        self.assertEqual(call.wait_final().status, 487)

    def test_repeated_200_reaches_the_caller(self):
        call, incoming = self.established(self.client("1001"), self.client("1002"))
        incoming.respond(200, "OK", sdp(self.bind, 4000))
        again = call.wait_response(3)
        self.assertEqual(again.status, 200)
        call.ack()
        incoming.wait_request("ACK")

    def test_reinvite_and_info(self):
        call, incoming = self.established(self.client("1001"), self.client("1002"))
        call.cseq += 1
        call.client.send(call._request("INFO", call.cseq, call.client.new_branch(),
                                       ["Content-Type: application/dtmf-relay"], "Signal=1\r\n"))
        info = incoming.wait_request("INFO")
        self.assertEqual(info.body, "Signal=1\r\n")
        incoming.client.respond(info, 200, "OK")
        self.assertEqual(call.wait_response(method="INFO").status, 200)

    def test_options(self):
        client = self.client()
        answer = client.request("OPTIONS")
        self.assertEqual(answer.status, 200)
        self.assertIn("INVITE", answer.get("allow"))
        self.assertEqual(client.request("OPTIONS", f"sip:1002@{client.domain}").status, 480)

    def test_max_forwards(self):
        client = self.client()
        text = client.build("MESSAGE", f"sip:1002@{client.domain}", f"<sip:1001@{client.domain}>;tag=a",
                            f"<sip:1002@{client.domain}>", client.new_call_id(), 1, client.new_branch())
        client.send(text.replace("Max-Forwards: 70", "Max-Forwards: 0"))
        self.assertEqual(client.wait(lambda m: m.status).status, 483)

    def test_is_no_relay(self):
        client = self.client()
        self.assertEqual(client.request("MESSAGE", "sip:bob@192.0.2.7", body="hi",
                                        extra=["Content-Type: text/plain"]).status, 404)

    def test_phone_that_is_gone(self):
        caller = self.client("1001")
        gone = SipClient(self.bind, self.exchange.port, "1002", USERS["1002"], "udp")
        self.assertEqual(gone.register(contact=f"<{gone.contact};transport=tcp>").status, 200)
        gone.close()
        # Nobody listens on that TCP port.
        self.assertEqual(caller.invite("1002").wait_final(10).status, 480)


class Garbage(ExchangeTest):
    def test_survives(self):
        client = self.client()
        good = client.build("INVITE", f"sip:600@{client.domain}", f"<sip:1001@{client.domain}>;tag=x",
                            f"<sip:600@{client.domain}>", client.new_call_id(), 1, client.new_branch(), [],
                            sdp(self.bind, 4000)).encode()
        for cut in range(0, len(good), 7):
            client.send_raw(good[:cut])
        noise = [b"", b"\0" * 100, b"\xff" * 1400, b"INVITE", b"SIP/2.0 200 OK\r\n\r\n", b"\r\n\r\n",
                 good.replace(b"CSeq: 1", b"CSeq: 99999999999999999999"), good.replace(b"INVITE", b"I\0VITE"),
                 good.replace(b"Content-Length: ", b"Content-Length: -"), good.replace(b"v=0", b"v="),
                 good.replace(b"m=audio 4000", b"m=audio 99999999"), good.replace(b"c=IN", b"c=XX"),
                 good.replace(b"Via: SIP/2.0/UDP", b"Via: SIP/2.0/XXX"), good.replace(b"tag=x", b"tag=" + b"y" * 5000),
                 good.replace(b"From:", b"X:"), good.replace(b"To:", b"X:"), good.replace(b"Call-ID:", b"X:"),
                 b"ACK " + good[7:], b"BYE " + good[7:], b"CANCEL " + good[7:]]
        for data in noise:
            client.send_raw(data[:60000])
        stream = socket.create_connection((self.bind, self.exchange.port))
        stream.sendall(b"INVITE sip:600 SIP/2.0\r\nContent-Length: 70000\r\n\r\n" + b"x" * 5000)
        stream.close()
        fresh = self.client("1002")
        call = self.answered(fresh, "600")
        # … and what is no RTP at the media port.
        for data in (b"", b"\x80", b"\x9f" + b"\0" * 20, b"\x90\0" + b"\0" * 12 + b"\xff\xff", b"\0" * 1500):
            call.rtp.socket.sendto(data, call.peer)
        call.rtp.drain()
        call.rtp.send(call.peer, b"abc")
        self.assertEqual(call.rtp.receive()[5], b"abc")
        self.assertEqual(call.bye().status, 200)
        self.assertIsNone(self.exchange.process.poll())

    def test_many_calls_leave_nothing_behind(self):
        client = self.client()
        sockets = f"/proc/{self.exchange.pid}/fd"
        before = len(os.listdir(sockets))
        for _ in range(30):
            self.answered(client, "600").bye()
        deadline = time.monotonic() + 5
        while len(os.listdir(sockets)) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertLessEqual(len(os.listdir(sockets)), before)


class Ipv6(ExchangeTest):
    bind = "::1"

    def test_echo(self):
        call = self.answered(self.client(), "600")
        call.rtp.send(call.peer[:2], b"abc")
        self.assertEqual(call.rtp.receive()[5], b"abc")
        self.assertEqual(call.bye().status, 200)


class Program(unittest.TestCase):
    def run_program(self, *args, text=""):
        return subprocess.run([program("deskset-exchange"), *args], input=text, capture_output=True, text=True,
                              timeout=20, check=False)

    def test_ready_line(self):
        with Exchange(USERS) as exchange:
            numbers = {e["number"]: e for e in exchange.ready["extensions"]}
            self.assertEqual(exchange.ready["address"], "127.0.0.1")
            self.assertEqual(numbers["600"], {"number": "600", "name": "Echo", "help": "You hear yourself."})
            self.assertNotIn("650", numbers)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            exchange = Exchange(USERS).start()
            exchange.process.send_signal(number)
            self.assertEqual(exchange.process.wait(6), 0)
            exchange.process.stdin.close()
            exchange.process.stdout.close()

    def test_ends_with_its_parent(self):
        exchange = Exchange(USERS).start()
        self.assertEqual(exchange.stop(), 0)
        exchange.process.stdout.close()

    def test_stop_during_calls(self):
        exchange = Exchange(USERS).start()
        with SipClient("127.0.0.1", exchange.port, "1001", USERS["1001"]) as client:
            call = client.invite("601")
            self.assertEqual(call.wait_final().status, 200)
            call.ack()
            exchange.process.stdin.close()
            call.wait_bye()
        self.assertEqual(exchange.process.wait(6), 0)
        exchange.process.stdout.close()

    def check_refused(self, code, *args, text=""):
        done = self.run_program(*args, text=text)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_refusals(self):
        self.check_refused(1, "--bind", "0.0.0.0", text="a b\n\n")
        self.assertIn("loopback", self.check_refused(1, "--bind", "192.0.2.1", text="a b\n\n"))
        self.check_refused(1, "--bind", "name", text="a b\n\n")
        self.check_refused(2, "--nonsense")
        self.check_refused(2, "--port", "70000")
        self.check_refused(2, "--port", "0", text="")
        self.check_refused(2, text="onlyuser\n\n")
        self.assertNotIn("geheim", self.check_refused(2, text="a geheim1\na geheim2\n\n"))

    def test_port_taken(self):
        port = free_port()
        with Exchange(USERS, port=port):
            self.check_refused(1, "--port", str(port), text="a b\n\n")

    def test_list_and_help(self):
        table = self.run_program("--list").stdout
        self.assertRegex(table, r"(?m)^600  Echo +You hear yourself\.$")
        self.assertRegex(table, r"(?m)^650 ")
        self.assertIn("--bind", self.run_program("--help").stdout)
        self.assertRegex(self.run_program("--version").stdout, r"^deskset-exchange \d")


if __name__ == "__main__":
    unittest.main(verbosity=2)
