#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up JUnit files: count.py FOLDER BROKEN_STEPS. Prints what failed and, last, 'N passed, N failed, N skipped'."""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main():
    folder, broken = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    passed = failed = skipped = 0
    failures, skips = [], []
    for path in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            name = f"{path.stem}: {case.get('classname', '')} {case.get('name', '')}"
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                failures.append(name)
            elif case.find("skipped") is not None:
                skipped += 1
                skips.append(name)
            else:
                passed += 1
    for name in skips:
        print(f"skipped: {name}")
    for name in failures:
        print(f"FAILED: {name}")
    if broken:
        print(f"FAILED: {broken} step(s) could not be built or run")
    failed += broken
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


sys.exit(main())
