# SPDX-License-Identifier: GPL-3.0-or-later
"""Partners that call the phone."""

from sipp_run import Case
from sipp_scenario import lines, sdp

CASES = []


def case(group, *user, **options):
    def add(build):
        CASES.append(Case(build, user, group, caller=True, **options))
        return build
    return add


# SIPp goes on when something comes that it does not wait for just then.
PATIENT = ("-default_behaviors", "none")
TAKE = ("wait call:incoming", "answer", "wait call:talking", "shows talking")
# The caller ends the call by itself: the LCD is looked at in what happened, not in what is.
TAKE_BRIEFLY = ("wait call:incoming", "answer", "wait call:talking", "see Talking")
TAKE_AND_HANG_UP = (*TAKE, "hangup", "sipp")
REFUSED = ("sipp", "wait call:none")
IN_CALL = (*TAKE_BRIEFLY, "sipp", "wait call:none")


# -- how a call begins and ends -------------------------------------------------------------------------------------


@case("caller", *IN_CALL)
def calls_and_hangs_up(s):
    """A plain call that the caller ends."""
    s.connect()
    s.pause(700)
    s.bye()


@case("caller", *TAKE_AND_HANG_UP)
def called_phone_hangs_up(s):
    """A plain call that the phone ends."""
    s.connect()
    s.take_bye()


@case("caller", "wait call:incoming", "reject", "wait call:none", "sipp")
def call_is_rejected(s):
    """The phone's user does not want it: 486."""
    s.invite()
    s.ring()
    s.take(486)
    s.ack_refusal()


@case("caller", "sipp", "wait call:none", settings={"features.dnd.enable": "1"})
def call_to_a_phone_that_must_not_be_disturbed(s):
    """DND is on: refused without a ring."""
    s.invite()
    s.take(100, optional=True)
    s.take(480)
    s.ack_refusal()


@case("caller", *TAKE_AND_HANG_UP)
def calls_without_sdp(s):
    """INVITE without SDP: the phone's 200 has the offer, the ACK the answer."""
    s.invite("")
    s.ring()
    s.taken(check="m=audio [1-9]")
    s.ack(sdp())
    s.take_bye()


@case("caller", "wait call:incoming", "answer", "wait call:ended", "sipp")
def calls_without_sdp_and_never_answers_the_offer(s):
    """INVITE without SDP, and the ACK has none either: BYE."""
    s.invite("")
    s.ring()
    s.taken()
    s.ack()
    s.take_bye()


@case("caller", "wait call:incoming", "answer", "wait call:ended", "sipp")
def ack_with_broken_sdp(s):
    """The answer in the ACK is no session description: BYE."""
    s.invite("")
    s.ring()
    s.taken()
    s.ack("v=0\nm=nonsense\n")
    s.take_bye()


@case("form", *TAKE_AND_HANG_UP)
def calls_with_a_multipart_body(s):
    """multipart/mixed: the session description second."""
    body = "--cut\nContent-Type: text/plain\n\nhello\n--cut\nContent-Type: application/sdp\n\n" + sdp() + "\n--cut--\n"
    s.invite(body, kind='multipart/mixed;boundary="cut"')
    s.ring()
    s.taken()
    s.ack()
    s.take_bye()


@case("form", *REFUSED)
def calls_with_an_unknown_body(s):
    """A body that is no session description: 415 with Accept."""
    s.invite("<xml/>\n", kind="application/xml")
    s.take(100, optional=True)
    s.take(415, check="Accept:.*application/sdp")
    s.ack_refusal()


@case("form", *TAKE_AND_HANG_UP)
def calls_in_compact_form(s):
    """Short header names, folded lines, blanks, a display name with quotes and UTF-8."""
    s.cseq = 1
    s.raw(f"INVITE sip:desk@[remote_ip]:[remote_port] SIP/2.0\nv:  SIP / 2.0 / {s.transport} [local_ip]:[local_port]\n"
          "  ;branch=[branch]\nmax-forwards:  0068\n"
          'f: "Zoë \\"Z\\" Example"  <sip:sipp@[local_ip]:[local_port]> ; tag=c[call_number]\n'
          "t : <sip:desk@[remote_ip]:[remote_port]>\ni: [call_id]\ncseq: 0001   INVITE\n"
          f"m: {s.contact}\nk: 100rel\no: nothing\ne: identity\nc: application/sdp\nl: [len]\n\n" + sdp(), retrans=500)
    s.ring()
    s.taken()
    s.ack()
    s.take_bye()


@case("form", *TAKE_AND_HANG_UP)
def calls_with_long_headers(s):
    """Fifty Vias of proxies, and headers of thousands of characters."""
    vias = "\n".join(f"Via: SIP/2.0/UDP proxy{i}.invalid:5060;branch=z9hG4bKp{i}" for i in range(50))
    s.invite(extra=vias + "\nSubject: " + "long " * 600 + "\n" + "\n".join(f"X-Header-{i}: {i}" for i in range(80)))
    s.ring(check="proxy49.invalid")
    s.taken()
    s.ack()
    s.take_bye()


@case("form", *TAKE_AND_HANG_UP)
def calls_through_proxies(s):
    """Two Record-Routes: the phone's BYE has them as Routes, in their order."""
    hop = s.contact.replace("sipp@", "").replace(">", ";lr>")
    s.invite(extra=f"Record-Route: {hop}, <sip:far.invalid;lr>")
    s.ring(check="Record-Route:")
    s.taken(check="Record-Route:.*far.invalid")
    s.ack()
    s.take("BYE", check="Route: <sip:127.*lr>.*<sip:far.invalid;lr>")
    s.reply(200, "OK")


@case("form", *TAKE_AND_HANG_UP)
def calls_with_odd_sdp(s):
    """Several streams, unknown attributes, a payload type without rtpmap, an rtpmap without a clock rate."""
    s.invite(sdp(payloads="0 8 96 18 101", media="a=rtpmap:96 odd\na=foo\na=bar:baz\n" + "a=rtpmap:101 telephone-event/8000\n",
                 extra="m=video 4002 RTP/AVP 31\na=inactive\nm=application 4004 UDP/BFCP *\nm=text 0 RTP/AVP 98\n"))
    s.ring()
    s.taken(check=["m=audio [1-9]", "m=video 0 ", "m=application 0 ", "m=text 0 "])
    s.ack()
    s.take_bye()


@case("refused", *REFUSED)
def calls_without_a_common_codec(s):
    """Nothing that can be spoken: 488."""
    s.invite(sdp(payloads="96", media="a=rtpmap:96 FOO/8000\n"))
    s.take(100, optional=True)
    s.take(180, optional=True)
    s.take(488)
    s.ack_refusal()


@case("refused", *REFUSED)
def calls_with_broken_sdp(s):
    """A session description that is none: 400."""
    s.invite("hello\n")
    s.take(100, optional=True)
    s.take(400)
    s.ack_refusal()


@case("refused", *REFUSED)
def requires_the_unknown(s):
    """Require: an extension that nobody has: 420 with Unsupported."""
    s.invite(extra="Require: 100rel, levitation")
    s.take(100, optional=True)
    s.take(420, check="Unsupported:.*levitation")
    s.ack_refusal()


@case("refused", *TAKE_AND_HANG_UP)
def proxy_requires_the_unknown(s):
    """Proxy-Require is none of the phone's business."""
    s.invite(extra="Proxy-Require: levitation")
    s.ring()
    s.taken()
    s.ack()
    s.take_bye()


@case("refused", "sipp", "wait call:none")
def max_forwards_zero(s):
    """Max-Forwards: 0 says nothing to the one that is called: OPTIONS is answered (RFC 3261 §16.3 is for proxies)."""
    s.request("OPTIONS", url="sip:desk@[remote_ip]:[remote_port]", to="To: <sip:desk@[remote_ip]:[remote_port]>", forwards=0)
    s.take(200)


@case("refused", "sipp", "wait call:none")
def call_with_max_forwards_zero(s):
    """INVITE with Max-Forwards: 0: it has arrived, so it rings; the caller gives up."""
    s.invite(forwards=0)
    s.ring()
    s.cancel()
    s.take(200)
    s.take(487)
    s.ack_refusal()


@case("in call", "wait call:incoming", "pause 300", "answer", "wait call:talking", "see Talking", "sipp", "wait call:none")
def update_before_the_answer(s):
    """UPDATE with another offer while the phone rings and has answered nothing yet: refused with 500 (RFC 3311 §5.2), the call is
    answered all the same."""
    s.invite()
    s.take(100, optional=True)
    s.take(180, save={"to": "To"}, rrs="true")
    s.request("UPDATE", sdp(version=2))
    s.take(500, check="Retry-After:")
    s.take(200, save={"to": "To"}, rrs="true")
    s.ack(cseq=1)
    s.pause(700)
    s.bye()


@case("refused", *REFUSED)
def accepts_nothing_the_phone_says(s):
    """Accept: only text/plain: 406."""
    s.invite(extra="Accept: text/plain")
    s.take(100, optional=True)
    s.take(406)
    s.ack_refusal()


@case("refused", *REFUSED)
def unknown_scheme(s):
    """A request URI of a scheme that is no telephone's: 416."""
    s.cseq = 1
    s.send(lines("INVITE nobody:knows@this SIP/2.0", f"Via: SIP/2.0/{s.transport} [local_ip]:[local_port];branch=[branch]",
                 "From: <sip:sipp@[local_ip]:[local_port]>;tag=c[call_number]", "To: <sip:desk@[remote_ip]:[remote_port]>",
                 "Call-ID: [call_id]", "CSeq: 1 INVITE", f"Contact: {s.contact}", "Max-Forwards: 70"), sdp(), retrans=500)
    s.take(100, optional=True)
    s.take(416)
    s.ack_refusal()


@case("refused", *REFUSED)
def unknown_method(s):
    """A method that is not invented yet, outside of a call: 501 (or 405)."""
    s.request("FROBNICATE", url="sip:desk@[remote_ip]:[remote_port]", to="To: <sip:desk@[remote_ip]:[remote_port]>")
    s.take(405, optional=True)
    s.take(501)


@case("refused", *REFUSED)
def bye_for_an_unknown_call(s):
    """BYE for a dialog that never was: 481."""
    s.request("BYE", url="sip:desk@[remote_ip]:[remote_port]", to="To: <sip:desk@[remote_ip]:[remote_port]>;tag=never")
    s.take(481)


@case("refused", *REFUSED)
def re_invite_for_an_unknown_call(s):
    """A re-INVITE for a dialog that the phone does not know (any more): 481, no ring."""
    s.invite(to="To: <sip:desk@[remote_ip]:[remote_port]>;tag=never")
    s.take(100, optional=True)
    s.take(481)
    s.ack_refusal()


@case("refused", *REFUSED)
def cancel_of_nothing(s):
    """CANCEL for an INVITE that never was: 481."""
    s.cseq = 1
    s.request("CANCEL", cseq=1, url="sip:desk@[remote_ip]:[remote_port]", to="To: <sip:desk@[remote_ip]:[remote_port]>")
    s.take(481)


# -- giving up ----------------------------------------------------------------------------------------------------


@case("cancels", "wait call:incoming", "wait call:ended", "sipp")
def cancels_while_ringing(s):
    """CANCEL after the 180: both are answered."""
    s.invite()
    s.ring()
    s.pause(200)
    s.cancel()
    s.take(200)
    s.take(487)
    s.ack_refusal()


@case("cancels", "wait call:incoming", "wait call:ended", "sipp", sipp=PATIENT)
def cancels_at_once(s):
    """CANCEL right behind the INVITE, before any answer."""
    s.invite(retrans=None)
    s.cancel(retrans=None)
    s.take(100, optional=True)
    s.take(180, optional=True)
    s.take(200, optional=True)
    s.take(487)
    s.ack_refusal()


@case("cancels", "wait call:incoming", "wait call:ended", "sipp")
def cancels_twice(s):
    """A second CANCEL when the first one has done its work."""
    s.invite()
    s.ring()
    s.cancel(retrans=None)
    s.take(200)
    s.take(487)
    s.ack_refusal()
    s.cancel(retrans=None)
    s.take(481, optional=True)
    s.take(200)


@case("cancels", *TAKE_BRIEFLY, "sipp")
def cancels_too_late(s):
    """CANCEL after the call was answered changes nothing; then BYE."""
    s.invite()
    s.ring()
    s.taken()
    s.ack()
    s.pause(700)
    s.cancel(retrans=None)
    s.take(200, optional=True)
    s.take(481)
    s.bye()


@case("cancels", "wait call:incoming", "wait call:ended", "sipp")
def call_completed_elsewhere(s):
    """CANCEL with Reason: SIP;cause=200: another phone took the call."""
    s.invite()
    s.ring()
    s.cancel(extra='Reason: SIP;cause=200;text="Call completed elsewhere"')
    s.take(200)
    s.take(487)
    s.ack_refusal()


@case("cancels", "wait call:incoming", "pause 300", "answer", "wait call:ended", "sipp", sipp=("-nr",))
def cancel_meets_the_answer(s):
    """CANCEL is sent as soon as the 200 is seen, as if they had crossed; the caller acknowledges and hangs up."""
    s.invite()
    s.ring()
    s.taken()
    s.cancel(retrans=None)
    s.take(200, optional=True)
    s.take(481)
    s.ack()
    s.bye()


# -- ACK ----------------------------------------------------------------------------------------------------------


@case("ack", "wait call:incoming", "answer", "wait call:ended within 30", "sipp", slow=26, sipp=("-nr",))
def never_acknowledges(s):
    """No ACK for the 200: it comes again and again (UDP), then the phone says BYE."""
    s.invite()
    s.ring()
    s.taken()
    s.label(1)
    s.take(200, optional=True, next_=1)
    s.take_bye()


@case("ack", *TAKE_AND_HANG_UP, sipp=("-nr",), slow=2, transports=("udp",))
def acknowledges_late(s):
    """ACK after two seconds, and re-transmitted answers."""
    s.invite()
    s.ring()
    s.taken()
    s.take(200, timeout=1200)
    s.take(200, timeout=1800)
    s.ack()
    s.take_bye()


@case("ack", *TAKE_AND_HANG_UP)
def acknowledges_twice(s):
    """Three ACKs."""
    s.connect()
    s.ack()
    s.ack()
    s.take_bye()


@case("ack", *TAKE_AND_HANG_UP, sipp=("-nr", *PATIENT), transports=("udp",))
def sends_the_invite_again(s):
    """The INVITE comes three times with one branch: one call."""
    s.invite(retrans=None)
    s.steps.append(s.steps[0].replace("[branch]", "[branch-1]"))
    s.n_messages += 1
    s.steps.append(s.steps[0].replace("[branch]", "[branch-2]"))
    s.n_messages += 1
    s.take(100, optional=True)
    s.take(180)
    s.take(180, optional=True)
    s.take(180, optional=True)
    s.taken()
    s.ack()
    s.take_bye()


@case("ack", "wait call:incoming", "pause 600", "shows incoming", "answer", "wait call:talking", "shows talking", "hangup", "sipp", sipp=("-nr",))
def merged_request(s):
    """The same INVITE over another way (other branch): 482 (RFC 3261 §8.2.2.2), the first one rings on."""
    s.invite(retrans=None)
    s.take(100, optional=True)
    s.take(180)
    s.steps.append(s.steps[0].replace("[branch]", "[branch]m"))
    s.n_messages += 1
    s.take(482)
    s.ack_refusal()
    s.taken()
    s.ack()
    s.take_bye()


# -- changes ------------------------------------------------------------------------------------------------------


FAR_HOLD = (*TAKE, "see Held", "not Held", "shows talking", "hangup", "sipp")


def holds_by(direction, answer):
    def build(s):
        s.connect()
        s.pause(300)
        s.change(sdp(direction, version=2), check=f"a={answer}")
        s.pause(500)
        s.change(sdp(version=3), check="a=sendrecv")
        s.take_bye()
    build.__name__ = f"caller_holds_{direction}"
    build.__doc__ = f"re-INVITE with a={direction}, and back."
    case("re-INVITE", *FAR_HOLD)(build)


holds_by("sendonly", "recvonly")
holds_by("inactive", "inactive")


@case("re-INVITE", *FAR_HOLD)
def caller_holds_the_old_way(s):
    """re-INVITE with c=0.0.0.0 (RFC 2543), and back."""
    s.connect()
    s.pause(300)
    s.change(sdp(version=2, address="0.0.0.0"))
    s.pause(500)
    s.change(sdp(version=3))
    s.take_bye()


@case("re-INVITE", *IN_CALL)
def caller_changes_port(s):
    """re-INVITE with another port and another address."""
    s.connect()
    s.pause(700)
    s.change(sdp(version=2, port="4000", address="127.0.0.2"))
    s.change(sdp(version=3, port="4002"))
    s.bye()


@case("re-INVITE", *IN_CALL)
def caller_changes_codec(s):
    """re-INVITE with another codec, then one without any: refused, the call goes on."""
    s.connect(sdp(payloads="0", media=""))
    s.pause(700)
    s.change(sdp(version=2, payloads="8", media=""), check="m=audio [0-9]+ RTP/AVP 8")
    s.change(sdp(version=3, payloads="96", media="a=rtpmap:96 FOO/8000\n"), status=488)
    s.bye()


@case("re-INVITE", *IN_CALL)
def caller_asks_for_an_offer(s):
    """re-INVITE without SDP: the phone's 200 has an offer, the ACK the answer."""
    s.connect()
    s.pause(700)
    s.request("INVITE")
    s.take(100, optional=True)
    s.take(200, check="m=audio [1-9]")
    s.ack(sdp(version=2))
    s.pause(200)
    s.bye()


@case("re-INVITE", *IN_CALL)
def caller_repeats_itself(s):
    """Five re-INVITEs without any change."""
    s.connect()
    s.pause(700)
    for _ in range(5):
        s.change(sdp())
    s.bye()


@case("re-INVITE", *IN_CALL)
def caller_sends_broken_changes(s):
    """re-INVITE with no SDP but something else (415), with nonsense (400): the call goes on."""
    s.connect()
    s.pause(700)
    s.change("<xml/>\n", kind="application/xml", status=415)
    s.change("nonsense\n", status=400)
    s.change(sdp(version=2))
    s.bye()


@case("re-INVITE", *TAKE_BRIEFLY, "sipp", "wait call:none", sipp=("-nr",))
def caller_changes_twice_at_once(s):
    """A second re-INVITE before the first is acknowledged: 500 with Retry-After, then all is well."""
    s.connect()
    s.pause(700)
    s.request("INVITE", sdp("sendonly", version=2), retrans=None)
    s.take(100, optional=True)
    s.take(200)
    s.request("INVITE", sdp(version=3), retrans=None)
    s.take(100, optional=True)
    s.take(200, optional=True)
    s.take(500)
    s.send(lines("ACK [next_url] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]", "Call-ID: [call_id]",
                 f"CSeq: {s.cseq} ACK", "Max-Forwards: 70"))
    s.ack(cseq=s.cseq - 1)
    s.pause(300)
    s.bye()


@case("re-INVITE", *TAKE, "hold", "wait call:held within 8", "shows held", "hangup", "sipp", slow=3)
def glare_with_a_caller(s):
    """Its re-INVITE meets the phone's: 491 both ways, and the phone (which was called) tries again within 2 s."""
    s.connect()
    s.take("INVITE", save={"via": "Via", "cseq": "CSeq", "pfrom": "From", "pto": "To"}, check="a=sendonly")
    s.request("INVITE", sdp(version=2), retrans=None)
    s.take(100, optional=True)
    s.take(491)
    s.send(lines("ACK [next_url] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]", "Call-ID: [call_id]",
                 f"CSeq: {s.cseq} ACK", "Max-Forwards: 70"))
    s.send(lines("SIP/2.0 491 Request Pending", "Via:[$via]", "From:[$pfrom]", "To:[$pto]", "Call-ID: [call_id]", "CSeq:[$cseq]"))
    s.take("ACK")
    s.take("INVITE", check="a=sendonly")
    s.reply(200, "OK", sdp("recvonly", version=3), retrans=500)
    s.take("ACK")
    s.take_bye()


@case("re-INVITE", *TAKE, "hold", "wait call:held", "shows held", "resume", "wait call:talking", "shows talking", "hangup", "sipp")
def caller_is_held(s):
    """The phone holds the caller and takes it back."""
    s.connect()
    s.take("INVITE", check="a=sendonly")
    s.reply(200, "OK", sdp("recvonly", version=2), retrans=500)
    s.take("ACK")
    s.take("INVITE", check="a=sendrecv")
    s.reply(200, "OK", sdp(version=3), retrans=500)
    s.take("ACK")
    s.take_bye()


@case("re-INVITE", *TAKE_BRIEFLY, "sipp", "wait call:none", sipp=PATIENT)
def bye_behind_a_re_invite(s):
    """re-INVITE, and BYE before it is answered."""
    s.connect()
    s.pause(700)
    s.request("INVITE", sdp(version=2), retrans=None)
    s.request("BYE", retrans=None)
    s.take(100, optional=True)
    s.take(487, optional=True)
    s.take(200)
    s.take(487, timeout=700, ontimeout=1)
    s.label(1)


# -- other requests in the call ---------------------------------------------------------------------------------------


@case("in call", *IN_CALL)
def update_in_call(s):
    """UPDATE with an offer, UPDATE without, UPDATE with nonsense."""
    s.connect()
    s.pause(700)
    s.request("UPDATE", sdp("sendonly", version=2))
    s.take(200, check="a=recvonly")
    s.request("UPDATE", sdp(version=3))
    s.take(200, check="a=sendrecv")
    s.request("UPDATE")
    s.take(200)
    s.request("UPDATE", "nonsense\n")
    s.take(400)
    s.bye()


@case("in call", *TAKE_BRIEFLY, "wait digits:12*#A", "sipp", "wait call:none")
def info_digits(s):
    """Digits by INFO, in both forms; one of an unknown kind (415), an empty one."""
    s.connect()
    s.pause(700)
    for digit in "12":
        s.request("INFO", f"Signal={digit}\nDuration=160\n", kind="application/dtmf-relay")
        s.take(200)
    for digit in ("*", "11", "A"):
        s.request("INFO", f"{digit}\n" if digit == "A" else f"Signal= {digit}\nDuration= 100\n",
                  kind="application/dtmf" if digit == "A" else "application/dtmf-relay")
        s.take(200)
    s.request("INFO", "<picture_fast_update/>\n", kind="application/media_control+xml")
    s.take(415)
    s.request("INFO")
    s.take(200)
    s.bye()


@case("in call", *IN_CALL)
def other_methods_in_call(s):
    """OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY, PUBLISH, REGISTER and an unknown method inside the call: each gets an answer, and the
    call goes on."""
    s.connect()
    s.pause(700)
    s.request("OPTIONS")
    s.take(200)
    for method, body, extra, status in (("MESSAGE", "hello\n", "", 405), ("SUBSCRIBE", "", "Event: dialog\nExpires: 60", 405),
                                        ("NOTIFY", "", "Event: dialog\nSubscription-State: active", 481),
                                        ("PUBLISH", "", "Event: presence", 405), ("REGISTER", "", "", 405),
                                        ("FROBNICATE", "", "", 501)):
        s.request(method, body, kind="text/plain", extra=extra)
        s.take(status)
    s.bye()


@case("in call", *IN_CALL)
def refer_in_call(s):
    """REFER inside the call, to where nobody is: taken, told how it ended, and the call goes on. The second REFER asks for
    what is no call."""
    s.connect()
    s.pause(700)
    s.request("REFER", extra="Refer-To: <sip:other@127.0.0.1:9>\nReferred-By: <sip:sipp@127.0.0.1>")
    s.take(202)
    s.take("NOTIFY", check="Subscription-State: *active")
    s.reply(200, "OK")
    s.take("NOTIFY", check="Subscription-State: *terminated")
    s.reply(200, "OK")
    s.request("REFER", extra="Refer-To: <sip:other@127.0.0.1:9;method=BYE>")
    s.take(400)
    s.bye()


@case("in call", *IN_CALL)
def session_timer(s):
    """Asks for a session timer and refreshes the call itself, by UPDATE and by re-INVITE."""
    s.invite(extra="Supported: timer\nSession-Expires: 90;refresher=uac\nMin-SE: 90")
    s.ring()
    s.taken()
    s.ack()
    s.pause(700)
    s.request("UPDATE", extra="Supported: timer\nSession-Expires: 90;refresher=uac")
    s.take(200)
    s.change(sdp(), extra="Supported: timer\nSession-Expires: 90;refresher=uac")
    s.bye()


@case("in call", *IN_CALL)
def session_timer_too_small(s):
    """Wants a session timer of 5 seconds: 422 with Min-SE (or no timer at all); the next try has 90."""
    s.invite(extra="Supported: timer\nSession-Expires: 5", retrans=None)
    s.take(100, optional=True)
    s.take(422, optional=True, next_=1)
    s.ring()
    s.taken()
    s.ack()
    s.pause(700)
    s.bye()
    s.jump(2)
    s.label(1)
    s.ack_refusal()
    s.invite(extra="Supported: timer\nSession-Expires: 90\nMin-SE: 90")
    s.ring()
    s.taken()
    s.ack()
    s.pause(700)
    s.bye()
    s.label(2)


@case("in call", *IN_CALL)
def reliable_caller(s):
    """Requires reliable provisional responses: the 180 wants a PRACK."""
    s.invite(extra="Require: 100rel")
    s.take(100, optional=True)
    s.take(180, check="RSeq:", save={"to": "To", "rseq": "RSeq"}, rrs="true")
    s.request("PRACK", extra="RAck: [$rseq] 1 INVITE")
    s.take(200)
    s.taken()
    s.ack(cseq=1)
    s.pause(700)
    s.bye()


@case("in call", *IN_CALL)
def bye_with_a_reason(s):
    """BYE with Reason headers."""
    s.connect()
    s.pause(700)
    s.bye(extra='Reason: Q.850;cause=16;text="Normal call clearing"\nReason: SIP;cause=200')


@case("in call", *IN_CALL)
def bye_twice(s):
    """A second BYE behind the first: 200, then 481."""
    s.connect()
    s.pause(700)
    s.bye()
    s.request("BYE")
    s.take(481)


@case("in call", *IN_CALL)
def bye_with_an_old_number(s):
    """A request with a CSeq lower than the last one: 500 (RFC 3261 §12.2.2); then BYE."""
    s.connect()
    s.pause(700)
    s.cseq = 50
    s.request("OPTIONS")
    s.take(200)
    s.request("OPTIONS", cseq=3)
    s.take(500)
    s.bye()


# -- several calls ------------------------------------------------------------------------------------------------


@case("several", "wait call:incoming:2 within 10", "command reject", "wait call:ended:1", "answer", "wait call:talking", "shows talking",
      "hangup", "sipp", calls=2, sipp=("-l", "2", "-r", "20"))
def two_calls_at_once(s):
    """Two calls at the same moment: one is rejected, the other one answered."""
    s.invite()
    s.take(100, optional=True)
    s.take(180)
    s.take(486, optional=True, next_=1)
    s.taken()
    s.ack()
    s.take_bye()
    s.jump(2)
    s.label(1)
    s.ack_refusal()
    s.label(2)


@case("several", "wait call:incoming", "sipp", "wait call:none within 15", calls=30, sipp=("-l", "30", "-r", "200"), slow=4)
def thirty_calls_at_once(s):
    """Thirty calls at once: what rings is cancelled again, what is too much gets 486."""
    s.invite()
    s.take(100, optional=True)
    s.take(486, optional=True, next_=1)
    s.take(180)
    s.pause(2000)
    s.cancel()
    s.take(200)
    s.take(487)
    s.ack_refusal()
    s.jump(2)
    s.label(1)
    s.ack_refusal()
    s.label(2)


@case("several", "wait call:incoming:4 within 10", "sipp", "wait call:none", calls=4, sipp=("-l", "4", "-r", "50"))
def four_calls_and_all_give_up(s):
    """Four calls ring and are cancelled one after the other."""
    s.invite()
    s.ring()
    s.pause(1000)
    s.cancel()
    s.take(200)
    s.take(487)
    s.ack_refusal()


@case("several", "wait call:incoming", "answer", "wait call:talking", "sipp", "wait call:none", calls=2, sipp=("-l", "2", "-r", "2"))
def a_second_call_waits(s):
    """A second call comes while the phone talks and is cancelled again; the first one ends by BYE."""
    s.invite()
    s.ring()
    s.take(200, timeout=2000, ontimeout=2, save={"to": "To"}, rrs="true")
    s.ack()
    s.pause(3500)
    s.bye()
    s.jump(3)
    s.label(2)
    s.cancel()
    s.take(200)
    s.take(487)
    s.ack_refusal()
    s.label(3)
