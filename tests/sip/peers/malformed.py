# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP and SDP that nobody should send, and everybody gets: a generator with a seed.

    message = make(seed, number, Place("127.0.0.1", 5060, "127.0.0.1", 40000, "udp"))
    message.kind, message.data        # the same bytes for the same seed, number and place

Each message is made by one of the functions in KINDS, from a good request of its own (INVITE with SDP, OPTIONS, REGISTER, …),
or is a good one bent by mutate ().
"""

import random

CRLF = b"\r\n"
LARGEST_DATAGRAM = 65000
METHODS = ("INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "INFO", "UPDATE", "PRACK", "REFER", "PUBLISH", "BYE",
           "CANCEL", "ACK", "DANCE", "invite", "A" * 400)
NUMBERS = ("0", "-1", "1", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9" * 20, "9" * 500, "", " ",
           "0x10", "1e9", "+5", "00000000000000000000001", "1.5", "-2147483648")
STRANGE = (b"\x00", b"\xff", b"\xfe\xff", b"\xc3", b"\xf0\x28\x8c\x28", b"\r", b"\n", b"\t", b"%00", b"%", b"%s%n", b"\"", b"<", b">",
           b";", b",", b":", b"@", b"\\", b"\x1b[2J", b"\xe2\x80\xae", b"\xed\xa0\x80")


class Place:
    """Where the phone is and where we are."""

    def __init__(self, host, port, our_host, our_port, transport):
        self.host = host
        self.port = port
        self.our_host = our_host
        self.our_port = our_port
        self.transport = transport


class Message:
    def __init__(self, kind, data):
        self.kind = kind
        self.data = data


class Draft:
    """A request in parts, so that a maker can bend one of them."""

    def __init__(self, rnd, place, method=None):
        self.rnd = rnd
        self.place = place
        self.method = method or rnd.choice(("INVITE",) * 5 + METHODS)
        token = f"{rnd.getrandbits(48):x}"
        self.start = f"{self.method} sip:desk@{place.host}:{place.port} SIP/2.0".encode()
        self.headers = [
            [b"Via", f"SIP/2.0/{place.transport.upper()} {place.our_host}:{place.our_port};branch=z9hG4bK{token};rport".encode()],
            [b"Max-Forwards", b"70"],
            [b"From", f"\"Nobody\" <sip:nobody@{place.our_host}:{place.our_port}>;tag={token}".encode()],
            [b"To", f"<sip:desk@{place.host}:{place.port}>".encode()],
            [b"Call-ID", f"{token}@malformed".encode()],
            [b"CSeq", f"{rnd.randrange(1, 1000)} {self.method}".encode()],
            [b"Contact", f"<sip:nobody@{place.our_host}:{place.our_port};transport={place.transport}>".encode()],
        ]
        self.type = b"application/sdp"
        self.body = b""
        if self.method in ("INVITE", "UPDATE", "ACK", "PRACK") or rnd.random() < 0.2:
            self.body = good_sdp(place)
        self.length = None          # bytes; None: the true one; False: no such header

    def set(self, name, value):
        for header in self.headers:
            if header[0] == name:
                header[1] = value

    def render(self):
        lines = [self.start] + [name + b": " + value for name, value in self.headers]
        if self.body:
            lines.append(b"Content-Type: " + self.type)
        if self.length is not False:
            lines.append(b"Content-Length: " + (str(len(self.body)).encode() if self.length is None else self.length))
        return CRLF.join(lines) + CRLF * 2 + self.body


def good_sdp(place):
    lines = ["v=0", f"o=- 1 1 IN IP4 {place.our_host}", "s=-", f"c=IN IP4 {place.our_host}", "t=0 0",
             "m=audio 40000 RTP/AVP 9 0 8 101", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
             "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=sendrecv", ""]
    return "\r\n".join(lines).encode()


def noise(rnd, size):
    return rnd.randbytes(size)


# -- whole messages ---------------------------------------------------------------------------------------------------

def cut(rnd, place):
    data = Draft(rnd, place).render()
    return data[:rnd.randrange(len(data))]


def overlong(rnd, place):
    draft = Draft(rnd, place)
    size = rnd.choice((1000, 4000, 16000, 60000))
    value = rnd.choice((b"a", b"<", b"\"", b"(", b"%41", b"sip:", b" ", b";x=y", b"\xff", b"1")) * size
    where = rnd.randrange(4)
    if where == 0:
        draft.start = draft.method.encode() + b" sip:" + value[:size] + b" SIP/2.0"
    elif where == 1:
        rnd.choice(draft.headers)[1] = value[:size]
    elif where == 2:
        draft.headers.append([value[:size], b"x"])
    else:
        draft.body = b"v=0\r\ns=" + value[:size] + CRLF
    return draft.render()


def wrong_length(rnd, place):
    draft = Draft(rnd, place, rnd.choice(("INVITE", "OPTIONS", "MESSAGE")))
    draft.body = draft.body or b"hello"
    draft.length = rnd.choice((b"0", b"1", str(len(draft.body) - 1).encode(), str(len(draft.body) + 1).encode(), b"70000",
                               rnd.choice(NUMBERS).encode(), b"abc", b"12abc", noise(rnd, 6)))
    return draft.render()


def no_length(rnd, place):
    draft = Draft(rnd, place)
    draft.length = False
    return draft.render()


def binary(rnd, place):
    return noise(rnd, rnd.choice((1, 2, 4, 20, 200, 1400, 9000)))


def strange_bytes(rnd, place):
    data = bytearray(Draft(rnd, place).render())
    for _ in range(rnd.randrange(1, 12)):
        at = rnd.randrange(len(data))
        data[at:at] = rnd.choice(STRANGE)
    return bytes(data)


def strange_value(rnd, place):
    draft = Draft(rnd, place)
    header = rnd.choice(draft.headers)
    header[1] = b"".join(rnd.choice(STRANGE) for _ in range(rnd.randrange(1, 60)))
    return draft.render()


def numbers(rnd, place):
    draft = Draft(rnd, place)
    number = rnd.choice(NUMBERS).encode()
    choice = rnd.randrange(7)
    if choice == 0:
        draft.set(b"Max-Forwards", number)
    elif choice == 1:
        draft.set(b"CSeq", number + b" " + draft.method.encode())
    elif choice == 2:
        draft.headers += [[b"Expires", number], [b"Session-Expires", number + b";refresher=uac"], [b"Min-SE", number]]
    elif choice == 3:
        draft.set(b"Via", b"SIP/2.0/UDP " + place.our_host.encode() + b":" + number + b";branch=z9hG4bK" + number)
    elif choice == 4:
        draft.set(b"Contact", b"<sip:x@" + place.our_host.encode() + b":" + number + b">;expires=" + number + b";q=" + number)
    elif choice == 5:
        draft.headers += [[b"RSeq", number], [b"RAck", number + b" " + number + b" INVITE"], [b"Retry-After", number]]
    else:
        draft.start = f"{draft.method} sip:desk@{place.host}:".encode() + number + b" SIP/2.0"
    return draft.render()


def doubled(rnd, place):
    draft = Draft(rnd, place)
    for _ in range(rnd.randrange(1, 5)):
        name, value = rnd.choice(draft.headers)
        draft.headers.insert(rnd.randrange(len(draft.headers) + 1), [name, value + rnd.choice((b"", b"2", b";x"))])
    return draft.render()


def missing(rnd, place):
    draft = Draft(rnd, place)
    for _ in range(rnd.randrange(1, 4)):
        if draft.headers:
            draft.headers.pop(rnd.randrange(len(draft.headers)))
    return draft.render()


def many_headers(rnd, place):
    draft = Draft(rnd, place)
    name = rnd.choice((b"X", b"Via", b"Contact", b"Route", b"Record-Route", b"From", b"Supported", b"Require", b"Accept", b"Allow",
                       b"Call-Info", b"Alert-Info", b"Diversion", b"P-Asserted-Identity", b"Authorization"))
    value = rnd.choice((b"x", b"<sip:a@127.0.0.1>", b"SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx", b"<sip:a@b;lr>, <sip:c@d;lr>", b""))
    draft.headers += [[name, value]] * rnd.choice((50, 500, 2000))
    return draft.render()


def large(rnd, place):
    draft = Draft(rnd, place, "INVITE")
    size = rnd.choice((20000, 60000, 64000, 65535, 200000))
    draft.type = rnd.choice((b"application/sdp", b"text/plain", b"application/octet-stream", b"message/sipfrag"))
    draft.body = rnd.choice((noise(rnd, size), good_sdp(place) + b"a=x:" + b"y" * size + CRLF, b"a=b\r\n" * (size // 5)))
    return draft.render()


def nested(rnd, place):
    draft = Draft(rnd, place, "INVITE")
    depth = rnd.choice((1, 2, 5, 50, 400))
    body, kind = good_sdp(place), b"application/sdp"
    for level in range(depth):
        boundary = b"b%d" % level
        body = b"--" + boundary + b"\r\nContent-Type: " + kind + b"\r\n\r\n" + body + b"\r\n--" + boundary + b"--\r\n"
        kind = b"multipart/mixed;boundary=" + boundary
    if rnd.random() < 0.3:
        body = body[:rnd.randrange(len(body))]
    if rnd.random() < 0.2:
        kind = rnd.choice((b"multipart/mixed", b"multipart/mixed;boundary=", b"multipart/mixed;boundary=\"", b"multipart/"))
    draft.type, draft.body = kind, body
    return draft.render()


def uris(rnd, place):
    draft = Draft(rnd, place)
    uri = rnd.choice((b"sip:", b"sip:@", b"sip:%", b"sip:%zz@x", b"sip:a@[::1", b"sip:a@[", b"sip:a@:5060", b"sip::@:", b"tel:", b"tel:+",
                      b"urn:service:sos", b"http://x", b"sips:a@b", b"sip:a@b;;;", b"sip:a@b?;", b"sip:a@b?Replaces=", b"sip:" * 40,
                      b"sip:a@b;maddr=", b"sip:a@b;transport=", b"sip:a@b;transport=carrier-pigeon", b"sip:a:b:c@d",
                      b"sip:a@b?" + b"x=y&" * 300, b"sip:a@1.2.3.4.5", b"sip:a@999.999.999.999", b"<", b"<>", b"*", b"", b"sip:\x00@x",
                      b"sip:a@phone.invalid", b"sip:a@b:99999"))
    choice = rnd.randrange(4)
    if choice == 0:
        draft.start = draft.method.encode() + b" " + uri + b" SIP/2.0"
    else:
        name = (b"From", b"To", b"Contact")[choice - 1]
        draft.set(name, rnd.choice((b"<" + uri + b">", uri, b"\"" + uri + b"\" <" + uri + b">", b"<" + uri)) + b";tag=" +
                  rnd.choice((b"1", b"", b"\"", b"x" * 300)))
    return draft.render()


def vias(rnd, place):
    draft = Draft(rnd, place)
    via = rnd.choice((b"SIP/2.0/UDP", b"SIP/2.0/TCP 127.0.0.1", b"SIP/2.0/TLS-SCTP x", b"SIP/7.0/UDP 127.0.0.1", b"SIP/2.0/UDP [::1]",
                      b"SIP/2.0/UDP 127.0.0.1;maddr=224.0.0.1", b"SIP/2.0/UDP 127.0.0.1;maddr=phone.invalid;ttl=300",
                      b"SIP/2.0/UDP 127.0.0.1;received=8.8.8.8;rport=1", b"SIP / 2.0 / UDP 127.0.0.1 : 5060 ; branch = z9hG4bK",
                      b"SIP/2.0/UDP 127.0.0.1:0", b"SIP/2.0/UDP phone.invalid:5060", b"SIP/2.0/UDP 255.255.255.255",
                      b"SIP/2.0/UDP 0.0.0.0", b"SIP/2.0/UDP 127.0.0.1;branch=", b"SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK" + b"x" * 5000,
                      b"SIP/2.0/UDP 127.0.0.1;rport;rport;rport", b",,,,", b"SIP/2.0/UDP 127.0.0.1 (" + b"(" * 200))
    draft.set(b"Via", via if b"branch" in via else via + b";branch=z9hG4bK%x" % rnd.getrandbits(40))
    if rnd.random() < 0.2:
        draft.start = draft.start.replace(b"SIP/2.0", rnd.choice((b"SIP/7.0", b"SIP/", b"SIP/2.0.0", b"HTTP/1.1", b"")))
    return draft.render()


def folding(rnd, place):
    data = Draft(rnd, place).render()
    fold = rnd.choice((b"\r\n ", b"\r\n\t\r\n ", b"\n ", b"\r ", b"\r\n" + b" " * 3000))
    head, _, body = data.partition(CRLF * 2)
    spaces = [i for i, byte in enumerate(head) if byte == 32]
    at = rnd.choice(spaces)
    return head[:at] + fold + head[at + 1:] + CRLF * 2 + body


def strange_headers(rnd, place):
    draft = Draft(rnd, place)
    draft.headers += rnd.sample([
        [b"Replaces", b"x;to-tag=;from-tag="], [b"Replaces", b"x@y;to-tag=1;from-tag=2;early-only"], [b"Refer-To", b"<sip:a@b?Replaces=%>"],
        [b"Refer-To", b"<sip:a?"], [b"Event", b"refer;id=" + b"9" * 300], [b"Require", b"x, y, z, 100rel"], [b"Supported", b","],
        [b"Authorization", b"Digest username=\"" + b"a" * 3000], [b"Authorization", b"Digest"], [b"Proxy-Authorization", b"Basic ?"],
        [b"Content-Encoding", b"gzip"], [b"Content-Disposition", b";;handling=required"], [b"Date", b"Sun, 99 Foo 99999 99:99:99 GMT"],
        [b"Warning", b"999 \"\" \"" + b"\\" * 99], [b"Timestamp", b"9" * 400], [b"Accept", b"*/*;q=9"], [b"Subscription-State", b";"],
        [b"Privacy", b"id;id;id"], [b"P-Asserted-Identity", b"tel:"], [b"Diversion", b"<sip:>;reason="], [b"Alert-Info", b"<;info=alert"],
        [b"Call-Info", b"<" * 50], [b"Identity", noise(rnd, 50)], [b"Reason", b"SIP;cause=" + b"9" * 99], [b"Security-Verify", b","],
        [b"k", b""], [b"l", b"5"], [b"c", b"/"], [b"v", b"SIP/2.0/UDP"], [b"", b"x"], [b" ", b""], [b"X\x00Y", b"z"],
    ], rnd.randrange(1, 8))
    return draft.render()


def responses(rnd, place):
    draft = Draft(rnd, place)
    status = rnd.choice((b"100", b"180", b"200", b"302", b"401", b"407", b"422", b"491", b"503", b"600", b"0", b"99", b"700", b"-1",
                         b"99999999999", b"abc"))
    draft.start = b"SIP/2.0 " + status + b" " + rnd.choice((b"OK", b"", b"\xff" * 50, b"x" * 5000))
    return draft.render()


def start_lines(rnd, place):
    draft = Draft(rnd, place)
    draft.start = rnd.choice((b"", b" ", b"INVITE", b"INVITE ", b"INVITE  sip:x SIP/2.0", b"INVITE sip:x", b"SIP/2.0", b"SIP/2.0 ",
                              b"GET / HTTP/1.1", b"\r\n\r\n\r\nOPTIONS sip:a@b SIP/2.0", b"INVITE sip:x SIP/2.0 SIP/2.0",
                              b"INVITE\tsip:x\tSIP/2.0", b"\x00INVITE sip:x SIP/2.0", b"RTSP/1.0 200 OK"))
    return draft.render()


# -- SDP --------------------------------------------------------------------------------------------------------------

def with_sdp(rnd, place, body):
    draft = Draft(rnd, place, "INVITE")
    draft.body = body
    return draft.render()


def sdp_lines(rnd, place):
    lines = good_sdp(place).split(CRLF)[:-1]
    for _ in range(rnd.randrange(1, 6)):
        choice = rnd.randrange(5)
        at = rnd.randrange(len(lines))
        if choice == 0 and len(lines) > 1:
            lines.pop(at)
        elif choice == 1:
            lines.insert(at, lines[rnd.randrange(len(lines))])
        elif choice == 2:
            lines[at] = lines[at][:rnd.randrange(len(lines[at]) + 1)]
        elif choice == 3:
            lines[at] = noise(rnd, rnd.randrange(40))
        else:
            rnd.shuffle(lines)
    return with_sdp(rnd, place, CRLF.join(lines) + rnd.choice((CRLF, b"", b"\n", b"\0")))


def sdp_numbers(rnd, place):
    number = rnd.choice(NUMBERS).encode()
    old, new = rnd.choice((
        (b"m=audio 40000", b"m=audio " + number), (b"RTP/AVP 9", b"RTP/AVP " + number), (b"a=rtpmap:9 G722/8000", b"a=rtpmap:9 G722/" + number),
        (b"a=rtpmap:0", b"a=rtpmap:" + number), (b"a=ptime:20", b"a=ptime:" + number), (b"o=- 1 1", b"o=- " + number + b" " + number),
        (b"t=0 0", b"t=" + number + b" " + number), (b"a=fmtp:101 0-16", b"a=fmtp:" + number + b" " + number + b"-" + number),
        (b"v=0", b"v=" + number), (b"m=audio 40000 RTP", b"m=audio 40000/" + number + b" RTP"), (b"a=rtpmap:9 G722/8000", b"a=rtpmap:9 G722")))
    return with_sdp(rnd, place, good_sdp(place).replace(old, new))


def sdp_addresses(rnd, place):
    address = rnd.choice((b"IN IP4 0.0.0.0", b"IN IP4 255.255.255.255", b"IN IP4 224.2.1.1/127/3", b"IN IP4 999.1.1.1", b"IN IP4 ",
                          b"IN IP6 ::1", b"IN IP6 ::ffff:127.0.0.1", b"IN IP6 [::1]", b"ATM NSAP 47", b"IN IP4 phone.invalid", b"IN IP9 x",
                          b"IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1", b"IN IP4 " + b"1" * 4000))
    return with_sdp(rnd, place, good_sdp(place).replace(b"c=IN IP4 " + place.our_host.encode(), b"c=" + address))


def many_media(rnd, place):
    line = rnd.choice((b"m=audio 4000 RTP/AVP 0\r\n", b"m=video 4000 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n", b"m=audio 0 RTP/AVP 0\r\n",
                       b"m=x 1 y z\r\n", b"m=image 5000 udptl t38\r\n"))
    return with_sdp(rnd, place, good_sdp(place) + line * rnd.choice((20, 500, 2200)))


def many_attributes(rnd, place):
    line = rnd.choice((b"a=rtpmap:96 x/8000\r\n", b"a=x\r\n", b"a=fmtp:0 x\r\n", b"b=AS:1\r\n", b"a=candidate:1 1 UDP 1 1.2.3.4 5 typ host\r\n",
                       b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", b"k=clear:x\r\n", b"i=x\r\n", b"a=sendonly\r\na=recvonly\r\n"))
    formats = b" ".join(b"%d" % (i % 128) for i in range(rnd.choice((1, 100, 5000))))
    return with_sdp(rnd, place, good_sdp(place).replace(b"9 0 8 101", formats) + line * rnd.choice((10, 300, 2000)))


# -- bent good ones ---------------------------------------------------------------------------------------------------

def mutate(rnd, place):
    data = bytearray(Draft(rnd, place, rnd.choice(("INVITE", "INVITE", "OPTIONS", "REGISTER", "BYE"))).render())
    for _ in range(rnd.choice((1, 1, 2, 5, 30))):
        choice = rnd.randrange(5)
        at = rnd.randrange(len(data))
        size = rnd.randrange(1, 40)
        if choice == 0:
            data[at] ^= 1 << rnd.randrange(8)
        elif choice == 1:
            data[at:at + size] = b""
        elif choice == 2:
            data[at:at] = data[at:at + size] * rnd.choice((1, 2, 100))
        elif choice == 3:
            data[at] = rnd.randrange(256)
        else:
            other = rnd.randrange(len(data))
            data[at:at + size] = data[other:other + size]
        if not data:
            break
    return bytes(data)


def splice(rnd, place):
    first, second = Draft(rnd, place).render(), Draft(rnd, place).render()
    return first[:rnd.randrange(len(first))] + second[rnd.randrange(len(second)):]


KINDS = (cut, overlong, wrong_length, no_length, binary, strange_bytes, strange_value, numbers, doubled, missing, many_headers, large,
         nested, uris, vias, folding, strange_headers, responses, start_lines, sdp_lines, sdp_numbers, sdp_addresses, many_media,
         many_attributes, mutate, mutate, mutate, splice)


def make(seed, number, place):
    """Message `number` of a seed."""
    rnd = random.Random(f"{seed}/{number}")
    maker = rnd.choice(KINDS)
    data = maker(rnd, place)
    if place.transport == "udp":
        data = data[:LARGEST_DATAGRAM]
    return Message(maker.__name__, data)
