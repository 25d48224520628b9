# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets of the relay: stand-ins for endpoints, connections relayed in pairs, and the loop that waits for all of them."""

import heapq
import itertools
import os
import random
import selectors
import socket
import time

from relay_sip import Stream

__all__ = ["Endpoint", "Pipe", "Loop", "bind_sip", "bind_media", "family_of"]

MAX_OUTPUT = 4 << 20
PORTS = (16000, 32000)      # below what the kernel gives to connections of its own


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _bind(host, port, kind):
    one = socket.socket(family_of(host), kind)
    try:
        if kind == socket.SOCK_STREAM:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
        if kind == socket.SOCK_STREAM:
            one.listen(64)
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one


def _bind_two(host, ports):
    """Two sockets, [(port, kind), (port, kind)], or neither."""
    first = _bind(host, *ports[0])
    try:
        return first, _bind(host, *ports[1])
    except OSError:
        first.close()
        raise


def _search(host, make):
    for _ in range(200):
        port = random.SystemRandom().randrange(*PORTS, 2)
        try:
            return _bind_two(host, make(port))
        except PermissionError:
            raise
        except OSError:
            continue
    raise OSError(f"no free ports on {host}")


def bind_sip(host, port=0):
    """(UDP socket, listening TCP socket) on one port."""
    def make(number):
        return (number, socket.SOCK_DGRAM), (number, socket.SOCK_STREAM)
    return _bind_two(host, make(port)) if port else _search(host, make)


def bind_media(host):
    """(RTP socket, RTCP socket) on an even port and the next."""
    return _search(host, lambda number: ((number, socket.SOCK_DGRAM), (number + 1, socket.SOCK_DGRAM)))


class Endpoint:
    """Somebody's real address, and the socket that stands in for it: what comes there is for them, what they send leaves
    from it. `owner`: from whom the address was learned, itself when from nobody else."""

    def __init__(self, host, port, udp, tcp=None, owner=None, name=None, media=False):
        self.host = host
        self.port = port
        self.udp = udp
        self.tcp = tcp
        self.owner = owner or self
        self.own_name = name
        self.media = media
        self.partner = None             # RTCP of RTP and the other way round
        self.used = time.monotonic()
        self.stand_in = udp.getsockname()[1]

    @property
    def address(self):
        return self.host, self.port

    @property
    def name(self):
        if self.own_name:
            return self.own_name
        if self.owner is not self and self.owner.own_name:
            return self.owner.own_name
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def sockets(self):
        return [one for one in (self.udp, self.tcp) if one]


class Pipe:
    """One end of a connection that is relayed; `other` is the other end."""

    def __init__(self, sock, endpoint=None, connecting=False):
        self.socket = sock
        self.endpoint = endpoint        # who is at this end, None until a message tells
        self.connecting = connecting
        self.other = None
        self.stream = Stream()
        self.output = b""
        self.ending = False             # close when everything is written
        self.closed = False
        # What comes in one piece leaves in one piece, at once.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.address = sock.getpeername()[:2]
        except OSError:
            self.address = endpoint.address if endpoint else ("?", 0)

    @property
    def name(self):
        return self.endpoint.name if self.endpoint else f"{self.address[0]}:{self.address[1]}"

    def events(self):
        wanted = selectors.EVENT_READ
        if self.connecting:
            wanted = selectors.EVENT_WRITE
        elif self.output:
            wanted |= selectors.EVENT_WRITE
        return wanted


class Loop:
    """A selector, timers, and a way to be woken from another thread."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.timers = []
        self.serial = itertools.count()
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_read, False)
        os.set_blocking(self.wake_write, False)
        self.selector.register(self.wake_read, selectors.EVENT_READ, self._on_wake)
        self.running = True

    def _on_wake(self, _events):
        try:
            os.read(self.wake_read, 4096)
        except BlockingIOError:
            pass

    def wake(self):
        try:
            os.write(self.wake_write, b"x")
        except (BlockingIOError, OSError):
            pass

    def stop(self):
        self.running = False
        self.wake()

    def watch(self, what, callback, events=selectors.EVENT_READ):
        self.selector.register(what, events, callback)

    def change(self, what, events):
        key = self.selector.get_key(what)
        if key.events != events:
            self.selector.modify(what, events, key.data)

    def forget(self, what):
        try:
            self.selector.unregister(what)
        except (KeyError, ValueError):
            pass

    def at(self, when, callback):
        heapq.heappush(self.timers, (when, next(self.serial), callback))

    def run_once(self):
        timeout = max(self.timers[0][0] - time.monotonic(), 0) if self.timers else None
        for key, events in self.selector.select(timeout):
            key.data(events)
        while self.timers and self.timers[0][0] <= time.monotonic():
            heapq.heappop(self.timers)[2]()

    def close(self):
        self.forget(self.wake_read)
        os.close(self.wake_read)
        os.close(self.wake_write)
        self.selector.close()


def write_pipe(pipe, data):
    """Queues data; False when the other side takes nothing any more."""
    if len(pipe.output) + len(data) > MAX_OUTPUT:
        return False
    pipe.output += data
    return True
