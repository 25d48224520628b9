#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transfer and conference where it does not go as in the guides: partners that refuse, keep silent, answer twice, change the call
at that very moment; a server that stops in the middle; and many times one after the other, after which nothing is left.

A whole phone is driven by its keys. DESKSET_TEST_FULL does the last 50 times instead of 5."""

import contextlib
import os
import unittest

from deskset import Phone, wait_until
from kamailio import Kamailio
from sip_client import SipClient, sdp

FULL = bool(os.environ.get("DESKSET_TEST_FULL"))
ROUNDS = 50 if FULL else 5
USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}
NOTIFY = ["Event: refer", "Content-Type: message/sipfrag;version=2.0"]


class Case(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def at_rest(self, *phones):
        """Nothing is left of any call."""
        for phone in phones:
            phone.command("hangup all") if phone.holds("call:any") else None
            phone.wait("call:none", 40, since=0)
            wait_until(lambda one=phone: one.counts()["dialogs"] == 0 and one.counts()["streams"] == 0, 45,
                       f"nothing is left at {phone.name}: {phone.counts()}")


class Stubborn(Case):
    """The phone has called a partner that says what a test wants, and presses Transfer."""

    def setUp(self):
        super().setUp()
        self.phone = self.stack.enter_context(Phone("stubborn"))
        self.partner = self.stack.enter_context(SipClient("127.0.0.1", self.phone.sip_port, "partner"))
        self.call = self.talk()

    def talk(self):
        self.phone.dial(f"127.0.0.1:{self.partner.port}")
        call = self.partner.wait_invite()
        call.respond(200, "OK", sdp("127.0.0.1", 40000))
        call.wait_request("ACK")
        self.phone.wait("call:talking")
        return call

    def take_hold(self, status=200):
        """Answers the hold of the Transfer key."""
        hold = self.call.wait_request("INVITE")
        if status == 200:
            self.partner.respond(hold, 200, "OK", [f"Contact: <{self.partner.contact}>"],
                                 sdp("127.0.0.1", 40000, direction="recvonly", version=2))
        else:
            self.partner.respond(hold, status, "Not Acceptable Here")
        self.call.wait_request("ACK")

    def transfer(self, status=200):
        """Transfer, a number, B Transfer; returns their REFER."""
        self.phone.key("F_TRANSFER")
        self.take_hold(status)
        self.phone.key("3", "0", "0", "F1")
        return self.call.wait_request("REFER")

    def tell(self, line, state="active"):
        answer = self.call.request("NOTIFY", [*NOTIFY, f"Subscription-State: {state}"], line)
        self.assertEqual(answer.status, 200)

    def test_refuses(self):
        for status in (403, 405, 501, 603):
            before = self.phone.seq()
            refer = self.transfer() if status == 403 else self.again()
            self.partner.respond(refer, status, "No")
            self.phone.wait("message:Transfer failed!", since=before)
            self.phone.wait("call:held")
            self.phone.wait("softkeys:Transfer|Resume|New Call|End Call")
        self.phone.key("F2")
        resume = self.call.wait_request("INVITE")
        self.partner.respond(resume, 200, "OK", [f"Contact: <{self.partner.contact}>"],
                             sdp("127.0.0.1", 40000, version=3))
        self.phone.wait("call:talking")
        self.call.bye()
        self.at_rest(self.phone)

    def again(self):
        """From the held call."""
        self.phone.key("F1", "3", "0", "1", "F1")
        return self.call.wait_request("REFER")

    def test_never_answers(self):
        before = self.phone.seq()
        self.transfer()
        self.phone.wait("message:Transfer failed!", 40, since=before)
        self.phone.wait("call:held")
        self.phone.hangup()
        self.at_rest(self.phone)

    def test_never_tells(self):
        """The call ends with the 202; what it came to is never told, and nothing waits on the LCD for it."""
        self.partner.respond(self.transfer(), 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.phone.wait("idle")
        self.phone.dial(f"127.0.0.1:{self.partner.port}")
        self.call = self.partner.wait_invite()
        self.call.respond(486, "Busy Here")
        self.phone.wait("screen:Busy here!")

    def test_tells_of_failure_after_the_call(self):
        refer = self.transfer()
        self.partner.respond(refer, 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.tell("SIP/2.0 100 Trying")
        self.tell("SIP/2.0 486 Busy Here", "terminated;reason=noresource")
        self.phone.wait("screen:Transfer failed!")
        self.phone.wait("softkeys:New Call|ReCall||Cancel")
        self.phone.key("F2")
        self.call = self.partner.wait_invite()
        self.call.respond(486, "Busy Here")
        self.phone.wait("screen:Busy here!")
        self.phone.key("F4")
        self.at_rest(self.phone)

    def test_answers_twice(self):
        refer = self.transfer()
        for _ in range(2):
            self.partner.respond(refer, 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.tell("SIP/2.0 200 OK", "terminated;reason=noresource")
        self.phone.wait("message:Transferred", since=0)
        late = self.call.request("NOTIFY", [*NOTIFY, "Subscription-State: terminated"], "SIP/2.0 200 OK")
        self.assertEqual(late.status, 481)
        self.at_rest(self.phone)

    def test_refuses_hold(self):
        """488 to the hold: told, and the transfer goes on all the same."""
        before = self.phone.seq()
        refer = self.transfer(488)
        self.phone.wait("message:Hold refused: Not acceptable here!", since=before)
        self.partner.respond(refer, 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.tell("SIP/2.0 200 OK", "terminated;reason=noresource")
        self.at_rest(self.phone)

    def test_changes_the_call(self):
        """A re-INVITE of theirs while the REFER is unanswered: answered, and both go through."""
        refer = self.transfer()
        answer = self.call.reinvite(sdp("127.0.0.1", 40002, direction="recvonly", version=3))
        self.assertEqual(answer.status, 200)
        self.partner.respond(refer, 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.tell("SIP/2.0 200 OK", "terminated;reason=noresource")
        self.at_rest(self.phone)

    def test_hangs_up_instead(self):
        """BYE instead of an answer to the REFER, and nothing more."""
        self.transfer()
        self.assertEqual(self.call.bye().status, 200)
        self.phone.wait("idle")
        self.at_rest(self.phone)

    def test_transfers_at_the_same_time(self):
        """Their REFER meets ours: theirs is refused, ours goes on."""
        refer = self.transfer()
        theirs = self.call.request("REFER", ["Refer-To: <sip:9@127.0.0.1:9>"])
        self.assertEqual(theirs.status, 491)
        self.partner.respond(refer, 202, "Accepted", [f"Contact: <{self.partner.contact}>"])
        self.call.wait_bye()
        self.tell("SIP/2.0 200 OK", "terminated")
        self.at_rest(self.phone)

    def test_takes_the_place_of_others(self):
        """Somebody with the right Replaces gets the call without a ring; with a wrong one nobody does."""
        old = self.call
        ours = old.invite_message.get("from").split("tag=")[1]
        theirs = old.local.split("tag=")[1]
        with SipClient("127.0.0.1", self.phone.sip_port, "other") as other:
            wrong = other.invite(f"sip:desk@{other.domain}", sdp("127.0.0.1", 40010),
                                 [f"Replaces: {old.call_id};to-tag={theirs};from-tag={ours}"])
            self.assertEqual(wrong.wait_final().status, 481)
            right = other.invite(f"sip:desk@{other.domain}", sdp("127.0.0.1", 40010),
                                 [f"Replaces: {old.call_id};to-tag={ours};from-tag={theirs}", "Require: replaces"])
            self.assertEqual(right.wait_final().status, 200)
            right.ack()
            old.wait_bye()
            self.phone.wait("screen:other")
            self.assertEqual([call["state"] for call in self.phone.calls()], ["talking"])
            self.assertEqual(right.bye().status, 200)
        self.at_rest(self.phone)


class Three(Case):
    """Phones A, B and C at Kamailio."""

    def setUp(self):
        super().setUp()
        self.server = self.stack.enter_context(Kamailio(USERS))
        self.a, self.b, self.c = self.phones = [self.stack.enter_context(Phone(user, self.server.account_cfg(user)))
                                                for user in USERS]
        for phone in self.phones:
            phone.wait_registered()

    def talk(self, caller, called, number):
        caller.dial(number)
        called.wait("call:incoming", since=0)
        called.answer()
        caller.wait("call:talking")
        called.wait("call:talking")

    def consult(self):
        """A talks with B, and with C as well: B is on hold."""
        self.talk(self.a, self.b, "1002")
        self.a.key("F_TRANSFER", *"1003", "OK")
        self.c.wait("call:incoming", since=0)
        self.c.answer()
        self.a.wait("softkeys:Transfer|Swap|Conference|End Call")

    def test_many_holds(self):
        self.talk(self.a, self.b, "1002")
        for _ in range(ROUNDS):
            self.a.key("F_HOLD")
            self.a.wait("call:held")
            self.b.wait("screen:Held", since=0)
            self.a.key("F_HOLD")
            self.a.wait("call:talking")
            self.b.wait("!screen:Held", since=0)
        self.at_rest(*self.phones)

    def test_many_transfers(self):
        """In a ring: A's partner is sent to C, and so on."""
        start = [phone.counts() for phone in self.phones]
        for i in range(ROUNDS):
            first, second, third = (self.phones[(i + k) % 3] for k in range(3))
            self.talk(first, second, list(USERS)[(i + 1) % 3])
            first.key("F_TRANSFER", *list(USERS)[(i + 2) % 3], "F1")
            third.wait("call:incoming", since=0)
            third.answer()
            second.wait(f"call:talking:number={list(USERS)[(i + 2) % 3]}", since=0)
            first.wait("call:none", since=0)
            second.hangup()
            third.wait("call:none", since=0)
        self.at_rest(*self.phones)
        wait_until(lambda: [phone.counts() for phone in self.phones] == start, 45, "as many handles as before")

    def test_many_conferences(self):
        start = [phone.counts() for phone in self.phones]
        for _ in range(ROUNDS):
            self.consult()
            self.a.key("F_CONFERENCE")
            self.a.wait("softkeys:Split|Hold|Manage|End Call")
            self.b.wait("!screen:Held", since=0)
            self.a.wait("call:talking:2", since=0)
            self.a.key("F4")
            for phone in self.phones:
                phone.wait("call:none", since=0)
        self.at_rest(*self.phones)
        wait_until(lambda: [phone.counts() for phone in self.phones] == start, 45, "as many handles as before")

    def stop_server(self):
        self.server.stop()

    def usable_again(self):
        """Each phone comes to rest by itself or by End Call, and a page or message says why."""
        for phone in self.phones:
            for _ in range(4):
                if not phone.holds("call:any"):
                    break
                phone.hangup()
            phone.wait("call:none", 60, since=0)
            phone.key("X")
            phone.wait("idle", 40, since=0)
        self.server.start()
        for phone in self.phones:
            phone.command("register")
            phone.wait("account:1:registered", 40)
        self.talk(self.a, self.b, "1002")
        self.at_rest(*self.phones)

    def test_server_stops_in_transfer(self):
        self.talk(self.a, self.b, "1002")
        self.a.key("F_TRANSFER")
        self.a.wait("call:held")
        self.stop_server()
        self.a.key(*"1003", "F1")
        self.a.wait("message:Transfer failed!", 60)
        self.usable_again()

    def test_server_stops_in_consultation(self):
        self.consult()
        self.stop_server()
        self.a.key("F_TRANSFER")
        self.a.wait("message:Transfer failed!", 60)
        self.usable_again()

    def test_server_stops_in_conference(self):
        self.consult()
        self.stop_server()
        self.a.key("F_CONFERENCE")
        self.a.wait("message:Resume refused:", 60)
        self.usable_again()


if __name__ == "__main__":
    unittest.main(verbosity=2)
