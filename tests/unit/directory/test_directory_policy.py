"""Who may do what in `directory`."""

from typing import Any

import pytest

from libs.codelists import Role
from libs.eventlog import Actor
from libs.messaging import Query
from services.directory.card.views import (
    CardDetail,
    Cards,
    ConfidentialAddresses,
    PublicCards,
    PublicServices,
    ServiceDetail,
    Services,
)
from services.directory.guidance.views import GuidanceDetail, GuidanceFor
from services.directory.policy import may
from services.directory.published import PUBLISHED
from tests.examples.directory_card import (
    JAKUB,
    NIT,
    offer_service,
    publish_card,
    record_confidential_address,
    report_free_places,
)
from tests.examples.directory_guidance import publish_guidance


def actor(*roles: Role) -> Actor:
    return Actor(user=JAKUB, organisation=NIT, roles=frozenset(roles))


@pytest.mark.parametrize(
    "message",
    [
        publish_card(),
        offer_service(),
        record_confidential_address(),
        publish_guidance(),
        ConfidentialAddresses(actor=actor()),
    ],
)
def test_only_the_editor_keeps_entries_and_secret_addresses(message: Any):
    assert may(actor(Role.DIRECTORY_EDITOR), message).allow
    for role in set(Role) - {Role.DIRECTORY_EDITOR}:
        assert not may(actor(role), message).allow


def test_a_team_leader_knows_the_free_places():
    assert may(actor(Role.TEAM_LEADER), report_free_places()).allow
    assert not may(actor(Role.OUTREACH_WORKER), report_free_places()).allow


def test_every_colleague_reads_the_directory():
    assert may(actor(Role.OUTREACH_WORKER), Services(actor=actor())).allow
    assert not may(actor(), Services(actor=actor())).allow


def test_a_visitor_reads_only_what_is_public():
    for question in (PublicCards, PublicServices, GuidanceFor, GuidanceDetail):
        assert may(actor(), question.model_construct()).allow
    for question in (Cards, CardDetail, Services, ServiceDetail, ConfidentialAddresses):
        assert not may(actor(), question.model_construct()).allow


def test_what_nobody_wrote_a_rule_for_is_denied():
    assert not may(actor(*Role), Query(actor=actor())).allow


def test_everything_published_has_a_rule():
    commands = [cls for classes in PUBLISHED.commands.values() for cls in classes]
    for cls in [*commands, *(question for question, _ in PUBLISHED.queries.values())]:
        assert may(actor(*Role), cls.model_construct()).rule != "nobody_may", cls
