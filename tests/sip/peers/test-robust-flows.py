#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message of every call flow, and what can go wrong with it: a table that is generated from data/flows and tests/flows.

Three phones play a flow through the relay and Kamailio. At the message of the case it happens:

    lost       the first transmission does not arrive
    gone       none does
    twice      it comes two times
    late       it comes 0.9 s later
    refused    whoever gets the request refuses it (420)
    hang-up    whoever gets it hangs up at that very moment
    hold       whoever gets it presses Hold at that very moment (glare, where it is a re-INVITE)

And at the beginning of every step the server may stop for good. The flow goes on as if nothing were amiss. Then each phone must come to rest by itself, idle or in the calls that its LCD shows; hang
up; hold nothing any more; and make the next call.

    DESKSET_TEST_SEED=7       chooses the cases and their order
    DESKSET_TEST_FULL=1       all of them instead of a few
    DESKSET_TEST_ONLY=TEXT    those whose name contains this: "04-hold F13 twice"
"""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import re
import threading
import time
import unittest

import ladder
from deskset import Phone, Refused, wait_until
from flow_player import Player, read_flow, settle
from kamailio import Kamailio
from relay import Relay

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
FLOWS = ROOT / "data" / "flows"
FULL = bool(os.environ.get("DESKSET_TEST_FULL"))
ONLY = os.environ.get("DESKSET_TEST_ONLY", "")
SEED = int(os.environ.get("DESKSET_TEST_SEED") or random.randrange(1, 1000000))
WORKERS = 6 if FULL else 3
SAMPLE = 12
USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}
NUMBERS = dict(zip("ABC", USERS))
VARIABLES = {f"{letter}.number": user for letter, user in NUMBERS.items()}
FAULTS = ("lost", "gone", "twice", "late", "refused", "hang-up", "hold")
MOMENT_MS = 250            # how long a message waits while somebody acts
# What is not answered in 32 s has failed (RFC 3261 timers B and F), and one such time-out may follow another. Whoever is never told
# how a transfer ends waits for 200 s, quietly.
REST_S = 80
QUIET_S = 230
SHOWN = {"talking": ("Talking", "Held", "Conference", "Transferring"), "held": ("Hold", "Transferring", "Transfer failed!"),
         "incoming": ("Incoming call",), "ringing": ("Ringing", "Session Progress")}


class Case:
    """One message of a flow, and what happens to it."""

    def __init__(self, flow, index, line, before, fault):
        self.flow = flow
        self.fault = fault
        self.name = f"{flow} F{index} {fault} ({' '.join(line.split())})"
        self.sender, self.receiver, label = self.parse(line)
        self.count = 1 + sum(self.parse(other) == (self.sender, self.receiver, label) for other in before)
        self.status, self.method = label

    @staticmethod
    def parse(line):
        left, right, status, method = re.match(r"(\S+) +-> (\S+) +(?:(\d{3}) )?(\w+)", line).groups()
        return *("kamailio" if end == "P" else end[0] for end in (left, right)), (status, method)

    def makes_sense(self):
        # Only requests can be refused; phones alone can act; ACK has no answer.
        if self.fault == "refused":
            return self.status is None and self.method not in ("ACK", "CANCEL") and self.receiver != "kamailio"
        return self.fault not in ("hang-up", "hold") or self.receiver != "kamailio"

    def rest_s(self):
        return QUIET_S if self.method == "NOTIFY" and self.fault in ("gone", "refused", "hang-up", "hold") else REST_S

    def rule(self):
        what = f"status={self.status} method={self.method}" if self.status else f"method={self.method}"
        keys = f"{what} from={self.sender} to={self.receiver} which=first n={self.count}"
        action = {"lost": "drop", "gone": "drop", "twice": "duplicate", "late": "delay 900ms", "hang-up": f"delay {MOMENT_MS}ms",
                  "hold": f"delay {MOMENT_MS}ms", "refused": r"rewrite /^(Max-Forwards: .*)$/\1\nRequire: x-unheard-of/"}
        return f"{action[self.fault]} {keys}"


class Outage:
    """The server stops at the beginning of a step."""

    def __init__(self, flow, step):
        self.flow = flow
        self.step = step
        self.fault = "outage"
        self.name = f"{flow} outage before “{step}”"

    def rest_s(self):
        return QUIET_S if "transfer" in self.flow else REST_S


def list_steps(path):
    steps = dict.fromkeys(line.step for line in read_flow(path, VARIABLES) if line.step)
    return list(steps)


def make_table():
    cases = []
    for path in sorted(FLOWS.glob("*.flow")):
        cases += [Outage(path.stem, step) for step in list_steps(path)[1:]]
    for path in sorted(FLOWS.glob("*.flow")):
        blocks, _ = ladder.read(ladder.FOLDER / f"{path.stem}.ladder")
        lines = [line for block in blocks for line in block]
        for index, line in enumerate(lines):
            cases += [Case(path.stem, index + 1, line, lines[:index], fault) for fault in FAULTS]
    return [case for case in cases if case.fault == "outage" or case.makes_sense()]


class Bench:
    """Kamailio, the relay before it, and three phones; new ones for each case, since the ladders begin with the server's first
    challenge."""

    def __init__(self, stack):
        self.stack = stack
        self.phones = {}
        server = self.server = self.stack.enter_context(Kamailio(USERS))
        self.relay = self.stack.enter_context(Relay({"kamailio": ("127.0.0.1", server.port)}, seed=1))
        self.real_port, server.port = server.port, self.relay.port()
        for letter, user in NUMBERS.items():
            phone = Phone(f"robust{letter}", server.account_cfg(user))
            self.relay.name(letter, "127.0.0.1", phone.sip_port)
            self.phones[letter] = self.stack.enter_context(phone)
        for phone in self.phones.values():
            phone.wait_registered()

    def told(self):
        return "\n".join(f"{entry['t']:8.3f} {entry['from']} -> {entry['to']} {entry['status'] or ''} {entry['method'] or ''} "
                         f"{entry['cseq']} {entry['done']}" for entry in self.relay.messages(kind="sip")[-80:])

    def play(self, case):
        if case.fault == "outage":
            self.play_outage(case)
        else:
            self.play_fault(case)
        self.call_again()

    def play_outage(self, case):
        gone = threading.Event()
        player = Player(self.phones, gone.is_set)
        lines = read_flow(FLOWS / f"{case.flow}.flow", VARIABLES)
        first = [line.step for line in lines].index(case.step)
        player.play(lines[:first])
        self.server.stop()
        gone.set()
        player.play(lines[first:])
        self.check_rest(case.rest_s())
        self.server.port = self.real_port
        self.server.start()
        for phone in self.phones.values():
            phone.command("register")
            phone.wait("account:1:registered", 40)

    def play_fault(self, case):
        since = self.relay.mark()
        rule = self.relay.add(case.rule())
        over = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(case, rule, since, over))
        watcher.start()
        player = Player(self.phones, lambda: rule.fired > 0)
        try:
            player.play(read_flow(FLOWS / f"{case.flow}.flow", VARIABLES))
            if not rule.fired:
                raise AssertionError("the message of the case never came")
            self.check_rest(case.rest_s())
        finally:
            over.set()
            watcher.join()
        self.relay.clear()

    def watch(self, case, rule, since, over):
        """What has to be done when the message is there."""
        while not over.is_set():
            try:
                entry = self.relay.wait(lambda entry: rule.number in entry.get("rules", ()), 0.5, since)
            except TimeoutError:
                continue
            if case.fault == "gone":
                self.relay.add(f"drop match=/(?s)(?=.*Call-ID: {re.escape(entry['call'])})(?=.*CSeq: {entry['number']} {entry['cseq']})/ "
                               f"from={case.sender} to={case.receiver} " + ("status=" + case.status if case.status else f"method={case.method}"))
            elif case.fault in ("hang-up", "hold"):
                with contextlib.suppress(Refused):
                    phone = self.phones[case.receiver]
                    phone.hangup() if case.fault == "hang-up" else phone.key("F_HOLD")
            return

    def check_rest(self, patience):
        """Idle, or in the calls that the LCD shows; then hung up, and nothing is left."""
        for phone in self.phones.values():
            for call in settle(phone, REST_S):
                self.check_shown(phone, call)
        for phone in self.phones.values():
            with contextlib.suppress(Refused):
                phone.command("hangup all")
        for phone in self.phones.values():
            phone.wait("call:none", REST_S, since=0)
            wait_until(lambda one=phone: one.counts()["dialogs"] == 0 and one.counts()["streams"] == 0, patience,
                       f"{phone.name} lets go of everything: {phone.counts()}")
            self.go_idle(phone)

    @staticmethod
    def check_shown(phone, call):
        """The call may have gone on meanwhile; what is shown must be true at some moment soon."""
        def is_true():
            now = {one["call"]: one["state"] for one in phone.calls()}
            shown = phone.text()
            state = now.get(call["call"], "ended")
            on_call_page = phone.screen()["page"] in ("call", "incoming", "conference")
            return state not in SHOWN or not on_call_page or any(text in shown for text in SHOWN[state])

        wait_until(is_true, 5, f"the LCD of {phone.name} shows the call that is {call['state']}")

    @staticmethod
    def go_idle(phone):
        deadline = time.monotonic() + 10
        while not phone.holds("idle"):
            if time.monotonic() > deadline:
                raise AssertionError(f"{phone.name} does not come back to the idle page")
            phone.key("X")
            time.sleep(0.05)

    def call_again(self):
        """By keys, as the next user would. Not to B, which may forward its calls."""
        first, second = self.phones["A"], self.phones["C"]
        first.key(*NUMBERS["C"], "F1")
        second.wait("call:incoming", 15, since=0)
        second.wait("softkey:Answer")
        second.key("F1")
        for phone in (first, second):
            phone.wait("call:talking", 15)
        first.hangup()
        for phone in (first, second):
            phone.wait("call:none", 15, since=0)
            self.go_idle(phone)


def run_case(case):
    """Plays it; returns what went wrong, or None."""
    try:
        with contextlib.ExitStack() as stack:
            bench = Bench(stack)
            try:
                bench.play(case)
            except (AssertionError, Refused) as error:
                return f"{case.name}: {error}\n" + "\n".join(phone.describe() for phone in bench.phones.values()) + "\n" + bench.told()
    except AssertionError as error:
        return f"{case.name}: a phone crashed: {error}"
    return None


class RobustFlows(unittest.TestCase):
    def test_table(self):
        table = make_table()
        self.assertGreater(len(table), 800)
        self.assertEqual({case.fault for case in table}, {*FAULTS, "outage"})
        luck = random.Random(SEED)
        luck.shuffle(table)
        if ONLY:
            table = [case for case in table if ONLY in case.name]
        elif not FULL:
            table = [case for case in table if case.rest_s() == REST_S][:SAMPLE]
        print(f"\nseed {SEED}: {len(table)} cases", flush=True)
        wrong = self.run_all(table)
        self.assertEqual(len(wrong), 0, f"{len(wrong)} of {len(table)}:\n" + "\n\n".join(wrong))

    def run_all(self, table):
        cases = list(reversed(table))
        lock = threading.Lock()

        def work():
            wrong = []
            while True:
                with lock:
                    if not cases:
                        return wrong
                    case = cases.pop()
                begin = time.monotonic()
                fault = run_case(case)
                wrong += [fault] if fault else []
                print(f"  {'FAIL' if fault else 'ok  '} {time.monotonic() - begin:5.1f} s  {case.name}", flush=True)

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            return [fault for result in [pool.submit(work) for _ in range(min(WORKERS, len(table)))] for fault in result.result()]


if __name__ == "__main__":
    unittest.main(verbosity=2)
