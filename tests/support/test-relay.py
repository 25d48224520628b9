#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay between two bare user agents: it stays in the path, does what the rules say, tells what it did, repeats itself."""

import contextlib
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import unittest

from relay import Relay
from sip_client import Rtp, SipClient, sdp, sdp_audio

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "relay")


def port_of(uri):
    return int(re.search(r":(\d+)(?:;|$)", uri).group(1))


class Peer(SipClient):
    """A user agent that is called: UDP on its own port, or one connection that it accepts."""

    def __init__(self, user="bob", transport="udp", address="127.0.0.1"):
        super().__init__(address, 1, user, address=address)
        self.transport = transport
        self.listener = None
        if transport == "tcp":
            self.listener = socket.create_server((address, self.port),
                                                 family=socket.AF_INET6 if ":" in address else socket.AF_INET)

    def accept(self):
        self.listener.settimeout(5)
        self.socket.close()
        self.socket, _ = self.listener.accept()

    def close(self):
        super().close()
        if self.listener:
            self.listener.close()


class RelayTest(unittest.TestCase):
    address = "127.0.0.1"

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def open(self, *rules, transport="udp", seed=1, **options):
        self.bob = self.stack.enter_context(Peer(transport=transport, address=self.address))
        self.relay = self.stack.enter_context(Relay({"bob": (self.address, self.bob.port)}, rules, seed=seed, bind=self.address,
                                                    **options))
        self.alice = self.stack.enter_context(SipClient(self.address, self.relay.port("bob"), "alice", transport=transport))
        self.relay.name("alice", self.address, self.alice.port)
        if transport == "tcp":
            self.bob.accept()

    def talk(self):
        call = self.alice.invite("bob")
        incoming = self.bob.wait_invite()
        incoming.respond(180, "Ringing")
        incoming.rtp = Rtp(self.address)
        self.addCleanup(incoming.rtp.close)
        incoming.respond(200, "OK", sdp(self.address, incoming.rtp.port))
        final = call.wait_final()
        self.assertEqual(final.status, 200)
        call.ack()
        incoming.wait_request("ACK")
        return call, incoming


class Path(RelayTest):
    transport = "udp"

    def test_everything_comes_this_way(self):
        self.open(transport=self.transport)
        call, incoming = self.talk()
        own = {self.alice.port, self.bob.port, call.rtp.port, incoming.rtp.port}
        for seen, real in ((incoming.invite_message, self.alice.port), (call.final, self.bob.port)):
            # Neither has ever read the other's real address.
            self.assertNotIn(f":{real}", seen.get("contact"))
            self.assertNotIn(sdp_audio(seen.body)[1], own)
        # In the dialog, both ways, at the addresses they learned.
        self.bob.server = (self.address, port_of(incoming.target))
        if self.transport == "udp":
            self.alice.server = (self.address, port_of(call.target))
        for one, other in ((call, incoming), (incoming, call)):
            one.client.send(one._request("INFO", one.cseq + 1, one.client.new_branch()))
            request = other.wait_request("INFO")
            self.assertTrue(request.start.startswith(f"INFO {other.client.contact.split(';')[0]}"), request.start)
            other.client.respond(request, 200, "OK")
            answer = one.wait_response(method="INFO")
            self.assertEqual(answer.status, 200)
            self.assertIn(f":{one.client.port};", answer.get("via"))
            one.cseq += 1
        for one, other in ((call, incoming), (incoming, call)):
            message = call.final if one is call else incoming.invite_message
            address, port, _, _ = sdp_audio(message.body)
            one.rtp.send((address, port), b"hello")
            self.assertEqual(other.rtp.receive()[5], b"hello")
        self.assertEqual({(entry["from"], entry["to"]) for entry in self.relay.messages()}, {("alice", "bob"), ("bob", "alice")})
        flows = {(flow["kind"], flow["from"], flow["to"]): flow["packets"] for flow in self.relay.stats()}
        self.assertEqual((flows["rtp", "alice", "bob"], flows["rtp", "bob", "alice"]), (1, 1))

    def test_log(self):
        self.open("drop method=INFO", transport=self.transport)
        self.talk()
        lines = [(entry["from"], entry["method"] or f"{entry['status']} {entry['cseq']}") for entry in self.relay.messages()]
        self.assertEqual(lines, [("alice", "INVITE"), ("bob", "180 INVITE"), ("bob", "200 INVITE"), ("alice", "ACK")])
        self.assertEqual({tuple(entry["done"]) for entry in self.relay.messages()}, {("sent",)})
        mark = self.relay.mark()
        self.alice.send(self.alice.build("INFO", f"sip:{self.alice.domain}", "<sip:a@b>", "<sip:b@b>", "x", 1, "z9hG4bKx"))
        entry = self.relay.wait(lambda e: e["method"] == "INFO", since=mark)
        self.assertEqual((entry["done"], entry["rules"], entry["call"]), (["dropped"], [1], "x"))


class PathTcp(Path):
    transport = "tcp"

    def test_close(self):
        self.open("close method=INFO", transport="tcp")
        self.alice.send(self.alice.build("INFO", f"sip:{self.alice.domain}", "<sip:a@b>", "<sip:b@b>", "x", 1, "z9hG4bKx"))
        with self.assertRaises(TimeoutError):
            self.alice.wait(lambda message: True, 5)
        self.assertTrue(self.alice.closed)
        with self.assertRaises(TimeoutError):
            self.bob.wait(lambda message: True, 5)
        self.assertTrue(self.bob.closed)

    def test_nobody_there(self):
        with Relay({"nobody": (self.address, 1)}) as relay, SipClient(self.address, relay.port(), "a", transport="tcp") as client:
            with contextlib.suppress(OSError):
                client.send("OPTIONS sip:x SIP/2.0\r\n\r\n")
            with self.assertRaises((TimeoutError, ConnectionError)):
                client.wait(lambda message: True, 5)

    def test_pieces(self):
        """A message byte by byte, and two in one."""
        self.open(transport="tcp")
        text = self.alice.build("OPTIONS", f"sip:{self.alice.domain}", "<sip:a@b>", "<sip:b@b>", "x", 1, "z9hG4bKx").encode()
        for i in range(0, len(text), 20):
            self.alice.send_raw(text[i:i + 20])
        self.alice.send_raw(text + text)
        for _ in range(3):
            self.bob.wait(lambda message: message.method == "OPTIONS")
        self.assertEqual([entry["again"] for entry in self.relay.messages()], [False, True, True])


class PathIpv6(Path):
    address = "::1"


class Actions(RelayTest):
    def numbers(self, count, wait=0.5):
        """INFO 1 to `count` from Alice; the numbers Bob got, in their order."""
        for number in range(1, count + 1):
            self.alice.send(self.alice.build("INFO", f"sip:{self.alice.domain}", "<sip:a@b>", "<sip:b@b>", "x", number,
                                             f"z9hG4bK{number}", ["User-Agent: phone"], "body"))
        self.got = self.bob.quiet(wait)
        return [message.cseq[0] for message in self.got]

    def test_drop(self):
        self.open("drop method=INFO n=2-3")
        self.assertEqual(self.numbers(5), [1, 4, 5])

    def test_duplicate(self):
        self.open("duplicate 3 n=2")
        self.assertEqual(self.numbers(3), [1, 2, 2, 2, 3])

    def test_duplicate_later(self):
        self.open("duplicate 2 after=100ms n=1")
        self.assertEqual(self.numbers(3), [1, 2, 3, 1])

    def test_reorder(self):
        self.open("reorder 2 n=1")
        self.assertEqual(self.numbers(4), [2, 3, 1, 4])

    def test_reorder_the_last(self):
        """Nothing comes after it: it goes by itself."""
        self.open("reorder 2 n=2")
        self.assertEqual(self.numbers(2, 1.5), [1, 2])

    def test_delay(self):
        self.open("delay 300ms n=2")
        started = time.monotonic()
        self.assertEqual(self.numbers(3, 0.1), [1, 3])
        self.bob.wait(lambda message: message.cseq[0] == 2)
        self.assertTrue(0.29 <= time.monotonic() - started < 1)
        self.assertEqual(self.relay.messages()[1]["delay_ms"], 300)

    def test_delay_in_order(self):
        self.open("delay 300ms n=1", "delay 1ms order=keep")
        self.assertEqual(self.numbers(3), [1, 2, 3])

    def test_rewrite(self):
        self.open("rewrite /^User-Agent: .*$/User-Agent: another one/ n=2", "rewrite /body$/a longer body/ n=2")
        self.numbers(2)
        self.assertEqual([message.get("user-agent") for message in self.got], ["phone", "another one"])
        self.assertEqual([(message.body, message.get("content-length")) for message in self.got], [("body", "4"),
                                                                                                  ("a longer body", "13")])

    def test_rewrite_with_a_wrong_length(self):
        self.open("rewrite /body$/b/ length=keep")
        self.numbers(1)
        self.assertEqual((self.got[0].body, self.got[0].get("content-length")), ("b", "4"))

    def test_first_and_again(self):
        self.open("drop which=first")
        self.assertEqual(self.numbers(2) + self.numbers(2), [1, 2])
        self.assertEqual([entry["again"] for entry in self.relay.messages()], [False, False, True, True])

    def test_rules_change_while_it_runs(self):
        self.open()
        self.assertEqual(self.numbers(1), [1])
        rule = self.relay.add("drop")
        self.assertEqual(self.numbers(2), [])
        self.assertEqual(rule.fired, 2)
        self.relay.remove(rule)
        self.assertEqual(self.numbers(1), [1])

    def test_seed(self):
        def losses(seed):
            self.open("drop chance=50%", seed=seed)
            return self.numbers(60)
        first, again, other = losses(7), losses(7), losses(8)
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_rtp(self):
        self.open("drop rtp every=4", "drop rtcp", seed=3)
        call, incoming = self.talk()
        address, port, _, _ = sdp_audio(incoming.invite_message.body)
        for i in range(20):
            incoming.rtp.send((address, port), bytes([i]))
        incoming.rtp.socket.sendto(b"\x80\xc8\0\1abcd", (address, port))
        got = []
        while (packet := call.rtp.receive(0.3)) is not None:
            got.append(packet[5][0])
        self.assertEqual(got, [i for i in range(20) if i % 4 != 3])
        # Only what a rule acted on is in the log.
        self.assertEqual([e["kind"] for e in self.relay.messages() if e["kind"] != "sip"], ["rtp"] * 5 + ["rtcp"])

    def test_keep_alives_and_noise_pass(self):
        self.open()
        for data in (b"\r\n\r\n", b"\0", b"noise \xff", b"\x80\0" * 700):
            self.alice.send_raw(data)
            self.bob.socket.settimeout(5)
            self.assertEqual(self.bob.socket.recv(65536), data)


class Program(unittest.TestCase):
    def start(self, *arguments, code=None):
        process = subprocess.Popen(["/usr/bin/python3", PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
        self.addCleanup(self.end, process)
        if code is not None:
            output, errors = process.communicate(timeout=20)
            self.assertEqual(process.returncode, code, errors)
            return output, errors
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()

    def test_usage(self):
        output, _ = self.start("--help", code=0)
        for word in ("--before", "--rules", "drop method=INVITE", "gilbert", "add RULE"):
            self.assertIn(word, output)
        for arguments, reason in (((), "nothing to stand before"), (("--before", "x"), "is not NAME="),
                                  (("--before", "x=127.0.0.1:9", "--rule", "lose"), "--rule “lose”: unknown action"),
                                  (("--before", "x=::1:9"), "is not NAME="), (("--before", "x=[::1]:9"), "different families")):
            with self.subTest(arguments=arguments):
                self.assertIn(reason, self.start(*arguments, code=2)[1])
        with tempfile.NamedTemporaryFile("w", suffix=".rules") as file:
            file.write("# loss\ndrop n=1\ndrop n=x\n")
            file.flush()
            self.assertIn(f"{file.name}: line 3: “x” is no count", self.start("--before", "x=127.0.0.1:9", "--rules", file.name, code=2)[1])
        self.start("--before", "x=127.0.0.1:9", "--rules", "/nonexistent", code=1)

    def test_commands(self):
        with tempfile.TemporaryDirectory() as folder, Peer() as bob:
            log, control = os.path.join(folder, "log"), os.path.join(folder, "control")
            process = self.start("--before", f"bob=127.0.0.1:{bob.port}", "--seed", "5", "--log", log, "--control", control,
                                 "--rule", "drop n=1", "--log-text")
            ready = json.loads(process.stdout.readline())
            self.assertEqual((ready["ready"], ready["seed"]), (True, 5))

            def command(line):
                process.stdin.write(line + "\n")
                process.stdin.flush()
                return process.stdout.readline().rstrip("\n")

            with SipClient("127.0.0.1", int(ready["before"]["bob"].split(":")[1]), "alice") as alice:
                self.assertEqual(command("add drop method=INFO"), "ok 2")
                self.assertRegex(command("add drop x"), "^error: “x” is neither")
                self.assertRegex(command("shout"), "^error: “shout”")
                self.assertEqual(command(f"name alice=127.0.0.1:{alice.port}"), "ok")
                for method in ("OPTIONS", "INFO", "OPTIONS"):
                    alice.send(alice.build(method, "sip:x", "<sip:a@b>", "<sip:b@b>", "x", 1, "z9hG4bKx",
                                           ["Authorization: Digest response=\"secret\""]))
                self.assertEqual([message.method for message in bob.quiet(0.5)], ["OPTIONS"])
                listed = json.loads(command("list")[3:])
                self.assertEqual([(rule["rule"], rule["seen"], rule["fired"]) for rule in listed], [(1, 3, 1), (2, 1, 1)])
                self.assertEqual(json.loads(command("stats")[3:])[0]["dropped"], 2)
                with socket.socket(socket.AF_UNIX) as other:
                    other.connect(control)
                    other.sendall(b"remove 2\nremove 2\n" + b"x" * 9000)
                    other.settimeout(5)
                    answers = b""
                    while answers.count(b"\n") < 3:
                        answers += other.recv(4096)
                self.assertEqual(answers, b"ok\nerror: there is no rule 2\nerror: a line is too long\n")
                self.assertEqual(command("clear"), "ok")
                self.assertRegex(command(f"before bob2=127.0.0.1:{bob.port}"), r"^ok \d+$")
                self.assertEqual(command("quit"), "ok")
            self.assertEqual(process.wait(10), 0)
            with open(log, encoding="utf-8") as file:
                entries = [json.loads(line) for line in file]
            self.assertEqual([(entry["from"], entry["method"], entry["done"]) for entry in entries],
                             [("alice", "OPTIONS", ["dropped"]), ("alice", "INFO", ["dropped"]), ("alice", "OPTIONS", ["sent"])])
            self.assertNotIn("secret", entries[0]["text"])
            self.assertFalse(os.path.exists(control))

    def test_end_with_input_and_signal(self):
        process = self.start("--before", "x=127.0.0.1:9", "--end-with-input")
        self.assertTrue(json.loads(process.stdout.readline())["ready"])
        process.stdin.close()
        self.assertEqual(process.wait(10), 0)
        process = self.start("--before", "x=127.0.0.1:9")
        process.stdout.readline()
        process.terminate()
        self.assertEqual(process.wait(10), 0)
        self.assertIn("stats", json.loads(process.stdout.readline()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
