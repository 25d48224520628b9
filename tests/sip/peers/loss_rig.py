# SPDX-License-Identifier: GPL-3.0-or-later
"""Two phones, an exchange and a relay between all of them: the basic flows, recorded once and repeated with one fault.

A `Station` is a set that runs one case after the other; several stations run side by side. A flow drives both phones and
leaves them idle; what must hold on the way is asserted in it. `record ()` runs a flow without any fault and lists its
messages; `run ()` repeats it with a rule for exactly one of them.
"""

import contextlib
import time

from deskset import Phone, Refused, TimedOut, wait_until
from exchange import Exchange
from relay import Relay

USERS = {"1001": "first secret", "1002": "second secret"}
T1_S = 0.5
# 64 × T1: no transaction of RFC 3261 lasts longer (timers B, F, H).
LIMIT_S = 64 * T1_S
STEP_S = LIMIT_S + 3


class Message:
    """One message of a flow: the n-th of its kind on its way."""

    def __init__(self, entry, count):
        self.sender, self.receiver = entry["from"], entry["to"]
        self.method, self.status, self.cseq = entry["method"], entry["status"], entry["cseq"]
        self.count = count

    @property
    def key(self):
        return self.sender, self.receiver, self.method, self.status, self.cseq

    def rule(self, action):
        what = f"method={self.method}" if self.method else f"status={self.status} cseq={self.cseq}"
        return f"{action} {what} from={self.sender} to={self.receiver} which=first n={self.count}"

    def __str__(self):
        what = self.method or f"{self.status} ({self.cseq})"
        nth = f" #{self.count}" if self.count > 1 else ""
        return f"{self.sender} → {self.receiver} {what}{nth}"


def list_messages(entries):
    """The messages of a recorded run, without what was sent again."""
    counts, messages = {}, []
    for entry in entries:
        if entry["kind"] != "sip" or entry["again"]:
            continue
        message = Message(entry, 1)
        message.count = counts[message.key] = counts.get(message.key, 0) + 1
        messages.append(message)
    return messages


def open_transactions(entries):
    """What is still to come on the wire: requests without a final response that arrived, INVITEs without an ACK."""
    states = {}
    for entry in entries:
        if entry["kind"] != "sip":
            continue
        method = "INVITE" if entry["method"] == "ACK" else entry["cseq"]
        key = entry["call"], frozenset((entry["from"], entry["to"])), entry["number"], method
        arrived = "dropped" not in entry["done"]
        if entry["method"] == "ACK":
            if arrived and states.get(key) == "ACK":
                states[key] = None
        elif entry["method"]:
            states.setdefault(key, "response")
        elif entry["status"] >= 200 and arrived and states.get(key) == "response":
            states[key] = "ACK" if method == "INVITE" else None
    return {key: state for key, state in states.items() if state}


class Station:
    """Alice (1001), Bob (1002) and the exchange, all behind one relay."""

    def __init__(self, seed, registry):
        self.seed = seed
        # Where GStreamer keeps what it found installed: phones with folders of their own would all look anew.
        self.env = {"GST_REGISTRY": registry}
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self.exchange = self.stack.enter_context(Exchange(USERS, args=["--nonce-life", "86400"]))
            self.relay = self.stack.enter_context(Relay({"exchange": ("127.0.0.1", self.exchange.port)}, seed=self.seed))
            self.alice = self._phone("alice", "1001")
            self.bob = self._phone("bob", "1002")
            # The first call of a new phone takes its time, and is challenged: later ones have credentials with them.
            Call(False, "caller").run(self)
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self.stack.close()

    def _phone(self, name, user):
        real, self.exchange.port = self.exchange.port, self.relay.port("exchange")
        cfg = self.exchange.account_cfg(user, extra="phone_setting.ringing_timeout = 60\n")
        self.exchange.port = real
        phone = Phone(name, cfg, env=self.env)
        self.relay.stand_before(name, "127.0.0.1", phone.sip_port)
        self.stack.enter_context(phone)
        phone.wait_registered(timeout=STEP_S)
        return phone

    def number(self, direct):
        """What Alice dials to reach Bob."""
        return self.relay.address("bob") if direct else "1002"

    # -- runs

    def record(self, flow):
        """Runs a flow without a fault; (its messages, seconds it took)."""
        flow.prepare(self)
        mark, started = self.relay.mark(), time.monotonic()
        flow.run(self)
        self.wait_quiet(mark)
        took = time.monotonic() - started
        messages = list_messages(self.relay.messages(mark))
        flow.restore(self)
        return messages, took

    def run(self, flow, message, action):
        """Runs a flow with a fault at one message; (seconds it took, whether the message came by)."""
        flow.prepare(self)
        mark, started = self.relay.mark(), time.monotonic()
        rule = self.relay.add(message.rule(action))
        try:
            flow.run(self)
            self.wait_quiet(mark)
            took = time.monotonic() - started
            for phone in (self.alice, self.bob):
                assert phone.holds("idle"), f"not idle after all is over\n{phone.describe()}"
                wait_until(lambda p=phone: self.holds_nothing(p), STEP_S, f"nothing left in {phone.name}: {phone.counts()}")
            flow.check(self)
        finally:
            self.relay.remove(rule)
        flow.restore(self)
        return took, rule.fired > 0

    @staticmethod
    def holds_nothing(phone):
        counts = phone.counts()
        return counts["calls"] == counts["dialogs"] == counts["streams"] == 0

    def call_through_loss(self, share, direct):
        """One call while each SIP message is lost with some chance; (seconds, whether it came to talking). However it goes, both
        phones are idle in the end and hold nothing."""
        rule = self.relay.add(f"drop sip chance={share}")
        started = time.monotonic()
        flow = Call(direct, "caller")
        talked = False
        try:
            with contextlib.suppress(TimedOut, Refused):
                flow.talk(self)
                talked = True
            # The other one has to learn of it by what gets through.
            for phone in (self.alice,) if talked else (self.alice, self.bob):
                with contextlib.suppress(Refused):
                    phone.hangup()
            for phone in (self.alice, self.bob):
                phone.wait("call:none", STEP_S, since=phone.mark)
                wait_until(lambda p=phone: self.holds_nothing(p), 2 * STEP_S, f"nothing left in {phone.name}: {phone.counts()}")
        finally:
            self.relay.remove(rule)
        for phone in (self.alice, self.bob):
            with contextlib.suppress(Refused):
                phone.command("missed exit")
            flow.close_page(phone)
        return time.monotonic() - started, talked

    def wait_quiet(self, mark):
        """Until every transaction has ended on the wire."""
        wait_until(lambda: not open_transactions(self.relay.messages(mark)), STEP_S, "the end of every transaction")

    def trace(self, mark=0):
        return "\n".join(f"{entry['t']:9.3f} {entry['from']} → {entry['to']} {entry['method'] or (entry['status'], entry['cseq'])}"
                         f"{' again' if entry['again'] else ''} {' '.join(entry['done'])}"
                         for entry in self.relay.messages(mark) if entry["kind"] == "sip")


class Flow:
    """What happens, and what must be true on the way and at the end."""

    name = "?"
    direct = False

    def prepare(self, station):
        """Before the recording and the rule."""

    def run(self, station):
        raise NotImplementedError

    def check(self, station):
        """When the wire is quiet."""
        for phone in (station.alice, station.bob):
            assert phone.accounts()[0]["state"] == "registered", phone.describe()

    def restore(self, station):
        """Afterwards, without any fault."""

    def __str__(self):
        return f"{self.name}, {'direct' if self.direct else 'exchange'}"

    # -- pieces

    def ring(self, station):
        station.bob.mark = station.bob.seq()
        station.alice.dial(station.number(self.direct))
        station.bob.wait("call:incoming", STEP_S)

    def talk(self, station):
        self.ring(station)
        station.bob.answer()
        station.bob.wait("call:talking", STEP_S)
        station.alice.wait("call:talking", STEP_S)

    @staticmethod
    def close_page(phone):
        """The page about a call that ended would go by itself; nobody waits for that here."""
        phone.wait("call:none", STEP_S, since=phone.mark)
        with contextlib.suppress(Refused):
            phone.hangup()
        phone.wait("idle", 15)

    def end(self, phone, *others):
        """One hangs up; all are idle in the end."""
        phone.hangup()
        for one in (phone, *others):
            self.close_page(one)


class Register(Flow):
    name = "register"

    def prepare(self, station):
        station.alice.set("account.1.enable", "0")
        station.alice.wait("account:1:disabled", STEP_S)
        station.wait_quiet(0)

    def run(self, station):
        station.alice.set("account.1.enable", "1")
        station.alice.wait("account:1:registered", STEP_S)

    def restore(self, station):
        Robot().run(station)


class Refresh(Flow):
    name = "register again"

    def run(self, station):
        mark = station.relay.mark()
        station.alice.command("register 1")
        station.relay.wait(lambda entry: entry["status"] == 200 and entry["cseq"] == "REGISTER" and "dropped" not in entry["done"],
                           STEP_S, mark)


class Unregister(Flow):
    name = "unregister"

    def run(self, station):
        station.alice.set("account.1.enable", "0")
        station.alice.wait("account:1:disabled", STEP_S)

    def check(self, station):
        """The exchange knows her no more."""
        station.bob.dial("1001")
        station.bob.wait("call:ended:status=480", STEP_S)
        self.end(station.bob)

    def restore(self, station):
        station.alice.set("account.1.enable", "1")
        station.alice.wait("account:1:registered", STEP_S)
        Robot().run(station)


class Call(Flow):
    """Answered, ended by one of them."""

    def __init__(self, direct, ended_by):
        self.direct, self.ended_by = direct, ended_by
        self.name = f"call, {ended_by} hangs up"

    def run(self, station):
        self.talk(station)
        first, second = (station.alice, station.bob) if self.ended_by == "caller" else (station.bob, station.alice)
        second.mark = second.seq()
        self.end(first, second)


class Robot(Flow):
    name = "call to a robot"

    def run(self, station):
        station.alice.dial("657")
        station.alice.wait("call:talking", STEP_S)
        station.alice.wait("media:flowing", STEP_S)
        self.end(station.alice)


class Challenged(Robot):
    """The account is new, so that the exchange asks for the password."""

    name = "call with a challenge"

    def prepare(self, station):
        Register().prepare(station)
        Register().run(station)
        station.wait_quiet(0)


class RobotHangsUp(Flow):
    name = "robot hangs up"

    def run(self, station):
        station.alice.dial("658")
        station.alice.wait("call:ended", STEP_S)
        self.close_page(station.alice)


class Busy(Flow):
    name = "busy"

    def __init__(self, direct):
        self.direct = direct

    def prepare(self, station):
        if self.direct:
            station.bob.command("dnd on")

    def run(self, station):
        station.alice.dial(station.number(True) if self.direct else "602")
        station.alice.wait("call:ended:status=486" if not self.direct else "call:ended", STEP_S)
        if not self.direct:
            station.alice.wait("screen:Busy here!", 5)
        self.close_page(station.alice)

    def restore(self, station):
        if self.direct:
            station.bob.command("dnd off")


class Cancel(Flow):
    name = "caller gives up"

    def __init__(self, direct):
        self.direct = direct

    def run(self, station):
        self.ring(station)
        station.bob.mark = station.bob.seq()
        station.alice.hangup()
        station.bob.wait("missed", STEP_S)
        self.close_page(station.alice)
        station.bob.wait("call:none", STEP_S)
        station.bob.command("missed exit")
        station.bob.wait("idle", 15)


class Reject(Flow):
    name = "rejected"

    def __init__(self, direct):
        self.direct = direct

    def run(self, station):
        self.ring(station)
        station.bob.command("reject")
        station.alice.wait("call:ended:status=486", STEP_S)
        self.close_page(station.bob)
        self.close_page(station.alice)


class NoAnswer(Flow):
    """The called phone stops ringing by itself."""

    name = "no answer"

    def __init__(self, direct):
        self.direct = direct

    def prepare(self, station):
        station.bob.set("phone_setting.ringing_timeout", "1")

    def run(self, station):
        self.ring(station)
        station.bob.wait("missed", STEP_S)
        station.alice.wait("call:ended", STEP_S)
        station.bob.command("missed exit")
        self.close_page(station.bob)
        self.close_page(station.alice)

    def restore(self, station):
        station.bob.set("phone_setting.ringing_timeout", "60")


class Hold(Flow):
    def __init__(self, direct, by):
        self.direct, self.by = direct, by
        self.name = f"{by} holds and resumes"

    def run(self, station):
        self.talk(station)
        one, other = (station.alice, station.bob) if self.by == "caller" else (station.bob, station.alice)
        other.mark = other.seq()
        one.command("hold")
        one.wait("call:held", STEP_S)
        other.wait("screen:Held", STEP_S)
        other.mark = other.seq()
        one.command("resume")
        one.wait("call:talking", STEP_S)
        other.wait("!screen:Held", STEP_S)
        wait_until(lambda: not other.calls()[0]["far_held"], STEP_S, "resumed at the other side")
        other.mark = other.seq()
        self.end(one, other)


def all_flows():
    flows = [Register(), Refresh(), Unregister(), Robot(), Challenged(), RobotHangsUp()]
    for direct in (False, True):
        flows += [Call(direct, "caller"), Call(direct, "called"), Busy(direct), Cancel(direct), Reject(direct), NoAnswer(direct),
                  Hold(direct, "caller"), Hold(direct, "called")]
    return flows
