#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Malformed messages, UDP and TCP, at a phone that is registered and at one in a call; after each the phone must answer.

    DESKSET_TEST_SEED=7            the seed (else a new one, printed)
    DESKSET_TEST_FULL=1            10,000 messages instead of 600, and memory a minute later
    DESKSET_TEST_ONLY=7/1234/tcp   only this one, as a finding says

A finding is written to malformed-SEED-NUMBER.TRANSPORT in the build folder; put beside this file into malformed/, it is sent
first in every run.
"""

import contextlib
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest

import malformed
from attack import TONE, Cost, Ear, Pulse, worst_gap
from deskset import Phone, build_folder, wait_until
from exchange import Exchange
from sound import write_tone

FULL = os.environ.get("DESKSET_TEST_FULL") == "1"
SEED = os.environ.get("DESKSET_TEST_SEED") or str(random.SystemRandom().randrange(1, 1000000))
ONLY = os.environ.get("DESKSET_TEST_ONLY")
COUNT = 10000 if FULL else 600
KEPT = pathlib.Path(__file__).parent / "malformed"
USERS = {"1001": "secret1", "1002": "secret2"}
MAX_OPEN = 60             # connections that stay open in the middle of a message
PEAK_KB = 240 * 1024       # the limits on strangers are lifted here: test-flood.py has them
AFTER_KB = 5 * 1024
SANITIZED = bool(os.environ.get("DESKSET_SANITIZED"))


class Sender:
    """Sends messages as a stranger, from two addresses, and never looks at what comes back."""

    def __init__(self, port):
        self.place = ("127.0.0.1", port)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.66", 0))
        self.udp.setblocking(False)
        self.connections = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.udp.close()
        for connection in self.connections:
            connection.close()

    def make(self, seed, number, transport):
        place = malformed.Place(*self.place, "127.0.0.66", self.udp.getsockname()[1], transport)
        return malformed.make(seed, number, place)

    def send(self, data, transport, luck):
        if transport == "udp":
            self.send_udp(data)
        else:
            self.send_tcp(data, luck)

    def send_udp(self, data):
        with contextlib.suppress(OSError):
            self.udp.sendto(data, self.place)
        with contextlib.suppress(OSError):
            while True:
                self.udp.recv(65536)

    def send_tcp(self, data, luck):
        connection = socket.create_connection(self.place, 5, ("127.0.0.66", 0))
        connection.settimeout(0.5)
        with contextlib.suppress(OSError):
            choice = luck.randrange(6)
            if choice == 0:
                # In pieces, two messages in one.
                middle = len(data) // 2
                connection.sendall(data[:middle])
                connection.sendall(data[middle:] + data)
            elif choice == 1:
                connection.sendall(data[:len(data) // 2])
            else:
                connection.sendall(data)
        end = luck.randrange(4)
        if end == 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        elif end == 1:
            connection.close()
        else:
            self.connections.append(connection)
            if len(self.connections) > MAX_OPEN:
                self.connections.pop(luck.randrange(len(self.connections))).close()


class Malformed(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-malformed-"))
        self.exchange = self.stack.enter_context(Exchange(USERS))

    def start(self, user, extra="", **options):
        cfg = self.exchange.account_cfg(user, extra="phone_setting.ringing_timeout = 1\nfeatures.save_call_history = 0\n" + extra)
        phone = self.stack.enter_context(Phone(f"malformed{user}", cfg, **options))
        phone.wait_registered()
        return phone

    def call_once(self, phone):
        phone.dial(TONE)
        phone.wait("call:talking", 30)
        phone.hangup()
        phone.wait("idle", 20)

    def found(self, phone, pulse, data, what):
        stacks = ""
        if shutil.which("gdb") and phone.is_running():
            stacks = subprocess.run(["gdb", "-p", str(phone.pid), "-batch", "-ex", "thread apply all bt 16"], text=True, check=False,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        folder = build_folder() or "."
        path = os.path.join(folder, f"malformed-{what.replace('/', '-')}")
        with open(path, "wb") as file:
            file.write(data)
        self.fail(f"no answer within 3 s after message {what}, kept as {path}; alone: DESKSET_TEST_ONLY={what}\n"
                  f"the last answer was {pulse.other[:400]!r}; {phone.counts()}; the phone {'runs' if phone.is_running() else 'ended with %s' % phone.process.poll()}\n{phone.log_end(60)}\n{stacks}")

    def attack(self, phone, transports, count, cost, pulse):
        """Every message, and after each the question whether the phone is there."""
        with Sender(phone.sip_port) as sender:
            for path in sorted(KEPT.glob("*.*")) if KEPT.is_dir() else []:
                sender.send(path.read_bytes(), path.suffix[1:], random.Random(0))
                if pulse.beat() is None:
                    self.found(phone, pulse, path.read_bytes(), f"kept/{path.name}")
            plan = [(SEED, number, transports[number % len(transports)]) for number in range(count)]
            if ONLY:
                seed, number, transport = ONLY.split("/")
                plan = [(seed, int(number), transport)]
            for seed, number, transport in plan:
                message = sender.make(seed, number, transport)
                sender.send(message.data, transport, random.Random(f"{seed}:{number}"))
                if pulse.beat() is None:
                    self.found(phone, pulse, message.data, f"{seed}/{number}/{transport}")
                if number % 50 == 0:
                    cost.look()

    def check_memory(self, phone, cost):
        at_end = cost.look()
        print(f"  memory: {cost.before} KiB before, {cost.peak} at most, {at_end} at the end; CPU {100 * cost.cpu_share():.0f} %")
        if SANITIZED:
            return
        self.assertLess(cost.peak - cost.before, PEAK_KB)
        if FULL:
            time.sleep(60)
            after = phone.memory_kb()["rss"]
            own = phone.memory_kb()["private"] - cost.private
            print(f"  memory a minute later: {after} KiB ({after - cost.before:+d}, of the phone's own {own:+d})")
            self.assertLess(after - cost.before, AFTER_KB, "memory did not come back")

    def test_registered(self):
        phone = self.start("1001")
        # The first call ever looks for codecs, in a new user's empty cache, and that takes seconds.
        self.call_once(phone)
        with Pulse("127.0.0.1", phone.sip_port) as pulse:
            cost = Cost(phone)
            self.attack(phone, ("udp", "tcp"), COUNT, cost, pulse)
            print(f"\n{COUNT} messages, seed {SEED}, at a registered phone: {pulse.describe()}")
        self.check_memory(phone, cost)
        wait_until(lambda: phone.holds("idle"), 40, "the idle page")
        self.assertTrue(phone.holds("account:1:registered"), phone.describe())
        self.call_once(phone)
        self.assertEqual(phone.stop(), 0)

    def test_in_call(self):
        out = os.path.join(self.folder, "out.wav")
        microphone = os.path.join(self.folder, "in.wav")
        write_tone(microphone, 523)
        phone = self.start("1002", "call_waiting.enable = 0\ndeskset.audio.tone_detector = 1\n", audio=f"file:{microphone},{out}")
        phone.dial(TONE)
        phone.wait("call:talking", 15)
        phone.wait("heard:440", 10)
        with Pulse("127.0.0.1", phone.sip_port) as pulse:
            cost = Cost(phone)
            ear = Ear(out)
            self.attack(phone, ("udp", "tcp"), COUNT, cost, pulse)
            wait_until(lambda: ear.seconds() > 3, 10, "three seconds of the tone", 0.2)
            seconds, gaps, pure = ear.report()
            print(f"\n{COUNT} messages, seed {SEED}, at a phone in a call: {pulse.describe()}")
        print(f"  heard {seconds:.1f} s of the tone, gaps: {gaps}, share of the tone {pure:.3f}")
        self.check_memory(phone, cost)
        self.assertTrue(phone.holds("call:talking"), phone.describe())
        if not SANITIZED:
            self.assertLessEqual(max((length for _, length in gaps), default=0), worst_gap(), "the user's call was disturbed")
        phone.hangup()
        phone.wait("call:none", 10)
        self.assertEqual(phone.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
