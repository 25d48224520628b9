#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call flows in data/flows, played by `desksetctl run` through Kamailio; and what it says when one goes wrong. By TCP and TLS
one of them, by DESKSET_TEST_SEED; with DESKSET_TEST_FULL all."""

import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ET

import ladder
from certificates import Authority
from deskset import program
from kamailio import Kamailio

FLOWS = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "data" / "flows"
FULL = bool(os.environ.get("DESKSET_TEST_FULL"))
SEED = int(os.environ.get("DESKSET_TEST_SEED") or random.randrange(1, 1000000))
USERS = {"1001": "secret1", "1002": "secret2", "1003": "secret3"}


def run(*arguments, timeout=300):
    env = dict(os.environ)
    # A sanitizer's whole stacks, and one list of GStreamer's plug-ins for all, as for the other tests' phones.
    if os.environ.get("DESKSET_BUILD"):
        env.setdefault("GST_REGISTRY", os.path.join(os.path.abspath(os.environ["DESKSET_BUILD"]), "gst-registry.bin"))
    return subprocess.run([program("desksetctl"), "run", "--phone", program("deskset-headless"), *map(str, arguments)],
                          env=env, capture_output=True, text=True, timeout=timeout, check=False)


class Flows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Kamailio(USERS)
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.folder = tempfile.TemporaryDirectory(prefix="deskset-flows-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.variables = os.path.join(cls.folder.name, "lab.txt")
        with open(cls.variables, "w", encoding="utf-8") as file:
            file.write(f"# A laboratory\nserver = {cls.server.address}\nport = {cls.server.port}\nbind = 127.0.0.1\n")
            for phone, (user, password) in zip("ABC", USERS.items()):
                file.write(f"{phone}.number = {user}\n{phone}.password = {password}\n")

    def flow(self, text):
        path = os.path.join(self.folder.name, "one.flow")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"include {FLOWS / 'phones.include'}\n{text}")
        return path

    def test_all_flows(self):
        junit = os.path.join(self.folder.name, "result.xml")
        files = sorted(FLOWS.glob("*.flow"))
        self.assertGreater(len(files), 7)
        result = run(*files, "--variables", self.variables, "--junit", junit, "--trace", self.folder.name)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.check_ladders([path.stem for path in files])
        suites = ET.parse(junit).getroot().findall("testsuite")
        self.assertEqual(len(suites), len(files))
        for suite in suites:
            self.assertEqual((suite.get("failures"), suite.get("skipped")), ("0", "0"))
            self.assertGreater(int(suite.get("tests")), 2)

    def check_ladders(self, flows):
        """What the phones have said to each other, message by message; and that another order would be told."""
        names = dict(zip(USERS, "ABC"))
        for flow in flows:
            wrong = ladder.compare(self.folder.name, flow, names)
            self.assertIsNone(wrong, wrong)
        for phone in "ABC":
            shutil.copy(os.path.join(self.folder.name, f"06-blind-transfer-{phone}.json"),
                        os.path.join(self.folder.name, f"07-attended-transfer-{phone}.json"))
        self.assertIn("07-attended-transfer: A1", ladder.compare(self.folder.name, "07-attended-transfer", names))

    def test_what_fails_is_told(self):
        junit = os.path.join(self.folder.name, "failed.xml")
        path = self.flow("step 'A calls'\nA number ${B.number}\nA soft Send\nB lcd 'No such text' within=1s\nstep 'Never'\nA idle\n")
        result = run(path, "--variables", self.variables, "--junit", junit)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("one.flow:5: B lcd 'No such text' within=1s: B: screen:No such text: not within 1 s", result.stdout)
        self.assertIn("Incoming call", result.stdout, "B's display is shown")
        cases = {case.get("name"): case for case in ET.parse(junit).getroot().iter("testcase")}
        self.assertEqual(list(cases), ["Preparation", "A calls", "Never"])
        self.assertIsNotNone(cases["A calls"].find("failure"))
        self.assertIsNotNone(cases["Never"].find("skipped"))
        for secret in USERS.values():
            self.assertNotIn(secret, result.stdout + result.stderr + pathlib.Path(junit).read_text(encoding="utf-8"))

    def test_wrong_sound_fails(self):
        path = self.flow("A number ${B.number}\nA soft Send\nB soft Answer\nA hears 850 within=2s\n")
        result = run(path, "--variables", self.variables)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("A hears other than wanted", result.stdout)

    def test_phone_that_ends(self):
        path = self.flow("step 'It goes'\nA command quit\nA wait call:talking\n")
        result = run(path, "--variables", self.variables)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("one.flow:", result.stdout)

    def test_repeat(self):
        path = self.flow("repeat 3\nA number ${B.number}\nA soft Send\nB soft Answer\nA lcd Talking\nB lcd Talking\nB soft 'End Call'\n"
                         "A idle\nB idle\nend\nA key F1\nA lcd ${B.number}\n")
        result = run(path, "--variables", self.variables)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_wrong_use(self):
        missing = run(FLOWS / "01-setup-and-disconnect.flow", "--set", "server=x")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("not given: A.number, A.password", missing.stderr)
        broken = run(self.flow("A jump\n"), "--variables", self.variables)
        self.assertEqual(broken.returncode, 2)
        self.assertIn("one.flow:2: A: there is no step “jump”", broken.stderr)
        good = run("--check", *FLOWS.glob("*.flow"), "--variables", self.variables)
        self.assertEqual((good.returncode, good.stdout, good.stderr), (0, "", ""))

    def test_nothing_is_left(self):
        before = set(pathlib.Path(tempfile.gettempdir()).glob("deskset-flow-*"))
        path = self.flow("A number ${B.number}\nA soft Send\nB lcd 'Incoming call'\n")
        self.assertEqual(run(path, "--variables", self.variables).returncode, 0)
        self.assertEqual(set(pathlib.Path(tempfile.gettempdir()).glob("deskset-flow-*")) - before, set())


class Transports(unittest.TestCase):
    """As above, by TCP and by TLS; who hears whom and what is said does not change."""

    def play(self, transport):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="deskset-flows-"))
            authority = stack.enter_context(Authority())
            server = stack.enter_context(Kamailio(USERS, certificate=authority.issue("localhost", dns=["localhost"])))
            tls = transport == 2
            flows = sorted(FLOWS.glob("*.flow"))
            names = [path.stem for path in (flows if FULL else random.Random(SEED).sample(flows, 1))]
            print(f"seed {SEED}: {', '.join(names)}", flush=True)
            for path in FLOWS.iterdir():
                text = path.read_text(encoding="utf-8")
                if path.name == "phones.include":
                    text = text.replace("\nstart\n", f"\nall setting deskset.tls.ca_file {authority.certificate}\nstart\n")
                pathlib.Path(folder, path.name).write_text(text, encoding="utf-8")
            sets = {"server": "localhost" if tls else server.address, "port": server.tls_port if tls else server.port,
                    "transport": transport, "bind": "127.0.0.1"}
            for phone, (user, password) in zip("ABC", USERS.items()):
                sets |= {f"{phone}.number": user, f"{phone}.password": password}
            result = run(*(os.path.join(folder, name + ".flow") for name in names), "--trace", folder,
                         *(word for name, value in sets.items() for word in ("--set", f"{name}={value}")))
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            for name in names:
                wrong = ladder.compare(folder, name, dict(zip(USERS, "ABC")))
                self.assertIsNone(wrong, wrong)

    def test_tcp(self):
        self.play(1)

    def test_tls(self):
        self.play(2)


if __name__ == "__main__":
    unittest.main()
