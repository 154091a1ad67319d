"""Server-sent events: a page learns that something changed, never what. It then asks again, with its own eyes.

A stream says `version` with an opaque word, and says it again when the word has changed. It looks after every commit
of a service (several at once count as one), and every HEARTBEAT_S in case a ping was lost. Listening is no use of a
session: a stream ends when the session would have ended, and whoever comes back is asked who they are. It ends at
once when the server stops.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from fastapi import FastAPI, Response
from starlette.responses import StreamingResponse

from libs.messaging import Bus, RequestFailed
from services.portal.web.form import NotHere
from services.portal.web.page import Page

HEARTBEAT_S, QUIET_S, RETRY_MS = 15.0, 0.3, 3000
MOST_PER_USER = 6
"""Open streams; a browser keeps six connections to one server."""
HEADERS = {"X-Accel-Buffering": "no"}

Version = Callable[[], Awaitable[str]]
"""What a reader sees, as one word. Raises NotHere once it is not theirs to see, RequestFailed while nobody answers."""


class Live:
    """The streams of one application."""

    def __init__(self) -> None:
        self._next, self._ended = asyncio.Event(), False
        self._open: Counter[UUID] = Counter()
        self._hears: set[str] = set()

    def wake(self) -> None:
        """Something may have changed: let every stream look."""
        self._next, woken = asyncio.Event(), self._next
        woken.set()

    def end(self) -> None:
        """The server stops: let every stream end, so that nobody waits for it."""
        self._ended = True
        self.wake()

    async def stream(self, page: Page, service: str, version: Version) -> Response:
        """The answer to a page that listens. 204 tells a browser with too many streams to stay away."""
        if page.session is None or self._ended or self._open[page.actor.user] >= MOST_PER_USER:
            return Response(status_code=204)
        await version()
        await self._hear(page.site.bus, service)
        told = self.told(page.actor.user, page.session.idle_until, version)
        return StreamingResponse(told, media_type="text/event-stream", headers=HEADERS)

    async def told(self, user: UUID, until: datetime, version: Version) -> AsyncGenerator[str]:
        """The lines of one stream."""
        known = ""
        self._open[user] += 1
        try:
            yield f"retry: {RETRY_MS}\n\n"
            while not self._ended and (left := (until - datetime.now(UTC)).total_seconds()) > 0:
                coming = self._next
                now = await _looked(version, known)
                yield f"event: version\ndata: {now}\n\n" if now != known else ": here\n\n"
                known = now
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(HEARTBEAT_S, left)):
                        await coming.wait()
                    await asyncio.sleep(0 if self._ended else QUIET_S)
        except NotHere:
            return
        finally:
            self._open[user] -= 1

    async def _hear(self, bus: Bus, service: str) -> None:
        if service not in self._hears:
            self._hears.add(service)
            await bus.on_wake(service, self.wake)


def live_of(app: FastAPI) -> Live:
    """The streams of this application, made when first asked for."""
    if not hasattr(app.state, "live"):
        app.state.live = Live()
    return app.state.live


async def _looked(version: Version, known: str) -> str:
    """Now; while nobody answers, what was known before."""
    try:
        return await version()
    except RequestFailed as failed:
        if failed.problem.kind == "forbidden":
            raise NotHere from failed
        return known
