"""What the portal keeps between two requests: theirs alone, sealed, for a while."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from libs.eventlog import new_id
from libs.privacy import NodeKey
from libs.service.migrate import migrate
from services.portal.web.kept import MIGRATIONS, Kept

SECRET = "Dendy Zlatohlávek bydlí u babičky"
FORM = {"note": [SECRET], "topics": ["housing", "debts"]}


@pytest.fixture
async def pool(database: str) -> "AsyncIterator[asyncpg.Pool[Any]]":
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as made:
        async with made.acquire() as db:
            await migrate(db, [MIGRATIONS])
        yield made


async def test_a_draft_comes_back_as_it_was_typed_after_a_restart(pool: "asyncpg.Pool[Any]") -> None:
    me, key = new_id(), NodeKey(b"k" * 32)
    at = await Kept(pool, key).keep_draft(me, "contact", FORM)
    found = await Kept(pool, key).draft(me, "contact")
    assert found is not None and (found.fields, found.at) == (FORM, at)
    await Kept(pool, key).drop_draft(me, "contact")
    assert await Kept(pool, key).draft(me, "contact") is None


async def test_a_text_of_100_000_characters_is_kept_whole(pool: "asyncpg.Pool[Any]") -> None:
    me, kept = new_id(), Kept(pool, NodeKey(b"k" * 32))
    await kept.keep_draft(me, "minutes", {"text": ["ž" * 100_000]})
    found = await kept.draft(me, "minutes")
    assert found is not None and found.fields["text"] == ["ž" * 100_000]


async def test_nobody_finds_what_is_not_theirs(pool: "asyncpg.Pool[Any]") -> None:
    me, other, kept = new_id(), new_id(), Kept(pool, NodeKey(b"k" * 32))
    await kept.keep_draft(me, "contact", FORM)
    handle = await kept.keep_search(me, {"text": SECRET})
    assert await kept.draft(other, "contact") is None
    assert await kept.search(other, handle) is None
    assert await kept.search(me, handle) == {"text": SECRET}
    await pool.execute("update kept set owner = $1", other)  # a row moved to somebody else does not open
    assert await kept.draft(other, "contact") is None


async def test_nothing_lies_in_the_clear_and_another_key_opens_nothing(pool: "asyncpg.Pool[Any]") -> None:
    me, kept = new_id(), Kept(pool, NodeKey(b"k" * 32))
    handle = await kept.keep_search(me, {"text": SECRET})
    await kept.keep_draft(me, "contact", FORM)
    rows = await pool.fetch("select name, sealed from kept")
    assert len(rows) == 2 and not any(SECRET.encode() in row["sealed"] or SECRET in row["name"] for row in rows)
    assert await Kept(pool, NodeKey(b"z" * 32)).search(me, handle) is None


async def test_what_has_ended_is_gone(pool: "asyncpg.Pool[Any]") -> None:
    me, kept = new_id(), Kept(pool, NodeKey(b"k" * 32))
    handle = await kept.keep_search(me, {"text": SECRET})
    await pool.execute("update kept set until = clock_timestamp() - interval '1 second'")
    assert await kept.search(me, handle) is None
    await kept.keep_draft(me, "contact", FORM)
    assert await pool.fetchval("select count(*) from kept") == 1
