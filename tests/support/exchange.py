# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice exchange for tests.

    from exchange import Exchange

    with Exchange({"1001": "secret", "1002": "other"}) as exchange:
        print(exchange.address, exchange.port)      # 127.0.0.1, some free port
"""

import json
import subprocess

from deskset import program

START_TIMEOUT_S = 20


class Exchange:
    """`deskset-exchange` as a child process: ready when the `with` block is entered, gone after it. `node`: the machine of
    netlab.py that it runs on."""

    def __init__(self, users, *, bind="127.0.0.1", port=0, args=(), env=None, node=None):
        self.users = users
        self.bind = bind
        self.port = port
        self.args = list(args)
        self.env = env
        self.node = node
        self.process = None
        self.ready = None
        self.expected_codes = (0,)

    def start(self):
        self.process = subprocess.Popen(
            [*(self.node.prefix if self.node else []), program("deskset-exchange"), "--bind", self.bind,
             "--port", str(self.port), *self.args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.env)
        lines = "".join(f"{user} {password}\n" for user, password in self.users.items())
        self.process.stdin.write(lines + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"deskset-exchange ended with {self.process.wait()} before it was ready")
        self.ready = json.loads(line)
        self.port = self.ready["port"]
        return self

    def stop(self):
        """Closes its standard input, as a parent that ends does, and returns the exit code."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(6)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode

    @property
    def pid(self):
        return self.process.pid

    @property
    def address(self):
        return self.bind

    @property
    def host_port(self):
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return f"{host}:{self.port}"

    def account_cfg(self, user, number=1, *, transport=0, expires=None, extra=""):
        """Lines of a .cfg file for an account here."""
        lines = ["#!version:1.0.0.1", f"account.{number}.enable = 1", f"account.{number}.label = {user}",
                 f"account.{number}.display_name = {user}", f"account.{number}.user_name = {user}",
                 f"account.{number}.auth_name = {user}", f"account.{number}.password = {self.users[user]}",
                 f"account.{number}.sip_server.1.address = {self.bind}",
                 f"account.{number}.sip_server.1.port = {self.port}",
                 f"account.{number}.sip_server.1.transport_type = {transport}"]
        if expires:
            lines.append(f"account.{number}.sip_server.1.expires = {expires}")
        return "\n".join(lines) + "\n" + extra

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            if self.process:
                self.process.kill()
                self.process.wait()
            raise

    def __exit__(self, kind, *_):
        code = self.stop()
        self.process.stdout.close()
        # A sanitizer's findings come at the end as well; but they must not hide what failed before.
        if kind is None and code not in self.expected_codes:
            raise AssertionError(f"deskset-exchange ended with {code}")
