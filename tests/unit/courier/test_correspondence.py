"""The rules of letters between two organisations, as sentences."""

from dataclasses import replace
from functools import reduce
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from libs.eventlog import Rejected
from libs.testing import spec
from services.courier.correspondence.commands import CorrespondenceCommand, NoteArrival, Written
from services.courier.correspondence.decider import CORRESPONDENCE, FURTHEST, decide, evolve
from services.courier.correspondence.events import CorrespondenceEvent
from services.courier.correspondence.numbering import Range, known, missing, received
from services.courier.correspondence.state import REMEMBERED, Correspondence, Incoming, Posted
from tests.examples.courier_correspondence import (
    NOBODY,
    OTHER,
    REFERRAL_SENT,
    SAID,
    THIRD,
    hello_observed,
    letter_applied,
    letter_arrived,
    letter_conflicted,
    letter_posted,
    letter_quarantined,
    letter_receipted,
    letter_sent,
    letter_voided,
    note_applied,
    note_arrival,
    note_receipt,
    note_refusal,
    note_sent,
    observe_hello,
    post_letter,
    receipt_disputed,
    void_letter,
)

letters = spec(CORRESPONDENCE)


def after(*events: CorrespondenceEvent) -> Correspondence:
    return reduce(evolve, events, Correspondence())


# Out


def test_the_first_letter_is_number_one():
    letters.given().when(post_letter()).then(letter_posted())


def test_what_was_sealed_under_its_number_is_noted_with_it():
    letters.given().when(post_letter(written=Written(number=1, digest=SAID))).then(letter_posted(), letter_sent())


def test_sealed_under_a_number_that_another_letter_got_it_was_not_sent():
    another = UUID(int=9)
    written = Written(number=1, digest=SAID)
    letters.given(letter_posted(event_id=another)).when(post_letter(written=written)).then(letter_posted(number=2))


def test_numbers_are_dense():
    letters.given(letter_posted()).when(post_letter(event_id=NOBODY)).then(letter_posted(event_id=NOBODY, number=2))


def test_an_event_is_owed_once():
    letters.given(letter_posted()).when(post_letter()).then_nothing_happened()


def test_what_the_hub_took_is_noted_once_per_attempt():
    letters.given(letter_posted()).when(note_sent()).then(letter_sent())
    letters.given(letter_posted(), letter_sent()).when(note_sent()).then_nothing_happened()
    letters.given(letter_posted(), letter_sent()).when(note_sent(attempt=2)).then(letter_sent(attempt=2))


def test_a_receipt_that_was_faster_than_the_note_of_sending_stands():
    letters.given(letter_posted(), letter_receipted()).when(note_sent()).then_nothing_happened()


@pytest.mark.parametrize("command", [note_sent(), note_receipt(), void_letter(), note_receipt(number=5)])
def test_a_number_we_never_gave_is_refused(command: CorrespondenceCommand):
    letters.given().when(command).then_rejected("never_posted")


def test_a_receipt_closes_the_letter():
    letters.given(letter_posted(), letter_sent()).when(note_receipt()).then(letter_receipted())
    assert after(letter_posted(), letter_receipted()).outstanding == {}


def test_a_refusal_names_a_code():
    refused = note_receipt(outcome="refused", code="not_party")
    letters.given(letter_posted()).when(refused).then(letter_receipted(outcome="refused", code="not_party"))
    with pytest.raises(ValidationError, match="needs a code"):
        note_receipt(outcome="refused")
    with pytest.raises(ValidationError):
        note_receipt(outcome="refused", code="Jana řekla, že nechce")


def test_the_same_receipt_again_is_nothing_new():
    letters.given(letter_posted(), letter_receipted()).when(note_receipt()).then_nothing_happened()


def test_the_last_word_of_a_partner_stands():
    late = note_receipt(outcome="refused", code="not_party")
    letters.given(letter_posted(), letter_receipted()).when(late).then_nothing_happened()


def test_a_letter_kept_for_a_newer_program_is_answered_twice():
    stored = letter_receipted(outcome="stored")
    letters.given(letter_posted()).when(note_receipt(outcome="stored")).then(stored)
    letters.given(letter_posted(), stored).when(note_receipt(outcome="stored")).then_nothing_happened()
    letters.given(letter_posted(), stored).when(note_receipt()).then(letter_receipted())
    assert after(letter_posted(), stored).unanswered() == ()


def test_a_receipt_for_something_never_sent_is_disputed():
    """A node was restored and used a number twice; the partner kept the first letter and confirmed that one."""
    history = (letter_posted(), letter_sent())
    letters.given(*history).when(note_receipt(digest=OTHER)).then(receipt_disputed())
    letters.given(*history, receipt_disputed()).when(note_receipt(digest=OTHER)).then_nothing_happened()
    letters.given(*history, receipt_disputed()).when(post_letter()).then(letter_posted(number=2))


def test_a_receipt_for_any_attempt_counts():
    history = (letter_posted(), letter_sent(), letter_sent(attempt=2, digest=OTHER))
    letters.given(*history).when(note_receipt()).then(letter_receipted())
    letters.given(*history).when(note_receipt(digest=OTHER)).then(letter_receipted(digest=OTHER))


def test_a_receipt_is_believed_when_the_note_of_sending_was_lost():
    letters.given(letter_posted()).when(note_receipt(digest=OTHER)).then(letter_receipted(digest=OTHER))


def test_a_letter_whose_ground_is_gone_is_voided_once():
    letters.given(letter_posted()).when(void_letter()).then(letter_voided())
    letters.given(letter_posted(), letter_voided()).when(void_letter()).then_nothing_happened()


def test_a_void_waits_for_its_receipt_like_a_letter():
    state = after(letter_posted(), letter_voided())
    assert state.unanswered() == (1,) and state.outstanding[1].voided == "release_withdrawn"
    voided = note_receipt(outcome="voided", digest=OTHER)
    history = (letter_posted(), letter_voided(), letter_sent(digest=OTHER))
    letters.given(*history).when(voided).then(letter_receipted(outcome="voided", digest=OTHER))


def test_a_void_that_crossed_its_letter_is_told_by_the_receipt():
    history = (letter_posted(), letter_sent(), letter_voided(), letter_sent(attempt=2, digest=OTHER))
    letters.given(*history).when(note_receipt()).then(letter_receipted())


def test_an_answered_number_can_be_voided_for_a_partner_that_lost_it():
    letters.given(letter_posted(), letter_receipted()).when(void_letter()).then(letter_voided())


# In


def test_a_letter_arrives_once():
    letters.given().when(note_arrival()).then(letter_arrived())
    letters.given(letter_arrived()).when(note_arrival()).then_nothing_happened()


def test_an_arrival_says_how_far_everything_is_complete():
    early = letter_arrived(number=2, through=0)
    letters.given().when(note_arrival(number=2)).then(early)
    letters.given(early).when(note_arrival()).then(letter_arrived(through=2))


def test_another_letter_under_a_known_number_is_an_alarm_once():
    letters.given(letter_arrived()).when(note_arrival(digest=OTHER)).then(letter_conflicted())
    history = (letter_arrived(), letter_conflicted())
    letters.given(*history).when(note_arrival(digest=OTHER)).then_nothing_happened()
    letters.given(*history).when(note_arrival(digest=THIRD)).then(letter_conflicted(digest=THIRD))
    letters.given(*history).when(note_arrival()).then_nothing_happened()  # the first one stands


@pytest.mark.parametrize(("first", "second"), [("referral-sent", "void"), ("void", "referral-sent")])
def test_a_letter_and_its_void_that_crossed_are_no_alarm(first: str, second: str):
    letters.given(letter_arrived(letter_type=first)).when(
        note_arrival(digest=OTHER, letter_type=second)
    ).then_nothing_happened()


def test_the_same_event_told_anew_is_no_alarm():
    """An operator was told that a partner had used a number twice; it had only taken a referral back.

    Its letter went again, for the receipt was lost, and said less than the first time: the ground was gone. What a
    letter says may change from one attempt to the next, what it tells of may not.
    """
    told, other_event = REFERRAL_SENT, UUID(int=REFERRAL_SENT.int + 1)
    first = letter_arrived(event_id=told)
    letters.given(first).when(note_arrival(digest=OTHER, event_id=told)).then_nothing_happened()
    letters.given(first).when(note_arrival(digest=OTHER, event_id=other_event)).then(letter_conflicted())
    letters.given(letter_arrived()).when(note_arrival(digest=OTHER, event_id=told)).then(letter_conflicted())


def test_a_number_far_beyond_all_others_is_refused():
    letters.given().when(note_arrival(number=FURTHEST)).then(letter_arrived(number=FURTHEST, through=0))
    letters.given().when(note_arrival(number=FURTHEST + 1)).then_rejected("implausible_number")


def test_what_became_of_a_letter_is_noted_once():
    letters.given(letter_arrived()).when(note_applied()).then(letter_applied())
    letters.given(letter_arrived(), letter_applied()).when(note_applied()).then_nothing_happened()
    refused = note_applied(outcome="refused", code="not_party")
    letters.given(letter_arrived(), letter_applied()).when(refused).then_nothing_happened()
    letters.given().when(note_applied()).then_rejected("not_arrived")


def test_a_letter_of_an_unknown_version_is_applied_after_the_upgrade():
    stored = letter_applied(outcome="stored")
    letters.given(letter_arrived()).when(note_applied(outcome="stored")).then(stored)
    letters.given(letter_arrived(), stored).when(note_applied(outcome="stored")).then_nothing_happened()
    letters.given(letter_arrived(), stored).when(note_applied()).then(letter_applied())
    assert not after(letter_arrived(), stored).is_applied(1)
    assert after(letter_arrived(), stored, letter_applied()).is_applied(1)


def test_a_repeat_gets_the_same_receipt():
    state = after(letter_arrived(), letter_applied(outcome="refused", code="not_party"))
    assert state.receipt_of(1) == Incoming(1, SAID, void=False, outcome="refused", code="not_party")
    assert after(letter_arrived()).receipt_of(1) is None and Correspondence().receipt_of(1) is None


def test_letters_may_be_applied_in_any_order():
    state = after(letter_arrived(), letter_arrived(number=2), letter_applied(number=2))
    assert state.waiting == {1} and state.is_applied(2) and not state.is_applied(1)


def test_what_is_no_letter_goes_to_quarantine_once():
    letters.given().when(note_refusal()).then(letter_quarantined())
    letters.given(letter_quarantined()).when(note_refusal()).then_nothing_happened()
    stranger = note_refusal(partner_id=NOBODY, reason="unknown_sender")
    letters.given().when(stranger).then(letter_quarantined(partner_id=NOBODY, reason="unknown_sender"))


# Hello


def test_a_hello_that_tells_nothing_new_is_not_recorded():
    letters.given().when(observe_hello()).then_nothing_happened()
    observed = hello_observed(their_sent=3, their_received=1, next_number=2)
    letters.given(letter_posted(), observed).when(observe_hello(their_sent=2, their_received=1)).then_nothing_happened()


def test_after_a_restore_our_next_number_is_beyond_what_the_partner_has():
    raised = hello_observed(their_received=9, next_number=10)
    letters.given(letter_posted()).when(observe_hello(their_received=9)).then(raised)
    letters.given(letter_posted(), raised).when(post_letter(event_id=NOBODY)).then(
        letter_posted(event_id=NOBODY, number=10)
    )


def test_a_number_the_restored_node_forgot_can_still_be_voided():
    raised = hello_observed(their_received=9, next_number=10)
    letters.given(raised).when(void_letter(number=5, code="number_lost")).then(
        letter_voided(number=5, code="number_lost")
    )
    state = after(raised, letter_voided(number=5, code="number_lost"))
    assert state.outstanding[5].posted is None and state.unanswered() == (5,)


def test_a_lost_tail_shows_in_the_hello():
    state = after(letter_arrived(), hello_observed(their_sent=3, next_number=1))
    assert state.missing() == (Range(first=2, last=3),)


def test_lost_receipts_show_in_the_hello():
    history = (letter_posted(), letter_posted(number=2, event_id=NOBODY), letter_receipted(number=2))
    state = after(*history, hello_observed(their_received=2, next_number=3))
    assert state.receipts_lost() == (1,)


def test_an_absurd_hello_is_refused():
    letters.given().when(observe_hello(their_received=FURTHEST + 1)).then_rejected("implausible_hello")
    letters.given().when(observe_hello(their_sent=FURTHEST + 1)).then_rejected("implausible_hello")


def test_our_own_hello_is_in_the_state():
    state = after(letter_posted(), letter_arrived(), letter_arrived(number=4, through=1))
    assert (state.sent, state.received, state.missing()) == (1, 4, (Range(first=2, last=3),))
    assert state.outstanding[1].posted == Posted(REFERRAL_SENT, "cases", 7, "referral-sent")


# Any order


def deliver(numbers: list[int], state: Correspondence = Correspondence()) -> Correspondence:
    """Arrivals as the hub may deliver them; every number has one content, so no repeat is a conflict."""
    for number in numbers:
        for event in decide(note_arrival(number=number, digest=f"{number:064x}"), state):
            state = evolve(state, event)
    return state


deliveries = st.lists(st.integers(1, 12), max_size=40)


@given(orders=deliveries.flatmap(lambda numbers: st.tuples(st.just(numbers), st.permutations(numbers))))
def test_any_order_and_any_repeats_give_one_state(orders: tuple[list[int], list[int]]):
    numbers, shuffled = orders
    assert deliver(shuffled) == deliver(numbers) == deliver(numbers * 2) == deliver(sorted(set(numbers)))


@given(numbers=deliveries)
def test_what_has_come_and_what_is_missing_add_up(numbers: list[int]):
    state = deliver(numbers)
    gaps = {number for gap in state.missing() for number in range(gap.first, gap.last + 1)}
    assert gaps | set(numbers) == set(range(1, max(numbers, default=0) + 1)) and not gaps & set(numbers)
    assert all(state.has(number) for number in numbers) and not any(state.has(number) for number in gaps)
    assert state.waiting == set(numbers)


@given(numbers=st.sets(st.integers(1, 30)), last=st.integers(0, 40))
def test_gaps_are_closed_ranges_without_overlap(numbers: set[int], last: int):
    through, beyond = 0, ()
    for number in sorted(numbers, reverse=True):
        through, beyond = received(through, beyond, number)
    assert all(known(through, beyond, number) == (number in numbers) for number in range(1, 40))
    ranges = missing(through, beyond, last)
    assert all(one.first <= one.last for one in ranges)
    assert all(one.last + 1 < following.first for one, following in pairwise(ranges))


@given(numbers=deliveries, conflicting=st.lists(st.integers(1, 12), max_size=5))
def test_a_contradiction_never_moves_what_stands(numbers: list[int], conflicting: list[int]):
    state = deliver(numbers)
    for number in conflicting:
        if state.has(number):
            for event in decide(note_arrival(number=number, digest=OTHER), state):
                state = evolve(state, event)
    assert replace(state, conflicts=()) == deliver(numbers)


def test_digests_are_remembered_for_the_latest_numbers_only():
    numbers = list(range(1, REMEMBERED + 4))
    state = deliver(numbers)
    assert len(state.recent) == REMEMBERED and min(state.recent) == 4
    assert deliver([*numbers[4:], *numbers[:4]]) == state
    forgotten: NoteArrival = note_arrival(number=1, digest=OTHER)
    assert decide(forgotten, state) == ()  # known, so never applied; only the alarm is gone


@given(
    st.lists(
        st.sampled_from(
            [
                letter_posted(),
                letter_sent(),
                letter_receipted(),
                letter_receipted(outcome="stored"),
                receipt_disputed(),
                letter_voided(),
                letter_arrived(),
                letter_applied(),
                letter_applied(outcome="stored"),
                letter_conflicted(),
                letter_quarantined(),
                hello_observed(their_received=3, next_number=4),
            ]
        )
    )
)
def test_evolve_has_an_answer_to_everything(events: list[CorrespondenceEvent]):
    state = after(*events)
    for command in (post_letter(), note_sent(), note_receipt(), void_letter(), note_arrival(), note_applied()):
        try:
            decided = decide(command, state)
        except Rejected as rejected:
            assert "Nothing was recorded." in rejected.sentence
        else:
            assert reduce(evolve, decided, state) is not None
