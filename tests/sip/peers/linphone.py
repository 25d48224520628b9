# SPDX-License-Identifier: GPL-3.0-or-later
"""linphonec, the console client of Debian's linphone, as the other side of a call: driven through its own prompt."""

import os
import select
import shutil
import subprocess
import tempfile
import time

from deskset import free_port, wait_until
from sip_client import SipClient

CONFIG = """[sip]
sip_port={sip_port}
sip_tcp_port=0
sip_tls_port=0
use_ipv6=0
guess_hostname=0
bind_address={address}
{settings}

[rtp]
audio_rtp_port={rtp_port}
"""


class Linphone:
    def __init__(self, address="127.0.0.1", settings=""):
        self.address = address
        self.settings = settings            # more lines of the [sip] section
        self.sip_port = free_port(address)
        self.folder = tempfile.mkdtemp(prefix="deskset-linphone-")
        self.process = None
        self.output = ""

    @property
    def target(self):
        return f"{self.address}:{self.sip_port}"

    def start(self):
        path = os.path.join(self.folder, "linphonerc")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(address=self.address, settings=self.settings, sip_port=self.sip_port, rtp_port=free_port(self.address)))
        os.makedirs(os.path.join(self.folder, ".local", "share", "linphone"))
        env = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_DATA_HOME=self.folder,
                   XDG_RUNTIME_DIR=self.folder, PULSE_SERVER="unix:/nonexistent", LC_ALL="C.UTF-8")
        self.process = subprocess.Popen(["linphonec", "-c", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env=env, cwd=self.folder)
        self.wait("linphonec>", 20)
        # No sound card here: it hears and says nothing, but the packets flow.
        self.command("soundcard use files")
        wait_until(self._answers, 15, "linphonec listens")
        return self

    def _answers(self):
        """It opens its port some time after its first prompt."""
        self._read(0)
        with SipClient(self.address, self.sip_port, "probe") as probe:
            try:
                return probe.request("OPTIONS", timeout=0.3).status
            except (TimeoutError, ConnectionError):
                return None

    def _read(self, timeout):
        ready, _, _ = select.select([self.process.stdout], [], [], max(timeout, 0))
        if ready:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise RuntimeError(f"linphonec ended\n{self.output[-2000:]}")
            self.output += data.decode("utf-8", "replace")

    def wait(self, text, timeout=10, since=0):
        """Waits until its output holds a text; returns the output's length then."""
        deadline = time.monotonic() + timeout
        while text not in self.output[since:]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"linphonec: no “{text}” within {timeout} s\n{self.output[-3000:]}")
            self._read(deadline - time.monotonic())
        return len(self.output)

    def command(self, line):
        """Types a line; returns where its output starts."""
        since = len(self.output)
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return since

    def close(self):
        if self.process and self.process.poll() is None:
            try:
                self.command("quit")
                self.process.wait(8)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        if self.process:
            self.process.stdin.close()
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()
