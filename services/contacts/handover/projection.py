"""Read model `handover_list`: one row per handover, open ones and how the others ended."""

from typing import Literal, assert_never
from uuid import UUID

from pydantic import AwareDatetime

from libs.privacy import Personal
from libs.projection import Projection, Row
from services.contacts.handover.events import (
    HandoverAccepted,
    HandoverDeclined,
    HandoverEvent,
    HandoverProposed,
    HandoverWithdrawn,
)
from services.contacts.handover.views import HandoverStage


class HandoverRow(Row):
    """What one event says about a handover. None: it says nothing about this column."""

    handover_id: UUID
    person_id: UUID | None = None
    from_team: str | None = None
    to_team: str | None = None
    stage: HandoverStage | None = None
    reason: Personal[str] | None = None
    proposed_at: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None
    decline_reason: Personal[str] | None = None


def project(event: HandoverEvent) -> HandoverRow:
    match event:
        case HandoverProposed():
            return HandoverRow(
                handover_id=event.handover_id,
                person_id=event.person_id,
                from_team=event.from_team,
                to_team=event.to_team,
                stage="proposed",
                reason=event.reason,
                proposed_at=event.proposed_at,
            )
        case HandoverAccepted():
            return _answered(event, "accepted")
        case HandoverDeclined():
            return _answered(event, "declined", event.reason)
        case HandoverWithdrawn():
            return _answered(event, "withdrawn")
        case _:
            assert_never(event)


def _answered(
    event: HandoverAccepted | HandoverDeclined | HandoverWithdrawn,
    stage: Literal["accepted", "declined", "withdrawn"],
    decline_reason: Personal[str] | None = None,
) -> HandoverRow:
    return HandoverRow(
        handover_id=event.handover_id,
        stage=stage,
        answered_at=event.answered_at,
        decline_reason=decline_reason,
    )


HANDOVER_LIST = Projection(
    name="handover_list_1",
    project=project,
    events=HandoverEvent,
    row=HandoverRow,
    key="handover_id",
    into="upsert_handover_list",
    tables=("handover_list",),
)
