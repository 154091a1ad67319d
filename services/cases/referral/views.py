"""Questions about referrals, and their answers.

`organisation` is the asker's own: it tells `sent` from `received`.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from libs.codelists import Need
from libs.eventlog import Line, Text
from libs.messaging import Query, View
from libs.privacy import Personal
from services.cases.referral.common_state import Stage
from services.cases.referral.events import Urgency

Direction = Literal["sent", "received"]


class Referrals(Query):
    """All referrals of one's own organisation, the newest first."""

    organisation: UUID
    direction: Direction | None = None
    stage: Stage | None = None
    limit: int = Field(default=50, ge=1, le=500)


class ReferralInList(View):
    """One line of the list: the common state, equal at both ends, and no personal field.

    since     when the entry that came last was written
    outcome   of a closed one: where it stood before the closing
    code      reason or outcome code of the final answer
    crossed   the answer and a withdrawal crossed on their way; the answer stands
    """

    referral_id: UUID
    direction: Direction
    sender: UUID
    recipient: UUID
    person_id: UUID | None
    need: Need | None
    urgency: Urgency | None
    area: str | None
    answer_due: date | None
    stage: Stage
    outcome: Stage | None
    code: str | None
    crossed: bool
    since: datetime | None = None


class ReferralDetail(Query):
    """One referral with what its reader may see of the client."""

    organisation: UUID
    referral_id: UUID


class ReferralInDetail(View):
    """client_name, contact, reason: at the recipient only after acceptance."""

    referral_id: UUID
    direction: Direction
    sender: UUID
    recipient: UUID
    hosted: bool
    person_id: UUID | None
    directory_entry: UUID | None
    supersedes: UUID | None
    need: Need | None
    urgency: Urgency | None
    area: str | None
    answer_due: date | None
    stage: Stage
    outcome: Stage | None
    code: str | None
    crossed: bool
    worker: UUID | None
    first_meeting: date | None
    waiting_until: date | None
    client_continues: bool | None
    client_name: Personal[Line] | None
    contact: Personal[Line] | None
    reason: Personal[Text] | None


class ReferralThread(Query):
    """Both logs of one referral as one conversation, in the order they were written in the world."""

    organisation: UUID
    referral_id: UUID
    limit: int = Field(default=200, ge=1, le=1000)


class ReferralTurn(View):
    """number: in its author's log; 0 is the draft. text: what the author wrote, if anything.

    proposed   entries of the directory that the recipient proposes instead of itself
    """

    author: UUID
    number: int
    kind: str
    occurred_at: datetime
    hosted: bool
    code: str | None
    text: Personal[Text] | None
    proposed: tuple[UUID, ...] | None = None


class WaitingReferrals(Query):
    """Sent and not yet answered, nearest deadline first."""

    organisation: UUID
    direction: Direction | None = None
    need: Need | None = None
    limit: int = Field(default=50, ge=1, le=500)


class WaitingReferral(View):
    referral_id: UUID
    direction: Direction
    sender: UUID
    recipient: UUID
    need: Need | None
    urgency: Urgency | None
    area: str | None
    answer_due: date | None
    stage: Stage
    waiting_until: date | None


class ReferralTasks(Query):
    """Final answers the sender has not yet acted on: tell the client, then close (rules X05, X19)."""

    organisation: UUID
    limit: int = Field(default=50, ge=1, le=500)


class ReferralTask(View):
    """kind: what happened, as in the thread: `declined`, `expired` …"""

    referral_id: UUID
    recipient: UUID
    kind: str
    code: str | None
    since: datetime
