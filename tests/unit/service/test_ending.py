import asyncio

from libs.service.ending import end


async def test_a_cancellation_that_was_lost_is_said_again() -> None:
    heard: list[int] = []

    async def deaf_once() -> None:
        while True:
            try:
                await asyncio.sleep(3_600)
            except asyncio.CancelledError:
                heard.append(1)
                if len(heard) > 1:
                    raise

    async def fails() -> None:
        raise OSError

    tasks = [asyncio.create_task(deaf_once()), asyncio.create_task(fails())]
    await asyncio.sleep(0)
    await asyncio.wait_for(end(tasks, 0.01), 5)
    assert len(heard) == 2
    assert all(task.done() for task in tasks)
