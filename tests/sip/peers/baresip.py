# SPDX-License-Identifier: GPL-3.0-or-later
"""baresip as the other side of a call: Debian's package, a configuration of our own, driven over its JSON control
port. Its microphone is a sine wave; what it hears is written to a WAV file."""

import glob
import json
import os
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import time

from deskset import free_port, wait_until

CONFIG = """
sip_listen {address}:{sip_port}
call_local_timeout 120
call_max_calls 4
audio_player aubridge,deskset
audio_source {source}
audio_alert aubridge,deskset
ausrc_srate 48000
ausrc_channels 2
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 40-160
jitter_buffer_delay 1-5
net_interface {address}
module_path {modules}
module {codec}.so
module srtp.so
module ausine.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {address}:{control_port}
snd_path {folder}
menu_bell no
opus_bitrate 28000
"""


def module_folder():
    for folder in ("/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/local/lib/baresip/modules"):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("baresip's modules")


def read_wav(path):
    """(samples of the first channel, rate), also of a file whose writer has not closed it yet."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 44 or data[:4] != b"RIFF":
        return [], 0
    at, channels, rate, bits = 12, 1, 0, 16
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if name == b"fmt ":
            channels, rate, _, _, bits = struct.unpack("<HIIHH", data[at + 10:at + 24])
        elif name == b"data":
            body = data[at + 8:]
            count = len(body) // 2
            assert bits == 16, f"{path}: {bits} bits"
            return list(struct.unpack(f"<{count}h", body[:count * 2]))[::channels], rate
        at += 8 + size
    return [], rate


class Baresip:
    def __init__(self, user="1002", password=None, registrar=None, *, frequency=700, codec="g711", address="127.0.0.1",
                 transport="udp", media_encryption=None):
        self.user = user
        self.password = password
        self.registrar = registrar          # "127.0.0.1:5060", or None: direct calls only
        self.frequency = frequency
        self.codec = codec
        self.address = address
        self.transport = transport
        self.media_encryption = media_encryption    # a word of its mediaenc=, such as srtp-mand
        self.sip_port = free_port(address)
        self.control_port = free_port(address)
        self.folder = tempfile.mkdtemp(prefix="deskset-baresip-")
        self.process = None
        self.control = None
        self.buffer = b""
        self.events = []

    @property
    def target(self):
        return f"{self.address}:{self.sip_port}"

    def start(self):
        with open(os.path.join(self.folder, "config"), "w", encoding="ascii") as file:
            file.write(CONFIG.format(address=self.address, sip_port=self.sip_port, control_port=self.control_port,
                                     source=f"ausine,{self.frequency}", modules=module_folder(), codec=self.codec,
                                     folder=self.folder))
        if self.registrar:
            account = (f"<sip:{self.user}@{self.registrar};transport={self.transport}>;auth_user={self.user};"
                       f"auth_pass={self.password};regint=60")
        else:
            account = f"<sip:{self.user}@{self.target}>;regint=0"
        if self.media_encryption:
            account += f";mediaenc={self.media_encryption}"
        with open(os.path.join(self.folder, "accounts"), "w", encoding="ascii") as file:
            file.write(account + "\n")
        with open(os.path.join(self.folder, "contacts"), "w", encoding="ascii"):
            pass
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(["baresip", "-v", "-f", self.folder], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=self.folder)
        self.control = wait_until(self._connect, 10, "baresip's control port")
        if self.registrar:
            # The event may have come before anybody was connected to hear it.
            self.wait_log("binding]", 10)
        return self

    def _connect(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"baresip ended with {self.process.returncode}\n{self.log()}")
        try:
            return socket.create_connection((self.address, self.control_port), 1)
        except OSError:
            return None

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def _read(self, timeout):
        ready, _, _ = select.select([self.control], [], [], max(timeout, 0))
        if not ready:
            return
        data = self.control.recv(65536)
        if not data:
            raise RuntimeError("baresip closed its control port\n" + self.log()[-2000:])
        self.buffer += data
        while b":" in self.buffer:
            length, _, rest = self.buffer.partition(b":")
            if len(rest) < int(length) + 1:
                return
            self.events.append(json.loads(rest[:int(length)]))
            self.buffer = rest[int(length) + 1:]

    def command(self, command, params=""):
        """Runs one of baresip's commands and returns its answer."""
        text = json.dumps({"command": command, "params": params, "token": command}).encode()
        self.control.sendall(str(len(text)).encode() + b":" + text + b",")
        return self.wait(lambda e: e.get("response") and e.get("token") == command, 5, f"an answer to {command}")

    def wait(self, wanted, timeout, what):
        deadline = time.monotonic() + timeout
        while True:
            for event in self.events:
                if wanted(event):
                    self.events.remove(event)
                    return event
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError(f"baresip: no {what} within {timeout} s; there is {self.events}\n{self.log()[-3000:]}")
            self._read(remaining)

    def wait_event(self, kind, timeout=10):
        return self.wait(lambda e: e.get("event") and e.get("type") == kind, timeout, kind)

    def wait_log(self, text, timeout=5):
        wait_until(lambda: text in self.log(), timeout, f"“{text}” in baresip's log")

    def dial(self, target):
        self.command("dial", target)

    def accept(self):
        self.wait_event("CALL_INCOMING")
        self.command("accept")

    def hangup(self):
        self.command("hangup")

    def heard(self):
        """(samples, rate) of what came out of its decoder so far."""
        files = sorted(glob.glob(os.path.join(self.folder, "dump-*-dec.wav")))
        return read_wav(files[-1]) if files else ([], 0)

    def close(self):
        if self.control:
            self.control.close()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()
