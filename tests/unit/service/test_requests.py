"""Requests under way when their service is told to stop."""

import asyncio

from libs.service.requests import Requests


async def test_what_was_begun_gets_its_answer():
    requests, answered = Requests(), list[str]()

    async def work(name: str) -> None:
        await asyncio.sleep(0.01)
        answered.append(name)

    requests.begin(work("first"))
    requests.begin(work("second"))
    await requests.finish(5)
    assert sorted(answered) == ["first", "second"]
    assert requests.under_way == set()


async def test_nobody_is_waited_for_for_ever():
    requests, ended = Requests(), list[str]()

    async def work() -> None:
        try:
            await asyncio.sleep(3_600)
        finally:
            ended.append("cut off")

    requests.begin(work())
    await requests.finish(0.01)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert ended == ["cut off"]
