"""A stream says that something changed, never what; it ends with the session, and with the server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI

from libs.eventlog import new_id
from libs.messaging import Problem, RequestFailed
from services.portal.web import live
from services.portal.web.form import NotHere
from services.portal.web.live import MOST_PER_USER, Live, live_of
from services.portal.web.page import Page

USER = new_id()


def later(seconds: float = 60) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


class Conference:
    """What a reader sees, as one word; it may be no longer theirs."""

    def __init__(self) -> None:
        self.word, self.asked = "a", 0
        self.trouble: Exception | None = None

    async def version(self) -> str:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return self.word


def failed(kind: Any) -> RequestFailed:
    return RequestFailed(Problem(kind=kind, code=kind, sentence=""))


async def said(stream: AsyncGenerator[str]) -> str:
    return await asyncio.wait_for(anext(stream), 2)


@pytest.fixture
def conference() -> Conference:
    return Conference()


@pytest.mark.asyncio
async def test_a_change_is_told_once_and_without_its_content(conference: Conference):
    streams = Live()
    async with aclosing(streams.told(USER, later(), conference.version)) as stream:
        assert (await said(stream)).startswith("retry: ")
        assert await said(stream) == "event: version\ndata: a\n\n"
        coming = asyncio.ensure_future(said(stream))
        await asyncio.sleep(0)
        conference.word = "b"
        for _ in range(100):
            streams.wake()
        assert await coming == "event: version\ndata: b\n\n"
        assert conference.asked == 2


@pytest.mark.asyncio
async def test_a_lost_ping_is_made_up_for_by_the_heartbeat(conference: Conference, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)
    async with aclosing(Live().told(USER, later(), conference.version)) as stream:
        await said(stream)
        await said(stream)
        assert await said(stream) == ": here\n\n"
        conference.word = "b"
        assert "data: b" in await said(stream)


@pytest.mark.asyncio
async def test_a_change_while_the_reader_looks_is_not_missed(conference: Conference):
    streams = Live()
    async with aclosing(streams.told(USER, later(), conference.version)) as stream:
        await said(stream)
        await said(stream)
        conference.word = "b"
        streams.wake()  # before the stream waits again
        assert "data: b" in await said(stream)


@pytest.mark.asyncio
async def test_a_stream_ends_with_the_session_the_right_to_see_and_the_server(conference: Conference):
    assert [line async for line in Live().told(USER, later(-1), conference.version)] == ["retry: 3000\n\n"]
    for trouble in (NotHere(), failed("forbidden")):
        conference.trouble = trouble
        assert [line async for line in Live().told(USER, later(), conference.version)] == ["retry: 3000\n\n"]
    conference.trouble, streams = None, Live()
    lines: list[str] = []

    async def listening() -> None:
        lines.extend([line async for line in streams.told(USER, later(), conference.version)])

    task = asyncio.create_task(listening())
    await asyncio.sleep(0.01)
    streams.end()
    await asyncio.wait_for(task, 1)
    assert len(lines) == 2


@pytest.mark.asyncio
async def test_a_service_that_is_away_ends_nothing(conference: Conference, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)
    async with aclosing(Live().told(USER, later(), conference.version)) as stream:
        await said(stream)
        await said(stream)
        conference.trouble = failed("unavailable")
        assert await said(stream) == ": here\n\n"


@pytest.mark.asyncio
async def test_one_person_has_so_many_streams_and_a_closed_one_counts_no_more(conference: Conference):
    streams, subscribed = live_of(FastAPI()), list[str]()

    async def on_wake(service: str, woken: object) -> None:
        subscribed.append(service)

    page = cast(
        Page,
        SimpleNamespace(
            actor=SimpleNamespace(user=USER),
            session=SimpleNamespace(idle_until=later()),
            site=SimpleNamespace(bus=SimpleNamespace(on_wake=on_wake)),
        ),
    )
    running = [streams.told(USER, later(), conference.version) for _ in range(MOST_PER_USER)]
    for stream in running:
        await said(stream)
    assert (await streams.stream(page, "cases", conference.version)).status_code == 204
    for stream in running:
        await stream.aclose()
    answer = await streams.stream(page, "cases", conference.version)
    await streams.stream(page, "cases", conference.version)
    assert answer.status_code == 200 and answer.media_type == "text/event-stream" and subscribed == ["cases"]
    streams.end()
    assert (await streams.stream(page, "cases", conference.version)).status_code == 204


def test_an_application_has_its_streams_once():
    app = FastAPI()
    assert live_of(app) is live_of(app) and live_of(app) is not live_of(FastAPI())
