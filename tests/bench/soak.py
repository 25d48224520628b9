#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""soak.py BUILD [CALLS]: one phone without a sound device calls the practice exchange's echo many times; prints memory, threads and
descriptors on the way. Fails when the phone dies, loses a call, or keeps growing after the first tenth of the calls."""

import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import rig  # noqa: E402
from deskset import Phone  # noqa: E402
from exchange import Exchange  # noqa: E402

GROWTH_MB = 12       # what a thousand calls may leave behind once everything has been used
DESCRIPTORS = 4


def main():
    os.environ["DESKSET_BUILD"] = os.path.abspath(sys.argv[1])
    calls = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    early = None
    with Exchange({"1001": "soak"}) as exchange, Phone("soak", exchange.account_cfg("1001")) as phone:
        phone.wait("account:1:registered", timeout=15, since=0)
        start = time.monotonic()
        for number in range(1, calls + 1):
            phone.dial("600")
            phone.wait("call:talking", timeout=15)
            phone.hangup()
            phone.wait("idle", timeout=15)
            if number % max(1, calls // 10) == 0:
                now = (rig.memory_mb(phone.pid), *rig.threads_and_descriptors(phone.pid))
                print(f"{number:6} calls  {time.monotonic() - start:7.1f} s  {now[0]:6.1f} MB  {now[1]} threads  {now[2]} descriptors"
                      f"  exchange {rig.memory_mb(exchange.pid):.1f} MB", flush=True)
                early = early or now
    kept = now[0] - early[0] <= GROWTH_MB and now[2] - early[2] <= DESCRIPTORS and now[1] <= early[1] + 2
    print("1 passed, 0 failed" if kept else "0 passed, 1 failed")
    return 0 if kept else 1


sys.exit(main())
