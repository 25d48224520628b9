#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the running phone in its states: at 1x, 2x, on a 1366 × 768 screen, light and dark, compact.

    test-screenshots.py SET        1x, 2x, small, dark or compact

Written to $DESKSET_BUILD/screenshots; each state is really reached, on the practice exchange. One set for each process: the
accessibility library knows one bus in its life."""
import os
import pathlib
import sys
import time

from phone_ui import Ui, display

FOLDER = pathlib.Path(os.environ["DESKSET_BUILD"]) / "screenshots"


SETS = {
    # screen, scale, environment, states
    "1x": ("1600x1200", 1, {}, ["idle", "directory", "dialing", "calling", "incoming", "talking", "two-calls"]),
    "2x": ("2800x2300", 2, {"GDK_SCALE": "2"}, ["idle", "dialing", "incoming", "talking", "two-calls"]),
    "small": ("1366x768", 1, {}, ["idle", "dialing", "incoming", "talking", "two-calls"]),
    "dark": ("1600x1200", 1, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, ["idle", "menu", "compact"]),
    "compact": ("1366x768", 1, {}, ["compact", "incoming", "talking"]),
}


class Walk:
    """One set of pictures."""

    def take(self, ui, name, size):
        """Once the window has come to rest. Only the window, not the empty screen around it."""
        time.sleep(0.5)
        path = FOLDER / f"{name}.png"
        ui.screenshot(path, size)
        assert path.stat().st_size > 20000, name
        print(path, flush=True)

    def run(self, name):
        screen, scale, extra, states = SETS[name]
        with display(screen, a11y=True) as env, Ui(env, "--profile", "pictures", scale=scale,
                                                  extra=extra) as ui:
            ui.take_keyboard()
            window = ui.window()
            width, height = (int(number) for number in screen.split("x"))
            assert window[0] <= width and window[1] <= height, f"{window} does not fit"
            ui.wait_lcd("No account is set up")
            ui.press("F1")
            ui.wait(lambda: "line registered" in ui.describe("Line key 1"), 15, "the registration")
            ui.wait_not_lcd("Starting", 15)
            # The offer of the compact view, where it comes, goes with time.
            ui.outwait_message()
            for state in states:
                getattr(self, "reach_" + state.replace("-", "_"))(ui)
                self.take(ui, f"{name}-{state}", ui.window())

    def reach_idle(self, ui):
        pass

    def reach_directory(self, ui):
        ui.press("F2")
        ui.wait_lcd("All Contacts")

    def reach_dialing(self, ui):
        if "All Contacts" in ui.lcd():
            ui.press("Escape")
            ui.wait_not_lcd("All Contacts")
        ui.type("60")
        ui.wait_lcd("60")

    def reach_calling(self, ui):
        ui.type("3")
        ui.press("Return")
        ui.wait(lambda: "Ring" in ui.lcd(), 15, "the far end rings")

    def reach_incoming(self, ui):
        ui.press("ctrl+BackSpace", "Escape", "Escape")
        ui.wait(lambda: "Directory" in ui.soft_keys()[1], 15, "the idle page")
        ui.type("606")
        ui.press("Return")
        ui.wait_lcd("Talking", 15)
        ui.press("ctrl+BackSpace")
        # A blinking lamp is on in half of all pictures: wait for the moment it goes on.
        ui.wait(lambda: "blinking fast" in ui.describe("Line key 1"), 15, "the call back")
        place = ui.place("Line key 1")
        place.x, place.width = place.x + place.width, place.height
        time.sleep(0.5)
        first = ui.pixels(place)
        ui.wait(lambda: sum(ui.pixels(place)) > sum(first) * 1.02 or sum(ui.pixels(place)) < sum(first) * 0.98, 5,
                "the lamp that blinks")

    def reach_talking(self, ui):
        ui.press("ctrl+Return")
        ui.wait_lcd("Talking", 15)
        if ui.find("Handset"):
            ui.press("ctrl+space")
            ui.wait(lambda: ui.describe("Handset") == "lifted", 5, "the handset off the hook")
        time.sleep(1.5)

    def reach_two_calls(self, ui):
        ui.press("ctrl+h")
        ui.wait(lambda: "blinking slowly" in ui.describe("Line key 1"), 10, "the call on hold")
        ui.wait(lambda: "New Call" in ui.soft_keys(), 5, "the soft key New Call")
        ui.press(f"F{ui.soft_keys().index('New Call') + 1}")
        ui.wait_lcd("Dial")
        ui.type("600")
        ui.press("Return")
        ui.wait(lambda: "Echo" in ui.lcd() and "Talking" in ui.lcd(), 15, "the second call")
        time.sleep(1.2)

    def reach_menu(self, ui):
        ui.press("F4")
        ui.wait_lcd("Status")

    def reach_compact(self, ui):
        ui.press("F11")
        ui.wait(lambda: ui.find("OK") is None, 5, "the head alone")


if __name__ == "__main__":
    Walk().run(sys.argv[1])
