# SPDX-License-Identifier: GPL-3.0-or-later
"""The rig that measures a phone from outside: a private sound server with null sinks, a caller that speaks SIP and G.711 over
plain sockets, and a recorder. Nothing here knows which phone is under test. All traffic stays on 127.0.0.1.

What is measured, as all figures of the benchmark use the words:
  ear    an RTP packet with the start of a burst leaves the caller -> the burst comes out of the speaker sink
  mouth  a burst starts at the microphone -> the first RTP packet with it reaches the caller
Both are taken over what the recorder itself adds, which is measured in the same run and printed.
"""

import array
import fcntl
import math
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

RATE = 8000
PACKET_MS = 20
SAMPLES = RATE * PACKET_MS // 1000


def _ulaw_table():
    table = []
    for code in range(256):
        value = ~code & 0xFF
        magnitude = (((value & 0x0F) << 3) + 0x84 << ((value & 0x70) >> 4)) - 0x84
        table.append(-magnitude if value & 0x80 else magnitude)
    return table


ULAW = _ulaw_table()
_SORTED = sorted((sample, code) for code, sample in enumerate(ULAW))


def to_ulaw(sample):
    low, high = 0, len(_SORTED) - 1
    while low < high:
        middle = (low + high) // 2
        if _SORTED[middle][0] < sample:
            low = middle + 1
        else:
            high = middle
    return _SORTED[low][1]


def tone_ulaw(frequency, milliseconds, amplitude=12000):
    return bytes(to_ulaw(int(amplitude * math.sin(2 * math.pi * frequency * n / RATE)))
                 for n in range(RATE * milliseconds // 1000))


SILENCE = bytes([to_ulaw(0)]) * SAMPLES


def level(samples):
    """Root mean square of 16-bit samples."""
    return math.sqrt(sum(s * s for s in samples) / len(samples)) if samples else 0.0


class Sound:
    """A PulseAudio daemon of our own with the null sinks `spk` (the phone's loudspeaker), `mic` (its monitor is the phone's
    microphone) and `ring`."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="deskset-sound-")
        self.socket = f"{self.folder}/native"
        self.process = None
        self.env = dict(os.environ, PULSE_SERVER=f"unix:{self.socket}", PULSE_RUNTIME_PATH=self.folder, HOME=self.folder,
                        PULSE_SINK="spk", PULSE_SOURCE="mic.monitor", PULSE_COOKIE=f"{self.folder}/cookie")
        self.env.pop("DISPLAY", None)

    def __enter__(self):
        sinks = [argument for name in ("spk", "mic", "ring")
                 for argument in ("-L", f"module-null-sink sink_name={name} rate=48000 channels=2")]
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit=yes", "--realtime=no",
             "--high-priority=no", "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}", *sinks],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "wb"))
        deadline = time.monotonic() + 15
        while subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode != 0:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("the sound server did not start: " + open(f"{self.folder}/log", encoding="utf-8").read())
            time.sleep(0.05)
        for line in ("set-default-sink spk", "set-default-source mic.monitor"):
            subprocess.run(["pactl", *line.split()], env=self.env, check=True, capture_output=True)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Recorder:
    """Reads a sink's monitor and notes when each piece arrived, so that an onset has a time on the monotonic clock."""

    def __init__(self, sound, sink):
        self.process = subprocess.Popen(
            ["parec", "--raw", f"--device={sink}.monitor", "--format=s16le", "--rate=16000", "--channels=1", "--latency-msec=5",
             "--process-time-msec=2"], env=sound.env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.pieces = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while True:
            data = os.read(self.process.stdout.fileno(), 4096)
            if not data:
                return
            self.pieces.append((time.monotonic(), data))

    def onset_after(self, start, threshold=800):
        """Time of the first sample louder than threshold that arrived after `start`, or None."""
        for moment, data in list(self.pieces):
            if moment < start:
                continue
            samples = array.array("h", data[:len(data) // 2 * 2])
            for index, sample in enumerate(samples):
                if abs(sample) > threshold:
                    return moment - (len(samples) - index) / 16000
        return None

    def wait_onset(self, start, timeout=3.0):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            found = self.onset_after(start)
            if found is not None:
                return found
            time.sleep(0.005)
        return None

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.thread.join(2)


class Player:
    """Plays bursts into the `mic` sink: play () returns when the burst was handed over."""

    def __init__(self, sound, frequency=1000, milliseconds=120):
        self.sound = sound
        count = 48000 * milliseconds // 1000
        self.burst = array.array("h", [int(16000 * math.sin(2 * math.pi * frequency * n / 48000)) for n in range(count)]).tobytes()
        self.process = subprocess.Popen(
            ["pacat", "--raw", "--playback", "--device=mic", "--format=s16le", "--rate=48000", "--channels=1", "--latency-msec=10",
             "--process-time-msec=5"], env=sound.env, stdin=subprocess.PIPE)
        # A full pipe of silence would stand before the burst: 64 KiB are 680 ms.
        fcntl.fcntl(self.process.stdin, fcntl.F_SETPIPE_SZ, 4096)
        self.running = True
        self.wanted = threading.Event()
        self.thread = threading.Thread(target=self._feed, daemon=True)
        self.thread.start()

    def _feed(self):
        silence = bytes(48000 * 2 * 10 // 1000)
        try:
            while self.running:
                if self.wanted.is_set():
                    self.wanted.clear()
                    self.process.stdin.write(self.burst)
                else:
                    self.process.stdin.write(silence)
                self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass

    def play(self):
        self.wanted.set()

    def stop(self):
        self.running = False
        self.process.terminate()
        self.process.wait()
        self.thread.join(2)


class Caller:
    """Calls a phone at an address, talks G.711 µ-law, hangs up."""

    def __init__(self, target, user="phone"):
        self.host, port = target.rsplit(":", 1)
        self.port, self.user = int(port), user
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind(("127.0.0.1", 0))
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind(("127.0.0.1", 0))
        self.rtp.settimeout(0.2)
        self.local_port, self.rtp_port = self.sip.getsockname()[1], self.rtp.getsockname()[1]
        self.call_id = f"{random.getrandbits(48):x}@127.0.0.1"
        self.from_tag = f"{random.getrandbits(32)}"
        self.to = f"<sip:{user}@{self.host}:{self.port}>"
        self.contact = f"sip:{user}@{self.host}:{self.port}"
        self.remote_rtp = None
        self.times = {}
        self.heard = []
        self.running = False
        self.threaded = True
        self.held = False
        self.queue = b""
        self.burst_sent = None
        self.lock = threading.Lock()
        self.threads = []

    def _message(self, method, cseq, body="", uri=None):
        uri = uri or self.contact
        lines = [f"{method} {uri} SIP/2.0",
                 f"Via: SIP/2.0/UDP 127.0.0.1:{self.local_port};rport;branch=z9hG4bK{random.getrandbits(48)}",
                 "Max-Forwards: 70", f"From: \"Bench\" <sip:bench@127.0.0.1:{self.local_port}>;tag={self.from_tag}", f"To: {self.to}",
                 f"Call-ID: {self.call_id}", f"CSeq: {cseq} {method}", f"Contact: <sip:bench@127.0.0.1:{self.local_port}>"]
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def call(self, timeout=10, on_ringing=None):
        """Sends the INVITE and waits for the 200; times["180"] and times["200"] are seconds after it. on_ringing () is
        called with the first 180: it may answer the call at a phone that does not do so by itself."""
        sdp = (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {self.rtp_port} RTP/AVP 0\r\n"
               "a=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n")
        invite = self._message("INVITE", 1, sdp)
        start = time.monotonic()
        self.sip.sendto(invite, (self.host, self.port))
        self.sip.settimeout(0.5)
        while time.monotonic() - start < timeout:
            try:
                data = self.sip.recv(65535).decode(errors="replace")
            except socket.timeout:
                if not self.times:
                    self.sip.sendto(invite, (self.host, self.port))
                continue
            now = time.monotonic() - start
            if not data.startswith("SIP/2.0 "):
                continue
            status = data.split()[1]
            if status == "180" and on_ringing and status not in self.times:
                on_ringing()
            self.times.setdefault(status, now)
            if status >= "300":
                raise RuntimeError(f"the phone answered {data.splitlines()[0]}")
            if status == "200":
                self._established(data)
                return self.times
        raise RuntimeError(f"no answer within {timeout} s, got {self.times}")

    def _established(self, answer):
        self.to = re.search(r"^To:\s*(.*?)\r$", answer, re.M | re.I).group(1)
        contact = re.search(r"^(?:Contact|m):.*?<([^>]*)>", answer, re.M | re.I)
        if contact:
            self.contact = contact.group(1)
        self.sip.sendto(self._message("ACK", 1), (self.host, self.port))
        self.remote_rtp = (re.search(r"^c=IN IP4 (\S+)", answer, re.M).group(1), int(re.search(r"^m=audio (\d+)", answer, re.M).group(1)))
        if not self.threaded:
            return
        self.running = True
        self.sip.settimeout(0.2)
        for work in (self._send, self._receive, self._serve):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self.threads.append(thread)

    def _send(self):
        sequence, stamp, ssrc = random.getrandbits(15), random.getrandbits(31), random.getrandbits(32)
        next_time = time.monotonic()
        while self.running:
            payload, first = SILENCE, False
            with self.lock:
                if self.queue:
                    payload, self.queue = self.queue[:SAMPLES], self.queue[SAMPLES:]
                    first = self.burst_sent is None
            now = time.monotonic()
            if not self.held:
                self.rtp.sendto(struct.pack("!BBHII", 0x80, 0, sequence, stamp, ssrc) + payload, self.remote_rtp)
            if first:
                self.burst_sent = now
            sequence, stamp = (sequence + 1) & 0xFFFF, (stamp + SAMPLES) & 0xFFFFFFFF
            next_time += PACKET_MS / 1000
            time.sleep(max(0, next_time - time.monotonic()))

    def _receive(self):
        while self.running:
            try:
                data = self.rtp.recv(2048)
            except socket.timeout:
                continue
            if len(data) > 12 and data[1] & 0x7F == 0:
                self.heard.append((time.monotonic(), data[12:]))

    def _serve(self):
        """Agrees to be put on hold and taken back: what a phone asks for when another call comes."""
        while self.running:
            try:
                data, peer = self.sip.recvfrom(65535)
            except socket.timeout:
                continue
            request = data.decode(errors="replace")
            method = request.split(" ", 1)[0]
            if method in ("ACK", "SIP/2.0"):
                continue
            head = [line for line in request.split("\r\n\r\n")[0].split("\r\n")
                    if re.match(r"(via|v|from|f|to|t|call-id|i|cseq|record-route)\s*:", line, re.I)]
            body = ""
            if method == "INVITE":
                found = re.search(r"^a=(sendonly|recvonly|inactive)", request, re.M)
                self.held = found is not None and found.group(1) != "recvonly"
                mirrored = {"sendonly": "recvonly", "recvonly": "sendonly"}.get(found.group(1), "inactive") if found else "sendrecv"
                body = (f"v=0\r\no=- 1 {random.getrandbits(20)} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                        f"m=audio {self.rtp_port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na={mirrored}\r\n")
                head += [f"Contact: <sip:bench@127.0.0.1:{self.local_port}>", "Content-Type: application/sdp"]
            answer = "\r\n".join(["SIP/2.0 200 OK", *head, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body
            self.sip.sendto(answer.encode(), peer)

    def burst(self, frequency=1000, milliseconds=120):
        """Speaks a burst; returns when its first packet left, with that time."""
        with self.lock:
            self.burst_sent = None
            self.queue = tone_ulaw(frequency, milliseconds)
        while self.burst_sent is None:
            time.sleep(0.001)
        return self.burst_sent

    def wait_burst(self, start, timeout=3.0, threshold=1500):
        """Time at which the first packet with a loud sample came after `start`, or None."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for moment, payload in list(self.heard):
                if moment >= start and max(abs(ULAW[code]) for code in payload) > threshold:
                    return moment
            time.sleep(0.005)
        return None

    def hang_up(self):
        self.running = False
        for thread in self.threads:
            thread.join(2)
        try:
            self.sip.sendto(self._message("BYE", 2), (self.host, self.port))
            self.sip.settimeout(1)
            self.sip.recv(65535)
        except (socket.timeout, OSError):
            pass
        self.sip.close()
        self.rtp.close()


def short_call(target):
    """A call that is hung up as soon as sound flows both ways, without threads."""
    caller = Caller(target)
    caller.threaded = False
    try:
        caller.call()
        for number in range(20):
            caller.rtp.sendto(struct.pack("!BBHII", 0x80, 0, number, number * SAMPLES, 1) + SILENCE, caller.remote_rtp)
            try:
                caller.rtp.recv(2048)
                break
            except socket.timeout:
                continue
        else:
            raise RuntimeError("the phone sends no sound")
    finally:
        caller.hang_up()


def cpu_seconds(pid):
    """Processor time that a process and its threads, also those that have ended, have used so far: from the process's own clock.
    /proc/PID/stat counts in 10 ms, which is half of what an idle phone may use in 20 s."""
    return time.clock_gettime(~pid << 3 | 2)  # as clock_getcpuclockid (3) makes it on Linux


def cpu_percent(pid, seconds):
    before, start = cpu_seconds(pid), time.monotonic()
    time.sleep(seconds)
    return 100 * (cpu_seconds(pid) - before) / (time.monotonic() - start)


def memory_mb(pid):
    """Proportional set size."""
    text = open(f"/proc/{pid}/smaps_rollup", encoding="utf-8").read()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1)) / 1024


def threads_and_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/task")), len(os.listdir(f"/proc/{pid}/fd"))


def own_memory_mb(pid):
    """Memory that nobody else has a share in: heap, stacks, written pages. Unlike the proportional set size it does not
    change when another program starts or ends."""
    text = open(f"/proc/{pid}/smaps_rollup", encoding="utf-8").read()
    return int(re.search(r"^Private_Dirty:\s+(\d+)", text, re.M).group(1)) / 1024
