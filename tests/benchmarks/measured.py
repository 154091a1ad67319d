"""What a benchmark reports, and what an fsync costs on the disk it ran on."""

import math
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: ours and the other's, both in `unit`, over `n` operations. The ratio is always ours / other.

    least   what the ratio is to reach (a rate); most: what it must not exceed (a time, a size). Neither: a report
    """

    name: str
    ours: float
    other: float
    other_name: str
    unit: str
    n: int
    least: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.other if self.other else 0.0

    @property
    def goal(self) -> str:
        """As people write it; empty for a mere report."""
        if self.least is not None:
            return f"≥ {self.least:g}"
        return "" if self.most is None else f"≤ {self.most:g}"

    @property
    def missed(self) -> bool:
        too_little = self.least is not None and self.ratio < self.least
        return too_little or (self.most is not None and self.ratio > self.most)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of them."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def fsync_seconds(folder: Path, seconds: float = 0.2) -> float:
    """How long this disk takes, on average, to be told to keep 4 KiB."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        started, count = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())
            count += 1
        return (time.perf_counter() - started) / count
