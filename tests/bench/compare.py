#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare.py A.json B.json: two results of bench.py side by side, with B in relation to A.

Of two runs on one machine only what changed by more than the noise of that figure says anything: the other phones of the
two runs show how large that is, since they are the same programs both times."""

import json
import pathlib
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    first, second = (json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:])
    for name, result in zip("AB", (first, second)):
        about = result["about"]
        print(f"{name}: {about['commit']} of {about['date']}, load {about['load_begin']} to {about['load_end']}, {about['cores']} cores, "
              f"{about['processor']}")
    if first["about"]["machine"] != second["about"]["machine"]:
        print("not the same machine: only the relation to the other phones of each run can be compared")
    for title in first["phones"]:
        if title not in second["phones"]:
            continue
        print(f"\n{title:40}{'A':>12}{'B':>12}{'B/A':>9}")
        before, after = first["phones"][title], second["phones"][title]
        for name in [*before, *(name for name in after if name not in before)]:
            a, b = before.get(name), after.get(name)
            ratio = f"{b / a:.2f}" if a and b is not None else "-"
            print(f"{name:40}" + "".join(f"{'-' if value is None else format(value, '.2f'):>12}" for value in (a, b)) + f"{ratio:>9}")


main()
