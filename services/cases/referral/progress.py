"""What the recipient may write into the progress log. Pure.

    received → accepted → in progress → completed, failed, cancelled
             → declined, rerouted, expired               any of the first three ⇄ waiting

With the sender's withdrawal known, all that is left is to confirm it.
"""

from datetime import timedelta
from typing import Literal, assert_never

from libs.codelists import FailedReason
from libs.eventlog import Rejected
from services.cases.days import day_of
from services.cases.referral.commands import (
    AcceptReferral,
    AcknowledgeReferral,
    CancelReferral,
    CompleteReferral,
    ConfirmWithdrawal,
    CorrectOutcome,
    DeclineReferral,
    ExpireReferral,
    FailReferral,
    ProgressCommand,
    PutReferralWaiting,
    RerouteReferral,
    ResumeReferral,
    StartReferral,
)
from services.cases.referral.common_state import Progress, Stage
from services.cases.referral.events import (
    ProgressEntry,
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralFailed,
    ReferralOutcomeCorrected,
    ReferralPutWaiting,
    ReferralReceived,
    ReferralRerouted,
    ReferralResumed,
    ReferralStarted,
    ReferralWithdrawn,
)
from services.cases.referral.state import Referral, acting, evolve, write

GRACE = timedelta(days=7)
"""From the last day for an answer to the expiry, by the recipient's clock (demo)."""

Answer = AcceptReferral | DeclineReferral | RerouteReferral
Ending = CompleteReferral | FailReferral | CancelReferral
Worked = Answer | PutReferralWaiting | ResumeReferral | StartReferral | Ending


def decide_progress(command: ProgressCommand, referral: Referral) -> tuple[ProgressEntry, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    _refuse_others(command, referral)
    match command:
        case AcknowledgeReferral():
            return _acknowledge(command, referral)
        case ExpireReferral():
            return _expire(command, referral)
        case _:
            pass
    if not (referral.request.entries and referral.progress.entries):
        raise Rejected("not_received", "It has not arrived yet. Nothing was recorded. Open the list again.")
    known = referral.known
    match command:
        case ConfirmWithdrawal():
            return _confirm(command, referral, known)
        case CorrectOutcome():
            if not isinstance(known.final, ReferralCompleted):
                raise Rejected(
                    "not_completed", "Only a completed referral has an outcome to correct. Nothing was recorded."
                )
            if known.code == str(command.outcome):
                return ()
            return (write(ReferralOutcomeCorrected, command, referral, outcome=command.outcome),)
        case _:
            return _work(command, referral, known)


def _work(command: Worked, referral: Referral, known: Progress) -> tuple[ProgressEntry, ...]:
    if known.final is not None:
        if _repeats(command, known):
            return ()
        raise Rejected(
            "already_terminal",
            "It has ended, and a final answer stays. Nothing was recorded. Anything else takes a new referral.",
        )
    _refuse_when_taken_back(referral)
    standing = known.standing
    match command:
        case AcceptReferral() | DeclineReferral() | RerouteReferral():
            return _answer(command, referral, standing)
        case PutReferralWaiting():
            return (write(ReferralPutWaiting, command, referral, reason=command.reason, until=command.until),)
        case ResumeReferral():
            return (write(ReferralResumed, command, referral),) if known.stage is Stage.WAITING else ()
        case StartReferral():
            _refuse_before_acceptance(standing)
            if (started := referral.find(ReferralStarted)) is None:
                return (write(ReferralStarted, command, referral, first_meeting=command.first_meeting),)
            if started.first_meeting == command.first_meeting:
                return ()
            raise Rejected("already_started", "A first meeting is recorded already. Nothing was recorded.")
        case CompleteReferral():
            _refuse_before_acceptance(standing)
            return (write(ReferralCompleted, command, referral, outcome=command.outcome),)
        case FailReferral():
            _refuse_before_acceptance(standing)
            if command.code is FailedReason.OTHER and command.text is None:
                raise Rejected("text_required", "Another reason needs its text. Nothing was recorded. Write it.")
            return (write(ReferralFailed, command, referral, code=command.code, text=command.text),)
        case CancelReferral():
            _refuse_before_acceptance(standing)
            return (
                write(
                    ReferralCancelled,
                    command,
                    referral,
                    cause="recipient",
                    code=command.code,
                    text=command.text,
                    client_continues=command.client_continues,
                ),
            )
        case _:
            assert_never(command)


def _answer(command: Answer, referral: Referral, standing: Stage | None) -> tuple[ProgressEntry, ...]:
    if standing is not Stage.RECEIVED:
        accepted = referral.find(ReferralAccepted)
        if isinstance(command, AcceptReferral) and accepted is not None and accepted.worker == command.worker:
            return ()
        raise Rejected(
            "already_accepted",
            "It was accepted already. Nothing was recorded. Work on it, or cancel it with a reason.",
        )
    match command:
        case AcceptReferral():
            return (
                write(
                    ReferralAccepted,
                    command,
                    referral,
                    worker=command.worker,
                    first_meeting=command.first_meeting,
                ),
            )
        case DeclineReferral():
            return (write(ReferralDeclined, command, referral, code=command.code, text=command.text),)
        case RerouteReferral():
            return (write(ReferralRerouted, command, referral, proposed=command.proposed),)
        case _:
            assert_never(command)


def _acknowledge(command: AcknowledgeReferral, referral: Referral) -> tuple[ProgressEntry, ...]:
    if not referral.request.entries:
        return ()  # only later letters are here; the one that closes the gap asks again
    written: tuple[ProgressEntry, ...] = ()
    if not referral.progress.entries:
        received = write(ReferralReceived, command, referral)
        written, referral = (received,), evolve(referral, received)
    cause = _taken_back(referral)
    if cause is None or referral.known.final is not None or referral.find(ReferralAccepted) is not None:
        return written
    return (*written, write(ReferralCancelled, command, referral, cause=cause))


def _expire(command: ExpireReferral, referral: Referral) -> tuple[ProgressEntry, ...]:
    answer_due = referral.terms.answer_due
    if referral.known.stage is not Stage.RECEIVED or _taken_back(referral) is not None or answer_due is None:
        return ()
    if day_of(command.occurred_at) <= answer_due + GRACE:
        raise Rejected(
            "not_overdue", "Deadline and grace have not passed. Nothing was recorded. Ask again when they have."
        )
    return (write(ReferralExpired, command, referral),)


def _confirm(command: ConfirmWithdrawal, referral: Referral, known: Progress) -> tuple[ProgressEntry, ...]:
    cause = _taken_back(referral)
    if isinstance(known.final, ReferralCancelled) and known.final.cause != "recipient":
        return ()
    if known.final is not None:
        raise Rejected(
            "already_terminal",
            "It has ended, and your final answer stands. Nothing was recorded. Nothing is to be done.",
        )
    if cause is None:
        raise Rejected(
            "no_withdrawal",
            "No withdrawal is known here. Nothing was recorded. To stop it yourself, cancel it with a reason.",
        )
    return (write(ReferralCancelled, command, referral, cause=cause, client_continues=command.client_continues),)


def _taken_back(referral: Referral) -> Literal["withdrawal", "error"] | None:
    if referral.find(ReferralWithdrawn) is not None:
        return "withdrawal"
    return "error" if referral.find(ReferralEnteredInError) is not None else None


def _repeats(command: Worked, known: Progress) -> bool:
    match command:
        case DeclineReferral():
            return isinstance(known.final, ReferralDeclined) and known.final.code == command.code
        case RerouteReferral():
            return isinstance(known.final, ReferralRerouted) and known.final.proposed == command.proposed
        case CompleteReferral():
            return isinstance(known.final, ReferralCompleted) and known.code == str(command.outcome)
        case FailReferral():
            return isinstance(known.final, ReferralFailed) and known.final.code == command.code
        case CancelReferral():
            return isinstance(known.final, ReferralCancelled) and known.final.code == command.code
        case _:
            return False


def _refuse_others(command: ProgressCommand, referral: Referral) -> None:
    if referral.parties is None:
        raise Rejected("not_received", "There is no such referral here. Nothing was recorded. Open the list again.")
    sender, recipient = referral.parties
    by = acting(command.actor)
    if by == recipient:
        return
    if by == sender:
        raise Rejected(
            "not_owner", "Only the recipient answers a referral. Nothing was recorded. Wait for it, or withdraw."
        )
    raise Rejected(
        "not_party", "Your organisation has no part in this referral. Nothing was recorded. Nothing is to be done."
    )


def _refuse_when_taken_back(referral: Referral) -> None:
    match _taken_back(referral):
        case "withdrawal":
            raise Rejected(
                "withdrawal_known",
                "The sender took it back. Nothing was recorded. Confirm the withdrawal; "
                "ask the sender before you contact anyone.",
            )
        case "error":
            raise Rejected(
                "entered_in_error",
                "The sender entered it in error. Nothing was recorded. Confirm it; do not contact anyone.",
            )
        case None:
            return


def _refuse_before_acceptance(standing: Stage | None) -> None:
    if standing not in (Stage.ACCEPTED, Stage.IN_PROGRESS):
        raise Rejected("not_accepted", "Nobody has accepted it. Nothing was recorded. Accept it first, or decline it.")
