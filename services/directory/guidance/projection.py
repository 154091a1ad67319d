"""Read models `guidance_list` and `guidance_verified`. Of one entry the author's highest number counts."""

from datetime import date
from typing import assert_never
from uuid import UUID

from libs.codelists import Need, TargetGroup
from libs.projection import Projection, Row
from services.directory.guidance.events import (
    GuidanceChanged,
    GuidancePublished,
    GuidanceVerified,
    GuidanceWithdrawn,
    TurnTo,
)


class GuidanceRow(Row):
    """A whole entry, as of one number of its owner. Only withdrawn: taken back."""

    guidance_id: UUID
    number: int
    owner: UUID
    withdrawn: bool
    need: Need | None = None
    problem: str | None = None
    eligibility: str | None = None
    route: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    turn_to: tuple[TurnTo, ...] | None = None
    target_groups: tuple[TargetGroup, ...] | None = None
    areas: tuple[str, ...] | None = None
    otherwise: str | None = None


class GuidanceVerifiedRow(Row):
    guidance_id: UUID
    number: int
    verified_on: date


def project(event: GuidancePublished | GuidanceChanged | GuidanceWithdrawn) -> GuidanceRow:
    match event:
        case GuidancePublished() | GuidanceChanged():
            content = event.guidance.model_dump()
        case GuidanceWithdrawn():
            content = {}
        case _:
            assert_never(event)
    return GuidanceRow(
        guidance_id=event.guidance_id,
        number=event.number,
        owner=event.author,
        withdrawn=isinstance(event, GuidanceWithdrawn),
        **content,
    )


def project_verified(event: GuidanceVerified) -> GuidanceVerifiedRow:
    return GuidanceVerifiedRow(guidance_id=event.guidance_id, number=event.number, verified_on=event.verified_on)


GUIDANCE_LIST = Projection(
    name="guidance_list_1",
    project=project,
    events=GuidancePublished | GuidanceChanged | GuidanceWithdrawn,
    row=GuidanceRow,
    key=("guidance_id", "number"),
    into="upsert_guidance_list",
    tables=("guidance_list",),
)
GUIDANCE_VERIFIED = Projection(
    name="guidance_verified_1",
    project=project_verified,
    events=(GuidanceVerified,),
    row=GuidanceVerifiedRow,
    key=("guidance_id", "number"),
    into="upsert_guidance_verified",
    tables=("guidance_verified",),
)
