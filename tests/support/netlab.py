# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of a test's own: machines, cables, routers, lossy lines, made of the kernel's namespaces. Nothing of it touches the
machine's network, and all of it is gone when the test ends, even when it is killed.

    import netlab
    netlab.enter()                                   # first thing in the program, before any thread: see below

    with netlab.Lab() as lab:
        lan = lab.switch("lan")
        server = lab.node("server").plug(lan, "10.1.0.1/24")
        desk = lab.node("desk").plug(lan, "10.1.0.10/24", gateway="10.1.0.1")

        with DnsServer("10.1.0.1", node=server) as dns:                     # dns_server.py
            desk.set_dns("10.1.0.1")                                        # /etc/resolv.conf of that machine alone
            with Exchange({…}, bind="10.1.0.1", port=5060, node=server), \\
                 Phone("alice", node=desk, cfg=…) as alice:                 # no --bind, port 5060
                desk.remove_address("10.1.0.10/24"); desk.add_address("10.1.0.11/24")
                desk.down(); desk.up()               # the interface; a default route is put back by up ()
                desk.unplug(); desk.plug_in()        # the cable: the interface stays up and loses its carrier
                desk.remove_route(); desk.add_route("10.1.0.1")             # the default route
                server.lose(20, ports=[5060])        # drop 20 % of what comes in and goes out, by chance
                server.cut("10.1.0.10"); server.mend()                      # nothing from or to an address; lose () no more
                server.lost()                        # packets that were dropped so far

        home = lab.switch("home")
        router = lab.node("router").plug(lan, "10.1.0.2/24").plug(home, "192.168.7.1/24")
        router.masquerade("eth0", udp_timeout_s=20)  # a NAT (RFC 3022) towards its eth0
        desk.run("ip", "route"); desk.popen("baresip")                      # any program there
        with desk.inside():                          # sockets made here are that machine's, also after the block
            probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

`enter ()` starts the program once more inside new network and mount namespaces: as root, or as a user through a user namespace
(`unshare -Ur`). Where the kernel or a container gives neither, it says so and ends the program with 77, which Meson counts as
skipped. Names need not be unique over tests that run side by side: each has a world of its own.

Inside, /run is empty (no system bus, no resolver daemon), names are looked up in /etc/hosts (localhost alone) and DNS.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import time

SKIPPED = 77
_MARK = "DESKSET_NETLAB"
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _run(*command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def _find_way():
    """The `unshare` options that work here, or None."""
    for options in ([], ["--user", "--map-root-user"]):
        line = ["unshare", *options, "--net", "--mount", "--propagation", "private"]
        test = ("mount -t tmpfs tmpfs /run && ip link add v0 type veth peer name v1 && nft add table inet t && "
                "mkdir /run/netns && ip netns add n")
        try:
            if subprocess.run([*line, "sh", "-c", test], stdin=subprocess.DEVNULL, capture_output=True,
                              check=False).returncode == 0:
                return line
        except OSError:
            return None
    return None


def _furnish():
    """The new world: a loopback, an empty /run, nobody to ask for names."""
    _run("mount", "-t", "tmpfs", "tmpfs", "/run")
    os.makedirs("/run/netns")
    os.makedirs("/run/lock")
    os.makedirs("/run/etc")
    files = {"hosts": "127.0.0.1 localhost\n::1 localhost\n", "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
             "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"}
    for name, text in files.items():
        with open(f"/run/etc/{name}", "w", encoding="ascii") as file:
            file.write(text)
        # Some systems have a link into /run there, which dangles now.
        target = os.path.realpath(f"/etc/{name}")
        if not os.path.exists(target) and target.startswith("/run/"):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="ascii"):
                pass
        _run("mount", "--bind", f"/run/etc/{name}", target)
    _run("ip", "link", "set", "lo", "up")


def enter():
    """Goes on in a world of its own; ends the program with 77 where that cannot be had."""
    if os.environ.pop(_MARK, None):
        _furnish()
        return
    way = _find_way()
    if way is None:
        print("skipped: neither as root nor through a user namespace can network namespaces be made here", flush=True)
        sys.exit(SKIPPED)
    os.environ[_MARK] = "1"
    os.execvp(way[0], [*way, sys.executable, *sys.argv])


class Node:
    """A machine: a network namespace with interfaces eth0, eth1, … and a resolv.conf."""

    def __init__(self, lab, name):
        self.lab = lab
        self.name = name
        self.devices = []               # [(name here, name of the other end at the switch)]
        self.gateway = None
        self.address = None             # the first one, without its prefix length
        self.resolv = f"/run/etc/resolv-{name}.conf"
        _run("ip", "netns", "add", name)
        self.set_dns(None)
        self.run("ip", "link", "set", "lo", "up")
        # What the kernel's defaults for new interfaces would add: seconds of waiting for addresses nobody asked for.
        self.sysctl("net/ipv6/conf/default/accept_dad", 0)
        self.sysctl("net/ipv6/conf/default/router_solicitations", 0)

    # -- programs

    @property
    def prefix(self):
        """What to put before a command line so that it runs here; the process id stays that of the command."""
        self.lab.settle()
        return ["nsenter", f"--net=/run/netns/{self.name}", "unshare", "--mount", "sh", "-c",
                'mount --bind "$0" "$(readlink -f /etc/resolv.conf)" && exec "$@"', self.resolv]

    def run(self, *command, **options):
        """Runs a command and returns what it printed; raises when it fails."""
        return _run("nsenter", f"--net=/run/netns/{self.name}", *command, **options)

    def popen(self, *command, **options):
        return subprocess.Popen([*self.prefix, *command], **options)

    @contextlib.contextmanager
    def inside(self):
        """The calling thread is on this machine meanwhile: sockets it makes belong here."""
        self.lab.settle()
        with open("/proc/thread-self/ns/net", "rb") as home, open(f"/run/netns/{self.name}", "rb") as there:
            self._go(there)
            try:
                yield self
            finally:
                self._go(home)

    @staticmethod
    def _go(file):
        if _libc.setns(file.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def sysctl(self, path, value):
        self.run("sh", "-c", 'echo "$1" >"/proc/sys/$0"', path, str(value))

    # -- cables and addresses

    def plug(self, switch, *addresses, gateway=None):
        """A new interface (eth0, eth1, …) with these addresses ("10.1.0.2/24") at a switch; the node itself."""
        device = f"eth{len(self.devices)}"
        far = self.lab.new_device()
        _run("ip", "link", "add", far, "type", "veth", "peer", "name", device, "netns", self.name)
        _run("ip", "link", "set", far, "master", switch, "up")
        self.run("ip", "link", "set", device, "up")
        self.devices.append((device, far))
        self.lab.unsettled.append((self, device))
        for address in addresses:
            self.add_address(address, device)
        if gateway:
            self.add_route(gateway)
        return self

    def add_address(self, address, device="eth0"):
        nodad = ["nodad"] if ":" in address else []
        self.run("ip", "address", "add", address, "dev", device, *nodad)
        self.address = self.address or address.split("/")[0]

    def remove_address(self, address, device="eth0"):
        self.run("ip", "address", "del", address, "dev", device)
        if self.address == address.split("/")[0]:
            self.address = None

    def change_address(self, old, new, device="eth0"):
        """The old one goes, the new one comes, with the default route: as after another lease."""
        self.remove_address(old, device)
        self.add_address(new, device)
        if self.gateway:
            self.add_route(self.gateway)

    def down(self, device="eth0"):
        self.run("ip", "link", "set", device, "down")

    def wait_carrier(self, device):
        """The kernel tells of a carrier up to a second late, and sends nothing before."""
        deadline = time.monotonic() + 5
        far = dict(self.devices)[device]
        while not all(json.loads(text)[0]["operstate"] == "UP" for text in (
                self.run("ip", "-j", "link", "show", "dev", device), _run("ip", "-j", "link", "show", "dev", far))):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: {device} gets no carrier")
            time.sleep(0.01)

    def up(self, device="eth0"):
        """Returns when the interface works again."""
        self.run("ip", "link", "set", device, "up")
        self.wait_carrier(device)
        if self.gateway:
            self.add_route(self.gateway)

    def unplug(self, device="eth0"):
        _run("ip", "link", "set", dict(self.devices)[device], "down")

    def plug_in(self, device="eth0"):
        """Returns when the interface works again."""
        _run("ip", "link", "set", dict(self.devices)[device], "up")
        self.wait_carrier(device)

    def add_route(self, gateway, to="default"):
        if to == "default":
            self.gateway = gateway
        self.run("ip", "route", "replace", to, "via", gateway)

    def remove_route(self, to="default"):
        if to == "default":
            self.gateway = None
        self.run("ip", "route", "del", to)

    def set_dns(self, *servers, timeout_s=1, attempts=1):
        """Writes the resolv.conf of this machine, in place: who has it mounted sees the change."""
        lines = [f"nameserver {server}" for server in servers if server]
        lines.append(f"options timeout:{timeout_s} attempts:{attempts}")
        with open(self.resolv, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    # -- rules for packets

    def nft(self, script):
        """Loads rules of nftables."""
        _run("nsenter", f"--net=/run/netns/{self.name}", "nft", script)

    def _table(self, kind, rules):
        """A table at the switches whose rules see all that comes from this machine or goes to it. There a packet is just lost;
        dropped on the machine itself its sender would be told."""
        lines = [f"{way} {far} {rule}" for rule in rules for way in ("iifname", "oifname") for _, far in self.devices]
        _run("nft", f"table bridge netlab_{kind}_{self.name} {{ chain forward {{ type filter hook forward priority 0\n" +
             "\n".join(lines) + "\n}\n}")

    def lose(self, percent, ports=(), protocol="udp"):
        """Drops packets by chance, those from or to `ports` only if there are any; percent of each direction."""
        luck = f"numgen random mod 1000 < {int(percent * 10)} counter drop"
        if ports:
            some = f"{{ {', '.join(map(str, ports))} }}"
            # A packet between two such ports must not be thrown for twice.
            self._table("loss", [f"{protocol} dport {some} {luck}", f"{protocol} sport {some} {protocol} dport != {some} {luck}"])
        else:
            self._table("loss", [f"meta l4proto {protocol} {luck}"])

    def cut(self, *addresses):
        """Nothing from or to these addresses gets through; without addresses: nothing at all."""
        rules = []
        for address in addresses:
            family = "ip6" if ":" in address else "ip"
            rules += [f"{family} saddr {address} counter drop", f"{family} daddr {address} counter drop"]
        self._table("cut", rules or ["counter drop"])

    def mend(self):
        """Takes lose () and cut () back."""
        for kind in ("loss", "cut"):
            with contextlib.suppress(RuntimeError):
                _run("nft", f"delete table bridge netlab_{kind}_{self.name}")

    def lost(self):
        """How many packets lose () and cut () dropped."""
        lines = []
        for kind in ("loss", "cut"):
            with contextlib.suppress(RuntimeError):
                lines += _run("nft", f"list table bridge netlab_{kind}_{self.name}").splitlines()
        return sum(int(words[words.index("packets") + 1]) for words in map(str.split, lines) if "packets" in words)

    def masquerade(self, outside, udp_timeout_s=30):
        """A NAT: what leaves by the device `outside` bears this machine's address, and only answers come in. A mapping that
        is not used for `udp_timeout_s` is forgotten."""
        self.sysctl("net/ipv4/ip_forward", 1)
        self.nft(f"table ip netlab_nat {{ chain post {{ type nat hook postrouting priority 100; oifname {outside} masquerade\n}}\n"
                 f"chain through {{ type filter hook forward priority 0; iifname {outside} ct state new drop\n}}\n}}")
        for name in ("nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream"):
            self.sysctl("net/netfilter/" + name, udp_timeout_s)

    def forward(self):
        """A router without a NAT."""
        self.sysctl("net/ipv4/ip_forward", 1)


class Lab:
    """Switches and nodes; all gone at the end of the `with` block."""

    def __init__(self):
        self.nodes = {}
        self.switches = []
        self.unsettled = []             # (node, device): plugged in, carrier not waited for
        self._n_devices = 0

    def settle(self):
        """Waits until all that was plugged in works; done before the first program or socket needs it."""
        while self.unsettled:
            node, device = self.unsettled.pop()
            node.wait_carrier(device)

    def new_device(self):
        self._n_devices += 1
        return f"port{self._n_devices}"

    def switch(self, name):
        """An Ethernet switch; its name is what Node.plug () takes."""
        _run("ip", "link", "add", name, "type", "bridge", "forward_delay", "0")
        _run("ip", "link", "set", name, "up")
        self.switches.append(name)
        return name

    def node(self, name):
        self.nodes[name] = Node(self, name)
        return self.nodes[name]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name, node in self.nodes.items():
            node.mend()
            with contextlib.suppress(RuntimeError):
                _run("ip", "netns", "del", name)
            with contextlib.suppress(OSError):
                os.unlink(f"/run/etc/resolv-{name}.conf")
        for name in self.switches:
            with contextlib.suppress(RuntimeError):
                _run("ip", "link", "del", name)
        # A namespace goes with its last process or socket; the ends of its cables at our side go with it then, or now.
        for number in range(1, self._n_devices + 1):
            with contextlib.suppress(RuntimeError):
                _run("ip", "link", "del", f"port{number}")
