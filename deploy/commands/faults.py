"""`./spojka faults`: the matrix of faults on real servers, what it found, and why anything could not be tried."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.commands.reliability import CHECKS, matrix, place, write_part
from deploy.local.folder import ROOT
from libs.servers.child import leashed
from libs.service import SettingsMistake
from tests.benchmarks.shown import machine
from tests.faults.ground import by_itself

TOOLS = ("unshare", "ip", "iptables", "mkfs.ext4", "mount")


def faults(*, names: tuple[str, ...], fast: bool = False, as_json: bool = False, page: Path | None = None) -> int:
    """0 when every fault that was asked for was tried, healed, and was noticed with its mechanism removed."""
    from tests.faults.matrix import FAULTS  # here: help is quick

    wanted = [name.upper() for name in names] or [name for name, fault in FAULTS.items() if fault.fast or not fast]
    if unknown := [name for name in wanted if name not in FAULTS]:
        raise SettingsMistake(f"There is no fault {', '.join(unknown)}. There is: {', '.join(FAULTS)}, and soak.")
    if page is not None:
        place(page, "matrix")
    console = Console(stderr=as_json)
    if why := missing_power():
        console.print(f"{why}. They are reported as not proved.", highlight=False)
    with tempfile.TemporaryDirectory(prefix="spojka-faults-report-") as folder:
        report = Path(folder) / "report.json"
        ids = [
            f"{ROOT}/tests/faults/test_matrix.py::{test}[{name}]"
            for name in wanted
            for test in ("test_the_promises_hold_after", "test_they_do_not_without_the_mechanism")
        ]
        command = [sys.executable, "-m", "pytest", *ids, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
        command += ["--faults-report", str(report), "-v", "--tb=short"] + ([] if fast else ["--faults-full"])
        _patiently(command, out=sys.stderr if as_json else None)
        found: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {}
    for name in wanted:
        found.setdefault(name, {"holds": False, "checks": {}, "seconds": 0, "why": "not proved: the run broke off"})
    if page is not None:
        ways = {name: " ".join((FAULTS[name].scenario.__doc__ or "").split()) for name in wanted}
        write_part(page, "matrix", matrix({name: found[name] for name in wanted}, ways, machine()))
    if as_json:
        print(json.dumps({name: found[name] for name in wanted}, ensure_ascii=False))
    else:
        console.print(table({name: found[name] for name in wanted}))
    return 0 if all(_proved(found[name], FAULTS[name].mutant_too or not fast) for name in wanted) else 1


def _proved(found: Mapping[str, Any], mutant_too: bool) -> bool:
    """It holds, and its mutant, if that was tried, was noticed."""
    return bool(found["holds"]) and (not mutant_too or bool(found.get("mutant", {}).get("caught")))


def soak(*, minutes: float, seed: int | None, page: Path | None, as_json: bool) -> int:
    """The soak, in a process of its own that may drop packets. page: gets its part, and a picture beside it."""
    if page is not None:
        place(page, "soak")
    if why := missing_power():
        Console(stderr=True).print(f"{why}. The soak goes without them.", highlight=False)
    command = [sys.executable, "-m", "deploy.commands.soak", "--minutes", str(minutes)]
    command += ["--seed", str(seed)] if seed is not None else []
    command += ["--report", str(page.resolve())] if page else []
    command += ["--json"] if as_json else []
    return _patiently(command)


def _patiently(command: list[str], out: TextIO | None = None) -> int:
    """Its status; Ctrl-C reaches it, too, and it ends its servers. So does the end of this process, however."""
    run = subprocess.Popen(leashed(with_powers(command), signal.SIGINT), cwd=ROOT, stdout=out)
    while True:
        try:
            return run.wait()
        except KeyboardInterrupt:
            continue


def with_powers(command: list[str]) -> list[str]:
    """In namespaces of its own where that is allowed, so that packets can be dropped and disks mounted."""
    return command if missing_power() else by_itself(command)


def missing_power() -> str | None:
    """Why packets cannot be dropped and disks mounted here; None: they can."""
    if os.geteuid() != 0:
        return "F2, F3 and F6 mount disks and drop packets in namespaces of their own, and only root may make those"
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        return f"F2, F3 and F6 need {', '.join(missing)}: apt-get install iproute2 iptables e2fsprogs util-linux"
    if subprocess.run(by_itself(["true"]), capture_output=True).returncode != 0:
        return "F2, F3 and F6 need namespaces of their own, and this container does not let us make them"
    return None


def table(found: dict[str, Any]) -> Table:
    """One row per fault: what held, how long it took, and which check noticed the missing mechanism."""
    drawn = Table(title="After each fault, once it has healed", box=SIMPLE_HEAD, pad_edge=False)
    for column in ("fault", "what", *CHECKS, "s"):
        drawn.add_column(column, justify="right" if column == "s" else "left", no_wrap=column != "what")
    for name, one in found.items():
        marks = ["✓" if one["checks"].get(check) else "✗" for check in CHECKS] if one["checks"] else ["–"] * len(CHECKS)
        what = Text(one.get("title", "") + (f": {one['why']}" if one.get("why") else ""))
        if mutant := one.get("mutant"):
            noticed = ", ".join(mutant.get("caught_by", ())) or "nothing ✗"
            what.append(f"\nwithout {mutant['removed']}: noticed by {noticed}", "dim")
        drawn.add_row(name, what, *marks, str(one["seconds"]))
    return drawn
