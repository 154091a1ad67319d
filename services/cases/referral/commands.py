"""What may be asked of a referral: first the sender's wishes, then the recipient's.

Each is refused for the wrong side (`not_owner`) and for strangers (`not_party`), and says below why else.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from libs.codelists import (
    CompletedOutcome,
    DeclineReason,
    FailedReason,
    LegalGround,
    MunicipalityCode,
    Need,
    WithdrawReason,
)
from libs.eventlog import Command, Line, Text
from libs.privacy import Personal
from services.cases.referral.events import Urgency

LIGHT_RECIPIENT = "light_recipient"
"""Role of an actor that came through a single-use link. It acts for a recipient without a node, whose id is its
`user`; its `organisation` is the one that hosts the log (domain.md §4.6)."""

Written = Annotated[Text, Field(min_length=1)]
"""Free text that must not be empty."""


class OpenReferral(Command):
    """Draft a referral. Nothing leaves the node. Refused to oneself: that is a handover."""

    referral_id: UUID
    person_id: UUID
    recipient: UUID
    need: Need
    reason: Personal[Text]
    client_name: Personal[Line]
    contact: Personal[Line] | None = None
    directory_entry: UUID | None = None
    supersedes: UUID | None = None


class SendReferral(Command):
    """Show need, urgency, area and deadline to the recipient. Refused without a draft or a legal ground.

    identity_now   the law requires identity at once: only on a statutory ground (rule L24)
    hosted         the recipient has no node; it answers through single-use links
    """

    referral_id: UUID
    ground: LegalGround | None = None
    answer_due: date
    urgency: Urgency = "routine"
    area: MunicipalityCode | None = None
    identity_now: bool = False
    hosted: bool = False


class AmendReferral(Command):
    """Change deadline, need, urgency or area of a sent referral. Refused once it is answered or taken back."""

    referral_id: UUID
    answer_due: date | None = None
    need: Need | None = None
    urgency: Urgency | None = None
    area: MunicipalityCode | None = None


class DiscloseIdentity(Command):
    """The node's: after acceptance, tell the recipient who it is about. No effect when that is not due."""

    referral_id: UUID


class WithdrawReferral(Command):
    """Take a sent referral back. May cross an answer. Refused once a final answer has arrived."""

    referral_id: UUID
    reason: WithdrawReason


class CloseReferral(Command):
    """The client was told how it ended. Refused until a final answer has arrived."""

    referral_id: UUID
    client_informed_on: date


class EnterReferralInError(Command):
    """It should never have been sent: void it at both ends. Refused for a draft."""

    referral_id: UUID
    reason: Personal[Written]


class AcknowledgeReferral(Command):
    """The recipient node's: say that it arrived; confirm a withdrawal that came before anyone accepted."""

    referral_id: UUID


class AcceptReferral(Command):
    """The recipient's yes. Refused unless it waits for an answer, or when the sender took it back."""

    referral_id: UUID
    worker: UUID
    first_meeting: date | None = None


class DeclineReferral(Command):
    """The recipient's no, with code and text (rule X17). Refused unless it waits for an answer."""

    referral_id: UUID
    code: DeclineReason
    text: Personal[Written]


class RerouteReferral(Command):
    """Not us, but these; nothing is forwarded (rule X18). Refused unless it waits for an answer."""

    referral_id: UUID
    proposed: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=10)]


class ExpireReferral(Command):
    """The recipient node's: nobody answered. Refused before deadline and grace have passed."""

    referral_id: UUID


class PutReferralWaiting(Command):
    """Not now; later. Refused once it has ended."""

    referral_id: UUID
    reason: Personal[Text] | None = None
    until: date | None = None


class ResumeReferral(Command):
    """Go on where it was before the waiting. Refused once it has ended."""

    referral_id: UUID


class StartReferral(Command):
    """The first meeting took place. Refused unless accepted."""

    referral_id: UUID
    first_meeting: date


class CompleteReferral(Command):
    """It ended well enough, with an outcome. Refused unless accepted."""

    referral_id: UUID
    outcome: CompletedOutcome


class FailReferral(Command):
    """It came to nothing. Refused unless accepted, and for `other` without a text."""

    referral_id: UUID
    code: FailedReason
    text: Personal[Written] | None = None


class CancelReferral(Command):
    """The recipient stops an accepted referral. Refused unless accepted."""

    referral_id: UUID
    code: WithdrawReason
    text: Personal[Text] | None = None
    client_continues: bool = False


class ConfirmWithdrawal(Command):
    """The recipient has stopped because the sender took it back. Refused while no withdrawal is known."""

    referral_id: UUID
    client_continues: bool = False


class CorrectOutcome(Command):
    """Another outcome code for a completed referral. Refused for any other."""

    referral_id: UUID
    outcome: CompletedOutcome


RequestCommand = (
    OpenReferral
    | SendReferral
    | AmendReferral
    | DiscloseIdentity
    | WithdrawReferral
    | CloseReferral
    | EnterReferralInError
)
ProgressCommand = (
    AcknowledgeReferral
    | AcceptReferral
    | DeclineReferral
    | RerouteReferral
    | ExpireReferral
    | PutReferralWaiting
    | ResumeReferral
    | StartReferral
    | CompleteReferral
    | FailReferral
    | CancelReferral
    | ConfirmWithdrawal
    | CorrectOutcome
)
ReferralCommand = RequestCommand | ProgressCommand
