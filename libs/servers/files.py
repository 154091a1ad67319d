"""Files that only we may read."""

import os
from pathlib import Path


def secret(file: Path, text: str) -> None:
    """Write it whole or not at all, readable by us alone."""
    beside = file.with_name(file.name + ".tmp")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
