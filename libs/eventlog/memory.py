"""The same log without a server, for simulations. It passes the contract that `PostgresLog` passes."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from libs.eventlog.batch import stored_events
from libs.eventlog.errors import VersionConflict
from libs.eventlog.events import Event, Recorded
from libs.eventlog.log import LOADED_AT_ONCE, Append, Appended
from libs.eventlog.stored import START, Checkpoint, Stored


class MemoryLog:
    """Keeps what PostgresLog would store, in a list. clock: tells when something is recorded."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self.rows: list[Stored] = []
        self._answers: dict[UUID, Appended] = {}
        self._hash = b""

    async def append(self, append: Append) -> Appended:
        if (first := self._answers.get(append.command_id)) is not None:
            return first
        if sum(row.stream == append.stream for row in self.rows) != append.expected:
            raise VersionConflict(append.stream)
        new = [row for row, _ in stored_events(append, len(self.rows), self._hash, self._clock())]
        self.rows += new
        if new:
            self._hash = new[-1].hash
        position = new[-1].position if new else 0
        answer = Appended(append.stream, append.expected + len(new), position)
        self._answers[append.command_id] = Appended(answer.stream, answer.version, answer.position, repeated=True)
        return answer

    async def answered(self, command_id: UUID) -> Appended | None:
        return self._answers.get(command_id)

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        found = [row for row in self.rows if row.stream == stream and row.version > after]
        return [row.recorded() for row in found[:LOADED_AT_ONCE]]

    async def page(self, after: Checkpoint, limit: int) -> list[Stored] | None:
        known = after.event_id is None and after.position <= len(self.rows)
        if (
            after != START
            and not known
            and (after.position > len(self.rows) or self.rows[after.position - 1].checkpoint != after)
        ):
            return None
        return self.rows[after.position : after.position + limit]

    async def find(self, place: Checkpoint) -> Stored | None:
        return next((row for row in self.rows if row.checkpoint == place), None)

    async def head(self) -> Checkpoint:
        return self.rows[-1].checkpoint if self.rows else START
