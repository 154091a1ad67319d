"""What may be asked about handovers, and the answers."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.eventlog import Text
from libs.messaging import Query, View
from libs.privacy import Personal

HandoverStage = Literal["proposed", "accepted", "declined", "withdrawn"]


class Handovers(Query):
    """Handovers to or from a team, open ones first. team: None for all teams, team leaders only."""

    team: str | None = None
    stage: HandoverStage | None = None
    limit: int = Field(default=50, ge=1, le=500)


class HandoverView(View):
    """One handover. nickname, code: of the person, as they are now."""

    handover_id: UUID
    person_id: UUID
    nickname: Personal[str] | None
    code: str | None
    from_team: str
    to_team: str
    stage: HandoverStage
    reason: Personal[Text]
    proposed_at: AwareDatetime
    answered_at: AwareDatetime | None
    decline_reason: Personal[Text] | None
