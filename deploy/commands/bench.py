"""`./spojka bench`: the speeds that matter, each beside a yardstick measured in the same run."""

import json
import platform
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from libs.servers import EmbeddedNats, EmbeddedPostgres
from libs.service import SettingsMistake
from tests.benchmarks import append, first_view, pages, project
from tests.benchmarks.measured import Measured, fsyncs_per_second

SECONDS, EVENTS = 5.0, 100_000
QUICK_SECONDS, QUICK_EVENTS = 1.5, 20_000
PEOPLE, CONTACTS, ROUNDS = 20_000, 200_000, 20
QUICK_PEOPLE, QUICK_CONTACTS, QUICK_ROUNDS = 300, 3_000, 3
TAKES_A_NETWORK = {"pages"}
"""With --quick only if asked for by name: the others end within a minute."""


def bench(*, names: tuple[str, ...], quick: bool = False, as_json: bool = False) -> int:
    """0 when every goal is reached."""
    seconds, events = (QUICK_SECONDS, QUICK_EVENTS) if quick else (SECONDS, EVENTS)
    console = Console(stderr=as_json)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spojka-bench-")))
        folder.chmod(0o711)
        postgres = stack.enter_context(EmbeddedPostgres(folder / "pg"))
        nats = stack.enter_context(EmbeddedNats(folder / "nats", jetstream="sync_interval: 1m"))
        suites: dict[str, Callable[[], list[Measured]]] = {
            "append": lambda: append.run(postgres, seconds),
            "project": lambda: uvloop.run(project.run(postgres, nats, events)),
            "pages": lambda: _pages(console, quick=quick),
        }
        for name in names:
            if name not in suites:
                raise SettingsMistake(f"There is no benchmark {name}. There is: {', '.join(suites)}.")
        found: list[Measured] = []
        for name in names or tuple(one for one in suites if not quick or one not in TAKES_A_NETWORK):
            with console.status(f"measuring {name} …"):
                found += suites[name]()
        fsyncs = fsyncs_per_second(folder)
    if as_json:
        print(json.dumps({one.name: _content(one) for one in found}))
    else:
        console.print(_table(found))
        console.print(f"{platform.machine()}, Python {platform.python_version()}, this disk: {fsyncs:,.0f} fsyncs/s")
    return 1 if any(one.ratio < one.target for one in found) else 0


def _pages(console: Console, *, quick: bool) -> list[Measured]:
    people, contacts, rounds = (QUICK_PEOPLE, QUICK_CONTACTS, QUICK_ROUNDS) if quick else (PEOPLE, CONTACTS, ROUNDS)
    if quick:
        console.print(
            f"pages, quickly: one node with {people} people, without referrals and conferences. "
            f"`./spojka bench pages` measures {PEOPLE:,} people in the network of the demonstration."
        )
    found, views = pages.run(people, contacts, rounds, say=console.print, is_alone=quick)
    if not quick:
        console.print(pages.table(found))
    return [*pages.measured(found), *([first_view.measured(views)] if views else [])]


def _content(one: Measured) -> dict[str, object]:
    return {
        "ours": round(one.ours, 1),
        "other": round(one.other, 1),
        "ratio": round(one.ratio, 2),
        "unit": one.unit,
        "other_name": one.other_name,
        "n": one.n,
    }


def _table(found: list[Measured]) -> Table:
    table = Table(title="Measured in this run, in turns")
    for column in ("name", "ours", "the other", "ratio", "to reach", "the other is"):
        table.add_column(column, justify="right" if column in ("ours", "the other", "ratio", "to reach") else "left")
    for one in found:
        goal = f"{one.target:g}" if one.target else "–"
        mark = "" if one.ratio >= one.target else " ✗"
        table.add_row(
            one.name,
            f"{one.ours:,.0f}",
            f"{one.other:,.0f}",
            f"{one.ratio:.2f}{mark}",
            goal,
            f"{one.other_name}, {one.unit}",
        )
    return table
