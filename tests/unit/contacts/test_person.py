"""Rules of a person's record: the ladder, identity, teams, links, forgetting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.codelists import IdentityLevel, LadderStage, LadderStep
from libs.eventlog import Command, Rejected
from libs.testing import spec
from services.contacts.person.decider import PERSON, identity_key
from services.contacts.person.ladder import NEXT, Ladder, after
from services.contacts.person.state import Known, evolve
from tests.examples import contacts_person as of
from tests.examples.contacts_contact import C2
from tests.examples.contacts_people import DENDY, LOKET, OLGA, RADKA, SIMON, SLAVKOV, TWIN_RECORD, at
from tests.examples.contacts_person import (
    became_client,
    case_closed,
    case_reopened,
    close_case,
    contact_dropped,
    contact_forgotten,
    contact_noted,
    describe,
    described,
    drop_contact,
    drop_duplicate,
    duplicate_dropped,
    duplicate_noted,
    express_interest,
    forget,
    forgotten,
    give_identity,
    give_nickname,
    held,
    hold,
    hold_lifted,
    identity_given,
    identity_withdrawn,
    interest_expressed,
    interest_lost,
    lift_hold,
    link_persons,
    lose_interest,
    nickname_given,
    note_agreement,
    note_contact,
    note_duplicate,
    note_plan,
    note_plan_closed,
    persons_linked,
    persons_unlinked,
    plan_activated,
    plan_closed,
    reopen_case,
    take_over,
    taken_over,
    unlink_persons,
    withdraw_identity,
)

person = spec(PERSON)
MET = (nickname_given(),)
INTERESTED = (*MET, interest_expressed())
CLIENT = (*INTERESTED, became_client())
PLANNED = (*CLIENT, plan_activated())
CLOSED = (*CLIENT, case_closed())

LADDER = {
    ("nickname", "interest_expressed"): "interested",
    ("nickname", "agreement_concluded"): "client",
    ("interested", "agreement_concluded"): "client",
    ("interested", "interest_lost"): "closed",
    ("client", "plan_activated"): "client_with_plan",
    ("client_with_plan", "plan_closed"): "client",
    ("client", "case_closed"): "closed",
    ("closed", "case_reopened"): "client",
}
"""domain.md §4.1, copied by hand."""


@given(st.sampled_from(LadderStage), st.sampled_from(LadderStep))
def test_the_ladder_has_these_steps_and_no_others(stage: LadderStage, step: LadderStep):
    ladder = Ladder(stage=stage, was_client=True)
    if (stage.value, step.value) in LADDER:
        assert after(ladder, step) == LADDER[stage.value, step.value]
    else:
        with pytest.raises(Rejected):
            after(ladder, step)
    assert len(NEXT) == len(LADDER)


def test_a_nickname_is_enough_for_a_record():
    person.given().when(give_nickname()).then(nickname_given())


def test_interest_without_a_nickname_gets_a_code():
    person.given().when(express_interest()).then(interest_expressed(code=of.CODE))


def test_a_new_nickname_moves_nobody():
    level = {"stage": LadderStage.CLIENT, "identity": IdentityLevel.NICKNAME}
    person.given(*CLIENT).when(give_nickname()).then(nickname_given(**level))


def test_from_nickname_to_interest_to_client_to_plan_and_back():
    person.given(*MET).when(express_interest()).then(interest_expressed())
    person.given(*INTERESTED).when(note_agreement()).then(became_client())
    person.given(*MET).when(note_agreement()).then(became_client())
    person.given(*CLIENT).when(note_plan()).then(plan_activated())
    person.given(*PLANNED).when(note_plan_closed()).then(plan_closed())
    person.given(*CLIENT).when(close_case()).then(case_closed())
    person.given(*INTERESTED).when(lose_interest()).then(interest_lost())


def test_somebody_who_came_straight_to_the_office_is_a_client_under_a_code():
    person.given().when(note_agreement()).then(became_client(code=of.CODE, team=SLAVKOV))


def test_what_is_so_already_is_nothing_new():
    person.given(*INTERESTED).when(express_interest()).then_nothing_happened()
    person.given(*CLIENT).when(note_agreement()).then_nothing_happened()
    person.given(*PLANNED).when(note_agreement()).then_nothing_happened()
    person.given(*PLANNED).when(note_plan()).then_nothing_happened()
    person.given(*CLOSED).when(close_case()).then_nothing_happened()
    person.given(*INTERESTED, interest_lost()).when(lose_interest()).then_nothing_happened()


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ((), describe(), "unknown_person"),
        ((), close_case(), "unknown_person"),
        ((), forget(), "unknown_person"),
        (MET, lose_interest(), "not_interested"),
        (MET, note_plan(), "no_agreement"),
        (MET, close_case(), "no_agreement"),
        (INTERESTED, close_case(), "no_agreement"),
        (CLIENT, express_interest(), "already_client"),
        (CLIENT, lose_interest(), "already_client"),
        (CLIENT, reopen_case(), "not_closed"),
        (PLANNED, close_case(), "plan_open"),
        (CLOSED, express_interest(), "case_closed"),
        (CLOSED, note_agreement(), "case_closed"),
        (CLOSED, note_plan(), "case_closed"),
        (CLIENT, note_plan_closed(), "unknown_plan"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_refusals(history: tuple[object, ...], command: Command, code: str):
    person.given(*history).when(command).then_rejected(code)  # pyright: ignore[reportArgumentType]


def test_with_two_plans_the_last_one_counts():
    both = (*PLANNED, plan_activated(plan_id=of.SECOND_PLAN))
    person.given(*PLANNED).when(note_plan(plan_id=of.SECOND_PLAN)).then(plan_activated(plan_id=of.SECOND_PLAN))
    with_plan = LadderStage.CLIENT_WITH_PLAN
    person.given(*both).when(note_plan_closed()).then(plan_closed(stage=with_plan))
    last = note_plan_closed(plan_id=of.SECOND_PLAN)
    person.given(*both, plan_closed(stage=with_plan)).when(last).then(plan_closed(plan_id=of.SECOND_PLAN))


def test_x15_reopening_starts_an_episode_and_keeps_the_team():
    person.given(*CLOSED).when(reopen_case()).then(case_reopened())
    again = (*CLOSED, case_reopened(), case_closed())
    person.given(*again).when(reopen_case()).then(case_reopened(episode=3))
    state = PERSON.initial
    for event in (*CLOSED, case_reopened()):
        state = evolve(state, event)
    assert isinstance(state, Known) and state.team == LOKET


def test_who_never_had_an_agreement_is_reopened_as_interested():
    stage = {"stage": LadderStage.INTERESTED}
    person.given(*INTERESTED, interest_lost()).when(reopen_case()).then(case_reopened(**stage))


def test_a_profile_is_described_field_by_field():
    person.given(*MET).when(describe()).then(described())
    person.given(*MET).when(describe(sex=None, age_band=None)).then_nothing_happened()


def test_a_name_has_a_key_of_its_own_and_another_one_after_withdrawal():
    person.given(*MET).when(give_identity()).then(identity_given())
    person.given(*MET, identity_given()).when(withdraw_identity()).then(identity_withdrawn())
    person.given(*MET).when(withdraw_identity()).then_nothing_happened()
    second = identity_given(identity_id=identity_key(DENDY, 1))
    person.given(*MET, identity_given(), identity_withdrawn()).when(give_identity()).then(second)


def test_o04_another_team_is_refused():
    for command in (give_nickname, describe, express_interest, give_identity, withdraw_identity):
        person.given(*MET).when(command(actor=SIMON)).then_rejected("not_party")
    person.given(*MET).when(describe(actor=OLGA)).then(described())


def test_after_a_handover_the_other_team_is_responsible():
    person.given(*MET).when(take_over()).then(taken_over())
    person.given(*MET, taken_over()).when(take_over()).then_nothing_happened()
    person.given(*MET, taken_over()).when(describe(actor=SIMON)).then(described())
    person.given(*MET, taken_over()).when(describe(actor=RADKA)).then_rejected("not_party")


def test_a_team_cannot_take_a_person_from_a_team_that_is_not_responsible():
    person.given(*MET).when(take_over(from_team="SOKOLOV")).then_rejected("not_responsible")


def test_contacts_of_a_person_are_known_for_forgetting():
    person.given(*MET).when(note_contact()).then(contact_noted())
    person.given(*MET, contact_noted()).when(note_contact()).then_nothing_happened()
    person.given(*MET, contact_noted()).when(drop_contact()).then(contact_dropped())
    person.given(*MET).when(drop_contact()).then_nothing_happened()


def test_a_contact_may_be_noted_before_the_record_is_made():
    person.given().when(note_contact()).then(contact_noted())
    state = evolve(evolve(PERSON.initial, contact_noted()), nickname_given())
    assert isinstance(state, Known) and state.links.contacts


def test_two_records_become_one_and_two_again():
    twin = nickname_given(person_id=TWIN_RECORD)
    person.given(twin).when(link_persons()).then(persons_linked())
    person.given(twin, persons_linked()).when(link_persons()).then_nothing_happened()
    person.given(twin, persons_linked()).when(unlink_persons()).then(persons_unlinked())
    person.given(twin).when(unlink_persons()).then_nothing_happened()
    states = [PERSON.initial, PERSON.initial]
    for event in (twin, persons_linked(), persons_unlinked()):
        states[0] = evolve(states[0], event)
    assert states[0] == evolve(states[1], twin)


def test_links_make_no_chains():
    twin = nickname_given(person_id=TWIN_RECORD)
    person.given(twin, persons_linked()).when(link_persons(same_as=C2)).then_rejected("linked_elsewhere")
    person.given(*MET, duplicate_noted()).when(link_persons(person_id=DENDY, same_as=C2)).then_rejected(
        "linked_elsewhere"
    )
    person.given(twin).when(link_persons(same_as=TWIN_RECORD)).then_rejected("linked_elsewhere")


def test_the_kept_record_knows_who_leads_to_it():
    person.given(*MET).when(note_duplicate()).then(duplicate_noted())
    person.given(*MET, duplicate_noted()).when(note_duplicate()).then_nothing_happened()
    person.given(*MET, duplicate_noted()).when(drop_duplicate()).then(duplicate_dropped())
    person.given(*MET).when(drop_duplicate()).then_nothing_happened()


def test_l25_forgetting_names_every_key_that_seals_words_about_the_person():
    known = (*MET, identity_given(), contact_noted(), contact_noted(contact_id=C2))
    person.given(*known).when(forget()).then(
        identity_withdrawn(), contact_forgotten(), contact_forgotten(contact_id=C2), forgotten()
    )
    person.given(*MET, contact_noted(), contact_dropped()).when(forget()).then(forgotten())
    person.given(contact_noted()).when(forget()).then(contact_forgotten(), forgotten())


def test_l25_a_legal_hold_refuses_forgetting():
    person.given(*MET).when(hold()).then(held())
    person.given(*MET, held()).when(hold()).then_nothing_happened()
    person.given(*MET, held()).when(forget()).then_rejected("legal_hold")
    person.given(*MET, held()).when(lift_hold()).then(hold_lifted())
    person.given(*MET).when(lift_hold()).then_nothing_happened()
    person.given(*MET, held(), hold_lifted()).when(forget()).then(forgotten())


def test_linked_records_are_forgotten_from_the_end():
    person.given(*MET, duplicate_noted()).when(forget()).then_rejected("duplicate_left")
    twin = nickname_given(person_id=TWIN_RECORD)
    person.given(twin, persons_linked()).when(forget(person_id=TWIN_RECORD)).then(
        forgotten(person_id=TWIN_RECORD, same_as=DENDY)
    )


def test_a_forgotten_person_stays_forgotten():
    gone = (*CLIENT, forgotten())
    person.given(*gone).when(forget()).then_nothing_happened()
    person.given(*gone).when(note_agreement()).then_nothing_happened()
    person.given(*gone).when(take_over()).then_nothing_happened()
    person.given(*gone).when(give_nickname()).then_rejected("forgotten")
    person.given(*gone).when(reopen_case()).then_rejected("forgotten")
    assert evolve(evolve(PERSON.initial, forgotten()), nickname_given()).stage == "forgotten"


def test_a_contact_linked_while_forgetting_was_under_way_is_forgotten_too():
    person.given(*MET, forgotten()).when(note_contact()).then(contact_forgotten())


@given(st.lists(st.sampled_from([*of.COMPLETE, *of.REQUIRED])))
def test_every_history_has_an_answer(history: list[object]):
    state = PERSON.initial
    for one in history:
        state = evolve(state, one)  # pyright: ignore[reportArgumentType]
    assert state.stage in ("unmet", "known", "forgotten")


def test_time_comes_with_the_command():
    person.given().when(give_nickname(occurred_at=at(1, 1))).then(nickname_given(given_at=at(1, 1)))
