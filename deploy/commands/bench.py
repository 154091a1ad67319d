"""`./spojka bench`: the speeds that matter, each beside a yardstick measured in the same run."""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from libs.service import SettingsMistake
from tests.benchmarks import (
    across,
    append,
    bus,
    growth,
    hub,
    pages,
    project,
    rebuild,
    relay,
    seal,
)
from tests.benchmarks.ground import Ground, ground
from tests.benchmarks.measured import Measured, fsync_seconds
from tests.benchmarks.shown import content, family_of, machine, report, table

LOGS, QUICK_LOGS = (100_000, 1_000_000), (2_000, 20_000)
LENGTHS, QUICK_LENGTHS = (10_000, 100_000, 1_000_000, 5_000_000), (10_000, 100_000)


@dataclass(frozen=True)
class Suite:
    """Benchmarks that run together.

    rows    what each family of its rows measures, by the name they begin with
    run     all of it; quick: in a few seconds, rougher
    minute  whether it has its place in the minute of --quick without names
    """

    rows: Mapping[str, str]
    run: Callable[[Ground, bool], list[Measured]]
    minute: bool = True


SUITES: Mapping[str, Suite] = {
    "append": Suite(append.ROWS, lambda on, quick: append.run(on, 0.3 if quick else 5.0)),
    "bus": Suite(bus.ROWS, lambda on, quick: bus.run(on, 0.3 if quick else 5.0)),
    "project": Suite(project.ROWS, lambda on, quick: project.run(on, 10_000 if quick else 100_000)),
    "rebuild": Suite(rebuild.ROWS, lambda on, quick: rebuild.run(on, QUICK_LOGS if quick else LOGS)),
    "relay": Suite(relay.ROWS, lambda on, quick: relay.run(on, *((10_000, 40) if quick else (100_000, 1_000)))),
    "across": Suite(across.ROWS, lambda on, quick: across.run(on, 15 if quick else 150), minute=False),
    "seal": Suite(seal.ROWS, lambda on, quick: seal.run(on, 1.0 if quick else 5.0)),
    "growth": Suite(
        growth.ROWS,
        lambda on, quick: growth.run(on, *((QUICK_LENGTHS, 2) if quick else (LENGTHS, 10))),
    ),
    "hub": Suite(hub.ROWS, lambda on, quick: hub.run(on, *((50, 3.0, 1.0) if quick else (1_000, 60.0, 60.0)))),
    "pages": Suite(pages.ROWS, lambda on, quick: pages.suite(on, quick=quick), minute=False),
}
"""With sizes for --quick and for a whole run."""
TOLD = {family: words for suite in SUITES.values() for family, words in suite.rows.items()}


def bench(*, names: tuple[str, ...] = (), quick: bool = False, as_json: bool = False, page: Path | None = None) -> int:
    """0 when every goal is reached. names: of suites or of rows; page: the file to write docs/benchmarks.md to."""
    wanted = _suites(names) if names else [one for one in SUITES if SUITES[one].minute or not quick]
    console = Console(stderr=as_json)
    found: list[Measured] = []
    try:
        with console.status("") as status, ground(lambda step: status.update(f"{step} …"), console.print) as on:
            for name in wanted:
                with _telling(on, name):
                    found += [one for one in SUITES[name].run(on, quick) if _asked_for(one.name, name, names)]
            fsync_s = fsync_seconds(on.folder, 0.5)
    except BaseException:
        if found:  # minutes of work: shown, and written nowhere
            console.print(table(found), "Broken off here. No page was written.")
        raise
    if as_json:
        print(json.dumps({one.name: content(one) for one in found}))
    else:
        console.print(table(found))
        console.print(f"{machine()} An fsync takes {fsync_s * 1000:.2f} ms.", highlight=False)
    if page is not None:
        page.write_text(report(found, TOLD, fsync_s, quick=quick), encoding="utf-8")
    return 1 if any(one.missed for one in found) else 0


def _suites(names: tuple[str, ...]) -> list[str]:
    """The suites that measure these, in their order. Raises SettingsMistake for a name that nothing has."""
    for name in names:
        if name not in SUITES and name not in TOLD:
            there_is = ", ".join(dict.fromkeys([*SUITES, *TOLD]))
            raise SettingsMistake(f"There is no benchmark {name}. Nothing was measured. There is: {there_is}.")
    return [one for one, suite in SUITES.items() if one in names or any(name in suite.rows for name in names)]


def _asked_for(row: str, suite: str, names: tuple[str, ...]) -> bool:
    return not names or suite in names or family_of(row, TOLD) in names


@contextmanager
def _telling(on: Ground, name: str) -> Generator[None, None, None]:
    """Steps are told under the name of their suite."""
    plain = on.step
    on.step = lambda step: plain(f"{name}, {step}")
    on.step("begins")
    try:
        yield
    finally:
        on.step = plain
