#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIPp matrix: each case of a table over each transport.

    test-sipp-matrix.py TABLE [--case NAME] [--transport udp] [--all] [--seed N] [--desks N]
    test-sipp-matrix.py --write FOLDER      the scenarios as files
    test-sipp-matrix.py --table             sipp/README.md anew
    test-sipp-matrix.py --check             whether the tables are sound and the README is theirs

TABLE is registrars, called, callers or dying. Without --all (or DESKSET_TEST_FULL=1) a sample is run: a case of each
group and some more, each over one transport; the seed is printed, and DESKSET_TEST_SEED sets it.
"""

import argparse
import importlib
import os
import queue
import random
import sys
import tempfile
import threading
import time
import traceback
import xml.dom.minidom

from sipp_run import Certificates, Desk
from sipp_scenario import Scenario

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sipp")
TABLES = ("registrars", "called", "callers", "dying")
# What takes longer is left to the whole matrix.
SAMPLE_SLOW_S = 5
SAMPLE = {"registrars": 12, "called": 16, "callers": 16, "dying": 6}


def load(table):
    return importlib.import_module("sipp_" + table).CASES


def choose_sample(cases, size, chance):
    """One of each group, then others up to `size`; (case, transport) pairs. Each transport comes up."""
    groups = {}
    for one in cases:
        groups.setdefault(one.group, []).append(one)
    chosen = [chance.choice([one for one in group if one.slow <= SAMPLE_SLOW_S] or group) for group in groups.values()]
    rest = [one for one in cases if one not in chosen and one.slow <= SAMPLE_SLOW_S]
    chance.shuffle(rest)
    chosen += rest[:max(0, size - len(chosen))]
    first = chance.randrange(3)
    return [(one, one.transports[(first + i) % len(one.transports)]) for i, one in enumerate(chosen)]


class Run:
    """Several desks side by side, each taking the next case."""

    def __init__(self, work, n_desks):
        self.work = queue.Queue()
        # What takes long begins first.
        for one in sorted(work, key=lambda pair: -pair[0].slow):
            self.work.put(one)
        self.n_desks = min(n_desks, len(work))
        self.lock = threading.Lock()
        self.failures = []
        self.n_passed = 0

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def serve(self, number, certificates, folder):
        name = f"desk{number}"
        own = os.path.join(folder, name)
        os.mkdir(own)
        try:
            with Desk(name, certificates, own) as desk:
                # What a phone opens with its first calls it keeps. It listens for TLS from its first use on.
                for table, transport in (("callers", "udp"), ("called", "tls")):
                    desk.run(load(table)[0], transport)
                desk.take_baseline()
                while True:
                    try:
                        one, transport = self.work.get_nowait()
                    except queue.Empty:
                        break
                    self.try_case(desk, one, transport)
                desk.check_end()
        except Exception:
            self.failures.append(f"{name}: {traceback.format_exc()}")

    def try_case(self, desk, one, transport):
        started = time.monotonic()
        try:
            desk.run(one, transport)
            self.n_passed += 1
            self.say(f"ok   {time.monotonic() - started:5.1f} s  {one.name} {transport}")
        except Exception as error:
            self.failures.append(f"{one.name} {transport}: {error}")
            self.say(f"FAIL {time.monotonic() - started:5.1f} s  {one.name} {transport}")

    def run(self):
        with tempfile.TemporaryDirectory(prefix="deskset-sipp-") as folder:
            certificates = Certificates(folder)
            threads = [threading.Thread(target=self.serve, args=(i, certificates, folder)) for i in range(self.n_desks)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for failure in self.failures:
            print("=" * 100, failure, sep="\n")
        return not self.failures


def write_all(folder):
    os.makedirs(folder, exist_ok=True)
    for table in TABLES:
        for one in load(table):
            scenario = Scenario(one.build)
            with open(os.path.join(folder, scenario.name + ".xml"), "w", encoding="utf-8") as file:
                file.write(scenario.xml())


def table_text():
    with open(os.path.join(SCENARIOS, "README.md.in"), encoding="utf-8") as file:
        text = file.read()
    for table in TABLES:
        text += (f"\n## {table.capitalize()}\n\n| scenario | the partner | what the phone's user does, and sees | over |\n"
                 "| --- | --- | --- | --- |\n")
        for one in load(table):
            steps = ", ".join(step for step in one.user if step != "sipp").replace("|", "\\|")
            partner = one.doc.replace("|", "\\|").replace("<", "&lt;") + (f" **Today** {one.shows}" if one.shows else "")
            text += f"| {one.name} | {partner} | {steps} | {' '.join(one.transports)} |\n"
    return text


def check_tables():
    """Each case says what it is, makes a well-formed scenario, and stands in the README."""
    names = []
    for table in TABLES:
        for one in load(table):
            assert one.doc, f"{one.name} says nothing"
            root = xml.dom.minidom.parseString(Scenario(one.build).xml()).documentElement
            assert root.getAttribute("name") == one.name
            names.append(one.name)
    assert len(set(names)) == len(names), "two cases have one name"
    assert len(names) >= 60
    with open(os.path.join(SCENARIOS, "README.md"), encoding="utf-8") as file:
        assert file.read() == table_text(), "tests/sip/peers/sipp/README.md is not that of the tables: test-sipp-matrix.py --table"
    print(f"{len(names)} scenarios, {sum(len(one.transports) for table in TABLES for one in load(table))} with their transports")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("table", nargs="?", choices=TABLES)
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--transport", action="append", default=[])
    parser.add_argument("--all", action="store_true", default=bool(os.environ.get("DESKSET_TEST_FULL")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("DESKSET_TEST_SEED") or random.randrange(1 << 30)))
    parser.add_argument("--desks", type=int, default=5)
    parser.add_argument("--write")
    parser.add_argument("--table", dest="write_table", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.write:
        return write_all(options.write)
    if options.write_table:
        with open(os.path.join(SCENARIOS, "README.md"), "w", encoding="utf-8") as file:
            file.write(table_text())
        return 0
    if options.check:
        return check_tables()

    cases = load(options.table)
    if options.case:
        work = [(one, transport) for one in cases if one.name in options.case for transport in one.transports]
    elif options.all:
        work = [(one, transport) for one in cases for transport in one.transports]
    else:
        print(f"seed {options.seed} (DESKSET_TEST_SEED)")
        work = choose_sample(cases, SAMPLE[options.table], random.Random(options.seed))
    if options.transport:
        work = [pair for pair in work if pair[1] in options.transport]
    started = time.monotonic()
    run = Run(work, options.desks)
    good = run.run()
    print(f"{run.n_passed} of {len(work)} cases in {time.monotonic() - started:.0f} s, {run.n_desks} phones side by side")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
