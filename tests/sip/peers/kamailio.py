# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio as a registrar and proxy for tests: Debian's package, 127.0.0.1, a free port, UDP and TCP, digest
authentication, users from a dictionary. TLS with a certificate of tests/support/certificates.py, on a port of its own."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile

from deskset import free_port, wait_until
from sip_client import SipClient

MODULES = ("kex", "tm", "tmx", "sl", "rr", "pv", "maxfwd", "usrloc", "registrar", "textops", "siputils", "xlog", "auth")

CONFIG = """#!KAMAILIO
debug=1
log_stderror=yes
memdbg=5
memlog=5
# One, so that what comes in one after the other goes out so: ladders look at the order.
children=1
tcp_children=2
auto_aliases=no
listen=udp:{address}:{port}
listen=tcp:{address}:{port}
{tls_listen}
mpath="{modules}"
{loads}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "min_expires", 10)
modparam("registrar", "max_expires", 3600)
modparam("rr", "enable_full_lr", 1)
modparam("tm", "fr_timer", 5000)
modparam("tm", "fr_inv_timer", 60000)
modparam("auth", "algorithm", "{algorithm}")
modparam("auth", "nonce_expire", {nonce_expire})
modparam("auth", "nonce_count", {nonce_count})
modparam("auth", "qop", "{qop}")
{tls_parameters}

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
{tls_request}
    $var(password) = "";
{passwords}
    if (has_totag()) {{
        if (loose_route()) {{
{in_dialog}
            {tls_in_dialog}
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

    if (is_method("REGISTER")) {{
        if ($var(password) == "") {{
            sl_send_reply("404", "Not Found");
            exit;
        }}
        if (!pv_www_authenticate("$fd", "$var(password)", "0")) {{
            xlog("L_NOTICE", "challenged $rm\\n");
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
        xlog("L_NOTICE", "challenged $rm\\n");
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
{tls_reply}
"""

# A phone opens the connection, and calls to it come back on that one: servers do not connect to phones (RFC 5626).
TLS = {
    "tls_listen": "enable_tls=yes\nlisten=tls:{address}:{tls_port}\nloadmodule \"tls.so\"\nloadmodule \"nathelper.so\"\n"
                  "tcp_connection_lifetime=3605",
    "tls_parameters": 'modparam("tls", "private_key", "{key}")\nmodparam("tls", "certificate", "{certificate}")\n'
                      'modparam("tls", "tls_method", "TLSv1.2+")\nmodparam("tls", "ca_list", "{ca}")\n'
                      'modparam("tls", "verify_certificate", {verify})\nmodparam("tls", "require_certificate", {verify})\n'
                      'modparam("nathelper|registrar", "received_avp", "$avp(received)")',
    "tls_request": '    if (proto == TLS) {{\n        if (is_method("REGISTER"))\n            fix_nated_register();\n        else\n'
                   '            add_contact_alias();\n    }}',
    "tls_in_dialog": "handle_ruri_alias();",
    "tls_reply": "onreply_route {{\n    if (proto == TLS)\n        add_contact_alias();\n}}",
}


# Requests inside a dialog by our users; ACK and CANCEL cannot be challenged.
IN_DIALOG = """            if (!is_method("ACK|CANCEL|PRACK") && $var(password) != "") {
                if (!pv_proxy_authenticate("$fd", "$var(password)", "0")) {
                    xlog("L_NOTICE", "challenged $rm\\n");
                    proxy_challenge("$fd", "1");
                    exit;
                }
                consume_credentials();
                xlog("L_NOTICE", "passed $rm\\n");
            }"""


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
    the machine of netlab.py that it runs on.

    algorithm: "", "MD5" or "SHA-256"; nonce_count: each use of a nonce must have the next number; nonce_expire: seconds, then
    "stale"; in_dialog: re-INVITE, INFO and BYE are challenged as well; certificate: of the TLS port, none without it;
    client_authority: path of whoever must have issued a client's."""

    def __init__(self, users, address="127.0.0.1", *, port=None, node=None, certificate=None, client_authority=None, algorithm="",
                 nonce_count=False, nonce_expire=300, in_dialog=False):
        self.users = users
        self.certificate = certificate
        self.client_authority = client_authority
        self.tls_port = (5061 if node else free_port(address)) if certificate else None
        self.address = address
        self.node = node
        self.port = port or (5060 if node else free_port(address))
        self.options = {"algorithm": algorithm, "nonce_expire": nonce_expire, "nonce_count": int(nonce_count),
                        "qop": "auth", "in_dialog": IN_DIALOG if in_dialog else ""}
        self.folder = tempfile.mkdtemp(prefix="deskset-kamailio-")
        self.process = None

    def _write_config(self):
        passwords = "\n".join(f'    if ($fU == "{user}")\n        $var(password) = "{password}";'
                              for user, password in self.users.items())
        path = os.path.join(self.folder, "kamailio.cfg")
        parts = dict.fromkeys(TLS, "")
        if self.certificate:
            parts = {name: text.format(address=self.address, tls_port=self.tls_port, key=self.certificate.key,
                                       certificate=self.certificate.certificate,
                                       ca=self.client_authority or self.certificate.certificate,
                                       verify=1 if self.client_authority else 0) for name, text in TLS.items()}
            # tls.so comes with the other modules' path, which must be known before.
            parts["tls_listen"] = f'mpath="{module_folder()}"\n' + parts["tls_listen"]
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(**parts, **self.options, address=self.address, port=self.port, modules=module_folder(),
                                     passwords=passwords, loads="\n".join(f'loadmodule "{name}.so"' for name in MODULES)))
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

    def _count(self, what, method):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return len(re.findall(rf"{what} {method}\b", file.read()))

    def challenges(self, method):
        """How often a request with this method was challenged."""
        return self._count("challenged", method)

    def passed(self, method):
        """How often a request inside a call had the right credentials (in_dialog)."""
        return self._count("passed", method)

    def account_cfg(self, user, *, password=None, transport=0, retry=None, expires=None):
        """A .cfg file with one account here."""
        tls = transport == 2
        lines = ["#!version:1.0.0.1", "account.1.enable = 1", f"account.1.label = {user}",
                 f"account.1.display_name = {user}", f"account.1.user_name = {user}", f"account.1.auth_name = {user}",
                 f"account.1.password = {password or self.users.get(user, 'none')}",
                 f"account.1.sip_server.1.address = {'localhost' if tls else self.address}",
                 f"account.1.sip_server.1.port = {self.tls_port if tls else self.port}",
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
