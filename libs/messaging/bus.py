"""Requests inside a node: a command or a question out, a typed answer or a typed refusal back."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from libs.eventlog import Command, Frozen
from libs.messaging.connection import Connection
from libs.messaging.errors import LONGEST_REQUEST, Problem, RequestFailed, nobody, too_long, unavailable
from libs.messaging.queries import Query, View
from libs.messaging.subjects import command_subject, query_subject, wake_subject
from libs.messaging.trace import trace_headers
from libs.privacy import CLEAR, STORED

V = TypeVar("V", bound=View)
PATIENCE_S = 30.0
TIMEOUT_S = 15.0
"""Longer than a log waits for its store, so that the service's own word arrives first."""


class Answer(Frozen):
    """What a command did.

    stream, version   where its aggregate stands now
    position          of its last event in the service's log; 0: it was so already
    repeated          the id was known; this is the first answer again
    """

    stream: str
    version: int
    position: int
    repeated: bool = False


class Place(Frozen):
    """Where a service listens, as a NATS user of its own."""

    url: str
    user: str = ""
    password: str = ""
    name: str = "spojka"

    @property
    def inbox(self) -> bytes:
        """Where answers come: a user's own inbox, which no other user may read."""
        return f"_INBOX.{self.user}".encode() if self.user else b"_INBOX"


class BusAway(ConnectionError):
    """NATS did not answer when a first connection was wanted."""


async def connect(place: Place, patience_s: float = PATIENCE_S) -> Connection:
    """A connection that, once made, never gives up. While it is away requests fail at once; nothing is buffered.

    Raises BusAway if it could not be made at all within `patience_s`.
    """

    async def quiet(_: Exception) -> None: ...

    try:
        async with asyncio.timeout(patience_s):
            return await _connected(place, quiet)
    except (TimeoutError, nats.errors.Error, OSError) as error:
        raise BusAway(f"NATS does not answer at {place.url} ({type(error).__name__})") from None


async def _connected(place: Place, quiet: Callable[[Exception], Awaitable[None]]) -> Connection:
    connection = Connection()
    await connection.connect(
        place.url,
        user=place.user or None,
        password=place.password or None,
        name=place.name,
        inbox_prefix=place.inbox,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,  # pyright: ignore[reportArgumentType]  # it only sleeps so long
        pending_size=0,
        error_cb=quiet,
        connect_timeout=5,
    )
    return connection


class Bus:
    """Sends requests over one connection."""

    def __init__(self, connection: Client, timeout_s: float = TIMEOUT_S) -> None:
        self._connection, self._timeout_s = connection, timeout_s

    async def command(self, service: str, aggregate: str, command: Command) -> Answer:
        """Carried out and durable when it returns. Raises RequestFailed."""
        subject = command_subject(service, aggregate, type(command))
        body = command.model_dump_json(context=CLEAR).encode()
        return Answer.model_validate(await self.ask(service, subject, body))

    async def query(self, service: str, name: str, question: Query, view: type[V]) -> list[V]:
        """The rows of the answer. Raises RequestFailed."""
        body = question.model_dump_json(context=CLEAR).encode()
        rows = await self.ask(service, query_subject(service, name), body)
        return [view.model_validate(row, context=STORED) for row in rows]

    async def on_wake(self, service: str, woken: Callable[[], None]) -> None:
        """Call back soon after commits of a service. Says nothing of what was committed; a ping may get lost."""

        async def heard(_: Msg) -> None:
            woken()

        with suppress(nats.errors.Error, OSError):
            await self._connection.subscribe(wake_subject(service), cb=heard)

    async def ask(self, service: str, subject: str, body: bytes) -> Any:
        """One request: the content of `ok`. Raises RequestFailed with the problem otherwise."""
        if len(body) > LONGEST_REQUEST:
            raise RequestFailed(too_long(len(body)))
        try:
            reply = await self._connection.request(
                subject, body, timeout=self._timeout_s, headers=trace_headers() or None
            )
        except nats.errors.NoRespondersError:
            raise RequestFailed(nobody(service)) from None
        except (TimeoutError, nats.errors.Error, OSError):
            raise RequestFailed(unavailable(service)) from None
        answer = orjson.loads(reply.data)
        if "error" in answer:
            raise RequestFailed(Problem.model_validate(answer["error"]))
        return answer["ok"]


def ok(content: Any) -> bytes:
    """An answer on the wire."""
    return orjson.dumps({"ok": content}, default=_plain)


def refusal(problem: Problem) -> bytes:
    """A refusal on the wire."""
    return orjson.dumps({"error": problem.model_dump(mode="json")})


def _plain(value: Any) -> Any:
    if isinstance(value, Frozen):
        return value.model_dump(mode="json", context=CLEAR)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
