# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests that attack a phone share: is it still there, how quickly, did the user's call notice anything, what did it cost."""

import os
import socket
import statistics
import time

from baresip import read_wav
from sound import level, share

TONE = "657"              # the practice exchange's robot that plays a tone for ever
TONE_HZ = 440
BLOCK_S = 0.02
RESEND_S = 0.5


def machine_is_busy():
    """Other work than the test keeps the processors: times say little then about the phone."""
    return os.getloadavg()[0] > 2 * os.cpu_count()


def worst_gap():
    """Seconds without the tone that are let pass: none, or half a second on a machine that is busy with something else."""
    if not machine_is_busy():
        return 0
    print("  the machine is busy with other work: gaps up to half a second and any latency are let pass")
    return 0.5


class Pulse:
    """Asks a phone by OPTIONS whether it is there, from a socket of its own, and keeps how long each answer took."""

    def __init__(self, host, port, our_host="127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((our_host, 0))
        self.place = (host, port)
        self.us = "%s:%d" % self.socket.getsockname()
        self.count = 0
        self.times = []
        self.resent = 0
        self.other = b""        # what came last, for messages

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def beat(self, timeout=3.0):
        """Seconds until the 200 came; None when none came in time."""
        self.count += 1
        branch = f"z9hG4bKpulse{self.count}x{self.us.rsplit(':', 1)[1]}"
        text = (f"OPTIONS sip:desk@{self.place[0]}:{self.place[1]} SIP/2.0\r\nVia: SIP/2.0/UDP {self.us};branch={branch}\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:pulse@{self.us}>;tag={self.count}\r\nTo: <sip:desk@{self.place[0]}>\r\n"
                f"Call-ID: {branch}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")
        start = time.monotonic()
        self.socket.sendto(text.encode(), self.place)
        again = start + RESEND_S
        while True:
            now = time.monotonic()
            if now >= start + timeout:
                return None
            if now >= again:
                # The kernel drops datagrams when the phone's socket is full, as networks do (timer E of RFC 3261).
                self.socket.sendto(text.encode(), self.place)
                self.resent += 1
                again = now + RESEND_S
            self.socket.settimeout(max(0.001, min(again, start + timeout) - now))
            try:
                data = self.socket.recv(65536)
            except socket.timeout:
                continue
            self.other = data
            if branch.encode() in data and data.startswith(b"SIP/2.0 200"):
                self.times.append(time.monotonic() - start)
                return self.times[-1]

    def summary(self):
        """(median, 99th percentile, longest) in milliseconds."""
        ordered = sorted(self.times)
        return tuple(1000 * value for value in (statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1]))

    def describe(self):
        return "%d answers, median %.2f ms, 99 %% %.2f ms, longest %.2f ms, %d sent again" % (
            len(self.times), *self.summary(), self.resent)


class Ear:
    """Watches the file that a phone plays into: the tone of the user's call must never stop."""

    def __init__(self, path, hertz=TONE_HZ):
        self.path = path
        self.hertz = hertz
        self.start = len(read_wav(path)[0])

    def seconds(self):
        samples, rate = read_wav(self.path)
        return (len(samples) - self.start) / rate

    def report(self):
        """(seconds listened, [(second, seconds) of each gap], share of the energy that is the tone).

        The share is that of all tenths of a second but the worst in fifty: where the jitter buffer skips, the tone leaps."""
        samples, rate = read_wav(self.path)
        samples = samples[self.start:]
        size = int(rate * BLOCK_S)
        levels = [level(samples[i:i + size]) for i in range(0, len(samples) - size, size)]
        floor = statistics.median(levels) / 3
        gaps, begin = [], None
        for number, value in enumerate(levels + [floor]):
            if value < floor and begin is None:
                begin = number
            elif value >= floor and begin is not None:
                gaps.append((begin * BLOCK_S, (number - begin) * BLOCK_S))
                begin = None
        size = rate // 10
        shares = sorted(share(samples[i:i + size], rate, self.hertz) for i in range(0, len(samples) - size, size))
        return len(samples) / rate, gaps, shares[len(shares) // 50] if shares else 0.0


class Cost:
    """Memory and CPU of a phone from now on."""

    def __init__(self, phone):
        self.phone = phone
        self.before = phone.memory_kb()["rss"]
        self.private = phone.memory_kb()["private"]
        self.peak = self.before
        self.cpu = phone.cpu_s()
        self.time = time.monotonic()

    def look(self):
        now = self.phone.memory_kb()["rss"]
        self.peak = max(self.peak, now)
        return now

    def cpu_share(self):
        return (self.phone.cpu_s() - self.cpu) / (time.monotonic() - self.time)
