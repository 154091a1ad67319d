"""The numbered table of domain.md §4.6, row by row, on hand-written logs."""

import pytest

from services.cases.referral.common_state import Stage, common_state
from services.cases.referral.events import ProgressEntry, RequestEntry
from tests.examples.cases_referral import (
    accepted,
    cancelled,
    closed,
    completed,
    declined,
    entered_in_error,
    expired,
    failed,
    outcome_corrected,
    received,
    rerouted,
    resumed,
    sent,
    started,
    waiting,
    withdrawn,
)

Request = tuple[RequestEntry, ...]
Progress = tuple[ProgressEntry, ...]

WITHDRAWN: Request = (sent(), withdrawn())
IN_PROGRESS: Progress = (received(), accepted(), started())


@pytest.mark.parametrize(
    "progress",
    [(), IN_PROGRESS, (*IN_PROGRESS, completed()), (received(), cancelled(number=2, seen=2, cause="error"))],
)
def test_row_1_error_wins_over_everything(progress: Progress):
    for request in ((sent(), entered_in_error()), (*WITHDRAWN, closed(number=3), entered_in_error(number=4))):
        assert common_state(request, progress).stage is Stage.ENTERED_IN_ERROR
        assert common_state(request, progress).outcome is None


def test_row_2_a_closed_one_remembers_where_it_stood():
    state = common_state((sent(), closed()), (*IN_PROGRESS, completed()))
    assert (state.stage, state.outcome, state.code) == (Stage.CLOSED, Stage.COMPLETED, "help_received")


def test_row_2_over_row_4():
    state = common_state((*WITHDRAWN, closed(number=3)), (received(), cancelled(number=2, seen=2, cause="withdrawal")))
    assert (state.stage, state.outcome) == (Stage.CLOSED, Stage.WITHDRAWN)


def test_row_2_over_row_3_keeps_the_flag():
    state = common_state((*WITHDRAWN, closed(number=3)), (received(), declined(seen=1)))
    assert (state.stage, state.outcome, state.crossed) == (Stage.CLOSED, Stage.DECLINED, True)


@pytest.mark.parametrize(
    ("progress", "stage"),
    [
        ((received(), declined()), Stage.DECLINED),
        ((received(), rerouted()), Stage.REROUTED),
        ((received(), expired()), Stage.EXPIRED),
        ((*IN_PROGRESS, completed()), Stage.COMPLETED),
        ((received(), accepted(), failed()), Stage.FAILED),
        ((received(), accepted(), cancelled()), Stage.CANCELLED),
    ],
)
def test_row_3_a_final_answer_that_crossed_the_withdrawal_stands(progress: Progress, stage: Stage):
    state = common_state(WITHDRAWN, progress)
    assert (state.stage, state.crossed, state.faults) == (stage, True, ())


def test_row_4_a_confirmed_withdrawal():
    for progress in (
        (received(), cancelled(number=2, seen=2, cause="withdrawal")),
        (received(seen=2), cancelled(number=2, seen=2, cause="withdrawal")),
        (*IN_PROGRESS, cancelled(number=4, seen=2, cause="withdrawal", client_continues=True)),
    ):
        state = common_state(WITHDRAWN, progress)
        assert (state.stage, state.crossed, state.faults) == (Stage.WITHDRAWN, False, ())


@pytest.mark.parametrize(
    "progress",
    [(), (received(),), (received(seen=2),), (received(), accepted()), IN_PROGRESS, (received(), waiting())],
)
def test_row_5_a_withdrawal_that_nobody_has_confirmed(progress: Progress):
    assert common_state(WITHDRAWN, progress).stage is Stage.WITHDRAWAL_PENDING


@pytest.mark.parametrize(
    ("progress", "stage"),
    [
        ((received(),), Stage.RECEIVED),
        ((received(), waiting()), Stage.WAITING),
        ((received(), waiting(), resumed()), Stage.RECEIVED),
        ((received(), waiting(), accepted(number=3)), Stage.ACCEPTED),
        ((received(), accepted()), Stage.ACCEPTED),
        ((received(), accepted(), waiting(number=3), resumed(number=4)), Stage.ACCEPTED),
        (IN_PROGRESS, Stage.IN_PROGRESS),
        ((*IN_PROGRESS, waiting(number=4), waiting(number=5), resumed(number=6)), Stage.IN_PROGRESS),
        ((received(), declined()), Stage.DECLINED),
        ((received(), rerouted()), Stage.REROUTED),
        ((received(), expired()), Stage.EXPIRED),
        ((*IN_PROGRESS, completed()), Stage.COMPLETED),
        ((received(), accepted(), failed()), Stage.FAILED),
        ((received(), accepted(), cancelled()), Stage.CANCELLED),
    ],
)
def test_row_6_the_last_word_of_the_progress_log(progress: Progress, stage: Stage):
    state = common_state((sent(),), progress)
    assert (state.stage, state.crossed, state.outcome) == (stage, False, None)


def test_row_7_sent_and_no_word_yet():
    assert common_state((sent(),), ()).stage is Stage.SENT


def test_row_8_a_draft():
    assert common_state((), ()).stage is Stage.DRAFT


def test_the_first_final_answer_stands():
    state = common_state((sent(),), (received(), declined(), accepted(number=3), completed(number=4)))
    assert (state.stage, state.code) == (Stage.DECLINED, "no_capacity")


def test_only_a_completed_outcome_is_corrected():
    done = (*IN_PROGRESS, completed())
    assert common_state((sent(),), (*done, outcome_corrected())).code == "partly_received"
    assert common_state((sent(),), (received(), declined(), outcome_corrected(number=3))).code == "no_capacity"


def test_a_correction_counts_even_with_the_withdrawal_seen():
    state = common_state(WITHDRAWN, (*IN_PROGRESS, completed(), outcome_corrected(seen=2)))
    assert (state.stage, state.code, state.faults) == (Stage.COMPLETED, "partly_received", ())


def test_what_is_written_in_knowledge_of_the_withdrawal_does_not_count():
    state = common_state(WITHDRAWN, (received(), accepted(seen=2), completed(number=3, seen=2)))
    assert (state.stage, state.crossed, state.faults) == (Stage.WITHDRAWAL_PENDING, False, (2, 3))


def test_an_amendment_before_the_withdrawal_moves_the_line():
    """k is the number of the withdrawal: who has seen only the amendment has not seen the withdrawal."""
    request = (sent(), sent(number=2), withdrawn(number=3))
    assert common_state(request, (received(), declined(seen=2))).crossed
    assert common_state(request, (received(), declined(seen=3))).faults == (2,)
