# SPDX-License-Identifier: GPL-3.0-or-later
"""SIPp scenarios from a compact description.

    from sipp_scenario import Scenario

    def busy(s):                    # a called partner: the phone's INVITE, and what comes back
        s.take_invite()
        s.answer(486, "Busy Here")
        s.take("ACK")

    print(Scenario(busy, contact="<sip:sipp@127.0.0.1:5070>").xml())

What comes out is a plain SIPp file; `test-sipp-matrix.py --write FOLDER` writes all of them for reading and for use by
hand. Each message stands in the file as it goes over the wire.

Names of saved values: a called partner keeps the INVITE's via, from, to and cseq, so that its answer can come after other
requests; a caller keeps the phone's to (with its tag) and sends what follows to the phone's Contact.
"""

from xml.sax.saxutils import quoteattr

MEDIA = "a=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n"
ALLOW = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO"


def sdp(direction="sendrecv", *, version=1, payloads="0 8 101", port="[media_port]", address="[local_ip]", media=MEDIA,
        profile="RTP/AVP", extra=""):
    """A session description of the partner; one with version N is its N-th."""
    lines = f"v=0\no=sipp 1 {version} IN IP4 [local_ip]\ns=-\nc=IN IP4 {address}\nt=0 0\n"
    lines += f"m=audio {port} {profile} {payloads}\n{media}"
    return lines + (f"a={direction}\n" if direction else "") + extra


def lines(*parts):
    return "\n".join(part for part in parts if part)


class Scenario:
    """One SIPp file under construction. `contact`: the partner's Contact; `transport`: what its Via says: behind a
    tunnel SIPp itself does not know."""

    def __init__(self, build, *, contact="<sip:sipp@[local_ip]:[local_port]>", transport="[transport]", port="[local_port]"):
        self.contact = contact
        self.transport = transport
        # With a socket for each call SIPp's own word is that socket's, where nobody listens; behind a tunnel it is the tunnel's.
        self.port = port
        self.name = build.__name__.replace("_", "-")
        self.doc = " ".join((build.__doc__ or "").split())
        self.steps = []
        self.saved = []
        self.cseq = 0
        self.n_messages = 0       # SIPp counts what it sends, receives and waits for, and names branches after that
        self.invite_index = 0
        self.invite_cseq = 1
        build(self)

    def xml(self):
        steps = "\n".join(self.steps)
        used = f'  <Reference variables="{",".join(self.saved)}"/>\n' if self.saved else ""
        comment = f"<!-- {self.doc} -->\n" if self.doc else ""
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n'
                f'{comment}<scenario name={quoteattr(self.name)}>\n{steps}\n  <nop/>\n{used}</scenario>\n')

    # -- what every scenario is made of ---------------------------------------------------------------------------

    def element(self, name, attributes, content=None):
        text = "".join(f" {key.rstrip('_')}={quoteattr(str(value))}" for key, value in attributes.items()
                       if value is not None)
        self.n_messages += name != "label"
        self.steps.append(f"  <{name}{text}/>" if content is None else f"  <{name}{text}>{content}</{name}>")

    def pause(self, ms):
        self.element("pause", {"milliseconds": ms})

    def label(self, number):
        self.element("label", {"id": number})

    def jump(self, number):
        """Goes on at a label."""
        self.element("nop", {"next": number}, "")

    def jump_first(self, number):
        """Goes on at a label in the first call of this SIPp; later calls go on here."""
        self.saved += ["which", "first"]
        self.element("nop", {"next": number, "test": "first"},
                     '<action><assignstr assign_to="which" value="call [call_number]"/>'
                     '<ereg regexp="call 1$" search_in="var" variable="which" assign_to="first"/></action>')

    def close(self):
        """Closes the connection (only with a socket of its own for each call: transport "tn")."""
        self.element("nop", {}, "<action><closecon/></action>")

    def _action(self, save, check, absent, found):
        parts = []
        for name, pattern in (found or {}).items():
            parts.append(f'<ereg regexp={quoteattr(pattern)} search_in="msg" assign_to="{name}"/>')
        for name, header in (save or {}).items():
            if name not in self.saved:
                self.saved.append(name)
            parts.append(f'<ereg regexp=".*" search_in="hdr" header="{header}:" assign_to="{name}"/>')
        for kind, patterns in (("check_it", check), ("check_it_inverse", absent)):
            for pattern in [patterns] if isinstance(patterns, str) else patterns or ():
                where = 'search_in="msg"'
                name = f"c{len(self.saved)}"
                self.saved.append(name)
                parts.append(f'<ereg regexp={quoteattr(pattern)} {where} {kind}="true" assign_to="{name}"/>')
        return "\n    <action>" + "".join(parts) + "</action>\n  " if parts else None

    def take(self, what, *, save=None, check=None, absent=None, found=None, optional=None, **attributes):
        """Waits for a request ("BYE") or a response (200). `check`: patterns that must be found in the message, `absent`:
        that must not; `found`: names of values that are set when their pattern is there; `optional`: may be left out; further attributes as SIPp has them (next_, timeout, ontimeout, rrs)."""
        kind = "response" if isinstance(what, int) else "request"
        attributes = {kind: what, "optional": "true" if optional else None, **attributes}
        self.element("recv", attributes, self._action(save, check, absent, found))

    def send(self, text, body="", *, kind="application/sdp", retrans=None, **attributes):
        """Sends a message: its head without Content-Type and -Length."""
        head = text.strip("\n")
        if body:
            head += f"\nContent-Type: {kind}"
        head += "\nContent-Length: " + ("[len]" if body else "0")
        self.raw(head + "\n\n" + body, retrans=retrans, **attributes)

    def raw(self, text, **attributes):
        self.element("send", attributes, f"<![CDATA[\n{text}]]>")

    def reply(self, status, phrase, body="", *, extra="", tag="", **options):
        """Answers the request that came last."""
        self.send(lines(f"SIP/2.0 {status} {phrase}", "[last_Via:]", "[last_From:]", "[last_To:]" + (f";tag={tag}" if tag else ""),
                        "[last_Call-ID:]", "[last_CSeq:]", f"Contact: {self.contact}", extra), body, **options)

    def branch(self, what, label, **options):
        """Goes on at `label` when this request comes instead of the one that is waited for next."""
        self.take(what, optional=True, next_=label, **options)

    # -- a called partner ---------------------------------------------------------------------------------------------

    def take_invite(self, **options):
        self.take("INVITE", save={"via": "Via", "from": "From", "to": "To", "cseq": "CSeq"}, rrs="true", **options)

    def take_invite_for(self, users, label, **options):
        """An INVITE; goes on at `label` when it is for the user `users` (a pattern)."""
        name = f"is{len(self.saved)}"
        self.saved.append(name)
        self.take_invite(next_=label, test=name, found={name: f"INVITE sips?:({users})@"}, **options)

    def answer(self, status, phrase, body="", *, tag="p1", extra="", contact=None, **options):
        """A response to the INVITE, whatever came since. `tag`: of the To, None when it has none (or has one already)."""
        self.send(lines(f"SIP/2.0 {status} {phrase}", "Via:[$via]", "From:[$from]",
                        "To:[$to]" + (f";tag={tag}[call_number]" if tag else ""), "Call-ID: [call_id]", "CSeq:[$cseq]",
                        f"Contact: {contact or self.contact}", extra), body, **options)

    def refuse(self, status, phrase, **options):
        self.answer(status, phrase, **options)
        self.take("ACK")

    def accept(self, body=None, **options):
        """Answers the INVITE and takes the ACK."""
        self.answer(200, "OK", sdp() if body is None else body, retrans=500, **options)
        self.take("ACK")

    def take_bye(self, **options):
        self.take("BYE", **options)
        self.reply(200, "OK")

    def back(self, method, body="", *, extra="", retrans=500, tag="p1", **options):
        """A request of the called partner inside the dialog: From and To are the other way round."""
        self.cseq += 1
        self.send(lines(f"{method} [next_url] SIP/2.0",
                        f"Via: SIP/2.0/{self.transport} [local_ip]:{self.port};branch=[branch]",
                        f"From:[$to];tag={tag}[call_number]", "To:[$from]", "Call-ID: [call_id]",
                        f"CSeq: {self.cseq} {method}", f"Contact: {self.contact}", "Max-Forwards: 70", extra), body,
                  retrans=None if method == "ACK" else retrans, **options)

    def back_ack(self):
        """ACK of the called partner's re-INVITE."""
        number = self.cseq
        self.back("ACK")
        self.steps[-1] = self.steps[-1].replace(f"CSeq: {self.cseq} ACK", f"CSeq: {number} ACK")
        self.cseq = number

    def end_back(self):
        """The called partner hangs up."""
        self.back("BYE")
        self.take(200)

    # -- a caller ---------------------------------------------------------------------------------------------------

    def invite(self, body=None, *, extra="", retrans=500, user="desk", to="", forwards=70, tag="c", call_id="[call_id]", **options):
        self.cseq += 1
        self.invite_index = self.n_messages
        self.invite_cseq = self.cseq
        self.send(lines(f"INVITE sip:{user}@[remote_ip]:[remote_port] SIP/2.0",
                        f"Via: SIP/2.0/{self.transport} [local_ip]:{self.port};branch=[branch]",
                        f"From: \"SIPp\" <sip:sipp@[local_ip]:[local_port]>;tag={tag}[call_number]",
                        to or f"To: <sip:{user}@[remote_ip]:[remote_port]>", f"Call-ID: {call_id}", f"CSeq: {self.cseq} INVITE",
                        f"Contact: {self.contact}", f"Max-Forwards: {forwards}", extra), sdp() if body is None else body,
                  retrans=retrans, **options)

    def ring(self, **options):
        """The phone rings."""
        self.take(100, optional=True)
        self.take(180, **options)

    def taken(self, **options):
        """The phone answers; after ring () or a re-INVITE."""
        self.take(200, save={"to": "To"}, rrs="true", **options)

    def request(self, method, body="", *, extra="", cseq=None, retrans=500, url="[next_url]", to="To:[$to]", branch="[branch]",
                forwards=70, tag="c", **options):
        """A request of the caller inside the dialog."""
        if cseq is None and method not in ("ACK", "CANCEL"):
            self.cseq += 1
        self.send(lines(f"{method} {url} SIP/2.0",
                        f"Via: SIP/2.0/{self.transport} [local_ip]:{self.port};branch={branch}",
                        f"From: \"SIPp\" <sip:sipp@[local_ip]:[local_port]>;tag={tag}[call_number]",
                        to, "Call-ID: [call_id]", f"CSeq: {cseq or self.cseq} {method}", f"Contact: {self.contact}",
                        f"Max-Forwards: {forwards}", extra), body,
                  retrans=None if method == "ACK" else retrans, **options)

    def ack(self, body="", **options):
        self.request("ACK", body, **options)

    def cancel(self, **options):
        """CANCEL of the first INVITE, with its branch."""
        self.request("CANCEL", cseq=self.invite_cseq, url="sip:desk@[remote_ip]:[remote_port]", to="To: <sip:desk@[remote_ip]:[remote_port]>",
                     branch=f"[branch-{self.n_messages - self.invite_index}]", **options)

    def ack_refusal(self):
        """ACK of a final response other than 2xx; it carries the INVITE's branch."""
        self.send(lines("ACK sip:desk@[remote_ip]:[remote_port] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]",
                        "Call-ID: [call_id]", f"CSeq: {self.invite_cseq} ACK", "Max-Forwards: 70"))

    def connect(self, body=None, **options):
        """A whole call up to the ACK."""
        self.invite(body, **options)
        self.ring()
        self.taken()
        self.ack()

    def change(self, body, *, check=None, extra="", status=200, **options):
        """A re-INVITE that is answered with 200 (or refused with `status`)."""
        self.request("INVITE", body, extra=extra, **options)
        self.take(100, optional=True)
        self.take(status, check=check)
        if status < 300:
            self.ack()
        else:
            self.send(lines("ACK [next_url] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]", "Call-ID: [call_id]",
                            f"CSeq: {self.cseq} ACK", "Max-Forwards: 70"))

    def bye(self, status=200, **options):
        self.request("BYE", **options)
        self.take(status)

    def registrar_beside(self):
        """The partner is the account's registrar as well: before the first request of the scenario proper. A registration
        is a call of its own for SIPp."""
        self.branch("REGISTER", 90)

    def registrar_beside_end(self):
        """At the end of the scenario proper."""
        self.jump(99)
        self.label(90)
        self.registered()
        self.leave()
        self.label(99)

    # -- a registrar ------------------------------------------------------------------------------------------------

    def take_register(self, *, leaving=False, check=None, **options):
        """REGISTER; `leaving`: the one that takes the binding away."""
        checks = [check] if isinstance(check, str) else list(check or ())
        if leaving:
            checks.append("(Expires: 0|expires=0)")
        self.take("REGISTER", check=checks, **options)

    def registrar_reply(self, status, phrase, *, contact="[last_Contact:]", extra="", tag="r"):
        self.send(lines(f"SIP/2.0 {status} {phrase}", "[last_Via:]", "[last_From:]", f"[last_To:];tag={tag}", "[last_Call-ID:]",
                        "[last_CSeq:]", contact, extra))

    def challenge(self, nonce="n1", *, status=401, extra="", realm="sipp", more=""):
        """401 or 407 with a Digest challenge; `extra`: its further parameters, `more`: further headers."""
        name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
        phrase = "Unauthorized" if status == 401 else "Proxy Authentication Required"
        self.registrar_reply(status, phrase, contact="",
                             extra=lines(f'{name}: Digest realm="{realm}", nonce="{nonce}"{extra}', more))

    def registered(self, expires=3600, **options):
        self.registrar_reply(200, "OK", extra=f"Expires: {expires}" if expires else "", **options)

    def leave(self, **options):
        """The phone takes its registration away."""
        self.take_register(leaving=True, **options)
        self.registrar_reply(200, "OK", contact="")
