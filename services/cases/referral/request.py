"""What the sender may write into the request log. Pure.

draft → sent → withdrawn → closed          any but draft → entered in error
"""

from datetime import date
from typing import assert_never

from libs.eventlog import Rejected
from services.cases.days import day_of
from services.cases.referral.commands import (
    AmendReferral,
    CloseReferral,
    DiscloseIdentity,
    EnterReferralInError,
    OpenReferral,
    RequestCommand,
    SendReferral,
    WithdrawReferral,
)
from services.cases.referral.events import (
    ReferralAccepted,
    ReferralAmended,
    ReferralClosed,
    ReferralEnteredInError,
    ReferralEvent,
    ReferralIdentityDisclosed,
    ReferralOpened,
    ReferralSent,
    ReferralWithdrawn,
)
from services.cases.referral.state import Draft, Referral, acting, evolve, write


def decide_request(command: RequestCommand, referral: Referral) -> tuple[ReferralEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, OpenReferral):
        return _open(command, referral)
    draft = _own_draft(command, referral)
    if isinstance(command, SendReferral):
        return _send(command, referral, draft)
    if not referral.request.entries:
        raise Rejected(
            "not_sent", "It was never sent. Nothing was recorded. Nobody else has seen it; send it or let it lie."
        )
    match command:
        case AmendReferral():
            return _amend(command, referral)
        case DiscloseIdentity():
            due = referral.find(ReferralAccepted) is not None and referral.known.final is None
            if not due or _taken_back(referral) or referral.find(ReferralIdentityDisclosed) is not None:
                return ()
            return (_identity(command, referral, draft),)
        case WithdrawReferral():
            if referral.find(ReferralWithdrawn) is not None:
                return ()
            _refuse_when_ended(referral)
            return (write(ReferralWithdrawn, command, referral, reason=command.reason),)
        case CloseReferral():
            if referral.find(ReferralClosed) is not None:
                return ()
            _refuse_when_void(referral)
            if referral.known.final is None:
                raise Rejected(
                    "no_answer_yet",
                    "No final answer has arrived. Nothing was recorded. Wait for it, or withdraw the referral.",
                )
            return (write(ReferralClosed, command, referral, client_informed_on=command.client_informed_on),)
        case EnterReferralInError():
            if referral.find(ReferralEnteredInError) is not None:
                return ()
            return (write(ReferralEnteredInError, command, referral, reason=command.reason),)
        case _:
            assert_never(command)


def _open(command: OpenReferral, referral: Referral) -> tuple[ReferralEvent, ...]:
    if referral.parties is not None:
        _own_draft(command, referral)
        return ()
    sender = command.actor.organisation
    if command.recipient == sender:
        raise Rejected(
            "own_organisation",
            "The recipient is your own organisation. Nothing was recorded. Propose a handover instead.",
        )
    return (
        ReferralOpened(
            referral_id=command.referral_id,
            person_id=command.person_id,
            sender=sender,
            recipient=command.recipient,
            need=command.need,
            reason=command.reason,
            client_name=command.client_name,
            contact=command.contact,
            directory_entry=command.directory_entry,
            supersedes=command.supersedes,
            occurred_at=command.occurred_at,
        ),
    )


def _send(command: SendReferral, referral: Referral, draft: Draft) -> tuple[ReferralEvent, ...]:
    if referral.request.entries:
        if _taken_back(referral) or referral.find(ReferralClosed) is not None:
            raise Rejected("no_draft", "There is no draft to send any more. Nothing was recorded. Open a new referral.")
        return ()
    if command.ground is None or (command.identity_now and command.ground.kind != "statute"):
        raise Rejected(
            "ground_required",
            "What is to be disclosed lacks its legal ground: a release, or for identity before acceptance an act "
            "and its paragraph. Nothing was recorded, nothing left the node. Name the ground.",
        )
    _refuse_past(command.answer_due, command)
    sent = write(
        ReferralSent,
        command,
        referral,
        sender=draft.sender,
        recipient=draft.recipient,
        hosted=command.hosted,
        ground=command.ground,
        answer_due=command.answer_due,
        need=draft.need,
        urgency=command.urgency,
        area=command.area,
        directory_entry=draft.directory_entry,
        supersedes=draft.supersedes,
    )
    if not command.identity_now:
        return (sent,)
    return sent, _identity(command, evolve(referral, sent), draft)


def _amend(command: AmendReferral, referral: Referral) -> tuple[ReferralEvent, ...]:
    _refuse_when_ended(referral)
    terms = referral.terms
    answer_due = command.answer_due if command.answer_due != terms.answer_due else None
    need = command.need if command.need != terms.need else None
    urgency = command.urgency if command.urgency != terms.urgency else None
    area = command.area if command.area != terms.area else None
    if (answer_due, need, urgency, area) == (None, None, None, None):
        return ()
    if answer_due is not None:
        _refuse_past(answer_due, command)
    return (write(ReferralAmended, command, referral, answer_due=answer_due, need=need, urgency=urgency, area=area),)


def _identity(command: RequestCommand, referral: Referral, draft: Draft) -> ReferralIdentityDisclosed:
    return write(
        ReferralIdentityDisclosed,
        command,
        referral,
        client_name=draft.client_name,
        contact=draft.contact,
        reason=draft.reason,
    )


def _own_draft(command: RequestCommand, referral: Referral) -> Draft:
    """The draft of the acting organisation. Raises Rejected for the other side and for strangers."""
    if referral.parties is None:
        raise Rejected("no_draft", "There is no such referral here. Nothing was recorded. Open a new one.")
    sender, recipient = referral.parties
    by = acting(command.actor)
    if by == sender and referral.draft is not None:
        return referral.draft
    if by == recipient:
        raise Rejected("not_owner", "The request is the sender's to change. Nothing was recorded. Ask the sender.")
    raise Rejected(
        "not_party", "Your organisation has no part in this referral. Nothing was recorded. Nothing is to be done."
    )


def _taken_back(referral: Referral) -> bool:
    return any(isinstance(entry, ReferralWithdrawn | ReferralEnteredInError) for entry in referral.entries)


def _refuse_when_void(referral: Referral) -> None:
    if referral.find(ReferralEnteredInError) is not None:
        raise Rejected(
            "entered_in_error", "It was entered in error. Nothing was recorded. Open a new referral if one is needed."
        )


def _refuse_when_ended(referral: Referral) -> None:
    _refuse_when_void(referral)
    if referral.known.final is not None or referral.find(ReferralClosed) is not None:
        raise Rejected(
            "already_terminal",
            "It has ended: a final answer is here. Nothing was recorded. Close it, or open a new referral.",
        )
    if referral.find(ReferralWithdrawn) is not None:
        raise Rejected(
            "withdrawal_known", "You took it back. Nothing was recorded. Open a new referral if one is needed."
        )


def _refuse_past(answer_due: date, command: RequestCommand) -> None:
    if answer_due < day_of(command.occurred_at):
        raise Rejected(
            "deadline_past",
            "The last day for an answer has passed already. Nothing was recorded. Choose a later day.",
        )
