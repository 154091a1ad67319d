"""`./spojka test`: which suites there are, which of them this machine can run, and what was left out and why."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from libs.servers import NoServerHere
from libs.servers.child import leashed
from libs.servers.cluster import programs_folder
from libs.servers.nats import nats_program
from libs.testing.chromium import MISSING, chromium

ROOT = Path(__file__).resolve().parents[2]
USAGE, FAILED = 2, 1
NO_TESTS_COLLECTED = 5
FAULTS = "faults"


def test(*, suites: tuple[str, ...], everything: bool, pytest: tuple[str, ...], shots: Path | None = None) -> int:
    """Status of pytest; with `everything`, 1 also when anything was left out or skipped.

    shots   a folder for a picture of every page; the suite `browser` takes them
    """
    unknown = [suite for suite in suites if suite not in SUITES]
    if unknown:
        print(f"spojka: there is no suite {', '.join(unknown)}. There are: {', '.join(SUITES)}.", file=sys.stderr)
        return USAGE
    wanted = suites or tuple(SUITES)
    if shots is not None:
        if "browser" not in wanted:
            print("spojka: --shots is for the suite browser, which was not asked for.", file=sys.stderr)
            return USAGE
        pytest = ("--shots", str(shots.resolve()), *pytest)
    empty = [suite for suite in wanted if not any((ROOT / "tests" / suite).rglob("test_*.py"))]
    left_out = {suite: why for suite in wanted if suite not in empty and (why := SUITES[suite]())}
    if everything and left_out:
        _tell(left_out, empty)
        print("Nothing may be left out with --all, so nothing was run.", file=sys.stderr)
        return FAILED
    status = _run([suite for suite in wanted if suite not in left_out and suite not in empty], everything, pytest)
    _tell(left_out, empty)
    if "contract" in wanted and (why := no_containers()):
        print(f"left out: the contract of the servers in containers: {why}")
    return status


def _run(suites: list[str], everything: bool, arguments: tuple[str, ...]) -> int:
    """All suites in one pytest; faults in one of their own, where packets may be dropped and disks mounted. They mostly
    wait, so they run beside the others, and are told when those are done."""
    together = [suite for suite in suites if suite != FAULTS]
    if FAULTS not in suites:
        return _ended(_pytest(together, everything, arguments)) if together else 0
    from deploy.commands.faults import with_powers

    if not together:
        return _ended(_pytest([FAULTS], everything, arguments, with_powers))
    with tempfile.NamedTemporaryFile(prefix="spojka-faults-") as told:
        beside = _pytest([FAULTS], everything, arguments, with_powers, told)
        status = _ended(_pytest(together, everything, arguments))
        print(f"\n{FAULTS}, begun beside the others:", flush=True)
        _show(Path(told.name), beside)
        both = {status, _ended(beside)}
    if len(both) > 1:
        both.discard(NO_TESTS_COLLECTED)  # a name given with -k is in one of them
    return next(filter(None, both), 0)


def _pytest(
    suites: list[str],
    everything: bool,
    arguments: tuple[str, ...],
    wrap: Callable[[list[str]], list[str]] = list,
    out: IO[bytes] | None = None,
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", *(str(ROOT / "tests" / suite) for suite in suites)]
    command += ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
    command += ["--nothing-skipped"] if everything else []
    run = leashed(wrap([*command, *arguments]), signal.SIGINT)
    return subprocess.Popen(run, cwd=ROOT, stdout=out, stderr=out)


def _ended(run: "subprocess.Popen[bytes]") -> int:
    """Its status, when it has ended. Ctrl-C reaches pytest, too: let it tell what it has, and end its servers."""
    while True:
        try:
            return run.wait()
        except KeyboardInterrupt:
            continue


def _show(told: Path, run: "subprocess.Popen[bytes]") -> None:
    """What it says, as it says it, until it ends."""
    with told.open(encoding="utf-8", errors="replace") as words:
        over = False
        while not over:
            over = run.poll() is not None  # asked first: then its last words are there
            print(words.read(), end="", flush=True)
            with suppress(KeyboardInterrupt):
                time.sleep(0.2)


def _tell(left_out: dict[str, str], empty: list[str]) -> None:
    for suite, why in left_out.items():
        print(f"left out: {suite}: {why}")
    for suite in empty:
        print(f"left out: {suite}: there are no tests in it yet")


def no_containers() -> str | None:
    """Why the tests cannot start servers in containers here."""
    if shutil.which("docker") is None:
        return "docker is not installed (the embedded servers pass the same contract)"
    try:
        answer = subprocess.run(["docker", "info"], capture_output=True, timeout=10).returncode
    except subprocess.TimeoutExpired:
        answer = 1
    return "no Docker engine answers (the embedded servers pass the same contract)" if answer else None


def _no_servers() -> str | None:
    if os.environ.get("SPOJKA_TEST_SERVERS", "embedded") != "embedded":
        return None
    try:
        programs_folder()
        nats_program()
    except NoServerHere as missing:
        return str(missing)
    return None


def _no_browser() -> str | None:
    if find_spec("playwright") is None:
        return "playwright is not installed"
    return _no_servers() if chromium() else MISSING


def _always() -> str | None:
    return None


SUITES: dict[str, Callable[[], str | None]] = {
    "unit": _always,
    "contract": _no_servers,
    "integration": _no_servers,
    "network": _no_servers,
    "browser": _no_browser,
    FAULTS: _no_servers,
}
