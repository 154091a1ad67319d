"""What has happened to a referral. Published language: a released version never changes.

Two logs with one writer each (domain.md §4.6): the request log is the sender's, the progress log the
recipient's. `seen` tells how much of the other log the author knew when writing. Before acceptance the
recipient learns need, urgency and area; identity follows acceptance (rule L24).
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import (
    CompletedOutcome,
    DeclineReason,
    FailedReason,
    LegalGround,
    MunicipalityCode,
    Need,
    WithdrawReason,
)
from libs.eventlog import Event, Line, SharedEvent, Text, event
from libs.privacy import Personal

Urgency = Literal["acute", "soon", "routine"]


@event("referral-opened", version=1, subject="person_id")
class ReferralOpened(Event):
    """A draft on the sender's node; it never leaves it."""

    referral_id: UUID
    person_id: UUID
    sender: UUID
    recipient: UUID
    need: Need
    reason: Personal[Text]
    client_name: Personal[Line]
    occurred_at: AwareDatetime
    contact: Personal[Line] | None = None
    directory_entry: UUID | None = None
    supersedes: UUID | None = None


class Entry(SharedEvent):
    """What every entry of both logs says.

    occurred_at   in the world, by the author; the letter takes it to the other side
    hosted        the recipient has no node: its log is kept by the sender's, and no letter leaves
    """

    referral_id: UUID
    sender: UUID
    recipient: UUID
    occurred_at: AwareDatetime
    hosted: bool = False

    def audience(self) -> tuple[str, ...]:
        return () if self.hosted else super().audience()


@event("referral-sent", version=1, audience="recipient")
class ReferralSent(Entry):
    """need, area: None in a copy for the recipient that was taken back before it left (rule L03)."""

    ground: LegalGround
    answer_due: date  # last day for an answer, Europe/Prague
    need: Need | None = None
    urgency: Urgency = "routine"
    area: MunicipalityCode | None = None
    directory_entry: UUID | None = None
    supersedes: UUID | None = None


@event("referral-amended", version=1, audience="recipient")
class ReferralAmended(Entry):
    """None: as it was."""

    answer_due: date | None = None
    need: Need | None = None
    urgency: Urgency | None = None
    area: MunicipalityCode | None = None


@event("referral-identity-disclosed", version=1, audience="recipient", subject="referral_id")
class ReferralIdentityDisclosed(Entry):
    """Who it is about. All None in a copy that lost its ground before it left."""

    client_name: Personal[Line] | None = None
    contact: Personal[Line] | None = None
    reason: Personal[Text] | None = None


@event("referral-withdrawn", version=1, audience="recipient")
class ReferralWithdrawn(Entry):
    reason: WithdrawReason


@event("referral-closed", version=1, audience="recipient")
class ReferralClosed(Entry):
    client_informed_on: date


@event("referral-entered-in-error", version=1, audience="recipient", subject="referral_id")
class ReferralEnteredInError(Entry):
    reason: Personal[Text] | None = None


@event("referral-received", version=1, audience="sender")
class ReferralReceived(Entry):
    """The recipient's node has it; nobody has decided anything."""


@event("referral-accepted", version=1, audience="sender")
class ReferralAccepted(Entry):
    worker: UUID
    first_meeting: date | None = None


@event("referral-declined", version=1, audience="sender", subject="referral_id")
class ReferralDeclined(Entry):
    """Final. text: None only in a copy sent after the release ended."""

    code: DeclineReason
    text: Personal[Text] | None = None


@event("referral-rerouted", version=1, audience="sender")
class ReferralRerouted(Entry):
    """Final. Other entries of the directory are proposed; nothing is forwarded (rule X18)."""

    proposed: tuple[UUID, ...]


@event("referral-expired", version=1, audience="sender")
class ReferralExpired(Entry):
    """Final. Nobody answered in time, by the recipient's clock (rule X19)."""


@event("referral-put-waiting", version=1, audience="sender", subject="referral_id")
class ReferralPutWaiting(Entry):
    reason: Personal[Text] | None = None
    until: date | None = None


@event("referral-resumed", version=1, audience="sender")
class ReferralResumed(Entry):
    """Back in the state before the waiting."""


@event("referral-started", version=1, audience="sender")
class ReferralStarted(Entry):
    first_meeting: date


@event("referral-completed", version=1, audience="sender")
class ReferralCompleted(Entry):
    """Final; only the outcome code may be corrected later."""

    outcome: CompletedOutcome


@event("referral-failed", version=1, audience="sender", subject="referral_id")
class ReferralFailed(Entry):
    """Final."""

    code: FailedReason
    text: Personal[Text] | None = None


@event("referral-cancelled", version=1, audience="sender", subject="referral_id")
class ReferralCancelled(Entry):
    """Final.

    cause              recipient: by its own decision, for `code`; withdrawal, error: confirms the sender's
    client_continues   the client goes on with the recipient directly; nothing more flows back
    """

    cause: Literal["recipient", "withdrawal", "error"]
    code: WithdrawReason | None = None
    text: Personal[Text] | None = None
    client_continues: bool = False


@event("referral-outcome-corrected", version=1, audience="sender")
class ReferralOutcomeCorrected(Entry):
    outcome: CompletedOutcome


RequestEntry = (
    ReferralSent
    | ReferralAmended
    | ReferralIdentityDisclosed
    | ReferralWithdrawn
    | ReferralClosed
    | ReferralEnteredInError
)
ProgressEntry = (
    ReferralReceived
    | ReferralAccepted
    | ReferralDeclined
    | ReferralRerouted
    | ReferralExpired
    | ReferralPutWaiting
    | ReferralResumed
    | ReferralStarted
    | ReferralCompleted
    | ReferralFailed
    | ReferralCancelled
    | ReferralOutcomeCorrected
)
ReferralEvent = ReferralOpened | RequestEntry | ProgressEntry
