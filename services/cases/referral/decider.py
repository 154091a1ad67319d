"""How a referral is decided. Pure: no clock, no chance, no I/O.

    request    draft → sent → withdrawn → closed                     the sender's log, see `request.py`
    progress   received → accepted → in progress → ended             the recipient's log, see `progress.py`

An event moves its own half only, so two logs give one state in any interleaving (`common_state.py`).
"""

from typing import Any, TypeVar
from uuid import UUID

from libs.codelists import WithdrawReason
from libs.eventlog import Decider, Rejected
from services.cases.referral.commands import ReferralCommand, RequestCommand
from services.cases.referral.events import (
    Entry,
    ReferralAmended,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralEvent,
    ReferralFailed,
    ReferralIdentityDisclosed,
    ReferralOpened,
    ReferralPutWaiting,
    ReferralSent,
    ReferralWithdrawn,
    RequestEntry,
)
from services.cases.referral.progress import decide_progress
from services.cases.referral.request import decide_request
from services.cases.referral.state import Referral, evolve

E = TypeVar("E", bound=Entry)


def decide(command: ReferralCommand, referral: Referral) -> tuple[ReferralEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, RequestCommand):
        return decide_request(command, referral)
    return decide_progress(command, referral)


def receive(event: ReferralEvent, referral: Referral, sender: UUID) -> tuple[ReferralEvent, ...]:
    """Record what the other side wrote, as it is. `()`: it is here already. A foreign writer is refused (X20)."""
    if isinstance(event, ReferralOpened) or event.author != sender:
        raise Rejected("not_owner", "Only an organisation's own entries are taken from it. Nothing was recorded.")
    in_request = isinstance(event, RequestEntry)
    if event.author != (event.sender if in_request else event.recipient):
        raise Rejected("not_owner", "Its author does not keep this log. Nothing was recorded.")
    parties = referral.parties
    expected = parties == (event.sender, event.recipient) and (in_request or bool(referral.request.entries))
    begins = parties is None and in_request
    if event.hosted or not (begins or expected):
        raise Rejected("not_party", "Its author has no part in this referral. Nothing was recorded.")
    half = referral.request if in_request else referral.progress
    here = {entry.number for entry in (*half.entries, *half.held)}
    return () if event.number in here else (event,)


def disclose(event: ReferralEvent, referral: Referral, recipient: UUID) -> ReferralEvent:
    """What the other side may be told of an own entry now.

    An entry that lost its ground goes without its content, but it goes: numbers have no gaps, and behind a
    missing one the withdrawal itself would wait for ever (rules L03, L24).
    """
    if isinstance(event, ReferralOpened) or str(recipient) not in event.audience():
        raise Rejected("not_party", "This organisation has no part in it. Nothing left the node.")
    withdrawn = referral.find(ReferralWithdrawn)
    void = withdrawn is not None or referral.find(ReferralEnteredInError) is not None
    released = withdrawn is None or withdrawn.reason is not WithdrawReason.RELEASE_WITHDRAWN
    match event:
        case ReferralSent() | ReferralAmended() if void:
            return _without(event, "need", "area")
        case ReferralIdentityDisclosed() if void:
            return _without(event, "client_name", "contact", "reason")
        case ReferralEnteredInError() if withdrawn is not None or referral.find(ReferralIdentityDisclosed) is None:
            return _without(event, "reason")
        case ReferralPutWaiting() if not released:
            return _without(event, "reason")
        case ReferralDeclined() | ReferralFailed() | ReferralCancelled() if not released:
            return _without(event, "text")
        case _:
            return event


def _without(event: E, *fields: str) -> E:
    """A copy that says nothing in these fields."""
    content: dict[str, Any] = dict(event) | dict.fromkeys(fields)
    return type(event)(**content)


REFERRAL: Decider[ReferralCommand, Referral, ReferralEvent] = Decider(
    name="referral",
    key="referral_id",
    initial=Referral(),
    commands=ReferralCommand,
    events=ReferralEvent,
    decide=decide,
    evolve=evolve,
    receive=receive,
    disclose=disclose,
)
