# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare SIP user agent on raw sockets: what a test wants to send, byte by byte, and what really comes back.

    with SipClient("127.0.0.1", server_port, user="1001", password="secret") as client:
        assert client.register().status == 200
        call = client.invite("600")
        answer = call.wait_final()
        call.ack()
        call.bye()

No retransmission timers: on loopback nothing is lost, and a retransmission that comes from the other side is itself
something to look at. Requests that the caller does not expect (OPTIONS) are answered 200.
"""

import hashlib
import random
import re
import select
import socket
import struct
import time

CRLF = "\r\n"


class Message:
    """One SIP message."""

    def __init__(self, data, peer=None):
        text = data.decode("utf-8", "replace")
        head, _, self.body = text.partition(CRLF * 2)
        lines = re.sub(r"\r\n[ \t]+", " ", head).split(CRLF)
        self.start = lines[0]
        self.headers = [(name.strip().lower(), value.strip())
                        for name, _, value in (line.partition(":") for line in lines[1:])]
        self.text = text
        self.peer = peer
        self.status = int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else None
        self.method = None if self.status is not None else self.start.split()[0]

    SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
             "c": "content-type"}

    def all(self, name):
        name = name.lower()
        return [value for key, value in self.headers if self.SHORT.get(key, key) == name]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def list(self, name):
        """Values of a header that may be written comma by comma or line by line."""
        values = []
        for value in self.all(name):
            values += re.split(r",\s*(?=[<\"]|sip:)", value) if "<" in value else value.split(",")
        return values

    @property
    def reason(self):
        return self.start.split(" ", 2)[2]

    @property
    def cseq(self):
        number, method = self.get("cseq").split()
        return int(number), method

    def __repr__(self):
        return f"<{self.start}>"


def uri_of(value):
    """The URI in a name-addr."""
    found = re.search(r"<([^>]*)>", value)
    return found.group(1) if found else value.split(";")[0].strip()


def tag_of(value):
    found = re.search(r";tag=([^;\s]+)", value)
    return found.group(1) if found else None


def expand(address):
    return f"[{address}]" if ":" in address else address


def digest(challenge, user, password, method, uri, count=1):
    """The value of an Authorization header for a challenge."""
    fields = {name.lower(): value.strip('"')
              for name, value in re.findall(r'(\w+)=("[^"]*"|[^",\s]+)', challenge)}

    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()

    first = md5(f"{user}:{fields['realm']}:{password}")
    second = md5(f"{method}:{uri}")
    answer = [f'username="{user}"', f'realm="{fields["realm"]}"', f'nonce="{fields["nonce"]}"', f'uri="{uri}"']
    if "qop" in fields:
        nc, cnonce = f"{count:08x}", f"{random.getrandbits(32):08x}"
        response = md5(f"{first}:{fields['nonce']}:{nc}:{cnonce}:auth:{second}")
        answer += ["qop=auth", f"nc={nc}", f'cnonce="{cnonce}"']
    else:
        response = md5(f"{first}:{fields['nonce']}:{second}")
    return "Digest " + ", ".join(answer + [f'response="{response}"', "algorithm=MD5"])


class Rtp:
    """One RTP socket: sends and receives packets."""

    def __init__(self, address="127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.port = self.socket.getsockname()[1]
        self.ssrc = random.getrandbits(32)
        self.sequence = random.randrange(0x8000)
        self.timestamp = random.getrandbits(31)

    def send(self, peer, payload, payload_type=0, marker=False, timestamp=None):
        header = struct.pack("!BBHII", 0x80, payload_type | (0x80 if marker else 0), self.sequence & 0xffff,
                             (self.timestamp if timestamp is None else timestamp) & 0xffffffff, self.ssrc)
        self.socket.sendto(header + payload, peer)
        self.sequence += 1
        if timestamp is None:
            self.timestamp += len(payload)

    def send_digit(self, peer, digit, payload_type=101):
        """One digit by RFC 4733: three packets on the way, three at the end, all with one timestamp."""
        event = "0123456789*#ABCD".index(digit)
        for i in range(6):
            end = i >= 3
            self.send(peer, struct.pack("!BBH", event, (0x80 if end else 0) | 10, 160 * min(i + 1, 4)), payload_type,
                      marker=i == 0, timestamp=self.timestamp)
        self.timestamp += 1600

    def receive(self, timeout=2.0):
        """(payload type, marker, sequence, timestamp, ssrc, payload), or None."""
        ready, _, _ = select.select([self.socket], [], [], timeout)
        if not ready:
            return None
        data = self.socket.recv(4096)
        first, second, sequence, timestamp, ssrc = struct.unpack("!BBHII", data[:12])
        assert first >> 6 == 2, "no RTP version 2"
        return second & 0x7f, bool(second & 0x80), sequence, timestamp, ssrc, data[12 + 4 * (first & 15):]

    def drain(self):
        while self.receive(0):
            pass

    def close(self):
        self.socket.close()


def sdp(address, port, formats="0 8 101", lines=("a=rtpmap:101 telephone-event/8000",), direction="sendrecv",
        version=1):
    family = "IP6" if ":" in address else "IP4"
    return CRLF.join(["v=0", f"o=- 1 {version} IN {family} {address}", "s=-", f"c=IN {family} {address}", "t=0 0",
                      f"m=audio {port} RTP/AVP {formats}", *lines, f"a={direction}", ""])


def sdp_audio(body):
    """(address, port, direction, [formats]) of the audio line."""
    address = re.search(r"^c=IN IP[46] (\S+)", body, re.M).group(1)
    port, formats = re.search(r"^m=audio (\d+) \S+ (.*)$", body, re.M).groups()
    direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)", body, re.M)
    return address, int(port), direction.group(1) if direction else "sendrecv", formats.split()


class Call:
    """A dialog of a SipClient, made by either side."""

    def __init__(self, client, call_id, target, local, remote, invite=None):
        self.client = client
        self.call_id = call_id
        self.target = target            # Request-URI of later requests
        self.local = local              # From value in requests of ours
        self.remote = remote
        self.routes = []
        self.cseq = random.randrange(1, 1000)
        self.invite_message = invite    # what was sent or received
        self.branch = None
        self.final = None
        self.rtp = None

    # -- as caller

    def wait_response(self, timeout=5, method="INVITE"):
        message = self.client.wait(lambda m: m.status is not None and m.get("call-id") == self.call_id and
                                   m.cseq[1] == method, timeout, f"a response to {method}")
        return message

    def wait_provisional(self, status, timeout=5):
        while True:
            message = self.wait_response(timeout)
            if message.status == status:
                return message
            assert message.status < 200, f"{message} instead of {status}"

    def wait_final(self, timeout=10):
        """The final response to INVITE; answers a challenge, acknowledges what is not 2xx."""
        while True:
            message = self.wait_response(timeout)
            if message.status < 200:
                continue
            if message.status in (401, 407) and self.client.password and not self.challenged:
                self._ack_failure(message)
                self._retry(message)
                continue
            self.final = message
            if message.status >= 300:
                self._ack_failure(message)
            else:
                self.remote = message.get("to")
                self.target = uri_of(message.get("contact"))
                self.routes = list(reversed(message.list("record-route")))
            return message

    challenged = False

    def answer_challenge(self, timeout=1):
        """Answers a challenge that comes at once; any other first response stays to be waited for."""
        try:
            message = self.wait_response(timeout)
        except TimeoutError:
            return
        if message.status in (401, 407):
            self._ack_failure(message)
            self._retry(message)
        else:
            self.client.inbox.insert(0, message)

    def _retry(self, message):
        self.challenged = True
        kind = "proxy-authenticate" if message.status == 407 else "www-authenticate"
        header = "Proxy-Authorization" if message.status == 407 else "Authorization"
        value = digest(message.get(kind), self.client.user, self.client.password, "INVITE", self.target)
        self.send_invite([f"{header}: {value}"])

    def send_invite(self, extra=()):
        self.cseq += 1
        self.branch = self.client.new_branch()
        self.invite_headers = list(extra)
        self.client.send(self._request("INVITE", self.cseq, self.branch, [*self.extra, *extra], self.body))

    def _request(self, method, cseq, branch, extra=(), body=""):
        headers = [f"Route: {route}" for route in self.routes] + list(extra)
        return self.client.build(method, self.target, self.local, self.remote, self.call_id, cseq, branch, headers, body)

    def _ack_failure(self, message):
        lines = self.client.build("ACK", self.target, self.local, message.get("to"), self.call_id, message.cseq[0],
                                  self.branch)
        self.client.send(lines)

    def ack(self, body=""):
        self.client.send(self._request("ACK", self.final.cseq[0], self.client.new_branch(), body=body))

    def cancel(self):
        self.client.send(self.client.build("CANCEL", self.target, self.local, self.remote, self.call_id, self.cseq,
                                           self.branch))
        return self.wait_response(method="CANCEL")

    # -- both

    def request(self, method, extra=(), body="", timeout=5, wait=True):
        self.cseq += 1
        self.client.send(self._request(method, self.cseq, self.client.new_branch(), extra, body))
        if wait:
            while True:
                message = self.wait_response(timeout, method)
                if message.status >= 200:
                    return message
        return None

    def reinvite(self, body):
        self.cseq += 1
        self.branch = self.client.new_branch()
        self.client.send(self._request("INVITE", self.cseq, self.branch, [], body))
        while True:
            message = self.wait_response()
            if message.status >= 200:
                self.final = message
                if message.status < 300:
                    self.ack()
                else:
                    self._ack_failure(message)
                return message

    def bye(self):
        return self.request("BYE")

    def wait_request(self, method, timeout=5):
        return self.client.wait(lambda m: m.method == method and m.get("call-id") == self.call_id, timeout,
                                f"a {method}")

    def wait_bye(self, timeout=10):
        message = self.wait_request("BYE", timeout)
        self.client.respond(message, 200, "OK")
        return message

    # -- as called

    def respond(self, status, reason, body="", extra=()):
        headers = list(extra)
        if status != 100:
            headers.append(f"Contact: <{self.client.contact}>")
        self.client.respond(self.invite_message, status, reason, headers, body, tag=tag_of(self.local))


class SipClient:
    def __init__(self, server, port, user="1001", password=None, transport="udp", address=None):
        self.server = (server, port)
        self.address = address or server
        self.user = user
        self.password = password
        self.transport = transport
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(family, kind)
        self.socket.bind((self.address, 0))
        if transport == "tcp":
            self.socket.settimeout(5)
            self.socket.connect(self.server)
        self.port = self.socket.getsockname()[1]
        self.inbox = []
        self.buffer = b""
        self.serial = random.randrange(1, 10000)
        self.closed = False
        self.open = []
        self.register_call_id = self.new_call_id()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for rtp in self.open:
            rtp.close()
        self.socket.close()

    @property
    def contact(self):
        suffix = ";transport=tcp" if self.transport == "tcp" else ""
        return f"sip:{self.user}@{expand(self.address)}:{self.port}{suffix}"

    @property
    def domain(self):
        return f"{expand(self.server[0])}:{self.server[1]}"

    def new_branch(self):
        return f"z9hG4bK{random.getrandbits(48):x}"

    def new_call_id(self):
        return f"{random.getrandbits(48):x}@{self.address}"

    # -- bytes

    def send_raw(self, data, peer=None):
        if self.transport == "udp":
            self.socket.sendto(data, peer or self.server)
        else:
            self.socket.sendall(data)

    def send(self, text, peer=None):
        self.send_raw(text.encode(), peer)

    def build(self, method, uri, sender, to, call_id, cseq, branch, extra=(), body=""):
        lines = [f"{method} {uri} SIP/2.0",
                 f"Via: SIP/2.0/{self.transport.upper()} {expand(self.address)}:{self.port};branch={branch};rport",
                 "Max-Forwards: 70", f"From: {sender}", f"To: {to}", f"Call-ID: {call_id}", f"CSeq: {cseq} {method}"]
        names = {line.split(":")[0].lower() for line in extra}
        if method in ("INVITE", "SUBSCRIBE", "REFER", "UPDATE") and "contact" not in names:
            lines.append(f"Contact: <{self.contact}>")
        lines += extra
        if body and "content-type" not in names:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body.encode())}")
        return CRLF.join(lines) + CRLF * 2 + body

    def _split_stream(self):
        while True:
            self.buffer = self.buffer.lstrip(b"\r\n")
            head, mark, rest = self.buffer.partition(b"\r\n\r\n")
            if not mark:
                return
            found = re.search(rb"^(?:content-length|l)\s*:\s*(\d+)", head, re.M | re.I)
            length = int(found.group(1)) if found else 0
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.inbox.append(Message(head + mark + rest[:length], self.server))

    def _receive(self, timeout):
        ready, _, _ = select.select([self.socket], [], [], max(timeout, 0))
        if not ready:
            return False
        if self.transport == "udp":
            data, peer = self.socket.recvfrom(65536)
            if data.strip(b"\r\n\0"):
                self.inbox.append(Message(data, peer))
        else:
            data = self.socket.recv(65536)
            if not data:
                self.closed = True
                return False
            self.buffer += data
            self._split_stream()
        return True

    def wait(self, wanted, timeout=5, what="a message"):
        """The first message for which `wanted ()` is true; the others stay for later."""
        deadline = time.monotonic() + timeout
        while True:
            for message in self.inbox:
                if message.method == "OPTIONS" and not wanted(message):
                    self.inbox.remove(message)
                    self.respond(message, 200, "OK")
                    break
                if wanted(message):
                    self.inbox.remove(message)
                    return message
            else:
                remaining = deadline - time.monotonic()
                if remaining <= 0 or (not self._receive(remaining) and self.closed):
                    raise TimeoutError(f"{self.user}: no {what} within {timeout} s; there is {self.inbox}")

    def quiet(self, seconds=0.3):
        """Everything that comes within some time and was not asked for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._receive(deadline - time.monotonic())
        inbox, self.inbox = self.inbox, []
        return inbox

    # -- requests out of dialogs

    def request(self, method, uri=None, extra=(), to=None, body="", call_id=None, timeout=5, user=None):
        user = user or self.user
        uri = uri or f"sip:{self.domain}"
        self.serial += 1
        call_id = call_id or self.new_call_id()
        self.send(self.build(method, uri, f"<sip:{user}@{self.domain}>;tag={random.getrandbits(32):x}",
                             to or f"<{uri}>", call_id, self.serial, self.new_branch(), extra, body))
        while True:
            message = self.wait(lambda m: m.status is not None and m.get("call-id") == call_id, timeout,
                                f"response to {method}")
            if message.status >= 200:
                return message

    def register(self, expires=60, contact=None, password=None, user=None, extra=()):
        """REGISTER with an answer to the challenge; the final response."""
        user = user or self.user
        address = f"<sip:{user}@{self.domain}>"
        uri = f"sip:{self.domain}"
        headers = [] if contact == "" else [f"Contact: {contact or '<' + self.contact + '>'}"]
        if expires is not None:
            headers.append(f"Expires: {expires}")
        headers += extra
        message = self.request("REGISTER", uri, headers, address, call_id=self.register_call_id, user=user)
        if message.status == 401:
            value = digest(message.get("www-authenticate"), user, password or self.password or "", "REGISTER", uri)
            message = self.request("REGISTER", uri, [*headers, f"Authorization: {value}"], address,
                                   call_id=self.register_call_id, user=user)
        return message

    def invite(self, number, body="", extra=()):
        """Sends INVITE with SDP of a new RTP socket (`call.rtp`) unless a body is given."""
        uri = number if number.startswith("sip:") else f"sip:{number}@{self.domain}"
        call = Call(self, self.new_call_id(), uri, f"<sip:{self.user}@{self.domain}>;tag={random.getrandbits(32):x}",
                    f"<{uri}>")
        if body == "":
            call.rtp = Rtp(self.address)
            body = sdp(self.address, call.rtp.port)
            self.open.append(call.rtp)
        call.body = body or ""
        call.extra = list(extra)
        call.send_invite()
        if self.password:
            call.answer_challenge()
        return call

    def wait_invite(self, timeout=10):
        """A call that comes in."""
        message = self.wait(lambda m: m.method == "INVITE" and not tag_of(m.get("to")), timeout, "an INVITE")
        call = Call(self, message.get("call-id"), uri_of(message.get("contact")),
                    message.get("to") + f";tag={random.getrandbits(32):x}", message.get("from"), message)
        call.routes = message.list("record-route")
        return call

    def respond(self, request, status, reason, extra=(), body="", tag=None):
        to = request.get("to")
        if status > 100 and not tag_of(to):
            to += f";tag={tag or f'{random.getrandbits(32):x}'}"
        lines = [f"SIP/2.0 {status} {reason}", *(f"Via: {via}" for via in request.all("via")),
                 *(f"Record-Route: {route}" for route in request.all("record-route")),
                 f"From: {request.get('from')}", f"To: {to}", f"Call-ID: {request.get('call-id')}",
                 f"CSeq: {request.get('cseq')}", *extra]
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body.encode())}")
        self.send(CRLF.join(lines) + CRLF * 2 + body, request.peer)
