"""The rules of an organisation's card, as sentences."""

from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from libs.eventlog import MEMBERS, Rejected, SharedEvent
from libs.testing import spec
from services.directory.card.decider import CARD, evolve, receive
from services.directory.card.events import CardEvent
from services.directory.card.picture import Card, picture
from services.directory.card.projection import (
    project_address,
    project_card,
    project_places,
    project_service,
    project_verified,
)
from tests.examples.directory_card import (
    COMPLETE,
    DEBT_ADVICE,
    NIT,
    REQUIRED,
    SEALED,
    STRANGER,
    TODAY,
    card,
    card_changed,
    card_published,
    change_card,
    change_service,
    confidential_address_recorded,
    confidential_address_removed,
    entry_verified,
    free_places_reported,
    offer_service,
    publish_card,
    record_confidential_address,
    remove_confidential_address,
    report_free_places,
    service,
    service_changed,
    service_offered,
    service_withdrawn,
    verify_entry,
    withdraw_service,
)

entry = spec(CARD)
PUBLISHED = card_published()
OFFERED = (PUBLISHED, service_offered())
TOMORROW = TODAY + timedelta(days=1)


def test_a_card_is_published_to_all_members():
    entry.given().when(publish_card()).then(PUBLISHED)
    assert PUBLISHED.audience() == (MEMBERS,)


def test_publishing_the_same_card_twice_is_nothing_new():
    entry.given(PUBLISHED).when(publish_card()).then_nothing_happened()


def test_another_card_is_not_published_over_the_first():
    entry.given(PUBLISHED).when(publish_card(card=card(name="Jiná"))).then_rejected("card_exists")


def test_a_card_is_changed():
    entry.given(PUBLISHED).when(change_card()).then(card_changed())


def test_changing_to_the_same_is_nothing_new():
    entry.given(PUBLISHED, card_changed()).when(change_card()).then_nothing_happened()


@pytest.mark.parametrize("command", [change_card, offer_service, change_service, verify_entry])
def test_nothing_comes_before_the_card(command: Any):
    entry.given().when(command()).then_rejected("no_card")


@pytest.mark.parametrize(
    "command",
    [
        publish_card,
        change_card,
        offer_service,
        change_service,
        withdraw_service,
        verify_entry,
        report_free_places,
        record_confidential_address,
        remove_confidential_address,
    ],
)
def test_nobody_writes_the_card_of_another(command: Any):
    entry.given().when(command(organisation_id=STRANGER)).then_rejected("not_owner")


def test_a_service_is_offered_changed_and_withdrawn():
    entry.given(PUBLISHED).when(offer_service()).then(service_offered())
    entry.given(*OFFERED).when(change_service()).then(service_changed())
    entry.given(*OFFERED).when(withdraw_service()).then(service_withdrawn())


def test_doing_it_twice_is_nothing_new():
    entry.given(*OFFERED).when(offer_service()).then_nothing_happened()
    entry.given(*OFFERED, service_changed()).when(change_service()).then_nothing_happened()
    entry.given(*OFFERED, service_withdrawn()).when(withdraw_service()).then_nothing_happened()


def test_another_service_is_not_offered_over_the_first():
    entry.given(*OFFERED).when(offer_service(service=service(name="Jiná"))).then_rejected("service_exists")


@pytest.mark.parametrize("command", [change_service, withdraw_service, report_free_places])
def test_what_is_not_offered_is_not_changed(command: Any):
    entry.given(PUBLISHED).when(command()).then_rejected("not_offered")


def test_a_withdrawn_service_may_be_offered_again():
    withdrawn = (*OFFERED, service_withdrawn())
    entry.given(*withdrawn).when(change_service()).then_rejected("not_offered")
    entry.given(*withdrawn).when(offer_service()).then(service_offered(4))


def test_the_owner_verifies_the_card_and_a_service():
    entry.given(PUBLISHED).when(verify_entry()).then(entry_verified())
    one = entry_verified(3, service_id=DEBT_ADVICE)
    entry.given(*OFFERED).when(verify_entry(service_id=DEBT_ADVICE)).then(one)


def test_an_older_verification_is_nothing_new():
    verified = (PUBLISHED, entry_verified())
    entry.given(*verified).when(verify_entry()).then_nothing_happened()
    yesterday = verify_entry(verified_on=TODAY - timedelta(days=1))
    entry.given(*verified).when(yesterday).then_nothing_happened()


def test_nobody_verifies_what_is_not_offered_or_a_day_to_come():
    entry.given(PUBLISHED).when(verify_entry(service_id=DEBT_ADVICE)).then_rejected("not_offered")
    entry.given(PUBLISHED).when(verify_entry(verified_on=TOMORROW)).then_rejected("future_day")


def test_free_places_are_reported_for_a_day():
    entry.given(*OFFERED).when(report_free_places()).then(free_places_reported())
    entry.given(*OFFERED).when(report_free_places(as_of=TOMORROW)).then_rejected("future_day")


def test_the_same_or_an_older_report_is_nothing_new():
    reported = (*OFFERED, free_places_reported())
    entry.given(*reported).when(report_free_places()).then_nothing_happened()
    older = report_free_places(places=9, as_of=TODAY - timedelta(days=1))
    entry.given(*reported).when(older).then_nothing_happened()
    entry.given(*reported).when(report_free_places(places=0)).then(free_places_reported(4, places=0))


def test_registered_capacity_never_becomes_free_places():
    assert picture(reduce(evolve, OFFERED, Card())).places == {}


def test_a_confidential_address_stays_private_and_out_of_the_entry():
    secret = confidential_address_recorded()
    assert secret.audience() == ()
    entry.given(PUBLISHED).when(record_confidential_address()).then(secret)
    entry.given(PUBLISHED, secret).when(offer_service()).then_rejected("address_confidential")
    without = service(address=None, address_confidential=True)
    offered = service_offered(service=without)
    entry.given(PUBLISHED, secret).when(offer_service(service=without)).then(offered)


def test_an_entry_called_confidential_holds_no_address():
    claimed = offer_service(service=service(address_confidential=True))
    entry.given(PUBLISHED).when(claimed).then_rejected("address_confidential")


def test_the_seat_may_be_confidential_too():
    secret = confidential_address_recorded(service_id=None)
    entry.given(secret).when(publish_card()).then_rejected("address_confidential")


def test_what_all_members_know_cannot_be_made_secret_afterwards():
    entry.given(*OFFERED).when(record_confidential_address()).then_rejected("address_public")


def test_a_secret_place_is_given_up_once():
    secret = confidential_address_recorded()
    entry.given(PUBLISHED, secret).when(remove_confidential_address()).then(confidential_address_removed())
    entry.given(PUBLISHED).when(remove_confidential_address()).then_nothing_happened()
    entry.given(PUBLISHED, secret, confidential_address_removed()).when(offer_service()).then(service_offered())


def test_anothers_entry_is_recorded_as_it_is_and_once():
    assert receive(PUBLISHED, Card(), NIT) == (PUBLISHED,)
    assert receive(PUBLISHED, evolve(Card(), PUBLISHED), NIT) == ()
    early = service_offered(3)
    assert receive(early, evolve(Card(), early), NIT) == ()


@pytest.mark.parametrize(
    ("forged", "code"),
    [
        (card_published(author=STRANGER), "not_owner"),
        (card_published(organisation_id=STRANGER), "not_owner"),
        (confidential_address_recorded(address=SEALED), "not_party"),
    ],
)
def test_a_foreign_hand_is_refused(forged: CardEvent, code: str):
    with pytest.raises(Rejected) as refused:
        receive(forged, Card(), NIT)
    assert refused.value.code == code


def test_a_member_does_not_speak_for_another():
    with pytest.raises(Rejected) as refused:
        receive(PUBLISHED, Card(), STRANGER)
    assert refused.value.code == "not_owner"


STORY = (
    card_published(1),
    service_offered(2),
    entry_verified(3),
    service_changed(4),
    free_places_reported(5),
    service_withdrawn(6),
    service_offered(7),
    card_changed(8),
)


@given(order=st.permutations(range(len(STORY))), again=st.lists(st.integers(0, len(STORY) - 1)))
def test_letters_in_any_order_give_one_picture(order: list[int], again: list[int]):
    shuffled = reduce(evolve, [STORY[index] for index in (*order, *again)], Card())
    assert picture(shuffled) == picture(reduce(evolve, STORY, Card()))


def test_what_follows_a_gap_waits():
    assert picture(reduce(evolve, (STORY[0], STORY[2], STORY[3]), Card())).services == {}


def test_a_place_by_name_is_no_card():
    with pytest.raises(ValidationError):
        card(municipality="Nová Ves")
    with pytest.raises(ValidationError):
        service(areas=("3107",))


@pytest.mark.parametrize("event", [*COMPLETE, *REQUIRED], ids=lambda event: event.stored_type)
def test_every_card_event_gives_one_row(event: Any):
    projections = {
        "card-published": project_card,
        "card-changed": project_card,
        "service-offered": project_service,
        "service-changed": project_service,
        "service-withdrawn": project_service,
        "entry-verified": project_verified,
        "free-places-reported": project_places,
        "confidential-address-recorded": project_address,
        "confidential-address-removed": project_address,
    }
    row = projections[event.stored_type](event)
    assert row.organisation_id == NIT
    assert not isinstance(event, SharedEvent) or row.model_dump()["number"] == event.number


def test_a_withdrawn_service_leaves_only_its_number():
    row = project_service(service_withdrawn())
    assert row.withdrawn and row.name is None and row.needs is None
