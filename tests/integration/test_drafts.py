"""What a person is writing is listed for them alone, and the list does not grow for ever."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from libs.eventlog import new_id
from libs.privacy import NodeKey
from libs.service.migrate import migrate
from services.portal.web.kept import MIGRATIONS, MOST_DRAFTS, Kept


@pytest.fixture
async def pool(database: str) -> "AsyncIterator[asyncpg.Pool[Any]]":
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as made:
        async with made.acquire() as db:
            await migrate(db, [MIGRATIONS])
        yield made


async def test_the_latest_comes_first_with_the_way_back(pool: "asyncpg.Pool[Any]") -> None:
    me, kept = new_id(), Kept(pool, NodeKey(b"k" * 32))
    await kept.keep_draft(me, "contact", {"note": ["first"]}, "/kontakty/novy")
    await kept.keep_draft(me, "project", {"goal": ["second"]})
    await kept.keep_search(me, {"text": "no draft"})
    await kept.keep_draft(new_id(), "contact", {"note": ["somebody else's"]})
    assert [(one.form, one.path) for one in await kept.drafts(me)] == [("project", ""), ("contact", "/kontakty/novy")]


async def test_what_another_key_sealed_is_not_listed(pool: "asyncpg.Pool[Any]") -> None:
    me = new_id()
    await Kept(pool, NodeKey(b"k" * 32)).keep_draft(me, "contact", {"note": ["lost"]})
    assert await Kept(pool, NodeKey(b"n" * 32)).drafts(me) == []


async def test_the_oldest_of_too_many_gives_way(pool: "asyncpg.Pool[Any]") -> None:
    me, kept = new_id(), Kept(pool, NodeKey(b"k" * 32))
    handle = await kept.keep_search(me, {"text": "stays"})
    for number in range(MOST_DRAFTS + 2):
        await kept.keep_draft(me, f"form {number}", {})
    forms = [one.form for one in await kept.drafts(me)]
    assert forms[0] == f"form {MOST_DRAFTS + 1}" and forms[-1] == "form 2"
    assert await kept.search(me, handle) == {"text": "stays"}
