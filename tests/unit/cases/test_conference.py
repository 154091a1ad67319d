"""The rules of a case conference as sentences. Who hears what: test_conference_sharing.py."""

from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

import pytest

from libs.codelists import Need
from libs.eventlog import Event
from libs.testing.spec import spec
from services.cases.conference.decider import CONFERENCE
from services.cases.conference.invited import answer_of, copy_of
from services.cases.conference.measures import measures
from services.cases.conference.projection import CONFERENCE_PROJECTIONS
from services.cases.conference.stage import stage_of, told_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Answer, Copy, Found, Invitee, MeasureResult, MeasureState, Stage
from tests.examples import cases_conference as example
from tests.examples.cases_conference import (
    M1,
    MOTHER,
    NIT,
    NITS,
    ORGANISER,
    OSPOD,
    OTHER_RECORDER,
    PLACE,
    PRISTAV,
    SCHOOL,
    STRANGER,
    TEXT,
    TOWN,
    acknowledge,
    acknowledged,
    action_cancelled,
    answer,
    answer_for_person,
    answered,
    assign,
    assigned,
    cancel,
    cancel_action,
    cancelled,
    close,
    closed,
    comment,
    commented,
    comments_opened,
    confirm,
    confirm_with_objection,
    confirmed,
    confirmed_with_objection,
    convene,
    convened,
    dispute,
    disputed,
    draft,
    drafted,
    due_moved,
    finish,
    finished,
    held,
    hold,
    hold_review,
    invite_person,
    issue,
    issued,
    move_due,
    next_review_set,
    no_response_noted,
    note_no_response,
    note_progress,
    open_comments,
    people_attended,
    person_answered,
    person_invited,
    progress_noted,
    reassign,
    reassigned,
    reschedule,
    rescheduled,
    review_held,
    set_next_review,
    worker_of,
)

conference = spec(CONFERENCE)

HELD = (convened(), held())
ASSIGNED = (*HELD, assigned())
OPEN = (*ASSIGNED, drafted(), comments_opened())
ISSUED = (*OPEN, issued())
REVIEW = (*ISSUED, review_held())


def state(*events: Event) -> Conference:
    return reduce(CONFERENCE.evolve, events, CONFERENCE.initial)  # type: ignore[arg-type]


def measure_state(*events: Event) -> MeasureState:
    return measures(state(*events))[M1].state


# Before


def test_convening_invites_every_organisation_at_once() -> None:
    conference.given().when(convene()).then(convened())
    assert convened().audience() == tuple(str(one) for one in (PRISTAV, SCHOOL, TOWN, NIT))


def test_convening_twice_is_nothing_new() -> None:
    conference.given(convened()).when(convene()).then_nothing_happened()


def test_nobody_convenes_anothers_conference() -> None:
    conference.given(convened()).when(convene(actor=worker_of(TOWN))).then_rejected("not_owner")


@pytest.mark.parametrize("again", [SCHOOL, OSPOD])
def test_nobody_is_invited_twice_and_the_organiser_takes_part_anyway(again: Any) -> None:
    invitees = (Invitee(organisation=SCHOOL), Invitee(organisation=again, item=Need.DEBTS, guest=True))
    conference.given().when(convene(invitees=invitees)).then_rejected("invited_twice")


def test_a_guest_is_invited_to_an_item() -> None:
    invitees = (Invitee(organisation=NIT, guest=True),)
    conference.given().when(convene(invitees=invitees)).then_rejected("guest_without_item")


def test_natural_persons_come_through_the_organiser() -> None:
    conference.given(convened()).when(invite_person(support=example.NAME)).then(person_invited(support=example.NAME))
    conference.given(convened(), person_invited()).when(invite_person()).then_nothing_happened()
    conference.given(convened(), person_invited()).when(answer_for_person()).then(person_answered())
    conference.given(convened()).when(answer_for_person()).then_rejected("not_party")
    assert person_invited().audience() == ()


def test_an_invited_organisation_answers_to_the_organiser() -> None:
    conference.given(convened()).when(answer()).then(answered())
    assert answered().audience() == (str(OSPOD),)


def test_a_guest_answers_too() -> None:
    given = example.guest_invited()
    conference.given(given).when(answer(actor=NITS)).then(answered(author=NIT))


def test_the_same_answer_is_nothing_new_and_another_one_is() -> None:
    conference.given(convened(), answered()).when(answer()).then_nothing_happened()
    changed = answered(2, answer=Answer.DECLINED)
    conference.given(convened(), answered()).when(answer(answer=Answer.DECLINED)).then(changed)


def test_who_is_not_invited_does_not_answer() -> None:
    conference.given(convened()).when(answer(actor=worker_of(STRANGER))).then_rejected("not_party")
    conference.given(convened()).when(answer(actor=ORGANISER)).then_rejected("not_party")
    conference.given().when(answer()).then_rejected("not_convened")


def test_a_new_date_voids_the_answers() -> None:
    conference.given(convened(), answered()).when(reschedule()).then(rescheduled(seen=1))
    now = state(convened(), answered(), rescheduled())
    assert answer_of(now, SCHOOL) is None
    conference.given(convened(), answered(), rescheduled()).when(answer()).then(answered(2, seen=2))


def test_an_answer_that_crossed_the_new_date_is_void_wherever_it_arrives() -> None:
    for order in ((rescheduled(), answered()), (answered(), rescheduled())):
        assert answer_of(state(convened(), *order), SCHOOL) is None
    assert answer_of(state(convened(), answered(2, seen=2), rescheduled(), answered()), SCHOOL) is Answer.ACCEPTED


def test_the_same_date_is_nothing_new() -> None:
    conference.given(convened()).when(reschedule(starts_at=example.START)).then_nothing_happened()
    conference.given(convened(), rescheduled()).when(reschedule()).then_nothing_happened()
    conference.given(convened(), rescheduled()).when(reschedule(place=PLACE)).then(rescheduled(3, place=PLACE))


def test_cancelling_beats_a_crossing_answer() -> None:
    conference.given(convened()).when(cancel()).then(cancelled())
    for order in ((cancelled(), answered()), (answered(), cancelled())):
        now = state(convened(), *order)
        assert told_stage(now) is Stage.CANCELLED
        assert answer_of(now, SCHOOL) is None


def test_cancelling_twice_is_nothing_new() -> None:
    conference.given(convened(), cancelled()).when(cancel()).then_nothing_happened()


@pytest.mark.parametrize("command", [answer(), reschedule(), invite_person(), hold()])
def test_a_cancelled_conference_is_over(command: Any) -> None:
    conference.given(convened(), cancelled()).when(command).then_rejected("already_terminal")


@pytest.mark.parametrize("command", [answer(), reschedule(), invite_person(), cancel()])
def test_what_comes_before_the_meeting_is_refused_after_it(command: Any) -> None:
    conference.given(*HELD).when(command).then_rejected("already_held")


@pytest.mark.parametrize(
    "command", [reschedule(), cancel(), hold(), assign(), draft(), open_comments(), issue(), hold_review(), close()]
)
def test_only_the_organiser_steers(command: Any) -> None:
    foreign = command.model_copy(update={"actor": worker_of(SCHOOL)})
    conference.given(convened()).when(foreign).then_rejected("not_owner")
    conference.given().when(command).then_rejected("not_convened")


# The meeting


def test_who_came_is_recorded() -> None:
    conference.given(convened()).when(hold()).then(held())
    conference.given(*HELD).when(hold()).then_nothing_happened()


def test_persons_who_came_are_recorded_for_the_organiser_only() -> None:
    here = (convened(), person_invited())
    conference.given(*here).when(hold(people_present=(MOTHER,))).then(held(), people_attended())
    conference.given(convened()).when(hold(people_present=(MOTHER,))).then_rejected("not_party")


def test_nobody_attends_who_was_not_invited() -> None:
    strange = (example.Attendance(organisation=STRANGER, presence=example.Presence.ATTENDED),)
    conference.given(convened()).when(hold(attendance=strange)).then_rejected("not_party")


def test_measures_are_agreed_from_the_meeting_to_the_minutes() -> None:
    conference.given(*HELD).when(assign()).then(assigned())
    conference.given(*ASSIGNED).when(assign()).then_nothing_happened()
    conference.given(convened()).when(assign()).then_rejected("not_held")
    conference.given(*ISSUED).when(assign(action_id=example.M2)).then_rejected("minutes_issued")


@pytest.mark.parametrize("over", [{"responsible": STRANGER}, {"watched_by": STRANGER}])
def test_a_measure_is_given_to_those_who_take_part(over: Any) -> None:
    conference.given(*HELD).when(assign(**over)).then_rejected("not_party")


def test_the_organiser_may_take_a_measure_itself() -> None:
    """M5: Věra minds Matěj; natural persons act through the inviting organisation."""
    given = assigned(responsible=OSPOD, watched_by=TOWN)
    conference.given(*HELD).when(assign(responsible=OSPOD, watched_by=TOWN)).then(given)
    own = acknowledged(4, 0, author=OSPOD, told=example.INVITED)
    conference.given(*HELD, given).when(acknowledge(actor=ORGANISER)).then(own)
    assert measure_state(*HELD, given, own) is MeasureState.IN_PROGRESS


def test_a_mere_recorder_works_on_its_own_conference_only() -> None:
    conference.given(*HELD).when(assign(actor=OTHER_RECORDER)).then(assigned())  # named as its facilitator
    other = example.Actor(user=STRANGER, organisation=OSPOD, roles=OTHER_RECORDER.roles)
    for wish in (assign, draft, hold):
        conference.given(*HELD).when(wish(actor=other)).then_rejected("not_party")


# The minutes


def test_every_draft_is_kept_and_none_leaves_the_organiser() -> None:
    conference.given(*HELD).when(draft()).then(drafted())
    conference.given(*HELD, drafted()).when(draft(text=TEXT)).then(drafted(2, text=TEXT))
    assert drafted().audience() == ()
    assert stage_of(state(*HELD, drafted())) is Stage.MINUTES_DRAFTED
    assert told_stage(state(*HELD, drafted())) is Stage.HELD


def test_comments_are_opened_with_the_last_draft() -> None:
    history = (*ASSIGNED, drafted(), drafted(2, text=TEXT))
    conference.given(*history).when(open_comments()).then(comments_opened(text=TEXT))
    conference.given(*OPEN).when(open_comments()).then_nothing_happened()
    conference.given(*HELD).when(open_comments()).then_rejected("no_draft")
    conference.given(*history).when(open_comments(until=date(2026, 5, 13))).then_rejected("day_has_passed")


def test_full_participants_comment_until_the_last_day() -> None:
    conference.given(*OPEN).when(comment()).then(commented())
    late = datetime(2026, 5, 21, 22, 0, tzinfo=UTC)  # 22 May, 00:00 in Prague
    conference.given(*OPEN).when(comment(occurred_at=late)).then_rejected("day_has_passed")
    conference.given(*HELD).when(comment()).then_rejected("comments_not_open")


@pytest.mark.parametrize("command", [comment(actor=NITS), confirm(actor=NITS), confirm_with_objection(actor=NITS)])
def test_a_guest_has_no_say_in_the_minutes(command: Any) -> None:
    conference.given(example.guest_invited()).when(command).then_rejected("not_party")


def test_minutes_are_issued_after_the_last_day_for_comments() -> None:
    conference.given(*OPEN).when(issue()).then(issued())
    last_day = datetime(2026, 5, 21, 21, 59, tzinfo=UTC)
    conference.given(*OPEN).when(issue(occurred_at=last_day)).then_rejected("comments_still_open")
    conference.given(*ASSIGNED, drafted()).when(issue()).then_rejected("comments_not_open")
    conference.given(*ISSUED).when(issue()).then_nothing_happened()


def test_a_draft_after_the_comments_is_what_is_issued() -> None:
    conference.given(*OPEN, drafted(2, text=TEXT)).when(issue()).then(issued(text=TEXT))


def test_issued_minutes_stand() -> None:
    conference.given(*ISSUED).when(draft()).then_rejected("minutes_issued")


def test_minutes_are_confirmed_or_objected_to() -> None:
    conference.given(*ISSUED).when(confirm()).then(confirmed())
    conference.given(*ISSUED).when(confirm_with_objection()).then(confirmed_with_objection())
    conference.given(*ISSUED, confirmed()).when(confirm()).then_nothing_happened()
    conference.given(*ISSUED, confirmed()).when(confirm_with_objection()).then_rejected("already_terminal")
    conference.given(*OPEN).when(confirm()).then_rejected("minutes_not_issued")


def test_silence_is_noted_after_the_last_day_and_is_no_consent() -> None:
    conference.given(*ISSUED).when(note_no_response()).then(no_response_noted())
    early = datetime(2026, 5, 29, 12, tzinfo=UTC)
    conference.given(*ISSUED).when(note_no_response(occurred_at=early)).then_rejected("too_early")
    conference.given(*ISSUED, confirmed()).when(note_no_response(organisation=SCHOOL)).then_nothing_happened()
    conference.given(*ISSUED, no_response_noted()).when(note_no_response()).then_nothing_happened()
    conference.given(*OPEN).when(note_no_response()).then_rejected("minutes_not_issued")
    conference.given(*ISSUED).when(note_no_response(organisation=NIT)).then_rejected("not_party")
    assert copy_of(state(*ISSUED, no_response_noted()), TOWN) is Copy.NO_RESPONSE


def test_who_knows_that_its_silence_was_noted_cannot_confirm_any_more() -> None:
    command = confirm(actor=worker_of(TOWN))
    conference.given(*ISSUED, no_response_noted()).when(command).then_rejected("already_terminal")


def test_a_confirmation_that_crossed_the_note_stands() -> None:
    late = confirmed(author=TOWN)
    for order in ((late, no_response_noted()), (no_response_noted(), late)):
        assert copy_of(state(*ISSUED, *order), TOWN) is Copy.CONFIRMED


# Measures


def test_the_responsible_organisation_takes_a_measure_on() -> None:
    conference.given(*ISSUED).when(acknowledge()).then(acknowledged())
    conference.given(*ISSUED, acknowledged()).when(acknowledge()).then_nothing_happened()


def test_a_measure_may_be_disputed_before_it_is_taken_on() -> None:
    conference.given(*ISSUED).when(dispute()).then(disputed())
    conference.given(*ISSUED, disputed()).when(dispute()).then_nothing_happened()
    conference.given(*ISSUED, acknowledged()).when(dispute()).then_rejected("already_acknowledged")
    conference.given(*ISSUED, disputed()).when(acknowledge()).then_rejected("disputed")


def test_work_on_a_measure_is_written_by_who_took_it_on() -> None:
    working = (*ISSUED, acknowledged())
    conference.given(*working).when(note_progress()).then(progress_noted())
    conference.given(*working).when(move_due()).then(due_moved())
    conference.given(*working).when(finish()).then(finished())
    assert measures(state(*working, due_moved()))[M1].due == example.REVIEW_ON


@pytest.mark.parametrize("command", [note_progress(), move_due(), finish()])
def test_a_measure_is_taken_on_first_and_finished_once(command: Any) -> None:
    conference.given(*ISSUED).when(command).then_rejected("not_acknowledged")
    over = finished(result=MeasureResult.NOT_DONE)
    conference.given(*ISSUED, acknowledged(), over).when(command).then_rejected("already_terminal")


def test_the_same_about_a_measure_is_nothing_new() -> None:
    conference.given(*ISSUED, acknowledged(), finished()).when(finish()).then_nothing_happened()
    conference.given(*ISSUED, acknowledged(), due_moved()).when(move_due()).then_nothing_happened()


def test_nobody_works_on_anothers_measure() -> None:
    conference.given(*ISSUED).when(acknowledge(actor=worker_of(TOWN))).then_rejected("not_owner")
    conference.given(*ISSUED).when(acknowledge(action_id=example.M2)).then_rejected("no_such_action")
    conference.given().when(acknowledge()).then_rejected("not_convened")


# Review and end


def test_a_review_says_what_was_found_of_each_measure() -> None:
    conference.given(*ISSUED).when(hold_review()).then(review_held())
    done = (Found(action_id=M1, state=MeasureState.DONE),)
    history = (*ISSUED, acknowledged(), finished())
    conference.given(*history).when(hold_review()).then(review_held(seen=2, found=done))
    conference.given(*REVIEW).when(hold_review()).then_nothing_happened()
    conference.given(*OPEN).when(hold_review()).then_rejected("minutes_not_issued")


@pytest.mark.parametrize("command", [cancel_action(), reassign(), set_next_review(), close()])
def test_what_a_review_decides_is_decided_at_a_review(command: Any) -> None:
    conference.given(*ISSUED).when(command).then_rejected("not_in_review")
    conference.given(*HELD).when(command).then_rejected("no_draft")


def test_a_measure_is_given_up_at_the_review() -> None:
    conference.given(*REVIEW).when(cancel_action()).then(action_cancelled())
    conference.given(*REVIEW, action_cancelled()).when(cancel_action()).then_nothing_happened()
    conference.given(*REVIEW, acknowledged(), finished()).when(cancel_action()).then_rejected("already_terminal")


def test_a_measure_is_given_to_another_at_the_review() -> None:
    conference.given(*REVIEW, disputed()).when(reassign()).then(reassigned(seen=1))
    conference.given(*REVIEW, reassigned()).when(reassign()).then_nothing_happened()
    conference.given(*REVIEW).when(reassign(responsible=STRANGER)).then_rejected("not_party")
    conference.given(*REVIEW, acknowledged(), finished()).when(reassign()).then_rejected("already_terminal")


def test_finished_stands_when_it_crosses_a_cancellation() -> None:
    history = (*REVIEW, acknowledged())
    for order in ((finished(), action_cancelled()), (action_cancelled(), finished())):
        assert measure_state(*history, *order) is MeasureState.DONE
    knew = finished(seen=7)
    assert measure_state(*history, action_cancelled(), knew) is MeasureState.CANCELLED


def test_reassigned_stands_when_it_crosses_finished() -> None:
    history = (*REVIEW, acknowledged())
    for order in ((finished(), reassigned()), (reassigned(), finished())):
        now = measures(state(*history, *order))[M1]
        assert (now.state, now.responsible) == (MeasureState.ASSIGNED, TOWN)


def test_a_measure_given_back_begins_anew() -> None:
    back = reassigned(8, previous=TOWN, responsible=NIT)
    history = (*REVIEW, acknowledged(), reassigned(), back)
    assert measure_state(*history) is MeasureState.ASSIGNED
    assert measure_state(*history, acknowledged(2, seen=8)) is MeasureState.IN_PROGRESS


def test_reviews_go_on_until_nothing_is_open() -> None:
    conference.given(*REVIEW).when(set_next_review()).then(next_review_set())
    conference.given(*REVIEW, next_review_set()).when(hold_review()).then(review_held(8))


def test_a_conference_closes_when_no_measure_is_open() -> None:
    conference.given(*REVIEW).when(close()).then_rejected("action_open")
    conference.given(*REVIEW, disputed()).when(close()).then_rejected("action_open")
    conference.given(*REVIEW, acknowledged(), finished()).when(close()).then(closed(7, seen=2))
    conference.given(*REVIEW, action_cancelled()).when(close()).then(closed())


@pytest.mark.parametrize("command", [draft(), hold_review(), set_next_review(), confirm(), cancel()])
def test_a_closed_conference_is_over(command: Any) -> None:
    history = (*REVIEW, action_cancelled(), closed())
    conference.given(*history).when(close()).then_nothing_happened()
    conference.given(*history).when(command).then_rejected("already_terminal")


# Read models


@pytest.mark.parametrize("projection", CONFERENCE_PROJECTIONS, ids=lambda one: one.name)
def test_every_event_a_list_reads_has_its_rows(projection: Any) -> None:
    keys = (projection.key,) if isinstance(projection.key, str) else projection.key
    read = [event for event in (*example.COMPLETE, *example.REQUIRED) if type(event) in projection.reads]
    assert {type(event) for event in read} == projection.reads
    for event in read:
        said = projection.project(event)
        for row in said if isinstance(said, tuple) else (said,):
            assert isinstance(row, projection.row)
            assert all(getattr(row, key) is not None for key in keys)
