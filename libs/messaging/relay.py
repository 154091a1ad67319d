"""The relay: committed events from the log to JetStream, in order, fenced, without a cursor of its own.

The stream's last message says where to go on, and every batch names the sequence it expects, so neither a
second relay nor a repeated batch adds anything. A stream that was wiped, or tells another history, is made
anew. Measured in the shared notes on NATS, §3.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import DiscardPolicy, StreamConfig
from nats.js.errors import NotFoundError

from libs.eventlog.log import EventLog
from libs.eventlog.stored import START, Checkpoint, Stored
from libs.messaging import wire
from libs.messaging.subjects import event_subject, stream_name

BATCH = 500
BATCH_BYTES = 700_000
FEW = 32
"""Up to so many events go as single messages: the server stages every batch in a file of its own, which costs it as
much as forty of them (1.7 ms), and lets a lone pair of events wait as long."""
POLL_S = 1.0
CHECK_S = 30.0
DAY_S = 86_400.0
STALE_BATCH_ID, STREAM_FULL = 10201, 10077
ENOUGH = 3
"""Failures in a row after which a stream is made anew."""

log = logging.getLogger("spojka.relay")


def stream_config(service: str) -> StreamConfig:
    """One stream per service: a quota, discard new, 30 days. A stream without a quota is a full disk some day."""
    return StreamConfig(
        name=stream_name(service),
        subjects=[f"event.{service}.>"],
        allow_atomic=True,
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

    nc: Client
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
                if code == STALE_BATCH_ID:
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
        while time.monotonic() < checked + CHECK_S:
            self.awake.clear()
            events = await self.log.page(self.at, BATCH)
            if events is None:
                return
            if not events:
                self.trouble = ""
                try:
                    await asyncio.wait_for(self.awake.wait(), POLL_S)
                except TimeoutError:
                    if not self.nc.is_connected:
                        return
                continue
            for part in _parts(events):
                sequence = await self._publish(part, sequence)
                self.at, self._fresh, self.failures = part[-1].checkpoint, "", 0
                self.on_progress(self.at.position)

    async def _publish(self, events: list[Stored], expected: int) -> int:
        """Only if the stream still ends at `expected`. Returns the new last sequence."""
        if len(events) > FEW:
            return await self._publish_at_once(events, expected)
        previous, asked = self.at.event_id, list[Coroutine[Any, Any, Msg]]()
        for number, stored in enumerate(events):
            headers = self._headers(stored, previous) | {"Nats-Expected-Last-Sequence": str(expected + number)}
            previous = stored.event_id
            asked.append(self.nc.request(self._subject(stored), wire.body(stored), headers=headers, timeout=5))
        # all under way together; behind one that fails all others fail, so there is never a hole
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return [_sequence(answer) for answer in answers][-1]

    async def _publish_at_once(self, events: list[Stored], expected: int) -> int:
        """All or nothing (ADR-50)."""
        batch, last, previous = uuid4().hex, len(events), self.at.event_id
        answer: Msg | None = None
        for number, stored in enumerate(events, 1):
            headers = self._headers(stored, previous)
            previous = stored.event_id
            headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            if number == 1:
                headers["Nats-Expected-Last-Sequence"] = str(expected)
            if number == last:
                headers["Nats-Batch-Commit"] = "1"
            if number not in (1, last):
                await self.nc.publish(self._subject(stored), wire.body(stored), headers=headers)
                continue
            answer = await self.nc.request(self._subject(stored), wire.body(stored), headers=headers, timeout=5)
            if number == 1 and answer.data:  # it is silent as long as it agrees
                _sequence(answer)
        assert answer is not None
        return _sequence(answer)

    def _subject(self, stored: Stored) -> str:
        return event_subject(self.service, stored.stream, stored.type)

    def _headers(self, stored: Stored, previous: UUID | None) -> dict[str, str]:
        headers = wire.head(stored, previous, self.source)
        headers["Nats-Msg-Id"] = f"{stored.event_id}{self._fresh}"
        return headers


def _sequence(answer: Msg | BaseException) -> int:
    """Where JetStream stored it. Raises what it said instead."""
    if isinstance(answer, BaseException):
        raise answer
    said = json.loads(answer.data)
    if "error" in said:
        raise Refused(said["error"])
    if said.get("duplicate"):
        raise Refused({"err_code": STALE_BATCH_ID, "description": "duplicate message id"})
    return int(said["seq"])


def _parts(events: list[Stored]) -> list[list[Stored]]:
    """Cut into batches the server takes at once."""
    parts: list[list[Stored]] = [[]]
    size = 0
    for stored in events:
        size += len(stored.data) + 1_000
        if parts[-1] and size > BATCH_BYTES:
            parts.append([])
            size = len(stored.data) + 1_000
        parts[-1].append(stored)
    return parts
