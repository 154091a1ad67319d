"""The wire to the hub: sealed bytes out, sealed bytes in. Knows nothing of what is in them.

With the hub away nothing here breaks: `send` says so at once, `letters` waits. One loop owns the connection
and builds a new one whenever the old one ended, for whatever reason; the client library's own reconnecting
is off, because it gives up for good when the server says no (a token that ran out, an account suspended
for an hour), and because it would keep letters back and send them later behind our back.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from nats.aio.client import Client, RawCredentials
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

ANSWER = 5.0
"""Seconds the hub has to say that it has stored a letter; it syncs each one to disk."""
PULL = 20
"""Letters under way at most: 20 × 512 KB. Asked for again at half of it."""
HEARTBEAT = 5.0
AGAIN = 2.0
"""Seconds until a letter that could not be kept comes again."""
FULL = 10077
"""JetStream: a bound of the letter box is reached (messages of one sender, or bytes)."""
STILL_ASKING = {"100"}
USED_UP = {"404", "408"}
"""Nothing there, or the request ran out: ask again. Any other status: begin anew."""


class HubUnavailable(Exception):
    """The hub did not confirm. Perhaps it has the letter: send again under the same message id."""


class QuotaFull(Exception):
    """The recipient's box takes no more of ours, or no more at all. Keep the letter and try later."""


@dataclass(frozen=True, slots=True)
class HubLetter:
    """Bytes from the hub. `sender_account`: whose account sent them, as the hub says; the letter must say so, too.

    Not acknowledged and not put back, it comes again after half a minute.
    """

    sender_account: str
    data: bytes = field(repr=False)
    _acknowledge: Callable[[], Awaitable[None]] = field(repr=False)
    _put_back: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)

    async def put_back(self) -> None:
        """It could not be kept now: let it come again soon. Never raises; lost, it comes all the same, only later."""
        if self._put_back is not None:
            await self._put_back()

    async def ack(self) -> None:
        """Tell the hub to forget it: only after it is stored here. Never raises; lost, the letter comes again."""
        await self._acknowledge()


class _Ended(Exception):
    """The connection or the pull cannot be trusted any more; begin anew."""


@dataclass(eq=False)
class _Connection:
    client: Client = field(default_factory=Client)
    arrived: "asyncio.Queue[Msg | None]" = field(default_factory=lambda: asyncio.Queue[Msg | None]())
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def closed(self) -> None:
        self.gone.set()
        self.arrived.put_nowait(None)

    async def ask(self, subject: str, data: bytes, message_id: str) -> bytes:
        """A request that does not wait for an answer on a connection that is gone (the client would)."""
        headers = {"Nats-Msg-Id": message_id}
        answer = asyncio.ensure_future(self.client.request(subject, data, timeout=ANSWER, headers=headers))
        gone = asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise ConnectionResetError
            return answer.result().data
        finally:
            answer.cancel()
            gone.cancel()


class HubLink:
    """One organisation's link to the hub. `async with HubLink(…) as link`, or let the first call start it.

    url            of the hub
    creds_path     read anew for every connection: renewing the file is enough
    own_account    public account key of this organisation
    retry          seconds between attempts to connect: first, and at most
    """

    def __init__(
        self, url: str, creds_path: Path, own_account: str, *, retry: tuple[float, float] = (0.2, 5.0)
    ) -> None:
        self._url, self._creds, self._own, self._retry = url, creds_path, own_account, retry
        self._pause = retry[0]
        self._connection: _Connection | None = None
        self._changed = asyncio.Condition()
        self._keeper: asyncio.Task[None] | None = None
        self._closing = False
        self.connections = 0
        """How often a connection came about: what was unsure over one may be said again over the next."""
        self.trouble: str | None = None
        """What ended the last connection or attempt, as a class name; None: nothing yet. For health pages."""

    @property
    def connected(self) -> bool:
        """Whether the hub is there now, as far as one can know."""
        return self._connection is not None and self._connection.client.is_connected

    async def start(self) -> None:
        """Begin to connect, and return at once."""
        if self._keeper is None and not self._closing:
            self._keeper = asyncio.create_task(self._keep_connected(), name="hub-link")

    async def send(self, to_account: str, data: bytes, message_id: str) -> bool:
        """Hand a letter to the hub. False: it had seen this message id before and stored nothing.

        A letter the recipient asks for again needs a new id (`<letter>.<attempt>`): under the old one the hub
        absorbs it although nobody has it any more. Raises HubUnavailable, QuotaFull.
        """
        await self.start()
        connection = self._connection
        if connection is None or not self.connected:
            raise HubUnavailable("not connected")
        try:
            said: dict[str, Any] = json.loads(await connection.ask(f"send.{to_account}", data, message_id))
        except NoRespondersError:
            raise HubUnavailable("no letter box of this organisation") from None
        except (NatsError, OSError, TimeoutError, ValueError) as error:
            raise HubUnavailable(type(error).__name__) from error
        if (error := said.get("error")) is not None:
            if error.get("err_code") == FULL:
                raise QuotaFull(str(error.get("description")))
            raise HubUnavailable(f"refused with {error.get('err_code')}")
        return not said.get("duplicate", False)

    async def letters(self) -> AsyncGenerator[HubLetter]:
        """Our letters as they come, until `close`. One reader at a time; waits while the hub is away."""
        await self.start()
        while (connection := await self._next_connection()) is not None:
            try:
                pull = _Pull(connection, self._own)
                await pull.begin()
                try:
                    while True:
                        yield await pull.next()
                finally:
                    await pull.end()
            except (_Ended, NatsError, OSError, TimeoutError) as error:
                self.trouble = str(error) or type(error).__name__
            if not self._closing:
                await asyncio.sleep(self._retry[0])

    async def close(self) -> None:
        """Stop. Letters not acknowledged stay at the hub."""
        self._closing = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        async with self._changed:
            self._changed.notify_all()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _keep_connected(self) -> None:
        """One connection after the other, for ever."""
        while True:
            try:
                await self._one_connection()
            except Exception as error:  # whatever ended it, the answer is the next one; health pages show what it was
                self.trouble = type(error).__name__
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, self._retry[1])

    async def _one_connection(self) -> None:
        credentials = self._creds.read_text(encoding="ascii")
        if "BEGIN NATS USER JWT" not in credentials:
            raise ValueError("not a credentials file")  # the client would look for that line for ever
        connection = _Connection()
        try:
            async with asyncio.timeout(10):
                await self._connect(connection, credentials)
            async with self._changed:
                self._connection, self._pause = connection, self._retry[0]
                self.connections += 1
                self._changed.notify_all()
            await connection.gone.wait()
        finally:
            self._connection = None
            connection.arrived.put_nowait(None)
            with suppress(AssertionError):  # of a client that never got as far as connecting
                await connection.client.close()

    async def _connect(self, connection: _Connection, credentials: str) -> None:
        async def note(error: Exception) -> None:
            self.trouble = type(error).__name__

        await connection.client.connect(
            self._url,
            name="courier",
            user_credentials=RawCredentials(credentials),
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=3,
            ping_interval=5,  # a silent partition is noticed within 15 s
            max_outstanding_pings=2,
            error_cb=note,
            closed_cb=connection.closed,
        )

    async def _next_connection(self) -> _Connection | None:
        """The connection, as soon as there is one; None once the link is closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closing or self.connected)
        return None if self._closing else self._connection


class _Pull:
    """One subscription on an inbox of its own, asking across the account border for letters, with heartbeats."""

    def __init__(self, connection: _Connection, own: str) -> None:
        self._client, self._own = connection.client, own
        self._arrived = connection.arrived = asyncio.Queue[Msg | None]()  # nothing left over from the pull before
        self._inbox, self._credit = self._client.new_inbox(), 0

    async def begin(self) -> None:
        async def put(message: Msg) -> None:
            self._arrived.put_nowait(message)  # bounded by what we ask for, not by the client, which drops silently

        self._subscription = await self._client.subscribe(
            self._inbox, cb=put, pending_msgs_limit=-1, pending_bytes_limit=-1
        )

    async def end(self) -> None:
        if self._client.is_connected:
            with suppress(NatsError, OSError):
                await self._subscription.unsubscribe()

    async def next(self) -> HubLetter:
        """The next letter. Raises _Ended when hub or connection fell silent or said something unexpected."""
        while True:
            if self._credit <= PULL // 2:
                await self._ask()
            try:
                async with asyncio.timeout(2 * HEARTBEAT + 1):
                    message = await self._arrived.get()
            except TimeoutError:
                raise _Ended("no letter and no heartbeat") from None
            if message is None:
                raise _Ended("the connection is gone")
            headers = message.headers or {}
            status = headers.get("Status")
            if status is None:
                self._credit -= 1
                if (letter := self._letter(message)) is not None:
                    return letter
                await self._answer(message, b"+TERM")  # nobody's: the subject names no sender and us
            elif status in USED_UP:
                self._credit -= int(headers.get("Nats-Pending-Messages", self._credit))
            elif status not in STILL_ASKING:
                raise _Ended(f"status {status}")

    async def _ask(self) -> None:
        wanted = {"batch": PULL - self._credit, "expires": int(6 * HEARTBEAT * 1e9)}
        wanted["idle_heartbeat"] = int(HEARTBEAT * 1e9)
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._own}.pull", json.dumps(wanted).encode(), reply=self._inbox
        )
        self._credit = PULL

    def _letter(self, message: Msg) -> HubLetter | None:
        match message.subject.split("."):
            case ["x", sender, own] if own == self._own:
                again = b'-NAK {"delay": %d}' % int(AGAIN * 1e9)
                return HubLetter(
                    sender,
                    message.data,
                    lambda: self._answer(message, b"+ACK"),
                    lambda: self._answer(message, again),
                )
            case _:
                return None

    async def _answer(self, message: Msg, word: bytes) -> None:
        with suppress(NatsError, OSError):
            await self._client.publish(message.reply, word)
