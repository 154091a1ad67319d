"""Rules of a contact: how it counts, how it is corrected, whose it is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from libs.codelists import CountedAs
from libs.eventlog import Command
from libs.testing import spec
from services.contacts.contact import counting
from services.contacts.contact.counting import RuleSet, counted_as
from services.contacts.contact.decider import CONTACT, Kept, evolve
from services.contacts.contact.events import Facts
from tests.examples.contacts_contact import (
    C2,
    COMPLETE,
    NOTE,
    OTHER_NOTE,
    REASON,
    REQUIRED,
    c1,
    c2,
    c3,
    conflict_raised,
    correct,
    corrected,
    link,
    linked,
    record_c1,
    record_c2,
    record_c3,
    resolve,
    resolved,
    unlink,
    unlinked,
    void,
    voided,
)
from tests.examples.contacts_people import OLGA, SIMON, TWIN_RECORD, at

contact = spec(CONTACT)


def test_twelve_minutes_are_a_contact_and_six_approaches_none():
    contact.given().when(record_c1()).then(c1())
    assert c1().counted_as is CountedAs.CONTACT and c1().approached == 6


def test_thirty_five_minutes_are_an_intervention():
    contact.given().when(record_c2()).then(c2())
    contact.given().when(record_c3()).then(c3())


@pytest.mark.parametrize(
    ("minutes", "counts"),
    [(0, "neither"), (9, "neither"), (10, "contact"), (29, "contact"), (30, "intervention"), (45, "intervention")],
)
def test_k01_thresholds(minutes: int, counts: str):
    contact.given().when(record_c2(minutes=minutes)).then(c2(minutes=minutes, counted_as=CountedAs(counts)))


def test_k01_thresholds_belong_to_a_region_and_a_year_of_prague(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(counting.RULES, ("51", 2027), RuleSet(contact_from=15, intervention_from=60))
    last_hour_of_2026_in_london = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert counted_as(12, "560537", last_hour_of_2026_in_london) is CountedAs.NEITHER
    assert counted_as(12, "560537", at(12, 31, 12)) is CountedAs.CONTACT
    assert counted_as(12, "564095", last_hour_of_2026_in_london) is CountedAs.CONTACT
    assert counted_as(12, None, last_hour_of_2026_in_london) is CountedAs.CONTACT


def test_k03_approaches_alone_count_nowhere():
    only_addressed = {"minutes": 0, "approached": 40, "spoke": 0}
    counts = {"counted_as": CountedAs.NEITHER}
    contact.given().when(record_c1(**only_addressed)).then(c1(**only_addressed, **counts))


def test_an_impossible_duration_is_no_command():
    with pytest.raises(ValidationError):
        record_c1(minutes=-1)
    with pytest.raises(ValidationError):
        record_c1(minutes=1441)


def test_recording_the_same_twice_is_nothing_new():
    contact.given(c1()).when(record_c1()).then_nothing_happened()
    contact.given(c1(), voided()).when(record_c1()).then_nothing_happened()


def test_another_contact_under_the_same_number_is_refused():
    contact.given(c1()).when(record_c1(minutes=20)).then_rejected("contact_exists")


@pytest.mark.parametrize("command", [correct(), resolve(), void(), link(), unlink()], ids=lambda c: type(c).__name__)
def test_what_was_never_recorded_cannot_be_changed(command: Command):
    contact.given().when(command).then_rejected("unknown_contact")


def test_the_author_corrects_and_it_counts_anew():
    contact.given(c1()).when(correct()).then(corrected())


def test_correcting_to_what_it_is_already_is_nothing_new():
    contact.given(c1()).when(correct(changes=Facts(minutes=12))).then_nothing_happened()
    contact.given(c1()).when(correct(changes=Facts())).then_nothing_happened()


def test_only_the_author_and_a_team_leader_correct():
    contact.given(c1()).when(correct(actor=SIMON)).then_rejected("not_author")
    contact.given(c1()).when(correct(actor=OLGA)).then(corrected())
    contact.given(c1()).when(void(actor=SIMON)).then_rejected("not_author")
    contact.given(c1()).when(void(actor=OLGA)).then(voided())


def test_a_note_is_corrected_without_being_read():
    contact.given(c1()).when(correct(changes=Facts(), note=OTHER_NOTE)).then(
        corrected(changes=Facts(), note=OTHER_NOTE, counted_as=CountedAs.CONTACT)
    )


def test_o02_one_field_changed_from_one_revision_keeps_both_values():
    late = correct(changes=Facts(minutes=9), base_revision=1)
    contact.given(c1(), corrected()).when(late).then(conflict_raised())


def test_o02_what_nobody_else_touched_is_corrected_all_the_same():
    late = correct(changes=Facts(minutes=9, approached=7), note=NOTE, base_revision=1)
    contact.given(c1(), corrected(note=OTHER_NOTE)).when(late).then(
        corrected(revision=3, changes=Facts(approached=7)),
        conflict_raised(note=NOTE),
    )


def test_a_correction_that_saw_the_last_one_is_no_conflict():
    counts = {"counted_as": CountedAs.NEITHER}
    aware = correct(changes=Facts(minutes=9), base_revision=2)
    contact.given(c1(), corrected()).when(aware).then(corrected(revision=3, changes=Facts(minutes=9), **counts))


def test_in_conflict_somebody_chooses_first():
    contact.given(c1(), corrected(), conflict_raised()).when(correct()).then_rejected("in_conflict")


def test_the_proposed_value_is_taken_over():
    contact.given(c1(), corrected(), conflict_raised()).when(resolve()).then(resolved())


def test_the_recorded_value_is_kept():
    kept = {"chosen": "recorded", "changes": Facts(), "counted_as": CountedAs.INTERVENTION}
    contact.given(c1(), corrected(), conflict_raised()).when(resolve(chosen="recorded")).then(resolved(**kept))


def test_choosing_twice_is_nothing_new():
    contact.given(c1(), corrected(), conflict_raised(), resolved()).when(resolve()).then_nothing_happened()


def test_a_stranger_does_not_choose():
    contact.given(c1(), corrected(), conflict_raised()).when(resolve(actor=SIMON)).then_rejected("not_author")


def test_a_voided_contact_stays_voided():
    contact.given(c1()).when(void()).then(voided())
    contact.given(c1(), voided()).when(void()).then_nothing_happened()
    contact.given(c1(), voided()).when(correct()).then_rejected("already_terminal")
    contact.given(c1(), voided()).when(link()).then_rejected("already_terminal")


def test_linking_says_whose_contact_it_was():
    contact.given(c1()).when(link()).then(linked())
    contact.given(c1(), linked()).when(link()).then_nothing_happened()
    contact.given(c2()).when(link(contact_id=C2)).then_nothing_happened()


def test_a_contact_belongs_to_one_person():
    contact.given(c1(), linked()).when(link(person_id=TWIN_RECORD)).then_rejected("linked_elsewhere")


def test_unlinking_takes_the_link_back():
    contact.given(c1(), linked()).when(unlink()).then(unlinked())
    contact.given(c1()).when(unlink()).then_nothing_happened()
    contact.given(c1(), linked(), unlinked()).when(link(person_id=TWIN_RECORD)).then(linked(person_id=TWIN_RECORD))


@given(st.lists(st.sampled_from([linked(), unlinked(), linked(person_id=TWIN_RECORD)])))
def test_k06_linking_never_changes_how_a_contact_counts(links: list[object]):
    before = evolve(CONTACT.initial, c1())
    after = before
    for one in links:
        after = evolve(after, one)  # pyright: ignore[reportArgumentType]
    assert isinstance(before, Kept) and isinstance(after, Kept)
    assert after.facts == before.facts


@given(st.lists(st.sampled_from([*COMPLETE, *REQUIRED])))
def test_every_history_has_an_answer(history: list[object]):
    state = CONTACT.initial
    for one in history:
        state = evolve(state, one)  # pyright: ignore[reportArgumentType]
    assert state.stage in ("unrecorded", "kept", "voided")


def test_no_name_is_in_the_state():
    assert "REASON" not in repr(evolve(CONTACT.initial, c1())) and REASON.reveal() not in repr(c1())
