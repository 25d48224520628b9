#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program on a display of its own: with-display.py [--screen WxH] [--a11y] PROGRAM [ARGUMENTS…]

Starts Xvfb on a free display number and a session bus, and with --a11y the accessibility bus; gives the program a home
folder of its own and ends everything that was started, by its pid, when the program has ended."""
import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

A11Y_LAUNCHERS = ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"]


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(command, **keywords):
    process = subprocess.Popen(command, **keywords)
    try:
        yield process
    finally:
        end(process)


@contextlib.contextmanager
def told(command, **keywords):
    """Starts a program that tells one line over the file descriptor in place of {fd}; gives (process, line)."""
    read_end, write_end = os.pipe()
    command = [word.replace("{fd}", str(write_end)) for word in command]
    try:
        process = subprocess.Popen(command, pass_fds=(write_end,), **keywords)
    finally:
        os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            line = pipe.readline().strip()
        if not line:
            raise RuntimeError(f"{command[0]} did not start")
        yield process, line
    finally:
        end(process)


@contextlib.contextmanager
def display(screen="1600x1200", a11y=False):
    """Gives the environment for programs on the new display."""
    home = tempfile.mkdtemp(prefix="deskset-ui-")
    env = dict(os.environ, HOME=home, GDK_BACKEND="x11", LIBGL_ALWAYS_SOFTWARE="1", GTK_USE_PORTAL="0",
               ADW_DISABLE_PORTAL="1", NO_AT_BRIDGE="0" if a11y else "1", GTK_A11Y="atspi" if a11y else "test")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY",
                 "AT_SPI_BUS_ADDRESS"):
        env.pop(name, None)
    env["XDG_RUNTIME_DIR"] = os.path.join(home, "run")
    os.mkdir(env["XDG_RUNTIME_DIR"], 0o700)
    # The screen as a file in XWD format: a picture of it needs no further program.
    env["DESKSET_TEST_SCREEN"] = os.path.join(home, "Xvfb_screen0")
    try:
        with contextlib.ExitStack() as stack:
            _, number = stack.enter_context(told(
                ["Xvfb", "-displayfd", "{fd}", "-screen", "0", screen + "x24", "-fbdir", home, "-nolisten", "tcp",
                 "-noreset"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            env["DISPLAY"] = ":" + number
            _, address = stack.enter_context(told(
                ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={fd}",
                 f"--address=unix:path={home}/run/bus"], env=env, stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL))
            env["DBUS_SESSION_BUS_ADDRESS"] = address
            if a11y:
                launcher = next(path for path in A11Y_LAUNCHERS if os.path.exists(path))
                stack.enter_context(running([launcher, "--launch-immediately"], env=env, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
                wait_for_a11y(env)
            yield env
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wait_for_a11y(env, timeout=15):
    """The launcher owns its name a moment after it started. Asked of the bus itself: a call would start a second one."""
    deadline = time.monotonic() + timeout
    command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
               "--method", "org.freedesktop.DBus.NameHasOwner", "org.a11y.Bus"]
    while "true" not in subprocess.run(command, env=env, capture_output=True, text=True).stdout:
        if time.monotonic() > deadline:
            raise RuntimeError("no accessibility bus")
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--screen", default="1600x1200")
    parser.add_argument("--a11y", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with display(arguments.screen, arguments.a11y) as env:
        return subprocess.run(arguments.command, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
