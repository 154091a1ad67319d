"""The launcher on machines that lack something, and set-ups that were cut short. Installs a wheel of its own."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import install
from deploy.cli import app

ROOT = Path(__file__).resolve().parents[2]
HAS_PYTHON_OF = """#!/bin/sh
case "$*" in
    *"sys.exit"*) exit {too_old} ;;
    *"ensurepip"*) exit 1 ;;
    *"print"*) echo {version} ;;
esac
"""


class Clone:
    """A fresh clone whose lock pins one small wheel, and whose `spojka` command prints what it was given."""

    def __init__(self, folder: Path):
        self.root = folder / "Žlutá složka"
        self.wheels = folder / "wheels"

    def make(self) -> None:
        (self.root / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "spojka", self.root)
        shutil.copy(ROOT / "deploy/install.py", self.root / "deploy")
        (self.root / "deploy/__init__.py").touch()
        (self.root / "deploy/cli.py").write_text("import sys, probe; print('got', probe.VERSION, *sys.argv[1:])")
        self.wheels.mkdir()
        self.pin(1)

    def pin(self, version: int) -> None:
        """Both locks ask for this version of the wheel."""
        wheel = self.wheels / f"probe-{version}-py3-none-any.whl"
        facts = f"probe-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as file:
            file.writestr("probe.py", f"VERSION = {version}")
            file.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: probe\nVersion: {version}\n")
            file.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{facts}/RECORD", f"probe.py,,\n{facts}/METADATA,,\n{facts}/WHEEL,,\n{facts}/RECORD,,\n")
        line = f"probe=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
        for name in (install.RUNTIME, install.DEV):
            (self.root / name).write_text(line)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "spojka"), *arguments],
            cwd=self.wheels,  # anywhere else
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))},
                "SPOJKA_PYTHON": sys.executable,
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": self.wheels.as_uri(),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        begun = self.begin(*arguments)
        out, err = begun.communicate(timeout=120)
        return begun.returncode, out, err


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = Clone(tmp_path)
    clone.make()
    return clone


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    clone = Clone(folder)
    clone.make()
    assert clone.run("demo")[:2] == (0, "got 1 demo\n")
    return folder


@pytest.fixture
def ready_clone(set_up_once: Path, tmp_path: Path) -> Clone:
    """Set up already, and moved to another place, which must not matter."""
    return Clone(shutil.copytree(set_up_once, tmp_path / "moved", symlinks=True))


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs the launcher where nothing is installed but the tools every system has, and the Pythons named."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("cat", "dirname", "readlink", "id"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    (tmp_path / "spojka").write_text((ROOT / "spojka").read_text())

    def run(*arguments: str, **pythons: str) -> tuple[int, str]:
        for name, script in pythons.items():
            file = tools / name.replace("_", ".")
            file.write_text(script)
            file.chmod(0o755)
        ran = subprocess.run(
            ["/bin/sh", str(tmp_path / "spojka"), *arguments], env={"PATH": str(tools)}, capture_output=True, text=True
        )
        return ran.returncode, ran.stderr

    return run


def test_an_unknown_command_costs_no_set_up(machine: Callable[..., tuple[int, str]]):
    status, said = machine("dmeo")
    assert status == 2
    assert 'no command "dmeo"' in said and "Usage" in said
    assert machine()[0] == 2


def test_help_needs_nothing(machine: Callable[..., tuple[int, str]]):
    assert machine("--help") == (0, "")


def test_without_python_it_says_what_to_install(machine: Callable[..., tuple[int, str]]):
    status, said = machine("demo")
    assert status == 1
    assert "none was found" in said and "apt install python3 python3-venv" in said


def test_a_python_too_old_is_named(machine: Callable[..., tuple[int, str]]):
    status, said = machine("demo", python3=HAS_PYTHON_OF.format(too_old=1, version="3.9"))
    assert status == 1
    assert "only Python 3.9 was found" in said and "apt install python3 python3-venv" in said


def test_a_python_without_venv_is_told_how_to_get_it(machine: Callable[..., tuple[int, str]]):
    status, said = machine("demo", python3_12=HAS_PYTHON_OF.format(too_old=0, version="3.12"))
    assert status == 1
    assert "Python 3.12 is here" in said and "apt install python3-venv" in said and "python3.12-venv" in said


def test_the_usage_names_every_command(machine: Callable[..., tuple[int, str]]):
    said = machine("nothing")[1]
    named = {line.split()[0] for line in said.splitlines() if line.startswith("  ")}
    shown = [command for command in app.registered_commands if not command.hidden]
    registered = {command.callback.__name__ for command in shown if command.callback is not None}
    assert named == registered | {str(group.name) for group in app.registered_groups}


def test_the_first_run_sets_up_and_hands_over(clone: Clone):
    status, out, err = clone.run("demo", "--data", "složka s mezerou")
    assert (status, out) == (0, "got 1 demo --data složka s mezerou\n")
    assert "Installing" in err
    assert clone.run("up", "node.toml") == (0, "got 1 up node.toml\n", "")  # and the second run is quiet


def test_a_changed_lock_is_installed(ready_clone: Clone):
    ready_clone.pin(2)
    assert ready_clone.run("demo")[:2] == (0, "got 2 demo\n")


def test_a_set_up_cut_short_is_repaired(ready_clone: Clone):
    """pip takes a package for installed as soon as its metadata is there: what was begun is not trusted."""
    venv = ready_clone.root / ".venv"
    (venv / ".spojka-ready").rename(venv / ".spojka-setting-up")
    next(venv.glob("lib/python3*/site-packages/probe.py")).unlink()
    status, out, err = ready_clone.run("demo")
    assert (status, out) == (0, "got 1 demo\n")
    assert "was not finished" in err


def test_a_vanished_python_is_repaired(ready_clone: Clone):
    for link in (ready_clone.root / ".venv/bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nonexistent/python")
    assert ready_clone.run("demo")[:2] == (0, "got 1 demo\n")


def test_ctrl_c_in_the_set_up_is_no_trouble(clone: Clone):
    begun = clone.begin("demo")
    until((clone.root / ".venv/.spojka-setting-up").exists)
    os.killpg(begun.pid, signal.SIGINT)
    assert "Run the same command again" in begun.communicate(timeout=60)[1]
    assert begun.returncode in (130, -signal.SIGINT)  # some shells end by the signal, some report it
    assert clone.run("demo")[:2] == (0, "got 1 demo\n")


def test_two_set_ups_at_once_wait_for_each_other(clone: Clone):
    begun = [clone.begin("demo") for _ in range(2)]
    said = [one.communicate(timeout=120) for one in begun]
    assert [out for out, _ in said] == ["got 1 demo\n"] * 2
    assert sum("Waiting" in err for _, err in said) == 1
    assert sum("Installing" in err for _, err in said) == 1


def test_a_package_that_is_not_the_pinned_one_is_refused(clone: Clone):
    lock = clone.root / install.RUNTIME
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    status, _, err = clone.run("demo")
    assert status == 1
    assert "not the one that was pinned" in err


def test_a_full_disk_is_told_before_anything_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(install, "ROOM", shutil.disk_usage(tmp_path).total * 2)
    with pytest.raises(install.SetupFailed, match="not enough room"):
        install.set_up(tmp_path, (install.RUNTIME,))
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("NewConnectionError('…')\nERROR: No matching distribution found for rich", "no network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "pinned"),
        ("ERROR: No matching distribution found for rich", "not offered for this Python"),
        ("Segmentation fault", "setup.log"),
    ],
)
def test_every_failure_says_what_to_do(words: str, sentence: str, tmp_path: Path):
    said = str(install.reason(words, tmp_path, "The packages could not be installed"))
    assert sentence in said
    assert "Run the same command again" in said or "SPOJKA_PYTHON" in said


def test_what_runs_and_what_is_tested_are_pinned_alike():
    assert pins(install.RUNTIME) <= pins(install.DEV)


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text().splitlines()
    return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
