#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py BUILD [RESULT.json] [--short] [--only PART,…]: Deskset without and with its window, and in the same run on the
same machine baresip and linphonec where they are installed. Prints a table with what each figure is of baresip's, the aims
and whether they are met; RESULT.json (BUILD/bench.json) keeps all, for compare.py.

The figures of one run are to be compared with each other, not with another machine's. A result with a load of other
programs at its head or end is not worth much. Nothing passes or fails here.

Parts: phones (calls, sound, processor, memory), window, start (with 16 accounts), crowd (100 phones), echo (echo control with
speech, in a room that is computed)."""

import argparse
import collections
import datetime
import importlib.util
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

import phones  # noqa: E402
import rig  # noqa: E402
from deskset import Phone  # noqa: E402
from exchange import Exchange  # noqa: E402

_spec = importlib.util.spec_from_file_location("with_display", HERE.parent / "ui" / "with-display.py")
with_display = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(with_display)

CALLS = 7
BURSTS = 8
CROWD = 100
ACCOUNTS = 16
# Rest begins when the work of the start is over. On a small screen a window shows a hint for its first 12 s, whose going is a
# moving picture: 160 ms once. A minute of rest has one turn of the clock on the display in it, wherever it begins.
REST_AFTER = 16
REST = 60

# figure → (most that it may be, in which column); a figure with "×" is compared with baresip's.
AIMS = {
    "INVITE-180 ms": 3, "ear ms": 70, "mouth ms": 20, "CPU idle %": 0.1, "key-display ms": 16,
}
AIMS_HEADLESS = {"memory at start MB": 30, "memory after the calls MB": 30}
AIMS_WINDOW = {"memory at start MB": 90, "memory after the calls MB": 90, "first frame ms": 600}
CALL_CPU_TIMES = 2


def middle(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def in_ms(values):
    return [value * 1000 if value is not None else None for value in values]


def measure_recorder(sound):
    """What the measuring itself adds: a burst played into `mic` until the recorder at its monitor has it. Not a phone's time."""
    player, recorder, found = rig.Player(sound), rig.Recorder(sound, "mic"), []
    time.sleep(1)
    for _ in range(BURSTS):
        start = time.monotonic()
        player.play()
        onset = recorder.wait_onset(start)
        found.append(onset - start if onset else None)
        time.sleep(0.4)
    player.stop()
    recorder.stop()
    return middle(in_ms(found))


def measure_answer(phone, result):
    ringing, answer = [], []
    for _ in range(CALLS):
        caller = rig.Caller(phone.target)
        times = caller.call()
        ringing.append(times.get("180"))
        answer.append(times["200"])
        time.sleep(0.3)
        caller.hang_up()
        time.sleep(2.5)  # a phone may take its time to close its sound devices
    result["INVITE-180 ms"], result["INVITE-200 ms"] = middle(in_ms(ringing)), middle(in_ms(answer))


def measure_sound(sound, phone, result):
    caller = rig.Caller(phone.target)
    caller.call()
    speaker, microphone, player = rig.Recorder(sound, "spk"), rig.Recorder(sound, "mic"), rig.Player(sound)
    time.sleep(2.5)
    ear, mouth = [], []
    for _ in range(BURSTS):
        sent = caller.burst()
        onset = speaker.wait_onset(sent)
        ear.append(onset - sent if onset else None)
        time.sleep(0.6)
    for _ in range(BURSTS):
        start = time.monotonic()
        player.play()
        reference = microphone.wait_onset(start)
        arrived = caller.wait_burst(start)
        # Over the recorder: the packet holds what was heard since its own start, so one packet time is part of the figure.
        mouth.append(arrived - reference if arrived and reference else None)
        time.sleep(0.6)
    player.stop()
    speaker.stop()
    microphone.stop()
    caller.hang_up()
    result["ear ms"], result["mouth ms"] = middle(in_ms(ear)), middle(in_ms(mouth))


def measure_load(phone, seconds, result):
    """Processor time with one call and more. On a desk phone one of them talks and the others are held."""
    callers = []
    try:
        for wanted in (1, 2, 4, 8):
            while len(callers) < wanted:
                caller = rig.Caller(phone.target)
                caller.call(on_ringing=phone.answer if callers else None)
                callers.append(caller)
                time.sleep(0.5)
            time.sleep(2)
            result[f"CPU in {wanted} call{'s' if wanted > 1 else ''} %"] = rig.cpu_percent(phone.pid, seconds)
        result["threads in 8 calls"], result["descriptors in 8 calls"] = rig.threads_and_descriptors(phone.pid)
    except (RuntimeError, OSError) as error:
        print(f"{phone.title}: {len(callers)} calls: {error}", file=sys.stderr)
    for caller in callers:
        caller.hang_up()
    time.sleep(1)


def measure_many_calls(phone, count, result):
    for _ in range(count):
        rig.short_call(phone.target)
    time.sleep(36)  # until the transactions are forgotten
    result["memory after the calls MB"] = rig.memory_mb(phone.pid)


def measure_phone(sound, options, phone_class, *arguments, calls=None):
    result = {}
    with phone_class(sound, *arguments) as phone:
        start = time.monotonic()
        time.sleep(10)  # a window paints ahead what it will need
        result["memory at start MB"] = rig.memory_mb(phone.pid)
        result["threads"], result["descriptors"] = rig.threads_and_descriptors(phone.pid)
        time.sleep(start + REST_AFTER - time.monotonic())
        result["CPU until idle ms"] = 1000 * rig.cpu_seconds(phone.pid)
        result["CPU idle %"] = rig.cpu_percent(phone.pid, REST)
        measure_answer(phone, result)
        measure_sound(sound, phone, result)
        measure_load(phone, options.seconds, result)
        measure_many_calls(phone, calls or options.calls, result)
    return result


def measure_start(result):
    """Start to registered at the practice exchange with one account and with sixteen, and key to display inside."""
    users = {str(number): "bench" for number in range(1001, 1001 + ACCOUNTS)}
    with Exchange(users) as exchange, tempfile.NamedTemporaryFile("r", prefix="deskset-timing-") as times:
        for name, n_accounts in (("start-registered ms", 1), (f"start-{ACCOUNTS} registered ms", ACCOUNTS)):
            cfg = "".join(exchange.account_cfg(user, number) for number, user in enumerate(list(users)[:n_accounts], 1))
            found = []
            for _ in range(CALLS):
                start = time.monotonic()
                with Phone("start", cfg, env={"DESKSET_TIMING": times.name}) as phone:
                    for number in range(n_accounts, 0, -1):
                        phone.wait(f"account:{number}:registered", timeout=20, since=0)
                    found.append(time.monotonic() - start)
                    phone.key("1", "2", "3", "X")
                    phone.wait("idle")
            result[name] = middle(in_ms(found))
        result["key-display ms"] = middle([float(line.split()[1]) for line in times])


def measure_window(result, a11y):
    """Start to first frame and key press to the frame that shows it, as the window itself counts them (DESKSET_TIMING), and what
    they took of the processor: on a busy machine that tells what an idle one would do."""
    suffix = " with AT-SPI" if a11y else ""
    with with_display.display("1366x768", a11y) as env, tempfile.TemporaryDirectory() as folder:
        times = os.path.join(folder, "timing")
        found = collections.defaultdict(list)
        if not a11y:
            env["GTK_A11Y"] = "none"
        for _ in range(CALLS):
            with Phone("window", env={**env, "DESKSET_TIMING": times}, program="deskset", start_timeout=60) as phone:
                time.sleep(1.5)
                for digit in "12345":
                    phone.key(digit)
                    time.sleep(0.2)
                memory = rig.memory_mb(phone.pid)
        for line in open(times, encoding="utf-8"):
            name, value = line.split()
            found[name].append(float(value))
    result["first frame ms" + suffix] = middle(found["first-frame-ms"])
    result["first frame, CPU ms" + suffix] = middle(found["first-frame-cpu-ms"])
    if a11y:
        result["memory MB" + suffix] = memory
    else:
        result["key-display ms"] = middle(found["key-frame-ms"])
        result["key-display, CPU ms"] = middle(found["key-frame-cpu-ms"])


def measure_crowd(count):
    """Many phones on one machine, all registered at one exchange: what they cost together."""
    users = {str(number): "crowd" for number in range(2000, 2000 + count)}
    crowd, result = [], {}
    with Exchange(users) as exchange:
        try:
            start = time.monotonic()
            for user in users:
                crowd.append(Phone(f"c{user}", exchange.account_cfg(user), start_timeout=60).start(wait=False))
            for phone in crowd:
                phone._wait_started()
            for phone in crowd:
                phone.wait("account:1:registered", timeout=60, since=0)
            result["all registered s"] = time.monotonic() - start
            time.sleep(3)
            before, start = sum(rig.cpu_seconds(phone.pid) for phone in crowd), time.monotonic()
            time.sleep(20)
            result["CPU of all %"] = 100 * (sum(rig.cpu_seconds(phone.pid) for phone in crowd) - before) / (time.monotonic() - start)
            result["memory of all MB"] = sum(rig.memory_mb(phone.pid) for phone in crowd)
            result["memory of each MB"] = result["memory of all MB"] / count
            result["threads of all"] = sum(rig.threads_and_descriptors(phone.pid)[0] for phone in crowd)
        finally:
            for phone in crowd:
                phone.process.terminate()
            for phone in crowd:
                phone.close()
    return result


FAR_SPEECH = ("The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore, and the shells she sells are surely sea "
              "shells. Please call back before five o'clock, or leave a message after the tone.")
NEAR_SPEECH = "Good morning, you speak with the exchange. One moment please, I put you through to the front desk."


def measure_echo(build):
    """One dictionary for each echo path."""
    with tempfile.TemporaryDirectory(prefix="deskset-echo-") as folder:
        far, near = os.path.join(folder, "far.wav"), os.path.join(folder, "near.wav")
        subprocess.run(["espeak-ng", "-v", "en", "-s", "150", "-w", far, FAR_SPEECH], check=True)
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "140", "-p", "70", "-w", near, NEAR_SPEECH], check=True)
        done = subprocess.run([os.path.join(build, "tests", "media", "bench-media-echo"), far, near], capture_output=True, text=True,
                              check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def describe(build):
    def run(*command):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
        return done.stdout.strip()

    processor = ""
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    return {"commit": run("git", "describe", "--always", "--dirty") or "unknown", "date": datetime.datetime.now().isoformat(" ", "minutes"),
            "machine": platform.machine() + " " + processor + f" × {os.cpu_count()}", "processor": processor, "cores": os.cpu_count(),
            "kernel": platform.release(), "build": os.path.basename(os.path.abspath(build)), "load_begin": round(os.getloadavg()[0], 2)}


def judge(title, name, value, baresip):
    """(aim, whether it is met) or None."""
    if not title.startswith("deskset") or value is None:
        return None
    if name == "CPU in 1 call %" and title == "deskset" and baresip.get(name):
        most = CALL_CPU_TIMES * baresip[name]
    else:
        most = {**AIMS, **(AIMS_WINDOW if title == "deskset window" else AIMS_HEADLESS)}.get(name)
    return None if most is None else (most, value <= most)


def print_table(results):
    table = results["phones"]
    baresip = table.get("baresip", {})
    names = list(dict.fromkeys(name for figures in table.values() for name in figures))
    print(f"\n{'':34}" + "".join(f"{title:>17}" for title in table) + f"{'× baresip':>12}   aim")
    missed = []
    for name in names:
        cells, notes = "", []
        for title, figures in table.items():
            value = figures.get(name)
            verdict = judge(title, name, value, baresip)
            cells += f"{'-' if value is None else format(value, '.2f' if value < 1 else '.1f'):>17}"
            if verdict:
                notes.append(f"{title} ≤ {verdict[0]:.3g}: {'met' if verdict[1] else 'MISSED'}")
                missed += [] if verdict[1] else [f"{title}: {name} {value:.2f} > {verdict[0]:.3g}"]
        ours, theirs = table.get("deskset", {}).get(name), baresip.get(name)
        ratio = f"{ours / theirs:.2f}" if ours is not None and theirs else "-"
        print(f"{name:34}{cells}{ratio:>12}   {'; '.join(notes)}")
    if "recorder ms" in results:
        print(f"(the recorder itself: {results['recorder ms']:.1f} ms from hand-over to arrival; not taken off)")
    print(f"(idle: the {REST} s from {REST_AFTER} s after the start on; what the start and a window's first hint took is in the line before)")
    if "crowd" in results:
        print(f"{CROWD} headless phones without a sound device: " + ", ".join(f"{name} {value:.1f}" for name, value in results["crowd"].items()))
    for figures in results.get("echo", []):
        print("echo control: " + ", ".join(f"{name} {value:g}" for name, value in figures.items()))
    about = results["about"]
    print(f"{about['commit']}, load {about['load_begin']} at the beginning, {about['load_end']} at the end")
    print("missed: " + ("; ".join(missed) if missed else "none"))


def run_phones(sound, options, results):
    table = results["phones"]
    results["recorder ms"] = measure_recorder(sound)
    table["deskset"] = measure_phone(sound, options, phones.Deskset)
    with with_display.display("1366x768") as env:
        env["GTK_A11Y"] = "none"
        table["deskset window"] = measure_phone(sound, options, phones.DesksetWindow, env)
    for other in phones.list_others():
        try:
            # Their memory is not our matter, and a thousand calls of theirs take a quarter of an hour.
            table[other.title] = measure_phone(sound, options, other, calls=100)
        except (RuntimeError, OSError) as error:
            print(f"{other.title} cannot be measured: {error}", file=sys.stderr)


def measure_part(part, options, results):
    if part == "phones":
        with rig.Sound() as sound:
            run_phones(sound, options, results)
    elif part == "start":
        measure_start(results["phones"]["deskset"])
    elif part == "window":
        measure_window(results["phones"]["deskset window"], a11y=False)
        measure_window(results["phones"]["deskset window"], a11y=True)
    elif part == "echo":
        results["echo"] = measure_echo(options.build)
    elif part == "crowd":
        results["crowd"] = measure_crowd(CROWD)
    else:
        sys.exit(f"there is no part {part}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("result", nargs="?")
    parser.add_argument("--short", action="store_true", help="100 calls instead of 1,000 before memory is measured, shorter times")
    parser.add_argument("--only", default="phones,window,start,crowd,echo")
    options = parser.parse_args()
    options.calls, options.seconds = (100, 6) if options.short else (1000, 15)
    os.environ["DESKSET_BUILD"] = os.path.abspath(options.build)
    # As on a user's machine: GStreamer has looked at its plug-ins before. A fresh cache for every start costs 0.6 s.
    registry = tempfile.NamedTemporaryFile(prefix="deskset-gst-")
    os.environ["GST_REGISTRY"] = registry.name
    subprocess.run(["gst-inspect-1.0", "--exists", "pulsesink"], check=False, stdout=subprocess.DEVNULL)
    results = {"about": describe(options.build), "phones": {"deskset": {}, "deskset window": {}}}
    path = pathlib.Path(options.result or pathlib.Path(options.build) / "bench.json")
    for part in options.only.split(","):
        measure_part(part, options, results)
        # After each: what was measured is kept when a later part breaks off.
        results["about"]["load_end"] = round(os.getloadavg()[0], 2)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print_table(results)
    print(f"kept in {path}")


if __name__ == "__main__":
    main()
