"""Example referral ref-1 of the story: Eva (town Horní Slavkov) refers Jana to Jakub's debt advice (Nit)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import (
    CompletedOutcome,
    DeclineReason,
    FailedReason,
    LegalGround,
    Need,
    Role,
    WithdrawReason,
    by_release,
    by_statute,
)
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.cases.referral.commands import (
    LIGHT_RECIPIENT,
    AcceptReferral,
    AcknowledgeReferral,
    AmendReferral,
    CancelReferral,
    CloseReferral,
    CompleteReferral,
    ConfirmWithdrawal,
    CorrectOutcome,
    DeclineReferral,
    DiscloseIdentity,
    EnterReferralInError,
    ExpireReferral,
    FailReferral,
    OpenReferral,
    PutReferralWaiting,
    RerouteReferral,
    ResumeReferral,
    SendReferral,
    StartReferral,
    WithdrawReferral,
)
from services.cases.referral.events import (
    ReferralAccepted,
    ReferralAmended,
    ReferralCancelled,
    ReferralClosed,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralFailed,
    ReferralIdentityDisclosed,
    ReferralOpened,
    ReferralOutcomeCorrected,
    ReferralPutWaiting,
    ReferralReceived,
    ReferralRerouted,
    ReferralResumed,
    ReferralSent,
    ReferralStarted,
    ReferralWithdrawn,
)

TOWN = UUID("0198a000-0000-7000-8000-000000000003")
NIT = UUID("0198a000-0000-7000-8000-000000000006")
STRANGER = UUID("0198a000-0000-7000-8000-000000000099")
EVA = UUID("0198b000-0000-7000-8000-000000000021")
JAKUB = UUID("0198b000-0000-7000-8000-000000000022")
JANA = UUID("0198c000-0000-7000-8000-000000000001")
REFERRAL_ID = UUID("0198d000-0000-7000-8000-000000000001")
EARLIER = UUID("0198d000-0000-7000-8000-000000000002")
ENTRY = UUID("0198e000-0000-7000-8000-000000000001")
OTHER_ENTRY = UUID("0198e000-0000-7000-8000-000000000002")
REL_2 = UUID("0198f000-0000-7000-8000-000000000002")

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
DUE = date(2026, 5, 27)
SLAVKOV = "560367"
RELEASE: LegalGround = by_release(REL_2)
STATUTE: LegalGround = by_statute("359/1999", "51")

NAME: Personal[str] = Personal(token="sealed-name")
PHONE: Personal[str] = Personal(token="sealed-phone")
REASON: Personal[str] = Personal(token="sealed-reason")
TEXT: Personal[str] = Personal(token="sealed-text")

SENDER = Actor(user=EVA, organisation=TOWN, roles=frozenset({Role.MUNICIPAL_WORKER}))
RECIPIENT = Actor(user=JAKUB, organisation=NIT, roles=frozenset({Role.COUNSELLOR}))
OUTSIDER = Actor(user=STRANGER, organisation=STRANGER, roles=frozenset({Role.TEAM_LEADER}))
LINK = Actor(user=NIT, organisation=TOWN, roles=frozenset({LIGHT_RECIPIENT}))
"""Whoever opened the single-use link, if Nit had no node."""


def _by_sender(**over: Any) -> dict[str, Any]:
    return {"actor": SENDER, "occurred_at": NOW, "referral_id": REFERRAL_ID, **over}


def _by_recipient(**over: Any) -> dict[str, Any]:
    return {"actor": RECIPIENT, "occurred_at": NOW, "referral_id": REFERRAL_ID, **over}


def open_referral(**over: Any) -> OpenReferral:
    filled = {"person_id": JANA, "recipient": NIT, "need": Need.DEBTS, "reason": REASON, "client_name": NAME}
    return OpenReferral(**_by_sender(**{**filled, "contact": PHONE, "directory_entry": ENTRY, **over}))


def send(**over: Any) -> SendReferral:
    return SendReferral(**_by_sender(**{"ground": RELEASE, "answer_due": DUE, "area": SLAVKOV, **over}))


def amend(**over: Any) -> AmendReferral:
    return AmendReferral(**_by_sender(**{"urgency": "soon", **over}))


def disclose_identity(**over: Any) -> DiscloseIdentity:
    return DiscloseIdentity(**_by_sender(**over))


def withdraw(**over: Any) -> WithdrawReferral:
    return WithdrawReferral(**_by_sender(**{"reason": WithdrawReason.CLIENT_WISH, **over}))


def close(**over: Any) -> CloseReferral:
    return CloseReferral(**_by_sender(**{"client_informed_on": date(2026, 6, 22), **over}))


def enter_in_error(**over: Any) -> EnterReferralInError:
    return EnterReferralInError(**_by_sender(**{"reason": TEXT, **over}))


def acknowledge(**over: Any) -> AcknowledgeReferral:
    return AcknowledgeReferral(**_by_recipient(**over))


def accept(**over: Any) -> AcceptReferral:
    return AcceptReferral(**_by_recipient(**{"worker": JAKUB, **over}))


def decline(**over: Any) -> DeclineReferral:
    return DeclineReferral(**_by_recipient(**{"code": DeclineReason.NO_CAPACITY, "text": TEXT, **over}))


def reroute(**over: Any) -> RerouteReferral:
    return RerouteReferral(**_by_recipient(**{"proposed": (OTHER_ENTRY,), **over}))


def expire(**over: Any) -> ExpireReferral:
    return ExpireReferral(**_by_recipient(**{"occurred_at": datetime(2026, 6, 4, 6, tzinfo=UTC), **over}))


def put_waiting(**over: Any) -> PutReferralWaiting:
    return PutReferralWaiting(**_by_recipient(**{"reason": TEXT, "until": date(2026, 6, 10), **over}))


def resume(**over: Any) -> ResumeReferral:
    return ResumeReferral(**_by_recipient(**over))


def start(**over: Any) -> StartReferral:
    return StartReferral(**_by_recipient(**{"first_meeting": date(2026, 5, 20), **over}))


def complete(**over: Any) -> CompleteReferral:
    return CompleteReferral(**_by_recipient(**{"outcome": CompletedOutcome.HELP_RECEIVED, **over}))


def fail(**over: Any) -> FailReferral:
    return FailReferral(**_by_recipient(**{"code": FailedReason.NO_SHOW, **over}))


def cancel(**over: Any) -> CancelReferral:
    return CancelReferral(**_by_recipient(**{"code": WithdrawReason.MOVED, **over}))


def confirm_withdrawal(**over: Any) -> ConfirmWithdrawal:
    return ConfirmWithdrawal(**_by_recipient(**over))


def correct_outcome(**over: Any) -> CorrectOutcome:
    return CorrectOutcome(**_by_recipient(**{"outcome": CompletedOutcome.PARTLY_RECEIVED, **over}))


def _in_request(number: int, seen: int, /, **over: Any) -> dict[str, Any]:
    return _entry(**{"author": TOWN, "number": number, "seen": seen, **over})


def _in_progress(number: int, seen: int, /, **over: Any) -> dict[str, Any]:
    return _entry(**{"author": NIT, "number": number, "seen": seen, **over})


def _entry(**over: Any) -> dict[str, Any]:
    return {"referral_id": REFERRAL_ID, "sender": TOWN, "recipient": NIT, "occurred_at": NOW, **over}


def opened(**over: Any) -> ReferralOpened:
    filled: dict[str, Any] = {
        "referral_id": REFERRAL_ID,
        "person_id": JANA,
        "sender": TOWN,
        "recipient": NIT,
        "need": Need.DEBTS,
        "reason": REASON,
        "client_name": NAME,
        "contact": PHONE,
        "directory_entry": ENTRY,
        "occurred_at": NOW,
    }
    return ReferralOpened(**{**filled, **over})


def sent(**over: Any) -> ReferralSent:
    filled = {"ground": RELEASE, "answer_due": DUE, "need": Need.DEBTS, "area": SLAVKOV, "directory_entry": ENTRY}
    return ReferralSent(**_in_request(1, 0, **{**filled, **over}))


def amended(**over: Any) -> ReferralAmended:
    return ReferralAmended(**_in_request(2, 1, **{"urgency": "soon", **over}))


def identity_disclosed(**over: Any) -> ReferralIdentityDisclosed:
    filled = {"client_name": NAME, "contact": PHONE, "reason": REASON}
    return ReferralIdentityDisclosed(**_in_request(2, 2, **{**filled, **over}))


def withdrawn(**over: Any) -> ReferralWithdrawn:
    return ReferralWithdrawn(**_in_request(2, 1, **{"reason": WithdrawReason.CLIENT_WISH, **over}))


def closed(**over: Any) -> ReferralClosed:
    return ReferralClosed(**_in_request(2, 2, **{"client_informed_on": date(2026, 6, 22), **over}))


def entered_in_error(**over: Any) -> ReferralEnteredInError:
    return ReferralEnteredInError(**_in_request(2, 1, **{"reason": TEXT, **over}))


def received(**over: Any) -> ReferralReceived:
    return ReferralReceived(**_in_progress(1, 1, **over))


def accepted(**over: Any) -> ReferralAccepted:
    return ReferralAccepted(**_in_progress(2, 1, **{"worker": JAKUB, **over}))


def declined(**over: Any) -> ReferralDeclined:
    return ReferralDeclined(**_in_progress(2, 1, **{"code": DeclineReason.NO_CAPACITY, "text": TEXT, **over}))


def rerouted(**over: Any) -> ReferralRerouted:
    return ReferralRerouted(**_in_progress(2, 1, **{"proposed": (OTHER_ENTRY,), **over}))


def expired(**over: Any) -> ReferralExpired:
    return ReferralExpired(**_in_progress(2, 1, **{"occurred_at": datetime(2026, 6, 4, 6, tzinfo=UTC), **over}))


def waiting(**over: Any) -> ReferralPutWaiting:
    return ReferralPutWaiting(**_in_progress(2, 1, **{"reason": TEXT, "until": date(2026, 6, 10), **over}))


def resumed(**over: Any) -> ReferralResumed:
    return ReferralResumed(**_in_progress(3, 1, **over))


def started(**over: Any) -> ReferralStarted:
    return ReferralStarted(**_in_progress(3, 1, **{"first_meeting": date(2026, 5, 20), **over}))


def completed(**over: Any) -> ReferralCompleted:
    return ReferralCompleted(**_in_progress(4, 1, **{"outcome": CompletedOutcome.HELP_RECEIVED, **over}))


def failed(**over: Any) -> ReferralFailed:
    return ReferralFailed(**_in_progress(3, 1, **{"code": FailedReason.NO_SHOW, **over}))


def cancelled(**over: Any) -> ReferralCancelled:
    return ReferralCancelled(**_in_progress(3, 1, **{"cause": "recipient", "code": WithdrawReason.MOVED, **over}))


def outcome_corrected(**over: Any) -> ReferralOutcomeCorrected:
    return ReferralOutcomeCorrected(**_in_progress(5, 1, **{"outcome": CompletedOutcome.PARTLY_RECEIVED, **over}))


COMPLETE: tuple[Event, ...] = (
    opened(supersedes=EARLIER),
    sent(supersedes=EARLIER, urgency="acute", hosted=True),
    amended(answer_due=DUE, need=Need.HOUSING, area=SLAVKOV, hosted=True),
    identity_disclosed(hosted=True),
    withdrawn(hosted=True),
    closed(hosted=True),
    entered_in_error(hosted=True),
    received(hosted=True),
    accepted(first_meeting=date(2026, 5, 20), hosted=True),
    declined(hosted=True),
    rerouted(proposed=(OTHER_ENTRY, ENTRY), hosted=True),
    expired(hosted=True),
    waiting(hosted=True),
    resumed(hosted=True),
    started(hosted=True),
    completed(hosted=True),
    failed(text=TEXT, hosted=True),
    cancelled(text=TEXT, client_continues=True, hosted=True),
    outcome_corrected(hosted=True),
)
REQUIRED: tuple[Event, ...] = (
    opened(contact=None, directory_entry=None),
    ReferralSent(**_entry(author=TOWN, number=1, ground=STATUTE, answer_due=DUE)),
    ReferralAmended(**_entry(author=TOWN, number=1)),
    ReferralIdentityDisclosed(**_entry(author=TOWN, number=1)),
    ReferralWithdrawn(**_entry(author=TOWN, number=1, reason=WithdrawReason.NO_ANSWER)),
    ReferralClosed(**_entry(author=TOWN, number=1, client_informed_on=DUE)),
    ReferralEnteredInError(**_entry(author=TOWN, number=1)),
    ReferralReceived(**_entry(author=NIT, number=1)),
    ReferralAccepted(**_entry(author=NIT, number=1, worker=JAKUB)),
    ReferralDeclined(**_entry(author=NIT, number=1, code=DeclineReason.OTHER)),
    ReferralRerouted(**_entry(author=NIT, number=1, proposed=(OTHER_ENTRY,))),
    ReferralExpired(**_entry(author=NIT, number=1)),
    ReferralPutWaiting(**_entry(author=NIT, number=1)),
    ReferralResumed(**_entry(author=NIT, number=1)),
    ReferralStarted(**_entry(author=NIT, number=1, first_meeting=DUE)),
    ReferralCompleted(**_entry(author=NIT, number=1, outcome=CompletedOutcome.ENROLLED)),
    ReferralFailed(**_entry(author=NIT, number=1, code=FailedReason.NO_FUNDS)),
    ReferralCancelled(**_entry(author=NIT, number=1, cause="withdrawal")),
    ReferralOutcomeCorrected(**_entry(author=NIT, number=1, outcome=CompletedOutcome.ENROLLED)),
)
