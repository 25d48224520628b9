# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the flows of data/flows on phones that run already, for tests in which something goes wrong on the way: from then on keys
are pressed as a user would who does not look, and what the flow wants to see is no longer asked for.

The language is that of doc/flows.md; what is heard is left out."""

import pathlib
import re
import shlex
import time

from deskset import Refused

PATIENCE_S = 10
HASTE_S = 1.0              # after something has gone wrong
CHECKS = ("wait", "lcd", "no-lcd", "softkeys", "page", "icon", "no-icon", "idle", "lamp")


class Line:
    def __init__(self, place, step, words):
        self.place = place
        self.step = step
        self.who, self.verb, *self.rest = words


def read_flow(path, variables):
    """The lines that concern phones, with the loops unrolled."""
    lines, stack, step = [], [], ""
    values = dict(variables)

    def value(found):
        return values[found.group(1)]

    for number, text in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        words = shlex.split(text, comments=True)
        if not words or words[0] in ("title", "include", "start", "phone"):
            continue
        words = [re.sub(r"\$\{([\w.]+)\}", value, word) for word in words]
        if words[0] == "variable":
            if len(words) > 2:
                values.setdefault(words[1], words[2])
        elif words[0] == "step":
            step = words[1]
        elif words[0] == "pause":
            continue
        elif words[0] == "repeat":
            stack.append((len(lines), int(words[1])))
        elif words[0] == "end":
            begin, count = stack.pop()
            lines += lines[begin:] * (count - 1)
        else:
            lines.append(Line(f"{pathlib.Path(path).name}:{number}", step, words))
    return lines


class Player:
    """went_wrong () tells whether a line may come to nothing by now."""

    def __init__(self, phones, went_wrong=lambda: False):
        self.phones = phones
        self.went_wrong = went_wrong

    def play(self, lines):
        for line in lines:
            for letter in self.phones if line.who == "all" else (line.who,):
                self.play_line(line, letter)

    def play_line(self, line, letter):
        wrong = self.went_wrong()
        try:
            self.do(self.phones[letter], line, HASTE_S if wrong else PATIENCE_S)
        except Refused as error:
            if not (wrong or self.went_wrong()):
                raise AssertionError(f"{line.place}: {line.who} {line.verb} {' '.join(line.rest)}: {error}") from error

    def do(self, phone, line, patience):
        rest = [word for word in line.rest if not word.startswith("within=")]
        if line.verb == "hears":
            return
        if line.verb in CHECKS:
            if not self.went_wrong():
                self.check(phone, line.verb, rest, patience)
        elif line.verb == "number":
            phone.key(*rest[0])
        elif line.verb == "soft":
            phone.wait(f"softkey:{rest[0]}", patience)
            keys = phone.screen()["softkeys"]
            # It may be gone again by now.
            if rest[0] in keys:
                phone.key(f"F{keys.index(rest[0]) + 1}")
        elif line.verb == "setting":
            phone.set(rest[0], rest[1])
        elif line.verb == "key":
            phone.key(*rest)
        else:
            phone.ctl(line.verb, *rest)

    @staticmethod
    def check(phone, verb, rest, patience):
        conditions = {"wait": rest, "lcd": [f"screen:{text}" for text in rest], "no-lcd": [f"!screen:{text}" for text in rest],
                      "softkeys": [f"softkeys:{text}" for text in rest], "page": [f"page:{text}" for text in rest],
                      "icon": [f"icon:{text}" for text in rest], "no-icon": [f"!icon:{text}" for text in rest],
                      "idle": ["idle"], "lamp": [f"lamp:{':'.join(rest)}"]}[verb]
        for condition in conditions:
            # Since the beginning of the step: a later key of another phone may have been quicker.
            phone.wait(condition, patience)


def settle(phone, timeout):
    """Waits until nothing is on its way any more: each call talks, is on hold, or rings. Returns them."""
    deadline = time.monotonic() + timeout
    while True:
        calls = phone.calls()
        if all(call["state"] in ("talking", "held", "incoming", "ringing", "ended") for call in calls):
            return [call for call in calls if call["state"] != "ended"]
        if time.monotonic() > deadline:
            raise AssertionError(f"{phone.name} stays on its way: {[call['state'] for call in calls]}\n{phone.describe()}")
        time.sleep(0.1)
