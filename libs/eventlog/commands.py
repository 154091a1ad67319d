"""What may be asked of an aggregate."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from libs.eventlog.events import Actor, Frozen
from libs.eventlog.ids import new_id


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the character U+0000 cannot be stored")
    return text


EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _within_reason(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("should be between 1900 and 2200")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
"""A point in time that happened in somebody's life; kept in UTC."""
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_no_nul)]
"""One line of text: a name, a title."""
Text = Annotated[str, Field(max_length=100_000), AfterValidator(_no_nul)]
"""Free text as a worker writes it, up to 100,000 characters (rule O01)."""


class Command(Frozen):
    """A wish. Time and identity enter here, once.

    id                 made by the client; the same id asked twice has one effect and one answer
    occurred_at        when it happened in the world (field work is written down later)
    expected_version   the stream version the user saw, if they saw one; a newer one refuses the command
    """

    id: UUID = Field(default_factory=new_id)
    actor: Actor
    occurred_at: Moment
    expected_version: int | None = Field(default=None, ge=0)
    correlation_id: UUID | None = None
    causation_id: UUID | None = None


def kebab(name: str) -> str:
    """`SendReferral` → `send-referral`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


__all__ = ["Command", "Line", "Moment", "Text", "kebab"]
