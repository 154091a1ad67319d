"""How tasks are ended."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def end(tasks: Iterable["asyncio.Task[Any]"], again_s: float = 1.0) -> None:
    """Cancel, and wait until they have ended, however.

    Python 3.11 loses a cancellation that meets the end of an `asyncio.wait_for`, with which nats-py waits for answers,
    and whoever waited for that task would wait for ever: it is said again until it is heard.
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        ended, waiting = await asyncio.wait(waiting, timeout=again_s)
        for task in ended:
            if not task.cancelled():
                task.exception()  # it was told where it happened
