"""Tells the story to a running network: every step through the API of the node where it happens.

What is finished is kept in `story.json` beside the nodes, so that a network started again goes on where it was.
Losing that file does no harm: commands carry the same ids and are answered, not done, a second time.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.demo.network import Network
from deploy.demo.people import Person
from deploy.demo.steps import HubAway, HubBack, Step, Told, Wait
from deploy.demo.story import STORY
from libs.messaging import Answer
from libs.testing.api import Api, ApiRefused

DEADLINE_S = 60.0
FIRST_LOOK_S, LONGEST_LOOK_S = 0.02, 0.5
AWAY = 503


class StoryBroken(Exception):
    """The story cannot go on; the text names the step, what was hoped for and what came."""


class Finished:
    """Numbers of the steps that were told, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._numbers: list[str] = json.loads(file.read_text()) if file.exists() else []

    def __contains__(self, number: str) -> bool:
        return number in self._numbers

    def add(self, number: str) -> None:
        """Written beside and renamed: a power cut leaves the list from before."""
        self._numbers.append(number)
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(self._numbers))
        beside.rename(self._file)


class Voices:
    """Everybody's connection to their own node. A node that has moved is found again."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._apis: dict[Person, Api] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def command(self, step: Step) -> Answer:
        """Sent again under the same id while nobody answers. Raises ApiRefused for a refusal."""
        service, aggregate = step.place
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                api = await self._api(step.who)
                return await api.command(
                    service, aggregate, step.command, id=step.id, occurred_at=step.on, **step.fields
                )
            except (httpx.TransportError, ApiRefused) as error:
                if (isinstance(error, ApiRefused) and error.status != AWAY) or time.monotonic() > deadline:
                    raise
                await self.forget(step.who)
                await asyncio.sleep(LONGEST_LOOK_S)

    async def query(self, who: Person, service: str, query: str, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Rows, or none while nobody answers. Raises ApiRefused for a refusal."""
        try:
            return await (await self._api(who)).query(service, query, **fields)
        except (httpx.TransportError, ApiRefused) as error:
            if isinstance(error, ApiRefused) and error.status != AWAY:
                raise
            await self.forget(who)
            return []

    async def forget(self, who: Person) -> None:
        """The next word asks anew where the node is."""
        if (api := self._apis.pop(who, None)) is not None:
            await api.close()

    async def _api(self, who: Person) -> Api:
        if who not in self._apis:
            self._apis[who] = await self._open.enter_async_context(self._network.api(who))
        return self._apis[who]


async def play(
    network: Network, on_step: Callable[[Told], None] = lambda step: None, story: Sequence[Told] = STORY
) -> int:
    """Tell what was not told yet; the number of steps that are told now. Raises StoryBroken.

    on_step   called before every step, also for those that were told in an earlier run
    """
    finished = Finished(network.folder / "story.json")
    crossing: list[str] = []
    async with Voices(network) as voices:
        for step in story:
            on_step(step)
            if isinstance(step, HubAway):
                crossing = [step.number]
                if not _told_to_its_end(step, story, finished):
                    await asyncio.to_thread(network.supervisor.hold, network.hub)
            elif step.number not in finished:
                await _tell(step, network, voices)
                for number in (*crossing, step.number) if isinstance(step, HubBack) else (step.number,):
                    finished.add(number)
    return sum(step.number in finished for step in story)


def _told_to_its_end(away: HubAway, story: Sequence[Told], finished: Finished) -> bool:
    """Whether the hub came back already; a crossing that was interrupted begins again with the hub away."""
    following = story[story.index(away) :]
    return next(step for step in following if isinstance(step, HubBack)).number in finished


async def _tell(step: Step | HubBack, network: Network, voices: Voices) -> None:
    if isinstance(step, HubBack):
        await asyncio.to_thread(network.supervisor.release, network.hub)
    else:
        await _ask(step, voices)
    for wait in step.after:
        await _until(wait, step, voices)


async def _ask(step: Step, voices: Voices) -> None:
    try:
        answer = await voices.command(step)
    except ApiRefused as refused:
        if refused.problem.code not in (step.expect, *step.instead):
            raise StoryBroken(f"{_name(step)}: {refused}") from None
    except httpx.TransportError as error:
        raise StoryBroken(f"{_name(step)}: the node does not answer ({type(error).__name__})") from None
    else:
        if step.expect is not None and answer.position:
            raise StoryBroken(f"{_name(step)}: was carried out; it should have been refused as {step.expect}")


async def _until(wait: Wait, step: Step | HubBack, voices: Voices) -> None:
    deadline, pause = time.monotonic() + DEADLINE_S, FIRST_LOOK_S
    while True:
        try:
            if wait.until(await voices.query(wait.who, wait.service, wait.query, wait.fields)):
                return
        except ApiRefused as refused:
            raise StoryBroken(f"{_name(step)}: looking for {wait.what}: {refused}") from None
        if time.monotonic() > deadline:
            raise StoryBroken(f"{_name(step)}: waited {DEADLINE_S:.0f} s for {wait.what}, and it did not come")
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_LOOK_S)


def _name(step: Step | HubBack) -> str:
    return f"step {step.number} ({step.title})"


__all__ = ["StoryBroken", "Voices", "play"]
