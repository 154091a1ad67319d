"""The rules of a service agreement as sentences."""

from datetime import date
from typing import Any

import pytest

from libs.testing.spec import spec
from services.cases.agreement.decider import AGREEMENT
from services.cases.agreement.events import AgreementConcluded, AgreementEnd
from services.cases.agreement.projection import AGREEMENT_LIST, project
from tests.examples import cases_agreement as example
from tests.examples.cases_agreement import (
    JANA,
    ORDER,
    RADKA,
    TEXT,
    amend,
    amended,
    change_key_worker,
    conclude,
    concluded,
    end,
    ended,
    key_worker_changed,
    lapse,
    lapsed,
    negotiation_opened,
    open_negotiation,
    refuse,
    refused,
)

agreement = spec(AGREEMENT)


def test_what_a_person_wants_solved_is_recorded_before_anything_is_agreed() -> None:
    agreement.given().when(open_negotiation()).then(negotiation_opened())


def test_opening_a_negotiation_twice_is_nothing_new() -> None:
    agreement.given(negotiation_opened()).when(open_negotiation()).then_nothing_happened()


def test_an_oral_agreement_in_the_street_needs_no_negotiation_before() -> None:
    agreement.given().when(conclude()).then(concluded())


def test_a_negotiation_ends_in_an_agreement() -> None:
    agreement.given(negotiation_opened()).when(conclude()).then(concluded())


def test_whoever_concludes_is_the_key_worker_unless_another_is_named() -> None:
    agreement.given().when(conclude(key_worker=RADKA)).then(concluded(key_worker=RADKA))


def test_the_order_may_be_written_down_with_the_agreement() -> None:
    agreement.given().when(conclude(client_order=ORDER)).then(concluded(client_order=ORDER))


def test_concluding_twice_is_nothing_new() -> None:
    agreement.given(concluded()).when(conclude()).then_nothing_happened()


@pytest.mark.parametrize("wish", [conclude, open_negotiation, refuse])
def test_a_negotiation_is_about_one_person(wish: Any) -> None:
    agreement.given(negotiation_opened()).when(wish(person_id=JANA)).then_rejected("another_person")


def test_an_agreement_in_force_is_not_concluded_for_somebody_else() -> None:
    agreement.given(concluded()).when(conclude(person_id=JANA)).then_rejected("already_in_force")


def test_an_agreement_is_refused_on_a_ground_of_the_act() -> None:
    agreement.given(negotiation_opened()).when(refuse(note=TEXT)).then(refused(note=TEXT))


def test_refusing_twice_is_nothing_new() -> None:
    agreement.given(refused()).when(refuse()).then_nothing_happened()


def test_an_agreement_in_force_is_ended_and_not_refused() -> None:
    agreement.given(concluded()).when(refuse()).then_rejected("already_in_force")


def test_an_interest_may_be_lost() -> None:
    agreement.given(negotiation_opened()).when(lapse()).then(lapsed())


def test_losing_interest_twice_is_nothing_new() -> None:
    agreement.given(negotiation_opened(), lapsed()).when(lapse()).then_nothing_happened()


def test_nobody_loses_an_interest_nobody_recorded() -> None:
    agreement.given().when(lapse()).then_rejected("not_negotiating")


def test_every_amendment_is_a_version() -> None:
    agreement.given(concluded()).when(amend()).then(amended())
    agreement.given(concluded(), amended()).when(amend()).then(amended(agreement_version=3))


@pytest.mark.parametrize("command", [amend(), change_key_worker(), end()])
def test_only_an_agreement_in_force_is_changed(command: Any) -> None:
    agreement.given(negotiation_opened()).when(command).then_rejected("not_in_force")


def test_the_key_worker_changes_by_name() -> None:
    agreement.given(concluded()).when(change_key_worker()).then(key_worker_changed())


def test_the_same_key_worker_is_nothing_new() -> None:
    agreement.given(concluded(), key_worker_changed()).when(change_key_worker()).then_nothing_happened()


def test_an_agreement_ends() -> None:
    agreement.given(concluded(), amended(), key_worker_changed()).when(end()).then(ended())


def test_ending_twice_is_nothing_new() -> None:
    agreement.given(concluded(), ended()).when(end()).then_nothing_happened()


def test_an_agreement_does_not_end_before_it_began() -> None:
    agreement.given(concluded()).when(end(ended_on=date(2026, 3, 9))).then_rejected("ends_before_it_began")


def test_a_providers_notice_needs_its_ground() -> None:
    notice = AgreementEnd.PROVIDER_NOTICE
    agreement.given(concluded()).when(end(ending=notice)).then_rejected("notice_without_ground")
    agreement.given(concluded()).when(end(ending=notice, ground=TEXT)).then(ended(ending=notice, ground=TEXT))


@pytest.mark.parametrize("over", [(refused(),), (negotiation_opened(), lapsed()), (concluded(), ended())])
@pytest.mark.parametrize("command", [open_negotiation(), conclude(), amend(), change_key_worker()])
def test_what_is_over_is_over(over: tuple[AgreementConcluded, ...], command: Any) -> None:
    agreement.given(*over).when(command).then_rejected("already_terminal")


def test_others_learn_who_became_a_client_without_learning_anything_personal() -> None:
    assert not concluded().audience()
    assert set(AgreementConcluded.subjects) == {"client_order"}
    assert "person_id" in AgreementConcluded.model_fields


@pytest.mark.parametrize("event", [*example.COMPLETE, *example.REQUIRED], ids=lambda event: event.stored_type)
def test_every_event_has_a_row(event: Any) -> None:
    row = project(event)
    assert isinstance(row, AGREEMENT_LIST.row)
    assert row.agreement_id == example.AGREEMENT_ID
