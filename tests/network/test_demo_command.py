"""`./spojka demo` as a person uses it: two of them, Ctrl-C in the middle, and going on."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.demo.checks import CHECKS
from deploy.demo.story import STORY

pytestmark = pytest.mark.timeout(600)
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 180.0


def demo(folder: Path) -> "subprocess.Popen[str]":
    """In a session of its own, so that a signal is for it alone."""
    command = [sys.executable, "-m", "deploy.cli", "demo", "--once", "--data", str(folder)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def steps_told(folder: Path) -> int:
    file = folder / "story.json"
    return len(json.loads(file.read_text())) if file.exists() else 0


def test_interrupted_it_goes_on_from_there(tmp_path: Path):
    folder = tmp_path / "demo"
    first = demo(folder)
    deadline = time.monotonic() + PATIENCE_S
    while steps_told(folder) < 20:
        assert first.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)

    second = demo(folder)
    said, _ = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 1
    assert "Already running here" in said and "Nothing was touched" in said

    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 130, said
    assert said.splitlines()[-1].startswith("Stopped. What was stored is safe")
    told = steps_told(folder)
    assert 20 <= told < len(STORY)

    again = demo(folder)
    said, _ = again.communicate(timeout=PATIENCE_S)
    assert again.returncode == 0, said
    assert said.splitlines()[-1] == (
        f"story: {len(STORY)} of {len(STORY)} steps, {len(CHECKS)} of {len(CHECKS)} checks hold"
    )
