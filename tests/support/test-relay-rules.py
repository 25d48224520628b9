#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay's rules and what it knows of SIP: pure functions, no sockets."""

import random
import unittest

import relay_sip
from relay_program import CommandError, parse_peer
from relay_rules import MAX_LINE, MAX_RULES, Packet, RuleError, RuleSet, parse_rule, parse_rules, parse_time
from sip_client import sdp

INVITE = ("INVITE sip:600@127.0.0.1:7000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKx;rport\r\n"
          "From: \"Ada\" <sip:1001@127.0.0.1:7000>;tag=a\r\nTo: <sip:600@127.0.0.1:7000>\r\nCall-ID: one@127.0.0.1\r\n"
          "CSeq: 7 INVITE\r\nContact: <sip:1001@127.0.0.1:5062>\r\nUser-Agent: Desk phone\r\n"
          "Authorization: Digest username=\"1001\", uri=\"sip:600@127.0.0.1:7000\", response=\"feed\"\r\n"
          "Content-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{body}")


def invite(body=None):
    body = sdp("127.0.0.1", 4000) if body is None else body
    return INVITE.format(length=len(body), body=body).encode()


def packet(data=None, kind="sip", sender="alice", receiver="exchange", **options):
    data = invite() if data is None else data
    if kind == "sip" and not options:
        found = relay_sip.describe(data)
        options = {key: found[key] for key in ("method", "status", "cseq")}
    return Packet(kind, data, sender, receiver, **options)


def rules(*lines, seed=1):
    chosen = RuleSet(seed)
    for line in lines:
        chosen.add(parse_rule(line))
    return chosen


class Reading(unittest.TestCase):
    def test_examples_of_the_manual(self):
        for line in ("drop", "drop method=INVITE n=1", "drop status=200 method=BYE which=first", "delay 700ms from=exchange",
                     "duplicate 3 method=ACK after=20ms", "reorder sip from=alice every=2", "reorder 4 rtp",
                     "rewrite /^User-Agent: .*$/User-Agent: x/ to=exchange", "drop rtp chance=5%", "drop gilbert=2%,30%",
                     "delay uniform:20ms-80ms rtp order=keep", "delay normal:60ms,15ms media", "drop n=3- match=/a b\\/c/i",
                     "pass method=OPTIONS", "close method=INVITE transport=tcp", "drop from=!alice status=4xx", "drop payload=101"):
            with self.subTest(line=line):
                self.assertEqual(parse_rule(line).text, line)

    def test_empty_and_comments(self):
        for line in ("", "   ", "# drop", "  # drop"):
            self.assertIsNone(parse_rule(line))
        self.assertEqual(parse_rule("drop rtp # each").kinds, ("rtp",))

    def test_errors_say_what_is_wrong(self):
        for line, reason in (("lose", "unknown action “lose”"), ("drop metod=INVITE", "unknown key “metod”"),
                             ("drop INVITE", "“INVITE” is neither"), ("delay", "wants a time"), ("delay 5m", "is no time"),
                             ("delay 500s", "more than 120 s"), ("delay uniform:80ms-20ms", "smaller"),
                             ("delay normal:5ms", "is no delay"), ("drop chance=120%", "is no share"),
                             ("drop chance=", "has no value"), ("drop n=0", "is no count"), ("drop n=5-3", "smaller"),
                             ("drop status=700", "is no status"), ("drop which=second", "first or again"),
                             ("drop match=/(/", "no regular expression"), ("drop match=/a", "no closing slash"),
                             ("drop match=x", "wants /PATTERN/"), ("drop match=/a/x", "only i"), ("rewrite", "wants /PATTERN/TEXT/"),
                             ("rewrite /a/", "no closing slash"), ("rewrite /a/\\2/", "cannot be put in"),
                             ("rewrite /a/b/ rtp", "about SIP only"), ("drop method=INVITE chance=5% gilbert=1%,2%", "about media"),
                             ("drop gilbert=5%", "two to four"), ("drop n=1 n=2", "stands twice"), ("drop sip rtp", "neither"),
                             ("duplicate 1", "number of copies"), ("duplicate 101", "number of copies"), ("reorder 0", "later ones"),
                             ("drop after=5ms", "belongs to duplicate"), ("drop order=keep", "belongs to delay"),
                             ("drop payload=300", "payload type"), ("drop every=x", "is no count"),
                             ("drop " + "x" * MAX_LINE, "longer than")):
            with self.subTest(line=line[:50]), self.assertRaises(RuleError) as caught:
                parse_rule(line)
            self.assertIn(reason, str(caught.exception))

    def test_a_file_names_its_line(self):
        with self.assertRaisesRegex(RuleError, "^line 3: unknown action"):
            parse_rules("# first\ndrop n=1\nlose it\ndrop")
        self.assertEqual(len(parse_rules("drop\n" * MAX_RULES)), MAX_RULES)
        with self.assertRaisesRegex(RuleError, f"^line {MAX_RULES + 1}: more than"):
            parse_rules("drop\n" * (MAX_RULES + 1))

    def test_noise_is_an_error_and_nothing_else(self):
        dice = random.Random(4)
        words = ["drop", "delay", "rewrite", "/a/b/", "match=/", "n=", "1-", "chance=5%", "gilbert=", "\\", "/", "\0", "ü", "🙂",
                 "status=", "2xx", "uniform:", "normal:1,", "from=", "!", "=", "#", "order=keep", "99999999999999999999"]
        for _ in range(5000):
            line = " ".join(dice.choice(words) + dice.choice(["", dice.choice(words)]) for _ in range(dice.randrange(6)))
            try:
                parse_rule(line)
            except RuleError:
                pass

    def test_times(self):
        self.assertEqual([parse_time(text) for text in ("20", "20ms", "1.5s")], [0.02, 0.02, 1.5])

    def test_peers(self):
        self.assertEqual(parse_peer("x=127.0.0.1:5060@5070"), ("x", "127.0.0.1", 5060, 5070))
        self.assertEqual(parse_peer("x=[::1]:5060"), ("x", "::1", 5060, 0))
        for text in ("", "x", "x=host:5", "x=127.0.0.1", "x=127.0.0.1:0", "x=127.0.0.1:70000", "x=999.0.0.1:5", "1=127.0.0.1:5"):
            with self.subTest(text=text), self.assertRaises(CommandError):
                parse_peer(text)


class Choosing(unittest.TestCase):
    def test_requests_and_responses(self):
        ok = packet(method=None, status=200, cseq="INVITE")
        for line, request, response in (("drop method=invite", True, False), ("drop status=200", False, True),
                                        ("drop status=2xx method=INVITE", False, True), ("drop status=200 method=BYE", False, False),
                                        ("drop cseq=INVITE", True, True), ("drop status=3xx", False, False), ("drop", True, True),
                                        ("drop rtp", False, False), ("drop media", False, False), ("drop transport=tcp", False, False),
                                        ("drop match=/^contact:.*5062/i", True, True), ("drop from=bob", False, False),
                                        ("drop from=!bob to=exchange", True, True), ("drop which=again", False, False),
                                        ("drop match=/Desk phone$/", True, True), ("drop match=/phone$/b", False, False)):
            with self.subTest(line=line):
                self.assertEqual(parse_rule(line).applies(packet()), request)
                self.assertEqual(parse_rule(line).applies(ok), response)

    def fired(self, line, count=10, seed=1):
        chosen = rules(line, seed=seed)
        return [i for i in range(1, count + 1) if chosen.decide(packet()).drop]

    def test_counts(self):
        self.assertEqual(self.fired("drop n=3"), [3])
        self.assertEqual(self.fired("drop n=3-5"), [3, 4, 5])
        self.assertEqual(self.fired("drop n=8-"), [8, 9, 10])
        self.assertEqual(self.fired("drop every=4"), [4, 8])

    def test_only_what_matches_is_counted(self):
        chosen = rules("drop n=2 method=BYE")
        decisions = [chosen.decide(packet(method=method, cseq=method)).drop for method in ("BYE", "INVITE", "INVITE", "BYE")]
        self.assertEqual(decisions, [False, False, False, True])
        self.assertEqual((chosen.rules[0].seen, chosen.rules[0].fired), (2, 1))

    def test_chance_repeats_with_the_seed(self):
        first = self.fired("drop chance=20%", 1000)
        self.assertEqual(first, self.fired("drop chance=20%", 1000))
        self.assertNotEqual(first, self.fired("drop chance=20%", 1000, seed=2))
        self.assertTrue(150 < len(first) < 250, len(first))

    def test_flows_do_not_disturb_each_other(self):
        def losses(mixed):
            chosen = rules("drop rtp chance=30%")
            lost = []
            chosen.decide(packet(b"", "rtp", "alice", "bob"))
            for i in range(200):
                if chosen.decide(packet(b"", "rtp", "alice", "bob")).drop:
                    lost.append(i)
                for _ in range(mixed):
                    chosen.decide(packet(b"", "rtp", "bob", "alice"))
            return lost
        self.assertEqual(losses(0), losses(3))

    def test_bursts(self):
        """Mean loss p/(p+r), mean length of a burst 1/r."""
        chosen = rules("drop rtp gilbert=2%,20%")
        lost = [chosen.decide(packet(b"", "rtp")).drop for _ in range(20000)]
        bursts = "".join("x" if one else " " for one in lost).split()
        self.assertAlmostEqual(sum(lost) / len(lost), 0.02 / 0.22, delta=0.015)
        self.assertAlmostEqual(sum(map(len, bursts)) / len(bursts), 5, delta=0.6)

    def test_delays(self):
        for line, low, high in (("delay 60ms", 0.06, 0.06), ("delay uniform:20ms-80ms", 0.02, 0.08), ("delay normal:60ms,20ms", 0, 0.2)):
            chosen = rules(line)
            times = [chosen.decide(packet()).delay_s for _ in range(500)]
            self.assertTrue(all(low <= one <= high for one in times), line)
            if low != high:
                self.assertGreater(len(set(times)), 400)
                self.assertAlmostEqual(sum(times) / 500, 0.06 if "normal" in line else 0.05, delta=0.004)

    def test_order_of_rules(self):
        verdict = rules("pass method=INVITE", "drop").decide(packet())
        self.assertEqual((verdict.drop, verdict.rules), (False, [1]))
        verdict = rules("delay 10ms", "duplicate 3 after=5ms", "delay 20ms", "drop status=200").decide(packet())
        self.assertEqual((round(verdict.delay_s, 3), verdict.copies, verdict.rules), (0.03, 3, [1, 2, 3]))
        self.assertEqual(verdict.words, ["delayed", "duplicated"])

    def test_rewrite(self):
        verdict = rules("rewrite /^User-Agent: (.*)$/User-Agent: new \\1\\nX: y/").decide(packet())
        self.assertIn(b"\r\nUser-Agent: new Desk phone\r\nX: y\r\n", verdict.data)
        self.assertEqual(verdict.words, ["rewritten"])
        self.assertEqual(rules("rewrite /nothing/x/").decide(packet()).words, ["sent"])
        self.assertIn(b"\nX", rules("rewrite /\\r\\nUser/\\nXser/b").decide(packet()).data)
        odd = invite() + b"\xff\xfe"
        self.assertEqual(rules("rewrite /Desk/Dusk/").decide(packet(odd)).data, odd.replace(b"Desk", b"Dusk"))


class Messages(unittest.TestCase):
    def feed(self, data, step):
        stream = relay_sip.Stream()
        pieces = []
        for i in range(0, len(data), step):
            pieces += stream.feed(data[i:i + step])
        return pieces, stream

    def test_framing(self):
        first, second = invite(), invite("").replace(b"Content-Length", b"l")
        data = first + b"\r\n\r\n" + second + first
        for step in (1, 7, 100, len(data)):
            pieces, _ = self.feed(data, step)
            self.assertEqual([piece for piece in pieces if piece[0] == "sip"], [("sip", first), ("sip", second), ("sip", first)])
            self.assertEqual(b"".join(piece for _, piece in pieces), data)

    def test_what_is_no_sip_passes_untouched(self):
        for data in (b"x" * 70000, b"hello\r\n\r\nworld", invite().replace(b"Content-Length: ", b"Content-Length: -"),
                     invite().replace(b"Content-Length: ", b"Content-Length: 99999999")):
            pieces, stream = self.feed(data, 1000)
            self.assertTrue(stream.raw)
            self.assertEqual({kind for kind, _ in pieces}, {"other"})
            self.assertEqual(b"".join(piece for _, piece in pieces), data)

    def test_describe(self):
        self.assertEqual(relay_sip.describe(invite()), {"method": "INVITE", "status": None, "cseq": "INVITE", "number": 7,
                                                        "call": "one@127.0.0.1"})
        self.assertEqual(relay_sip.describe(b"SIP/2.0 200 OK\r\nCSeq: 1 BYE\r\ni: x\r\n\r\n")["status"], 200)
        for data in (b"", b"\r\n\r\n", b"\0\0\0\0", b"GET / HTTP/1.1\r\n\r\n", b"\x80\x00"):
            self.assertIsNone(relay_sip.describe(data))

    def test_noise_is_not_refused(self):
        dice = random.Random(5)
        good = invite()
        for _ in range(2000):
            data = bytearray(good)
            for _ in range(dice.randrange(1, 20)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            data = bytes(data[:dice.randrange(len(data))])
            relay_sip.describe(data)
            relay_sip.top_via(data)
            relay_sip.translate(data, lambda *_: None, lambda *_: None, ("127.0.0.1", 1))
            # Nothing to change: nothing changed.
            self.assertEqual(relay_sip.translate(data, lambda *_: None, lambda *_: None, ("127.0.0.1", 1))
                             if not data.startswith(b"SIP/") else data, data)

    def translated(self, data):
        seen = []

        def address(host, port, shows):
            seen.append((host, port, shows))
            return {5062: ("127.0.0.1", 9062), 7000: ("127.0.0.1", 5060)}.get(port)

        result = relay_sip.translate(data, address, lambda host, port, rtcp: ("127.0.0.9", 9000), ("127.0.0.1", 5062))
        return result.decode(), seen

    def test_addresses(self):
        text, seen = self.translated(invite())
        self.assertTrue(text.startswith("INVITE sip:600@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9062;branch="))
        self.assertIn("From: \"Ada\" <sip:1001@127.0.0.1:5060>;tag=a", text)
        self.assertIn("Contact: <sip:1001@127.0.0.1:9062>", text)
        self.assertIn("Call-ID: one@127.0.0.1\r\n", text)
        # What a digest was computed of stays.
        self.assertIn("uri=\"sip:600@127.0.0.1:7000\"", text)
        self.assertIn(("127.0.0.1", 5062, True), seen)
        head, _, body = text.partition("\r\n\r\n")
        self.assertIn(f"Content-Length: {len(body)}", head)
        self.assertIn("c=IN IP4 127.0.0.9\r\n", body)
        self.assertIn("m=audio 9000 RTP/AVP 0 8 101\r\n", body)

    def test_ipv6_and_default_port(self):
        seen = []

        def address(host, port, shows):
            seen.append((host, port))
            return "::1", 99

        data = b"OPTIONS sip:[::1] SIP/2.0\r\nVia: SIP/2.0/TCP [::1]:5;branch=x, SIP/2.0/UDP [::2]\r\nTo: sip:a@host.example\r\n\r\n"
        text = relay_sip.translate(data, address, None, ("::1", 5)).decode()
        self.assertEqual(seen, [("::1", 5060), ("::1", 5), ("::2", 5060)])
        self.assertTrue(text.startswith("OPTIONS sip:[::1]:99 SIP/2.0\r\nVia: SIP/2.0/TCP [::1]:99;branch=x, SIP/2.0/UDP [::1]:99\r\n"))
        self.assertIn("To: sip:a@host.example", text)

    def test_return_path(self):
        data = (b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:9062;rport=9062;received=127.0.0.7;branch=x\r\n"
                b"Via: SIP/2.0/UDP 127.0.0.3:1;rport=77\r\nCSeq: 1 BYE\r\n\r\n")
        text = relay_sip.translate(data, lambda *_: None, None, ("127.0.0.1", 5062)).decode()
        self.assertIn("rport=5062;received=127.0.0.1;branch=x\r\n", text)
        self.assertIn("rport=77", text)

    def test_a_wrong_length_stays_as_wrong(self):
        data = invite().replace(b"Content-Length: ", b"Content-Length: 9")
        old = int(data.partition(b"Content-Length: ")[2].split(b"\r")[0])
        new = relay_sip.mend_length(data, data.replace(b"s=-", b"s=four"))
        self.assertEqual(int(new.partition(b"Content-Length: ")[2].split(b"\r")[0]), old + 3)

    def test_sdp(self):
        body = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp:4009\r\n"
                "m=video 0 RTP/AVP 34\r\nm=audio 5000/2 RTP/AVP 8\r\nc=IN IP4 10.0.0.2\r\n")
        asked = []

        def media(host, port, rtcp):
            asked.append((host, port, rtcp))
            return "127.0.0.1", port + 1000

        self.assertEqual(relay_sip.translate_sdp(body, media), body.replace("10.0.0.1", "127.0.0.1").replace("10.0.0.2", "127.0.0.1")
                         .replace("audio 4000", "audio 5000").replace("audio 5000/2", "audio 6000/2").replace("rtcp:4009", "rtcp:5001"))
        self.assertEqual(asked, [("10.0.0.1", 4000, 4009), ("10.0.0.2", 5000, 5001)])
        for same in (body.replace("10.0.0.1", "0.0.0.0").replace("10.0.0.2", "0.0.0.0"), body.replace("c=IN", "x=IN"), "m=", "m=audio\n"):
            self.assertEqual(relay_sip.translate_sdp(same, media), same)
        self.assertEqual(relay_sip.translate_sdp(body, lambda host, *_: None if host == "10.0.0.2" else ("1.1.1.1", 2)), body)

    def test_masked(self):
        text = relay_sip.masked(invite().replace(b"response=", b"\r\n response="))
        self.assertNotIn("feed", text)
        self.assertIn("Authorization: (masked)\r\nContent-Type", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
