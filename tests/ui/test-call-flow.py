#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of the call flow: a call on the practice exchange is drawn while it happens, step by step, with what each is for."""
import os
import pathlib
import sys

from phone_ui import Ui, display

PICTURES = pathlib.Path(os.environ["DESKSET_BUILD"]) / "screenshots"


def steps(ui):
    return [node.get_name() for node in ui.walk() if (node.get_name() or "").startswith("F") and ": " in node.get_name()]


def wait_step(ui, text):
    ui.wait(lambda: any(text in step for step in steps(ui)), 15, f"the step {text}")


def choose(ui):
    """A step by the keyboard: what it is for, and its text."""
    ui.take_keyboard("Call Flow")
    for _ in range(12):
        if not ui.says("Choose a step."):
            break
        ui.press("Tab", "Down")
    ui.press("End", "Up")
    ui.wait(lambda: ui.says("Ends the call. Either side may send it."), 5, "what BYE is for")


def main():
    dark = "dark" in sys.argv[1:]
    PICTURES.mkdir(exist_ok=True)
    extra = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"} if dark else {}
    with display("1400x1700", a11y=True) as env, Ui(env, "--profile", "flow", extra=extra) as ui:
        ui.take_keyboard()
        ui.wait_lcd("No account is set up")
        ui.press("F1")
        ui.wait(lambda: "line registered" in ui.describe("Line key 1"), 15, "the registration")
        ui.press("ctrl+l")
        ui.wait(lambda: ui.says("All Messages"), 10, "the window")
        wait_step(ui, "REGISTER to 127.0.0.1")
        ui.xdotool("search", "--sync", "--onlyvisible", "--name", "^Call Flow$", "windowmove", "--sync", "20", "900")
        ui.take_keyboard()
        ui.type("600")
        ui.press("Return")
        wait_step(ui, "INVITE to 127.0.0.1")
        wait_step(ui, "200 OK from 127.0.0.1")
        ui.wait_lcd("Talking")
        before = len(steps(ui))
        ui.press("ctrl+BackSpace")
        wait_step(ui, "BYE to 127.0.0.1")
        assert len(steps(ui)) > before
        choose(ui)
        ui.screenshot(PICTURES / ("call-flow-dark.png" if dark else "call-flow.png"))


if __name__ == "__main__":
    main()
