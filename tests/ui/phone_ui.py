# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's window as a test sees it: through the accessibility tree, with the pointer, with the keyboard.

    with display ("1600x1200") as env, Ui (env, "--profile", "a") as ui:
        ui.click ("Soft key 1")            # pointer in the middle of the key called so
        ui.activate ("OK")                 # what a screen reader does
        ui.type ("2001"); ui.press ("Return")
        ui.wait_lcd ("Talking")
        ui.screenshot ("talking.png")

Only python3-gi with Atspi and xdotool are needed. Positions: the window stands at the upper left corner of its display,
there is no window manager."""
import importlib.util
import os
import pathlib
import struct
import subprocess
import sys
import threading
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

_spec = importlib.util.spec_from_file_location("with_display", HERE / "with-display.py")
with_display = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(with_display)
display = with_display.display


class Timeout(AssertionError):
    """Something did not happen in time."""


def load_atspi(env):
    """Atspi speaks to the bus it finds in the environment when it is first used: set that before."""
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME"):
        os.environ[name] = env[name]
    os.environ["NO_AT_BRIDGE"] = "1"
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
    Atspi.set_timeout(4000, 8000)
    return Atspi


class Ui:
    """One running `deskset`, or another program of ours with a window."""

    def __init__(self, env, *options, audio="null", scale=1, extra=None, program="deskset"):
        self.env = dict(env, GSK_RENDERER="cairo", LC_ALL="C.UTF-8", **(extra or {}))
        self.program = os.path.join(os.environ["DESKSET_BUILD"], "src", program)
        self.options = [*(["--audio", audio] if audio else []), *options]
        self.scale = scale  # pixels of the screen for one of GTK's, as GDK_SCALE says
        self.process = None
        self.atspi = None
        self.root = None
        self.log = []

    def __enter__(self):
        self.atspi = load_atspi(self.env)
        self.process = subprocess.Popen([self.program, *self.options], env=self.env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            self.root = self.wait(self._find_root, 30, "the window")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _read(self):
        for line in self.process.stdout:
            self.log.append(line.rstrip("\n"))

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()
        if kind is not None:
            print("the program's messages:", *self.log, sep="\n  ", file=sys.stderr)

    # --- waiting

    def wait(self, condition, timeout, what):
        deadline = time.monotonic() + timeout
        while True:
            result = condition()
            if result:
                return result
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode}")
            if time.monotonic() > deadline:
                raise Timeout(f"{what}: not within {timeout} s\nLCD:\n{self.lcd() if self.root else '-'}")
            time.sleep(0.03)

    def wait_lcd(self, text, timeout=10):
        """Until a row of the LCD contains `text`."""
        return self.wait(lambda: text in self.lcd(), timeout, f"{text!r} on the LCD")

    def wait_not_lcd(self, text, timeout=10):
        return self.wait(lambda: text not in self.lcd(), timeout, f"no {text!r} on the LCD")

    # --- the accessibility tree

    def _find_root(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(i)
            try:
                if program and program.get_process_id() == self.process.pid and program.get_child_count() > 0:
                    return program
            except Exception:  # it may come and go while we look
                continue
        return None

    def applications(self):
        """The names of all programs with windows that the accessibility tree has."""
        desktop = self.atspi.get_desktop(0)
        names = []
        for i in range(desktop.get_child_count()):
            try:
                program = desktop.get_child_at_index(i)
                if program and program.get_child_count() > 0:
                    names.append(program.get_name())
            except Exception:  # it may come and go while we look
                continue
        return names

    def walk(self, node=None):
        node = node or self.root
        yield node
        try:
            children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
        except Exception:
            return
        for child in children:
            if child:
                yield from self.walk(child)

    def find(self, name, role="push button", within=None):
        for node in self.walk(within):
            try:
                if node.get_name() == name and node.get_role_name() == role:
                    return node
            except Exception:
                continue
        return None

    def dialog(self):
        """The window that stands before the phone's, if there is one."""
        windows = [self.root.get_child_at_index(i) for i in range(self.root.get_child_count())]
        return next((window for window in windows if window and not self.find("Phone", "panel", window)), None)

    def get(self, name, role="push button", timeout=10):
        return self.wait(lambda: self.find(name, role), timeout, f"{role} {name!r}")

    def describe(self, name):
        return self.get(name).get_description()

    def lcd(self):
        """The texts of the LCD from top to bottom, one a line, as the accessibility tree has them."""
        panel = self.find("Display", "panel")
        if panel is None:
            return ""
        texts = []
        for i in range(panel.get_child_count()):
            label = panel.get_child_at_index(i)
            states = label.get_state_set() if label else None
            if states and states.contains(self.atspi.StateType.VISIBLE):
                texts.append(label.get_name())
        return "\n".join(texts)

    def soft_keys(self):
        return [self.describe(f"Soft key {n}") for n in range(1, 5)]

    def focused(self):
        """Name of what has the keyboard focus."""
        for node in self.walk():
            try:
                if node.get_state_set().contains(self.atspi.StateType.FOCUSED) and node.get_role_name() != "frame":
                    return node.get_name()
            except Exception:
                continue
        return None

    # --- hands

    def activate(self, name):
        """As a screen reader presses a button: by its action."""
        node = self.get(name)
        assert node.get_n_actions() == 1, name
        assert node.do_action(0), name

    def place(self, name, role="push button"):
        extents = self.get(name, role).get_extents(self.atspi.CoordType.WINDOW)
        assert extents.width > 0 and extents.height > 0, name
        return extents

    def xdotool(self, *words):
        subprocess.run(["xdotool", *[str(word) for word in words]], env=self.env, check=True)

    def move(self, x, y):
        self.xdotool("mousemove", "--sync", x, y)

    def click_at(self, x, y):
        self.xdotool("mousemove", x, y, "mousedown", 1, "mouseup", 1)

    def middle(self, name, role="push button"):
        extents = self.place(name, role)
        return (extents.x + extents.width // 2) * self.scale, (extents.y + extents.height // 2) * self.scale

    def click(self, name, role="push button"):
        self.click_at(*self.middle(name, role))

    def type(self, text):
        self.xdotool("type", "--delay", "25", text)

    def press(self, *keys):
        self.xdotool("key", "--delay", "25", *keys)

    # --- pictures

    def pixels(self, extents):
        """The pixels of a part of the screen, to be compared."""
        data = pathlib.Path(self.env["DESKSET_TEST_SCREEN"]).read_bytes()
        header = struct.unpack(">25I", data[:100])
        step, start = header[11] // 8, header[0] + header[19] * 12
        left, right = extents.x * self.scale * step, (extents.x + extents.width) * self.scale * step
        return b"".join(data[start + y * header[12] + left:start + y * header[12] + right]
                        for y in range(extents.y * self.scale, (extents.y + extents.height) * self.scale))

    def _geometry(self, title="Deskset"):
        out = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}", "getwindowgeometry",
                              "--shell"], env=self.env, capture_output=True, text=True).stdout
        return dict(line.split("=") for line in out.split() if "=" in line)

    def window(self):
        """Width and height of the window in pixels of the screen, its frame included."""
        geometry = self.wait(self._geometry, 10, "the window on the screen")
        return int(geometry["WIDTH"]), int(geometry["HEIGHT"])

    def take_keyboard(self, title="Deskset"):
        """Gives a window the keyboard, for there is no window manager, and takes the pointer away from it."""
        geometry = self.wait(lambda: self._geometry(title), 10, f"{title} on the screen")
        self.xdotool("mousemove", 20000, 20000, "windowfocus", "--sync", geometry["WINDOW"])

    def outwait_message(self):
        """Waits for the message at the lower edge to go, if there is one or comes one within a second."""
        deadline = time.monotonic() + 1.5
        while time.monotonic() < deadline:
            if self.says("The display is small"):
                self.wait(lambda: not self.says("The display is small"), 20, "the message to go")
                return
            time.sleep(0.1)

    def names(self):
        """Of everything in the window. What is drawn anew meanwhile is passed over: it is gone when it is asked."""
        for node in self.walk():
            try:
                name = node.get_name()
            except Exception:
                continue
            if name:
                yield name

    def says(self, text):
        """Whether anything in the window is named so, or begins so."""
        return any(name.startswith(text) for name in self.names())

    def screenshot(self, path, size=None):
        """The screen as it is, or its upper left part of this size."""
        write_png(self.env["DESKSET_TEST_SCREEN"], path, size)


def write_png(xwd, path, part=None):
    """XWD of a TrueColor screen, 24 or 32 bits for a pixel → PNG, with the standard library."""
    data = pathlib.Path(xwd).read_bytes()
    header = struct.unpack(">25I", data[:100])
    size, width, height, order, bits, line, colours = (header[0], header[4], header[5], header[7], header[11],
                                                       header[12], header[19])
    if part:
        width, height = min(width, int(part[0])), min(height, int(part[1]))
    assert bits in (24, 32), f"{bits} bits for a pixel"
    step = bits // 8
    red, green, blue = (2, 1, 0) if order == 0 else (step - 3, step - 2, step - 1)
    start = size + colours * 12
    rows = bytearray()
    for y in range(height):
        row = data[start + y * line:start + y * line + width * step]
        pixels = bytearray(width * 3)
        pixels[0::3], pixels[1::3], pixels[2::3] = row[red::step], row[green::step], row[blue::step]
        rows += b"\0" + pixels

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content) & 0xffffffff))

    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) +
                                   chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b""))
