"""The relay: committed events from the log to JetStream, in order, fenced, without a cursor of its own.

The stream's last message says where to go on, and every message names the sequence it expects, so neither a
second relay nor a repeated lot adds anything. A stream that was wiped, or tells another history, is made
anew. Measured in the shared notes on NATS, §3.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import nats.errors
import nats.js.errors
from nats.aio.msg import Msg
from nats.js.api import DiscardPolicy, StreamConfig
from nats.js.errors import NotFoundError

from libs.eventlog.log import EventLog
from libs.eventlog.stored import START, Checkpoint, Stored
from libs.messaging import wire
from libs.messaging.connection import Connection, Message
from libs.messaging.subjects import event_subject, stream_name

LOT = 500
LOT_BYTES = 700_000
POLL_S = 1.0
CHECK_S = 30.0
DAY_S = 86_400.0
DUPLICATE, STREAM_FULL = -1, 10077
ENOUGH = 3
"""Failures in a row after which a stream is made anew."""

log = logging.getLogger("spojka.relay")


def stream_config(service: str) -> StreamConfig:
    """One stream per service: a quota, discard new, 30 days. A stream without a quota is a full disk some day."""
    return StreamConfig(
        name=stream_name(service),
        subjects=[f"event.{service}.>"],
        allow_atomic=True,  # not used; but every node's stream has it, and would count as another without
        max_bytes=2**30,
        max_age=30 * DAY_S,
        discard=DiscardPolicy.NEW,
        duplicate_window=120,
    )


class Refused(Exception):
    """JetStream said no; `code` is its err_code."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("description", ""))
        self.code = error.get("err_code", 0)


@dataclass
class Relay:
    """Publishes one service's log. `run` never returns by itself; one leader per service runs it."""

    nc: Connection
    service: str
    source: str
    log: EventLog
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    on_progress: Callable[[int], None] = lambda position: None
    at: Checkpoint = START
    trouble: str = ""
    failures: int = 0
    _fresh: str = ""  # appended to message ids after a purge: the dedup window still knows the old ones

    async def run(self) -> None:
        while True:
            try:
                await self._publish_from(*await self._resume())
            except (Refused, nats.errors.Error, nats.js.errors.Error, OSError) as error:
                code = getattr(error, "code", 0)
                self.trouble = f"{type(error).__name__} {code}"
                if code == DUPLICATE:
                    self._fresh = f".{time.time_ns()}"
                self.failures += self.nc.is_connected  # a server that is away says nothing about its stream
                log.warning("relay resumes", extra={"service": self.service, "error": self.trouble})
                await asyncio.sleep(5 if code == STREAM_FULL else min(0.2 * (1 + self.failures), 2))
                if self.failures >= ENOUGH and code != STREAM_FULL and self.nc.is_connected:
                    self.failures = 0
                    await self._begin_anew()

    async def _resume(self) -> tuple[int, Checkpoint]:
        """Sequence and checkpoint after which to go on; from the start if the stream is empty."""
        js = self.nc.jetstream(timeout=3)
        await js.add_stream(stream_config(self.service))
        state = (await js.stream_info(stream_name(self.service))).state
        try:
            last_message = await js.get_last_msg(stream_name(self.service), f"event.{self.service}.>")
        except NotFoundError:
            return state.last_seq, START
        last = wire.place(last_message.headers or {})
        if await self.log.page(last, 0) is None:  # it tells of events this log never had: another history
            await js.delete_stream(stream_name(self.service))
            return await self._resume()
        return state.last_seq, last  # holes before it are the readers' to refill

    async def _begin_anew(self) -> None:
        """A stream that takes nothing (its files were deleted under the server) goes; the log fills a new one."""
        with suppress(nats.errors.Error, nats.js.errors.Error, OSError):
            await self.nc.jetstream(timeout=3).delete_stream(stream_name(self.service))

    async def _publish_from(self, sequence: int, at: Checkpoint) -> None:
        self.at, checked = at, time.monotonic()
        reading = self._read(at)
        try:
            while time.monotonic() < checked + CHECK_S:
                events = await reading
                if events is None:
                    return
                if len(events) == LOT:  # there is more: it is read while these travel
                    reading = self._read(events[-1].checkpoint)
                for part in _parts(events):
                    sequence = await self._publish(part, sequence)
                    self.at, self._fresh, self.failures = part[-1].checkpoint, "", 0
                    self.on_progress(self.at.position)
                if not events and not await self._roused():
                    return
                if len(events) < LOT:
                    reading = self._read(self.at)
        finally:
            reading.cancel()

    def _read(self, after: Checkpoint) -> "asyncio.Task[list[Stored] | None]":
        self.awake.clear()  # whoever commits from here on rouses us again
        return asyncio.create_task(self.log.page(after, LOT))

    async def _roused(self) -> bool:
        """Wait until something was committed, or for a while. False: NATS is away."""
        self.trouble = ""
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_S):
                await self.awake.wait()
            return True
        return self.nc.is_connected

    async def _publish(self, events: list[Stored], expected: int) -> int:
        """Only if the stream still ends at `expected`. Returns the new last sequence.

        Each says where the stream must end. Behind one that is refused all others are refused, so the last one's
        answer speaks for all, and there is never a hole. The first is asked for, too: what is refused tells why when
        it comes first. Atomic batches (ADR-50) would be stored twice by the server, and took twice as long.
        """
        messages, previous = list[Message](), self.at.event_id
        for number, stored in enumerate(events):
            headers = self._headers(stored, previous) | {"Nats-Expected-Last-Sequence": str(expected + number)}
            messages.append((event_subject(self.service, stored.stream, stored.type), headers, wire.body(stored)))
            previous = stored.event_id
        if len(messages) > 1:
            _sequence(await self._ask(messages[0]))
            self.failures = 0  # a stream that takes one is not broken, whatever becomes of the others
            await self.nc.publish_many(messages[1:-1])
        return _sequence(await self._ask(messages[-1]))

    async def _ask(self, message: Message) -> Msg:
        subject, headers, body = message
        return await self.nc.request(subject, body, headers=dict(headers), timeout=5)

    def _headers(self, stored: Stored, previous: UUID | None) -> dict[str, str]:
        headers = wire.head(stored, previous, self.source)
        headers["Nats-Msg-Id"] = f"{stored.event_id}{self._fresh}"
        return headers


def _sequence(answer: Msg) -> int:
    """Where JetStream stored it. Raises what it said instead."""
    said = json.loads(answer.data)
    if "error" in said:
        raise Refused(said["error"])
    if said.get("duplicate"):
        raise Refused({"err_code": DUPLICATE, "description": "duplicate message id"})
    return int(said["seq"])


def _parts(events: list[Stored]) -> list[list[Stored]]:
    """Cut into lots that do not swamp the server."""
    parts: list[list[Stored]] = []
    size = 0
    for stored in events:
        weight = len(stored.data) + 1_000
        if not parts or size + weight > LOT_BYTES:
            parts.append([])
            size = 0
        size += weight
        parts[-1].append(stored)
    return parts
