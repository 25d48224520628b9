# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs cases of the SIPp matrix: a SIPp, a stunnel where TLS is wanted, and a phone whose user does what the case says.

A `Case` is one row of the tables (sipp_registrars.py, sipp_called.py, sipp_callers.py, sipp_dying.py). A `Desk` is one
phone that serves many cases one after the other, which is what shows leaks: after each case it must hold what it held
before, at its end no descriptor and no thread more than after its first call.
"""

import dataclasses
import os
import select
import socket
import subprocess
import threading
import time

from deskset import Phone, TimedOut, free_port, wait_until
from sipp_scenario import Scenario

SIPP_TIMEOUT_S = 60
SETTLE_S = 12


@dataclasses.dataclass
class Case:
    """One partner and what the phone's user does meanwhile.

    build      function that writes the scenario; its doc string says what the partner does
    user       steps of the phone's user and what the user must see; see Desk.step
    group      for the sample: each group is always in it
    caller     the partner calls (else it is called, or is a registrar)
    account    settings of account 1 besides server and transport: it has the partner for its server; None: a direct-IP call
    settings   further settings of the phone
    calls      how many calls or registrations SIPp counts until it ends
    sipp       further arguments for SIPp
    transports where it runs; a partner that misbehaves below SIP has only some
    detour     answers come from another port than the one that was asked (UDP)
    slow       seconds it takes when that is much: it waits for a timer
    shows      what is not as it should be today, for the table
    """

    build: object
    user: tuple
    group: str
    caller: bool = False
    account: dict = None
    settings: dict = dataclasses.field(default_factory=dict)
    calls: int = 1
    sipp: tuple = ()
    transports: tuple = ("udp", "tcp", "tls")
    slow: int = 0
    shows: str = ""
    sipp_result: tuple = (0,)
    detour: bool = False

    @property
    def name(self):
        return self.build.__name__.replace("_", "-")

    @property
    def doc(self):
        return " ".join((self.build.__doc__ or "").split())


def is_listening(port, kind):
    """Whether somebody is bound to a port of 127.0.0.1 (UDP), or listens there (TCP)."""
    with open(f"/proc/net/{kind}", encoding="ascii") as file:
        for line in file.read().splitlines()[1:]:
            fields = line.split()
            if int(fields[1].rsplit(":", 1)[1], 16) == port and (kind == "udp" or fields[3] == "0A"):
                return True
    return False


class Certificates:
    """A CA of our own and a certificate for 127.0.0.1, made by openssl; the phone has the same for those who call it."""

    def __init__(self, folder):
        self.ca = os.path.join(folder, "ca.pem")
        self.certificate = os.path.join(folder, "partner.pem")
        self.key = os.path.join(folder, "partner.key")
        self.both = os.path.join(folder, "phone.pem")
        ca_key = os.path.join(folder, "ca.key")
        request = os.path.join(folder, "partner.csr")
        names = os.path.join(folder, "names")
        with open(names, "w", encoding="ascii") as file:
            file.write("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        for line in (["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out", self.ca, "-days", "2",
                      "-subj", "/CN=SIPp test CA"],
                     ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", request, "-subj", "/CN=127.0.0.1"],
                     ["x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial",
                      "-out", self.certificate, "-days", "2", "-extfile", names]):
            subprocess.run(["openssl", *line], check=True, capture_output=True, stdin=subprocess.DEVNULL)
        with open(self.both, "wb") as file:
            for part in (self.certificate, self.key):
                with open(part, "rb") as source:
                    file.write(source.read())


class Tunnel:
    """stunnel before SIPp. `server_port`: the phone connects there with TLS and SIPp hears it in clear on `sipp_port`;
    `client_port`: SIPp connects there in clear, and the phone hears it with TLS on `phone_port`."""

    def __init__(self, certificates, folder, sipp_port, phone_port):
        self.server_port = free_port()
        self.client_port = free_port()
        path = os.path.join(folder, f"stunnel-{sipp_port}.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"foreground = yes\npid =\nsyslog = no\n"
                       f"[to-sipp]\naccept = 127.0.0.1:{self.server_port}\nconnect = 127.0.0.1:{sipp_port}\n"
                       f"cert = {certificates.certificate}\nkey = {certificates.key}\n"
                       f"[to-phone]\nclient = yes\naccept = 127.0.0.1:{self.client_port}\nconnect = 127.0.0.1:{phone_port}\n")
        self.process = subprocess.Popen(["stunnel4", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: is_listening(self.server_port, "tcp") and is_listening(self.client_port, "tcp"), 10,
                       "stunnel listens")
        except BaseException:
            self.close()
            raise

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Detour:
    """UDP: what the phone sends to `port` reaches SIPp, what SIPp answers reaches the phone from another port."""

    def __init__(self, sipp_port, phone_port):
        self.ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        self.ends[0].bind(("127.0.0.1", free_port()))
        self.ends[1].bind(("127.0.0.1", free_port()))
        self.port = self.ends[0].getsockname()[1]
        self.stop_read, self.stop_write = os.pipe()
        self.targets = (("127.0.0.1", sipp_port), ("127.0.0.1", phone_port))
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    def carry(self):
        while True:
            ready, _, _ = select.select([*self.ends, self.stop_read], [], [])
            if self.stop_read in ready:
                return
            for end in ready:
                # Both directions leave by the second end.
                try:
                    self.ends[1].sendto(end.recv(65536), self.targets[self.ends.index(end)])
                except OSError:
                    pass

    def close(self):
        os.write(self.stop_write, b"x")
        self.thread.join()
        for end in self.ends:
            end.close()
        os.close(self.stop_read)
        os.close(self.stop_write)


def free_media_port():
    """SIPp takes four: sound and picture, RTP and RTCP."""
    for _ in range(50):
        port = free_port()
        try:
            for other in range(port, port + 4):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.bind(("127.0.0.1", other))
            return port
        except OSError:
            continue
    raise OSError("no free ports for SIPp's media")


class Partner:
    """One SIPp."""

    def __init__(self, case, transport, folder, phone, certificates):
        self.case = case
        self.transport = transport
        self.folder = folder
        self.tunnel = None
        self.detour = None
        self.process = None
        self.output = ""
        self.parameters = "" if transport == "udp" else f";transport={transport}"
        for attempt in range(4):
            self.port = free_port()
            try:
                if transport == "tls":
                    self.tunnel = Tunnel(certificates, folder, self.port, phone.tls_port)
                if case.detour:
                    self.detour = Detour(self.port, phone.sip_port)
                self.start(phone)
                # A port that was free a moment ago may be somebody else's now: SIPp says so and ends.
                if self.process.poll() not in (254, 255) or attempt == 3:
                    return
                self.close()
            except BaseException:
                self.close()
                raise

    @property
    def public_port(self):
        """Where the phone reaches it."""
        if self.tunnel:
            return self.tunnel.server_port
        return self.detour.port if self.detour else self.port

    def start(self, phone):
        case = self.case
        scenario = Scenario(case.build, contact=f"<sip:sipp@127.0.0.1:{self.public_port}{self.parameters}>",
                            transport=self.transport.upper(), port=self.tunnel.server_port if self.tunnel else self.port)
        path = os.path.join(self.folder, scenario.name + ".xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario.xml())
        remote = []
        if case.caller:
            remote = [f"127.0.0.1:{self.tunnel.client_port}" if self.tunnel else phone.address]
        media_port = free_media_port()
        line = ["sipp", *remote, "-sf", path, "-i", "127.0.0.1", "-p", str(self.port), "-mp", str(media_port),
                "-cp", str(free_port()), "-nostdin", "-max_socket", "100", "-m", str(case.calls), "-trace_err", "-trace_msg",
                "-error_file", f"{path}.errors", "-message_file", f"{path}.messages", "-timeout", str(SIPP_TIMEOUT_S),
                "-timeout_error", "-default_behaviors", "all,-bye", *case.sipp]
        if "-t" not in case.sipp:
            line += ["-t", "u1" if self.transport == "udp" else "t1"]
        self.path = path
        self.process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, cwd=self.folder, errors="replace")
        kind = "udp" if self.transport == "udp" else "tcp"
        # The port for pictures is the last one that it binds.
        wait_until(lambda: (is_listening(self.port, kind) and is_listening(media_port + 2, "udp"))
                   or self.process.poll() is not None, 10, "SIPp listens")

    @property
    def target(self):
        """What the phone's user dials."""
        return f"sip:sipp@127.0.0.1:{self.public_port}{self.parameters}"

    def finish(self, timeout=SIPP_TIMEOUT_S + 10):
        """Waits for its end, which must be a good one."""
        if self.process.returncode is None or not self.output:
            self.output, _ = self.process.communicate(timeout=timeout)
        if self.process.returncode not in self.case.sipp_result:
            raise AssertionError(f"SIPp ended with {self.process.returncode}\n{self.describe()}")

    def describe(self):
        parts = []
        for kind in ("errors", "messages"):
            try:
                with open(f"{self.path}.{kind}", encoding="utf-8", errors="replace") as file:
                    parts.append(f"--- SIPp's {kind}\n" + file.read()[-6000:])
            except OSError:
                pass
        return "\n".join(parts) or self.output[-1500:]

    def kill(self):
        """kill -9: it dies without a word."""
        self.process.kill()
        self.process.communicate()

    def close(self):
        if self.process:
            if self.process.poll() is None:
                self.process.kill()
            if not self.process.stdout.closed:
                self.process.communicate()
        if self.tunnel:
            self.tunnel.close()
            self.tunnel = None
        if self.detour:
            self.detour.close()
            self.detour = None


class Desk:
    """A phone, its user, and one partner after the other."""

    ACCOUNT = {"enable": "1", "label": "1001", "display_name": "Ann", "user_name": "1001", "auth_name": "1001", "password": "secret"}

    def __init__(self, name, certificates, folder):
        self.certificates = certificates
        self.folder = folder
        tls_port = free_port()
        self.phone = Phone(name, "#!version:1.0.0.1\nfeatures.direct_ip_call_enable = 1\nphone_setting.ring_type = Silent.wav\n"
                           f"sip.tls_listen_port = {tls_port}\ndeskset.tls.ca_file = {certificates.ca}\n"
                           f"deskset.tls.certificate_file = {certificates.both}\n")
        self.phone.tls_port = tls_port
        self.baseline = None
        self.partner = None

    def __enter__(self):
        self.phone.__enter__()
        return self

    def __exit__(self, *_):
        self.phone.__exit__(*_)

    # -- what a user does ---------------------------------------------------------------------------------------------

    def step(self, step):
        """One step of a case:

        dial, answer, reject, hold, resume, hangup, register, unregister, or "command LINE"
        wait CONDITION [within S]   as `desksetctl wait`, from the last action on
        see TEXT [within S]         a row of the LCD, now or since the last action
        not TEXT                    the LCD does not show it (any more)
        shows STATE                 one call is there in this state, and its card on the LCD says the same
        sipp                        SIPp ends well
        dies                        SIPp is killed
        cut                         stunnel is
        pause MS
        """
        phone = self.phone
        word, _, rest = step.partition(" ")
        if word == "dial":
            phone.dial(rest or self.partner.target)
        elif word in ("answer", "hangup"):
            getattr(phone, word)()
        elif word in ("reject", "hold", "resume"):
            phone.command(word)
        elif word == "command":
            phone.command(rest)
        elif word == "set":
            phone.set(*rest.split(" ", 1))
        elif word == "register":
            phone.set("account.1.enable", "1")
        elif word == "unregister":
            phone.set("account.1.enable", "0")
        elif word == "wait":
            condition, _, within = rest.partition(" within ")
            phone.wait(condition, float(within or 10))
        elif word == "see":
            text, _, within = rest.partition(" within ")
            phone.wait("screen:" + text.replace(":", "\\:"), float(within or 10))
        elif word == "not":
            wait_until(lambda: rest not in phone.text(), 10, f"“{rest}” is gone")
        elif word == "shows":
            self.check_shown(rest)
        elif word == "sipp":
            self.partner.finish()
        elif word == "dies":
            self.partner.kill()
        elif word == "cut":
            self.partner.tunnel.close()
        elif word == "pause":
            time.sleep(int(rest) / 1000)
        else:
            raise ValueError(step)

    def check_shown(self, state):
        """The call is in this state for the phone's control and for its LCD."""
        def check():
            calls = [call for call in self.phone.calls() if call["state"] != "ended"]
            cards = self.phone.screen()["calls"]
            return (len(calls) == 1 and calls[0]["state"] == state and len(cards) == 1 and cards[0]["call"] == calls[0]["call"]
                    and cards[0]["state"].lower().startswith(CARDS.get(state, state)))
        try:
            wait_until(check, 5, state)
        except TimedOut:
            raise AssertionError(f"not shown as {state}\n{self.phone.describe()}") from None

    # -- one case ---------------------------------------------------------------------------------------------------

    def set_account(self, case, transport):
        account = dict(case.account)
        values = {**self.ACCOUNT, "enable": "0", "reg_fail_retry_interval": "0",
                  "sip_server.1.address": "127.0.0.1", "sip_server.1.port": str(self.partner.public_port),
                  "sip_server.1.transport_type": {"udp": "0", "tcp": "1", "tls": "2"}[transport],
                  "sip_server.1.expires": "3600", **account}
        for key, value in values.items():
            self.phone.set(f"account.1.{key}", value)

    def run(self, case, transport):
        """Raises AssertionError or TimedOut with all there is to say."""
        phone = self.phone
        before = {key: phone.get(key) for key in case.settings}
        for key, value in case.settings.items():
            phone.set(key, value)
        phone.mark = phone.seq()
        self.partner = Partner(case, transport, self.folder, phone, self.certificates)
        try:
            if case.account is not None:
                self.set_account(case, transport)
            for step in case.user:
                try:
                    self.step(step)
                except (TimedOut, AssertionError) as error:
                    raise AssertionError(f"at “{step}”: {error}\n{self.partner.describe()}") from error
            if self.partner.process.returncode is None:
                self.partner.finish()
            self.settle(case)
        except BaseException:
            self.clean_up(case, before)
            self.wait_for_quiet()
            raise
        self.clean_up(case, before)

    def wait_for_quiet(self):
        """After a case that failed: what it left must not count against the next one."""
        if self.baseline and self.phone.is_running():
            try:
                wait_until(lambda: self.phone.counts() == self.baseline["counts"], 40, "quiet", interval=0.2)
            except TimedOut:
                pass

    def settle(self, case):
        """Idle, and nothing left over."""
        phone = self.phone
        self.leave_pages()
        phone.wait("call:none", SETTLE_S)
        if self.baseline is None:
            return
        try:
            wait_until(lambda: phone.counts() == self.baseline["counts"], SETTLE_S, "counts", interval=0.05)
            wait_until(lambda: phone.n_descriptors() <= self.baseline["descriptors"], SETTLE_S, "descriptors", interval=0.05)
        except TimedOut:
            raise AssertionError(f"left over: {phone.counts()}, {phone.n_descriptors()} descriptors; before: {self.baseline}\n"
                                 f"{phone.describe()}") from None

    def leave_pages(self):
        """Closes what the phone shows of a call that ended, and the note of a missed one."""
        phone = self.phone
        for _ in range(3):
            if phone.holds("page:idle"):
                break
            phone.ctl("key", "X", check=False)
        if phone.holds("screen:Missed"):
            phone.ctl("command", "missed exit", check=False)

    def clean_up(self, case, before):
        """Whatever happened, the next case finds an idle phone."""
        phone = self.phone
        self.partner.close()
        self.partner = None
        if not phone.is_running():
            return
        phone.ctl("command", "hangup all", check=False)
        self.leave_pages()
        if case.account is not None:
            phone.ctl("set", "account.1.enable", "0", check=False)
        for key, value in before.items():
            phone.set(key, value)
        phone.ctl("wait", "call:none", "--timeout", "10", check=False)

    def take_baseline(self):
        """After a first call, which opens what stays open."""
        phone = self.phone
        wait_until(lambda: phone.counts()["dialogs"] == 0, SETTLE_S, "the first call is over")
        self.baseline = {"counts": phone.counts(), "descriptors": phone.n_descriptors(), "threads": phone.n_threads()}

    def check_end(self):
        assert self.phone.is_running(), self.phone.log_end()
        # GLib keeps a thread that has nothing to do for another 15 s.
        wait_until(lambda: self.phone.n_threads() <= self.baseline["threads"], 25,
                   f"no more threads than {self.baseline['threads']}", interval=0.2)
        # A sanitizer tells at the end what was lost.
        code = self.phone.stop(30)
        assert code == 0, f"the phone ended with {code}\n{self.phone.log_end(80)}"


CARDS = {"talking": "talking", "held": "hold", "holding": "hold", "ringing": "ringing", "incoming": "incoming"}
