#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Floods at a phone whose user is in a call: 100 hostile requests a second, RTP and RTCP of strangers, huge bodies. The call
stays clean, the account's server gets its answers, memory and CPU stay bounded. Limits as the program has them.

DESKSET_TEST_FULL=1: 25 s for each flood instead of 5, and each method alone."""

import contextlib
import multiprocessing
import os
import random
import socket
import struct
import tempfile
import time
import unittest

from attack import TONE, Cost, Ear, Pulse, worst_gap
from deskset import Phone
from exchange import Exchange
from sip_client import sdp
from sound import write_tone

FULL = os.environ.get("DESKSET_TEST_FULL") == "1"
SEED = os.environ.get("DESKSET_TEST_SEED") or str(random.SystemRandom().randrange(1, 1000000))
SECONDS = 25 if FULL else 5
SANITIZED = bool(os.environ.get("DESKSET_SANITIZED"))
REQUESTS_A_SECOND = 100
PACKETS_A_SECOND = 1000
METHODS = ("INVITE", "OPTIONS", "SUBSCRIBE", "REGISTER", "MESSAGE", "NOTIFY", "BYE", "CANCEL")
PEAK_KB = 30 * 1024
MAX_CPU = 0.35            # of one core, the call included


def udp_socket(source):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((source, 0))
    made.setblocking(False)
    return made


def sources(number):
    return [f"127.{20 + i // 200}.{i % 200}.6" for i in range(number)]


def request(method, port, source, number, body="", kind="application/sdp"):
    host = "%s:%d" % source
    return (f"{method} sip:1001@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {host};branch=z9hG4bK{number}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:{number}@{host}>;tag={number}\r\nTo: <sip:1001@127.0.0.1:{port}>\r\nCall-ID: flood{number}\r\n"
            f"CSeq: 1 {method}\r\nContact: <sip:x@{host}>\r\nEvent: presence\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def pace(a_second, work):
    """Calls work (number) so many times a second, for ever: in a process that is ended from outside."""
    start = time.monotonic()
    number = 0
    while True:
        with contextlib.suppress(BlockingIOError):
            work(number)
        number += 1
        time.sleep(max(0, start + number / a_second - time.monotonic()))


def flood_requests(port, methods, n_sources):
    rnd = random.Random(SEED)
    sockets = [udp_socket(source) for source in sources(n_sources)]

    def work(number):
        one = rnd.choice(sockets)
        method = rnd.choice(methods)
        body = sdp("127.0.0.1", 40000) if method == "INVITE" else ""
        one.sendto(request(method, port, one.getsockname(), number, body), ("127.0.0.1", port))
    pace(REQUESTS_A_SECOND, work)


def flood_bodies(port):
    one = udp_socket("127.20.0.6")

    def work(number):
        body = sdp("127.0.0.1", 40000) + "a=x:" + "y" * 60000 + "\r\n"
        one.sendto(request("INVITE", port, one.getsockname(), number, body), ("127.0.0.1", port))
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1, ("127.20.0.7", 0)) as stream:
            stream.settimeout(0.2)
            stream.sendall(request("INVITE", port, stream.getsockname(), number, "z" * 1000000, "text/plain"))
    pace(20, work)


def flood_media(ports):
    """Well-formed RTP of other sources, RTCP garbage, STUN requests, and noise."""
    rnd = random.Random(SEED)
    one = udp_socket("127.20.0.6")

    def work(number):
        kind = number % 5
        if kind < 2:
            data = struct.pack("!BBHII", 0x80, 0, number & 0xffff, number * 160 & 0xffffffff, 7) + rnd.randbytes(160)
        elif kind == 2:
            data = bytes((0x81, rnd.choice((200, 201, 203, 206)), 0, rnd.randrange(256))) + rnd.randbytes(rnd.randrange(60))
        elif kind == 3:
            data = struct.pack("!HHI", 1, 0, 0x2112a442) + rnd.randbytes(12)
        else:
            data = rnd.randbytes(rnd.randrange(1, 1400))
        one.sendto(data, ("127.0.0.1", ports[number % len(ports)]))
    pace(PACKETS_A_SECOND, work)


def media_ports(phone):
    """The phone's UDP ports but that of SIP."""
    inodes = set()
    for name in os.listdir(f"/proc/{phone.pid}/fd"):
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(f"/proc/{phone.pid}/fd/{name}").removeprefix("socket:[").rstrip("]"))
    ports = []
    with open("/proc/net/udp", encoding="ascii") as file:
        for line in file.readlines()[1:]:
            fields = line.split()
            if fields[9] in inodes:
                ports.append(int(fields[1].split(":")[1], 16))
    return sorted(set(ports) - {phone.sip_port})


class Flood(unittest.TestCase):
    """One call; the floods come one after the other."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-flood-"))
        self.out = os.path.join(folder, "out.wav")
        microphone = os.path.join(folder, "in.wav")
        write_tone(microphone, 523)
        exchange = self.stack.enter_context(Exchange({"1001": "secret1"}))
        # Calls of strangers may wait, as far as the limits go; their tone in the ear is no disturbance of the call.
        cfg = exchange.account_cfg("1001", extra="call_waiting.tone = 0\ndeskset.audio.tone_detector = 1\n")
        self.phone = self.stack.enter_context(Phone("flooded", cfg, limits=True, audio=f"file:{microphone},{self.out}"))
        self.phone.wait_registered()
        self.phone.dial(TONE)
        self.phone.wait("call:talking", 30)
        self.phone.wait("heard:440", 10)

    def flood(self, name, target, *arguments):
        process = multiprocessing.get_context("fork").Process(target=target, args=arguments, daemon=True)
        cost = Cost(self.phone)
        ear = Ear(self.out)
        with Pulse("127.0.0.1", self.phone.sip_port) as pulse:
            process.start()
            end = time.monotonic() + SECONDS
            try:
                while time.monotonic() < end:
                    self.assertIsNotNone(pulse.beat(), f"{name}: the server got no answer\n{self.phone.log_end()}")
                    time.sleep(0.02)
                    if pulse.count % 20 == 0:
                        cost.look()
            finally:
                self.assertTrue(process.is_alive(), "the flood ended early")
                process.kill()
                process.join()
            cpu = cost.cpu_share()
            seconds, gaps, pure = ear.report()
            print(f"\n{name}: {pulse.describe()}\n  CPU {100 * cpu:.1f} %, memory {cost.before} KiB before, {cost.peak} at most; "
                  f"heard {seconds:.1f} s, gaps {gaps}, share of the tone {pure:.4f}")
            self.assertTrue(self.phone.holds("call:talking:number=657"), self.phone.describe())
            if SANITIZED:
                return
            self.assertGreater(seconds, SECONDS * 0.8)
            allowed = worst_gap()
            median, most, _ = pulse.summary()
            if not allowed:
                self.assertLess(median, 5)
                self.assertLess(most, 5 if FULL else 40, "milliseconds, 99th percentile")
                self.assertGreater(pure, 0.9)
            self.assertLessEqual(max((length for _, length in gaps), default=0), allowed, "the call was disturbed")
            self.assertLess(cpu, MAX_CPU)
            self.assertLess(cost.peak - cost.before, PEAK_KB)

    def test_requests(self):
        port = self.phone.sip_port
        self.flood("100 requests a second, one source", flood_requests, port, METHODS, 1)
        self.flood("100 requests a second, 250 sources", flood_requests, port, METHODS, 250)
        for method in METHODS[:4] if FULL else ():
            self.flood(f"100 {method} a second, one source", flood_requests, port, (method,), 1)
            self.flood(f"100 {method} a second, 250 sources", flood_requests, port, (method,), 250)
        self.assertLessEqual(len(self.phone.calls()), 5, "one call and four strangers")
        self.assertIn("dropped: too many requests", self.phone.log())
        self.assertLess(self.phone.log().count("dropped: too many requests"), 25 * (1 + self.uptime() // 60))
        self.assertEqual(self.phone.stop(), 0)

    def uptime(self):
        return time.monotonic() - self.started

    def run(self, result=None):
        self.started = time.monotonic()
        return super().run(result)

    def test_bodies(self):
        self.flood("20 huge bodies a second, UDP and TCP", flood_bodies, self.phone.sip_port)
        self.assertEqual(self.phone.stop(), 0)

    def test_media(self):
        ports = media_ports(self.phone)
        self.assertGreaterEqual(len(ports), 2, "RTP and RTCP")
        self.flood(f"{PACKETS_A_SECOND} packets a second at RTP and RTCP", flood_media, ports)
        self.assertEqual(self.phone.stop(), 0)


if __name__ == "__main__":
    print(f"seed {SEED}")
    unittest.main(verbosity=2)
