#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the fuzz targets for Meson, one a line: name, then the rooms its first lines name in `rooms:`."""
import pathlib
import re

for path in sorted(pathlib.Path(__file__).parent.glob("fuzz-*.c")):
    match = re.search(r"rooms:([a-z_ ]+)", path.read_text(encoding="utf-8")[:2000])
    print(path.stem, *(match.group(1).split() if match else ["engine"]))
