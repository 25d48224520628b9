# SPDX-License-Identifier: GPL-3.0-or-later
"""The phones that the benchmark compares. Each is a context manager with `title`, `pid` and `target` (HOST:PORT), answers
a first call by itself without delay, and a further one when answer () is called."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from deskset import Phone, free_port

SETTINGS = """#!version:1.0.0.1
features.direct_ip_auto_answer = 1
features.auto_answer_delay = 0
features.auto_answer_tone.enable = 0
call_waiting.tone = 0
"""


class Deskset:
    title = "deskset"
    program = "deskset-headless"

    def __init__(self, sound, env=None):
        self.phone = Phone("bench", SETTINGS, audio="pulse", env={**sound.env, **(env or {})}, program=self.program, start_timeout=60)

    def __enter__(self):
        self.phone.__enter__()
        self.pid, self.target = self.phone.pid, self.phone.address
        return self

    def __exit__(self, *_):
        self.phone.close()

    def answer(self):
        self.phone.answer()


class DesksetWindow(Deskset):
    """env: what with-display.py gives."""
    title = "deskset window"
    program = "deskset"

    def __init__(self, sound, env):
        names = ("DISPLAY", "GDK_BACKEND", "GTK_A11Y", "NO_AT_BRIDGE", "GTK_USE_PORTAL", "ADW_DISABLE_PORTAL", "XDG_RUNTIME_DIR",
                 "DBUS_SESSION_BUS_ADDRESS")
        super().__init__(sound, {name: env[name] for name in names if name in env})


class Other:
    """A program that is started from a folder of its own."""

    def __init__(self, sound, name):
        self.sound = sound
        self.folder = tempfile.mkdtemp(prefix=f"deskset-{name}-")
        self.port = free_port()
        self.target = f"127.0.0.1:{self.port}"
        self.process = None

    def write(self, name, text):
        pathlib.Path(self.folder, name).write_text(text, encoding="utf-8")

    def start(self, *command):
        env = dict(self.sound.env, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_DATA_HOME=self.folder, LC_ALL="C.UTF-8")
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, cwd=self.folder)
        self.pid = self.process.pid
        deadline = time.monotonic() + 20
        while not self._listens():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"{command[0]} did not start: " + pathlib.Path(self.folder, "log").read_text(encoding="utf-8"))

    def _listens(self):
        """It answers OPTIONS, with whatever."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            probe.settimeout(0.3)
            here = f"127.0.0.1:{probe.getsockname()[1]}"
            lines = [f"OPTIONS sip:phone@{self.target} SIP/2.0", f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{time.monotonic_ns()}",
                     f"From: <sip:probe@{here}>;tag=1", f"To: <sip:phone@{self.target}>", f"Call-ID: {time.monotonic_ns()}",
                     "CSeq: 1 OPTIONS", "Max-Forwards: 70", "Content-Length: 0", "", ""]
            try:
                probe.sendto("\r\n".join(lines).encode(), ("127.0.0.1", self.port))
                return bool(probe.recv(65535))
            except OSError:
                time.sleep(0.05)
                return False

    def answer(self):
        """It does so by itself."""

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Baresip(Other):
    title = "baresip"

    def __init__(self, sound):
        super().__init__(sound, "baresip")
        self.write("config", f"sip_listen 127.0.0.1:{self.port}\naudio_player alsa,pulse\naudio_source alsa,pulse\naudio_alert alsa,pulse\n"
                             "call_max_calls 16\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule alsa.so\nmodule stdio.so\n"
                             "module_app account.so\nmodule_app menu.so\n")
        self.write("accounts", "<sip:phone@127.0.0.1>;regint=0;answermode=auto;audio_codecs=pcmu\n")

    def begin(self):
        self.start("baresip", "-f", self.folder)


class Linphone(Other):
    title = "linphonec"

    def __init__(self, sound):
        super().__init__(sound, "linphone")
        rtp_port = free_port()
        self.write("linphonerc", f"[sip]\nsip_port={self.port}\nsip_tcp_port=0\nsip_tls_port=0\nuse_ipv6=0\nguess_hostname=0\n"
                                 f"bind_address=127.0.0.1\n[rtp]\naudio_rtp_port={rtp_port}-{rtp_port + 40}\n")
        os.makedirs(os.path.join(self.folder, ".local", "share", "linphone"))

    def begin(self):
        self.start("linphonec", "-a", "-c", os.path.join(self.folder, "linphonerc"))


def list_others():
    """Classes of the other programs that are installed."""
    return [phone for phone, name in ((Baresip, "baresip"), (Linphone, "linphonec")) if shutil.which(name)]
