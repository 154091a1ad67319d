"""`./spojka faults soak`: an hour of mixed load and random faults over three nodes, and what became of it."""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from deploy.commands.reliability import soaked, write_part
from tests.benchmarks.shown import machine
from tests.faults.chart import chart
from tests.faults.ground import Ground, make_template
from tests.faults.soak import Soaked, by_kind, soak


def run(minutes: float, seed: int | None, page: Path | None, *, as_json: bool) -> int:
    """0 when every check holds and nothing grew. Ctrl-C ends it early and takes the servers down."""
    console = Console(stderr=as_json)
    seed = random.randrange(2**31) if seed is None else seed
    folder = Path(tempfile.mkdtemp(prefix="spojka-soak-"))
    folder.chmod(0o711)
    try:
        with console.status("three organisations and a hub start …"):
            template = make_template(folder / "template")
        ground = Ground(template, folder / "ground")
        with ground.up():
            console.print(f"seed {seed}; {minutes:g} minutes, a fault every 20 s", highlight=False)
            found = asyncio.run(soak(ground, minutes, seed, lambda line: console.print(line, highlight=False)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if page is not None:
        picture = page.with_name("soak.svg")
        picture.write_text(chart(found))
        write_part(page, "soak", soaked(summary(found, seed), machine(), picture.name))
    if as_json:
        print(json.dumps(summary(found, seed)))
    else:
        _tell(console, found)
    return 0 if found.holds else 1


def summary(found: Soaked, seed: int) -> dict[str, object]:
    """What the hour has shown, as data."""
    lags = [one.lag for one in found.samples if one.lag is not None]
    return {
        "holds": found.holds,
        "seed": seed,
        "minutes": round(found.seconds / 60, 1),
        "acknowledged": found.acknowledged,
        "referrals": found.referrals,
        "faults": dict(by_kind(found)),
        "checks": {name: not wrong for name, wrong in found.checks.items()},
        "why": next((wrong for wrong in found.checks.values() if wrong), ""),
        "healed_s": round(found.healed_s, 1),
        "most_lag": max(lags, default=0),
        "growth": {name: {"memory": memory, "files": files} for name, (memory, files) in found.growth.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="spojka faults soak")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        sys.exit(run(asked.minutes, asked.seed, asked.report, as_json=asked.json))
    except KeyboardInterrupt:
        sys.exit(130)


def _tell(console: Console, found: Soaked) -> None:
    kinds = ", ".join(f"{count} × {name}" for name, count in by_kind(found).most_common())
    console.print(f"{found.acknowledged:,} commands acknowledged, {found.referrals:,} referrals; {kinds}")
    for name, wrong in found.checks.items():
        console.print(f"  {name} {'holds' if not wrong else 'is broken: ' + wrong}", highlight=False)
    for name, (memory, files) in found.growth.items():
        console.print(f"  {name}: memory × {memory:g}, open files × {files:g} from the first third to the last")
    console.print("soak: holds" if found.holds else "soak: does not hold")


if __name__ == "__main__":
    main()
