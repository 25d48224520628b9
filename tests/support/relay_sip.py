# SPDX-License-Identifier: GPL-3.0-or-later
"""What the relay knows of SIP and SDP: where a message ends in a stream, who it is, and which addresses stand in it.

Nothing here refuses a message: what cannot be understood is left as it is. Tests send broken messages on purpose.
"""

import re

__all__ = ["Stream", "describe", "top_via", "translate", "mend_length", "masked", "MAX_HEAD", "MAX_MESSAGE"]

MAX_HEAD = 65536
MAX_MESSAGE = 1 << 20
DEFAULT_PORT = 5060

HOST = r"(\[[0-9A-Fa-f:.]{2,45}\]|\d{1,3}(?:\.\d{1,3}){3})"
URI = re.compile(r"(sips?:(?:[^@\s<>\"]{0,500}@)?)" + HOST + r"(?::(\d{1,5}))?(?![\w.-])", re.I)
VIA = re.compile(r"(SIP\s{0,9}/\s{0,9}2\.0\s{0,9}/\s{0,9}\w{1,9}\s{1,9})" + HOST + r"(?:\s{0,9}:\s{0,9}(\d{1,5}))?(?![\w.-])", re.I)
START = re.compile(r"(?:SIP/2\.0 (\d{3})|([A-Za-z0-9.!%*_+`'~-]{1,64}) +[^\r\n]* SIP/\d)")
LENGTH = re.compile(r"^((?:Content-Length|l)[ \t]*:[ \t]*)(\d{1,9})(?=[ \t]*\r?$)", re.I | re.M)
SECRET = re.compile(r"^((?:Proxy-)?Authorization|(?:Proxy|WWW)-Authenticate|Authentication-Info)([ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
                    re.I | re.M)

# Where an address that is not known yet belongs to the sender, and where known ones are merely exchanged.
SHOWS = {"via", "v", "contact", "m", "record-route", "path"}
NAMES = {"route", "to", "t", "from", "f", "refer-to", "r", "referred-by", "b", "reply-to", "service-route",
         "p-asserted-identity", "p-preferred-identity", "remote-party-id", "diversion", "history-info"}


class Stream:
    """Cuts what comes over TCP into messages: ("sip", bytes) or ("other", bytes). What has no end within MAX_HEAD, or a
    length that makes no sense, is passed on as it comes from then on."""

    def __init__(self):
        self.buffer = b""
        self.raw = False

    def feed(self, data):
        self.buffer += data
        pieces = []
        while self.buffer and not self.raw:
            piece = self._next()
            if piece is None:
                break
            pieces.append(piece)
        if self.raw and self.buffer:
            pieces.append(("other", self.buffer))
            self.buffer = b""
        return pieces

    def _next(self):
        blank = re.match(rb"[\r\n]+", self.buffer)
        if blank:
            # Keep-alives between messages.
            self.buffer = self.buffer[blank.end():]
            return "other", blank.group()
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            self.raw = len(self.buffer) > MAX_HEAD
            return None
        head = self.buffer[:end].decode("latin-1")
        found = re.search(r"^(?:content-length|l)[ \t]*:[ \t]*(\S*)", head, re.I | re.M)
        length = found.group(1) if found else "0"
        if not re.fullmatch(r"\d{1,9}", length) or int(length) > MAX_MESSAGE or not START.match(head):
            self.raw = True
            return None
        size = end + 4 + int(length)
        if len(self.buffer) < size:
            return None
        message, self.buffer = self.buffer[:size], self.buffer[size:]
        return "sip", message


def describe(data):
    """{"method", "status", "cseq", "number", "call"} of a message, or None when it is no SIP."""
    text = data[:MAX_HEAD].decode("utf-8", "surrogateescape")
    start = START.match(text)
    if not start:
        return None
    head = text.partition("\r\n\r\n")[0]
    cseq = re.search(r"^cseq[ \t]*:\s*(\d{1,10})\s+(\S{1,64})", head, re.I | re.M)
    call = re.search(r"^(?:call-id|i)[ \t]*:[ \t]*(\S{1,300})", head, re.I | re.M)
    return {"method": start.group(2).upper() if start.group(2) else None,
            "status": int(start.group(1)) if start.group(1) else None,
            "cseq": cseq.group(2).upper() if cseq else None, "number": int(cseq.group(1)) if cseq else None,
            "call": call.group(1) if call else None}


def top_via(data):
    """(host, port) of the uppermost Via, or None when it has no numeric address."""
    head = data[:MAX_HEAD].decode("utf-8", "surrogateescape").partition("\r\n\r\n")[0]
    line = re.search(r"^(?:via|v)[ \t]*:\s*(.*)$", head, re.I | re.M)
    found = VIA.match(line.group(1)) if line else None
    return (_bare(found.group(2)), int(found.group(3) or DEFAULT_PORT)) if found else None


def masked(data):
    """The message as text for a log, without what proves who somebody is."""
    return SECRET.sub(r"\1\2 (masked)", data.decode("utf-8", "replace"))


def _bare(host):
    return host[1:-1].lower() if host.startswith("[") else host


def _wrapped(host):
    return f"[{host}]" if ":" in host else host


def _swap(pattern, text, address, shows):
    """Puts other addresses in place; `address (host, port, shows)` returns (host, port) or None to leave one alone."""
    def replace(found):
        port = int(found.group(3) or DEFAULT_PORT)
        new = address(_bare(found.group(2)), port, shows) if port <= 65535 else None
        return f"{found.group(1)}{_wrapped(new[0])}:{new[1]}" if new else found.group()
    return pattern.sub(replace, text)


def _header_name(line, last):
    if line[:1] in " \t":
        return last
    return line.partition(":")[0].strip().lower()


def _return_path(lines, origin):
    """In a response: received and rport of the uppermost Via name where the one who asked really is."""
    for i, line in enumerate(lines):
        if _header_name(line, None) in ("via", "v"):
            first, comma, rest = line.partition(",")
            first = re.sub(r"(;\s*rport\s*=\s*)\d+", rf"\g<1>{origin[1]}", first, flags=re.I)
            first = re.sub(r"(;\s*received\s*=\s*)[^;,\s]+", lambda m: m.group(1) + origin[0], first, flags=re.I)
            lines[i] = first + comma + rest
            return


def translate(data, address, media, origin):
    """The message as the other side is to see it.

    address (host, port, shows): what to write instead of a SIP address, or None; `shows`: in a header in which the
             sender says where it can be reached
    media   (host, port, rtcp_port): the same for RTP; RTCP is one above what it returns
    origin  (host, port) the message goes to: for received and rport of responses
    """
    text = data.decode("utf-8", "surrogateescape")
    head, separator, body = text.partition("\r\n\r\n")
    lines = head.split("\r\n")
    response = lines[0].startswith("SIP/")
    if not response:
        lines[0] = _swap(URI, lines[0], address, False)
    name = None
    for i, line in enumerate(lines[1:], 1):
        name = _header_name(line, name)
        if name in ("via", "v"):
            lines[i] = _swap(VIA, line, address, not response)
        elif name in SHOWS or name in NAMES:
            lines[i] = _swap(URI, line, address, name in SHOWS)
    if response:
        _return_path(lines, origin)
    new_body = translate_sdp(body, media) if "m=" in body else body
    result = ("\r\n".join(lines) + separator).encode("utf-8", "surrogateescape")
    return _with_length(result, len(body.encode("utf-8", "surrogateescape")), new_body.encode("utf-8", "surrogateescape"))


def _with_length(head, old_length, body):
    """Changes Content-Length by as much as the body grew: one that was wrong on purpose stays as wrong."""
    if len(body) != old_length:
        text = head.decode("utf-8", "surrogateescape")
        head = LENGTH.sub(lambda m: m.group(1) + str(max(int(m.group(2)) + len(body) - old_length, 0)), text, count=1)
        head = head.encode("utf-8", "surrogateescape")
    return head + body


def mend_length(old, new):
    """`new` with the Content-Length that its body needs, when `old` had one that was right."""
    old_body = old.partition(b"\r\n\r\n")[2]
    head, separator, body = new.partition(b"\r\n\r\n")
    return _with_length(head + separator, len(old_body), body) if separator else new


# -- SDP ---------------------------------------------------------------------------------------------------------------

CONNECTION = re.compile(r"^(c=IN IP[46] )([0-9A-Fa-f:.]{2,45})\s*$")
MEDIA = re.compile(r"^(m=\w{1,30} )(\d{1,5})((?:/\d{1,3})? .*)$", re.S)
RTCP = re.compile(r"^(a=rtcp:)(\d{1,5})( IN IP[46] [0-9A-Fa-f:.]{2,45})?\s*$")


def _sdp_sections(lines):
    """[(index of the m= line, port, address, index of a=rtcp or None)], address None when there is none."""
    session, sections = None, []
    for i, line in enumerate(lines):
        connection, media, rtcp = CONNECTION.match(line), MEDIA.match(line), RTCP.match(line)
        if connection and sections:
            sections[-1][2] = connection.group(2)
        elif connection:
            session = connection.group(2)
        elif media:
            sections.append([i, int(media.group(2)), session, None])
        elif rtcp and sections:
            sections[-1][3] = i
    return sections


def translate_sdp(body, media):
    """Other ports and addresses in the m= and c= lines. All or nothing: with one address left out, half a description
    would name the wrong host."""
    lines = re.split(r"(?<=\n)", body)
    host = None
    changes = {}
    for index, port, address, rtcp in _sdp_sections(lines):
        if port == 0 or address is None or address in ("0.0.0.0", "::"):
            continue
        rtcp_port = int(RTCP.match(lines[rtcp]).group(2)) if rtcp is not None else port + 1
        new = media(address.lower(), port, rtcp_port) if max(port, rtcp_port) <= 65535 else None
        if not new:
            return body
        host = new[0]
        changes[index] = MEDIA.sub(lambda m, p=new[1]: f"{m.group(1)}{p}{m.group(3)}", lines[index])
        if rtcp is not None:
            end = lines[rtcp][len(lines[rtcp].rstrip("\r\n")):]
            changes[rtcp] = f"a=rtcp:{new[1] + 1}{end}"
    if host is None:
        return body
    for i, line in enumerate(lines):
        connection = CONNECTION.match(line)
        if i in changes:
            lines[i] = changes[i]
        elif connection and connection.group(2) not in ("0.0.0.0", "::"):
            lines[i] = connection.group(1) + host + line[len(line.rstrip("\r\n")):]
    return "".join(lines)
