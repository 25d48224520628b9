# SPDX-License-Identifier: GPL-3.0-or-later
"""Registrars: the phone's account is switched on, and each answers in its way."""

from sipp_run import Case
from sipp_scenario import lines

CASES = []


def case(group, *user, account=None, **options):
    def add(build):
        CASES.append(Case(build, user, group, account=account or {}, **options))
        return build
    return add


REGISTERS = ("register", "wait account:1:registered", "unregister", "sipp")
RETRIES = {"reg_fail_retry_interval": "1"}


def fails(status, within=10):
    """The account fails with this status."""
    return ("register", f"wait account:1:failed:status={status} within {within}", "sipp", "unregister")


# -- challenges -----------------------------------------------------------------------------------------------------


@case("challenge", *REGISTERS)
def registers_without_a_challenge(s):
    """200 at once, without qualms."""
    s.take_register(absent="Authorization:")
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_md5(s):
    """401 without algorithm and qop (RFC 2069), then 200."""
    s.take_register(absent="Authorization:")
    s.challenge()
    s.take_register(check='Authorization: Digest.*username="1001".*uri="sip:')
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_by_a_proxy(s):
    """407 instead of 401."""
    s.take_register(absent="Authorization:")
    s.challenge(status=407)
    s.take_register(check="Proxy-Authorization: Digest")
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_qop_auth(s):
    """qop=auth and an opaque: nc, cnonce and the opaque come back."""
    s.take_register()
    s.challenge(extra=', qop="auth", opaque="5ccc069c", algorithm=MD5')
    s.take_register(check=["qop=\"?auth\"?", "nc=00000001", "cnonce=", 'opaque="5ccc069c"'])
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_qop_auth_or_auth_int(s):
    """qop="auth,auth-int": the phone may choose."""
    s.take_register()
    s.challenge(extra=', qop="auth,auth-int"')
    s.take_register(check="qop=\"?auth")
    s.registered()
    s.leave()


@case("challenge", "register", "wait account:1:registered within 8", "unregister", "sipp")
def challenge_qop_auth_int_only(s):
    """qop="auth-int" alone: the digest covers the (empty) body."""
    s.take_register()
    s.challenge(extra=', qop="auth-int"')
    s.take_register(check="qop=\"?auth-int")
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_sha256_beside_md5(s):
    """SHA-256 and MD5 side by side (RFC 8760): the first that the phone knows is answered."""
    s.take_register()
    s.challenge(extra=', algorithm=SHA-256, qop="auth"', more='WWW-Authenticate: Digest realm="sipp", nonce="n1", algorithm=MD5, qop="auth"')
    s.take_register(check="Authorization: Digest")
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_sha256_only(s):
    """SHA-256 alone."""
    s.take_register()
    s.challenge(extra=', algorithm=SHA-256, qop="auth"')
    s.take_register(check="algorithm=\"?SHA-256")
    s.registered()
    s.leave()


@case("challenge", "register", "wait account:1:failed", "sipp", "unregister")
def challenge_of_an_unknown_algorithm(s):
    """An algorithm nobody has: the phone says so and stops."""
    s.take_register()
    s.challenge(extra=", algorithm=CRC32")


@case("challenge", "register", "wait account:1:failed", "sipp", "unregister")
def challenge_basic(s):
    """Basic authentication (forbidden since RFC 3261): never a password in clear."""
    s.take_register()
    s.registrar_reply(401, "Unauthorized", contact="", extra='WWW-Authenticate: Basic realm="sipp"')


@case("challenge", "register", "wait account:1:failed", "sipp", "unregister")
def challenge_without_a_challenge(s):
    """401 without WWW-Authenticate."""
    s.take_register()
    s.registrar_reply(401, "Unauthorized", contact="")


@case("challenge", *REGISTERS)
def challenge_stale(s):
    """The nonce is stale twice (stale=true): the phone answers the new one without asking its user."""
    s.take_register()
    s.challenge("n1")
    s.take_register(check='nonce="n1"')
    s.challenge("n2", extra=", stale=true")
    s.take_register(check='nonce="n2"')
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_changes_without_stale(s):
    """A new nonce without stale=true is not a refusal."""
    s.take_register()
    s.challenge("n1", extra=', qop="auth"')
    s.take_register(check='nonce="n1"')
    s.challenge("n2", extra=', qop="auth"')
    s.take_register(check=['nonce="n2"', "nc=00000001"])
    s.registered()
    s.leave()


@case("challenge", *REGISTERS)
def challenge_of_two_realms(s):
    """401 and 407 challenges in one response, of two realms: both are answered."""
    s.take_register()
    s.registrar_reply(401, "Unauthorized", contact="", extra='WWW-Authenticate: Digest realm="far", nonce="f"\n'
                      'Proxy-Authenticate: Digest realm="near", nonce="p"')
    s.take_register(check=['Authorization: Digest [^:]*realm="far"', 'Proxy-Authorization: Digest [^:]*realm="near"'])
    s.registered()
    s.leave()


@case("challenge", "register", "wait account:1:failed:status=401", "sipp", "unregister")
def challenge_for_ever_same_nonce(s):
    """401 with the nonce that was just answered: name or password are wrong."""
    s.take_register()
    s.challenge("n1")
    s.take_register(check="Authorization:")
    s.challenge("n1")


@case("challenge", "register", "wait account:1:failed:status=401", "unregister", "sipp")
def challenge_for_ever_new_nonces(s):
    """401 with a new nonce each time: after some tries the phone stops."""
    s.take_register()
    s.challenge("n0")
    for i in range(1, 4):
        s.take_register(check="Authorization:", timeout=3000, ontimeout=9)
        s.challenge(f"n{i}")
    s.take_register(timeout=1500, ontimeout=9)
    s.challenge("n9")
    s.take_register(timeout=1500, ontimeout=9)
    s.challenge("n10")
    s.label(9)


@case("challenge", "register", "wait account:1:registered", "unregister", "sipp")
def challenge_when_leaving(s):
    """The un-REGISTER is challenged as well."""
    s.take_register()
    s.challenge("n1")
    s.take_register()
    s.registered()
    s.take_register(leaving=True)
    s.challenge("n2")
    s.leave(check='nonce="n2"')


# -- refusals -------------------------------------------------------------------------------------------------------


def add_refusal(status, phrase, extra="", doc=""):
    def build(s):
        s.take_register()
        s.registrar_reply(status, phrase, contact="", extra=extra)
    build.__name__ = f"registrar_refuses_{status}"
    build.__doc__ = doc or f"{status} {phrase}."
    case("registrar refuses", *fails(status))(build)


add_refusal(400, "Bad Request")
add_refusal(403, "Forbidden")
add_refusal(404, "Not Found")
add_refusal(405, "Method Not Allowed", "Allow: INVITE")
add_refusal(420, "Bad Extension", "Unsupported: path")
add_refusal(480, "Temporarily Unavailable")
add_refusal(488, "Not Acceptable Here")
add_refusal(501, "Not Implemented")
add_refusal(504, "Server Time-out")
add_refusal(600, "Busy Everywhere")
add_refusal(603, "Decline")
add_refusal(699, "Never Heard Of")


@case("registrar refuses", "register", "wait account:1:failed", "sipp", "unregister")
def registrar_says_305(s):
    """305 Use Proxy: not followed."""
    s.take_register()
    s.registrar_reply(305, "Use Proxy", contact="Contact: <sip:127.0.0.1:9>")


@case("registrar retries", "register", "wait account:1:registered within 15", "unregister", "sipp", account=RETRIES)
def interval_too_brief(s):
    """423 with Min-Expires: the phone asks again for that long."""
    s.take_register()
    s.registrar_reply(423, "Interval Too Brief", contact="", extra="Min-Expires: 7200")
    s.take_register(check="(Expires: 7200|expires=7200)")
    s.registered(7200)
    s.leave()


@case("registrar retries", "register", "wait account:1:failed", "wait account:1:registered within 20", "unregister", "sipp", account=RETRIES,
      calls=2, slow=4)
def unavailable_for_a_moment(s):
    """503 with Retry-After: 2, then all is well."""
    s.take_register()
    s.jump_first(1)
    s.registered()
    s.leave()
    s.jump(2)
    s.label(1)
    s.registrar_reply(503, "Service Unavailable", contact="", extra="Retry-After: 2")
    s.label(2)


@case("registrar retries", "register", "wait account:1:failed:status=500", "wait account:1:registered within 20", "unregister", "sipp",
      account=RETRIES, calls=2, slow=4)
def broken_for_a_moment(s):
    """500, then all is well."""
    s.take_register()
    s.jump_first(1)
    s.registered()
    s.leave()
    s.jump(2)
    s.label(1)
    s.registrar_reply(500, "Server Internal Error", contact="")
    s.label(2)


@case("registrar retries", "register", "wait account:1:failed:status=408 within 40", "sipp", "unregister", slow=20, sipp=("-pause_msg_ign",))
def registrar_is_silent(s):
    """No answer at all."""
    s.take_register()
    s.pause(12000)


@case("registrar answers", *REGISTERS, slow=3, sipp=("-pause_msg_ign",))
def registrar_is_slow(s):
    """The answer comes after three seconds; re-transmitted REGISTERs meanwhile (UDP)."""
    s.take_register()
    s.pause(3000)
    s.registered()
    s.leave()


# -- odd ways to say yes ----------------------------------------------------------------------------------------------


@case("registrar answers", *REGISTERS)
def registrar_says_trying(s):
    """100 before the 200."""
    s.take_register()
    s.registrar_reply(100, "Trying", contact="")
    s.registered()
    s.leave()


@case("registrar answers", *REGISTERS, detour=True, transports=("udp",))
def registrar_answers_from_another_port(s):
    """Its answers do not come from the port that was asked."""
    s.take_register()
    s.challenge()
    s.take_register(check="Authorization: Digest")
    s.registered()
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_answers_twice(s):
    """The 200 comes twice."""
    s.take_register()
    s.registered()
    s.registered()
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_contradicts_itself(s):
    """200, and a late 403 behind it for the same request: the first one counts."""
    s.take_register()
    s.registered()
    s.registrar_reply(403, "Forbidden", contact="")
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_leaves_out_contact_and_expires(s):
    """200 without Contact and without Expires."""
    s.take_register()
    s.registered(0, contact="")
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_knows_other_phones(s):
    """Other bindings of the same user stand in the 200 before ours; theirs is short."""
    s.take_register()
    s.registered(contact="Contact: <sip:1001@192.0.2.7:5062>;expires=15, <sip:1001@192.0.2.8>;expires=20;q=0.5\n[last_Contact:];expires=3600")
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_rewrites_the_contact(s):
    """The 200 names another Contact than the one that was registered, as some do behind NAT."""
    s.take_register()
    s.registered(contact="Contact: <sip:1001@192.0.2.7:4444>;expires=3600")
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_has_service_route_and_path(s):
    """200 with Service-Route, Path, P-Associated-URI, Date and more."""
    s.take_register()
    s.registrar_reply(200, "OK", extra="Service-Route: <sip:orig.invalid;lr>\nPath: <sip:edge.invalid;lr>\nP-Associated-URI: <sip:1001@sipp>, <tel:+1001>\n"
                       "Date: Thu, 01 Jan 1970 00:00:00 GMT\nExpires: 3600")
    s.leave()


@case("registrar answers", *REGISTERS)
def registrar_challenges_in_lower_case(s):
    """Parameter names in odd case, blanks around '=', a realm with a comma and a quote."""
    s.take_register()
    s.registrar_reply(401, "Unauthorized", contact="",
                      extra='www-authenticate: DIGEST  Realm = "a, \\"b\\" c" , NONCE="x,y=z", Stale=FALSE, Algorithm=md5')
    s.take_register(check="Authorization: Digest.*nonce=\"x,y=z\"")
    s.registered()
    s.leave()


@case("registrar refreshes", "register", "wait account:1:registered", "wait account:1:registered", "sipp", "unregister", slow=16,
      account={"sip_server.1.expires": "30"})
def short_registration(s):
    """The registrar grants 10 seconds: the phone refreshes in time, with the same Call-ID."""
    s.take_register()
    s.registered(10, contact="[last_Contact:];expires=10")
    s.take_register(timeout=11000)
    s.registered(3600)
    s.leave(timeout=2000, ontimeout=9)
    s.label(9)


@case("registrar refreshes", "register", "wait account:1:registered", "wait account:1:failed:status=403 within 20", "sipp", "unregister",
      slow=12)
def refresh_refused(s):
    """The refresh is refused with 403: the phone is not registered any more, and says so (the library takes the
    binding away all the same)."""
    s.take_register()
    s.registered(10, contact="[last_Contact:];expires=10")
    s.take_register(timeout=11000)
    s.registrar_reply(403, "Forbidden", contact="")
    s.leave(timeout=1500, ontimeout=9)
    s.label(9)


@case("registrar refreshes", "register", "wait account:1:registered", "command register", "pause 300", "unregister", "sipp")
def refresh_asked_for_and_challenged(s):
    """The user registers again by hand; that REGISTER is challenged with a new nonce."""
    s.take_register()
    s.challenge("n1", extra=', qop="auth"')
    s.take_register()
    s.registered()
    s.take_register()
    s.challenge("n2", extra=', qop="auth", stale=true')
    s.take_register(check='nonce="n2"')
    s.registered()
    s.leave()


@case("registrar refreshes", "register", "wait account:1:registered", "unregister", "wait account:1:disabled within 1", "sipp")
def leaving_refused(s):
    """The un-REGISTER is answered with 403: switched off all the same."""
    s.take_register()
    s.registered()
    s.take_register(leaving=True)
    s.registrar_reply(403, "Forbidden", contact="")


@case("registrar refreshes", "register", "wait account:1:registered", "unregister", "sipp", slow=10)
def leaving_not_answered(s):
    """The un-REGISTER is never answered."""
    s.take_register()
    s.registered()
    s.take_register(leaving=True)
