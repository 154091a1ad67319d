"""What a projection is: event in, rows out, one named query that writes a whole batch of rows.

The same object serves inline (in the transaction that appends), streamed (following another service's
log) and rebuild (beside, then switched).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from libs.eventlog import Event, Frozen


class Row(Frozen):
    """What one event says about one row. None: it says nothing about this column.

    Fields stand in the order of the query's parameters; the library adds `position` as the last one.
    Allowed: UUID, str, int, bool, date, datetime, enum, Personal (stored as its sealed token), and tuples
    or models (stored as jsonb text).
    """


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Projection:
    """One read model.

    name      plus a version: `referral_list_1`; a new version is a rebuild under a new name
    project   pure: one event → a row, several rows, or None
    events    union (or tuple) of the event classes it reads; others of its source are ignored on purpose
    row       the row class
    key       the column, or columns, that identify a row
    into      name of the query that upserts a batch (unnest … on conflict do update … where position <)
    tables    the tables it fills, for a rebuild beside
    """

    name: str
    project: Callable[[Any], Row | Sequence[Row] | None]
    events: Any
    row: type[Row]
    key: str | tuple[str, ...]
    into: str
    tables: tuple[str, ...]

    @property
    def reads(self) -> frozenset[type[Event]]:
        return frozenset(classes_of(self.events))


def classes_of(union: Any) -> tuple[type[Any], ...]:
    """The classes of `A | B | C`, of a tuple of classes, or of a single class."""
    if isinstance(union, tuple):
        return union
    return get_args(union) or (union,)
