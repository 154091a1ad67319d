"""The look of an organisation outlives a restart."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from libs.eventlog import new_id
from libs.service.migrate import migrate
from services.portal.web.kept import MIGRATIONS
from services.portal.web.look import Accent, Look, Looks


@pytest.fixture
async def pool(database: str) -> "AsyncIterator[asyncpg.Pool[Any]]":
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as made:
        async with made.acquire() as db:
            await migrate(db, [MIGRATIONS])
        yield made


async def test_nobody_has_chosen_yet(pool: "asyncpg.Pool[Any]") -> None:
    looks = Looks(pool)
    await looks.load()
    assert looks.now == Look()


async def test_the_last_choice_holds_for_everybody_also_after_a_restart(pool: "asyncpg.Pool[Any]") -> None:
    first, last = Look(Accent("#7a1f5c"), b"a picture"), Look(Accent("#155e63"))
    looks, after = Looks(pool), Looks(pool)
    await looks.choose(first, new_id())
    await looks.choose(last, new_id())
    await after.load()
    assert looks.now == after.now == last
