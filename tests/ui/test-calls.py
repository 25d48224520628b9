#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""First calls on the practice exchange through the window alone: with the mouse, with the keyboard, as a screen reader does.

Keys are found by their accessible names or hit by their pixels, the LCD is read from the accessibility tree."""
import sys
import time
import unittest

from phone_ui import Ui, display


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = display("1600x1200", a11y=True)
        cls.env = cls.stack.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.stack.__exit__(None, None, None)

    def start_practice(self, ui, press):
        """From the first page to a registered line."""
        ui.wait_lcd("No account is set up")
        self.assertEqual(ui.soft_keys()[0], "Start")
        press()
        ui.wait(lambda: "line registered" in ui.describe("Line key 1"), 15, "the registration")

    def wait_idle(self, ui):
        ui.wait(lambda: "Directory" in ui.soft_keys()[1], 15, "the idle page")

    def test_mouse_alone(self):
        with Ui(self.env, "--profile", "mouse") as ui:
            self.start_practice(ui, lambda: ui.click("Soft key 1"))

            # The soft key's label on the LCD is as good as the key.
            ui.click("Directory", "label")
            ui.wait_lcd("All Contacts")
            ui.click("Music", "label")
            ui.wait_lcd("Talking", 15)
            self.assertIn("Music", ui.lcd())
            self.assertIn("green lamp", ui.describe("Line key 1"))

            ui.click("Mute")
            ui.wait(lambda: ui.describe("Mute") == "red lamp", 5, "the lamp of Mute")
            ui.click("Hold")
            ui.wait(lambda: "blinking slowly" in ui.describe("Line key 1"), 10, "the lamp of a held call")
            ui.click("Hold")
            ui.wait(lambda: "blinking" not in ui.describe("Line key 1"), 10, "the lamp of a resumed call")

            # The first call a newcomer makes: handset, digits, echo.
            ui.click("Soft key 4")
            self.wait_idle(ui)
            ui.click("Handset")
            ui.wait(lambda: ui.describe("Handset") == "lifted", 5, "the handset off the hook")
            ui.wait_lcd("Dial")
            for digit in ("6", "0", "0"):
                ui.click(digit)
            ui.wait_lcd("600")
            ui.click("OK")
            ui.wait_lcd("Talking", 15)
            self.assertIn("Echo", ui.lcd())
            ui.click("Handset")
            ui.wait(lambda: ui.describe("Handset") == "in the cradle", 5, "the handset back")
            self.wait_idle(ui)

    def test_keyboard_alone(self):
        with Ui(self.env, "--profile", "keys") as ui:
            ui.take_keyboard()
            self.start_practice(ui, lambda: ui.press("F1"))
            ui.type("6001")
            ui.wait_lcd("6001")
            ui.press("BackSpace")
            ui.wait_not_lcd("6001")
            ui.press("Return")
            ui.wait_lcd("Talking", 15)
            self.assertIn("Echo", ui.lcd())

            ui.press("ctrl+m")
            ui.wait(lambda: ui.describe("Mute") == "red lamp", 5, "the lamp of Mute")
            ui.press("ctrl+m")
            ui.wait(lambda: ui.describe("Mute") == "lamp off", 5, "the lamp of Mute off")
            ui.press("ctrl+h")
            ui.wait(lambda: "blinking slowly" in ui.describe("Line key 1"), 10, "the call on hold")
            ui.press("ctrl+h")
            ui.wait(lambda: "blinking" not in ui.describe("Line key 1"), 10, "the call resumed")
            ui.press("ctrl+BackSpace")
            self.wait_idle(ui)

            # Line key, redial, and an incoming call answered.
            ui.press("alt+1")
            ui.wait_lcd("Dial")
            ui.type("606")
            ui.press("Return")
            ui.wait_lcd("Talking", 15)
            ui.press("ctrl+BackSpace")
            ui.wait(lambda: "blinking fast" in ui.describe("Line key 1"), 15, "the call back")
            self.assertEqual(ui.soft_keys()[0], "Answer")
            ui.press("ctrl+Return")
            ui.wait_lcd("Talking", 15)
            ui.press("ctrl+BackSpace")
            self.wait_idle(ui)
            ui.press("ctrl+space")
            ui.wait(lambda: ui.describe("Handset") == "lifted", 5, "the handset off the hook")
            ui.press("ctrl+space")
            ui.wait(lambda: ui.describe("Handset") == "in the cradle", 5, "the handset back")

    def test_screen_reader(self):
        with Ui(self.env, "--profile", "reader") as ui:
            self.start_practice(ui, lambda: ui.activate("Soft key 1"))
            for key in ("6", "0", "2"):
                ui.activate(key)
            ui.wait_lcd("602")
            ui.activate("OK")
            ui.wait_lcd("Busy", 15)
            ui.activate("Cancel")
            self.wait_idle(ui)
            ui.activate("Handset")
            ui.wait(lambda: ui.describe("Handset") == "lifted", 5, "the handset off the hook")
            ui.activate("Handset")
            self.wait_idle(ui)

            # Every key a sighted user has is there, with a name and one action.
            names = [node.get_name() for node in ui.walk() if node.get_role_name() == "push button"]
            for name in ("Hold", "Transfer", "Redial", "Message", "Mute", "Headset", "Volume up", "Up", "OK", "Handset",
                         "Line key 10", "Soft key 4", "5"):
                self.assertEqual(names.count(name), 1, name)

    def test_held_key_is_held(self):
        """A key of the keyboard that stays down keeps the key of the phone down, and it looks so."""
        with Ui(self.env, "--profile", "held") as ui:
            ui.take_keyboard()
            ui.wait_lcd("No account is set up")
            ui.press("Escape")
            self.wait_idle(ui)
            time.sleep(0.5)
            place = ui.place("5")
            before = ui.pixels(place)
            ui.xdotool("keydown", "5")
            ui.wait(lambda: ui.pixels(place) != before, 5, "key 5 down in the picture")
            time.sleep(0.6)
            self.assertNotEqual(ui.pixels(place), before)
            ui.xdotool("keyup", "5")
            ui.wait(lambda: ui.pixels(place) == before, 5, "key 5 up in the picture")
            # One digit, however long the keyboard repeated.
            self.assertIn("\n5\n", "\n" + ui.lcd() + "\n")

    def test_letters_and_focus(self):
        with Ui(self.env, "--profile", "focus") as ui:
            ui.take_keyboard()
            ui.wait_lcd("No account is set up")
            ui.press("Escape")
            self.wait_idle(ui)
            ui.type("bob@pbx.example")
            ui.wait_lcd("bob@pbx.example")
            ui.press("Escape")
            self.wait_idle(ui)

            # Tab goes to the keys in reading order; space presses the one with the focus, a digit gives the focus back.
            ui.press("Tab")
            focused = ui.wait(ui.focused, 5, "a focused key")
            self.assertEqual(focused, "Line key 1")
            ui.press("Tab", "Tab")
            ui.wait(lambda: ui.focused() == "Line key 3", 5, "the focus on Line key 3")
            ui.press("shift+Tab")
            ui.wait(lambda: ui.focused() == "Line key 2", 5, "the focus on Line key 2")
            ui.press("4")
            ui.wait_lcd("Dial")
            self.assertNotIn("key", ui.focused() or "")

    def test_compact(self):
        with Ui(self.env, "--profile", "compact") as ui:
            ui.take_keyboard()
            ui.wait_lcd("No account is set up")
            ui.press("F11")
            ui.wait(lambda: ui.find("OK") is None, 5, "the head alone")
            lcd = ui.place("Display", "panel")
            self.assertGreaterEqual(lcd.width, 480)
            self.assertGreaterEqual(lcd.height, 271)
            ui.click("Soft key 1")
            ui.wait(lambda: "line registered" in ui.describe("Line key 1"), 15, "the registration")
            ui.press("F11")
            ui.get("OK")

    def test_ends_with_its_window(self):
        with Ui(self.env, "--profile", "ends") as ui:
            ui.take_keyboard()
            self.start_practice(ui, lambda: ui.press("F1"))
            ui.type("601")
            ui.press("Return")
            ui.wait_lcd("Talking", 15)
            # With a call it asks first.
            ui.press("ctrl+q")
            ui.wait(lambda: ui.says("Hang Up and Quit"), 5, "the question")
            ui.take_keyboard("Hang Up")
            ui.press("Escape")
            ui.wait(lambda: not ui.dialog(), 5, "the question gone")
            ui.take_keyboard()
            self.assertIn("Talking", ui.lcd())
            ui.press("ctrl+BackSpace")
            self.wait_idle(ui)
            ui.press("ctrl+q")
            self.assertEqual(ui.process.wait(10), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
