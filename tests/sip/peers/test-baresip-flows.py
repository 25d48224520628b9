#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call flows through Kamailio with baresip in the part of B or C, where it can play it, and two whole phones driven by their
keys. Who hears whom is told by the tones. What baresip hears after it was held cannot be told: its recording ends with the hold,
whatever comes.

Not here: the target of a transfer with consultation, and its transferee. baresip 1.0 knows no Replaces."""

import contextlib
import os
import tempfile
import unittest

from baresip import Baresip, read_wav
from deskset import Phone, wait_until
from kamailio import Kamailio
from sound import level, share, wait_tone, write_tone

USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}
FIRST_HZ, PEER_HZ, SECOND_HZ = 440, 700, 1130


class Flow(unittest.TestCase):
    """The first phone is 1001, baresip 1002, the second phone 1003."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-sound-"))
        self.server = self.stack.enter_context(Kamailio(USERS))
        self.first = self.open_phone("1001", FIRST_HZ)
        self.second = self.open_phone("1003", SECOND_HZ)
        self.peer = self.stack.enter_context(Baresip("1002", USERS["1002"], f"{self.server.address}:{self.server.port}",
                                                     frequency=PEER_HZ))

    def open_phone(self, user, hertz):
        microphone = os.path.join(self.folder, f"{user}-in.wav")
        write_tone(microphone, hertz)
        phone = Phone(f"flow{user}", self.server.account_cfg(user), audio=f"file:{microphone},{self.out(user)}")
        self.stack.enter_context(phone)
        phone.wait_registered()
        return phone

    def out(self, user):
        return os.path.join(self.folder, f"{user}-out.wav")

    def ear(self, phone):
        if phone is self.peer:
            return self.peer.heard
        return lambda: read_wav(self.out("1001" if phone is self.first else "1003"))

    def hears(self, phone, *tones):
        """Exactly these, clearly, in the newest half second."""
        if len(tones) == 1:
            wait_tone(self.ear(phone), tones[0], 15)
            return

        def all_of_them():
            samples, rate = self.ear(phone)()
            newest = samples[-rate // 2:] if rate else []
            shares = [share(newest, rate, tone) for tone in tones] if len(newest) == rate // 2 else [0]
            last[:] = [*shares, level(newest) if newest else 0]
            return min(shares) > 0.25 and sum(shares) > 0.85 and last[-1] > 300
        last = []
        wait_until(all_of_them, 15, f"all of {tones} are heard (shares, level so far: {last})", 0.1)

    def hears_nothing(self, phone):
        """A file that does not grow is nothing heard, too."""
        def still():
            samples, rate = self.ear(phone)()
            counts.append(len(samples))
            quiet = rate and level(samples[-int(rate * 0.3):]) < 100
            return quiet or (len(counts) > 6 and counts[-1] == counts[-6])
        counts = []
        wait_until(still, 10, "nothing is heard", 0.1)

    def call_peer(self):
        """By keys; both talk."""
        self.first.key(*"1002", "F1")
        self.peer.accept()
        self.first.wait("call:talking")
        self.peer.wait_event("CALL_ESTABLISHED")
        self.hears(self.first, PEER_HZ)
        self.hears(self.peer, FIRST_HZ)

    def soft(self, phone, label):
        phone.wait(f"softkey:{label}", 10, since=0)
        phone.key(f"F{phone.screen()['softkeys'].index(label) + 1}")

    def all_idle(self):
        for phone in (self.first, self.second):
            phone.wait("call:none", 15, since=0)
            wait_until(lambda one=phone: one.counts()["dialogs"] == 0 and one.counts()["streams"] == 0, 45, f"{phone.counts()}")


class Holding(Flow):
    def test_hold_of_a_hold(self):
        """Both hold, in turn, and let go in the other order: each only of its own."""
        self.call_peer()
        self.first.key("F_HOLD")
        self.first.wait("call:held")
        self.hears_nothing(self.peer)
        self.peer.command("hold")
        self.first.wait("screen:Hold")
        self.soft(self.first, "Resume")
        # Ours is gone, theirs is not.
        self.first.wait("screen:Held")
        self.hears_nothing(self.first)
        self.peer.command("resume")
        self.first.wait("!screen:Held", since=0)
        self.hears(self.first, PEER_HZ)
        self.soft(self.first, "End Call")
        self.peer.wait_event("CALL_CLOSED")
        self.all_idle()

    def test_call_waiting(self):
        """A talks with baresip; C calls A; A takes it: baresip is held. A swaps."""
        self.call_peer()
        self.second.key(*"1001", "F1")
        self.soft(self.first, "Answer")
        self.first.wait("call:talking:number=1003")
        self.hears(self.first, SECOND_HZ)
        self.hears(self.second, FIRST_HZ)
        self.hears_nothing(self.peer)
        self.soft(self.first, "Swap")
        self.first.wait("call:talking:number=1002")
        self.hears(self.first, PEER_HZ)
        self.second.wait("screen:Held", since=0)
        self.peer.hangup()
        self.soft(self.second, "End Call")
        self.all_idle()


class Transferring(Flow):
    def transfer_peer(self):
        """A transfers baresip to C."""
        self.call_peer()
        self.first.key("F_TRANSFER")
        self.first.wait("page:dial")
        self.first.key(*"1003")
        self.soft(self.first, "B Transfer")
        self.soft(self.second, "Answer")
        self.second.wait("call:talking:number=1002")
        self.hears(self.second, PEER_HZ)
        self.hears(self.peer, SECOND_HZ)

    def test_transferee(self):
        """A stays until it is told how the transfer ends."""
        self.first.set("deskset.transfer.wait_for_result", "1")
        self.transfer_peer()
        self.first.wait("message:Transferred", since=0)
        self.first.wait("call:none")
        self.soft(self.second, "End Call")
        self.all_idle()

    def test_transferee_left_alone(self):
        """A hangs up with the 202, as the guides draw it. baresip then says 500, and makes the call all the same."""
        self.transfer_peer()
        self.first.wait("screen:Transfer failed!", since=0)
        self.soft(self.first, "Cancel")
        self.soft(self.second, "End Call")
        self.all_idle()

    def test_target(self):
        """A transfers C to baresip."""
        self.second.key(*"1001", "F1")
        self.soft(self.first, "Answer")
        self.first.wait("call:talking")
        self.first.key("F_TRANSFER")
        self.first.wait("page:dial")
        self.first.key(*"1002")
        self.soft(self.first, "B Transfer")
        self.peer.accept()
        self.second.wait("call:talking:number=1002", 15, since=0)
        self.hears(self.second, PEER_HZ)
        self.hears(self.peer, SECOND_HZ)
        self.first.wait("message:Transferred", since=0)
        self.first.wait("call:none", since=0)
        self.peer.hangup()
        self.all_idle()

    def test_transferor(self):
        """baresip transfers A to C."""
        self.call_peer()
        self.peer.command("transfer", f"sip:1003@{self.server.address}:{self.server.port}")
        self.soft(self.second, "Answer")
        self.second.wait("call:talking:number=1001")
        self.first.wait("call:talking:number=1003", 15, since=0)
        self.hears(self.first, SECOND_HZ)
        self.hears(self.second, FIRST_HZ)
        self.soft(self.first, "End Call")
        self.all_idle()

    def test_consultation(self):
        """A transfers C to baresip while that one rings: the same as without asking, for baresip."""
        self.second.key(*"1001", "F1")
        self.soft(self.first, "Answer")
        self.first.wait("call:talking")
        self.first.key("F_TRANSFER")
        self.first.wait("page:dial")
        self.first.key(*"1002", "F2")
        self.peer.wait_event("CALL_INCOMING")
        self.first.wait("softkeys:Transfer|||End Call")
        # It is asked after all, and does not want to.
        self.peer.hangup()
        self.first.wait("call:held:number=1003", 10, since=0)
        self.second.wait("screen:Held", since=0)
        self.soft(self.first, "Resume")
        self.first.wait("call:talking:number=1003")
        self.hears(self.first, SECOND_HZ)
        self.soft(self.first, "End Call")
        self.all_idle()


class Forwarding(Flow):
    def test_target(self):
        """C's calls go to baresip, always."""
        self.second.set("forward.always.target", "1002")
        self.second.set("forward.always.enable", "1")
        self.first.key(*"1003", "F1")
        self.peer.accept()
        self.first.wait("call:talking:number=1002")
        self.hears(self.first, PEER_HZ)
        self.hears(self.peer, FIRST_HZ)
        self.soft(self.first, "End Call")
        self.all_idle()

    def test_busy(self):
        """baresip refuses; the LCD says so."""
        self.first.key(*"1002", "F1")
        self.peer.wait_event("CALL_INCOMING")
        self.peer.hangup()
        self.first.wait("call:ended", since=0)
        self.first.wait("softkeys:New Call|||Cancel", since=0)
        self.soft(self.first, "Cancel")
        self.all_idle()

    def test_does_not_answer(self):
        self.first.key(*"1002", "F1")
        self.peer.wait_event("CALL_INCOMING")
        self.first.wait("screen:Ringing")
        self.soft(self.first, "End Call")
        self.peer.wait_event("CALL_CLOSED")
        self.all_idle()


class Conferring(Flow):
    def test_party(self):
        """A talks with C and takes baresip in: each hears exactly the other two. Then C leaves."""
        self.first.key(*"1003", "F1")
        self.soft(self.second, "Answer")
        self.first.wait("call:talking")
        self.soft(self.first, "Conference")
        self.first.wait("page:dial")
        self.first.key(*"1002")
        self.soft(self.first, "Send")
        self.peer.accept()
        self.first.wait("call:talking:number=1002")
        self.hears(self.peer, FIRST_HZ)
        self.hears_nothing(self.second)
        self.soft(self.first, "Conference")
        self.first.wait("softkeys:Split|Hold|Manage|End Call")
        self.hears(self.first, PEER_HZ, SECOND_HZ)
        self.hears(self.second, FIRST_HZ, PEER_HZ)
        self.hears(self.peer, FIRST_HZ, SECOND_HZ)
        self.soft(self.second, "End Call")
        self.first.wait("softkeys:Transfer|Hold|Conference|End Call", 10, since=0)
        self.hears(self.first, PEER_HZ)
        self.hears(self.peer, FIRST_HZ)
        self.soft(self.first, "End Call")
        self.peer.wait_event("CALL_CLOSED")
        self.all_idle()

    def test_first(self):
        """baresip is held while A asks C, and then talks with both."""
        self.call_peer()
        self.soft(self.first, "Conference")
        self.first.wait("page:dial")
        self.first.key(*"1003")
        self.soft(self.first, "Send")
        self.soft(self.second, "Answer")
        self.first.wait("call:talking:number=1003")
        self.hears_nothing(self.peer)
        self.soft(self.first, "Conference")
        self.hears(self.first, PEER_HZ, SECOND_HZ)
        self.hears(self.second, FIRST_HZ, PEER_HZ)
        self.peer.hangup()
        self.first.wait("softkeys:Transfer|Hold|Conference|End Call", 10, since=0)
        self.hears(self.first, SECOND_HZ)
        self.soft(self.first, "End Call")
        self.all_idle()


if __name__ == "__main__":
    unittest.main(verbosity=2)
