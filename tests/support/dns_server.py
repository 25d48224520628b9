# SPDX-License-Identifier: GPL-3.0-or-later
"""A small DNS server for tests: A, AAAA, SRV, NAPTR and CNAME records, changed while it runs, silent or refusing when told.

    from dns_server import DnsServer

    with DnsServer("10.0.0.53", node=lab_node) as dns:       # port 53 in a namespace of netlab.py …
        node.set_dns("10.0.0.53")
        dns.a("sip1.example.test", "10.0.0.2", ttl=5)
        dns.srv("_sip._udp.example.test", "sip1.example.test", 5060, priority=10, weight=0, ttl=5)
        dns.naptr("example.test", "SIP+D2U", "_sip._udp.example.test", order=10, preference=50)
        dns.silence()                                         # nobody answers any more (`silence ("name")`: for one name)
        dns.fail("example.test", dns.SERVFAIL)                # or NXDOMAIN, REFUSED
        dns.heal()                                            # as in the beginning
        dns.remove("sip1.example.test")                       # unknown from now on: NXDOMAIN
        print(dns.count("_sip._udp.example.test", "SRV"))     # how often that was asked

    with DnsServer("127.0.0.1", 0) as dns:                    # … or anywhere, on a free port: dns.port

A name that has records of other types is answered without any (NODATA), an unknown one with NXDOMAIN; both with a SOA, whose
minimum (`negative_ttl`) says how long that holds (RFC 2308). UDP and TCP; what does not fit into 512 bytes (or what EDNS
allows) is cut off with TC set. Records may be changed from any thread. A weight is told, not acted upon: choosing is the
client's part (RFC 2782).
"""

import contextlib
import ipaddress
import select
import socket
import struct
import threading
import time

KINDS = {"A": 1, "CNAME": 5, "SOA": 6, "AAAA": 28, "SRV": 33, "NAPTR": 35, "OPT": 41}
NAMES = {number: name for name, number in KINDS.items()}
_HEADER = struct.Struct("!6H")
_ANSWERS_A_QUERY = 0x8400       # QR, AA
_TRUNCATED = 0x0200
_RECURSION_WANTED = 0x0100
_RECURSION_THERE = 0x0080


def _pack_name(name):
    labels = [label.encode("idna" if not label.isascii() else "ascii") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _pack_text(text):
    data = text.encode()
    return bytes([len(data)]) + data


def _read_name(data, at):
    """A name of the question: never compressed there."""
    labels = []
    while data[at]:
        length = data[at]
        if length > 63:
            raise ValueError("pointer in a question")
        labels.append(data[at + 1:at + 1 + length].decode("ascii", "replace"))
        at += length + 1
    return ".".join(labels), at + 1


class DnsServer:
    """One server; its thread lives from the beginning of the `with` block to its end."""

    NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)

    def __init__(self, address="127.0.0.1", port=53, *, node=None, negative_ttl=1):
        self.address = address
        self.port = port
        self.node = node
        self.negative_ttl = negative_ttl
        self.asked = []                 # (monotonic time, name, kind, answered)
        self._records = {}              # (name, kind): [(ttl, data)]
        self._faults = {}               # name or None: a code, None for silence
        self._lock = threading.Lock()
        self._sockets = []
        self._thread = None
        self._wake = None

    # -- records

    def _add(self, name, kind, ttl, data):
        with self._lock:
            self._records.setdefault((name.lower().rstrip("."), kind), []).append((ttl, data))

    def a(self, name, address, ttl=60):
        self._add(name, "A", ttl, ipaddress.IPv4Address(address).packed)

    def aaaa(self, name, address, ttl=60):
        self._add(name, "AAAA", ttl, ipaddress.IPv6Address(address).packed)

    def cname(self, name, target, ttl=60):
        self._add(name, "CNAME", ttl, _pack_name(target))

    def srv(self, name, target, port, *, priority=0, weight=0, ttl=60):
        self._add(name, "SRV", ttl, struct.pack("!3H", priority, weight, port) + _pack_name(target))

    def naptr(self, name, service, replacement, *, order=10, preference=10, flags="S", regexp="", ttl=60):
        self._add(name, "NAPTR", ttl, struct.pack("!2H", order, preference) + _pack_text(flags) + _pack_text(service) +
                  _pack_text(regexp) + _pack_name(replacement))

    def remove(self, name, kind=None):
        """Forgets the records of a name, or those of one kind."""
        name = name.lower().rstrip(".")
        with self._lock:
            for key in [key for key in self._records if key[0] == name and kind in (None, key[1])]:
                del self._records[key]

    # -- faults

    def silence(self, name=None):
        """No answer any more, for one name or for all."""
        with self._lock:
            self._faults[name and name.lower().rstrip(".")] = None

    def fail(self, name=None, code=SERVFAIL):
        """Answers with an error, for one name or for all."""
        with self._lock:
            self._faults[name and name.lower().rstrip(".")] = code

    def heal(self):
        """Takes back silence () and fail ()."""
        with self._lock:
            self._faults.clear()

    # -- what was asked

    def count(self, name=None, kind=None):
        name = name and name.lower().rstrip(".")
        with self._lock:
            return sum(1 for _, n, k, _ in self.asked if name in (None, n) and kind in (None, k))

    # -- answering

    def _find(self, name, kind):
        """Records of `kind` for a name, through its aliases: [(owner, kind, ttl, data)]."""
        found = []
        for _ in range(8):
            for ttl, data in self._records.get((name, kind), ()):
                found.append((name, kind, ttl, data))
            alias = self._records.get((name, "CNAME"))
            if found and found[-1][1] == kind or not alias or kind == "CNAME":
                break
            found.append((name, "CNAME", *alias[0]))
            name = _read_name(alias[0][1], 0)[0].lower()
        return found

    def _reply(self, query, limit):
        """The answer to one message, or None when there is none."""
        identity, flags, n_questions, _, _, n_more = _HEADER.unpack_from(query)
        if flags & 0x8000 or n_questions != 1:
            return None
        name, at = _read_name(query, _HEADER.size)
        kind_number, _ = struct.unpack_from("!2H", query, at)
        question = query[_HEADER.size:at + 4]
        # EDNS (RFC 6891): the class of the OPT record is the size that the client can take.
        if n_more and limit == 512 and query[at + 4:at + 7] == b"\0\0\x29":
            limit = max(512, struct.unpack_from("!H", query, at + 7)[0])
        name, kind = name.lower(), NAMES.get(kind_number, str(kind_number))

        with self._lock:
            fault = self._faults.get(name, self._faults.get(None, -1))
            self.asked.append((time.monotonic(), name, kind, fault is not None))
            if fault is None:
                return None
            found = self._find(name, kind) if fault == -1 else []
            known = any(key[0] == name for key in self._records)
        code = fault if fault >= 0 else self.NOERROR if known else self.NXDOMAIN

        body = b"".join(_pack_name(owner) + struct.pack("!HHIH", KINDS[k], 1, ttl, len(data)) + data
                        for owner, k, ttl, data in found)
        authority = b""
        if not found and code in (self.NOERROR, self.NXDOMAIN):
            zone = name.split(".", 1)[-1]
            soa = (_pack_name("ns." + zone) + _pack_name("root." + zone) +
                   struct.pack("!5I", 1, 3600, 600, 86400, self.negative_ttl))
            authority = _pack_name(zone) + struct.pack("!HHIH", KINDS["SOA"], 1, self.negative_ttl, len(soa)) + soa
        flags = _ANSWERS_A_QUERY | _RECURSION_THERE | (flags & _RECURSION_WANTED) | code
        size = _HEADER.size + len(question) + len(body) + len(authority)
        if size > limit:
            return _HEADER.pack(identity, flags | _TRUNCATED, 1, 0, 0, 0) + question
        return _HEADER.pack(identity, flags, 1, len(found), bool(authority), 0) + question + body + authority

    def _serve_connection(self, connection):
        connection.settimeout(2)
        with connection, contextlib.suppress(OSError, struct.error, IndexError, ValueError):
            while True:
                head = connection.recv(2, socket.MSG_WAITALL)
                if len(head) < 2:
                    return
                query = connection.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
                reply = self._reply(query, 65535)
                if reply is not None:
                    connection.sendall(struct.pack("!H", len(reply)) + reply)

    def _run(self):
        udp, tcp = self._sockets
        while True:
            ready, _, _ = select.select([udp, tcp, self._wake[0]], [], [])
            if self._wake[0] in ready:
                return
            if tcp in ready:
                with contextlib.suppress(OSError):
                    threading.Thread(target=self._serve_connection, args=(tcp.accept()[0],), daemon=True).start()
            if udp in ready:
                # A packet that is not a query gets no answer; one that could not be sent is lost, as packets are.
                with contextlib.suppress(OSError, struct.error, IndexError, ValueError):
                    query, peer = udp.recvfrom(4096)
                    reply = self._reply(query, 512)
                    if reply is not None:
                        udp.sendto(reply, peer)

    # -- life

    def _open(self):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        for _ in range(50):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            tcp = socket.socket(family, socket.SOCK_STREAM)
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                udp.bind((self.address, self.port))
                tcp.bind((self.address, udp.getsockname()[1]))
            except OSError:
                udp.close()
                tcp.close()
                if self.port:
                    raise
                continue
            tcp.listen(16)
            self.port = udp.getsockname()[1]
            return [udp, tcp]
        raise OSError("no port that is free for UDP and TCP")

    def __enter__(self):
        with self.node.inside() if self.node else contextlib.nullcontext():
            self._sockets = self._open()
        self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="dns", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._wake[1].send(b"x")
        self._thread.join()
        for one in (*self._sockets, *self._wake):
            one.close()
