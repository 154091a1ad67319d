"""Requests under way in a service, each a task of its own (ADR 0026)."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Requests:
    """Answered beside each other; whoever stops the service waits for them."""

    under_way: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Work on a request beside the others."""
        task = asyncio.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def finish(self, patience_s: float) -> None:
        """Wait for what was begun, so long and no longer. What is cut off may be sent again under the same id."""
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=patience_s)
        for task in tuple(self.under_way):
            task.cancel()
