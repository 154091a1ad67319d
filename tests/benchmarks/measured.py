"""What a benchmark reports, and the fsync rate of the disk it ran on."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: ours, the other's, both in `unit`, over `n` operations each."""

    name: str
    ours: float
    other: float
    other_name: str
    unit: str
    n: int
    target: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other if self.other else 0.0


def fsyncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """How often this disk can be told to keep 4 KiB."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        started, count = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())
            count += 1
        return count / (time.perf_counter() - started)
