"""The ground faults are tried on: three organisations and a hub, real servers, in a folder that may be thrown away.

As root in a network and a mount namespace of its own (`alone`), where packets may be dropped and disks mounted without
anybody else noticing: each organisation reaches the hub under an address of its own, and the advice centre and the hub
store on small disks. Elsewhere on plain folders; what needs more is then reported as not proved.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.demo.network import Network
from deploy.demo.people import MESTO, NIT, PRISTAV
from deploy.local.folder import ROOT, NodeFolder, Organisation
from deploy.local.program import Program
from libs.servers import EmbeddedPostgres
from tests.faults.mutants import Mutant
from tests.faults.small_disk import SmallDisk

EVERYBODY, TWO = (MESTO, NIT, PRISTAV), (MESTO, NIT)
ALONE = "SPOJKA_FAULTS_ALONE"
"""Set by whoever put this process into namespaces of its own: dropping packets there harms nobody."""
ADDRESSES = {one.code: f"127.0.0.{10 + number}" for number, one in enumerate(EVERYBODY)}
DISK_MB = {NIT.code: 12_000, "hub": 8_000}
"""JetStream promises three quarters of the disk at most, and every stream has its quota of a gigabyte. The files are
sparse: on this disk they take what is written."""


def alone() -> bool:
    """Whether packets may be dropped and disks mounted here."""
    return os.environ.get(ALONE) == "1" and os.geteuid() == 0


def by_itself(command: Sequence[str]) -> list[str]:
    """The command in namespaces of its own, with a loopback that is up. For root."""
    inside = f'ip link set lo up && exec env {ALONE}=1 "$@"'
    return ["unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", inside, "sh", *command]


def make_template(folder: Path) -> Path:
    """Three organisations that know each other, stopped: copied, a ground is up in half the time."""
    folder.mkdir(parents=True)
    folder.chmod(0o711)
    made = Network(folder, EVERYBODY)
    with made.up(say=_silent):
        asyncio.run(made.introduce())
    return folder


class Ground:
    """A copy of the template, up.

    say     told what the supervisor sees: who died, who is started again
    """

    def __init__(
        self,
        template: Path,
        folder: Path,
        organisations: Sequence[Organisation] = EVERYBODY,
        mutant: tuple[str, Mutant] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.folder, self._template, self._say = folder, template, say or _silent
        self.disks: dict[str, SmallDisk] = {}
        self.quarantined: set[str] = set()
        """Reasons for which letters of faults lie in quarantine; nothing else may lie there."""
        self.disputed = False
        """Numbers were given twice, as after a restore: said by receipts and quarantine, and sent under new ones."""
        folder.mkdir(parents=True)
        folder.chmod(0o711)
        if alone():
            for name in (NIT.code, "hub"):
                self.disks[name] = SmallDisk(folder / f"{name}.image", folder / name, DISK_MB[name])
        self.network = Network(folder, organisations)
        for code, node in self.network.nodes.items():
            node.hub_url = lambda code=code: self.hub_address(code)
            if mutant is not None:
                _mutate(node, *mutant)
        if alone():
            self.network.hub.config += 'host: "0.0.0.0"\n'

    @contextmanager
    def up(self) -> Generator["Ground"]:
        with ExitStack() as stack:
            for disk in self.disks.values():
                disk.make()
                stack.callback(disk.leave)
            for part in self._template.iterdir():
                if part.name in {"hub", *self.network.nodes}:
                    subprocess.run(["cp", "-a", f"{part}/.", str(self.folder / part.name)], check=True)
            for disk in self.disks.values():
                disk.keep()
            network = stack.enter_context(self.network.up(say=self._say))
            try:
                yield self
            finally:  # nobody needs them any more, and a mutant may not listen
                for node in network.nodes.values():
                    for server in (node.program, node.nats, node.postgres):
                        network.supervisor.hold(server, kill=True)

    def hub_address(self, code: str) -> str:
        """Where this organisation reaches the hub: alone, under an address that can be cut off by itself."""
        port = self.network.hub.url.rsplit(":", 1)[1]
        return f"nats://{ADDRESSES[code] if alone() else '127.0.0.1'}:{port}"

    def remove(self) -> None:
        """The folder; its servers are down."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _mutate(node: NodeFolder, name: str, mutant: Mutant) -> None:
    logs = node.folder / "logs"
    node.program = Program(
        node.program.name,
        [sys.executable, "-m", "tests.faults.mutated", name, str(node.folder / "node.toml"), "--ready",
         str(node.ready_file)],
        log=node.program.log,
        folder=ROOT,
        environment=node.write_settings,
        ready=node.ready_file.exists,
    )  # fmt: skip
    if mutant.postgres:
        node.postgres = EmbeddedPostgres(
            node.folder / "pg", name=node.postgres.name, log=logs / "postgres.log", settings=mutant.postgres
        )


def _silent(sentence: str) -> None: ...
