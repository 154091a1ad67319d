"""Refill: pages of a service's log by request-reply, for readers whose stream has gaps, was wiped, or is new."""

from dataclasses import dataclass
from uuid import UUID

import orjson
from nats.aio.client import Client

from libs.eventlog.log import EventLog
from libs.eventlog.stored import Checkpoint
from libs.messaging import wire
from libs.messaging.bus import Bus, ok
from libs.messaging.subjects import refill_subject

PAGE, PAGE_BYTES = 200, 512 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it travels, wherever it came from."""

    headers: dict[str, str]
    data: bytes | str


async def answer_refill(log: EventLog, source: str, request: bytes) -> bytes:
    """One page after `{after, event_id}`. `unknown`: this log has no such event there."""
    asked = orjson.loads(request)
    after = Checkpoint(int(asked["after"]), UUID(asked["event_id"]) if asked["event_id"] else None)
    events = await log.page(after, min(int(asked["limit"]), PAGE))
    if events is None:
        return ok({"unknown": True, "events": []})
    page: list[dict[str, object]] = []
    previous, size = after.event_id, 0
    for stored in events:
        content = wire.body(stored).decode()
        size += len(content) + 1_000
        if page and size > PAGE_BYTES:
            break
        page.append({"head": wire.head(stored, previous, source), "body": content})
        previous = stored.event_id
    return ok({"unknown": False, "events": page})


async def ask_refill(nc: Client, service: str, after: Checkpoint) -> list[Message] | None:
    """The next page after a checkpoint, [] when caught up; None: the source has another history.

    Raises RequestFailed while the source does not answer.
    """
    asked = {
        "after": after.position,
        "event_id": str(after.event_id) if after.event_id else "",
        "limit": PAGE,
    }
    answer = await Bus(nc).ask(service, refill_subject(service), orjson.dumps(asked))
    if answer["unknown"]:
        return None
    return [Message(one["head"], one["body"]) for one in answer["events"]]
