"""The corridor every command walks: authorise → load → decide → seal → append. The only way to write.

Nothing here knows an aggregate; nothing in an aggregate knows this.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakValueDictionary

from libs.eventlog.commands import Command
from libs.eventlog.decider import Decider
from libs.eventlog.errors import Forbidden, Rejected, VersionConflict
from libs.eventlog.events import Actor, Event, SharedEvent
from libs.eventlog.ids import new_id
from libs.eventlog.log import LOADED_AT_ONCE, Append, Appended, EventLog, NewEvent
from libs.eventlog.policy import Verdict

ATTEMPTS = 3
REMEMBERED_STREAMS = 4_096


class Sealer(Protocol):
    """Seals the personal fields of an event under their subjects' keys."""

    async def __call__(self, event: Event, event_id: UUID) -> Event: ...


@dataclass(frozen=True, slots=True)
class _Known:
    state: Any
    version: int


class Corridor:
    """Handles the commands of one service.

    organisation   whose node this is; a command of anybody else's is refused
    deciders       by aggregate name
    may            the service's policy
    seal           seals personal fields before an event is stored
    """

    def __init__(
        self,
        organisation: UUID,
        deciders: Mapping[str, Decider[Any, Any, Any]],
        may: Callable[[Actor, Any], Verdict],
        log: EventLog,
        seal: Sealer,
    ) -> None:
        self._organisation, self._deciders, self._may = organisation, deciders, may
        self._log, self._seal = log, seal
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, aggregate: str, command: Command, trace: str | None = None) -> Appended:
        """Carry out a command, or raise CommandFailed with nothing stored. The same id again: the first answer."""
        if command.actor.organisation != self._organisation:
            raise Forbidden("not_owner", "This command comes from another organisation. Nothing was recorded.")
        verdict = self._may(command.actor, command)
        if not verdict.allow:
            raise Forbidden(
                verdict.rule,
                f"Your role does not allow this (rule {verdict.rule}). Nothing was recorded. Ask your team leader.",
            )
        decider = self._deciders[aggregate]

        def decide(known: _Known) -> tuple[Event, ...]:
            if command.expected_version is not None and command.expected_version != known.version:
                raise VersionConflict(decider.stream(command))
            return decider.decide(command, known.state)

        return await self._write(decider, decider.stream(command), command, decide, trace)

    async def receive(
        self, aggregate: str, event: SharedEvent, letter: Command, sender: UUID, trace: str | None = None
    ) -> Appended:
        """Record what another organisation wrote, if its part in the matter allows it. It is never sent on.

        letter   id and times of the delivery; its actor is the sending organisation
        """
        decider = self._deciders[aggregate]

        def decide(known: _Known) -> tuple[Event, ...]:
            if decider.receive is None:
                raise Rejected("not_party", "This matter takes no letters. Nothing was recorded.")
            return decider.receive(event, known.state, sender)

        return await self._write(decider, decider.stream(event), letter, decide, trace, audience=False)

    async def state(self, aggregate: str, aggregate_id: UUID) -> Any:
        """Where an aggregate stands, as far as this process has written or seen it."""
        decider = self._deciders[aggregate]
        return (await self._load(decider, f"{decider.name}-{aggregate_id}")).state

    async def state_now(self, aggregate: str, aggregate_id: UUID) -> Any:
        """Where an aggregate stands in the log itself: another replica may have written since we looked."""
        decider = self._deciders[aggregate]
        stream = f"{decider.name}-{aggregate_id}"
        return (await self._read(decider, stream, self._known.get(stream))).state

    async def _write(
        self,
        decider: Decider[Any, Any, Any],
        stream: str,
        command: Command,
        decide: Callable[[_Known], tuple[Event, ...]],
        trace: str | None,
        audience: bool = True,
    ) -> Appended:
        async with self._turns.setdefault(stream, asyncio.Lock()):
            for attempt in range(1, ATTEMPTS + 1):
                remembered = stream in self._known
                known = await self._load(decider, stream)
                try:
                    sealed = [await self._new(event, audience) for event in decide(known)]
                except (Rejected, VersionConflict, LookupError) as refused:  # LookupError: a forgotten person
                    if (first := await self._log.answered(command.id)) is not None:
                        return first
                    if remembered and attempt < ATTEMPTS and not isinstance(refused, LookupError):
                        self._known.pop(stream, None)  # another replica may have written: never refuse from memory
                        continue
                    raise
                append = Append(
                    stream=stream,
                    expected=known.version,
                    command_id=command.id,
                    actor=command.actor,
                    occurred_at=command.occurred_at,
                    events=tuple(sealed),
                    correlation_id=command.correlation_id or command.id,
                    causation_id=command.causation_id,
                    trace=trace,
                )
                try:
                    answer = await self._log.append(append)
                except VersionConflict:
                    self._known.pop(stream, None)
                    if attempt == ATTEMPTS or command.expected_version is not None:
                        raise VersionConflict(stream) from None
                    continue
                except BaseException:
                    self._known.pop(stream, None)
                    raise
                if answer.repeated:
                    self._known.pop(stream, None)
                else:
                    state = reduce(decider.evolve, [new.event for new in sealed], known.state)
                    self._remember(stream, _Known(state, answer.version))
                return answer
        raise AssertionError("unreachable")

    async def _new(self, event: Event, audience: bool) -> NewEvent:
        event_id = new_id()
        return NewEvent(event_id, await self._seal(event, event_id), event.audience() if audience else ())

    async def _load(self, decider: Decider[Any, Any, Any], stream: str) -> _Known:
        if (known := self._known.get(stream)) is not None:
            self._known.move_to_end(stream)
            return known
        known = await self._read(decider, stream)
        if (newer := self._known.get(stream)) is None or newer.version <= known.version:
            self._remember(stream, known)
        return known

    async def _read(self, decider: Decider[Any, Any, Any], stream: str, known: _Known | None = None) -> _Known:
        """known: where to go on; None: from the beginning."""
        known = known or _Known(decider.initial, 0)
        while True:
            recorded = await self._log.load(stream, known.version)
            if recorded:
                state = reduce(decider.evolve, [one.event for one in recorded], known.state)
                known = _Known(state, recorded[-1].version)
            if len(recorded) < LOADED_AT_ONCE:
                return known

    def _remember(self, stream: str, known: _Known) -> None:
        self._known[stream] = known
        self._known.move_to_end(stream)
        while len(self._known) > REMEMBERED_STREAMS:
            self._known.popitem(last=False)


__all__ = ["Corridor", "Sealer"]
