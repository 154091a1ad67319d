"""An event as it travels: CloudEvents 1.0 headers and the JSON content without its personal part.

The same shape serves JetStream and refill, so a reader cannot tell (and need not) where an event came from.
Source: CloudEvents 1.0 NATS protocol binding, https://github.com/cloudevents/spec.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from libs.eventlog import Event
from libs.eventlog.events import REGISTRY, Recorded
from libs.eventlog.stored import START, Checkpoint, Stored, read_actor


def head(stored: Stored, previous: UUID | None, source: str) -> dict[str, str]:
    """Headers of an event; `previous` is the id of the event before it in the log."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(stored.event_id),
        "ce-type": stored.type,
        "ce-source": source,
        "ce-subject": stored.stream,
        "ce-time": stored.occurred_at.isoformat(),
        "recorded": stored.recorded_at.isoformat(),
        "schema": str(stored.schema_version),
        "position": str(stored.position),
        "previous": str(previous) if previous else "",
        "version": str(stored.version),
        "command": str(stored.command_id),
        "actor": stored.actor,
    }
    if stored.audience:
        headers["audience"] = ",".join(stored.audience)
    if stored.correlation_id:
        headers["correlation"] = str(stored.correlation_id)
    if stored.causation_id:
        headers["causation"] = str(stored.causation_id)
    if stored.trace:
        headers["traceparent"] = stored.trace
    return headers


def body(stored: Stored) -> bytes:
    """Content with every sealed value withheld: neighbours need codes and ids, not persons."""
    personal = REGISTRY.newest(stored.type).subjects if stored.type in REGISTRY.classes else {}
    if not personal:
        return stored.data.encode()
    content = orjson.loads(stored.data)
    for name in personal:
        if name in content:
            content[name] = None
    return orjson.dumps(content)


def place(headers: Mapping[str, str]) -> Checkpoint:
    """Where the event stands in its source's log."""
    return Checkpoint(int(headers["position"]), UUID(headers["ce-id"]))


def fitting(messages: Iterable[Mapping[str, str]], checkpoint: Checkpoint) -> int:
    """How many of these, headers in order, follow the checkpoint and each other without a gap, in the same history."""
    position, previous, fits = checkpoint.position, "" if checkpoint == START else str(checkpoint.event_id), 0
    for headers in messages:
        if int(headers["position"]) != position + 1 or headers["previous"] != previous:
            break
        position, previous, fits = position + 1, headers["ce-id"], fits + 1
    return fits


def event(headers: Mapping[str, str], content: bytes | str) -> Event:
    """The event alone, lifted to today's version. Raises RegistryError for a type nobody knows."""
    return REGISTRY.load(headers["ce-type"], int(headers["schema"]), orjson.loads(content))


def read(headers: Mapping[str, str], content: bytes | str) -> Recorded[Event]:
    """The event and its place. Raises RegistryError for a type nobody knows."""
    return recorded(headers, event(headers, content))


def recorded(headers: Mapping[str, str], event: Event) -> Recorded[Any]:
    audience = headers.get("audience", "")
    return Recorded(
        event=event,
        id=UUID(headers["ce-id"]),
        position=int(headers["position"]),
        stream=headers["ce-subject"],
        version=int(headers["version"]),
        command_id=UUID(headers["command"]),
        actor=read_actor(headers["actor"]),
        occurred_at=datetime.fromisoformat(headers["ce-time"]),
        recorded_at=datetime.fromisoformat(headers["recorded"]),
        correlation_id=UUID(headers["correlation"]) if "correlation" in headers else None,
        causation_id=UUID(headers["causation"]) if "causation" in headers else None,
        audience=tuple(audience.split(",")) if audience else (),
    )
