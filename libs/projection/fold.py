"""A batch of events folded into the arrays one set-based statement takes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from libs.eventlog import Event
from libs.privacy import Personal
from libs.projection.projection import Projection, Row

AS_IS = frozenset({str, int, bool, UUID, datetime, date})


def columns(projection: Projection, events: Iterable[tuple[Event, int]]) -> list[list[Any]] | None:
    """One list per row field, and last the positions; None if the batch says nothing.

    events   (event, position), oldest first. The last word per column wins.
    """
    names = tuple(projection.row.model_fields)
    keys = (projection.key,) if isinstance(projection.key, str) else projection.key
    places = [names.index(name) for name in keys]
    rows: dict[tuple[Any, ...], list[Any]] = {}
    for event, position in events:
        for row in _rows(projection.project(event)):
            said = [*[getattr(row, name) for name in names], position]
            folded = rows.setdefault(tuple([said[place] for place in places]), said)
            if folded is not said:
                for place, value in enumerate(said):
                    if value is not None:
                        folded[place] = value
    if not rows:
        return None
    return [[_cell(value) for value in column] for column in zip(*rows.values(), strict=True)]


def _rows(said: Row | Sequence[Row] | None) -> Sequence[Row]:
    if said is None:
        return ()
    return said if isinstance(said, Sequence) else (said,)


def _cell(value: Any) -> Any:
    if value is None or type(value) in AS_IS:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Personal):
        return value.token
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    if isinstance(value, tuple | list | frozenset | dict):
        return orjson.dumps(value, default=_plain).decode()
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return sorted(value) if isinstance(value, frozenset) else str(value)
