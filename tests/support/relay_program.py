# SPDX-License-Identifier: GPL-3.0-or-later
"""The program `tests/support/relay`: options, the ready line, and commands while it runs."""

import argparse
import contextlib
import json
import os
import re
import selectors
import signal
import socket
import stat
import sys

from relay import Relay, RuleError, make_seed
from relay_rules import parse_rules

__all__ = ["main", "run_command", "parse_peer", "CommandError"]

MAX_COMMAND = 4096
MAX_CONTROLLERS = 16

HELP = """commands, one a line; the answer is one line that starts with ok or error:
  add RULE                     put a rule in force; ok NUMBER
  remove NUMBER                take a rule back
  clear                        take all rules back
  list                         rules with what they have seen and done, as JSON
  stats                        packets of each flow, as JSON
  before NAME=HOST:PORT[@OWN]  stand before one more peer; ok PORT
  name NAME=HOST:PORT          name somebody for rules and the log
  quit                         end
"""

DESCRIPTION = """Stands before SIP peers (UDP and TCP) and before their RTP, and loses, delays, doubles, reorders or rewrites
what passes, by rules and with a seed. Phones are pointed at the relay instead of the peer; addresses in the
messages are changed so that everything that follows, RTP too, comes this way."""

EPILOG = """rules:
  drop method=INVITE n=1               the first INVITE
  drop status=200 method=BYE which=first   each 200 to BYE, but not its retransmission
  delay 700ms from=exchange            all that comes from there, one kind or the other
  duplicate 3 method=ACK after=20ms
  reorder sip from=alice every=2
  rewrite /^User-Agent: .*$/User-Agent: x/ to=exchange
  drop rtp chance=5%
  drop rtp gilbert=2%,30%              bursts of loss
  delay uniform:20ms-80ms rtp          jitter

""" + HELP + "\nexample:\n  relay --before exchange=127.0.0.1:5060@5070 --rule 'drop method=REGISTER n=1' --log relay.jsonl"


class CommandError(ValueError):
    """A command or an option that cannot be understood."""


def parse_peer(text):
    """"NAME=HOST:PORT[@OWN]" as (name, host, port, own port or 0)."""
    found = re.fullmatch(r"([A-Za-z][\w.-]{0,39})=(\[[0-9A-Fa-f:.]+\]|[\d.]+):(\d{1,5})(?:@(\d{1,5}))?", text)
    if not found:
        raise CommandError(f"“{text}” is not NAME=ADDRESS:PORT[@OWN-PORT] with a numeric address")
    host = found.group(2).strip("[]")
    ports = int(found.group(3)), int(found.group(4) or 0)
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        raise CommandError(f"“{host}” is no address") from None
    if not 0 < ports[0] <= 65535 or ports[1] > 65535:
        raise CommandError(f"“{text}”: a port is from 1 to 65535")
    return (found.group(1), host, *ports)


def run_command(relay, line):
    """The answer to one command line, or None for quit."""
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    try:
        if word == "add" and rest:
            rule = relay.add(rest)
            return f"ok {rule.number}" if rule else "error: a comment is no rule"
        if word == "remove" and rest.isdigit():
            relay.remove(int(rest))
        elif word == "clear":
            relay.clear()
        elif word == "list":
            return "ok " + json.dumps([{"rule": rule.number, "text": rule.text, "seen": rule.seen, "fired": rule.fired}
                                       for rule in relay.rules.rules])
        elif word == "stats":
            return "ok " + json.dumps(relay.stats())
        elif word == "before":
            return f"ok {relay.stand_before(*parse_peer(rest))}"
        elif word == "name":
            relay.name(*parse_peer(rest)[:3])
        elif word == "quit":
            return None
        else:
            return f"error: “{line.strip()[:60]}”: add, remove, clear, list, stats, before, name or quit is meant"
    except (RuleError, CommandError, ValueError, OSError) as error:
        return f"error: {error}"
    return "ok"


class Controller:
    """Lines from standard input or from somebody at the control socket, answers back."""

    def __init__(self, program, read, write, on_end):
        self.program = program
        self.read = read
        self.write = write
        self.on_end = on_end
        self.buffer = b""

    def on_readable(self, _events):
        try:
            data = self.read()
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.on_end()
            return
        self.buffer += data
        while b"\n" in self.buffer:
            line, _, self.buffer = self.buffer.partition(b"\n")
            if line.strip():
                self._answer(line)
        if len(self.buffer) > MAX_COMMAND:
            self.buffer = b""
            self.write(b"error: a line is too long\n")

    def _answer(self, line):
        answer = run_command(self.program.relay, line[:MAX_COMMAND].decode("utf-8", "replace"))
        with contextlib.suppress(OSError):
            self.write(((answer or "ok") + "\n").encode())
        if answer is None:
            self.program.relay.stop()


class Program:
    def __init__(self, options):
        self.options = options
        self.relay = None
        self.listener = None
        self.controllers = set()

    def run(self):
        options = self.options
        log = open(options.log, "a", encoding="utf-8") if options.log else None
        rules = self._read_rules()
        peers = {name: address for name, *address in map(parse_peer, options.before)}
        names = {name: (host, port) for name, host, port, _ in map(parse_peer, options.name)}
        self.relay = Relay(peers, names=names, bind=options.bind, seed=options.seed, log=log, log_media=options.log_media,
                           log_text=options.log_text)
        try:
            for rule in rules:
                self.relay.rules.add(rule)
            self._open_control()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.relay.stop())
            print(json.dumps({"ready": True, "seed": self.relay.seed,
                              "before": {name: self.relay.address(name) for name in peers}}), flush=True)
            self.relay.run()
            print(json.dumps({"stats": self.relay.stats(), "rules": [
                {"rule": rule.number, "text": rule.text, "seen": rule.seen, "fired": rule.fired} for rule in self.relay.rules.rules]}),
                flush=True)
        finally:
            self._close_control()
            self.relay.close()
            if log:
                log.close()

    def _read_rules(self):
        rules = []
        if self.options.rules:
            with open(self.options.rules, encoding="utf-8") as file:
                try:
                    rules = parse_rules(file.read())
                except RuleError as error:
                    raise CommandError(f"{self.options.rules}: {error}") from None
        for line in self.options.rule:
            try:
                rules += parse_rules(line)
            except RuleError as error:
                raise CommandError(f"--rule “{line}”: {str(error).removeprefix('line 1: ')}") from None
        return rules

    def _open_control(self):
        loop = self.relay._loop
        if self._input_is_useful():
            os.set_blocking(0, False)
            controller = Controller(self, lambda: os.read(0, 4096), lambda data: os.write(1, data), self._on_input_end)
            loop.watch(0, controller.on_readable)
        if self.options.control:
            self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.listener.bind(self.options.control)
            os.chmod(self.options.control, 0o600)
            self.listener.listen(8)
            self.listener.setblocking(False)
            loop.watch(self.listener, self._on_controller)

    @staticmethod
    def _input_is_useful():
        """A file cannot be waited for, and /dev/null has nothing to say."""
        try:
            mode = os.fstat(0).st_mode
        except OSError:
            return False
        return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(0)

    def _on_input_end(self):
        self.relay._loop.forget(0)
        if self.options.end_with_input:
            self.relay.stop()

    def _on_controller(self, _events):
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return
        if len(self.controllers) >= MAX_CONTROLLERS:
            sock.close()
            return
        sock.setblocking(False)
        self.controllers.add(sock)

        def end():
            self.relay._loop.forget(sock)
            self.controllers.discard(sock)
            sock.close()

        controller = Controller(self, lambda: sock.recv(4096), sock.sendall, end)
        self.relay._loop.watch(sock, controller.on_readable, selectors.EVENT_READ)

    def _close_control(self):
        for sock in self.controllers:
            sock.close()
        if self.listener:
            self.listener.close()
            with contextlib.suppress(OSError):
                os.unlink(self.options.control)


def make_parser():
    parser = argparse.ArgumentParser(prog="relay", description=DESCRIPTION, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", action="append", default=[], metavar="NAME=HOST:PORT[@OWN]",
                        help="a peer to stand before, and the port to do it on (else a free one); may be repeated")
    parser.add_argument("--name", action="append", default=[], metavar="NAME=HOST:PORT",
                        help="a name for somebody who shows up later; may be repeated")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="own address, written into messages (127.0.0.1)")
    parser.add_argument("--rules", metavar="FILE", help="rules, one a line, # starts a comment")
    parser.add_argument("--rule", action="append", default=[], metavar="RULE", help="one more rule; may be repeated")
    parser.add_argument("--seed", type=int, help="for all that happens by chance; else $DESKSET_TEST_SEED, else any")
    parser.add_argument("--log", metavar="FILE", help="what passed and what was done with it, JSON lines, appended")
    parser.add_argument("--log-media", action="store_true", help="log each RTP packet, not only those a rule acted on")
    parser.add_argument("--log-text", action="store_true", help="log whole messages; credentials are masked")
    parser.add_argument("--control", metavar="PATH", help="a Unix socket that takes the same commands as standard input")
    parser.add_argument("--end-with-input", action="store_true", help="end when standard input is closed")
    return parser


def main(arguments=None):
    parser = make_parser()
    options = parser.parse_args(arguments)
    if not options.before:
        parser.error("nothing to stand before: give --before NAME=HOST:PORT")
    if options.seed is None:
        options.seed = make_seed()
    try:
        Program(options).run()
    except (CommandError, RuleError, ValueError) as error:
        print(f"relay: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"relay: {error}", file=sys.stderr)
        return 1
    return 0
