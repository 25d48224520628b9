# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the relay: read from text, matched against what passes, decided with chance that a seed repeats.

doc/relay.md describes the language. Everything here is pure: no sockets, no clock.
"""

import random
import re

__all__ = ["Rule", "RuleSet", "RuleError", "Packet", "Verdict", "parse_rule", "parse_rules", "parse_time"]

MAX_LINE = 2000
MAX_RULES = 200
MAX_TIME_S = 120.0
MAX_COPIES = 100
MAX_HOLD = 1000

ACTIONS = ("drop", "delay", "duplicate", "reorder", "rewrite", "close", "pass")
KINDS = {"sip": ("sip",), "rtp": ("rtp",), "rtcp": ("rtcp",), "media": ("rtp", "rtcp"), "other": ("other",),
         "all": ("sip", "rtp", "rtcp", "other")}
SIP_KEYS = ("method", "status", "cseq", "match", "which", "transport", "length")
MEDIA_KEYS = ("payload", "gilbert")


def as_text(data, raw=False):
    """For patterns: line ends as \\n, so that $ and . mean what one expects; not when a message has others on purpose."""
    text = data.decode("utf-8", "surrogateescape")
    return text if raw or text.count("\n") != text.count("\r\n") else text.replace("\r\n", "\n")


class RuleError(ValueError):
    """A rule that cannot be understood; the text says where and why."""


class Packet:
    """What a rule looks at: a SIP message, an RTP or RTCP packet, or something else that came to one of the ports."""

    def __init__(self, kind, data, sender, receiver, *, transport="udp", method=None, status=None, cseq=None, again=False,
                 payload=None):
        self.kind = kind                # "sip", "rtp", "rtcp", "other"
        self.data = data
        self.sender = sender            # names
        self.receiver = receiver
        self.transport = transport
        self.method = method            # of a request
        self.status = status            # of a response
        self.cseq = cseq                # method in CSeq
        self.again = again              # seen before: a retransmission
        self.payload = payload          # type of an RTP packet

    @property
    def flow(self):
        return self.kind, self.transport, self.sender, self.receiver

    def text(self, raw=False):
        return as_text(self.data, raw)


class Verdict:
    """What is to be done with a packet, and which rules said so."""

    def __init__(self, data):
        self.data = data
        self.drop = False
        self.close = False
        self.delay_s = 0.0
        self.in_order = False
        self.copies = 1
        self.copy_after_s = 0.0
        self.hold = 0                   # let so many later ones pass first
        self.keep_length = False
        self.rewritten = False
        self.rules = []

    @property
    def words(self):
        """For the log: what was done, in the order of weight."""
        if self.drop:
            return ["dropped"]
        if self.close:
            return ["closed"]
        words = []
        if self.rewritten:
            words.append("rewritten")
        if self.delay_s > 0:
            words.append("delayed")
        if self.hold:
            words.append("reordered")
        if self.copies > 1:
            words.append("duplicated")
        return words or ["sent"]


# -- values ------------------------------------------------------------------------------------------------------------

def parse_time(text):
    """"700ms", "1.5s" or "20" (milliseconds) as seconds."""
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,6})?)(ms|s)?", text)
    if not found:
        raise RuleError(f"“{text}” is no time: write 700ms or 1.5s")
    seconds = float(found.group(1)) / (1 if found.group(2) == "s" else 1000)
    if seconds > MAX_TIME_S:
        raise RuleError(f"{text} is more than {MAX_TIME_S:g} s")
    return seconds


def parse_share(text):
    """"5%" or "0.05" as a number from 0 to 1."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)(%)?", text)
    value = float(found.group(1)) / (100 if found.group(2) else 1) if found else 2
    if not 0 <= value <= 1:
        raise RuleError(f"“{text}” is no share: write 5% or 0.05")
    return value


def parse_count(text, what, least=1, most=1_000_000_000):
    if not re.fullmatch(r"\d{1,10}", text) or not least <= int(text) <= most:
        raise RuleError(f"“{text}” is no {what}: a whole number from {least} to {most}")
    return int(text)


def parse_range(text):
    """"3", "3-5" or "3-" as (first, last); last None: no end."""
    found = re.fullmatch(r"(\d{1,9})(-(\d{1,9})?)?", text)
    if not found or int(found.group(1)) < 1:
        raise RuleError(f"“{text}” is no count: write 3, 3-5 or 3-")
    first = int(found.group(1))
    last = int(found.group(3)) if found.group(3) else (None if found.group(2) else first)
    if last is not None and last < first:
        raise RuleError(f"“{text}”: the second number is smaller than the first")
    return first, last


def parse_delay(text):
    """"60ms", "uniform:20ms-80ms" or "normal:60ms,15ms" as (name, first, second)."""
    name, colon, rest = text.partition(":")
    if not colon:
        return "fixed", parse_time(text), 0.0
    if name == "uniform" and rest.count("-") == 1:
        low, high = (parse_time(part) for part in rest.split("-"))
        if high >= low:
            return name, low, high
        raise RuleError(f"“{text}”: the second time is smaller than the first")
    if name == "normal" and rest.count(",") == 1:
        return (name, *(parse_time(part) for part in rest.split(",")))
    raise RuleError(f"“{text}” is no delay: write 60ms, uniform:20ms-80ms or normal:60ms,15ms")


def parse_status(text):
    if not re.fullmatch(r"[1-6](\d\d|xx)", text):
        raise RuleError(f"“{text}” is no status: write 486 or 4xx")
    return re.compile(text.replace("x", r"\d"))


def parse_gilbert(text):
    """"P,R[,BAD[,GOOD]]": chance of good → bad and bad → good, share lost in the bad and in the good state."""
    parts = [parse_share(part) for part in text.split(",")]
    if not 2 <= len(parts) <= 4:
        raise RuleError(f"“{text}”: gilbert wants two to four shares: P,R[,BAD[,GOOD]]")
    return tuple(parts + [1.0, 0.0][len(parts) - 2:])


def compile_pattern(text, flags=""):
    try:
        return re.compile(text, re.M | (re.I if "i" in flags else 0))
    except (re.error, RecursionError, OverflowError) as error:
        raise RuleError(f"“/{text}/” is no regular expression: {error}") from None


# -- text --------------------------------------------------------------------------------------------------------------

def _read_slashed(line, start, parts):
    """`parts` pieces that end with a slash each, from behind the first slash; \\/ is a slash in a piece."""
    pieces, piece, i = [], "", start
    while len(pieces) < parts:
        if i >= len(line):
            raise RuleError(f"no closing slash after “{line[start - 1:start + 30]}”")
        if line[i] == "\\" and line[i + 1:i + 2] == "/":
            piece += "/"
            i += 2
            continue
        if line[i] == "\\" and i + 1 < len(line):
            piece += line[i:i + 2]
            i += 2
            continue
        if line[i] == "/":
            pieces.append(piece)
            piece = ""
        else:
            piece += line[i]
        i += 1
    end = i
    while end < len(line) and not line[end].isspace():
        end += 1
    if line[i:end] not in ("", "i", "b", "ib", "bi"):
        raise RuleError(f"“{line[i:end]}” after the closing slash: only i (capitals do not matter) and b (line ends as they are) may "
                        "stand there")
    return pieces, line[i:end], end


def _split(line):
    """The words of a rule: (word, None) or, for what stands between slashes, (what is before, [pieces], flags)."""
    words, i = [], 0
    while i < len(line):
        if line[i].isspace():
            i += 1
            continue
        if line[i] == "#":
            break
        found = re.compile(r"(match=)?/").match(line, i)
        if found:
            pieces, flags, i = _read_slashed(line, found.end(), 1 if found.group(1) else 2)
            words.append((found.group(1) or "/", pieces, flags))
            continue
        end = i
        while end < len(line) and not line[end].isspace():
            end += 1
        words.append((line[i:end], None, ""))
        i = end
    return words


def parse_rule(line):
    """A `Rule`, or None for an empty line or a comment. Raises RuleError."""
    line = line.rstrip("\r\n")
    if len(line) > MAX_LINE:
        raise RuleError(f"longer than {MAX_LINE} characters")
    words = _split(line)
    if not words:
        return None
    action = words.pop(0)[0]
    if action not in ACTIONS:
        raise RuleError(f"unknown action “{action}”: there are {', '.join(ACTIONS)}")
    return Rule(action, words, line.strip())


def parse_rules(text):
    """All rules of a file. The error names the line."""
    rules = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            rule = parse_rule(line)
            if rule and len(rules) >= MAX_RULES:
                raise RuleError(f"more than {MAX_RULES} rules")
        except RuleError as error:
            raise RuleError(f"line {number}: {error}") from None
        if rule:
            rules.append(rule)
    return rules


class Rule:
    """One line. `fired`: how often it did something; `seen`: how many packets it was about, before counts and chance."""

    def __init__(self, action, words, text):
        self.action = action
        self.text = text
        self.number = 0
        self.seed = 0
        self.seen = 0
        self.fired = 0
        self.kinds = None
        self.delay = None
        self.copies = 2
        self.hold = 1
        self.after_s = 0.0
        self.in_order = False
        self.keep_length = False
        self.pattern = self.replacement = None
        self.raw = False                # patterns see line ends as they are
        self.method = self.status = self.cseq = self.match = self.which = self.transport = self.payload = None
        self.sender = self.receiver = None
        self.range = self.every = self.chance = self.gilbert = None
        self._random = {}
        self._bad = {}
        self._take(words)

    # -- reading

    def _take(self, words):
        given = set()
        self._take_argument(words)
        for word, pieces, flags in words:
            if pieces and word == "match=":
                key, value = "match", compile_pattern(pieces[0], flags)
                self.raw = self.raw or "b" in flags
            elif pieces:
                raise RuleError("only rewrite takes /PATTERN/TEXT/")
            elif "=" in word:
                key, _, value = word.partition("=")
            elif word in KINDS and self.kinds is None:
                self.kinds = KINDS[word]
                continue
            else:
                raise RuleError(f"“{word}” is neither a kind ({', '.join(KINDS)}) nor KEY=VALUE")
            if key in given:
                raise RuleError(f"{key}= stands twice")
            given.add(key)
            self._take_key(key, value)
        self._check(given)

    def _take_argument(self, words):
        if self.action == "rewrite":
            if not words or words[0][0] != "/":
                raise RuleError("rewrite wants /PATTERN/TEXT/")
            _, (pattern, text), flags = words.pop(0)
            self.pattern = compile_pattern(pattern, flags)
            self.raw = "b" in flags
            self.replacement = text.replace("\\r", "\r").replace("\\n", "\n")
            try:
                # Wrong group references show at once, not with the first message.
                re.compile(self.pattern.pattern + "|", self.pattern.flags).sub(self.replacement, "")
            except (re.error, IndexError) as error:
                raise RuleError(f"“{text}” cannot be put in: {error}") from None
        elif self.action == "delay":
            if not words or words[0][1]:
                raise RuleError("delay wants a time")
            self.delay = parse_delay(words.pop(0)[0])
        elif words and not words[0][1] and words[0][0].isdigit():
            if self.action == "duplicate":
                self.copies = parse_count(words.pop(0)[0], "number of copies", 2, MAX_COPIES)
            elif self.action == "reorder":
                self.hold = parse_count(words.pop(0)[0], "number of later ones", 1, MAX_HOLD)

    def _take_key(self, key, value):
        if key == "match":
            if isinstance(value, str):
                raise RuleError("match wants /PATTERN/")
            self.match = value
        elif value == "":
            raise RuleError(f"{key}= has no value")
        elif key in ("from", "to"):
            setattr(self, "sender" if key == "from" else "receiver", value)
        elif key in ("method", "cseq"):
            setattr(self, key, value.upper())
        elif key == "status":
            self.status = parse_status(value)
        elif key == "which":
            self.which = self._choice(key, value, ("first", "again"))
        elif key == "transport":
            self.transport = self._choice(key, value, ("udp", "tcp"))
        elif key == "length":
            self.keep_length = self._choice(key, value, ("keep", "mend")) == "keep"
        elif key == "order":
            self.in_order = self._choice(key, value, ("keep", "free")) == "keep"
        elif key == "payload":
            self.payload = parse_count(value, "payload type", 0, 127)
        elif key == "n":
            self.range = parse_range(value)
        elif key == "every":
            self.every = parse_count(value, "count")
        elif key == "chance":
            self.chance = parse_share(value)
        elif key == "gilbert":
            self.gilbert = parse_gilbert(value)
        elif key == "after":
            self.after_s = parse_time(value)
        else:
            raise RuleError(f"unknown key “{key}”")

    @staticmethod
    def _choice(key, value, choices):
        if value not in choices:
            raise RuleError(f"{key}={value}: {' or '.join(choices)} is meant")
        return value

    def _check(self, given):
        sip = [key for key in SIP_KEYS if key in given]
        media = [key for key in MEDIA_KEYS if key in given]
        if self.action in ("rewrite", "close"):
            sip.append(self.action)
        if sip and media:
            raise RuleError(f"{sip[0]} is about SIP and {media[0]} about media")
        if self.kinds is None:
            self.kinds = KINDS["sip"] if sip else KINDS["media"] if media else KINDS["all"]
        elif sip and sip != ["transport"] and self.kinds != KINDS["sip"]:
            raise RuleError(f"{sip[0]} is about SIP only")
        elif media and "sip" in self.kinds:
            raise RuleError(f"{media[0]} is about media only")
        for key, action in (("after", "duplicate"), ("order", "delay"), ("length", "rewrite")):
            if key in given and self.action != action:
                raise RuleError(f"{key}= belongs to {action}")

    # -- deciding

    def matches(self, packet):
        """Whether the rule is about this packet, before counts and chance."""
        if packet.kind not in self.kinds:
            return False
        if self.sender is not None and not _is_name(self.sender, packet.sender):
            return False
        if self.receiver is not None and not _is_name(self.receiver, packet.receiver):
            return False
        if self.transport is not None and packet.transport != self.transport:
            return False
        if self.payload is not None and packet.payload != self.payload:
            return False
        return self._matches_message(packet)

    def _matches_message(self, packet):
        if self.status is not None:
            if packet.status is None or not self.status.fullmatch(str(packet.status)):
                return False
            if self.method is not None and packet.cseq != self.method:
                return False
        elif self.method is not None and packet.method != self.method:
            return False
        if self.cseq is not None and packet.cseq != self.cseq:
            return False
        if self.which is not None and packet.again != (self.which == "again"):
            return False
        return self.match is None or self.match.search(packet.text(self.raw)) is not None

    def _chance_of(self, flow):
        """Each flow has its own dice, so that what another flow does changes nothing. Flows are told apart by the order in
        which they came: ports differ from run to run."""
        dice = self._random.get(flow)
        if dice is None:
            dice = self._random[flow] = random.Random(f"{self.seed}/{self.number}/{len(self._random)}")
        return dice

    def _gilbert_loses(self, flow, dice):
        to_bad, to_good, lost_bad, lost_good = self.gilbert
        bad = self._bad.get(flow, False)
        bad = dice.random() >= to_good if bad else dice.random() < to_bad
        self._bad[flow] = bad
        return dice.random() < (lost_bad if bad else lost_good)

    def applies(self, packet):
        """Counts the packet and throws the dice: whether the rule acts on it."""
        if not self.matches(packet):
            return False
        self.seen += 1
        if self.range is not None and not (self.range[0] <= self.seen and (self.range[1] is None or self.seen <= self.range[1])):
            return False
        if self.every is not None and self.seen % self.every != 0:
            return False
        dice = self._chance_of(packet.flow)
        if self.gilbert is not None and not self._gilbert_loses(packet.flow, dice):
            return False
        if self.chance is not None and dice.random() >= self.chance:
            return False
        self.fired += 1
        return True

    def rewrite(self, data):
        text = as_text(data, self.raw)
        changed = self.pattern.sub(self.replacement, text)
        if changed == text:
            return data
        if "\r\n" not in text and b"\r\n" in data:
            changed = changed.replace("\n", "\r\n")
        return changed.encode("utf-8", "surrogateescape")

    def delay_for(self, packet):
        """Seconds, never less than 0."""
        name, first, second = self.delay
        if name == "fixed":
            return first
        dice = self._chance_of(packet.flow)
        value = dice.uniform(first, second) if name == "uniform" else dice.gauss(first, second)
        return min(max(value, 0.0), MAX_TIME_S)


def _is_name(wanted, name):
    return name != wanted[1:] if wanted.startswith("!") else name == wanted


class RuleSet:
    """The rules in force, in their order, with one seed."""

    def __init__(self, seed):
        self.seed = seed
        self.rules = []
        self._last = 0

    def add(self, rule):
        if len(self.rules) >= MAX_RULES:
            raise RuleError(f"more than {MAX_RULES} rules")
        self._last += 1
        rule.number = self._last
        rule.seed = self.seed
        self.rules.append(rule)
        return rule

    def remove(self, number):
        for rule in self.rules:
            if rule.number == number:
                self.rules.remove(rule)
                return rule
        raise RuleError(f"there is no rule {number}")

    def clear(self):
        self.rules = []

    def decide(self, packet):
        """All rules one after the other: each may add something; drop, close and pass are the last word."""
        verdict = Verdict(packet.data)
        for rule in self.rules:
            if not rule.applies(packet):
                continue
            verdict.rules.append(rule.number)
            if rule.action == "pass":
                break
            self._apply(rule, packet, verdict)
            if verdict.drop or verdict.close:
                break
        return verdict

    @staticmethod
    def _apply(rule, packet, verdict):
        if rule.action == "drop":
            verdict.drop = True
        elif rule.action == "close":
            verdict.close = True
        elif rule.action == "delay":
            verdict.delay_s += rule.delay_for(packet)
            verdict.in_order = verdict.in_order or rule.in_order
        elif rule.action == "duplicate":
            verdict.copies = min(verdict.copies + rule.copies - 1, MAX_COPIES)
            verdict.copy_after_s = max(verdict.copy_after_s, rule.after_s)
        elif rule.action == "reorder":
            verdict.hold = max(verdict.hold, rule.hold)
        elif rule.action == "rewrite":
            verdict.data = rule.rewrite(verdict.data)
            verdict.rewritten = verdict.rewritten or verdict.data != packet.data
            verdict.keep_length = verdict.keep_length or rule.keep_length
