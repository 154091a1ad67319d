"""Who may do what in `identity`."""

import pytest

from libs.codelists import Role
from libs.eventlog import Actor, Command
from libs.messaging import Query
from services.identity.membership.views import Organisations
from services.identity.policy import may
from services.identity.published import PUBLISHED
from services.identity.user.views import UserRoles, Users
from tests.examples.identity_membership import accept_key_set, pin_organisation, revoke_organisation
from tests.examples.identity_user import PRISTAV, RADKA, SIMON, add_user, change_roles


def actor(*roles: Role) -> Actor:
    return Actor(user=SIMON, organisation=PRISTAV, roles=frozenset(roles))


@pytest.mark.parametrize("command", [add_user(), change_roles(), pin_organisation(), revoke_organisation()])
def test_only_the_administrator_changes_accounts_and_trust(command: Command):
    assert may(actor(Role.NODE_ADMINISTRATOR), command).allow
    for role in set(Role) - {Role.NODE_ADMINISTRATOR}:
        assert not may(actor(role), command).allow


def test_the_node_itself_collects_keys():
    assert may(actor(Role.NODE), accept_key_set()).allow
    assert not may(actor(Role.TEAM_LEADER), accept_key_set()).allow


def test_roles_are_read_by_the_node_and_by_oneself():
    asked = UserRoles(actor=actor(), user_id=RADKA)
    assert may(actor(Role.NODE), asked).allow
    assert not may(actor(Role.TEAM_LEADER), asked).allow
    assert may(actor(), UserRoles(actor=actor(), user_id=SIMON)).allow


@pytest.mark.parametrize("query", [Users(actor=actor()), Organisations(actor=actor())])
def test_someone_without_a_role_sees_nothing(query: Query):
    assert may(actor(Role.RECORDER), query).allow
    assert not may(actor(), query).allow


def test_what_nobody_wrote_a_rule_for_is_denied():
    assert not may(actor(*Role), Query(actor=actor())).allow


def test_everything_published_has_a_rule():
    everyone = actor(*Role)
    commands = [cls for classes in PUBLISHED.commands.values() for cls in classes]
    for cls in [*commands, *(question for question, _ in PUBLISHED.queries.values())]:
        assert may(everyone, cls.model_construct(user_id=RADKA)).rule != "nobody_may", cls
