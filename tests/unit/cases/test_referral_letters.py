"""What may come in, what may go out, and what the node does by itself when a letter arrives."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

import pytest

from libs.codelists import Role, WithdrawReason
from libs.eventlog import Actor, Command, Recorded, Rejected, SharedEvent
from libs.messaging import Query
from services.cases.policy import may
from services.cases.reactions import acknowledge_referral, disclose_identity
from services.cases.referral.commands import LIGHT_RECIPIENT
from services.cases.referral.decider import REFERRAL, disclose, receive
from services.cases.referral.events import (
    Entry,
    ProgressEntry,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralEvent,
    ReferralIdentityDisclosed,
    ReferralPutWaiting,
    ReferralSent,
)
from services.cases.referral.projection import project, project_task
from services.cases.referral.state import Referral
from services.cases.referral.views import ReferralDetail, Referrals
from tests.examples import cases_referral as a
from tests.examples.cases_referral import (
    COMPLETE,
    LINK,
    NIT,
    NOW,
    RECIPIENT,
    REFERRAL_ID,
    REQUIRED,
    SENDER,
    STRANGER,
    TOWN,
    accepted,
    cancelled,
    closed,
    completed,
    declined,
    entered_in_error,
    failed,
    identity_disclosed,
    opened,
    received,
    resumed,
    sent,
    waiting,
    withdrawn,
)

ARRIVAL = UUID("0198d000-0000-7000-8000-0000000000aa")


def after(*events: ReferralEvent) -> Referral:
    return reduce(REFERRAL.evolve, events, REFERRAL.initial)


# ---- coming in -------------------------------------------------------------------------------------------


def test_a_letter_is_recorded_as_it_is():
    assert receive(sent(), after(), TOWN) == (sent(),)
    assert receive(accepted(), after(opened(), sent()), NIT) == (accepted(),)


def test_a_letter_that_is_here_already_is_nothing_new():
    assert receive(sent(), after(sent()), TOWN) == ()
    assert receive(withdrawn(), after(withdrawn()), TOWN) == (), "also while it waits for an earlier one"


@pytest.mark.parametrize(
    "event",
    [
        accepted(author=STRANGER),
        declined(author=STRANGER, recipient=STRANGER),
        received(author=STRANGER, recipient=STRANGER, sender=NIT),
        withdrawn(author=STRANGER, sender=STRANGER),
    ],
)
def test_a_foreign_writer_is_refused(event: ReferralEvent):
    """X20: elsewhere the rows of one organisation were updated by another."""
    with pytest.raises(Rejected, match=r"not_owner|not_party"):
        receive(event, after(opened(), sent()), STRANGER)


def test_nobody_writes_in_anothers_name():
    with pytest.raises(Rejected, match="not_owner"):
        receive(accepted(), after(opened(), sent()), STRANGER)
    with pytest.raises(Rejected, match="not_owner"):
        receive(withdrawn(author=NIT), after(opened(), sent()), NIT)
    with pytest.raises(Rejected, match="not_owner"):
        receive(accepted(author=TOWN), after(sent(), received()), TOWN)


def test_an_answer_to_what_was_never_sent_is_refused():
    for state in (after(), after(opened())):
        with pytest.raises(Rejected, match="not_party"):
            receive(accepted(), state, NIT)


def test_a_draft_does_not_travel():
    with pytest.raises(Rejected, match="not_owner"):
        receive(opened(), after(), TOWN)


def test_a_hosted_log_does_not_travel():
    with pytest.raises(Rejected, match="not_party"):
        receive(sent(hosted=True), after(), TOWN)


# ---- going out -------------------------------------------------------------------------------------------


def test_only_the_other_party_is_told():
    for event in (sent(), opened(), sent(hosted=True)):
        with pytest.raises(Rejected, match="not_party"):
            disclose(event, after(opened(), sent()), STRANGER)


def test_normally_all_is_told():
    state = after(opened(), sent(), received(), accepted(), identity_disclosed())
    assert disclose(sent(), state, NIT) == sent()
    assert disclose(identity_disclosed(), state, NIT) == identity_disclosed()
    assert disclose(accepted(), state, TOWN) == accepted()


@pytest.mark.parametrize("end", [withdrawn(number=3, seen=2), entered_in_error(number=3, seen=2)])
def test_what_was_taken_back_before_it_left_goes_without_its_content(end: ReferralEvent):
    """L03. It still goes: behind a missing number the withdrawal would wait for ever."""
    state = after(opened(), sent(), received(), accepted(), identity_disclosed(), end)
    told = disclose(identity_disclosed(), state, NIT)
    assert isinstance(told, ReferralIdentityDisclosed)
    assert (told.client_name, told.contact, told.reason, told.number) == (None, None, None, 2)
    told = disclose(sent(), state, NIT)
    assert isinstance(told, ReferralSent)
    assert (told.need, told.area, told.number) == (None, None, 1)
    assert disclose(end, state, NIT).model_dump().keys() == end.model_dump().keys()


def test_a_withdrawal_notice_always_passes():
    end = withdrawn(reason=WithdrawReason.RELEASE_WITHDRAWN)
    assert disclose(end, after(opened(), sent(), end), NIT) == end


def test_why_it_was_an_error_is_told_only_to_who_knows_the_client():
    end = entered_in_error()
    told = disclose(end, after(opened(), sent(), end), NIT)
    assert isinstance(told, ReferralEnteredInError)
    assert told.reason is None
    end = entered_in_error(number=3)
    assert disclose(end, after(opened(), sent(), received(), accepted(), identity_disclosed(), end), NIT) == end


@pytest.mark.parametrize(
    "event", [declined(), failed(text=a.TEXT), cancelled(text=a.TEXT), waiting()], ids=lambda event: event.stored_type
)
def test_after_the_release_ended_answers_carry_codes_without_text(event: ProgressEntry):
    gone = after(sent(), received(), event, withdrawn(reason=WithdrawReason.RELEASE_WITHDRAWN))
    told = disclose(event, gone, TOWN)
    if isinstance(told, ReferralPutWaiting):
        assert (told.reason, told.until) == (None, waiting().until)
    else:
        assert isinstance(told, ReferralDeclined | ReferralCancelled) or told.stored_type == "referral-failed"
        assert told.model_dump()["text"] is None
        assert told.model_dump()["code"] == event.model_dump()["code"]
    assert disclose(event, after(sent(), received(), event, withdrawn()), TOWN) == event


# ---- by itself -------------------------------------------------------------------------------------------


def recorded(event: Entry, *, own: bool = False) -> Recorded[Entry]:
    """As it lies in a log: an own one has an audience, an arrived one is never sent on."""
    return Recorded(
        event=event,
        id=ARRIVAL,
        position=7,
        stream=f"referral-{REFERRAL_ID}",
        version=1,
        command_id=ARRIVAL,
        actor=Actor(user=event.author, organisation=event.author),
        occurred_at=NOW,
        recorded_at=NOW + timedelta(hours=1),
        audience=event.audience() if own else (),
    )


def test_an_arrived_request_is_acknowledged_by_the_recipients_node():
    for event in (sent(), withdrawn(), entered_in_error(), identity_disclosed(), closed()):
        command = acknowledge_referral(recorded(event))  # type: ignore[arg-type]
        assert command is not None
        assert (command.actor.organisation, command.actor.roles) == (NIT, {Role.NODE})
        assert command.occurred_at == NOW + timedelta(hours=1), "received when it arrived, not when it was sent"
        assert command == acknowledge_referral(recorded(event))  # type: ignore[arg-type]
        assert may(command.actor, command).allow


def test_an_arrived_answer_makes_the_senders_node_look_whether_identity_is_due():
    for event in (accepted(), received(), waiting(), resumed()):
        command = disclose_identity(recorded(event))  # type: ignore[arg-type]
        assert command is not None
        assert (command.actor.organisation, command.actor.roles) == (TOWN, {Role.NODE})
        assert may(command.actor, command).allow


def test_nobody_reacts_to_own_entries():
    assert acknowledge_referral(recorded(sent(), own=True)) is None  # type: ignore[arg-type]
    assert disclose_identity(recorded(accepted(), own=True)) is None  # type: ignore[arg-type]


def test_a_light_recipient_acknowledges_by_opening_its_link():
    assert acknowledge_referral(recorded(sent(hosted=True), own=True)) is None  # type: ignore[arg-type]


def test_the_host_confirms_a_withdrawal_for_its_light_recipient():
    end = withdrawn(hosted=True)
    command = acknowledge_referral(recorded(end, own=True))  # type: ignore[arg-type]
    assert command is not None
    assert command.actor.organisation == TOWN, "the node that handles it"
    assert REFERRAL.decide(command, after(opened(), sent(hosted=True), end)) == (
        received(hosted=True, seen=2, occurred_at=command.occurred_at),
        cancelled(number=2, seen=2, cause="withdrawal", code=None, hosted=True, occurred_at=command.occurred_at),
    )


def test_a_light_recipients_acceptance_lets_identity_follow():
    command = disclose_identity(recorded(accepted(hosted=True), own=True))  # type: ignore[arg-type]
    assert command is not None
    assert command.actor.organisation == TOWN


# ---- who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "command", "allowed"),
    [
        (Role.KEY_WORKER, a.send(), True),
        (Role.OSPOD_WORKER, a.withdraw(), True),
        (Role.OUTREACH_WORKER, a.send(), False),
        (Role.NODE, a.withdraw(), True),
        (Role.NODE, a.send(), False),
        (Role.KEY_WORKER, a.enter_in_error(), False),
        (Role.TEAM_LEADER, a.enter_in_error(), True),
        (Role.COUNSELLOR, a.accept(), True),
        (LIGHT_RECIPIENT, a.accept(), True),
        (LIGHT_RECIPIENT, a.acknowledge(), True),
        (LIGHT_RECIPIENT, a.expire(), False),
        (LIGHT_RECIPIENT, a.withdraw(), False),
        (Role.NODE, a.accept(), False),
        (Role.NODE, a.expire(), True),
        (Role.COUNSELLOR, a.disclose_identity(), False),
        (Role.DPO, a.send(), False),
        (Role.NODE_ADMINISTRATOR, a.accept(), False),
    ],
)
def test_who_may_do_what(role: str, command: Command, allowed: bool):
    assert may(Actor(user=STRANGER, organisation=TOWN, roles=frozenset({role})), command).allow is allowed


@pytest.mark.parametrize(
    ("actor", "question", "allowed"),
    [
        (SENDER, Referrals(actor=SENDER, organisation=TOWN), True),
        (SENDER, Referrals(actor=SENDER, organisation=NIT), False),
        (RECIPIENT, ReferralDetail(actor=RECIPIENT, organisation=NIT, referral_id=REFERRAL_ID), True),
        (LINK, ReferralDetail(actor=LINK, organisation=NIT, referral_id=REFERRAL_ID), True),
        (LINK, ReferralDetail(actor=LINK, organisation=TOWN, referral_id=REFERRAL_ID), False),
        (LINK, Referrals(actor=LINK, organisation=NIT), False),
    ],
)
def test_nobody_reads_with_the_eyes_of_another(actor: Actor, question: Query, allowed: bool):
    assert may(actor, question).allow is allowed


# ---- being shown -----------------------------------------------------------------------------------------


def test_every_entry_is_one_row_of_the_thread():
    rows = [project(event) for event in (*COMPLETE, *REQUIRED)]  # type: ignore[arg-type]
    assert [row.kind for row in rows[:3]] == ["opened", "sent", "amended"]
    for event, row in zip((*COMPLETE, *REQUIRED), rows, strict=True):
        if isinstance(event, SharedEvent):
            assert (row.author, row.number, row.seen) == (event.author, event.number, event.seen)
            assert row.log == ("request" if event.author == TOWN else "progress")
        else:
            assert (row.log, row.number, row.author) == ("draft", 0, TOWN)


def test_a_decline_is_a_task_until_it_is_closed():
    """X05: elsewhere the sender was never told of the refusal."""
    task = project_task(declined())
    assert (task.sender, task.kind, task.code, task.done) == (TOWN, "declined", "no_capacity", None)
    assert project_task(closed()).done


def test_a_silent_expiry_is_a_task_as_well():
    """X19."""
    moment = datetime(2026, 6, 4, 6, tzinfo=UTC)
    assert (project_task(a.expired()).kind, project_task(a.expired()).since) == ("expired", moment)


def test_a_row_never_shows_a_clear_value():
    assert project(completed()).code == "help_received"
    assert "sealed-name" not in repr(project(identity_disclosed()))
