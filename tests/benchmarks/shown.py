"""Figures as a table for people, as JSON for programs, and as the page docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from libs.servers.cluster import programs_folder
from libs.servers.nats import nats_program
from tests.benchmarks.limits import LIMITS
from tests.benchmarks.measured import Measured

NUMBERED = re.compile(r"\d[\d.,]*")
INTRODUCTION = """\
Every figure is a ratio measured in one run, in turns, against a peer or against the limit. The ratio is ours divided by
the other; what is to be reached stands beside it: at least (≥) for rates, at most (≤) for times and sizes. Absolute
figures belong to the machine and the moment; `./spojka bench` measures all of it again, `--quick` in a minute.
"""


def content(one: Measured) -> dict[str, object]:
    """One figure for programs."""
    return {
        "ours": rounded(one.ours),
        "other": rounded(one.other),
        "ratio": rounded(one.ratio),
        "unit": one.unit,
        "other_name": one.other_name,
        "n": one.n,
    }


def rounded(value: float) -> float:
    """Four digits that count; whole numbers from a thousand on."""
    return float(round(value)) if abs(value) >= 1000 else float(f"{value:.4g}")


def written(value: float) -> str:
    """For people: 12,345 or 0.12."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(found: Sequence[Measured]) -> Table:
    """Readable in a terminal of 80 columns: what the other is stands under the name."""
    shown = Table(title="Measured in this run, in turns", box=SIMPLE_HEAD, pad_edge=False)
    shown.add_column("name, what the other is", overflow="fold")
    for column in ("ours", "the other", "unit", "ratio", "to reach"):
        shown.add_column(column, justify="left" if column == "unit" else "right", no_wrap=True)
    for one in found:
        name, *figures, other_name = _cells(one, " ✗")
        shown.add_row(Text.assemble(name, "\n", (other_name, "dim")), *figures)
    return shown


def report(found: Sequence[Measured], told: Mapping[str, str], fsync_s: float, *, quick: bool) -> str:
    """The page: machine, table, and what the rows mean. `told`: what every family of rows measures, by its name."""
    roughly = " Measured with `--quick`: small and rough." if quick else ""
    lines = [
        "# Benchmarks",
        "",
        INTRODUCTION,
        "## Measured",
        "",
        f"{datetime.now(UTC):%-d %B %Y}. {machine()} An fsync took {fsync_s * 1000:.2f} ms.{roughly}",
        "",
        "| name | ours | the other | unit | n | ratio | to reach | reached | the other is |",
        "|---|--:|--:|---|--:|--:|--:|---|---|",
    ]
    for one in found:
        name, ours, other, unit, ratio, goal, other_name = _cells(one)
        reached = "" if goal == "–" else "no" if one.missed else "yes"
        lines.append(
            f"| {name} | {ours} | {other} | {unit} | {one.n:,} | {ratio} | {goal} | {reached} | {other_name} |"
        )
    lines += ["", "## What the rows mean", ""]
    for family in told:
        if any(family_of(one.name, told) == family for one in found):
            lines.append(f"- **{family}**: {told[family]}")
    missed = [family for family in told if any(one.missed and family_of(one.name, told) == family for one in found)]
    if missed:
        lines += ["", "## What was missed, and what the limit is", ""]
        lines += [f"- **{family}**: {LIMITS.get(family, 'not looked into yet.')}" for family in missed]
    return "\n".join(lines) + "\n"


def family_of(row: str, families: Mapping[str, object]) -> str:
    """`append-p99-64` belongs to `append-p99`, not to `append`."""
    mine = [family for family in families if row == family or row.startswith(f"{family}-")]
    return max(mine, key=len, default="")


def machine() -> str:
    """What it ran on; no names of hosts, people or places."""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory_gib():.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {_version(programs_folder() / 'postgres')}, "
        f"nats-server {_version(nats_program())}."
    )


def _cells(one: Measured, mark: str = "") -> tuple[str, ...]:
    ratio = written(one.ratio) + (mark if one.missed else "")
    return one.name, written(one.ours), written(one.other), one.unit, ratio, one.goal or "–", one.other_name


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _version(program: Path) -> str:
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    found = NUMBERED.search(told)
    return found.group() if found else "?"
