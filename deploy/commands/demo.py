"""`./spojka demo`: five organisations on this machine, and their story."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.status import Status

from deploy.commands.which import DEMONSTRATION
from deploy.demo.checks import CHECKS, Check, examine
from deploy.demo.logins import PASSWORD
from deploy.demo.network import Network
from deploy.demo.play import StoryBroken, play
from deploy.demo.steps import Told
from deploy.demo.story import STORY
from deploy.demo.tables import WIDTH, logins, tables

INTERRUPTED = 130


@dataclass(frozen=True)
class Outcome:
    """How many steps were told and how many checks hold."""

    steps: int
    checks: int

    @property
    def status(self) -> int:
        return 0 if (self.steps, self.checks) == (len(STORY), len(CHECKS)) else 1

    def __str__(self) -> str:
        return f"story: {self.steps} of {len(STORY)} steps, {self.checks} of {len(CHECKS)} checks hold"


def demo(*, once: bool, data: Path | None) -> int:
    """0 only if every step was told and every check holds; 130 after Ctrl-C on the way."""
    console, folder = Console(highlight=False, markup=False), data or DEMONSTRATION
    try:
        network = Network(folder)
        with Phases(console) as phases, network.up(console.print, phases.begin):
            phases.begin("introductions")
            asyncio.run(network.introduce())
            phases.end()
            outcome = asyncio.run(_tell(network, console))
            if not once:
                console.print(str(outcome))
                _stay(network, console)
    except KeyboardInterrupt:
        stopped = f"Stopped. What was stored is safe in {folder}; the same command goes on from there."
        console.print(stopped, soft_wrap=True)
        return INTERRUPTED
    goes_on = f"Everything is stopped. The same command goes on from what is in {folder}."
    console.print(str(outcome) if once else goes_on, soft_wrap=True)
    return outcome.status


async def _tell(network: Network, console: Console) -> Outcome:
    steps = await _play(network, console)
    if steps is None:
        return Outcome(0, 0)
    for table in await tables(network):
        console.print(table, width=min(console.width, WIDTH))
    return Outcome(steps, await _check(network, console))


async def _play(network: Network, console: Console) -> int | None:
    """How many steps are told; None, with the reason said, when the story broke."""
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=len(STORY))

        def show(step: Told) -> None:
            bar.update(task, completed=STORY.index(step), description=f"{step.number} {step.title}")

        try:
            steps = await play(network, show)
        except StoryBroken as broken:
            bar.stop()
            console.print(f"The story cannot go on. What is stored is safe.\n{broken}", soft_wrap=True)
            _show_logs(network, console)
            return None
        bar.update(task, completed=steps, description="the story is told")
    return steps


async def _check(network: Network, console: Console) -> int:
    def show(check: Check, wrong: str | None) -> None:
        said = f"  ✓ {check.name}" if wrong is None else f"  ✗ {check.name}: {wrong}"
        console.print(said, soft_wrap=True)

    console.print("Checks")
    return await examine(network, show)


def _stay(network: Network, console: Console) -> None:
    """Until Ctrl-C."""
    console.print(logins(network), width=min(console.width, WIDTH))
    console.print(f"The password of all of them: {PASSWORD}", soft_wrap=True)
    _show_logs(network, console)
    console.print("All of it keeps running until Ctrl-C.")
    try:
        network.supervisor.wait()
    except KeyboardInterrupt:
        console.print("Stopping …")


def _show_logs(network: Network, console: Console) -> None:
    console.print(f"Logs and access tokens: {network.folder}/ORGANISATION/logs, …/tokens.json", soft_wrap=True)


class Phases:
    """A line per phase of the start, with its seconds; what goes on now turns."""

    LABELS = {
        "servers": "servers: a hub, and PostgreSQL and NATS five times",
        "nodes": "nodes: every service of five organisations answers",
        "introductions": "introductions: keys are pinned, people have their roles",
    }

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name, self._since = "", 0.0
        self._status: Status | None = None

    def begin(self, name: str) -> None:
        self.end()
        self._name, self._since = name, time.monotonic()
        self._status = self._console.status(self.LABELS[name])
        self._status.start()

    def end(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
            self._console.print(f"{self.LABELS[self._name]:<60}{time.monotonic() - self._since:6.1f} s")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
