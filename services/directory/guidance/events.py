"""What to do about a problem, as one organisation tells all members. A released version never changes.

Whom to turn to, how, with which documents (rule D08). Every entry carries the whole content. Nothing personal.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from libs.codelists import Need, TargetGroup
from libs.eventlog import MEMBERS, Frozen, Line, SharedEvent, Text, event
from services.directory.area import Areas


class TurnTo(Frozen):
    """Whom: an organisation, and the service if one is meant."""

    organisation_id: UUID
    service_id: UUID | None = None


class GuidanceContent(Frozen):
    """problem: one line as people say it; route: the steps in order; otherwise: when it does not work out."""

    need: Need
    problem: Line
    eligibility: Text
    route: Annotated[tuple[Line, ...], Field(min_length=1, max_length=30)]
    documents: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    turn_to: Annotated[tuple[TurnTo, ...], Field(max_length=20)] = ()
    target_groups: Annotated[tuple[TargetGroup, ...], Field(max_length=50)] = ()
    areas: Areas = ()
    otherwise: Text = ""


@event("guidance-published", version=1, audience=MEMBERS)
class GuidancePublished(SharedEvent):
    guidance_id: UUID
    guidance: GuidanceContent


@event("guidance-changed", version=1, audience=MEMBERS)
class GuidanceChanged(SharedEvent):
    """guidance   all of it from now on, not the difference"""

    guidance_id: UUID
    guidance: GuidanceContent


@event("guidance-verified", version=1, audience=MEMBERS)
class GuidanceVerified(SharedEvent):
    guidance_id: UUID
    verified_on: date


@event("guidance-withdrawn", version=1, audience=MEMBERS)
class GuidanceWithdrawn(SharedEvent):
    guidance_id: UUID


GuidanceEvent = GuidancePublished | GuidanceChanged | GuidanceVerified | GuidanceWithdrawn
