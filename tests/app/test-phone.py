#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole headless phones, driven as a test automation drives them: over a socket and over a session bus."""

import json
import os
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
import unittest

from deskset import NoPhone, Phone, PrivateBus, Refused, TimedOut, Usage, free_port, program, wait_until


def run(*arguments, env=None):
    return subprocess.run([program(arguments[0]), *arguments[1:]], capture_output=True, text=True, timeout=20, check=False,
                          env=env, stdin=subprocess.DEVNULL)


class Programs(unittest.TestCase):
    """What needs no running phone."""

    def test_version_and_help(self):
        for name in ("deskset-headless", "desksetctl"):
            for option in ("--version", "--help"):
                done = run(name, option)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(done.stdout.strip())
                self.assertEqual(done.stderr, "")

    def test_list_settings(self):
        table = run("deskset-headless", "--list-settings")
        self.assertEqual(table.returncode, 0)
        listed = json.loads(run("deskset-headless", "--list-settings", "--json").stdout)
        self.assertEqual(listed["version"], 1)
        keys = [setting["key"] for setting in listed["settings"]]
        self.assertIn("account.X.user_name", keys)
        self.assertEqual(len(keys), len(set(keys)))
        for key in keys:
            self.assertIn(key, table.stdout)

    def test_list_settings_of_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".cfg") as file:
            file.write("#!version:1.0.0.1\naccount.1.label = Office\naccount.1.password = hush-hush\nbogus\n")
            file.flush()
            done = run("deskset-headless", "--list-settings", "--json", "--config", file.name)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("hush-hush", done.stdout)
        self.assertIn(f"{file.name}:4:", done.stderr)
        values = {value["key"]: value.get("value") for setting in json.loads(done.stdout)["settings"]
                  for value in setting["values"]}
        self.assertEqual(values["account.1.label"], "Office")
        self.assertIsNone(values["account.1.password"])

    def test_wrong_usage(self):
        for arguments in (["--profile", "a/b"], ["--bogus"], ["--audio", "alsa"], ["--sip-port", "x"], ["1001"],
                          ["--control", "tcp:host=x"], ["--bind", "example.com"]):
            done = run("deskset-headless", *arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        done = run("desksetctl", "bogus")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_no_phone(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("desksetctl", "--control", f"unix:{folder}/none", "calls")
            self.assertEqual(done.returncode, 3)
            self.assertEqual(len(done.stderr.splitlines()), 1)


class Ends(unittest.TestCase):
    """A phone that ends badly fails the test that it was in, even when nobody looks at it any more."""

    def test_crash(self):
        phone = Phone("crash").start()
        phone.process.send_signal(signal.SIGABRT)
        phone.process.wait(10)
        self.assertRaisesRegex(AssertionError, "ended with -6", phone.close)
        phone.close()

    def test_finding_of_a_sanitizer(self):
        for line in ("WARNING: ThreadSanitizer: data race (pid=1)", "==1==ERROR: LeakSanitizer: detected memory leaks",
                     "src/x.c:1:2: runtime error: shift exponent 32 is too large"):
            with self.subTest(line), self.assertRaises(AssertionError) as caught, Phone("found") as phone:
                with open(phone.log_path, "a", encoding="utf-8") as log:
                    log.write(line + "\n")
            self.assertIn(line, str(caught.exception))

    def test_what_failed_first_is_told(self):
        with self.assertRaises(ZeroDivisionError), Phone("first") as phone:
            phone.process.send_signal(signal.SIGABRT)
            phone.process.wait(10)
            raise ZeroDivisionError


class OnePhone(unittest.TestCase):
    """One phone for all of these: each leaves it idle."""

    @classmethod
    def setUpClass(cls):
        cls.phone = Phone("one")
        cls.addClassCleanup(cls.phone.close)
        cls.phone.start()

    def setUp(self):
        self.phone.wait("idle", timeout=10, since=-1)

    def tearDown(self):
        self.phone.hook(False)
        for _ in range(4):
            if self.phone.holds("idle"):
                return
            self.phone.key("X")

    def test_screen(self):
        screen = self.phone.screen()
        self.assertEqual(screen["schema"], 1)
        self.assertEqual(screen["page"], "idle")
        self.assertEqual(len(screen["softkeys"]), 4)
        self.assertFalse(screen["off_hook"])
        self.assertRegex(screen["time"], r"\d:\d\d")
        plain = self.phone.ctl("screen").stdout.splitlines()
        self.assertEqual(plain[-1], "[" + " | ".join(screen["softkeys"]) + "]")

    def test_lists(self):
        self.assertEqual(self.phone.calls(), [])
        self.assertEqual(self.phone.accounts(), [])
        for question in ("lamps", "calls", "accounts"):
            self.assertEqual(self.phone.ctl(question).returncode, 0)

    def test_keys_and_text(self):
        self.phone.key("1", "2", "*")
        self.phone.wait("page:dial", timeout=5)
        self.assertEqual(self.phone.screen()["edit"]["text"], "12*")
        self.phone.type("34")
        self.assertEqual(self.phone.screen()["edit"]["text"], "12*34")
        # A state that came and went is still seen from before it.
        before = self.phone.mark
        self.phone.key("X")
        self.phone.wait("idle", timeout=5)
        self.phone.wait("page:dial", timeout=1, since=before - 1 if before else 0)

    def test_hook(self):
        self.phone.hook(True)
        self.phone.wait("hook:off", timeout=5)
        self.assertTrue(self.phone.screen()["off_hook"])
        self.phone.hook(False)
        self.phone.wait("hook:on", timeout=5)
        self.phone.wait("idle", timeout=5)

    def test_hold_takes_its_time(self):
        started = time.monotonic()
        self.phone.key("VOLUME_UP", hold_ms=300)
        self.assertGreaterEqual(time.monotonic() - started, 0.3)

    def test_settings(self):
        self.phone.set("account.1.label", "My 'quoted' \"label\" \\ ü")
        self.assertEqual(self.phone.get("account.1.label"), "My 'quoted' \"label\" \\ ü")
        self.phone.set("account.1.label", "")
        self.assertEqual(self.phone.get("account.1.label"), "")
        with self.assertRaises(Usage):
            self.phone.get("no.such.key")
        with self.assertRaises(Usage):
            self.phone.set("account.17.label", "x")
        with self.assertRaises(Usage):
            self.phone.set("voice.ring_vol", "16")
        with self.assertRaises(Refused):
            self.phone.get("account.1.password")

    def test_keys_of_the_model(self):
        self.phone.key("L10")
        for key in ("L11", "D1", "QQ"):
            with self.assertRaises(Usage):
                self.phone.key(key)
        self.phone.key("X")

    def test_password_from_standard_input(self):
        done = subprocess.run([program("desksetctl"), "--control", f"unix:{self.phone.socket}", "set", "account.16.password", "-"],
                              input="hush-hush\n", text=True, capture_output=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("hush-hush", self.phone.log())
        self.phone.set("account.16.password", "")

    def test_exit_codes(self):
        cases = [(0, ["screen"]), (1, ["answer"]), (1, ["wait", "call:talking", "--timeout", "0"]),
                 (1, ["wait", "call:talking", "--timeout", "0.2"]), (2, ["wait", "call:flying", "--timeout", "0"]),
                 (2, ["key", "BOGUS"]), (2, ["command", "bogus"]), (2, ["command", "'open"]), (2, ["dial", "tel:hello"]),
                 (0, ["wait", "idle", "--timeout", "0"]), (0, ["wait", "!call:any", "--timeout", "0"])]
        for code, arguments in cases:
            done = self.phone.ctl(*arguments, check=False)
            self.assertEqual(done.returncode, code, f"{arguments}: {done.stderr}")
            self.assertLessEqual(len(done.stderr.splitlines()), 1)
            if code == 2:
                self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_wait_returns_at_once(self):
        """A wait is answered when it comes true, not at the next look."""
        answers = []

        def wait():
            self.phone.wait("page:dial", timeout=20, since=-1)
            answers.append(time.monotonic())

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.5)         # the wait is to be under way: what is measured is how long it takes to end
        pressed = time.monotonic()
        self.phone.key("5")
        thread.join(20)
        self.assertEqual(len(answers), 1)
        self.assertLess(answers[0] - pressed, 2)

    def test_wait_times_out(self):
        started = time.monotonic()
        with self.assertRaises(TimedOut):
            self.phone.wait("call:talking", timeout=0.3)
        self.assertGreaterEqual(time.monotonic() - started, 0.3)

    def test_many_waits(self):
        """Each of many that wait at the same time gets its answer."""
        line = [program("desksetctl"), "--control", f"unix:{self.phone.socket}", "wait", "page:dial", "--timeout", "20"]
        waiting = [subprocess.Popen(line) for _ in range(20)]
        self.addCleanup(lambda: [process.kill() for process in waiting if process.poll() is None])
        self.phone.key("7")
        self.assertEqual([process.wait(20) for process in waiting], [0] * len(waiting))

    def test_events(self):
        start = self.phone.seq()
        self.phone.key("8")
        self.phone.wait("page:dial", timeout=5)
        events = self.phone.events(start)
        self.assertTrue(any(event["kind"] == "display" and event["page"] == "dial" for event in events))
        self.assertEqual([event["seq"] for event in events], list(range(start + 1, start + 1 + len(events))))
        self.assertEqual(self.phone.events(self.phone.seq()), [])

    def test_follow(self):
        start = self.phone.seq()
        line = [program("desksetctl"), "--control", f"unix:{self.phone.socket}", "events", "--follow", "--json", "--since",
                str(start)]
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as follow:
            try:
                self.phone.key("9")
                seen = json.loads(follow.stdout.readline())
                self.assertEqual(seen["seq"], start + 1)
            finally:
                follow.kill()

    def test_screenshot(self):
        path = os.path.join(self.phone.folder, "lcd.png")
        self.phone.screenshot(path)
        with open(path, "rb") as file:
            header = file.read(24)
        self.assertEqual(header[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual((int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")), (480, 272))
        self.phone.screenshot(path, face=True)
        self.assertGreater(os.path.getsize(path), 10000)

    def test_socket_is_private(self):
        mode = os.stat(self.phone.socket).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_second_start_is_refused(self):
        done = subprocess.run(self.phone.command_line(), env=self.phone.env, capture_output=True, text=True, timeout=20,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("running", done.stderr)
        self.assertTrue(self.phone.is_running())


class Life(unittest.TestCase):
    """Beginnings and ends."""

    def test_ends_cleanly(self):
        for end in (Phone.stop, Phone.terminate):
            with Phone("end") as phone:
                started = time.monotonic()
                self.assertEqual(end(phone), 0, phone.log_end())
                self.assertLess(time.monotonic() - started, 5)
                self.assertFalse(os.path.exists(phone.socket))
                with self.assertRaises(NoPhone):
                    phone.screen()

    def test_follow_ends_with_the_phone(self):
        with Phone("follow") as phone:
            line = [program("desksetctl"), "--control", f"unix:{phone.socket}", "events", "--follow"]
            with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as follow:
                phone.key("1")
                self.assertTrue(follow.stdout.readline())
                phone.kill()
                self.assertEqual(follow.wait(10), 3)

    def test_settings_survive_a_kill(self):
        with Phone("kill") as phone:
            phone.set("account.1.label", "Kept")
            phone.set("voice.ring_vol", "3")
            # "Saved soon": the file is what tells that it is.
            wait_until(lambda: self.saved(phone, "voice.ring_vol"), 10, "the settings are saved")
            phone.kill()
            phone.restart()
            self.assertEqual(phone.get("account.1.label"), "Kept")
            self.assertEqual(phone.get("voice.ring_vol"), "3")
            self.assertEqual(phone.stop(), 0)

    def test_settings_survive_an_end(self):
        """What was changed at the last moment is written before the program ends."""
        with Phone("late") as phone:
            phone.set("account.1.label", "Late")
            phone.stop()
            phone.restart()
            self.assertEqual(phone.get("account.1.label"), "Late")

    @staticmethod
    def saved(phone, key):
        for folder, _, names in os.walk(os.path.join(phone.folder, "config")):
            # Not the file that is being written beside it: before it is renamed nothing is saved.
            if "local.cfg" in names:
                with open(os.path.join(folder, "local.cfg"), encoding="utf-8", errors="replace") as file:
                    if key in file.read():
                        return True
        return False

    def test_broken_cfg(self):
        cfg = ("#!version:1.0.0.1\n"
               "account.1.label = Fine\n"
               "no equals sign here\n"
               "no.such.key = 1\n"
               "account.17.label = x\n"
               "voice.ring_vol = loud\n"
               "account.2.label = Fine too\n")
        with Phone("broken", cfg) as phone:
            self.assertEqual(phone.get("account.1.label"), "Fine")
            self.assertEqual(phone.get("account.2.label"), "Fine too")
            self.assertEqual(phone.get("voice.ring_vol"), "8")
            log = phone.log()
            # A key of another model is no mistake; a phone's file has many of them.
            for line in (3, 5, 6):
                self.assertRegex(log, rf"phone\.cfg:{line}\b")
            for line in (1, 2, 7):
                self.assertNotRegex(log, rf"phone\.cfg:{line}\b")

    def test_missing_cfg(self):
        with Phone("missing", args=["--config", "/nonexistent/phone.cfg"]) as phone:
            self.assertIn("/nonexistent/phone.cfg", phone.log())
            phone.wait("idle", timeout=5)

    def test_another_thing_at_the_socket(self):
        with Phone("file") as phone:
            phone.stop()
            with open(phone.socket, "w", encoding="ascii") as file:
                file.write("precious")
            phone.start(wait=False)
            self.assertEqual(phone.wait_exit(20), 1)
            with open(phone.socket, encoding="ascii") as file:
                self.assertEqual(file.read(), "precious")

    def test_taken_port(self):
        """The configured SIP port is taken: the next one that is free, and the log says so."""
        with Phone("first") as first:
            with Phone("second", sip_port=first.sip_port) as second:
                self.assertIn(str(first.sip_port), second.log())
                second.wait("idle", timeout=5)

    def test_idle_phone_is_cheap(self):
        with Phone("cheap") as phone:
            phone.wait("idle", timeout=5)
            time.sleep(1)      # what is measured is doing nothing for a second
            before = phone.cpu_s()
            time.sleep(3)
            used = phone.cpu_s() - before
            memory = phone.memory_kb()
            print(f"idle headless phone: {memory} KiB, {phone.n_threads()} threads, {used / 3 * 100:.1f} % CPU", flush=True)
            self.assertLess(used, 0.3)
            if not os.environ.get("DESKSET_SANITIZED"):
                self.assertLess(memory["private"], 60 * 1024)


class Bus(unittest.TestCase):
    def test_profiles(self):
        with PrivateBus() as bus, Phone("1", bus=bus) as one, Phone("default", bus=bus, profile="") as default:
            one.set("account.1.label", "One")
            default.set("account.1.label", "Default")
            self.assertEqual(one.get("account.1.label"), "One")
            self.assertEqual(default.get("account.1.label"), "Default")
            one.key("1")
            one.wait("page:dial", timeout=5)
            default.wait("idle", timeout=5)
            missing = default.ctl("--profile", "nobody", "screen", check=False)
            self.assertEqual(missing.returncode, 3)
            one.stop()
            self.assertEqual(one.ctl("screen", check=False).returncode, 3)

    def test_introspection(self):
        with PrivateBus() as bus, Phone("default", bus=bus, profile="") as phone:
            done = subprocess.run(["gdbus", "introspect", "--session", "--dest", "org.deskset.Deskset", "--object-path",
                                   "/org/deskset/Phone1"], env=phone.env, capture_output=True, text=True, timeout=20, check=True)
            self.assertIn("interface org.deskset.Phone1", done.stdout)
            self.assertIn('Model = \'T46G\'', done.stdout)


class Names(unittest.TestCase):
    """What the phone calls itself on the wire."""

    def user_agent(self, cfg):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind(("127.0.0.1", 0))
            peer.settimeout(10)
            with Phone("name", cfg) as phone:
                phone.dial(f"127.0.0.1:{peer.getsockname()[1]}")
                lines = peer.recv(65535).decode().split("\r\n")
        return next(line for line in lines if line.startswith("User-Agent:"))

    def test_user_agent(self):
        self.assertRegex(self.user_agent(None), r"^User-Agent: Deskset/[0-9.]+ \(T46G\)$")
        cfg = "#!version:1.0.0.1\ndeskset.user_agent = Phone T46G 1.2\n"
        self.assertEqual(self.user_agent(cfg), "User-Agent: Phone T46G 1.2")


class TwoPhones(unittest.TestCase):
    """Calls between two phones by their addresses, without any server."""

    def test_calls(self):
        with Phone("alice") as alice, Phone("bob") as bob:
            for caller, callee, ends in ((alice, bob, alice), (bob, alice, alice)):
                with self.subTest(caller=caller.name, ends=ends.name):
                    caller.dial(callee.address)
                    callee.wait("call:incoming", timeout=10, since=-1)
                    caller.wait("call:ringing", timeout=10)
                    callee.answer()
                    caller.wait("call:talking", timeout=10)
                    callee.wait("call:talking", timeout=10)
                    caller.wait("media:flowing", timeout=10)
                    callee.wait("media:flowing", timeout=10)
                    self.assertEqual(len(caller.calls()), 1)
                    ends.hangup()
                    for phone in (caller, callee):
                        phone.wait("call:none", timeout=10, since=-1)
                        phone.key("X")
                        phone.wait("idle", timeout=10)

    def test_reject_and_cancel(self):
        with Phone("alice") as alice, Phone("bob") as bob:
            alice.dial(bob.address)
            bob.wait("call:incoming", timeout=10, since=-1)
            bob.hangup()
            alice.wait("call:ended:status=486", timeout=10)
            alice.key("X")
            alice.wait("idle", timeout=10)

            alice.dial(bob.address)
            bob.wait("call:incoming", timeout=10, since=bob.seq())
            alice.hangup()
            bob.wait("missed", timeout=10, since=0)
            bob.wait("call:none", timeout=10, since=-1)

    def test_first_call_on_the_command_line(self):
        with Phone("bob") as bob, Phone("alice", args=["--dial", f"sip:{bob.address}"]) as alice:
            bob.wait("call:incoming", timeout=10, since=0)
            bob.answer()
            alice.wait("call:talking", timeout=10, since=0)

    def test_nobody_there(self):
        with Phone("alice") as alice:
            alice.dial(f"127.0.0.1:{free_port()}")
            alice.wait("call:ended", timeout=40)


if __name__ == "__main__":
    unittest.main(verbosity=2)
