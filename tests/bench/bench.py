#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py BUILD [RESULT.json]: Deskset and, in the same run on the same machine, baresip. Prints a table; the figures of one run
are to be compared with each other, not with another machine's. Nothing passes or fails here."""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import rig  # noqa: E402
from deskset import Phone, free_port  # noqa: E402
from exchange import Exchange  # noqa: E402

CALLS = 5
BURSTS = 8

ANSWER_AT_ONCE = """#!version:1.0.0.1
features.direct_ip_auto_answer = 1
features.auto_answer_delay = 0
features.auto_answer_tone.enable = 0
"""


class Deskset:
    title = "deskset (no window)"

    def __init__(self, sound, window=False):
        self.phone = Phone("bench", ANSWER_AT_ONCE, audio="pulse", env=sound.env,
                           program="deskset" if window else "deskset-headless")
        if window:
            self.title = "deskset (window)"

    def __enter__(self):
        self.phone.__enter__()
        self.pid, self.target = self.phone.pid, self.phone.address
        return self

    def __exit__(self, *_):
        self.phone.close()


class Baresip:
    title = "baresip (no window)"

    def __init__(self, sound):
        self.sound = sound
        self.folder = tempfile.TemporaryDirectory(prefix="deskset-baresip-")
        self.port = free_port()
        self.target = f"127.0.0.1:{self.port}"
        pathlib.Path(self.folder.name, "config").write_text(
            f"sip_listen 127.0.0.1:{self.port}\naudio_player alsa,pulse\naudio_source alsa,pulse\naudio_alert alsa,pulse\n"
            "module_path /usr/lib/baresip/modules\nmodule g711.so\nmodule alsa.so\nmodule stdio.so\n"
            "module_app account.so\nmodule_app menu.so\n", encoding="utf-8")
        pathlib.Path(self.folder.name, "accounts").write_text(
            "<sip:phone@127.0.0.1>;regint=0;answermode=auto;audio_codecs=pcmu\n", encoding="utf-8")
        self.process = None

    def __enter__(self):
        self.log = open(self.folder.name + "/log", "wb")
        self.process = subprocess.Popen(["baresip", "-f", self.folder.name], env=self.sound.env, stdin=subprocess.PIPE, stdout=self.log,
                                        stderr=self.log)
        self.pid = self.process.pid
        deadline = time.monotonic() + 10
        while b"baresip is ready" not in pathlib.Path(self.folder.name, "log").read_bytes():
            if time.monotonic() > deadline:
                raise RuntimeError("baresip did not start: " + pathlib.Path(self.folder.name, "log").read_text(encoding="utf-8"))
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()


def middle(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def measure_recorder(sound):
    """What the measuring itself adds: a burst played into `mic` until the recorder at its monitor has it. Not a phone's time."""
    player, recorder, found = rig.Player(sound), rig.Recorder(sound, "mic"), []
    time.sleep(1)
    for _ in range(BURSTS):
        start = time.monotonic()
        player.play()
        onset = recorder.wait_onset(start)
        found.append((onset - start) * 1000 if onset else None)
        time.sleep(0.4)
    player.stop()
    recorder.stop()
    return middle(found)


def measure_call(sound, phone, result):
    caller = rig.Caller(phone.target)
    caller.call()
    speaker, microphone, player = rig.Recorder(sound, "spk"), rig.Recorder(sound, "mic"), rig.Player(sound)
    time.sleep(2.5)
    ear, mouth = [], []
    for _ in range(BURSTS):
        sent = caller.burst()
        onset = speaker.wait_onset(sent)
        ear.append((onset - sent) * 1000 if onset else None)
        time.sleep(0.6)
    for _ in range(BURSTS):
        start = time.monotonic()
        player.play()
        reference = microphone.wait_onset(start)
        arrived = caller.wait_burst(start)
        # Over the recorder: the packet holds what was heard since its own start, so one packet time is part of the figure.
        mouth.append((arrived - reference) * 1000 if arrived and reference else None)
        time.sleep(0.6)
    player.stop()
    speaker.stop()
    microphone.stop()
    result["ear ms"], result["mouth ms"] = middle(ear), middle(mouth)
    result["call CPU %"] = rig.cpu_percent(phone.pid, 8)
    caller.hang_up()


def measure(sound, phone_class, *arguments):
    result = {}
    with phone_class(sound, *arguments) as phone:
        time.sleep(3)
        result["memory MB"] = rig.memory_mb(phone.pid)
        result["threads"], result["descriptors"] = rig.threads_and_descriptors(phone.pid)
        result["idle CPU %"] = rig.cpu_percent(phone.pid, 8)
        ringing, answer = [], []
        for _ in range(CALLS):
            caller = rig.Caller(phone.target)
            times = caller.call()
            ringing.append(times.get("180"))
            answer.append(times["200"])
            time.sleep(0.3)
            caller.hang_up()
            time.sleep(3)  # a phone may take its time to close its sound devices
        result["INVITE-180 ms"] = middle([t * 1000 if t is not None else None for t in ringing])
        result["INVITE-200 ms"] = middle([t * 1000 for t in answer])
        measure_call(sound, phone, result)
        time.sleep(1)
        result["memory after MB"] = rig.memory_mb(phone.pid)
        title = phone.title
    return title, result


def measure_start(results):
    """Start to registered at the practice exchange, and key press to display change, without a window."""
    registered, key = [], []
    with Exchange({"1001": "bench"}) as exchange:
        cfg = exchange.account_cfg("1001")
        for _ in range(CALLS):
            start = time.monotonic()
            with Phone("start", cfg, audio="null") as phone:
                phone.wait("account:1:registered", timeout=15, since=0)
                registered.append((time.monotonic() - start) * 1000)
                for digit in "123":
                    begin = time.monotonic()
                    phone.key(digit)
                    phone.wait(f"screen:{digit}", timeout=5)
                    key.append((time.monotonic() - begin) * 1000)
    results["start-registered ms"] = middle(registered)
    results["key-screen over two desksetctl calls ms"] = middle(key)


def measure_window(results):
    """Start to first frame and key press to the frame that shows it, as the window itself counts them (DESKSET_TIMING)."""
    display = f":{free_port() % 500 + 500}"
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", "1366x768x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        with tempfile.TemporaryDirectory() as folder:
            times = os.path.join(folder, "timing")
            frames, keys = [], []
            for _ in range(3):
                environment = {"DISPLAY": display, "GSK_RENDERER": "cairo", "DESKSET_TIMING": times, "GDK_BACKEND": "x11",
                               "GTK_A11Y": "none"}
                with Phone("window", audio="null", env=environment, program="deskset", start_timeout=60) as phone:
                    time.sleep(3)
                    for digit in "12345":
                        phone.key(digit)
                        time.sleep(0.3)
                    results["window memory MB"] = rig.memory_mb(phone.pid)
                    results["window idle CPU %"] = rig.cpu_percent(phone.pid, 6)
                for line in open(times, encoding="utf-8"):
                    name, value = line.split()
                    (frames if name == "first-frame-ms" else keys).append(float(value))
                os.unlink(times)
        results["start-first frame ms"] = middle(frames)
        results["key-frame ms"] = middle(keys)
    finally:
        server.terminate()
        server.wait()


def main():
    os.environ["DESKSET_BUILD"] = os.path.abspath(sys.argv[1])
    # As on a user's machine: GStreamer has looked at its plug-ins before. A fresh cache for every start costs 0.6 s.
    registry = tempfile.NamedTemporaryFile(prefix="deskset-gst-")
    os.environ["GST_REGISTRY"] = registry.name
    subprocess.run(["gst-inspect-1.0", "--exists", "pulsesink"], check=False, stdout=subprocess.DEVNULL)
    results = {"machine": {"cores": os.cpu_count(), "kernel": platform.release(), "load": os.getloadavg()[0]}}
    with rig.Sound() as sound:
        results["recorder ms"] = measure_recorder(sound)
        for phone, arguments in ((Deskset, ()), (Baresip, ())):
            title, figures = measure(sound, phone, *arguments)
            results[title] = figures
    deskset = results["deskset (no window)"]
    measure_start(deskset)
    measure_window(deskset)
    names = list(deskset)
    others = [key for key in results if isinstance(results[key], dict) and key != "machine"]
    print(f"{'':46}" + "".join(f"{title:>22}" for title in others))
    for name in names:
        cells = [results[title].get(name) for title in others]
        print(f"{name:46}" + "".join(f"{'-' if cell is None else format(cell, '.1f'):>22}" for cell in cells))
    print(f"(the recorder itself: {results['recorder ms']:.1f} ms from hand-over to arrival; not taken off)")
    path = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(sys.argv[1]) / "bench.json")
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"kept in {path}")


main()
