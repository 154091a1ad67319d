"""What a log promises, once, for every log there is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from libs.eventlog import Actor, ChainBroken, VersionConflict, new_id
from libs.eventlog.log import LOADED_AT_ONCE, Append, EventLog, NewEvent, verify
from libs.eventlog.memory import MemoryLog
from libs.eventlog.postgres import MIGRATIONS, PostgresLog
from libs.eventlog.stored import START, Checkpoint
from libs.service.migrate import migrate
from libs.testing.account.account import AccountPaid

ME = Actor(user=new_id(), organisation=new_id(), roles=frozenset({"teller"}))
THEN = datetime(2026, 2, 10, 12, 45, tzinfo=UTC)


def wish(stream: str = "account-1", *amounts: int, expected: int = 0, command_id: UUID | None = None) -> Append:
    events = tuple(NewEvent(new_id(), AccountPaid(account_id=new_id(), amount=amount), ()) for amount in amounts)
    return Append(stream, expected, command_id or new_id(), ME, THEN, events)


def amounts(recorded: list[Any]) -> list[int]:
    return [one.event.amount for one in recorded]


class EventLogContract:
    async def test_what_was_appended_is_loaded_in_order(self, log: EventLog) -> None:
        await log.append(wish("account-1", 5, 6))
        await log.append(wish("account-1", 7, expected=2))
        assert amounts(await log.load("account-1")) == [5, 6, 7]
        assert [one.version for one in await log.load("account-1")] == [1, 2, 3]

    async def test_a_long_stream_is_loaded_page_by_page(self, log: EventLog) -> None:
        await log.append(wish("account-1", *range(1, LOADED_AT_ONCE + 2)))
        first = await log.load("account-1")
        assert [one.version for one in first] == list(range(1, LOADED_AT_ONCE + 1))
        assert amounts(await log.load("account-1", first[-1].version)) == [LOADED_AT_ONCE + 1]
        assert await log.load("account-1", LOADED_AT_ONCE + 1) == []
        await log.append(wish("account-1", 5, expected=LOADED_AT_ONCE + 1))

    async def test_a_stream_nobody_wrote_is_empty(self, log: EventLog) -> None:
        assert await log.load("account-0") == []
        assert await log.head() == START

    async def test_of_two_writers_one_is_told(self, log: EventLog) -> None:
        await log.append(wish("account-1", 5))
        with pytest.raises(VersionConflict):
            await log.append(wish("account-1", 6))
        assert amounts(await log.load("account-1")) == [5]

    async def test_a_stale_neighbour_fails_alone(self, log: EventLog) -> None:
        """A worker was refused for a stranger's mistake.

        Two commands came in the same moment and shared one transaction. One was stale; the unique key rolled
        back both, and the other worker read "somebody wrote first" about a record nobody else had open.
        """
        await log.append(wish("account-1", 5))
        stale, fresh = await asyncio.gather(
            log.append(wish("account-1", 6)), log.append(wish("account-2", 7)), return_exceptions=True
        )
        assert isinstance(stale, VersionConflict)
        assert not isinstance(fresh, BaseException)
        assert amounts(await log.load("account-2")) == [7]

    async def test_a_repeated_command_gets_its_first_answer(self, log: EventLog) -> None:
        command_id = new_id()
        first = await log.append(wish("account-1", 5, command_id=command_id))
        await log.append(wish("account-1", 6, expected=1))
        again = await log.append(wish("account-1", 5, command_id=command_id))
        assert (again.version, again.position, again.repeated) == (first.version, first.position, True)
        assert amounts(await log.load("account-1")) == [5, 6]
        assert await log.answered(command_id) == again

    async def test_the_same_command_twice_in_one_moment_counts_once(self, log: EventLog) -> None:
        command_id = new_id()
        twice = [log.append(wish("account-1", 5, command_id=command_id)) for _ in range(2)]
        answers = await asyncio.gather(*twice)
        assert sorted(answer.repeated for answer in answers) == [False, True]
        assert amounts(await log.load("account-1")) == [5]

    async def test_a_command_that_changed_nothing_is_remembered_too(self, log: EventLog) -> None:
        command_id = new_id()
        await log.append(wish("account-1", command_id=command_id))
        assert (await log.append(wish("account-1", 5, command_id=command_id))).repeated
        assert await log.load("account-1") == []

    async def test_positions_are_gapless_and_in_commit_order(self, log: EventLog) -> None:
        writers = [log.append(wish(f"account-{n % 20}", 1, 2)) for n in range(60)]
        await asyncio.gather(*writers, return_exceptions=True)
        page = await log.page(START, 1_000)
        assert page is not None
        assert [one.position for one in page] == list(range(1, len(page) + 1))
        assert len(page) == 40  # twenty streams, each first writer alone succeeded

    async def test_a_page_begins_after_its_checkpoint(self, log: EventLog) -> None:
        await log.append(wish("account-1", 1, 2, 3))
        everything = await log.page(START, 10)
        assert everything is not None
        rest = await log.page(everything[0].checkpoint, 10)
        assert rest == everything[1:]
        assert await log.page(everything[2].checkpoint, 10) == []
        assert await log.find(everything[1].checkpoint) == everything[1]

    async def test_another_history_is_noticed(self, log: EventLog) -> None:
        await log.append(wish("account-1", 1))
        assert await log.page(Checkpoint(1, new_id()), 10) is None
        assert await log.page(Checkpoint(7, new_id()), 10) is None

    async def test_the_chain_holds_and_any_change_breaks_it(self, log: EventLog) -> None:
        await log.append(wish("account-1", 1, 2))
        await log.append(wish("account-2", 3))
        page = await log.page(START, 10)
        assert page is not None
        assert verify(page, b"") == page[-1].hash
        for damaged in ([page[0], page[2]], [page[1], page[0], page[2]], [page[0], page[0], page[2]]):
            with pytest.raises(ChainBroken):
                verify(damaged, b"")


class TestMemoryLog(EventLogContract):
    @pytest.fixture
    def log(self) -> EventLog:
        return MemoryLog()


class TestPostgresLog(EventLogContract):
    @pytest.fixture
    async def log(self, opened: "Opener") -> AsyncIterator[EventLog]:
        yield await opened()

    async def test_a_changed_row_is_found(self, opened: "Opener", database: str) -> None:
        log = await opened()
        await log.append(wish("account-1", 1, 2))
        db = await asyncpg.connect(database)
        await db.execute("""update event set data = data || '{"amount": 9}' where position = 1""")
        await db.close()
        page = await log.page(START, 10)
        assert page is not None
        with pytest.raises(ChainBroken):
            verify(page, b"")

    async def test_a_batch_that_breaks_is_tried_again_one_by_one(self, opened: "Opener") -> None:
        """A read model that cannot take one event must not refuse its neighbours' commands."""

        async def inline(_: Any, events: Any) -> None:
            if any(event.amount == 13 for event, _ in events):
                raise ValueError("a read model that fears thirteen")

        log = await opened(inline)
        wishes = [log.append(wish(f"account-{n}", n)) for n in range(10, 17)]
        answers = await asyncio.gather(*wishes, return_exceptions=True)
        failed = [str(answer).split(":")[0] for answer in answers if isinstance(answer, BaseException)]
        assert failed == ["fault"]
        assert await log.load("account-13") == []
        assert (await log.head()).position == 6

    async def test_what_was_planned_behind_a_batch_that_breaks_is_planned_again(self, opened: "Opener") -> None:
        """Later batches are planned on top of one that PostgreSQL is still writing; it may never be written."""

        async def inline(_: Any, events: Any) -> None:
            if any(event.amount == 13 for event, _ in events):
                raise ValueError("a read model that fears thirteen")

        log = await opened(inline)
        await log.append(wish("account-0", 1))
        wishes = [log.append(wish(f"account-{n}", n)) for n in range(1, 201)]
        answers = await asyncio.gather(*wishes, return_exceptions=True)
        assert [n for n, answer in enumerate(answers, 1) if isinstance(answer, BaseException)] == [13]
        page = await log.page(START, 1_000)
        assert page is not None
        assert [stored.position for stored in page] == list(range(1, 201))
        assert verify(page, b"")

    async def test_nothing_is_half_done_when_the_read_model_fails(self, opened: "Opener", database: str) -> None:
        async def inline(db: Any, events: Any) -> None:
            await db.execute("create table half_done ()")
            raise ValueError("too late")

        log = await opened(inline)
        with pytest.raises(Exception, match="fault"):
            await log.append(wish("account-1", 1))
        db = await asyncpg.connect(database)
        assert await db.fetchval("select to_regclass('half_done')") is None
        assert await db.fetchval("select count(*) from event") == 0
        await db.close()

    async def test_without_the_memory_of_commands_a_repeat_would_count_twice(
        self, opened: "Opener", database: str
    ) -> None:
        """The guard of the repeat tests above, removed: the same command id has a second effect."""
        log = await opened()
        db = await asyncpg.connect(database)
        await db.execute("alter table event drop constraint event_command_id_of_command_key")
        await db.close()
        command_id = new_id()
        await log.append(wish("account-1", 5, command_id=command_id))
        await log.append(wish("account-1", 5, expected=1, command_id=command_id))
        assert amounts(await log.load("account-1")) == [5, 5]

    async def test_a_repeat_among_others_is_answered_and_the_others_are_written(self, opened: "Opener") -> None:
        log = await opened()
        command_id = new_id()
        first = await log.append(wish("account-1", 5, command_id=command_id))
        wishes = [wish("account-1", 6, expected=1, command_id=command_id), wish("account-2", 7), wish("account-3", 8)]
        answers = await asyncio.gather(*[log.append(one) for one in wishes])
        assert [answer.repeated for answer in answers] == [True, False, False]
        assert answers[0].position == first.position
        assert (await log.head()).position == 3

    async def test_two_replicas_write_one_history(self, opened: "Opener") -> None:
        one, other = await opened(), await opened()
        wishes = [log.append(wish(f"account-{n}", n)) for n in range(50) for log in (one, other)]
        answers = await asyncio.gather(*wishes, return_exceptions=True)
        assert sum(isinstance(answer, VersionConflict) for answer in answers) == 50
        page = await one.page(START, 1_000)
        assert page is not None
        assert [stored.position for stored in page] == list(range(1, 51))
        assert verify(page, b"")


Opener = Callable[..., Any]


@pytest.fixture
async def opened(database: str) -> AsyncIterator[Opener]:
    """Makes logs over one database, and closes them."""
    pool = await asyncpg.create_pool(database, min_size=1, max_size=4)
    async with pool.acquire() as db:
        await migrate(db, [MIGRATIONS])
    logs: list[PostgresLog] = []

    async def make(inline: Any = None) -> PostgresLog:
        log = PostgresLog(pool, lambda: asyncpg.connect(database), inline)
        await log.start()
        logs.append(log)
        return log

    yield make
    for log in logs:
        await log.close()
    await pool.close()
