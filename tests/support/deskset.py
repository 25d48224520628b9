# SPDX-License-Identifier: GPL-3.0-or-later
"""Drive whole phones from a test: start `deskset-headless`, press its keys, read its LCD, wait for what happens.

    from deskset import Phone, free_port

    with Phone("alice") as alice, Phone("bob") as bob:      # --audio null, own folder, free ports, 127.0.0.1
        alice.dial(bob.address)                             # a direct-IP call: "127.0.0.1:PORT"
        bob.wait("call:incoming", timeout=5)
        bob.answer()
        alice.wait("call:talking", timeout=5)
        print("\\n".join(alice.screen()["text"]))           # the LCD, row by row
        alice.hangup()
        bob.wait("call:ended", timeout=5)

    with Phone("carol", cfg="account.1.enable = 1\\naccount.1.user_name = 1001\\n…") as carol:
        carol.wait("account:1:registered", timeout=10)

How waiting works. The phone numbers everything that happens (see doc/desksetctl.md). Each action of a `Phone` (key, dial,
answer, …) remembers the number of the last event *before* it, and `wait ()` looks from there on: a state that came and went
between the action and the wait is still seen. Give `since=` for another starting point (`since=phone.seq ()`: only what
comes from now on).

Where programs are found. `$DESKSET_BUILD` names the Meson build folder (the test definitions set it); without it the
programs must be on `$PATH`.

Errors. What the phone refuses raises `Refused` (exit code 1), a malformed request `Usage` (2), a phone that is not there
`NoPhone` (3), a wait that ran out `TimedOut`, with the LCD and the end of the phone's log in the message.

Leaving the `with` block always ends the process (quit, then SIGTERM, then SIGKILL), by its pid, and removes its folder. It
raises AssertionError when the phone crashed or a sanitizer found something in it, which may be at its very end.
Set DESKSET_KEEP=1 to keep the folders. Only the Python standard library is used.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

__all__ = ["Phone", "PrivateBus", "Refused", "Usage", "NoPhone", "TimedOut", "free_port", "program", "build_folder",
           "wait_until"]

START_TIMEOUT_S = float(os.environ.get("DESKSET_START_TIMEOUT", "30"))
QUIT_TIMEOUT_S = 6.0

# How a program ends that crashes by itself.
CRASHES = {-number for number in (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV, signal.SIGTRAP)}
SANITIZER = re.compile(r"(ERROR|WARNING|FATAL): \w+Sanitizer|: runtime error: ")


class Refused(Exception):
    """The phone said no (exit code 1)."""


class TimedOut(Refused):
    """A condition did not come true in time."""


class Usage(Exception):
    """The request was malformed (exit code 2)."""


NO_LIMITS = """#!version:1.0.0.1
deskset.abuse.source_rate = 0
deskset.abuse.total_rate = 0
deskset.abuse.server_rate = 0
deskset.abuse.ringing = 24
"""


class NoPhone(Exception):
    """There is no such phone (exit code 3), or it did not start."""


def build_folder():
    """The Meson build folder, or None when the installed programs are to be used."""
    return os.environ.get("DESKSET_BUILD")


def program(name):
    """Path of one of our programs: in the build folder, else on $PATH."""
    build = build_folder()
    if build:
        for folder in ("src", "src/control", "src/exchange", "src/ui", "tests/support", "."):
            path = os.path.join(build, folder, name)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"{name}: not in $DESKSET_BUILD ({build}) and not on $PATH")
    return path


def _port_is_free(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(family, kind) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def free_port(address="127.0.0.1"):
    """A port that is free for UDP and TCP right now.

    Taken at random from below the kernel's ephemeral range, so that two tests that run side by side hardly ever get the
    same one and no outgoing connection takes it in between."""
    for _ in range(200):
        port = random.SystemRandom().randrange(16000, 32000, 2)
        if _port_is_free(address, port):
            return port
    raise OSError("no free port found")


def wait_until(condition, timeout, what="condition", interval=0.02):
    """Calls `condition ()` until it returns something true, and returns that; for things outside the phone."""
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() >= deadline:
            raise TimedOut(f"{what}: not within {timeout} s")
        time.sleep(interval)


def _end(process, gentle_s):
    """Ends a process we started: SIGTERM, then SIGKILL."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(gentle_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


# No service folders: a test must not start a key ring, a sound server or whatever the desktop would.
_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A session bus of our own. `with PrivateBus () as bus: Phone ("a", bus=bus)`; `bus.env` is for other programs. No
    service is started over it."""

    def __init__(self):
        self.folder = None
        self.process = None
        self.address = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="deskset-bus-")
        config = os.path.join(self.folder, "bus.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(_BUS_CONFIG.format(folder=self.folder))
        read_end, write_end = os.pipe()
        try:
            self.process = subprocess.Popen(
                ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", f"--print-address={write_end}"],
                pass_fds=(write_end,), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            os.close(write_end)
        with os.fdopen(read_end) as pipe:
            self.address = pipe.readline().strip()
        if not self.address:
            self.__exit__()
            raise NoPhone("dbus-daemon did not start")
        return self

    @property
    def env(self):
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def __exit__(self, *_):
        if self.process:
            _end(self.process, 3)
        shutil.rmtree(self.folder, ignore_errors=True)


class Phone:
    """One headless phone.

    name     for messages; also the profile unless `profile` is given
    cfg      text of a .cfg file, given with --config (None: no file)
    audio    "null", "pulse" or "file:IN.wav,OUT.wav"
    bind     address to bind to, None: all; sip_port: port, None: one that is free, 0: the phone's choice
    node     the machine of netlab.py that it runs on; then bind is None and sip_port 5060 unless given
    profile  None: made of `name`, so that RTP ports are free ones; "" is the default profile
    bus      a PrivateBus: the phone is driven over it; else over a socket of its own (--control unix:PATH)
    folder   keeps the configuration over several Phone objects; None: a temporary one
    limits   False: tests call faster than people, so the limits on strangers are lifted; True: as the program has them
    welcome  False: a phone without accounts greets its user with a page; it is closed, so that the phone is idle
    args     more command line arguments; env: more environment variables
    program  "deskset-headless"; "deskset" under a display works the same way
    """

    def __init__(self, name="phone", cfg=None, *, audio="null", bind="", sip_port=None, profile=None, bus=None, folder=None,
                 node=None, welcome=False, limits=False, args=(), env=None, program="deskset-headless",
                 start_timeout=START_TIMEOUT_S):
        self.name = name
        self.cfg = cfg
        self.audio = audio
        self.node = node
        self.bind = (None if node else "127.0.0.1") if bind == "" else bind
        self.sip_port = sip_port
        if sip_port is None:
            self.sip_port = 5060 if node else free_port(self.bind or "0.0.0.0")
        self.profile = name if profile is None else profile
        self.bus = bus
        self.welcome = welcome
        self.limits = limits
        self.args = list(args)
        self.program = program
        self.start_timeout = start_timeout
        self.process = None
        self.mark = 0
        self._own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix=f"deskset-{name}-")
        # A socket's path may have 107 bytes at the most: not below a deep folder.
        self._socket_folder = tempfile.mkdtemp(prefix="deskset-ctl-")
        self.socket = os.path.join(self._socket_folder, "ctl")
        self.log_path = os.path.join(self.folder, "log")
        self.env = dict(os.environ)
        for variable in ("CONFIG", "DATA", "CACHE", "STATE"):
            self.env[f"XDG_{variable}_HOME"] = os.path.join(self.folder, variable.lower())
        # The desktop's own bus must not be touched, nor its secrets.
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address if bus else f"unix:path={self.folder}/no-bus"
        # A list of GStreamer's plug-ins for each phone's cache folder would be made anew each time, in 0.6 s.
        if build_folder():
            self.env.setdefault("GST_REGISTRY", os.path.join(os.path.abspath(build_folder()), "gst-registry.bin"))
        # In a sanitizer build: whole stacks, or the leaks that are not ours cannot be told from ours.
        if "ASAN_OPTIONS" in self.env:
            self.env["ASAN_OPTIONS"] += ":fast_unwind_on_malloc=0"
        self.env.update(env or {})

    # -- life ----------------------------------------------------------------------------------------------------

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self._end_all()
            raise

    def __exit__(self, kind, *_):
        fault = self._end_all()
        # Must not hide what failed before; the log is told with that.
        if fault and kind is None:
            raise AssertionError(fault)

    @property
    def address(self):
        """Where a direct-IP call to this phone goes: "127.0.0.1:5062"."""
        address = self.bind or (self.node.address if self.node else "127.0.0.1")
        host = f"[{address}]" if ":" in address else address
        return f"{host}:{self.sip_port}"

    @property
    def pid(self):
        return self.process.pid

    def command_line(self):
        line = self.node.prefix if self.node else []
        line += [program(self.program), "--audio", self.audio, "--sip-port", str(self.sip_port)]
        if self.bind:
            line += ["--bind", self.bind]
        if self.profile:
            line += ["--profile", self.profile]
        if not self.bus:
            line += ["--control", f"unix:{self.socket}"]
        if not self.limits:
            path = os.path.join(self.folder, "limits.cfg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(NO_LIMITS)
            line += ["--config", path]
        if self.cfg is not None:
            path = os.path.join(self.folder, "phone.cfg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.cfg)
            line += ["--config", path]
        return line + self.args

    def start(self, wait=True):
        """Starts the phone and returns when it can be driven."""
        assert self.process is None or self.process.poll() is not None, f"{self.name} is running"
        self.mark = 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command_line(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.env, cwd=self.folder)
        if wait:
            self._wait_started()
            if not self.welcome and self.holds("page:message"):
                self.key("X")
                self.mark = 0
        return self

    def _wait_started(self):
        deadline = time.monotonic() + self.start_timeout
        while not self._is_there():
            if self.process.poll() is not None:
                raise NoPhone(f"{self.name} ended with {self.process.returncode} while starting\n{self.log_end()}")
            if time.monotonic() > deadline:
                raise NoPhone(f"{self.name} did not start within {self.start_timeout} s\n{self.log_end()}")
            time.sleep(0.02)

    def _is_there(self):
        if not self.bus:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                return probe.connect_ex(self.socket) == 0
        return self.ctl("seq", check=False).returncode == 0

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=QUIT_TIMEOUT_S):
        """Quits as a user would and returns the exit code; SIGKILL and an error when it does not end."""
        if not self.is_running():
            return self.process.returncode if self.process else None
        self.ctl("quit", check=False)
        return self.wait_exit(timeout)

    def wait_exit(self, timeout=QUIT_TIMEOUT_S):
        """Waits for the process to end by itself; SIGKILL and an error when it does not."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise TimedOut(f"{self.name} did not end within {timeout} s\n{self.log_end()}") from None

    def terminate(self, timeout=QUIT_TIMEOUT_S):
        """SIGTERM: a clean end as well."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_exit(timeout)

    def kill(self):
        """kill -9: no chance to clean up."""
        self.process.kill()
        return self.process.wait()

    def restart(self):
        """Starts again on the same folder, after stop () or kill ()."""
        if self.is_running():
            self.stop()
        return self.start()

    def close(self):
        """Ends the process whatever its state, removes the folders; raises AssertionError as the `with` block does."""
        fault = self._end_all()
        if fault:
            raise AssertionError(fault)

    def _fault(self):
        """What was wrong with the phone when it ended, or before; None, also when it was told already and the log is gone."""
        if not os.path.exists(self.log_path):
            return None
        text = self.log()
        found = SANITIZER.search(text)
        if found:
            return f"{self.name}: {text[text.rfind(chr(10), 0, found.start()) + 1:][:6000]}"
        if self.process.returncode in CRASHES:
            return f"{self.name} ended with {self.process.returncode}\n{self.log_end()}"
        return None

    def _end_all(self):
        """Ends the process, removes the folders; returns what was wrong, or None."""
        try:
            if self.is_running():
                try:
                    self.stop()
                except (TimedOut, subprocess.TimeoutExpired):
                    pass
            if not self.process:
                return None
            _end(self.process, 3)
            return self._fault()
        finally:
            if not os.environ.get("DESKSET_KEEP"):
                shutil.rmtree(self._socket_folder, ignore_errors=True)
                if self._own_folder:
                    shutil.rmtree(self.folder, ignore_errors=True)

    # -- talking to it -------------------------------------------------------------------------------------------

    def ctl(self, *arguments, check=True, timeout=20):
        """Runs desksetctl; returns the CompletedProcess with text output. With check, a failure raises."""
        line = [program("desksetctl")]
        if not self.bus:
            line += ["--control", f"unix:{self.socket}"]
        elif self.profile:
            line += ["--profile", self.profile]
        line += [str(argument) for argument in arguments]
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=self.env,
                              timeout=timeout, check=False)
        if check and done.returncode != 0:
            kind = {1: Refused, 2: Usage, 3: NoPhone}.get(done.returncode, RuntimeError)
            raise kind(f"{self.name}: {' '.join(line[1:])}: exit code {done.returncode}: {done.stderr.strip()}")
        return done

    def _act(self, *arguments, **options):
        self.mark = int(self.ctl("--seq", *arguments, **options).stdout)
        return self.mark

    def _json(self, *arguments):
        return json.loads(self.ctl(*arguments, "--json").stdout)

    def key(self, *ids, hold_ms=0):
        """Presses keys, by their action-URI ids: phone.key ("1", "0", "OK")."""
        hold = ["--hold", str(hold_ms)] if hold_ms else []
        return self._act("key", *hold, "--", *ids, timeout=20 + len(ids) * hold_ms / 1000)

    def type(self, text):
        return self._act("type", "--", text)

    def dial(self, number):
        return self._act("dial", "--", number)

    def answer(self):
        return self._act("answer")

    def hangup(self):
        return self._act("hangup")

    def hook(self, off_hook):
        """Lifts the handset (True) or puts it down (False)."""
        return self._act("hook", "off" if off_hook else "on")

    def command(self, line):
        """One line for the phone's command table: phone.command ("mute on")."""
        return self._act("command", "--", line)

    def set(self, key, value):
        return self._act("set", "--", key, value)

    def get(self, key):
        return self.ctl("get", "--", key).stdout.rstrip("\n")

    def seq(self):
        """Number of the last event so far."""
        return int(self.ctl("seq").stdout)

    def screen(self):
        """The display as a dictionary: "page", "text" (rows), "softkeys", "calls", …; see doc/desksetctl.md."""
        return self._json("screen")

    def text(self):
        """The LCD as one string, rows separated by newlines."""
        return "\n".join(self.screen()["text"])

    def screenshot(self, path, face=False):
        """Writes a PNG of the LCD, or of the whole phone."""
        self.ctl("screen", "--png", path, *(["--face"] if face else []))

    def lamps(self):
        """{"L1": {"colour": "green", "blink": "fast"}, …}; lamps that are off are left out."""
        return {lamp["key"]: lamp for lamp in self._json("lamps")["lamps"] if lamp["colour"] != "off"}

    def calls(self):
        return self._json("calls")["calls"]

    def accounts(self):
        return self._json("accounts")["accounts"]

    def counts(self):
        """What the phone holds: {"calls", "dialogs", "handles", "streams"}; see doc/desksetctl.md."""
        answer = self._json("counts")
        return {name: answer[name] for name in ("calls", "dialogs", "handles", "streams")}

    def events(self, since=0):
        """What happened after event number `since`."""
        lines = self.ctl("events", "--json", "--since", since).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def wait(self, condition, timeout=10, since=None):
        """Waits for a condition ("call:talking", "screen:Busy here!", "heard:440", …) and returns the answer as a
        dictionary: {"met": true, "seq": …, "event": {…} or absent}. Looks back to the last action unless told otherwise;
        raises TimedOut."""
        since = self.mark if since is None else since
        done = self.ctl("wait", "--json", "--since", since, "--timeout", timeout, "--", condition, check=False,
                        timeout=timeout + 20)
        if done.returncode == 1:
            raise TimedOut(f"{self.name}: {condition}: not within {timeout} s\n{self.describe()}")
        if done.returncode != 0:
            kind = {2: Usage, 3: NoPhone}.get(done.returncode, RuntimeError)
            raise kind(f"{self.name}: wait {condition}: {done.stderr.strip()}\n{self.log_end()}")
        return json.loads(done.stdout)

    def holds(self, condition):
        """Whether a condition is true right now."""
        done = self.ctl("wait", "--timeout", 0, "--", condition, check=False)
        if done.returncode > 1:
            raise Usage(done.stderr.strip())
        return done.returncode == 0

    def wait_registered(self, account=1, timeout=15):
        return self.wait(f"account:{account}:registered", timeout, since=0)

    # -- for messages and measurements ------------------------------------------------------------------------------

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def log_end(self, lines=30):
        return "--- end of the log of " + self.name + "\n" + "\n".join(self.log().splitlines()[-lines:])

    def describe(self):
        """LCD, soft keys, calls and the end of the log, for messages."""
        try:
            shown = self.screen()
            parts = ["--- LCD of " + self.name, *shown["text"], "[" + "|".join(shown["softkeys"]) + "]",
                     "--- calls: " + json.dumps(self.calls()), "--- accounts: " + json.dumps(self.accounts())]
        except Exception as error:  # the phone may be gone: the log says why
            parts = [f"--- {self.name} cannot be asked: {error}"]
        return "\n".join(parts) + "\n" + self.log_end()

    def memory_kb(self):
        """{"rss": …, "pss": …, "private": …} in KiB: private is what one more phone costs."""
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            sizes = {line.split(":")[0]: int(line.split()[1]) for line in file if line.endswith("kB\n")}
        return {"rss": sizes["Rss"], "pss": sizes["Pss"], "private": sizes["Private_Clean"] + sizes["Private_Dirty"]}

    def n_threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def n_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu_s(self):
        """CPU time used so far, user and system, in seconds."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
