"""Set-up of the launcher: `.venv` from the hash-pinned lock. Runs before anything is installed: standard library only.

python -I -S deploy/install.py --check [--dev]    exit status 0: everything is there
python -I -S deploy/install.py [--dev]            make it so; may be interrupted at any moment and run again

no .venv ──► .venv/.spojka-setting-up ──pip──► .venv/.spojka-ready    (what is installed, by the locks' sha256)
    ▲                   │ found by the next run: interrupted
    └───────────────────┘ begin again; what was downloaded comes from pip's cache
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
ROOM = 1_500_000_000  # bytes: 0.5 GB installed, the downloads, and a demonstration
LAST_LINES = 12
INTERRUPTED = 130
FROM_SOURCE = "nkeys"  # pure Python and offered as source only; all else comes as wheels, so no compiler is needed
AGAIN = "Run the same command again"

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "name resolution",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeout",
    "Read timed out",
    "ProxyError",
    "Connection reset",
    "ConnectionError",
)


class SetupFailed(Exception):
    """Says what happened, what is safe, what to do."""


def main(arguments: list[str]) -> int:
    locks = (RUNTIME, DEV) if "--dev" in arguments else (RUNTIME,)
    if "--check" in arguments:
        return 0 if ready(ROOT, locks) else 1
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        set_up(ROOT, locks)
    except SetupFailed as failed:
        print(f"\nspojka: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nspojka: The set-up was interrupted. Nothing is lost. {AGAIN}: it repairs the rest.", file=sys.stderr)
        return INTERRUPTED
    return 0


def ready(root: Path, locks: tuple[str, ...]) -> bool:
    """Asked with the `python` of .venv: are these locks installed for it?"""
    try:
        installed = (root / ".venv/.spojka-ready").read_text().splitlines()
    except FileNotFoundError:
        return False
    return set(_wanted(root, locks, sys.version_info[:2])) <= set(installed)


def set_up(root: Path, locks: tuple[str, ...]) -> None:
    """One at a time; a second one waits, and then finds everything done."""
    try:
        (root / ".spojka").mkdir(exist_ok=True)
        lock = os.open(root / ".spojka/setup.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SetupFailed(
            f"{root} cannot be written to ({error.strerror}). Nothing was changed. Start it as the user this folder "
            "belongs to, or clone it into a folder of your own."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Another set-up is running in this folder. Waiting until it is done …")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        if not _is_ready(root, locks):
            _install(root, locks, lock)
    except OSError as error:
        raise SetupFailed(
            f"The set-up could not write its files: {error}. What you have stored is as it was. "
            f"Put that right. {AGAIN}: it repairs the rest."
        ) from error
    finally:
        os.close(lock)


def _install(root: Path, locks: tuple[str, ...], lock: int) -> None:
    folder = root / ".venv"
    setting_up, marker, python = folder / ".spojka-setting-up", folder / ".spojka-ready", folder / "bin/python"
    _check_room(root)
    if setting_up.exists():
        _say("The last set-up was not finished: beginning again. What was downloaded is kept.")
        _remove(root, folder)
    elif folder.exists() and not _runs(python):
        _say("The Python that .venv was made with is gone: making it again.")
        _remove(root, folder)
    folder.mkdir(exist_ok=True)
    setting_up.touch()
    marker.unlink(missing_ok=True)
    if not python.exists() or not (folder / "bin/pip").exists():
        _say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]} …")
        _make(root, folder)
    for name in locks:
        _pip(root, python, name, lock)
    version = _version(python)
    beside = folder / ".spojka-ready.tmp"
    beside.write_text("\n".join(_wanted(root, locks, version)) + "\n")
    beside.replace(marker)
    setting_up.unlink()
    _say("Ready.\n")


def _remove(root: Path, folder: Path) -> None:
    """Aside first: half a .venv must never pass for a whole one."""
    aside = root / ".spojka/venv.old"
    shutil.rmtree(aside, ignore_errors=True)
    folder.rename(aside)
    shutil.rmtree(aside)


def _make(root: Path, folder: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
    if made.returncode != 0:
        raise reason(made.stdout + made.stderr, root, "Python could not make .venv")


def _pip(root: Path, python: Path, name: str, lock: int) -> None:
    """One lock. pip inherits our folder lock: killed or not, nobody begins before pip has really ended."""
    count = sum(1 for line in (root / name).read_text().splitlines() if "==" in line and not line[0].isspace())
    what = "what Spojka runs on" if name == RUNTIME else "what the tests need"
    _say(f"Installing {what} ({count} packages, pinned by hash) …")
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    command = [
        *(str(python), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"),
        *("--no-binary", FROM_SOURCE, "--no-input"),
        *("--disable-pip-version-check", "--root-user-action", "ignore", "--progress-bar", "off"),
        *("--timeout", "20", "--retries", "2", "-r", str(root / name)),
    ]
    with (root / ".spojka/setup.log").open("w") as log:
        pip = subprocess.Popen(
            command,
            env={**environment, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=(lock,),
        )
        assert pip.stdout is not None
        try:
            words = _watch(pip.stdout, log, count)
        except BaseException:
            pip.terminate()
            pip.wait()
            raise
        if pip.wait() != 0:
            raise reason(words, root, "The packages could not be installed")


def _watch(output: IO[str], log: IO[str], count: int) -> str:
    """Pass pip's words to the log, show how far it is; returns what it said."""
    words: list[str] = []
    bar = Bar(count)
    try:
        for line in output:
            words.append(line)
            log.write(line)
            first, _, rest = line.strip().partition(" ")
            if first == "Collecting" or line.startswith("Requirement already satisfied:"):
                bar.step(rest.removeprefix("already satisfied: ").split("==")[0].split(" ")[0])
            elif line.startswith("Installing collected"):
                bar.note("writing the files")
            elif line.startswith("WARNING: Retrying"):
                bar.note("no answer from the network yet, trying again")
    finally:
        bar.close()
    return "".join(words)


class Bar:
    """How far a set-up is: one line that moves on a terminal, a line for every quarter elsewhere."""

    def __init__(self, count: int):
        self._count, self._done, self._note = max(count, 1), 0, ""
        self._moves = sys.stderr.isatty()
        self._started = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)
        if self._moves:
            self._thread.start()

    def step(self, name: str) -> None:
        self._done, self._note = min(self._done + 1, self._count), name
        if not self._moves and self._done % -(-self._count // 4) == 0:
            _say(f"  {self._done} of {self._count} packages")

    def note(self, words: str) -> None:
        if not self._moves and words != self._note:
            _say(f"  {words}")
        self._note = words

    def close(self) -> None:
        self._over.set()
        if self._moves:
            self._thread.join()
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _turn(self) -> None:
        while not self._over.wait(0.2):
            full = round(28 * self._done / self._count)
            seconds = round(time.monotonic() - self._started)
            shown = f"[{'█' * full}{'·' * (28 - full)}] {self._done}/{self._count}  {seconds} s  {self._note[:40]}"
            sys.stderr.write(f"\r\x1b[K  {shown}")
            sys.stderr.flush()


def reason(words: str, root: Path, what: str) -> SetupFailed:
    """Which step needs what, and the command that mends it."""
    safe = "What you have stored is as it was."
    if "No space left" in words or "Errno 28" in words:
        return SetupFailed(f"{what}: the disk is full. {safe} {_room_sentence(root)}")
    if "DO NOT MATCH THE HASHES" in words:
        return SetupFailed(
            f"{what}: a package is not the one that was pinned, so it was not installed. {safe} Something between you "
            f"and the package index changed it, or a download broke. {AGAIN}; if it stays so, tell whoever runs the "
            "network."
        )
    if any(sign in words for sign in NO_NETWORK):
        return SetupFailed(
            f"{what}: the package index does not answer, there seems to be no network. {safe} "
            f"Connect to the network (behind a proxy: export HTTPS_PROXY=http://proxy:port). {AGAIN}: it carries on."
        )
    if "No matching distribution" in words or "Could not find a version" in words:
        return SetupFailed(
            f"{what}: one of them is not offered for this Python ({sys.version_info[0]}.{sys.version_info[1]}) or this "
            f"kind of machine. {safe} Try another Python: SPOJKA_PYTHON=python3.11 ./spojka …\n{_last(words)}"
        )
    return SetupFailed(f"{what}. {safe} The reason stands below and in .spojka/setup.log. {AGAIN}.\n{_last(words)}")


def _check_room(root: Path) -> None:
    if shutil.disk_usage(root).free < ROOM:
        raise SetupFailed(f"There is not enough room on the disk. Nothing was changed. {_room_sentence(root)}")


def _room_sentence(root: Path) -> str:
    free = shutil.disk_usage(root).free
    return (
        f"The set-up needs {ROOM / 1e9:.1f} GB, {free / 1e9:.1f} GB are free in {root}. "
        f"Free some (see: df -h '{root}') or clone to another disk. {AGAIN}: it carries on."
    )


def _wanted(root: Path, locks: tuple[str, ...], version: tuple[int, ...]) -> list[str]:
    sums = [f"{name} {hashlib.sha256((root / name).read_bytes()).hexdigest()}" for name in locks]
    return [f"python {version[0]}.{version[1]}", *sums]


def _is_ready(root: Path, locks: tuple[str, ...]) -> bool:
    python = root / ".venv/bin/python"
    return _runs(python) and set(_wanted(root, locks, _version(python))) <= _installed(root)


def _installed(root: Path) -> set[str]:
    marker = root / ".venv/.spojka-ready"
    return set(marker.read_text().splitlines()) if marker.exists() else set()


def _runs(python: Path) -> bool:
    try:
        return subprocess.run([str(python), "-I", "-S", "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def _version(python: Path) -> tuple[int, ...]:
    asked = subprocess.run(
        [str(python), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True
    )
    return tuple(int(number) for number in asked.stdout.split())


def _last(words: str) -> str:
    return "\n".join("  " + line for line in words.splitlines()[-LAST_LINES:])


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
