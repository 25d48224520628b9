# SPDX-License-Identifier: GPL-3.0-or-later
"""Partners that die: killed without a word, so that the next packet to them comes back as ICMP or is reset; connections
that close while they are needed, and open again."""

from sipp_run import Case
from sipp_scenario import lines, sdp

CASES = []
STREAMS = ("tcp", "tls")
KILLED = {"sipp_result": (-9,)}
# A socket for each call: it can be closed alone.
OWN_SOCKET = {"sipp": ("-t", "tn"), "transports": ("tcp",)}


def case(group, *user, **options):
    def add(build):
        CASES.append(Case(build, user, group, **options))
        return build
    return add


# -- killed -------------------------------------------------------------------------------------------------------


@case("killed", "dies", "dial", "wait call:ended within 20", "wait call:none", **KILLED)
def nobody_is_there(s):
    """Nobody listens where the user dials."""
    s.take_invite()


@case("killed", "dial", "wait call:calling", "pause 300", "dies", "wait call:ended within 20", "wait call:none", slow=2, **KILLED)
def dies_after_the_invite(s):
    """The called partner dies with the INVITE in its hands."""
    s.take_invite()
    s.pause(30000)


@case("killed", "dial", "wait call:ringing", "shows ringing", "dies", "hangup", "wait call:none within 12", slow=9, **KILLED)
def dies_while_ringing(s):
    """The called partner dies while it rings; the user gives up."""
    s.take_invite()
    s.answer(180, "Ringing")
    s.pause(30000)


@case("killed", "dial", "wait call:talking", "dies", "pause 300", "shows talking", "hangup", "wait call:none", slow=4, **KILLED)
def dies_in_the_call(s):
    """The called partner dies in the call: the call stays on the LCD until the user hangs up."""
    s.take_invite()
    s.accept()
    s.pause(30000)


@case("killed", "dial", "wait call:talking", "dies", "hold", "wait call:holding", "wait call:talking within 25", "shows talking", "hangup",
      "wait call:none", slow=10, **KILLED)
def dies_before_it_is_held(s):
    """The called partner dies in the call, then the user holds: the re-INVITE finds nobody, and the call stays as it was until
    the user hangs up (the network may come back)."""
    s.take_invite()
    s.accept()
    s.pause(30000)


@case("killed", "wait call:incoming", "shows incoming", "dies", "pause 200", "shows incoming", "reject", "wait call:none", caller=True, slow=2,
      **KILLED)
def caller_dies_while_it_rings(s):
    """The caller dies; the user rejects."""
    s.invite()
    s.ring()
    s.pause(30000)


@case("killed", "wait call:incoming", "dies", "answer", "wait call:ended within 35", "wait call:none", caller=True, slow=28, **KILLED)
def caller_dies_and_is_answered(s):
    """The caller dies, and the user answers: nobody acknowledges."""
    s.invite()
    s.ring()
    s.pause(30000)


@case("killed", "wait call:incoming", "answer", "wait call:talking", "dies", "pause 300", "shows talking", "hangup", "wait call:none",
      caller=True, slow=4, **KILLED)
def caller_dies_in_the_call(s):
    """The caller dies in the call; the user hangs up."""
    s.connect()
    s.pause(30000)


@case("killed", "register", "wait account:1:registered", "dies", "unregister", "wait account:1:disabled", account={}, slow=4, **KILLED)
def registrar_dies(s):
    """The registrar dies; the user switches the account off."""
    s.take_register()
    s.registered()
    s.pause(30000)


@case("killed", "register", "pause 500", "dies", "wait account:1:failed within 40", "unregister", account={}, slow=12, **KILLED)
def registrar_dies_while_it_thinks(s):
    """The registrar dies with the REGISTER in its hands."""
    s.take_register()
    s.pause(30000)


@case("killed", "dial", "wait call:talking", "cut", "pause 300", "shows talking", "hangup", "wait call:none within 15", "dies", transports=("tls",),
      slow=5, **KILLED)
def tunnel_dies_in_the_call(s):
    """The TLS connection is torn, and nobody listens there any more."""
    s.take_invite()
    s.accept()
    s.pause(30000)


# -- connections that close and open again ------------------------------------------------------------------------


@case("closed", "wait call:incoming", "pause 400", "answer", "wait call:talking", "shows talking", "hangup", "sipp", caller=True,
      sipp=("-t", "tn"), transports=STREAMS)
def connection_closed_while_it_rings(s):
    """The caller closes its connection while the phone rings: the 200 opens one to the caller (RFC 3261 §18.2.2)."""
    s.invite()
    s.ring()
    s.close()
    s.taken()
    s.ack()
    s.take_bye()


@case("closed", "wait call:incoming", "pause 400", "reject", "wait call:none", "sipp", caller=True, sipp=("-t", "tn"), transports=STREAMS)
def connection_closed_before_the_refusal(s):
    """The caller closes its connection while the phone rings: the 486 opens one to the caller."""
    s.invite()
    s.ring()
    s.close()
    s.take(486)
    s.ack_refusal()


@case("closed", "wait call:incoming", "answer", "wait call:talking", "pause 600", "shows talking", "hangup", "sipp", caller=True, **OWN_SOCKET)
def connection_closed_in_the_call(s):
    """The caller closes its connection in the call: the BYE opens one to its Contact."""
    s.connect()
    s.pause(200)
    s.close()
    s.take_bye()


@case("closed", "wait call:incoming", "answer", "wait call:talking", "shows talking", "wait call:ended", "sipp", caller=True, **OWN_SOCKET)
def connection_opened_again(s):
    """Closed in the call, and the caller's own BYE comes over a new connection."""
    s.connect()
    s.pause(500)
    s.close()
    s.pause(300)
    s.bye()


@case("closed", "dial", "wait call:talking", "pause 600", "shows talking", "hangup", "sipp", **OWN_SOCKET)
def called_partner_closes_in_the_call(s):
    """The called partner closes the phone's connection in the call: the BYE comes over a new one (and is
    not answered: SIPp aborts when it has closed a connection that it did not open and then answers)."""
    s.take_invite()
    s.accept()
    s.pause(200)
    s.close()
    s.take("BYE")


@case("closed", "dial", "wait call:ended within 25", "sipp", slow=17, **OWN_SOCKET)
def closes_with_half_an_answer(s):
    """The connection closes in the middle of the 200: that call is lost, and the phone says so."""
    s.take_invite()
    s.raw("SIP/2.0 200 OK\nVia:[$via]\nFrom:[$from]\nTo:[$to];tag=p1\nCall-ID: [call_id]\nCSeq:[$cseq]\n"
          f"Contact: {s.contact}\nContent-Type: application/sdp\nContent-Length: 900\n\nv=0\no=sipp")
    s.pause(200)
    s.close()


@case("closed", "register", "wait account:1:registered", "pause 600", "command register", "wait account:1:failed within 15", "sipp", "unregister",
      account={}, slow=11, **OWN_SOCKET)
def registrar_closes_the_connection(s):
    """The registrar closes the connection after its answer: the next REGISTER comes over a new one (and is not answered)."""
    s.take_register()
    s.registered()
    s.pause(200)
    s.close()
    s.take_register()
