# SPDX-License-Identifier: GPL-3.0-or-later
"""Ladders of call flows: what phones have said, compared with tests/flows/NAME.ladder.

    PYTHONPATH=… python3 ladder.py FOLDER NAME          # prints the ladder of FOLDER/NAME-A.json, NAME-B.json, …

A line is a message of one phone: `A1 -> P  INVITE sendrecv`: phone A in its first dialog, to the proxy. What stands behind the
message is the direction in its SDP, where a REFER or a redirection goes, what a NOTIFY tells, whether there is a Replaces.

Order matters among the messages about one method in a dialog of a phone (an ACK belongs to its INVITE), across an empty line
(everything above it has happened before anything below it), and where a line says so:

    before "P  -> B1 202 REFER" "B1 -> P  BYE"

Left out are REGISTER, 100, and what was sent again: how often depends on the machine."""

import json
import pathlib
import re
import shlex
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "flows"
# Between two steps of a flow somebody listens for 400 ms at least.
STEP_S = 0.3


def header(text, name):
    found = re.search(rf"(?mi)^{name}[ \t]*:[ \t]*(.*?)\r?$", text.split("\r\n\r\n")[0])
    return found.group(1) if found else None


def user_of(address):
    found = re.search(r"sips?:([^@;>?]+)@", address or "")
    return found.group(1) if found else "?"


def details(message, names):
    """The words behind a message; numbers of the phones are their letters."""
    text = message["text"]
    body = text.split("\r\n\r\n", 1)[1] if "\r\n\r\n" in text else ""
    words = []
    if "m=audio" in body:
        found = re.search(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)\r?$", body)
        words.append(found.group(1) if found else "sendrecv")
    target = header(text, "Refer-To")
    if target:
        words.append("to " + names.get(user_of(target), user_of(target)))
        if "Replaces=" in target:
            words.append("replacing")
    if header(text, "Referred-By") and message["message"] == "INVITE":
        words.append("referred")
    if header(text, "Replaces"):
        words.append("replacing")
    if message["message"].startswith("302"):
        contact = header(text, "Contact")
        words.append("to " + names.get(user_of(contact), user_of(contact)))
    if body.startswith("SIP/2.0 "):
        words.append("of " + body.split("\r\n")[0][len("SIP/2.0 "):][:3])
    return words


def captured(folder, flow, names):
    """(seconds, leg, line) of every message, in the order in which they happened."""
    lines = []
    for path in sorted(pathlib.Path(folder).glob(f"{flow}-?.json")):
        phone = path.stem[-1]
        dialogs = {}
        for message in json.loads(path.read_text(encoding="utf-8"))["messages"]:
            method = re.sub(r"^\d+ +", "", header(message["text"], "CSeq") or "")
            label = message["message"]
            if method == "REGISTER" or label.startswith("100") or message["again"]:
                continue
            leg = f"{phone}{dialogs.setdefault(message['call_id'], len(dialogs) + 1)}"
            # The words of a response are the server's own; what it answers is not always plain.
            label = f"{label[:3]} {method}" if label[:3].isdigit() else label
            arrow = f"{leg} -> P " if message["sent"] else f"P  -> {leg}"
            lines.append((message["time_us"] / 1e6, leg, " ".join([arrow, label, *details(message, names)])))
    return sorted(lines, key=lambda line: line[0])


def to_text(title, lines):
    """A ladder file; empty lines where somebody has listened in between."""
    out = [f"# {title}"]
    before = None
    for seconds, _, line in lines:
        if before is None or seconds - before > STEP_S:
            out.append("")
        before = seconds
        out.append(line)
    return "\n".join(out) + "\n"


def read(path):
    """The lines of a ladder file in blocks, and the pairs of lines of which one comes first."""
    blocks, pairs = [[]], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            blocks.append([])
        elif line.startswith("before "):
            pairs.append(shlex.split(line)[1:])
        elif not line.startswith("#"):
            blocks[-1].append(line)
    return [block for block in blocks if block], pairs


def thread_of(line):
    """Whose order is kept: "A1 INVITE", and who asked."""
    leg = re.search(r"\b([A-Z]\d)\b", line).group(1)
    status, method = re.match(r"\S+ +-> \S+ +(?:(\d{3}) )?(\w+)", line).groups()
    asked = line.startswith("P") == (status is None)
    return leg, "INVITE" if method in ("ACK", "CANCEL") else method, "asked" if asked else "asks"


def compare(folder, flow, names):
    """None, or what is other than the flow's ladder says."""
    blocks, pairs = read(FOLDER / f"{flow}.ladder")
    lines = [(seconds, line) for seconds, _, line in captured(folder, flow, names)]
    whole = to_text(flow, [(seconds, None, line) for seconds, line in lines])
    wanted = [line for block in blocks for line in block]
    for thread in sorted({thread_of(line) for line in wanted} | {thread_of(line) for _, line in lines}):
        want = [line for line in wanted if thread_of(line) == thread]
        have = [line for _, line in lines if thread_of(line) == thread]
        if want != have:
            at = next((i for i, (one, other) in enumerate(zip(want, have)) if one != other), min(len(want), len(have)))
            return (f"{flow}: {' '.join(thread)}, message {at + 1}: wanted {want[at] if at < len(want) else 'no more'!r}, "
                    f"there is {have[at] if at < len(have) else 'no more'!r}\n{whole}")
    for first, second in pairs:
        times = [next((seconds for seconds, line in lines if line == one), None) for one in (first, second)]
        if None in times or times[0] > times[1]:
            return f"{flow}: {first!r} is not before {second!r}\n{whole}"
    wrong = find_out_of_order(blocks, lines)
    return f"{flow}: {wrong}\n{whole}" if wrong else None


def find_out_of_order(blocks, lines):
    taken = {}
    latest = (0, None)
    for block in blocks:
        times = []
        for line in block:
            of_thread = [entry for entry in lines if thread_of(entry[1]) == thread_of(line)]
            at = taken.get(thread_of(line), 0)
            taken[thread_of(line)] = at + 1
            times.append(of_thread[at])
        if min(times)[0] < latest[0]:
            return f"{min(times)[1]!r} came before {latest[1]!r}"
        latest = max(times)
    return None


def main():
    names = {"1001": "A", "1002": "B", "1003": "C"}
    print(to_text(sys.argv[2], captured(sys.argv[1], sys.argv[2], names)), end="")


if __name__ == "__main__":
    main()
