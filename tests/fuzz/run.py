#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every libFuzzer target from its kept corpus: run.py BUILD SECONDS JUNIT SEED [NAME…]. Two at a time; findings
stay in BUILD/findings."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent


def run(target, seconds, findings, seed):
    name = target.name.removeprefix("fuzz-")
    with tempfile.TemporaryDirectory() as fresh:
        command = [str(target), f"-max_total_time={seconds}", f"-seed={seed}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                   f"-artifact_prefix={findings}/{name}-", fresh, str(HERE / "corpus" / name)]
        # Options of its own stand in a target's first lines.
        own = re.search(r"libFuzzer:((?: -\S+)+)", (HERE / f"{target.name}.c").read_text(encoding="utf-8")[:2000])
        command[1:1] = own.group(1).split() if own else []
        # The address sanitizer looks once more when the program ends.
        leaks = "0" if "-detect_leaks=0" in command else "1"
        dictionary = HERE / f"{name}.dict"
        if dictionary.exists():
            command.insert(1, f"-dict={dictionary}")
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, G_DEBUG="fatal-criticals", ASAN_OPTIONS=f"detect_leaks={leaks}"), check=False)
    text = done.stdout.decode(errors="replace")
    runs = next((line.split()[-1] for line in text.splitlines() if line.startswith("stat::number_of_executed_units")), "0")
    return name, done.returncode, runs, text


def main():
    build, seconds, junit, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]) % 2**32
    findings = build / "findings"
    findings.mkdir(exist_ok=True)
    targets = sorted(p for p in (build / "tests" / "fuzz").glob("fuzz-*") if p.is_file() and os.access(p, os.X_OK))
    if sys.argv[5:]:
        targets = [t for t in targets if t.name.removeprefix("fuzz-") in sys.argv[5:]]
    cases, bad = [], 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, code, runs, text in pool.map(lambda t: run(t, seconds, findings, seed), targets):
            print(f"{'ok  ' if code == 0 else 'FAIL'} fuzz {name}: {runs} runs", flush=True)
            if code != 0:
                bad += 1
                print(text[-4000:])
            failure = "" if code == 0 else f"<failure>{escape(text[-4000:], {chr(0): ''})}</failure>"
            cases.append(f'<testcase classname="fuzz" name="{name}">{failure}</testcase>')
    pathlib.Path(junit).write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
    return 1 if bad or not targets else 0


sys.exit(main())
