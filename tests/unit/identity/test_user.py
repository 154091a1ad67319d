"""The rules of an account, as sentences."""

from typing import Any

import pytest

from libs.codelists import Role
from libs.privacy import Personal
from libs.testing import spec
from services.identity.user.decider import USER, evolve
from services.identity.user.projection import UserRow, project
from tests.examples.identity_user import (
    COMPLETE,
    RADKA,
    VIT,
    add_user,
    change_roles,
    disable_user,
    enable_user,
    move_to_team,
    rename_user,
    user_added,
    user_disabled,
    user_enabled,
    user_moved_to_team,
    user_renamed,
    user_roles_changed,
)

user = spec(USER)


def test_a_colleague_gets_an_account():
    user.given().when(add_user()).then(user_added())


def test_adding_the_same_colleague_twice_is_nothing_new():
    user.given(user_added()).when(add_user()).then_nothing_happened()


def test_an_account_with_other_roles_is_not_added_over():
    user.given(user_added()).when(add_user(roles=(Role.TEAM_LEADER,))).then_rejected("user_exists")


def test_roles_are_kept_once_and_in_one_order():
    asked = (Role.OUTREACH_WORKER, Role.KEY_WORKER, Role.OUTREACH_WORKER)
    user.given().when(add_user(roles=asked)).then(user_added(roles=(Role.KEY_WORKER, Role.OUTREACH_WORKER)))


@pytest.mark.parametrize("command", [add_user, change_roles])
def test_nobody_becomes_the_node(command: type):
    history = () if command is add_user else (user_added(),)
    user.given(*history).when(command(roles=(Role.NODE,))).then_rejected("role_not_grantable")


@pytest.mark.parametrize("command", [rename_user, change_roles, move_to_team, disable_user, enable_user])
def test_a_stranger_has_no_account_to_change(command: type):
    user.given().when(command()).then_rejected("unknown_user")


def test_a_name_can_be_written_anew():
    changed: Personal[str] = Personal("Radka Nová")
    user.given(user_added()).when(rename_user(name=changed)).then(user_renamed(name=changed))


def test_roles_are_replaced():
    user.given(user_added()).when(change_roles()).then(user_roles_changed())


def test_the_same_roles_are_nothing_new():
    user.given(user_added(), user_roles_changed()).when(change_roles()).then_nothing_happened()


def test_an_administrator_does_not_take_their_own_administration_away():
    administrator = user_added(user_id=VIT, roles=(Role.NODE_ADMINISTRATOR,))
    user.given(administrator).when(change_roles(user_id=VIT)).then_rejected("own_administration")


def test_an_administrator_may_give_themselves_a_second_role():
    administrator = user_added(user_id=VIT, roles=(Role.NODE_ADMINISTRATOR,))
    both = (Role.NODE_ADMINISTRATOR, Role.PROJECT_MANAGER)
    changed = user_roles_changed(user_id=VIT, roles=both)
    user.given(administrator).when(change_roles(user_id=VIT, roles=both)).then(changed)


def test_a_colleague_changes_teams():
    user.given(user_added()).when(move_to_team()).then(user_moved_to_team())


def test_moving_to_the_same_team_is_nothing_new():
    user.given(user_added(), user_moved_to_team()).when(move_to_team()).then_nothing_happened()


def test_a_colleague_leaves_every_team():
    user.given(user_added()).when(move_to_team(team=None)).then(user_moved_to_team(team=None))


def test_an_account_is_closed_and_opened_again_with_its_roles():
    user.given(user_added()).when(disable_user()).then(user_disabled())
    user.given(user_added(), user_disabled()).when(enable_user()).then(user_enabled())
    user.given(user_added(), user_disabled(), user_enabled()).when(
        change_roles(roles=(Role.OUTREACH_WORKER,))
    ).then_nothing_happened()


def test_closing_and_opening_twice_is_nothing_new():
    user.given(user_added(), user_disabled()).when(disable_user()).then_nothing_happened()
    user.given(user_added()).when(enable_user()).then_nothing_happened()


def test_nobody_closes_their_own_account():
    user.given(user_added(user_id=VIT)).when(disable_user(user_id=VIT)).then_rejected("own_account")


@pytest.mark.parametrize("event", COMPLETE, ids=lambda event: event.stored_type)
def test_every_event_has_an_answer_and_a_row(event: Any):
    evolve(USER.initial, event)
    evolve(evolve(USER.initial, user_added()), event)
    assert project(event).user_id == RADKA


def test_leaving_every_team_is_a_word_of_its_own():
    assert project(user_moved_to_team(team=None)) == UserRow(user_id=RADKA, team="")
