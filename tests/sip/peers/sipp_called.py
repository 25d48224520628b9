# SPDX-License-Identifier: GPL-3.0-or-later
"""Partners that are called: the phone's user dials, and each answers as no partner should have to be expected."""

from sipp_run import Case
from sipp_scenario import lines, sdp

CASES = []


def case(group, *user, **options):
    def add(build):
        CASES.append(Case(build, user, group, **options))
        return build
    return add


TALK_AND_HANG_UP = ("dial", "wait call:talking", "shows talking", "hangup", "sipp")
TALK = ("dial", "wait call:talking", "see Talking", "sipp", "wait call:none")
TRY = ("dial", "wait call:ended", "sipp")
RING_AND_GIVE_UP = ("dial", "wait call:ringing", "shows ringing", "hangup", "wait call:none", "sipp")
# The partner is also the registrar of the account that is called with.
REGISTER = ("register", "wait account:1:registered")
WITH_ACCOUNT = {"account": {}, "calls": 2}


# -- how a call is answered ---------------------------------------------------------------------------------------


@case("answers", *TALK_AND_HANG_UP)
def answers_at_once(s):
    """200 without anything before."""
    s.take_invite()
    s.accept()
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP, detour=True, transports=("udp",))
def answers_from_another_port(s):
    """Its responses do not come from the port that was called."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.accept()
    s.take_bye()


@case("answers", *TALK)
def answers_and_hangs_up(s):
    """Rings, answers, and ends the call itself."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.accept()
    s.pause(700)
    s.end_back()


@case("answers", *TALK_AND_HANG_UP)
def all_provisional_responses(s):
    """100, 180 twice, 181, 182, 183, 199 of a branch that ended, then 200."""
    s.take_invite()
    s.answer(100, "Trying", tag="")
    s.answer(180, "Ringing")
    s.answer(181, "Call Is Being Forwarded")
    s.answer(182, "Queued, 4 callers ahead of you")
    s.answer(183, "Session Progress")
    s.answer(199, "Early Dialog Terminated", tag="p9", extra="Reason: SIP;cause=486")
    s.answer(180, "Ringing")
    s.pause(100)
    s.accept()
    s.take_bye()


@case("early", "dial", "wait call:ringing", "wait call:talking", "hangup", "sipp")
def early_media_then_200_with_sdp(s):
    """183 with SDP, the same SDP again in the 200."""
    s.take_invite()
    s.answer(183, "Session Progress", sdp())
    s.pause(200)
    s.accept()
    s.take_bye()


@case("early", *TALK_AND_HANG_UP)
def early_media_then_200_without_sdp(s):
    """183 with the answer; the 200 has none (RFC 3264: the early one holds only when it was reliable, but it is all there is)."""
    s.take_invite()
    s.answer(183, "Session Progress", sdp())
    s.pause(200)
    s.accept(body="")
    s.take_bye()


@case("early", *TALK_AND_HANG_UP)
def early_media_then_other_sdp(s):
    """The 200 names another codec and another port than the 183 did."""
    s.take_invite()
    s.answer(183, "Session Progress", sdp(payloads="0", media="a=rtpmap:0 PCMU/8000\n", port="4000"))
    s.pause(100)
    s.accept(sdp(payloads="8", media="a=rtpmap:8 PCMA/8000\n", version=2))
    s.take_bye()


@case("early", "dial", "wait call:ringing", "wait call:talking", "shows talking", "hangup", "sipp")
def early_media_of_several_kinds(s):
    """180 with SDP, 183 without, 180 without, 183 with other SDP, all of one branch."""
    s.take_invite()
    s.answer(180, "Ringing", sdp())
    s.answer(183, "Session Progress")
    s.answer(180, "Ringing")
    s.answer(183, "Session Progress", sdp(payloads="8", media="", version=2))
    s.pause(100)
    s.accept(sdp(payloads="8", media="", version=2))
    s.take_bye()


@case("early", *TALK_AND_HANG_UP)
def reliable_180(s):
    """180 with Require: 100rel wants a PRACK (RFC 3262)."""
    s.take_invite()
    s.answer(180, "Ringing", extra="Require: 100rel\nRSeq: 17")
    s.take("PRACK", check="RAck: *17 ")
    s.reply(200, "OK")
    s.accept()
    s.take_bye()


@case("early", *TALK_AND_HANG_UP)
def reliable_183_with_sdp(s):
    """The answer comes in a reliable 183, the 200 has none any more."""
    s.take_invite()
    s.answer(183, "Session Progress", sdp(), extra="Require: 100rel\nRSeq: 1")
    s.take("PRACK", check="RAck: *1 ")
    s.reply(200, "OK")
    s.answer(180, "Ringing", extra="Require: 100rel\nRSeq: 2")
    s.take("PRACK", check="RAck: *2 ")
    s.reply(200, "OK")
    s.accept(body="")
    s.take_bye()


@case("early", "dial", "wait call:ended", "sipp")
def prack_refused(s):
    """The PRACK for its own 180 is answered 481: that dialog is gone, so the phone gives the call up."""
    s.take_invite()
    s.answer(180, "Ringing", extra="Require: 100rel\nRSeq: 5")
    s.take("PRACK")
    s.reply(481, "Call/Transaction Does Not Exist")
    cancelled(s)
    s.refuse(487, "Request Terminated")


@case("fork", *TALK_AND_HANG_UP)
def forked_ringing(s):
    """Two branches ring, one with early media; the other one answers."""
    s.take_invite()
    s.answer(180, "Ringing", tag="a")
    s.answer(183, "Session Progress", sdp(port="4000"), tag="b")
    s.answer(180, "Ringing", tag="c")
    s.pause(100)
    s.accept(tag="a")
    s.take_bye(check="To:.*tag=a")


@case("fork", *TALK_AND_HANG_UP)
def forked_answer_of_a_silent_branch(s):
    """A branch answers that was never heard before."""
    s.take_invite()
    s.answer(180, "Ringing", tag="a")
    s.accept(tag="b")
    s.take_bye(check="To:.*tag=b")


@case("fork", "dial", "wait call:talking", "pause 500", "shows talking", "hangup", "sipp")
def forked_answers(s):
    """Two branches answer: the second call is acknowledged and ended by BYE, the first one goes on."""
    s.take_invite()
    s.answer(180, "Ringing", tag="a")
    s.answer(180, "Ringing", tag="b")
    s.answer(200, "OK", sdp(), tag="a")
    s.take("ACK", check="To:.*tag=a")
    s.answer(200, "OK", sdp(), tag="b")
    s.take("ACK", check="To:.*tag=b")
    s.take_bye(check="To:.*tag=b")
    s.take_bye(check="To:.*tag=a")


@case("answers", "dial", "wait call:talking", "pause 500", "shows talking", "hangup", "sipp", sipp=("-nr",))
def answer_sent_again(s):
    """200 twice before the ACK, and once more after it: each is acknowledged."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.answer(200, "OK", sdp())
    s.take("ACK")
    s.pause(100)
    s.answer(200, "OK", sdp())
    s.take("ACK")
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP)
def late_ringing(s):
    """180 comes again after the call is answered and acknowledged."""
    s.take_invite()
    s.accept()
    s.answer(180, "Ringing")
    s.answer(183, "Session Progress", sdp(port="4000"))
    s.take_bye()


@case("bad answer", "dial", "see Not acceptable here!", "sipp")
def answer_without_sdp(s):
    """200 without a session description and none before: acknowledged, then BYE."""
    s.take_invite()
    s.accept(body="")
    s.take_bye()


@case("bad answer", "dial", "see Not acceptable here!", "sipp")
def answer_with_broken_sdp(s):
    """200 with something that is no session description."""
    s.take_invite()
    s.accept(body="v=0\nthis is not SDP\n")
    s.take_bye()


@case("bad answer", "dial", "wait call:ended", "sipp")
def answer_without_a_stream(s):
    """200 that refuses the only stream (port 0)."""
    s.take_invite()
    s.accept(sdp(port="0"))
    s.take_bye()


@case("bad answer", "dial", "wait call:ended", "sipp")
def answer_with_unknown_codec(s):
    """200 with a payload type that nobody offered."""
    s.take_invite()
    s.accept(sdp(payloads="77", media="a=rtpmap:77 FOO/8000\n"))
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP)
def answer_with_multipart_body(s):
    """200 with multipart/mixed: the session description and something else."""
    s.take_invite()
    s.answer(180, "Ringing")
    body = ("--cut\nContent-Type: text/plain\n\nhello\n--cut\nContent-Type: application/sdp\n\n" + sdp() + "\n--cut--\n")
    s.answer(200, "OK", body, kind='multipart/mixed;boundary="cut"', retrans=500)
    s.take("ACK")
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP)
def answer_in_compact_form(s):
    """All headers in their short form, folded lines, blanks before colons."""
    s.take_invite()
    s.raw("SIP/2.0 200   All   right\nv:[$via]\nf :[$from]\nt:[$to]\n  ;tag=p1[call_number]\ni: [call_id]\nCSeq  :[$cseq]\n"
          f"m: {s.contact}\nk: timer,\n\t100rel\nc: application/sdp\nl: [len]\n\n" + sdp(), retrans=500)
    s.take("ACK")
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP)
def answer_with_many_headers(s):
    """A hundred headers that nobody knows, one of 4,000 characters."""
    s.take_invite()
    extra = "\n".join(f"X-Header-{i}: value {i}" for i in range(100)) + "\nX-Long: " + "y" * 4000
    s.answer(200, "OK", sdp(), extra=extra, retrans=500)
    s.take("ACK")
    s.take_bye()


@case("answers", *TALK_AND_HANG_UP)
def answer_with_record_route(s):
    """Two proxies stay in the way: ACK and BYE carry their Routes, in the reverse order."""
    s.take_invite()
    hop = s.contact.replace("sipp@", "").replace(">", ";lr>")
    s.accept(extra=f"Record-Route: <sip:far.invalid;lr>, {hop}")
    s.take_bye(check="Route: <sip:127.*lr>.*<sip:far.invalid;lr>")


@case("answers", "dial", "wait call:talking", "see sipp@127.0.0.1", "shows talking", "hangup", "sipp")
def answer_with_a_name(s):
    """P-Asserted-Identity tells who answered; what was dialled stays all the same unless account.X.cp_source says otherwise."""
    s.take_invite()
    s.answer(180, "Ringing", extra='P-Asserted-Identity: "Zoe Example" <sip:4711@127.0.0.1>')
    s.pause(100)
    s.accept(extra='P-Asserted-Identity: "Zoe Example" <sip:4711@127.0.0.1>')
    s.take_bye()


@case("bad answer", "dial", "wait call:talking", "hangup", "wait call:none", "sipp")
def answer_without_contact(s):
    """200 without the Contact that RFC 3261 wants: what follows goes where the INVITE went (the library may leave out the ACK)."""
    s.take_invite()
    s.send(lines("SIP/2.0 200 OK", "Via:[$via]", "From:[$from]", "To:[$to];tag=p1", "Call-ID: [call_id]", "CSeq:[$cseq]"), sdp())
    s.take("ACK", optional=True)
    s.take_bye()


# -- redirection --------------------------------------------------------------------------------------------------


def contact_for(s, user):
    return s.contact.replace("sipp@", f"{user}@")


@case("redirect", "dial", "wait call:talking", "shows talking", "hangup", "sipp", calls=2)
def moved_temporarily(s):
    """302 to another user here, who answers."""
    s.take_invite_for("other", 1)
    s.refuse(302, "Moved Temporarily", contact=contact_for(s, "other"))
    s.jump(99)
    s.label(1)
    s.accept()
    s.take_bye()
    s.label(99)


@case("redirect", "dial", "wait call:talking", "shows talking", "hangup", "sipp", calls=2)
def multiple_choices(s):
    """300 with a web page, a telephone number, itself, and an address that works."""
    s.take_invite_for("other", 1)
    s.refuse(300, "Multiple Choices", contact=f"<http://127.0.0.1/>, <tel:+123>, {s.contact}, {contact_for(s, 'other')}")
    s.jump(99)
    s.label(1)
    s.accept()
    s.take_bye()
    s.label(99)


@case("redirect", *TRY)
def moved_to_itself(s):
    """302 to the address that was called."""
    s.take_invite()
    s.refuse(302, "Moved Temporarily")


@case("redirect", *TRY)
def moved_to_a_telephone(s):
    """302 to a tel: URI only."""
    s.take_invite()
    s.refuse(302, "Moved Temporarily", contact="<tel:+123456>")


@case("redirect", *TRY)
def moved_to_a_web_page(s):
    """301 to an http: URI only."""
    s.take_invite()
    s.refuse(301, "Moved Permanently", contact="<http://127.0.0.1/help>")


@case("redirect", *TRY)
def moved_nowhere(s):
    """302 without a Contact."""
    s.take_invite()
    s.send(lines("SIP/2.0 302 Moved", "Via:[$via]", "From:[$from]", "To:[$to];tag=p1", "Call-ID: [call_id]", "CSeq:[$cseq]"))
    s.take("ACK")


@case("redirect", *TRY, calls=2)
def moved_in_a_circle(s):
    """A sends to B, B sends back to A."""
    s.take_invite_for("other", 1)
    s.refuse(302, "Moved Temporarily", contact=contact_for(s, "other"))
    s.jump(99)
    s.label(1)
    s.refuse(302, "Moved Temporarily")
    s.label(99)


@case("redirect", *TRY, sipp=("-timeout", "3"), sipp_result=(0, 1, 97, 99, 253, 254, 255), calls=1000)
def moved_for_ever(s):
    """Each address sends on to one that was never called before: the phone gives up after a few."""
    s.take_invite()
    s.refuse(302, "Moved Temporarily", contact=contact_for(s, "u[call_number]"))


@case("redirect", *TRY)
def use_proxy(s):
    """305."""
    s.take_invite()
    s.refuse(305, "Use Proxy", contact="<sip:127.0.0.1:9>")


# -- refusals -----------------------------------------------------------------------------------------------------


REFUSALS = ((400, "Bad Request", "Bad request!"), (401, "Unauthorized", "Call failed!"), (402, "Payment Required", "Call failed!"),
            (403, "Forbidden", "Call failed!"), (404, "Not Found", "Not found!"), (405, "Method Not Allowed", "Call failed!"),
            (406, "Not Acceptable", "Call failed!"), (407, "Proxy Authentication Required", "Call failed!"),
            (408, "Request Timeout", "Invite request no response!"), (410, "Gone", "Call failed!"),
            (413, "Request Entity Too Large", "Call failed!"), (415, "Unsupported Media Type", "Call failed!"),
            (416, "Unsupported URI Scheme", "Call failed!"), (420, "Bad Extension", "Call failed!"),
            (421, "Extension Required", "Call failed!"), (422, "Session Interval Too Small", "Call failed!"),
            (480, "Temporarily Unavailable", "Temporarily unavailable!"), (481, "Does Not Exist", "Call failed!"),
            (482, "Loop Detected", "Call failed!"), (483, "Too Many Hops", "Call failed!"),
            (484, "Address Incomplete", "Address is incomplete!"), (485, "Ambiguous", "Call failed!"),
            (486, "Busy Here", "Busy here!"), (487, "Request Terminated", "Call failed!"),
            (488, "Not Acceptable Here", "Not acceptable here!"), (491, "Request Pending", "Call failed!"),
            (500, "Server Internal Error", "Internal Server Error"), (501, "Not Implemented", "Call failed!"),
            (502, "Bad Gateway", "Call failed!"), (503, "Service Unavailable", "Service Unavailable!"),
            (504, "Server Time-out", "Call failed!"), (513, "Message Too Large", "Call failed!"),
            (600, "Busy Everywhere", "Busy"), (603, "Decline", "Rejected"), (604, "Does Not Exist Anywhere", "Call failed!"),
            (606, "Not Acceptable", "Call failed!"), (699, "Never Heard Of", "Call failed!"))
HEADERS = {401: 'WWW-Authenticate: Digest realm="sipp", nonce="n"', 407: 'Proxy-Authenticate: Digest realm="sipp", nonce="n"',
           415: "Accept: application/sdp", 420: "Unsupported: 100rel", 421: "Require: path", 422: "Min-SE: 1800",
           480: "Retry-After: 10", 500: "Retry-After: 1", 503: "Retry-After: 600", 606: 'Warning: 399 sipp "no"'}


def add_refusal(status, phrase, text):
    def build(s):
        s.take_invite()
        s.answer(100, "Trying", tag="")
        s.refuse(status, phrase, extra=HEADERS.get(status, ""))
    build.__name__ = f"refuses_with_{status}"
    build.__doc__ = f"{status} {phrase}{' with ' + HEADERS[status].split(':')[0] if status in HEADERS else ''}."
    case("refusal", "dial", f"see {text}", "sipp")(build)


for refusal in REFUSALS:
    add_refusal(*refusal)


@case("refusal", "dial", "see Busy here!", "sipp", sipp=("-nr",))
def refuses_after_ringing(s):
    """Rings with early media, then 486, three times."""
    s.take_invite()
    s.answer(183, "Session Progress", sdp())
    s.pause(100)
    s.answer(486, "Busy Here")
    s.take("ACK")
    s.answer(486, "Busy Here")
    s.take("ACK")


@case("refusal", "dial", "see Busy here!", "sipp", sipp=("-pause_msg_ign",))
def refuses_without_a_tag(s):
    """486 whose To has no tag, as old proxies send it."""
    s.take_invite()
    s.refuse(486, "Busy Here", tag="")


# -- authentication of the call -------------------------------------------------------------------------------------


@case("call challenge", *REGISTER, "dial 200", "wait call:talking", "shows talking", "hangup", "unregister", "sipp", **WITH_ACCOUNT)
def call_challenged_407(s):
    """407 for the INVITE and for the BYE."""
    s.registrar_beside()
    s.take_invite(absent="Proxy-Authorization:")
    s.refuse(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="sipp", nonce="a1", qop="auth"')
    s.take_invite(check="Proxy-Authorization: Digest")
    s.accept()
    s.take("BYE")
    s.reply(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="sipp", nonce="a2", qop="auth"')
    s.take_bye(check='Proxy-Authorization: Digest.*nonce="a2"')
    s.registrar_beside_end()


@case("call challenge", *REGISTER, "dial 200", "wait call:talking", "shows talking", "hangup", "unregister", "sipp", **WITH_ACCOUNT)
def call_challenged_401_and_407(s):
    """The proxy asks with 407, then the far end with 401, then both are satisfied."""
    s.registrar_beside()
    s.take_invite()
    s.refuse(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="proxy", nonce="p1"')
    s.take_invite(check="Proxy-Authorization: Digest")
    s.refuse(401, "Unauthorized", extra='WWW-Authenticate: Digest realm="far", nonce="f1"')
    s.take_invite(check=["Proxy-Authorization: Digest", "[^-]Authorization: Digest"])
    s.accept()
    s.take_bye()
    s.registrar_beside_end()


@case("call challenge", *REGISTER, "dial 200", "wait call:ended", "unregister", "sipp", **WITH_ACCOUNT)
def call_challenged_for_ever(s):
    """407 with the same nonce again: name or password are wrong, and the phone stops."""
    s.registrar_beside()
    s.take_invite()
    s.refuse(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="sipp", nonce="a1"')
    s.take_invite()
    s.refuse(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="sipp", nonce="a1"')
    s.registrar_beside_end()


@case("call challenge", *REGISTER, "dial 200", "wait call:talking", "hold", "wait call:held", "shows held", "hangup", "unregister", "sipp",
      **WITH_ACCOUNT)
def change_challenged(s):
    """407 for the re-INVITE with which the phone holds."""
    s.registrar_beside()
    s.take_invite()
    s.accept()
    s.take_invite(check="a=sendonly")
    s.refuse(407, "Proxy Authentication Required", extra='Proxy-Authenticate: Digest realm="sipp", nonce="h1"', tag="")
    s.take_invite(check="Proxy-Authorization: Digest")
    s.accept(sdp("recvonly", version=2), tag="")
    s.take_bye()
    s.registrar_beside_end()


# -- giving up ----------------------------------------------------------------------------------------------------


def cancelled(s):
    s.take("CANCEL")
    s.reply(200, "OK", tag="p1[call_number]")


@case("cancel", *RING_AND_GIVE_UP)
def cancelled_while_ringing(s):
    """CANCEL is answered, the INVITE with 487."""
    s.take_invite()
    s.answer(180, "Ringing")
    cancelled(s)
    s.refuse(487, "Request Terminated")


@case("cancel", "dial", "wait call:calling", "pause 200", "hangup", "wait call:none", "sipp")
def cancelled_after_100_only(s):
    """100 and nothing more: the phone may cancel."""
    s.take_invite()
    s.answer(100, "Trying", tag="")
    cancelled(s)
    s.refuse(487, "Request Terminated")


@case("cancel", "dial", "wait call:calling", "hangup", "wait call:none", "sipp")
def cancelled_before_100(s):
    """The user gives up before anything was heard: CANCEL waits for the first answer (RFC 3261 §9.1)."""
    s.take_invite()
    s.pause(1000)
    s.answer(180, "Ringing")
    cancelled(s)
    s.refuse(487, "Request Terminated")


@case("cancel", *RING_AND_GIVE_UP, slow=9)
def cancel_answered_481(s):
    """481 for the CANCEL, and the INVITE is never answered."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.take("CANCEL")
    s.reply(481, "Call/Transaction Does Not Exist")


@case("cancel", *RING_AND_GIVE_UP, slow=9, sipp=("-pause_msg_ign",))
def cancel_not_answered(s):
    """No answer to the CANCEL, none to the INVITE."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.take("CANCEL")
    s.pause(1000)


@case("cancel", *RING_AND_GIVE_UP)
def answer_crosses_cancel(s):
    """The partner has answered before the CANCEL arrives: 481 for that, 200 for the INVITE: acknowledged, then BYE."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.take("CANCEL")
    s.reply(481, "Call/Transaction Does Not Exist", tag="p1[call_number]")
    s.answer(200, "OK", sdp())
    s.take("ACK")
    s.take_bye()


@case("cancel", *RING_AND_GIVE_UP)
def late_answer_after_cancel(s):
    """CANCEL is answered with 200, and the INVITE with 200 all the same, a second later."""
    s.take_invite()
    s.answer(180, "Ringing")
    cancelled(s)
    s.pause(1000)
    s.answer(200, "OK", sdp(), retrans=500)
    s.take("ACK")
    s.take_bye()


@case("cancel", *RING_AND_GIVE_UP)
def other_refusal_after_cancel(s):
    """CANCEL, and the INVITE is refused with 603 instead of 487."""
    s.take_invite()
    s.answer(180, "Ringing")
    cancelled(s)
    s.refuse(603, "Decline")


@case("cancel", "dial", "wait call:calling", "see Invite request no response! within 25", "sipp", slow=18, sipp=("-pause_msg_ign",))
def silence(s):
    """Never any answer to the INVITE."""
    s.take_invite()
    s.pause(17000)


@case("cancel", "dial", "wait call:calling", "pause 500", "hangup", "wait call:none", "pause 1500", "sipp", slow=9,
      sipp=("-pause_msg_ign",))
def silence_and_given_up(s):
    """Never any answer, and the user gives up: nothing may be cancelled, nothing may stay."""
    s.take_invite()
    s.pause(1500)


# -- the end of the call --------------------------------------------------------------------------------------------


@case("end", *TALK_AND_HANG_UP)
def bye_answered_481(s):
    """481 for the BYE: for the partner the call is over already."""
    s.take_invite()
    s.accept()
    s.take("BYE")
    s.reply(481, "Call/Transaction Does Not Exist")


@case("end", *TALK_AND_HANG_UP)
def bye_answered_408(s):
    """408 for the BYE."""
    s.take_invite()
    s.accept()
    s.take("BYE")
    s.reply(408, "Request Timeout")


@case("end", *TALK_AND_HANG_UP)
def bye_answered_500(s):
    """500 with Retry-After for the BYE."""
    s.take_invite()
    s.accept()
    s.take("BYE")
    s.reply(500, "Server Internal Error", extra="Retry-After: 5")


@case("end", *TALK_AND_HANG_UP)
def bye_answered_401(s):
    """401 for the BYE of a direct-IP call, for which the phone has no credentials."""
    s.take_invite()
    s.accept()
    s.take("BYE")
    s.reply(401, "Unauthorized", extra='WWW-Authenticate: Digest realm="sipp", nonce="n"')


@case("end", *TALK_AND_HANG_UP, slow=5, sipp=("-pause_msg_ign",))
def bye_not_answered(s):
    """No answer to the BYE."""
    s.take_invite()
    s.accept()
    s.take("BYE")
    s.pause(1000)


@case("end", "dial", "wait call:ended", "sipp", sipp=("-default_behaviors", "none"))
def bye_before_ack(s):
    """200 and BYE at once, without waiting for the ACK."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.answer(200, "OK", sdp())
    s.back("BYE")
    s.take("ACK", optional=True)
    s.take(200)


@case("end", "dial", "wait call:talking", "hangup", "wait call:none", "sipp")
def byes_cross(s):
    """The partner's BYE meets the phone's: both are answered."""
    s.take_invite()
    s.accept()
    s.take("BYE", save={"byevia": "Via", "byecseq": "CSeq"})
    s.back("BYE")
    s.take(481, optional=True)
    s.take(200)
    s.send(lines("SIP/2.0 200 OK", "Via:[$byevia]", "From:[$from]", "To:[$to];tag=p1[call_number]", "Call-ID: [call_id]", "CSeq:[$byecseq]"))


# -- changes by the phone -------------------------------------------------------------------------------------------


HOLD = ("dial", "wait call:talking", "hold", "wait call:held", "shows held")


@case("hold", *HOLD, "resume", "wait call:talking", "shows talking", "hangup", "sipp")
def hold_and_resume(s):
    """Is held (sendonly), answers recvonly, and is taken back."""
    s.take_invite()
    s.accept()
    s.take_invite(check="a=sendonly")
    s.accept(sdp("recvonly", version=2), tag="")
    s.take_invite(check="a=sendrecv")
    s.accept(sdp(version=3), tag="")
    s.take_bye()


@case("hold", *HOLD, "hangup", "sipp")
def hold_answered_inactive(s):
    """Is held and answers inactive; a 100 first."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.answer(100, "Trying", tag="")
    s.accept(sdp("inactive", version=2), tag="")
    s.take_bye()


@case("hold", *HOLD, "hangup", "sipp")
def hold_answered_without_direction(s):
    """Is held and answers as if nothing had been said of directions, with the version it had."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.accept(sdp(""), tag="")
    s.take_bye()


@case("hold", "dial", "wait call:talking", "hold", "wait call:holding", "wait call:talking", "shows talking", "hangup", "sipp")
def hold_refused_488(s):
    """The re-INVITE is refused: everything stays as it was."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.refuse(488, "Not Acceptable Here", tag="")
    s.take_bye()


@case("hold", "dial", "wait call:talking", "hold", "wait call:held within 8", "shows held", "hangup", "sipp", slow=4)
def hold_met_by_491(s):
    """491 for the re-INVITE: the phone asks again after 2.1 to 4 s (it made the call)."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.refuse(491, "Request Pending", tag="")
    s.take_invite(check="a=sendonly")
    s.accept(sdp("recvonly", version=2), tag="")
    s.take_bye()


@case("hold", "dial", "wait call:talking", "hold", "wait call:held within 8", "shows held", "hangup", "sipp", slow=4)
def hold_met_by_500(s):
    """500 with Retry-After for the re-INVITE: the phone asks again later (RFC 3261 §14.2)."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.refuse(500, "Server Internal Error", extra="Retry-After: 1", tag="")
    s.take_invite(check="a=sendonly")
    s.accept(sdp("recvonly", version=2), tag="")
    s.take_bye()


@case("hold", "dial", "wait call:talking", "hold", "wait call:none within 12", "sipp")
def hold_ends_the_call_481(s):
    """481 for the re-INVITE: the dialog is gone (RFC 3261 §12.2.1.2), and nothing more is said in it."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.refuse(481, "Call/Transaction Does Not Exist", tag="")
    s.pause(500)


@case("hold", "dial", "wait call:talking", "hold", "wait call:none within 30", "sipp", slow=20, sipp=("-pause_msg_ign",))
def hold_not_answered(s):
    """Silence for the re-INVITE: after its time the call is over."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.pause(15500)
    s.take_bye()


@case("hold", "dial", "wait call:talking", "hold", "wait call:none", "sipp")
def bye_instead_of_the_answer(s):
    """Is held, and answers the re-INVITE never, but hangs up."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.back("BYE")
    s.take(200)
    s.answer(487, "Request Terminated", tag="")
    s.take("ACK", timeout=1000, ontimeout=5)
    s.label(5)


@case("glare", "dial", "wait call:talking", "hold", "wait call:held within 8", "shows held", "hangup", "sipp", slow=4)
def glare_with_hold(s):
    """Its re-INVITE crosses the phone's; both are refused with 491, and the phone asks again later."""
    s.take_invite()
    s.accept()
    s.take_invite()
    s.back("INVITE", sdp(version=2), retrans=None)
    s.take(100, optional=True)
    s.take(491)
    s.send(lines("ACK [next_url] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]", "Call-ID: [call_id]", f"CSeq: {s.cseq} ACK",
                 "Max-Forwards: 70"))
    s.refuse(491, "Request Pending", tag="")
    s.take_invite(check="a=sendonly")
    s.accept(sdp("recvonly", version=3), tag="")
    s.take_bye()


# -- changes by the called partner --------------------------------------------------------------------------------


@case("far change", "dial", "wait call:talking", "see Held", "not Held", "shows talking", "hangup", "sipp")
def called_partner_holds(s):
    """The called partner holds and takes back."""
    s.take_invite()
    s.accept()
    s.back("INVITE", sdp("sendonly", version=2))
    s.take(100, optional=True)
    s.take(200, check="a=recvonly")
    s.back_ack()
    s.pause(300)
    s.back("INVITE", sdp(version=3))
    s.take(100, optional=True)
    s.take(200, check="a=sendrecv")
    s.back_ack()
    s.take_bye()


@case("far change", "dial", "wait call:talking", "shows talking", "hangup", "sipp")
def called_partner_asks_in_dialog(s):
    """OPTIONS, INFO with a digit, UPDATE without SDP, and an unknown method from the called partner."""
    s.take_invite()
    s.accept()
    s.back("OPTIONS")
    s.take(200)
    s.back("INFO", "Signal=5\nDuration=160\n", kind="application/dtmf-relay")
    s.take(200)
    s.back("UPDATE")
    s.take(200)
    s.back("FROBNICATE")
    s.take(501)
    s.take_bye()


@case("far change", "dial", "wait call:ringing", "wait call:talking", "shows talking", "hangup", "sipp")
def update_while_ringing(s):
    """UPDATE with an offer while the phone's own offer has no answer yet: refused, the call goes on."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.back("UPDATE", sdp(version=2))
    s.take(100, optional=True)
    s.take(500, optional=True)
    s.take(491)
    s.accept(sdp(version=3))
    s.take_bye()
