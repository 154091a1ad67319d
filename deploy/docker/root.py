"""A root file system put together from files of this machine, with the shared libraries they need."""

import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

Ignore = Callable[[str, list[str]], Iterable[str]]
ELF = b"\x7fELF"
FOUND = re.compile(r"(?:(\S+) => )?(/\S+) \(0x")
MISSING = re.compile(r"(\S+) => not found")


class LibraryMissing(Exception):
    """A program needs a library that this machine does not have."""


class Root:
    """`add()` what is wanted, then `pack()`."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self._own: dict[str, tuple[int, int]] = {}

    def add(self, source: Path, target: str, ignore: Ignore | None = None) -> None:
        """A file, or a folder with all in it; links become what they point to."""
        place = self.path(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=ignore, dirs_exist_ok=True)
        else:
            shutil.copy(source, place)

    def write(self, target: str, text: str) -> None:
        place = self.path(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def make(self, target: str, mode: int, owner: int = 0) -> None:
        """An empty folder."""
        self.path(target).mkdir(parents=True, exist_ok=True)
        self._own[target.strip("/")] = (mode, owner)

    def path(self, target: str) -> Path:
        return self.folder / target.strip("/")

    def add_libraries(self) -> None:
        """Of every program and library here that is not in the folder already: the loader at its own place, the others
        beside the C library, where the loader looks without being told. Raises LibraryMissing."""
        for file in [one for one in self.folder.rglob("*") if _is_elf(one)]:
            told = subprocess.run(["ldd", str(file)], capture_output=True, text=True).stdout
            if missing := MISSING.findall(told):
                raise LibraryMissing(f"{file.relative_to(self.folder)} needs {', '.join(missing)}, not found here.")
            found = {Path(path) for _, path in FOUND.findall(told)}
            beside = next((path.parent for path in found if path.name.startswith("libc.so")), None)
            for path in found:
                if beside is None or self.folder in path.parents:
                    continue
                loader = path.name.startswith("ld-")
                self.add(path, str(path if loader else beside / path.name))

    def pack(self, tar: Path) -> None:
        """Everything owned by root, but what make() gave to another."""

        def owned(member: tarfile.TarInfo) -> tarfile.TarInfo:
            mode, owner = self._own.get(member.name.removeprefix("./").strip("/"), (member.mode, 0))
            member.mode, member.uid, member.gid, member.uname, member.gname = mode, owner, owner, "", ""
            return member

        with tarfile.open(tar, "w") as file:
            file.add(self.folder, arcname=".", filter=owned)


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not stat.S_ISREG(path.stat().st_mode):
        return False
    with path.open("rb") as file:
        return file.read(4) == ELF
