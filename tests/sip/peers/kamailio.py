# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio as a registrar and proxy for tests: Debian's package, 127.0.0.1, a free port, UDP and TCP, digest
authentication, users from a dictionary."""

import contextlib
import os
import shutil
import subprocess
import tempfile

from deskset import free_port, wait_until
from sip_client import SipClient

MODULES = ("kex", "tm", "tmx", "sl", "rr", "pv", "maxfwd", "usrloc", "registrar", "textops", "siputils", "auth")

CONFIG = """#!KAMAILIO
debug=1
log_stderror=yes
memdbg=5
memlog=5
children=2
tcp_children=2
auto_aliases=no
listen=udp:{address}:{port}
listen=tcp:{address}:{port}
mpath="{modules}"
{loads}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "min_expires", 10)
modparam("registrar", "max_expires", 3600)
modparam("rr", "enable_full_lr", 1)
modparam("tm", "fr_timer", 5000)
modparam("tm", "fr_inv_timer", 60000)

request_route {{
    if (!mf_process_maxfwd_header("10")) {{
        sl_send_reply("483", "Too Many Hops");
        exit;
    }}
    if (is_method("CANCEL")) {{
        if (t_check_trans())
            t_relay();
        exit;
    }}
    if (has_totag()) {{
        if (loose_route()) {{
            t_relay();
        }} else if (is_method("ACK")) {{
            if (t_check_trans())
                t_relay();
        }} else {{
            sl_send_reply("404", "Not Here");
        }}
        exit;
    }}
    t_check_trans();
    if (is_method("OPTIONS") && $rU == $null) {{
        sl_send_reply("200", "OK");
        exit;
    }}

    $var(password) = "";
{passwords}
    if (is_method("REGISTER")) {{
        if ($var(password) == "") {{
            sl_send_reply("404", "Not Found");
            exit;
        }}
        if (!pv_www_authenticate("$fd", "$var(password)", "0")) {{
            www_challenge("$fd", "1");
            exit;
        }}
        if ($au != $tU) {{
            sl_send_reply("403", "Forbidden");
            exit;
        }}
        save("location");
        exit;
    }}
    if ($var(password) == "" || !pv_proxy_authenticate("$fd", "$var(password)", "0")) {{
        proxy_challenge("$fd", "1");
        exit;
    }}
    consume_credentials();
    record_route();
    if (!lookup("location")) {{
        sl_send_reply("404", "Not Found");
        exit;
    }}
    if (!t_relay())
        sl_reply_error();
}}
"""


def module_folder():
    for folder in ("/usr/lib/x86_64-linux-gnu/kamailio/modules", "/usr/lib64/kamailio/modules",
                   "/usr/lib/kamailio/modules", "/usr/lib/aarch64-linux-gnu/kamailio/modules"):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("Kamailio's modules")


def program():
    return shutil.which("kamailio") or shutil.which("kamailio", path="/usr/sbin:/usr/local/sbin")


class Kamailio:
    """`with Kamailio ({"1001": "secret"}) as server:`; stop () and start () again on the same port as often as wanted. `node`:
    the machine of netlab.py that it runs on."""

    def __init__(self, users, address="127.0.0.1", *, port=None, node=None):
        self.users = users
        self.address = address
        self.node = node
        self.port = port or (5060 if node else free_port(address))
        self.folder = tempfile.mkdtemp(prefix="deskset-kamailio-")
        self.process = None

    def _write_config(self):
        passwords = "\n".join(f'    if ($fU == "{user}")\n        $var(password) = "{password}";'
                              for user, password in self.users.items())
        path = os.path.join(self.folder, "kamailio.cfg")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(address=self.address, port=self.port, modules=module_folder(), passwords=passwords,
                                     loads="\n".join(f'loadmodule "{name}.so"' for name in MODULES)))
        return path

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"kamailio ended with {self.process.returncode}\n{self.log()}")
        with self.node.inside() if self.node else contextlib.nullcontext():
            probe = SipClient(self.address, self.port, "probe")
        with probe:
            try:
                return probe.request("OPTIONS", timeout=0.3).status == 200
            except (TimeoutError, ConnectionError):
                return False

    def start(self):
        path = self._write_config()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [*(self.node.prefix if self.node else []), program(), "-DD", "-E", "-f", path, "-w", self.folder, "-Y", self.folder, "-m", "32", "-M", "4"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        wait_until(self._answers, 15, "kamailio answers")
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return "\n".join(file.read().splitlines()[-40:])

    def account_cfg(self, user, *, password=None, transport=0, retry=None, expires=None):
        """A .cfg file with one account here."""
        lines = ["#!version:1.0.0.1", "account.1.enable = 1", f"account.1.label = {user}",
                 f"account.1.display_name = {user}", f"account.1.user_name = {user}", f"account.1.auth_name = {user}",
                 f"account.1.password = {password or self.users.get(user, 'none')}",
                 f"account.1.sip_server.1.address = {self.address}", f"account.1.sip_server.1.port = {self.port}",
                 f"account.1.sip_server.1.transport_type = {transport}"]
        if retry is not None:
            lines.append(f"account.1.reg_fail_retry_interval = {retry}")
        if expires is not None:
            lines.append(f"account.1.sip_server.1.expires = {expires}")
        return "\n".join(lines) + "\n"

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
