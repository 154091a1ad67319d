"""A disk of its own for one server's folder: it can be full, and its plug can be pulled."""

import os
import subprocess
from pathlib import Path


class SmallDisk:
    """An ext4 file system in a file, mounted where a server stores. Needs root and a mount namespace of one's own.

    Its journal commits once in five minutes, so what nobody has asked to be kept is not in the file yet: a copy of
    the file is the disk as a power cut would leave it.
    """

    def __init__(self, image: Path, folder: Path, megabytes: int) -> None:
        self.image, self.folder, self._megabytes = image, folder, megabytes

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def make(self) -> None:
        with self.image.open("wb") as file:
            file.truncate(self._megabytes * 2**20)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-J", "size=16", str(self.image)], check=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mount()
        self.folder.chmod(0o711)

    def keep(self) -> None:
        """What is on it now survives a power cut."""
        subprocess.run(["sync", "--file-system", str(self.folder)], check=True)

    def power_cut(self) -> None:
        """What was not asked to be kept is gone. Its servers must have been killed."""
        left = self.image.with_suffix(".left")
        copy = ["cp", "--sparse=always", str(self.image), str(left)]
        subprocess.run(copy, check=True)  # the bytes in the file; nothing is synced for it
        self.leave()
        left.replace(self.image)
        self._mount()
        self._filler.unlink(missing_ok=True)  # that it had been freed was not asked to be kept, either

    def fill(self) -> None:
        """Until nothing more goes in."""
        with self._filler.open("wb", buffering=0) as file:
            at, piece = 0, 2**30
            while piece >= 4_096:  # promised, not written: twelve gigabytes are full at once
                try:
                    os.posix_fallocate(file.fileno(), at, piece)
                    at += piece
                except OSError:
                    piece //= 2

    def free(self) -> None:
        self._filler.unlink()

    def leave(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def _mount(self) -> None:
        subprocess.run(["mount", "-o", "loop,commit=300", str(self.image), str(self.folder)], check=True)
