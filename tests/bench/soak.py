#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""soak.py BUILD [--phone headless|window] [--calls N] [--eights N] [--options N] [--refreshes N] [--settle S]

What a day at the office leaves behind. Each phone (the headless one and the one with the window, side by side) gets
  calls      one after the other, in and out by turns, hung up by either side, each as soon as sound flows both ways
  eights     calls eight at a time: one talks, seven are held
  options    OPTIONS as a registrar sends them to see whether a phone is there
and a second phone of each kind
  refreshes  registrations that last one second, of eight accounts.
Each part begins and ends with the phone at rest, long enough that the library has forgotten its transactions (32 s) and
the phone has given their memory back (20 s more). A part fails when the phone holds more memory of its own, threads or
descriptors at its end than at its beginning beyond what the constants below allow, when it dies, or when a call does not
come about."""

import argparse
import contextlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import rig  # noqa: E402
from deskset import Phone  # noqa: E402
from registrar import Registrar  # noqa: E402
from sip_client import Rtp, SipClient, sdp, sdp_audio, tag_of  # noqa: E402

_spec = importlib.util.spec_from_file_location("with_display", HERE.parent / "ui" / "with-display.py")
with_display = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(with_display)

GROWTH_MB = 2.0       # a leak of 2 KB for each call would be as much
GROWTH_THREADS = 1    # GLib's pool keeps idle threads for a while
GROWTH_DESCRIPTORS = 1
AT_A_TIME = 8
PATIENCE_S = 60
ACCOUNTS = 8
OPTIONS_A_SECOND = 150

SETTINGS = """#!version:1.0.0.1
features.direct_ip_auto_answer = 1
features.auto_answer_delay = 0
features.auto_answer_tone.enable = 0
call_waiting.tone = 0
"""

print_lock = threading.Lock()


def say(*words):
    with print_lock:
        print(*words, flush=True)


class Client(SipClient):
    """Agrees at once when it is put on hold or taken back."""

    def _receive(self, timeout):
        received = super()._receive(timeout)
        for message in [m for m in self.inbox if m.method == "INVITE" and tag_of(m.get("to"))]:
            self.inbox.remove(message)
            direction = sdp_audio(message.body)[2]
            mirrored = {"sendonly": "recvonly", "recvonly": "sendonly"}.get(direction, direction)
            self.respond(message, 200, "OK", [f"Contact: <{self.contact}>"], sdp("127.0.0.1", 9, direction=mirrored, version=2))
        return received


class Peer:
    """The other side of every call: answers what it is asked, talks, and hears whether the phone talks."""

    def __init__(self, phone):
        self.phone = phone
        self.client = Client("127.0.0.1", phone.sip_port, user="peer")

    def close(self):
        self.client.close()

    def _talk(self, call, body):
        """Sound both ways: a packet there, and one from the phone."""
        address, port, _, _ = sdp_audio(body)
        for _ in range(10):
            call.rtp.send((address, port), b"\xff" * 160)
            if call.rtp.receive(0.3):
                return
        raise AssertionError("the phone sends no sound")

    def _drop(self, call):
        call.rtp.close()
        if call.rtp in self.client.open:
            self.client.open.remove(call.rtp)

    def call_in(self):
        """The phone is called, answers by itself, and we hang up."""
        call = self.client.invite("phone")
        final = call.wait_final()
        assert final.status == 200, final
        call.ack()
        self._talk(call, final.body)
        call.bye()
        self._drop(call)

    def call_out(self, phone_ends):
        """The phone calls; either side hangs up."""
        self.phone.dial(f"127.0.0.1:{self.client.port}")
        call = self.client.wait_invite()
        call.rtp = Rtp()
        call.respond(180, "Ringing")
        call.respond(200, "OK", sdp("127.0.0.1", call.rtp.port))
        call.wait_request("ACK")
        self._talk(call, call.invite_message.body)
        if phone_ends:
            self.phone.hangup()
            call.wait_bye()
        else:
            call.bye()
        self._drop(call)

    def eight(self):
        """Eight calls that are all there at once, each answered at the phone."""
        calls = []
        for number in range(AT_A_TIME):
            call = self.client.invite("phone")
            if number > 0:
                call.wait_provisional(180)
                self.phone.answer()
            final = call.wait_final()
            assert final.status == 200, final
            call.ack()
            self._talk(call, final.body)
            calls.append(call)
        for call in reversed(calls):
            call.bye()
            self._drop(call)
        self.client.inbox.clear()


class Subject:
    """A phone under test and what it holds."""

    def __init__(self, kind, phone, settle_s):
        self.kind, self.phone, self.settle_s = kind, phone, settle_s
        self.failures = []
        self.rest = None

    def measure(self):
        return rig.own_memory_mb(self.phone.pid), *rig.threads_and_descriptors(self.phone.pid)

    def line(self, what, start):
        memory, threads, descriptors = self.measure()
        say(f"{self.kind:9} {what:28} {time.monotonic() - start:7.1f} s {memory:8.1f} MB {threads:4} threads {descriptors:4} descriptors")
        return memory, threads, descriptors

    def list_grown(self, now):
        """What is more than at the last rest."""
        most = zip(now, self.rest or now, ("MB", "threads", "descriptors"), (GROWTH_MB, GROWTH_THREADS, GROWTH_DESCRIPTORS))
        return [f"{after - before:+.1f} {unit}" for after, before, unit, limit in most if after - before > limit]

    def settle(self, what, start):
        """Waits until the library has forgotten what was, and compares with the last rest. A phone that holds more gets a
        minute: a frame that has just been painted, or memory that is about to be given back, is no growth."""
        time.sleep(self.settle_s)
        deadline = time.monotonic() + PATIENCE_S
        while self.list_grown(self.measure()) and time.monotonic() < deadline:
            time.sleep(5)
        now = self.line(f"{what}, at rest", start)
        grown = self.list_grown(now)
        if grown:
            self.failures.append(f"{self.kind}: {what}: {', '.join(grown)}")
            say(f"{self.kind:9} {what:28} GROWN: {', '.join(grown)}")
        self.rest = now


def each(subject, what, count, work):
    """Does work (number) count times, telling how the phone stands at each tenth."""
    start = time.monotonic()
    for number in range(1, count + 1):
        work(number)
        if number % max(1, count // 10) == 0:
            subject.line(f"{number} {what}", start)
    return start


def soak_calls(subject, peer, count):
    def work(number):
        if number % 2:
            peer.call_in()
        else:
            peer.call_out(phone_ends=number % 4 == 0)
        if number % 50 == 0:
            subject.phone.wait("idle", timeout=15)

    return each(subject, "calls", count, work)


def soak_eights(subject, peer, rounds):
    def work(_):
        peer.eight()
        subject.phone.wait("call:none", timeout=15)

    return each(subject, "times eight calls", rounds, work)


def soak_options(subject, peer, count):
    first = time.monotonic()

    def work(number):
        assert peer.client.request("OPTIONS").status == 200
        time.sleep(max(0, first + number / OPTIONS_A_SECOND - time.monotonic()))

    return each(subject, "OPTIONS", count, work)


def soak_talk(kind, make_phone, sizes):
    """Calls and OPTIONS."""
    with make_phone(SETTINGS) as phone:
        subject, peer = Subject(kind, phone, sizes.settle), Peer(phone)
        # All that is made once and kept is made before the first comparison.
        start = time.monotonic()
        soak_calls(subject, peer, max(4, sizes.calls // 10))
        soak_eights(subject, peer, 3)
        soak_options(subject, peer, sizes.options // 10)
        subject.settle("warm", start)
        subject.settle("calls", soak_calls(subject, peer, sizes.calls))
        subject.settle("eights", soak_eights(subject, peer, sizes.eights // AT_A_TIME))
        subject.settle("options", soak_options(subject, peer, sizes.options))
        assert phone.is_running()
        peer.close()
    return subject.failures


def soak_refreshes(kind, make_phone, sizes):
    users = {str(number): "soak" for number in range(1001, 1001 + ACCOUNTS)}
    with Registrar(users, expires=1) as registrar:
        accounts = "".join(registrar.account_cfg(user, number) for number, user in enumerate(users, 1))
        with make_phone(SETTINGS + accounts) as phone:
            subject = Subject(kind + "/reg", phone, 0)
            start = time.monotonic()
            # Registrations go on: at rest means that as many transactions end as begin.
            for user in users:
                phone.wait(f"account:{list(users).index(user) + 1}:registered", timeout=20, since=0)
            time.sleep(sizes.settle + 5)
            subject.settle("warm", start)
            first, start, told = registrar.total(), time.monotonic(), 0
            while registrar.total() - first < sizes.refreshes:
                time.sleep(0.5)
                done = registrar.total() - first
                if done // max(1, sizes.refreshes // 5) > told:
                    told = done // max(1, sizes.refreshes // 5)
                    subject.line(f"{done} refreshes", start)
                assert phone.is_running(), "the phone died"
                assert time.monotonic() - start < 10 * sizes.refreshes / ACCOUNTS, "the phone does not refresh"
            subject.settle("refreshes", start)
            least = min(registrar.count(user) for user in users)
            say(f"{subject.kind:9} {registrar.total()} REGISTER accepted, {least} for the account with fewest, {registrar.refused} refused")
            if registrar.refused:
                subject.failures.append(f"{kind}: {registrar.refused} wrong digests")
    return subject.failures


def guarded(failures, work, kind, *arguments):
    """Runs one part on its thread; what goes wrong is a failure, not the end of the others."""
    try:
        failures += work(kind, *arguments)
    except Exception as error:  # pylint: disable=broad-except
        failures.append(f"{kind}: {work.__name__}: {type(error).__name__}: {error}")
        say(failures[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--phone", choices=("headless", "window"), action="append")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--eights", type=int, default=1000)
    parser.add_argument("--options", type=int, default=10000)
    parser.add_argument("--refreshes", type=int, default=1440)
    parser.add_argument("--settle", type=float, default=56.0)
    sizes = parser.parse_args()
    os.environ["DESKSET_BUILD"] = os.path.abspath(sizes.build)
    kinds = sizes.phone or ["headless", "window"]
    # As on a user's machine: GStreamer has looked at its plug-ins before.
    registry = tempfile.NamedTemporaryFile(prefix="deskset-gst-")
    os.environ["GST_REGISTRY"] = registry.name
    subprocess.run(["gst-inspect-1.0", "--exists", "pulsesink"], check=False, stdout=subprocess.DEVNULL)
    failures, threads, start = [], [], time.monotonic()
    say(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    with contextlib.ExitStack() as stack:
        for kind in kinds:
            options = {}
            if kind == "window":
                environment = stack.enter_context(with_display.display("1366x768"))
                options = {"program": "deskset", "env": environment, "start_timeout": 60}
            for work in (soak_talk, soak_refreshes):
                def make_phone(cfg, name=f"{kind}-{work.__name__}".replace("_", "-"), options=options):
                    return Phone(name.replace("-", "_"), cfg, **options)

                threads.append(threading.Thread(target=guarded, args=(failures, work, kind, make_phone, sizes)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for failure in failures:
        say(f"FAILED: {failure}")
    say(f"{time.monotonic() - start:.0f} s; {len(threads) - min(len(failures), len(threads))} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
