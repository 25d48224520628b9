#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static analysis: analyze.py TOOL BUILD JUNIT. TOOL is `cppcheck` or `clang` (its analyzer); BUILD is a configured build
folder, whose compile commands are followed. Any finding is a failure. A false one is silenced in its line, with a reason:
`// cppcheck-suppress id` before it, or an assertion that tells the analyzer what it does not know."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
from xml.sax.saxutils import escape, quoteattr

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Macros that define functions and that cppcheck's description of GLib does not have.
CPPCHECK_MACROS = ["G_DEFINE_QUARK(a,b)=", "G_DEFINE_AUTOPTR_CLEANUP_FUNC(a,b)=", "G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(a,b)="]
# NULL is a pointer on every system there is; system headers are left out on purpose; GTest's assertions are always compiled.
# What a source or a table was given is freed by it, which cppcheck cannot know: leaks are the address sanitizer's.
CPPCHECK_OFF = ["missingIncludeSystem", "varFuncNullUB", "memleak", "assertWithSideEffect:*/tests/*", "assignmentInAssert:*/tests/*"]
CLANG_OFF = ["deadcode.DeadStores",                                         # -Wunused says what matters; g_autoptr makes many
             "security.insecureAPI.DeprecatedOrUnsafeBufferHandling"]       # wants Annex K, which no C library has
# It does not know __attribute__((cleanup)) before clang 18: all that g_autoptr frees looks lost. Leaks are looked for by the
# address sanitizer in every suite that runs with it.
CLANG_BLIND = r"Potential leak of memory|Potential memory leak"


def commands(build):
    """The C files of ours that this build compiles, each once: path, folder, arguments."""
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if path.suffix == ".c" and ROOT in path.parents and build.resolve() not in path.parents and path not in seen:
            seen.add(path)
            yield path, entry["directory"], shlex.split(entry["command"])


def preprocessor(arguments):
    """What the analyzers need of a compiler's command line."""
    kept, i = [], 0
    while i < len(arguments):
        if arguments[i] in ("-isystem", "-include"):
            kept += arguments[i:i + 2]
            i += 1
        elif re.match(r"-[ID]|-isystem.|-std=|-pthread", arguments[i]):
            kept.append(arguments[i])
        i += 1
    return kept


def cppcheck(path, folder, arguments):
    # Only our own headers: with GLib's it takes minutes and finds no more.
    own = [a for a in preprocessor(arguments) if not a.startswith("-I/") and not a.startswith("-std") and a != "-pthread"
           and a.startswith(("-I", "-D"))]
    command = ["cppcheck", "--quiet", "--std=c11", "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=1",
               "--template={file}:{line}: {message} [{id}]", "--library=gnu", "--library=gtk",
               *[f"--suppress={s}" for s in CPPCHECK_OFF],
               *[f"-D{m}" for m in CPPCHECK_MACROS], *own, str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode != 0, done.stdout + done.stderr


def clang(path, folder, arguments):
    command = ["clang", "--analyze", "--analyzer-output", "text",
               *[a for s in CLANG_OFF for a in ("-Xclang", "-analyzer-disable-checker", "-Xclang", s)],
               *preprocessor(arguments), "-o", "/dev/null", str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # Each finding begins with a warning and goes on with notes and lines of the source.
    findings = re.split(r"^(?=\S+: warning: )", done.stdout + done.stderr, flags=re.M)
    findings = [f for f in findings if ": warning: " in f and not re.search(CLANG_BLIND, f.splitlines()[0])]
    return done.returncode != 0 or bool(findings), "".join(findings) if done.returncode == 0 else done.stderr


def main():
    tool, build = sys.argv[1], pathlib.Path(sys.argv[2])
    analyze = {"cppcheck": cppcheck, "clang": clang}[tool]
    work = list(commands(build))
    cases, bad = [], 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for (path, _, _), (failed, text) in zip(work, pool.map(lambda job: analyze(*job), work)):
            name = str(path.relative_to(ROOT))
            if failed:
                bad += 1
                print(text.strip(), flush=True)
            failure = f"<failure>{escape(text, {chr(0): ''})}</failure>" if failed else ""
            cases.append(f"<testcase classname={quoteattr(tool)} name={quoteattr(name)}>{failure}</testcase>")
    print(f"{'ok  ' if not bad else 'FAIL'} {tool}: {len(work)} files, {bad} with findings")
    if len(sys.argv) > 3:
        pathlib.Path(sys.argv[3]).write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
    return 1 if bad or not work else 0


sys.exit(main())
