"""A part of a benchmark in a process of its own: it is told its task, says when it is ready, and what it found."""

import json
import os
import sys
import time
from pathlib import Path
from signal import SIGTERM
from typing import Any
from uuid import uuid4

from libs.servers.child import Child

PROJECT = Path(__file__).parents[2]
TASK, ANSWER = "SPOJKA_BENCH_TASK", "SPOJKA_BENCH_ANSWER"
PATIENCE_S = 3_600.0
POLL_S = 0.005


class Beside:
    """`Beside(folder, "tests.benchmarks.served", {"what": "echo"}).ready()`; it ends when we do, at the latest."""

    def __init__(self, folder: Path, module: str, task: dict[str, Any]) -> None:
        self._answers = folder / f"{module}-{uuid4().hex}"
        self._answers.mkdir()
        self._log = self._answers / "log"
        told = {**os.environ, TASK: json.dumps(task), ANSWER: str(self._answers)}
        self._child = Child([sys.executable, "-m", module], folder=PROJECT, log=self._log, environment=told)

    def ready(self) -> None:
        """Wait until it says so."""
        self._said("ready")

    def answer(self) -> Any:
        """Wait for what it found."""
        return json.loads(self._said("answer"))

    def stop(self) -> None:
        if self._child.status is None:
            self._child.stop(SIGTERM, 10)

    def _said(self, what: str) -> str:
        deadline, file = time.monotonic() + PATIENCE_S, self._answers / what
        while not file.exists():
            if self._child.status is not None or time.monotonic() > deadline:
                raise RuntimeError(f"A part of the benchmark ended early. {self._log.read_text()[-2_000:]}")
            time.sleep(POLL_S)
        return file.read_text()


def task() -> Any:
    """In the process: what it was told."""
    return json.loads(os.environ[TASK])


def say(what: str, content: Any = None) -> None:
    """In the process: "ready", or "answer" and what was found."""
    file = Path(os.environ[ANSWER]) / what
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(content))
    beside.replace(file)
