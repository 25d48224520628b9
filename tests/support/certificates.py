# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorities and certificates for tests of TLS, made by openssl in a folder of the test's own, each valid for a day.

    with Authority() as authority:
        server = authority.issue("localhost", dns=["localhost"])        # a certificate: .certificate, .key, .both
        old = authority.issue("localhost", dns=["localhost"], expired=True)
        Phone(cfg=f"deskset.tls.ca_file = {authority.certificate}\\n…")
"""

import os
import shutil
import subprocess
import tempfile


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.strip()}")


class Certificate:
    """Paths of the parts of one certificate, as PEM files."""

    def __init__(self, folder, name):
        self.certificate = os.path.join(folder, name + ".crt")
        self.key = os.path.join(folder, name + ".key")
        self.both = os.path.join(folder, name + ".pem")


class Authority:
    """A certificate authority that nobody but the test trusts."""

    def __init__(self, name="Test authority"):
        self.folder = tempfile.mkdtemp(prefix="deskset-certificates-")
        self.count = 0
        self.certificate = os.path.join(self.folder, "authority.crt")
        self.key = os.path.join(self.folder, "authority.key")
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                 "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate)

    def issue(self, common_name, dns=(), addresses=(), expired=False):
        """A certificate of this authority for these DNS names and IP addresses."""
        self.count += 1
        made = Certificate(self.folder, f"{self.count}")
        request, extensions = made.both + ".csr", made.both + ".ext"
        names = ",".join([f"DNS:{name}" for name in dns] + [f"IP:{address}" for address in addresses])
        with open(extensions, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={names}\n" if names else "")
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={common_name}",
                 "-keyout", made.key, "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial",
                 "-days", "-1" if expired else "1", "-extfile", extensions, "-out", made.certificate)
        with open(made.both, "w", encoding="ascii") as file:
            for part in (made.key, made.certificate):
                with open(part, encoding="ascii") as source:
                    file.write(source.read())
        return made

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)
