# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay before a SIP peer that loses, delays, doubles, reorders and rewrites what passes, by rules and with a seed.

    from relay import Relay

    with Relay({"exchange": ("127.0.0.1", exchange.port)}, names={"alice": ("127.0.0.1", alice.sip_port)}) as relay:
        rule = relay.add("drop method=INVITE from=alice n=1")
        alice.set("account.1.sip_server.1.port", relay.port("exchange"))
        …
        assert rule.fired == 1
        print(relay.messages())

doc/relay.md describes the rules, the log and the program `tests/support/relay`. Every endpoint that shows up in a message
gets a *stand-in*: a port of the relay's own that is written in its place (Via, Contact, Record-Route, SDP …) towards
everybody else. So both sides keep talking to the relay, whatever they learn from the messages.

One thread does the work; the methods of `Relay` may be called from any other.
"""

import collections
import contextlib
import hashlib
import json
import os
import random
import selectors
import socket
import threading
import time

import relay_sip
from relay_net import Endpoint, Loop, Pipe, bind_media, bind_sip, family_of, write_pipe
from relay_rules import Packet, RuleError, RuleSet, parse_rule

__all__ = ["Relay", "RuleError", "make_seed"]

MAX_ENDPOINTS = 1024
MAX_MEDIA = 512
MEDIA_IDLE_S = 30
MAX_PIPES = 512
MAX_REMEMBERED = 4096
MAX_LOG = 200_000
MAX_WAITING = 50_000
HELD_AT_MOST_S = 1.0


def make_seed():
    """$DESKSET_TEST_SEED, else one by chance."""
    given = os.environ.get("DESKSET_TEST_SEED", "")
    return int(given) if given.isdigit() else random.SystemRandom().randrange(1, 1_000_000)


class Held:
    """A packet that waits for others to pass."""

    def __init__(self, count, send):
        self.count = count
        self.send = send


class Relay:
    """before  {name: (host, port)} or {name: (host, port, own port)}: the peers to stand before
    rules   lines, or one text; RuleError names the line
    names   {name: (host, port)}: names for those that are learned
    log     file object that gets the log as JSON lines
    log_all media: log each packet, not only those that something was done with; "text": messages too, secrets masked
    """

    def __init__(self, before=None, rules=(), *, names=None, bind="127.0.0.1", seed=None, log=None, log_media=False,
                 log_text=False):
        self.bind = bind
        self.seed = make_seed() if seed is None else seed
        self.log_file = log
        self.log_media = log_media
        self.log_text = log_text
        self.rules = RuleSet(self.seed)
        self._names = {tuple(address): name for name, address in (names or {}).items()}
        self._endpoints = {}            # (host, port): Endpoint, SIP
        self._media = {}                # (host, port): Endpoint, RTP or RTCP
        self._stand_ins = {}            # own port: Endpoint
        self._before = {}
        self._pipes = set()
        self._loop = Loop()
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._log = []
        self._dropped_log = 0
        self._stats = collections.OrderedDict()
        self._seen = collections.OrderedDict()
        self._held = {}
        self._last_leave = {}
        self._n_waiting = 0
        self._started = time.monotonic()
        self._thread = None
        try:
            for name, address in (before or {}).items():
                self.stand_before(name, *address)
            for rule in rules.split("\n") if isinstance(rules, str) else rules:
                self.add(rule)
        except BaseException:
            self.close()
            raise

    # -- life --------------------------------------------------------------------------------------------------------

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def start(self):
        self._thread = threading.Thread(target=self.run, name="relay", daemon=True)
        self._thread.start()
        return self

    def run(self):
        """Works until stop () is called; start () does it on a thread."""
        while self._loop.running:
            self._loop.run_once()

    def stop(self):
        self._loop.stop()

    def close(self):
        self._loop.stop()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(10)
        for pipe in list(self._pipes):
            pipe.socket.close()
        for endpoint in [*self._endpoints.values(), *self._media.values()]:
            for one in endpoint.sockets():
                one.close()
        self._endpoints, self._media, self._pipes = {}, {}, set()
        with contextlib.suppress(OSError):
            self._loop.close()

    # -- for tests ---------------------------------------------------------------------------------------------------

    def stand_before(self, name, host, port, own_port=0):
        """Stands before one more peer; returns the port that stands in for it."""
        if family_of(host) != family_of(self.bind):
            raise ValueError(f"{host} and {self.bind} are of different families")
        with self._lock:
            self._names[(host, port)] = name
            endpoint = self._endpoints.get((host, port)) or self._add_endpoint(host, port, None, own_port)
            endpoint.own_name = name
            self._before[name] = endpoint
        self._loop.wake()
        return endpoint.stand_in

    def name(self, name, host, port):
        """Gives somebody a name for rules and the log."""
        with self._lock:
            self._names[(host, port)] = name
            if (host, port) in self._endpoints:
                self._endpoints[(host, port)].own_name = name

    def port(self, name=None):
        """The port that stands in for a peer; without a name: for the only one."""
        endpoint = self._before[name] if name else next(iter(self._before.values()))
        return endpoint.stand_in

    def address(self, name=None):
        return f"[{self.bind}]:{self.port(name)}" if ":" in self.bind else f"{self.bind}:{self.port(name)}"

    def add(self, line):
        """Puts a rule in force from now on. The returned object counts: rule.seen, rule.fired. RuleError."""
        rule = parse_rule(line)
        if rule:
            with self._lock:
                self.rules.add(rule)
        return rule

    def remove(self, rule):
        """Takes a rule (or its number) back."""
        with self._lock:
            return self.rules.remove(rule if isinstance(rule, int) else rule.number)

    def clear(self):
        with self._lock:
            self.rules.clear()

    def mark(self):
        """Number of the last entry in the log so far, for `since`."""
        with self._lock:
            return self._dropped_log + len(self._log)

    def messages(self, since=0, **wanted):
        """Entries of the log after number `since`; messages (method="INVITE", sender="alice") chooses."""
        with self._lock:
            entries = self._log[max(since - self._dropped_log, 0):]
        return [entry for entry in entries if all(entry.get(key) == value for key, value in wanted.items())]

    def wait(self, wanted, timeout=10, since=0):
        """The first entry after `since` for which `wanted (entry)` is true; TimeoutError."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for entry in self._log[max(since - self._dropped_log, 0):]:
                    if wanted(entry):
                        return entry
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._changed.wait(remaining):
                    raise TimeoutError(f"relay: not within {timeout} s")

    def stats(self):
        """[{"kind", "from", "to", "packets", "dropped", …}], one for each flow."""
        with self._lock:
            return [dict(zip(("kind", "transport", "from", "to"), flow), **counts) for flow, counts in self._stats.items()]

    # -- endpoints ---------------------------------------------------------------------------------------------------

    def _add_endpoint(self, host, port, owner=None, own_port=0):
        udp, tcp = bind_sip(self.bind, own_port)
        endpoint = Endpoint(host, port, udp, tcp, owner, self._names.get((host, port)))
        self._endpoints[(host, port)] = endpoint
        self._stand_ins[endpoint.stand_in] = endpoint
        self._loop.watch(udp, lambda _events: self._on_datagrams(endpoint))
        self._loop.watch(tcp, lambda _events: self._on_accept(endpoint))
        return endpoint

    def _endpoint(self, host, port, owner=None):
        """The endpoint with a real address; made when it is new. None: too many, or not to be reached from here."""
        endpoint = self._endpoints.get((host, port))
        if endpoint is None and len(self._endpoints) < MAX_ENDPOINTS and family_of(host) == family_of(self.bind) and port > 0:
            if host == self.bind and port in self._stand_ins:
                return None
            endpoint = self._add_endpoint(host, port, owner)
        return endpoint

    def _media_endpoint(self, host, port, rtcp_port, owner):
        endpoint = self._media.get((host, port))
        if endpoint is None:
            self._forget_idle_media()
            if len(self._media) >= 2 * MAX_MEDIA or family_of(host) != family_of(self.bind):
                return None
            sockets = bind_media(self.bind)
            pair = [Endpoint(host, number, sock, owner=owner, media=True) for number, sock in zip((port, rtcp_port), sockets)]
            for one, partner in (pair, pair[::-1]):
                one.partner = partner
                # With RTCP on the port of RTP there is only one address.
                self._media.setdefault(one.address, one)
                self._stand_ins[one.stand_in] = one
                self._loop.watch(one.udp, lambda _events, e=one: self._on_media(e))
            endpoint = pair[0]
        elif owner:
            endpoint.owner = endpoint.partner.owner = owner
        endpoint.used = time.monotonic()
        return endpoint

    def _forget_idle_media(self):
        if len(self._media) < MAX_MEDIA:
            return
        limit = time.monotonic() - MEDIA_IDLE_S
        for endpoint in list(self._media.values()):
            if max(endpoint.used, endpoint.partner.used) < limit:
                self._media.pop(endpoint.address, None)
                self._stand_ins.pop(endpoint.stand_in, None)
                self._loop.forget(endpoint.udp)
                endpoint.udp.close()

    # -- what arrives ------------------------------------------------------------------------------------------------

    def _on_datagrams(self, receiver):
        for data, source in self._read_all(receiver.udp):
            with self._lock:
                sender = self._endpoint(*source)
                if sender is None:
                    continue
                packet = self._make_packet(data, sender.name, receiver.name, "udp")
                self._pass(packet, lambda out, s=sender: self._send_datagram(s, receiver, out),
                           lambda out, s=sender: self._translate(out, s, receiver, receiver.address))

    @staticmethod
    def _read_all(sock):
        packets = []
        while len(packets) < 64:
            try:
                data, source = sock.recvfrom(65536)
            except BlockingIOError:
                break
            except OSError:
                continue
            packets.append((data, source[:2]))
        return packets

    def _on_media(self, receiver):
        for data, source in self._read_all(receiver.udp):
            with self._lock:
                receiver.used = time.monotonic()
                sender = self._media.get(source) or self._media_endpoint(*source, source[1] + 1, None)
                if sender is None:
                    continue
                packet = self._make_media(data, sender, receiver)
                self._pass(packet, lambda out, s=sender: self._send_datagram(s, receiver, out))

    @staticmethod
    def _make_media(data, sender, receiver):
        kind, payload = "other", None
        if len(data) >= 4 and data[0] >> 6 == 2:
            kind = "rtcp" if 192 <= data[1] <= 223 else "rtp"
            payload = data[1] & 127 if kind == "rtp" else None
        return Packet(kind, data, sender.name, receiver.name, payload=payload)

    def _make_packet(self, data, sender, receiver, transport, kind="sip"):
        found = relay_sip.describe(data) if kind == "sip" else None
        if found is None:
            return Packet("other", data, sender, receiver, transport=transport)
        key = hashlib.blake2b(repr((sender, receiver, transport)).encode() + data, digest_size=16).digest()
        again = key in self._seen
        self._seen[key] = True
        if len(self._seen) > MAX_REMEMBERED:
            self._seen.popitem(last=False)
        packet = Packet("sip", data, sender, receiver, transport=transport, method=found["method"], status=found["status"],
                        cseq=found["cseq"], again=again)
        packet.number, packet.call = found["number"], found["call"]
        return packet

    # -- connections -------------------------------------------------------------------------------------------------

    def _on_accept(self, receiver):
        with contextlib.suppress(BlockingIOError, OSError), self._lock:
            sock, _ = receiver.tcp.accept()
            if len(self._pipes) >= 2 * MAX_PIPES:
                sock.close()
                return
            sock.setblocking(False)
            onward = socket.socket(family_of(receiver.host), socket.SOCK_STREAM)
            onward.setblocking(False)
            near, far = Pipe(sock), Pipe(onward, receiver, connecting=True)
            near.other, far.other = far, near
            error = onward.connect_ex(receiver.address)
            for pipe in (near, far):
                self._pipes.add(pipe)
                self._loop.watch(pipe.socket, lambda events, p=pipe: self._on_pipe(p, events), pipe.events())
            if error not in (0, 115, 11):
                self._close_pipe(far)

    def _on_pipe(self, pipe, events):
        with self._lock:
            if pipe.closed:
                return
            if events & selectors.EVENT_WRITE:
                self._write_pipe(pipe)
            if events & selectors.EVENT_READ and not pipe.closed:
                self._read_pipe(pipe)

    def _write_pipe(self, pipe):
        if pipe.connecting:
            if pipe.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._close_pipe(pipe)
                return
            pipe.connecting = False
        try:
            pipe.output = pipe.output[pipe.socket.send(pipe.output):] if pipe.output else b""
        except BlockingIOError:
            pass
        except OSError:
            self._close_pipe(pipe)
            return
        if pipe.ending and not pipe.output:
            self._close_pipe(pipe)
        else:
            self._loop.change(pipe.socket, pipe.events())

    def _read_pipe(self, pipe):
        try:
            data = pipe.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close_pipe(pipe)
            return
        for kind, message in pipe.stream.feed(data):
            if not pipe.closed:
                self._on_message(pipe, kind, message)

    def _on_message(self, pipe, kind, message):
        if pipe.endpoint is None and kind == "sip":
            via = relay_sip.top_via(message) if not message.startswith(b"SIP/") else None
            pipe.endpoint = self._endpoint(*via) if via else None
        packet = self._make_packet(message, pipe.name, pipe.other.name, "tcp", kind)
        self._pass(packet, lambda out: self._send_pipe(pipe.other, out),
                   lambda out: self._translate(out, pipe.endpoint, pipe.other.endpoint, pipe.other.address),
                   lambda: self._close_pipe(pipe))

    def _send_pipe(self, pipe, data):
        if pipe.closed:
            return
        if not write_pipe(pipe, data):
            self._close_pipe(pipe)
        elif not pipe.connecting:
            self._write_pipe(pipe)

    def _close_pipe(self, pipe):
        """One end is gone: the other gets what is still to be written, then it goes too."""
        if pipe.closed:
            return
        pipe.closed = True
        self._pipes.discard(pipe)
        self._loop.forget(pipe.socket)
        pipe.socket.close()
        other = pipe.other
        if not other.closed:
            other.ending = True
            if not other.output and not other.connecting:
                self._close_pipe(other)

    # -- passing on --------------------------------------------------------------------------------------------------

    def _translate(self, data, sender, receiver, origin):
        """What `receiver` is to read: its own and its owner's stand-ins become real, all that is real becomes a stand-in."""
        own = receiver.owner if receiver else None

        def address(host, port, shows):
            if host == self.bind and port in self._stand_ins:
                known = self._stand_ins[port]
                return known.address if own and known.owner is own else None
            known = self._endpoints.get((host, port))
            if known is None and shows and sender:
                known = self._endpoint(host, port, sender.owner)
            return (self.bind, known.stand_in) if known and known.owner is not own else None

        def media(host, port, rtcp_port):
            if host == self.bind and port in self._stand_ins:
                return host, port
            known = self._media_endpoint(host, port, rtcp_port, sender.owner if sender else None)
            return (self.bind, known.stand_in) if known else None

        return relay_sip.translate(data, address, media, origin)

    def _send_datagram(self, sender, receiver, data):
        with contextlib.suppress(OSError):
            sender.udp.sendto(data, receiver.address)

    def _pass(self, packet, send, translate=None, close=None):
        """The rules decide, the log is told, and what is left goes out."""
        verdict = self.rules.decide(packet)
        self._note(packet, verdict)
        if verdict.close and close:
            close()
        if verdict.drop or verdict.close:
            return
        data = verdict.data
        if packet.kind == "sip":
            if verdict.rewritten and not verdict.keep_length:
                data = relay_sip.mend_length(packet.data, data)
            data = translate(data)
        for copy in range(verdict.copies):
            self._schedule(packet, verdict, lambda: send(data), copy * verdict.copy_after_s, copy)

    def _schedule(self, packet, verdict, send, extra_s, copy):
        flow = packet.flow
        now = time.monotonic()
        when = now + verdict.delay_s + extra_s
        # A stream has an order of its own; elsewhere what is delayed may be overtaken unless the rule says otherwise.
        if (verdict.in_order or packet.transport == "tcp") and not verdict.hold:
            when = max(when, self._last_leave.get(flow, 0))
            self._last_leave[flow] = when
        if verdict.hold and copy == 0:
            self._hold(flow, verdict.hold, send)
        elif when <= now:
            send()
            self._let_pass(flow)
        elif self._n_waiting < MAX_WAITING:
            self._n_waiting += 1
            self._loop.at(when, lambda: self._on_due(flow, send))

    def _on_due(self, flow, send):
        with self._lock:
            self._n_waiting -= 1
            send()
            self._let_pass(flow)

    def _hold(self, flow, count, send):
        held = Held(count, send)
        self._held.setdefault(flow, []).append(held)
        self._loop.at(time.monotonic() + HELD_AT_MOST_S, lambda: self._release(flow, held))

    def _release(self, flow, held):
        with self._lock:
            waiting = self._held.get(flow, [])
            if held in waiting:
                waiting.remove(held)
                held.send()

    def _let_pass(self, flow):
        """Something of this flow has left: those that waited for it come nearer to their turn."""
        for held in list(self._held.get(flow, ())):
            held.count -= 1
            if held.count <= 0:
                self._release(flow, held)

    # -- log ---------------------------------------------------------------------------------------------------------

    def _note(self, packet, verdict):
        counts = self._stats.setdefault(packet.flow, dict.fromkeys(
            ("packets", "bytes", "dropped", "delayed", "reordered", "duplicated", "rewritten", "closed"), 0))
        counts["packets"] += 1
        counts["bytes"] += len(packet.data)
        for word in verdict.words:
            if word != "sent":
                counts[word] += 1
        if packet.kind in ("sip",) or verdict.rules or self.log_media:
            self._append(self._entry(packet, verdict))

    def _entry(self, packet, verdict):
        entry = {"id": self._dropped_log + len(self._log) + 1, "t": round(time.monotonic() - self._started, 4),
                 "kind": packet.kind, "transport": packet.transport, "from": packet.sender, "to": packet.receiver,
                 "bytes": len(packet.data)}
        if packet.kind == "sip":
            entry.update(method=packet.method, status=packet.status, cseq=packet.cseq, number=packet.number,
                         call=packet.call, again=packet.again)
            if self.log_text:
                entry["text"] = relay_sip.masked(packet.data)
        elif packet.payload is not None:
            entry["payload"] = packet.payload
        entry.update(done=verdict.words, rules=verdict.rules)
        if verdict.delay_s:
            entry["delay_ms"] = round(verdict.delay_s * 1000, 1)
        if verdict.copies > 1:
            entry["copies"] = verdict.copies
        return entry

    def _append(self, entry):
        self._log.append(entry)
        if len(self._log) > MAX_LOG:
            del self._log[:MAX_LOG // 2]
            self._dropped_log += MAX_LOG // 2
        if self.log_file:
            self.log_file.write(json.dumps(entry) + "\n")
            self.log_file.flush()
        self._changed.notify_all()
