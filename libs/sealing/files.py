"""Secrets on disk: whole or not at all, and for one user's eyes only."""

import os
from pathlib import Path

from libs.sealing.errors import SealingError

OTHERS = 0o007


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600 so that a crash leaves the old one or the new one, never half of one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def read_private(path: Path) -> str:
    """Read a secret. Raises SealingError if it is missing, or if every user of this machine could read it."""
    try:
        if path.stat().st_mode & OTHERS:
            raise SealingError(
                f"The key file {path.name} can be read by other users. Nothing was read. "
                "Set its mode to 0600; if others may have seen it, replace the key."
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SealingError(
            f"The key file {path.name} cannot be read. Nothing was changed. Restore it from the key backup."
        ) from None


def destroy(path: Path) -> None:
    """Remove a secret for good, as far as a file system allows (the volume is encrypted below)."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a removal survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
