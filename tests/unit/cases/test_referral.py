"""The rules of a referral, as sentences (domain.md §4.6)."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from libs.codelists import CompletedOutcome, DeclineReason, FailedReason, Need, WithdrawReason
from libs.eventlog import Command, Event
from libs.privacy import CLEAR
from libs.testing import spec
from services.cases.referral.commands import DeclineReferral
from services.cases.referral.decider import REFERRAL
from tests.examples.cases_referral import (
    DUE,
    LINK,
    NIT,
    NOW,
    OTHER_ENTRY,
    OUTSIDER,
    RECIPIENT,
    REFERRAL_ID,
    SENDER,
    STATUTE,
    STRANGER,
    TEXT,
    TOWN,
    accept,
    accepted,
    acknowledge,
    amend,
    amended,
    cancel,
    cancelled,
    close,
    closed,
    complete,
    completed,
    confirm_withdrawal,
    correct_outcome,
    decline,
    declined,
    disclose_identity,
    enter_in_error,
    entered_in_error,
    expire,
    expired,
    fail,
    failed,
    identity_disclosed,
    open_referral,
    opened,
    outcome_corrected,
    put_waiting,
    received,
    reroute,
    rerouted,
    resume,
    resumed,
    send,
    sent,
    start,
    started,
    waiting,
    withdraw,
    withdrawn,
)

referral = spec(REFERRAL)

DRAFTED = (opened(),)
SENT = (opened(), sent())
ANSWERED = (*SENT, received(), declined())
ARRIVED = (sent(), received())
ACCEPTED = (*ARRIVED, accepted())
STARTED = (*ACCEPTED, started())
COMPLETED = (*STARTED, completed())
WITHDRAWN = (opened(), sent(), withdrawn(seen=0))
VOID = (opened(), sent(), entered_in_error(seen=0))


# ---- the sender ------------------------------------------------------------------------------------------


def test_opening_leaves_a_draft_at_home():
    referral.given().when(open_referral()).then(opened())


def test_opening_twice_is_nothing_new():
    for history in (DRAFTED, SENT):
        referral.given(*history).when(open_referral()).then_nothing_happened()


def test_one_does_not_refer_to_oneself():
    referral.given().when(open_referral(recipient=TOWN)).then_rejected("own_organisation")


def test_sending_shows_need_urgency_area_and_deadline():
    referral.given(*DRAFTED).when(send()).then(sent())
    assert not sent().subjects, "nothing personal before acceptance (L24)"


def test_sending_twice_is_nothing_new():
    for history in (SENT, ANSWERED):
        referral.given(*history).when(send()).then_nothing_happened()


def test_a_referral_without_a_ground_stays_at_home():
    referral.given(*DRAFTED).when(send(ground=None)).then_rejected("ground_required")


def test_identity_at_once_takes_a_law_not_a_release():
    referral.given(*DRAFTED).when(send(identity_now=True)).then_rejected("ground_required")
    referral.given(*DRAFTED).when(send(identity_now=True, ground=STATUTE)).then(
        sent(ground=STATUTE), identity_disclosed(seen=0)
    )


def test_a_deadline_that_has_passed_is_refused():
    past = date(2026, 5, 12)
    referral.given(*DRAFTED).when(send(answer_due=past)).then_rejected("deadline_past")
    referral.given(*SENT).when(amend(answer_due=past)).then_rejected("deadline_past")
    referral.given(*DRAFTED).when(send(answer_due=NOW.date())).then(sent(answer_due=NOW.date()))


def test_what_was_taken_back_is_not_sent_again():
    for history in (WITHDRAWN, VOID, (*ANSWERED, closed())):
        referral.given(*history).when(send()).then_rejected("no_draft")


def test_an_amendment_says_only_what_changed():
    referral.given(*SENT).when(amend()).then(amended(seen=0))
    referral.given(*SENT, received()).when(amend(answer_due=DUE, need=Need.HOUSING)).then(amended(need=Need.HOUSING))
    referral.given(*SENT, amended(seen=0)).when(amend()).then_nothing_happened()
    referral.given(*SENT, amended(seen=0)).when(amend(urgency="acute")).then(amended(number=3, seen=0, urgency="acute"))


def test_no_amendment_after_the_end():
    referral.given(*ANSWERED).when(amend()).then_rejected("already_terminal")
    referral.given(*WITHDRAWN).when(amend()).then_rejected("withdrawal_known")
    referral.given(*VOID).when(amend()).then_rejected("entered_in_error")
    referral.given(*ANSWERED, closed()).when(amend()).then_rejected("already_terminal")


def test_identity_follows_acceptance():
    referral.given(*SENT, received(), accepted()).when(disclose_identity()).then(identity_disclosed())


def test_identity_is_told_once_and_only_when_due():
    for history in (
        SENT,
        (*SENT, received()),
        ANSWERED,
        (*SENT, accepted()),  # its letter came before the first one: not known yet
        (*SENT, received(), accepted(), identity_disclosed()),
        (*SENT, received(), accepted(), withdrawn(seen=2)),
        (*SENT, received(), accepted(), entered_in_error(seen=2)),
        (*SENT, received(), accepted(), failed()),
    ):
        referral.given(*history).when(disclose_identity()).then_nothing_happened()


def test_withdrawing_a_sent_referral():
    referral.given(*SENT).when(withdraw()).then(withdrawn(seen=0))
    referral.given(*SENT, received(), accepted()).when(withdraw()).then(withdrawn(seen=2))
    referral.given(*WITHDRAWN).when(withdraw(reason=WithdrawReason.MOVED)).then_nothing_happened()


def test_a_referral_that_has_ended_cannot_be_withdrawn():
    """X10: elsewhere a completed referral could be revoked; the client stood without help and without a trace."""
    referral.given(*ANSWERED).when(withdraw()).then_rejected("already_terminal")
    referral.given(opened(), *COMPLETED).when(withdraw()).then_rejected("already_terminal")
    referral.given(*VOID).when(withdraw()).then_rejected("entered_in_error")


def test_a_final_answer_that_waits_for_an_earlier_letter_does_not_stop_a_withdrawal():
    referral.given(*SENT, declined()).when(withdraw()).then(withdrawn(seen=0))


def test_closing_says_when_the_client_was_told():
    referral.given(*ANSWERED).when(close()).then(closed())
    referral.given(*ANSWERED, closed()).when(close()).then_nothing_happened()


def test_a_withdrawn_one_is_closed_after_its_confirmation():
    confirmed = cancelled(number=2, seen=2, cause="withdrawal", code=None)
    referral.given(*WITHDRAWN, received()).when(close()).then_rejected("no_answer_yet")
    referral.given(*WITHDRAWN, received(), confirmed).when(close()).then(closed(number=3))
    referral.given(*WITHDRAWN, received(), declined()).when(close()).then(closed(number=3))


def test_no_closing_before_a_final_answer():
    for history in (SENT, (*SENT, received(), accepted())):
        referral.given(*history).when(close()).then_rejected("no_answer_yet")
    referral.given(*VOID).when(close()).then_rejected("entered_in_error")


def test_anything_sent_may_turn_out_an_error():
    referral.given(*SENT).when(enter_in_error()).then(entered_in_error(seen=0))
    referral.given(*WITHDRAWN).when(enter_in_error()).then(entered_in_error(number=3, seen=0))
    referral.given(*ANSWERED, closed()).when(enter_in_error()).then(entered_in_error(number=3, seen=2))
    referral.given(*VOID).when(enter_in_error()).then_nothing_happened()


@pytest.mark.parametrize("command", [amend(), withdraw(), close(), enter_in_error(), disclose_identity()])
def test_a_draft_can_only_be_sent(command: Command):
    referral.given(*DRAFTED).when(command).then_rejected("not_sent")


@pytest.mark.parametrize("command", [send(), amend(), withdraw(), close(), enter_in_error(), disclose_identity()])
def test_nothing_happens_to_what_was_never_opened(command: Command):
    referral.given().when(command).then_rejected("no_draft")


# ---- the recipient ---------------------------------------------------------------------------------------


def test_the_node_says_that_it_arrived():
    referral.given(sent()).when(acknowledge()).then(received())
    referral.given(*ARRIVED).when(acknowledge()).then_nothing_happened()


def test_a_letter_that_came_too_early_is_not_acknowledged():
    referral.given(withdrawn()).when(acknowledge()).then_nothing_happened()


def test_a_withdrawal_before_anyone_looked_is_confirmed_by_the_node():
    confirmed = cancelled(number=2, seen=2, cause="withdrawal", code=None)
    referral.given(sent(), withdrawn()).when(acknowledge()).then(received(seen=2), confirmed)
    referral.given(withdrawn(), sent()).when(acknowledge()).then(received(seen=2), confirmed)
    referral.given(*ARRIVED, withdrawn()).when(acknowledge()).then(confirmed)
    referral.given(*ARRIVED, waiting(), withdrawn()).when(acknowledge()).then(
        cancelled(number=3, seen=2, cause="withdrawal", code=None)
    )


def test_an_error_before_anyone_looked_is_confirmed_by_the_node():
    referral.given(*ARRIVED, entered_in_error()).when(acknowledge()).then(
        cancelled(number=2, seen=2, cause="error", code=None)
    )


def test_after_acceptance_a_worker_confirms_the_withdrawal():
    crossing = (*ACCEPTED, withdrawn())
    confirmed = cancelled(number=3, seen=2, cause="withdrawal", code=None, client_continues=True)
    referral.given(*crossing).when(acknowledge()).then_nothing_happened()
    referral.given(*crossing).when(confirm_withdrawal(client_continues=True)).then(confirmed)
    referral.given(*crossing, confirmed).when(confirm_withdrawal()).then_nothing_happened()
    referral.given(*ACCEPTED, entered_in_error()).when(confirm_withdrawal()).then(
        cancelled(number=3, seen=2, cause="error", code=None)
    )


def test_nothing_to_confirm():
    referral.given(*ACCEPTED).when(confirm_withdrawal()).then_rejected("no_withdrawal")
    referral.given(*ARRIVED, declined(), withdrawn()).when(confirm_withdrawal()).then_rejected("already_terminal")
    referral.given(*ACCEPTED, cancelled()).when(confirm_withdrawal()).then_rejected("already_terminal")


def test_the_recipients_yes():
    referral.given(*ARRIVED).when(accept(first_meeting=date(2026, 5, 20))).then(
        accepted(first_meeting=date(2026, 5, 20))
    )
    for history in (ACCEPTED, STARTED):
        referral.given(*history).when(accept()).then_nothing_happened()


def test_two_who_accept_do_not_both_believe_it_is_theirs():
    referral.given(*ACCEPTED).when(accept(worker=STRANGER)).then_rejected("already_accepted")


def test_the_recipients_no_has_a_code_and_a_text():
    """X17."""
    referral.given(*ARRIVED).when(decline()).then(declined())
    for missing in ("code", "text"):
        content = decline().model_dump(context=CLEAR) | {missing: "" if missing == "text" else None}
        with pytest.raises(ValidationError):
            DeclineReferral.model_validate(content)


def test_a_no_with_a_proposal_forwards_nothing():
    """X18."""
    referral.given(*ARRIVED).when(reroute()).then(rerouted())
    assert not rerouted().subjects


def test_an_accepted_one_is_neither_declined_nor_rerouted():
    for history in (ACCEPTED, STARTED, (*ACCEPTED, waiting(number=3))):
        referral.given(*history).when(decline()).then_rejected("already_accepted")
        referral.given(*history).when(reroute()).then_rejected("already_accepted")


def test_expiry_by_the_recipients_clock():
    """Due 27 May, seven days of grace: it expires on 4 June, a minute past midnight in Prague."""
    referral.given(*ARRIVED).when(expire()).then(expired())
    for hour, minute, code in ((21, 59, "not_overdue"), (22, 1, None)):
        moment = datetime(2026, 6, 3, hour, minute, tzinfo=UTC)
        when = referral.given(*ARRIVED).when(expire(occurred_at=moment))
        when.then_rejected(code) if code else when.then(expired(occurred_at=moment))


def test_an_amended_deadline_moves_the_expiry():
    later = amended(answer_due=date(2026, 6, 30), urgency=None)
    referral.given(*ARRIVED, later).when(expire()).then_rejected("not_overdue")


def test_only_an_unanswered_one_expires():
    for history in (
        (sent(),),
        ACCEPTED,
        (*ARRIVED, waiting()),
        (*ARRIVED, declined()),
        (*ARRIVED, expired()),
        (*ARRIVED, withdrawn()),
    ):
        referral.given(*history).when(expire()).then_nothing_happened()


def test_waiting_remembers_where_it_was():
    referral.given(*ARRIVED).when(put_waiting()).then(waiting())
    referral.given(*ACCEPTED).when(put_waiting()).then(waiting(number=3))
    referral.given(*STARTED).when(put_waiting()).then(waiting(number=4))
    referral.given(*ARRIVED, waiting()).when(put_waiting(until=date(2026, 7, 1))).then(
        waiting(number=3, until=date(2026, 7, 1))
    )
    referral.given(*ARRIVED, waiting()).when(resume()).then(resumed())
    for history in (ARRIVED, ACCEPTED, (*ARRIVED, waiting(), resumed())):
        referral.given(*history).when(resume()).then_nothing_happened()


def test_what_was_legal_before_the_waiting_is_legal_in_it():
    referral.given(*ARRIVED, waiting()).when(accept()).then(accepted(number=3))
    referral.given(*ARRIVED, waiting()).when(decline()).then(declined(number=3))
    referral.given(*ARRIVED, waiting()).when(start()).then_rejected("not_accepted")
    referral.given(*ACCEPTED, waiting(number=3)).when(start()).then(started(number=4))
    referral.given(*STARTED, waiting(number=4)).when(complete()).then(completed(number=5))


def test_the_first_meeting():
    referral.given(*ACCEPTED).when(start()).then(started())
    referral.given(*STARTED).when(start()).then_nothing_happened()
    referral.given(*STARTED).when(start(first_meeting=DUE)).then_rejected("already_started")


def test_the_three_ways_it_ends():
    for history, number in ((ACCEPTED, 3), (STARTED, 4)):
        referral.given(*history).when(complete()).then(completed(number=number))
        referral.given(*history).when(fail()).then(failed(number=number))
        referral.given(*history).when(cancel(text=TEXT)).then(cancelled(number=number, text=TEXT))


def test_another_reason_to_fail_needs_its_text():
    other = FailedReason.OTHER
    referral.given(*STARTED).when(fail(code=other)).then_rejected("text_required")
    referral.given(*STARTED).when(fail(code=other, text=TEXT)).then(failed(number=4, code=other, text=TEXT))


@pytest.mark.parametrize("command", [start(), complete(), fail(), cancel()])
def test_no_work_before_acceptance(command: Command):
    referral.given(*ARRIVED).when(command).then_rejected("not_accepted")


FINAL: tuple[tuple[tuple[Event, ...], Command], ...] = (
    ((*ARRIVED, declined()), decline()),
    ((*ARRIVED, rerouted()), reroute()),
    (COMPLETED, complete()),
    ((*ACCEPTED, failed()), fail()),
    ((*ACCEPTED, cancelled()), cancel()),
)


@pytest.mark.parametrize(("history", "command"), FINAL)
def test_ending_it_the_same_way_twice_is_nothing_new(history: tuple[Event, ...], command: Command):
    referral.given(*history).when(command).then_nothing_happened()
    referral.given(*history, withdrawn(number=2)).when(command).then_nothing_happened()


OTHER_ENDS: tuple[Command, ...] = (
    accept(),
    decline(code=DeclineReason.DUPLICATE),
    reroute(proposed=(OTHER_ENTRY, OTHER_ENTRY)),
    put_waiting(),
    resume(),
    start(),
    complete(outcome=CompletedOutcome.ENROLLED),
    fail(code=FailedReason.NO_FUNDS),
    cancel(code=WithdrawReason.NO_ANSWER),
)


@pytest.mark.parametrize("history", [*(history for history, _ in FINAL), (*ARRIVED, expired())])
@pytest.mark.parametrize("command", OTHER_ENDS)
def test_an_end_is_final(history: tuple[Event, ...], command: Command):
    referral.given(*history).when(command).then_rejected("already_terminal")


def test_only_the_outcome_of_a_completed_one_is_corrected():
    referral.given(*COMPLETED).when(correct_outcome()).then(outcome_corrected())
    referral.given(*COMPLETED, outcome_corrected()).when(correct_outcome()).then_nothing_happened()
    referral.given(*COMPLETED, withdrawn()).when(correct_outcome()).then(outcome_corrected(seen=2))
    for history in (STARTED, (*ARRIVED, declined())):
        referral.given(*history).when(correct_outcome()).then_rejected("not_completed")


@pytest.mark.parametrize("history", [ARRIVED, ACCEPTED, STARTED, (*ARRIVED, waiting())])
@pytest.mark.parametrize("command", OTHER_ENDS)
def test_with_the_withdrawal_known_nothing_else_is_written(history: tuple[Event, ...], command: Command):
    referral.given(*history, withdrawn()).when(command).then_rejected("withdrawal_known")
    referral.given(*history, entered_in_error()).when(command).then_rejected("entered_in_error")


def test_a_withdrawal_behind_a_gap_is_not_known_yet():
    referral.given(*ARRIVED, withdrawn(number=3)).when(accept()).then(accepted())


RECIPIENTS: tuple[Command, ...] = (*OTHER_ENDS, confirm_withdrawal(), correct_outcome())


@pytest.mark.parametrize("command", RECIPIENTS)
def test_no_answer_before_it_has_arrived(command: Command):
    for history in ((), (sent(),), (withdrawn(),)):
        referral.given(*history).when(command).then_rejected("not_received")


# ---- who may ---------------------------------------------------------------------------------------------

SENDERS: tuple[Command, ...] = (send(), amend(), withdraw(), close(), enter_in_error(), disclose_identity())


@pytest.mark.parametrize("command", [open_referral(), *SENDERS])
def test_the_recipient_does_not_write_the_request(command: Command):
    as_recipient = command.model_copy(update={"actor": RECIPIENT})
    referral.given(*ARRIVED).when(as_recipient).then_rejected("not_owner")


@pytest.mark.parametrize("command", [acknowledge(), expire(), *RECIPIENTS])
def test_the_sender_does_not_answer_its_own_referral(command: Command):
    as_sender = command.model_copy(update={"actor": SENDER})
    for history in (DRAFTED, SENT, (*SENT, received())):
        referral.given(*history).when(as_sender).then_rejected("not_owner")


@pytest.mark.parametrize("command", [open_referral(), *SENDERS, acknowledge(), expire(), *RECIPIENTS])
def test_a_stranger_has_no_part_in_it(command: Command):
    as_stranger = command.model_copy(update={"actor": OUTSIDER})
    referral.given(*SENT, received()).when(as_stranger).then_rejected("not_party")


def test_after_a_decline_a_new_referral_has_its_own_id():
    """X06: elsewhere a second request after a refusal failed, because it was the same record."""
    referral.given().when(open_referral(supersedes=REFERRAL_ID)).then(opened(supersedes=REFERRAL_ID))


# ---- a recipient without a node --------------------------------------------------------------------------

HOSTED = (opened(), sent(hosted=True))


def test_a_light_recipient_answers_through_its_link():
    referral.given(*DRAFTED).when(send(hosted=True)).then(sent(hosted=True))
    referral.given(*HOSTED).when(acknowledge(actor=LINK)).then(received(hosted=True))
    referral.given(*HOSTED, received(hosted=True)).when(accept(actor=LINK)).then(accepted(hosted=True))


def test_the_host_does_not_answer_for_its_light_recipient():
    referral.given(*HOSTED, received(hosted=True)).when(accept(actor=SENDER)).then_rejected("not_owner")
    referral.given(*HOSTED).when(withdraw(actor=LINK)).then_rejected("not_owner")
    elsewhere = LINK.model_copy(update={"user": STRANGER})
    referral.given(*HOSTED, received(hosted=True)).when(accept(actor=elsewhere)).then_rejected("not_party")


def test_what_is_hosted_leaves_in_no_letter():
    assert sent().audience() == (str(NIT),)
    assert accepted().audience() == (str(TOWN),)
    assert sent(hosted=True).audience() == accepted(hosted=True).audience() == ()
