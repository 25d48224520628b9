#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The laboratory: a flow is played on three phones with windows, another is done by hand, a third is stopped; with
DESKSET_TEST_FULL all are played, with a picture of each."""
import glob
import os
import pathlib
import re
import subprocess
import tempfile

from phone_ui import Ui, display

FLOWS = pathlib.Path(__file__).resolve().parent.parent.parent / "data" / "flows"
PICTURES = pathlib.Path(os.environ["DESKSET_BUILD"]) / "screenshots"


class Lab:
    def __init__(self, ui, folder):
        self.ui = ui
        self.folder = folder

    def choose(self, title):
        row = self.ui.get(title, "label").get_parent()
        self.ui.wait(lambda: row.get_state_set().contains(self.ui.atspi.StateType.SENSITIVE), 30, "the list of flows")
        self.ui.click(title, "label")
        self.ui.wait(lambda: self.is_ready("Play"), 30, f"{title} can be played")

    def spread(self):
        """There is no window manager: the phones' windows are put beside the laboratory's."""
        for number, name in enumerate("ABC"):
            words = ["xdotool", "search", "--onlyvisible", "--name", f"^Deskset – {name}$"]
            found = self.ui.wait(lambda: subprocess.run(words, env=self.ui.env, capture_output=True, text=True).stdout.split(),
                                 30, f"the window of {name}")
            self.ui.xdotool("windowmove", "--sync", found[0], 1340, number * 540)

    def check_accessible(self):
        """A screen reader finds the phones beside the laboratory."""
        self.ui.wait(lambda: self.ui.applications().count("deskset") == 3, 10, "three accessible phones")

    def is_ready(self, button):
        return self.ui.get(button).get_state_set().contains(self.ui.atspi.StateType.SENSITIVE)

    def wait_said(self, text, timeout=60):
        self.ui.wait(lambda: self.ui.says(text), timeout, text)

    def wait_complete(self):
        """The verdict, which is the place and the reason when it is not complete."""
        self.ui.wait(lambda: self.ui.says("The flow is complete.") or self.failure(), 60, "the end of the flow")
        assert not self.failure(), self.failure()

    def failure(self):
        return next((name for name in self.ui.names() if ".flow:" in name), None)

    def messages(self):
        """The ladder as a screen reader tells it."""
        return [name for name in self.ui.names() if re.match(r"F\d+: ", name)]

    def shows_last(self):
        row = self.ui.place(self.messages()[-1], "image")
        return row.y + row.height <= self.ui.place("Choose a step.", "label").y

    def phones(self):
        """The three phones by their names, A first: they were started in that order."""
        controls = sorted(glob.glob(os.path.join(self.folder, "deskset-flow-*", "control")), key=os.path.getctime)
        assert len(controls) == 3, controls
        return controls

    def ctl(self, phone, *words):
        program = os.path.join(os.environ["DESKSET_BUILD"], "src", "desksetctl")
        return subprocess.run([program, "--control", f"unix:{self.phones()['ABC'.index(phone)]}", *words], check=True,
                              capture_output=True, text=True, env=self.ui.env).stdout


def play(lab):
    lab.choose("4. Call hold and resume")
    lab.ui.activate("Play")
    # It grows while the flow is played, and is whole in the end: A's call by the exchange, as the guides draw it.
    lab.ui.wait(lambda: "F1: INVITE, A to Exchange" in lab.messages(), 30, "the first message")
    assert not lab.ui.says("The flow is complete.")
    lab.wait_complete()
    lab.ui.wait(lambda: any(name.endswith(": BYE, Exchange to B") for name in lab.messages()), 5, "the last messages")
    assert not any("REGISTER" in name or ", C to" in name for name in lab.messages()), lab.messages()
    lab.ui.wait(lambda: lab.shows_last(), 5, "the last message in sight")


def by_hand(lab):
    lab.choose("3. Called user does not answer")
    lab.ui.wait(lambda: not lab.messages(), 5, "a new ladder")
    lab.ui.activate("By Hand")
    lab.wait_said("Press the keys of the phones")
    assert not lab.ui.says("The flow is complete.")
    lab.ctl("A", "key", *"1002", "F1")
    lab.ctl("B", "wait", "call:incoming", "--timeout", "10")
    lab.ctl("A", "wait", "call:ringing", "--timeout", "10")
    lab.ui.wait(lambda: any(name.endswith(": 180 Ringing, Exchange to A") for name in lab.messages()), 5, "the ladder of what is done by hand")
    # What is chosen stays so while the ladder grows.
    lab.wait_said("Choose a step.")
    lab.ui.click("F1: INVITE, A to Exchange", "image")
    lab.wait_said("Invites the other side to a call.", 5)
    lab.ctl("A", "key", "F4")
    lab.wait_complete()
    messages = [name.split(": ")[1] for name in lab.messages()]
    assert lab.ui.says("Invites the other side to a call."), messages
    # The exchange passes on what it has got before, whatever the clocks of two phones say.
    for pair in (["180 Ringing, B to Exchange", "180 Ringing, Exchange to A"], ["CANCEL, A to Exchange", "CANCEL, Exchange to B"]):
        assert [name for name in messages if name in pair] == pair, messages


def stop(lab):
    lab.choose("5. Call waiting")
    lab.ui.activate("By Hand")
    lab.wait_said("Press the keys of the phones")
    lab.ui.wait(lambda: lab.is_ready("Stop"), 10, "it can be stopped")
    lab.ui.activate("Stop")
    lab.ui.wait(lambda: lab.is_ready("Play"), 10, "it has stopped")


def put_back(lab):
    """What a flow has set is as before when the next begins."""
    lab.choose("8. Always forward")
    lab.ui.activate("Play")
    lab.wait_complete()
    assert lab.ctl("B", "get", "forward.always.enable").strip() == "0"


def play_all(lab):
    """Every flow, and a picture of the laboratory after each: to be looked at."""
    titles = [path.read_text(encoding="utf-8").split('title "')[1].split('"')[0] for path in sorted(FLOWS.glob("*.flow"))]
    for number, title in enumerate(titles):
        lab.choose(title)
        lab.ui.activate("Play")
        lab.wait_complete()
        lab.ui.screenshot(PICTURES / f"lab-{number + 1:02}.png", (1320, 760))


def main():
    # A short path: sockets are in it.
    with tempfile.TemporaryDirectory(prefix="lab-") as folder, display("2200x1640", a11y=True) as env:
        with Ui(env, audio=None, program="deskset-lab", extra={"TMPDIR": folder, "DESKSET_SKINS": os.environ["DESKSET_SKINS"]}) as ui:
            lab = Lab(ui, folder)
            lab.wait_said("1. Successful call setup", 60)
            lab.check_accessible()
            lab.spread()
            play(lab)
            PICTURES.mkdir(exist_ok=True)
            ui.screenshot(PICTURES / "lab.png")
            by_hand(lab)
            stop(lab)
            put_back(lab)
            if os.environ.get("DESKSET_TEST_FULL"):
                play_all(lab)
        assert not glob.glob(os.path.join(folder, "deskset-flow-*")), "the phones' folders are gone"


if __name__ == "__main__":
    main()
