"""An entry that is opened and saved unchanged stays as it was."""

from typing import Any

import pytest

from libs.codelists import CapacityType, OrganisationKind
from services.cases.policy import CASEWORKERS
from services.directory.card.events import CardContent, ServiceContent
from services.directory.guidance.events import GuidanceContent, TurnTo
from services.portal.web.entry_forms import (
    MOST_PLACES,
    card_typed,
    card_values,
    guidance_typed,
    guidance_values,
    service_typed,
    service_values,
)
from services.portal.web.form import blank
from services.portal.web.guided_search import REFERRERS
from tests.examples.directory_card import card, service
from tests.examples.directory_guidance import NIT, guidance

BARE_SERVICE = ServiceContent(name="Doučování")
SHELTER = service(address=None, address_confidential=True, capacity_type=CapacityType.BEDS)


@pytest.mark.parametrize(
    "content", [card(), card(kind=OrganisationKind.OSPOD, serves_orp=("671", "663"), address=None)]
)
def test_a_card(content: CardContent):
    form = blank(card_values(content))
    assert CardContent.model_validate(card_typed(form, content.kind)) == content


@pytest.mark.parametrize("content", [service(), SHELTER, BARE_SERVICE])
def test_a_service(content: ServiceContent):
    assert ServiceContent.model_validate(service_typed(blank(service_values(content)))) == content


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"documents": (), "turn_to": (), "target_groups": (), "areas": (), "otherwise": ""},
        {"turn_to": (TurnTo(organisation_id=NIT),) * MOST_PLACES},
    ],
)
def test_guidance(over: dict[str, Any]):
    content = guidance(**over)
    assert GuidanceContent.model_validate(guidance_typed(blank(guidance_values(content)))) == content


def test_who_is_offered_to_refer_may_refer():
    assert frozenset(REFERRERS) == CASEWORKERS
