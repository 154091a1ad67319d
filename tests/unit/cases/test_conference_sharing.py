"""Who hears what of a conference (rule L22), and that every node reads the same from what it heard."""

from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from libs.eventlog import Event, Rejected
from libs.privacy import Personal
from services.cases.conference.decider import CONFERENCE
from services.cases.conference.events import (
    ActionAssigned,
    ActionCancelled,
    ActionReassigned,
    ConferenceHeld,
    ConferenceNoted,
    GuestInvited,
    MeasureEntry,
)
from services.cases.conference.invited import answer_of, copy_of
from services.cases.conference.measures import measures
from services.cases.conference.sharing import disclose, receive
from services.cases.conference.stage import told_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Answer, Attendance, Found, Invitee, MeasureState, Presence, Stage
from tests.examples import cases_conference as example
from tests.examples.cases_conference import (
    INVITED,
    M1,
    M2,
    M3,
    NIT,
    OSPOD,
    PRISTAV,
    SCHOOL,
    STRANGER,
    TITLE,
    TOWN,
    acknowledged,
    action_cancelled,
    answered,
    assigned,
    cancelled,
    closed,
    comments_opened,
    confirmed,
    convened,
    drafted,
    finished,
    guest_invited,
    held,
    issued,
    next_review_set,
    no_response_noted,
    person_invited,
    reassigned,
    rescheduled,
    review_held,
    worker_of,
)
from tests.examples.cases_conference_desks import ACTIONS, FULL, GUEST, ORGANISER, READING, WHO, WORK, Desks


def state(*events: Event) -> Conference:
    return reduce(CONFERENCE.evolve, events, CONFERENCE.initial)  # type: ignore[arg-type]


def personal(event: Event) -> dict[str, Any]:
    """The personal fields that say something."""
    return {name: value for name, value in event if isinstance(value, Personal) and not value.is_withheld}


def told(event: Any, recipient: UUID, *history: Event) -> Any:
    return disclose(event, state(convened(), *history), recipient)


# Who hears what


def test_a_full_participant_is_invited_with_reason_and_goal() -> None:
    letter = told(convened(), SCHOOL)
    assert (letter.reason, letter.goal, letter.told) == (example.REASON, example.GOAL, (SCHOOL,))


def test_a_guest_is_invited_without_names() -> None:
    letter = told(convened(), NIT)
    assert letter == guest_invited()
    assert not personal(letter)
    assert str(SCHOOL) not in letter.model_dump_json()


def test_who_hears_one_item_hears_no_more_than_a_guest() -> None:
    invitees = (Invitee(organisation=SCHOOL, item=example.Need.ATTENDANCE),)
    only = convened(invitees=invitees, told=(SCHOOL,))
    assert isinstance(disclose(only, state(only), SCHOOL), GuestInvited)


@pytest.mark.parametrize("event", [rescheduled(place=example.PLACE), cancelled()])
def test_a_guest_hears_of_time_and_end_without_a_word(event: Any) -> None:
    assert personal(told(event, SCHOOL))
    assert type(told(event, NIT)) is type(event)
    assert not personal(told(event, NIT))


def test_a_guest_hears_of_its_own_attendance() -> None:
    letter = told(held(), NIT)
    assert isinstance(letter, ConferenceHeld)
    assert letter.attendance == (Attendance(organisation=NIT, presence=Presence.ATTENDED),)
    assert len(told(held(), SCHOOL).attendance) == 4


@pytest.mark.parametrize("event", [comments_opened(), issued(), review_held(), next_review_set(), no_response_noted()])
def test_a_guest_hears_nothing_of_the_minutes_but_a_number(event: Any) -> None:
    letter = told(event, NIT, assigned())
    assert letter == ConferenceNoted(conference_id=event.conference_id, author=OSPOD, number=event.number, told=(NIT,))


def test_jakubs_extract_holds_m1_only() -> None:
    """Step 11 of the story: five measures, and the guest from Nit reads his own."""
    given = [
        assigned(3, action_id=M1, responsible=NIT),
        assigned(4, action_id=M2, responsible=TOWN),
        assigned(5, action_id=M3, responsible=SCHOOL),
        assigned(6, action_id=example.M4, responsible=PRISTAV),
        assigned(7, action_id=example.M5, responsible=OSPOD, watched_by=TOWN),
    ]
    extract = [told(one, NIT) for one in given]
    assert [one.action_id for one in extract if isinstance(one, ActionAssigned)] == [M1]
    assert [one.number for one in extract] == [3, 4, 5, 6, 7]
    assert extract[0].title == TITLE
    of_the_town = [told(one, TOWN) for one in given]
    assert [one.action_id for one in of_the_town if isinstance(one, ActionAssigned)] == [M2, example.M5]


def test_silence_is_told_to_the_silent_only() -> None:
    assert told(no_response_noted(), TOWN).organisation == TOWN
    assert isinstance(told(no_response_noted(), SCHOOL), ConferenceNoted)


def test_a_reassigned_measure_is_told_to_who_has_it_and_taken_from_who_had_it() -> None:
    assert told(reassigned(), TOWN).title == TITLE
    taken = told(reassigned(), NIT)
    assert isinstance(taken, ActionReassigned)
    assert (taken.responsible, taken.title, taken.due) == (None, None, None)
    assert isinstance(told(reassigned(), SCHOOL), ConferenceNoted)
    assert isinstance(told(action_cancelled(), NIT), ActionCancelled)
    assert isinstance(told(action_cancelled(), TOWN), ConferenceNoted)


def test_a_review_tells_each_reader_of_its_own_measures() -> None:
    found = (Found(action_id=M1, state=MeasureState.DONE), Found(action_id=M2, state=MeasureState.PARTLY))
    history = (assigned(2), assigned(3, action_id=M2, responsible=TOWN, watched_by=SCHOOL))
    letter = told(review_held(4, found=found), SCHOOL, *history)
    assert [one.action_id for one in letter.found] == [M2]


def test_who_watches_takes_the_word_of_the_review() -> None:
    history = (convened(), assigned(2, responsible=TOWN, watched_by=SCHOOL))
    assert measures(state(*history))[M1].state is MeasureState.ASSIGNED
    done = review_held(3, found=(Found(action_id=M1, state=MeasureState.DONE),))
    assert measures(state(*history, done))[M1].state is MeasureState.DONE


def test_the_organisers_own_work_is_told_to_who_watches() -> None:
    given = assigned(2, responsible=OSPOD, watched_by=TOWN)
    own = acknowledged(3, 0, author=OSPOD, told=INVITED)
    assert told(own, TOWN, given).action_id == M1
    assert isinstance(told(own, SCHOOL, given), ConferenceNoted)


def test_what_the_invited_write_goes_to_the_organiser_alone() -> None:
    assert told(answered(), OSPOD) == answered()
    with pytest.raises(Rejected, match="not_party"):
        told(answered(), TOWN)


@pytest.mark.parametrize("event", [convened(), held(), closed()])
def test_a_stranger_hears_nothing(event: Any) -> None:
    with pytest.raises(Rejected, match="not_party"):
        told(event, STRANGER)


@pytest.mark.parametrize("event", [drafted(), person_invited()])
def test_the_organisers_own_records_leave_for_nobody(event: Any) -> None:
    with pytest.raises(Rejected, match="not_party"):
        told(event, SCHOOL)


# What is taken in


def test_a_letter_is_recorded_once() -> None:
    assert receive(answered(), state(convened()), SCHOOL) == (answered(),)
    assert receive(answered(), state(convened(), answered()), SCHOOL) == ()
    early = answered(3)
    assert receive(early, state(convened(), early), SCHOOL) == ()


def test_a_letter_may_come_before_the_invitation() -> None:
    assert receive(held(), state(), OSPOD) == (held(),)
    early = state(held())
    assert told_stage(early) is Stage.NOT_CONVENED
    assert told_stage(CONFERENCE.evolve(early, convened())) is Stage.HELD


@pytest.mark.parametrize(
    ("event", "known", "sender", "code"),
    [
        (answered(), (convened(),), TOWN, "not_owner"),  # in another's name
        (person_invited(), (convened(),), SCHOOL, "not_owner"),  # nothing shared
        (held(author=SCHOOL, told=(OSPOD,)), (convened(),), SCHOOL, "not_owner"),  # the organiser's to say
        (answered(author=STRANGER), (convened(),), STRANGER, "not_party"),  # never invited
        (answered(told=(TOWN,)), (convened(),), SCHOOL, "not_party"),  # not meant for the organiser
        (confirmed(author=OSPOD), (convened(),), OSPOD, "not_party"),  # the organiser confirms nothing
        (convened(author=TOWN), (held(),), TOWN, "not_party"),  # somebody else's log came first
        (convened(number=2), (), OSPOD, "not_party"),  # the invitation is entry 1
        (held(number=1), (), OSPOD, "not_party"),
    ],
)
def test_what_is_not_theirs_to_write_is_refused(event: Any, known: tuple[Event, ...], sender: UUID, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        receive(event, state(*known), sender)
    assert refusal.value.code == code


# Three desks, and letters that come late, twice, crossing, or only at the end


TO_A_GUEST = {
    Stage.COMMENTS_OPEN: Stage.HELD,
    Stage.MINUTES_ISSUED: Stage.HELD,
    Stage.IN_REVIEW: Stage.HELD,
}


class ThreeDesks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.desks = Desks()

    @initialize(steps=st.integers(0, 6), number=st.integers(0, 11), answer=st.sampled_from(Answer))
    def begin(self, steps: int, number: int, answer: Answer) -> None:
        self.desks.begin(steps, number, answer)

    @rule(number=st.integers(0, 11))
    def the_organiser_goes_on(self, number: int) -> None:
        self.desks.the_organiser_goes_on(number)

    @rule(hour=st.integers(8, 12))
    def the_organiser_moves_the_date(self, hour: int) -> None:
        at = example.OTHER_START.replace(hour=hour)
        self.desks.organises(example.reschedule(starts_at=at, place=example.PLACE))

    @rule(really=st.integers(0, 9))
    def the_organiser_cancels(self, really: int) -> None:
        if really == 0:
            self.desks.organises(example.cancel())

    @rule(number=st.integers(0, 26))
    def the_organiser_assigns(self, number: int) -> None:
        self.desks.the_organiser_assigns(number)

    @rule(action_id=st.sampled_from(ACTIONS))
    def the_organiser_gives_a_measure_up(self, action_id: UUID) -> None:
        self.desks.organises(example.cancel_action(action_id=action_id))

    @rule()
    def the_organiser_notes_silence(self) -> None:
        self.desks.organises(example.note_no_response(organisation=FULL))

    @rule(who=st.sampled_from([FULL, GUEST]), answer=st.sampled_from(Answer))
    def somebody_answers(self, who: UUID, answer: Answer) -> None:
        self.desks.somebody_answers(who, answer)

    @rule(wish=st.sampled_from(READING))
    def somebody_reads_the_minutes(self, wish: Any) -> None:
        self.desks.at[FULL].act(wish(actor=worker_of(FULL)))

    @rule(who=st.sampled_from(WHO), work=st.sampled_from(WORK))
    def somebody_works(self, who: UUID, work: Any) -> None:
        self.desks.somebody_works(who, work)

    @rule(sender=st.sampled_from(WHO), data=st.data())
    def some_letter_arrives(self, sender: UUID, data: st.DataObject) -> None:
        if letters := self.desks.at[sender].sent:
            self.desks.deliver(sender, *data.draw(st.sampled_from(letters)))

    @rule(sender=st.sampled_from(WHO))
    def the_post_comes(self, sender: UUID) -> None:
        self.desks.the_post_comes(sender)

    @invariant()
    def the_guest_reads_its_own_measures_and_nothing_else(self) -> None:
        known = measures(self.desks.organiser.knows)
        for letter in self.desks.to_guest:
            assert letter.audience() == (str(GUEST),)
            if not personal(letter):
                continue
            if isinstance(letter, ActionAssigned | ActionReassigned | ActionCancelled):
                assert GUEST in (letter.responsible, letter.watched_by)
            else:  # the organiser's own work on a measure the guest watches
                assert isinstance(letter, MeasureEntry) and letter.action_id in known

    def teardown(self) -> None:
        self.desks.everything_arrives()
        organiser = self.desks.organiser.knows
        assert not any(log.held for log in organiser.logs.values())
        for who in (FULL, GUEST):
            reads = self.desks.at[who].knows
            assert not any(log.held for log in reads.logs.values())
            assert len(reads.entries(ORGANISER)) == len(organiser.entries(ORGANISER))
            stage = told_stage(organiser)
            assert told_stage(reads) is (stage if who == FULL else TO_A_GUEST.get(stage, stage))
            assert answer_of(reads, who) is answer_of(organiser, who)
            there = measures(reads)
            for action_id, measure in measures(organiser).items():
                if measure.responsible == who:
                    assert there[action_id] == measure
        assert copy_of(self.desks.at[FULL].knows, FULL) is copy_of(organiser, FULL)


ThreeDesks.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestThreeDesks = ThreeDesks.TestCase


def test_the_guests_cut_has_teeth(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the difference between guests and others removed, the guest reads reason and minutes."""
    monkeypatch.setattr(Invitee, "is_full", True)
    assert personal(told(convened(), NIT)) and personal(told(issued(), NIT))


def test_knowing_the_last_date_has_teeth(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `seen` ignored, an answer to the old date would count for the new one."""
    monkeypatch.setattr(Conference, "knew", lambda conference, entry: 99)
    assert answer_of(state(convened(), rescheduled(), answered()), SCHOOL) is not None
    history = (
        convened(),
        held(),
        assigned(),
        acknowledged(),
        reassigned(4),
        reassigned(5, previous=TOWN, responsible=NIT),
    )
    assert measures(state(*history, finished()))[M1].state is not MeasureState.ASSIGNED
