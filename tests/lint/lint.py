#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compiler does not see: lint.py CHECK ROOT. Prints one line for each finding and fails when there is one."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOMS = {  # room: rooms whose headers it may include
    "engine": set(), "trace": set(), "sip": {"engine", "trace"}, "media": {"engine"}, "config": {"engine"}, "skin": {"engine"},
    "ui": {"engine", "skin", "trace", "ladder"}, "control": {"engine", "trace"}, "exchange": set(),
    "flow": {"control", "media", "trace"}, "lab": {"engine", "flow", "ladder", "trace"}, "ladder": {"engine", "trace"},
}
# Libraries a room may not see whatever its build file says.
FORBIDDEN_LIBRARIES = {
    "trace": r"<(gtk|adwaita|sofia-sip|gst|pulse|cairo|pango|librsvg|libsoup|json-glib|libsecret|gio)",
    "engine": r"<(gtk|adwaita|sofia-sip|gst|pulse|cairo|pango|librsvg|libsoup|json-glib|libsecret)",
    "skin": r"<(gtk|adwaita|sofia-sip|gst|pulse)", "sip": r"<(gtk|adwaita|gst|pulse|cairo)",
    "media": r"<(gtk|adwaita|sofia-sip|cairo)", "control": r"<(gtk|adwaita|sofia-sip|gst)",
    "config": r"<(gtk|adwaita|sofia-sip|gst)", "ui": r"<(sofia-sip|gst)", "flow": r"<(gtk|adwaita|sofia-sip|gst|pulse|cairo)",
}
BANNED_CALLS = r"\b(atoi|atol|atof|sscanf|strcpy|strcat|sprintf|vsprintf|gets|strtok|tmpnam|su_root_step|gst_parse_launch)\s*\("
BANNED_ELEMENTS = r'"(decodebin3?|uridecodebin3?|playbin3?|parsebin)"'
# Paths of somebody's machine do not belong here. Written in pieces, so that this file does not find itself.
BANNED_WORDS = ["/wo" + "rk/", "/fa" + "rm/", "../sha" + "red", "/tmp/w" + "t/", "/home/" + "user", "/roo" + "t/"]


def tracked(root):
    if (root / ".git").exists():
        names = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                               capture_output=True, check=True).stdout.decode().split("\0")
    else:
        names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
    return [n for n in names if n and (root / n).is_file() and not n.startswith("_build")]


def read(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


def check_includes(root):
    owner = {}
    for name in tracked(root):
        parts = name.split("/")
        if parts[0] == "src" and len(parts) == 3 and name.endswith((".c", ".h", ".inc")):
            if parts[2] in owner:
                yield f"{name}: there is a {parts[2]} in {owner[parts[2]]} already; file names are unique over all rooms"
            owner[parts[2]] = parts[1]
    for name in tracked(root):
        if not name.startswith(("src/", "tests/")) or not name.endswith((".c", ".h")):
            continue
        parts = name.split("/")
        room = parts[1] if parts[0] == "src" and len(parts) == 3 else None
        for number, line in enumerate(read(root, name).splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if match and "/" in match.group(1):
                yield f"{name}:{number}: include by file name only: {match.group(1)}"
            if match and room in ROOMS and owner.get(match.group(1), room) not in ROOMS[room] | {room}:
                yield f"{name}:{number}: {room}/ may not see {owner[match.group(1)]}/"
            if room in FORBIDDEN_LIBRARIES and re.search(r"#\s*include\s+" + FORBIDDEN_LIBRARIES[room], line):
                yield f"{name}:{number}: this library does not belong into {room}/: {line.strip()}"


def check_words(root):
    for name in tracked(root):
        if name.endswith((".png", ".wav", ".ulaw", ".raw")) or name.startswith("tests/fuzz/corpus/") or name == "COPYING":
            continue
        for number, line in enumerate(read(root, name).splitlines(), 1):
            for word in BANNED_WORDS:
                if word in line:
                    yield f"{name}:{number}: a path that the project must not know: {line.strip()[:100]}"


def check_style(root):
    for name in tracked(root):
        if not name.endswith((".c", ".h", ".inc", ".py", ".sh", "meson.build")):
            continue
        text = read(root, name)
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in text[:300]:
            yield f"{name}:1: the licence line is missing"
        if text and not text.endswith("\n"):
            yield f"{name}: no newline at the end"
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip():
                yield f"{name}:{number}: blanks at the end of the line"
            if "\t" in line and not name.endswith((".py", ".sh")):
                yield f"{name}:{number}: tab"
            if len(line) > 140 and not name.endswith((".inc", ".py")):
                yield f"{name}:{number}: {len(line)} columns"
            if name.startswith("src/") and re.search(BANNED_CALLS, line):
                yield f"{name}:{number}: {re.search(BANNED_CALLS, line).group(1)} is not used here"
            if name.startswith("src/") and re.search(BANNED_ELEMENTS, line):
                yield f"{name}:{number}: outside data never reaches {re.search(BANNED_ELEMENTS, line).group(1)}"


def check_translations(root):
    listed = {line for line in read(root, "po/POTFILES").splitlines() if line and not line.startswith("#")}
    for name in sorted(listed):
        if not (root / name).is_file():
            yield f"po/POTFILES: {name} does not exist"
    for name in tracked(root):
        if name.startswith("src/") and name.endswith((".c", ".h", ".inc")) and name not in listed:
            code = re.sub(r"/\*.*?\*/", "", read(root, name), flags=re.S)
            if re.search(r'\b(N?_|C_|NC_|ngettext|Q_)\s*\(\s*"', code):
                yield f"po/POTFILES: {name} has texts to translate and is not listed"
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "deskset.pot"
        files = [n for n in sorted(listed) if (root / n).is_file() and n.endswith((".c", ".h", ".inc"))]
        subprocess.run(["xgettext", "-L", "C", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
                        "--keyword=g_dngettext:2,3", "--keyword=ngettext:1,2", "-o", pot, *files], cwd=root, check=True,
                       stderr=subprocess.DEVNULL)
        for language in read(root, "po/LINGUAS").split():
            merged = pathlib.Path(folder) / "merged.po"
            subprocess.run(["msgmerge", "-q", "--no-fuzzy-matching", "-o", merged, root / f"po/{language}.po", pot], check=True)
            left = subprocess.run(["msgattrib", "--no-obsolete", "--untranslated", merged], capture_output=True, text=True,
                                  check=True).stdout
            for message in re.findall(r'^msgid (.+(?:\n".*")*)', left, flags=re.M):
                if message != '""':
                    yield f"po/{language}.po: not translated: {message[:90]}"
            checked = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", root / f"po/{language}.po"], capture_output=True, text=True)
            if checked.returncode != 0:
                yield f"po/{language}.po: {checked.stderr.strip()}"
            if "#, fuzzy" in read(root, f"po/{language}.po"):
                yield f"po/{language}.po: has fuzzy entries"


def check_packaging(root):
    version = re.search(r"version: '([0-9.]+)'", read(root, "meson.build")).group(1)
    if f'<release version="{version}"' not in read(root, "data/org.deskset.Deskset.metainfo.xml.in"):
        yield f"data/org.deskset.Deskset.metainfo.xml.in: no release {version}"
    for name in tracked(root):
        if name.startswith("flatpak/") and name.endswith(".json"):
            try:
                manifest = json.loads(read(root, name))
            except ValueError as error:
                yield f"{name}: {error}"
                continue
            for key in ("id", "runtime", "runtime-version", "sdk", "command", "finish-args", "modules"):
                if key not in manifest:
                    yield f"{name}: no \"{key}\""
            for module in manifest.get("modules", []):
                for source in module.get("sources", []) if isinstance(module, dict) else []:
                    if source.get("type") == "git" and "commit" not in source:
                        yield f"{name}: {module['name']} is not pinned by commit"
                    if source.get("type") == "archive" and "sha256" not in source:
                        yield f"{name}: {module['name']} has no checksum"
        if name.endswith((".svg", ".xml")) and shutil.which("xmllint") and not name.startswith("tests/"):
            checked = subprocess.run(["xmllint", "--noout", "--nonet", root / name], capture_output=True, text=True)
            if checked.returncode != 0:
                yield f"{name}: {checked.stderr.strip()}"
    for icon in ("scalable/apps/org.deskset.Deskset.svg", "symbolic/apps/org.deskset.Deskset-symbolic.svg"):
        if not (root / "data/icons/hicolor" / icon).is_file():
            yield f"data/icons/hicolor/{icon} is missing"


def keyboard_rows(root):
    """The README's keyboard table, from the one list of shortcuts: titles with their first accelerators."""
    names = {"asterisk": "*", "numbersign": "#", "Return": "Enter", "BackSpace": "Backspace", "plus": "+", "minus": "-", "comma": ",",
             "space": "Space", "question": "?"}
    text = re.sub(r"/\*.*?\*/", "", read(root, "src/ui/keyboard-table.inc"), flags=re.S)
    rows, last = {}, None
    for kind, accelerators, middle in re.findall(r'^(KEY|HOOK|COMMAND|ACTION) \("([^"]*)",(.*)\)$', text, flags=re.M):
        titles = re.findall(r'N_\("([^"]*)"\)', middle)
        key = accelerators.split()[0]
        modifiers = re.findall(r"<(\w+)>", key)
        key = re.sub(r"<\w+>", "", key)
        key = names.get(key, key.upper() if len(key) == 1 else key)
        shown = "`" + "`+`".join([m.replace("Control", "Ctrl") for m in modifiers] + [key]) + "`"
        last = titles[-1] if titles else last
        rows.setdefault(last, []).append(shown)
    return [f"| {' '.join(keys)} | {title} |" for title, keys in rows.items()]


def check_readme(root):
    readme = read(root, "README.md")
    for row in keyboard_rows(root):
        if row not in readme:
            yield f"README.md: the keyboard table lacks: {row}"
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        if not (root / target).exists():
            yield f"README.md: {target} does not exist"


def check_scripts(root):
    if not shutil.which("shellcheck"):
        yield "shellcheck is not installed"
        return
    scripts = [n for n in tracked(root) if n.endswith(".sh") or n in ("run", "check", ".ci/run")]
    checked = subprocess.run(["shellcheck", "-x", *scripts], cwd=root, capture_output=True, text=True)
    yield from checked.stdout.splitlines() if checked.returncode != 0 else []
    for name in tracked(root):
        if name.endswith(".py"):
            try:
                compile(read(root, name), name, "exec")
            except SyntaxError as error:
                yield f"{name}:{error.lineno}: {error.msg}"


def check_settings(root):
    """Each row of the settings table is read somewhere; keys are there once."""
    table = re.findall(r'^SETTING \((\w+), "([^"]+)", "([^"]*)"', read(root, "src/engine/settings-table.inc"), flags=re.M)
    code = "\n".join(read(root, n) for n in tracked(root) if n.startswith("src/") and n.endswith((".c", ".inc"))
                     and n != "src/engine/settings-table.inc")
    used = set(re.findall(r"\bPHONE_SETTING_(\w+)", code))
    # Tables whose rows name a setting by its last part: the macro is found with `##`.
    pasted = [re.compile("^" + before + r"\w+" + after + "$") for before, after in
              re.findall(r"\bPHONE_SETTING_(\w*)##\w+(?:##)?(\w*)", code)]
    seen = {}
    for name, key, aliases in table:
        if name not in used and not any(p.match(name) for p in pasted):
            yield f"src/engine/settings-table.inc: nobody reads PHONE_SETTING_{name} ({key})"
        for spelling in [key, *aliases.split()]:
            if spelling in seen:
                yield f"src/engine/settings-table.inc: {spelling} is both {seen[spelling]} and {name}"
            seen[spelling] = name


def check_fuzz(root):
    """Each target has seeds, each folder of seeds a target; the SIP room and the engine do not sleep."""
    fuzz = root / "tests" / "fuzz"
    targets = {p.stem.removeprefix("fuzz-") for p in fuzz.glob("fuzz-*.c")}
    folders = {p.name for p in (fuzz / "corpus").iterdir() if any(p.iterdir())}
    for name in sorted(targets - folders):
        yield f"tests/fuzz/fuzz-{name}.c has no corpus/{name}"
    for name in sorted(folders - targets):
        yield f"tests/fuzz/corpus/{name} has no target"
    for path in sorted(fuzz.glob("*.dict")):
        if path.stem not in targets:
            yield f"tests/fuzz/{path.name} has no target"
    for name in tracked(root):
        parts = name.split("/")
        # Every parser a header offers has a target that calls it.
        if parts[0] == "src" and name.endswith(".h"):
            for function in re.findall(r"\b(\w+_parse)\s*\(", re.sub(r"/\*.*?\*/", "", read(root, name), flags=re.S)):
                if not any(function in path.read_text(encoding="utf-8") for path in fuzz.glob("fuzz-*.c")):
                    yield f"{name}: no fuzz target calls {function} ()"


def check_sleeps(root):
    """Nothing that runs on the main thread waits by sleeping; tests wait for what they want. Flows are played on a thread, or in a
    program, that has nothing else to do."""
    for name in tracked(root):
        if not name.startswith("src/") or name.startswith("src/flow/") or not name.endswith(".c"):
            continue
        for number, line in enumerate(read(root, name).splitlines(), 1):
            if re.search(r"\b(g_usleep|usleep|nanosleep|sleep)\s*\(", line):
                yield f"{name}:{number}: sleeps: {line.strip()}"


def check_programs(root):
    """Whoever installs a program says in the documentation what it is for, and every ./check option is explained in its help."""
    documents = read(root, "README.md") + read(root, "DESIGN.md") + "".join(
        read(root, n) for n in tracked(root) if n.startswith("doc/") and n.endswith(".md"))
    for name in tracked(root):
        if name.endswith("meson.build") and name.startswith("src/"):
            for program in re.findall(r"executable\('([\w-]+)'[^)]*install: true", read(root, name), flags=re.S):
                if f"`{program}" not in documents and f"{program} " not in documents:
                    yield f"{name}: {program} is not described in README.md, DESIGN.md or doc/"
    help_text = "".join(line for line in read(root, "check").splitlines(True) if line.startswith("# ./check"))
    for option in re.findall(r"^\s+(--[a-z]+)[|)]", read(root, "check"), flags=re.M):
        if option != "--help" and option not in help_text:
            yield f"check: {option} is not explained in its help"
        if option != "--help" and option not in read(root, "tests/README.md"):
            yield f"tests/README.md: {option} of ./check is not mentioned"


def main():
    root = pathlib.Path(sys.argv[2]).resolve()
    findings = list(globals()["check_" + sys.argv[1]](root))
    print("\n".join(findings))
    return 1 if findings else 0


sys.exit(main())
