"""The rules of a guidance entry, as sentences."""

from datetime import timedelta
from typing import Any

import pytest

from libs.eventlog import Rejected
from libs.testing import spec
from services.directory.guidance.decider import GUIDANCE, Guidance, evolve, receive
from services.directory.guidance.projection import project, project_verified
from tests.examples.directory_guidance import (
    DEBTS,
    NIT,
    OTHER_EDITOR,
    TODAY,
    TOWN,
    change_guidance,
    guidance,
    guidance_changed,
    guidance_published,
    guidance_verified,
    guidance_withdrawn,
    publish_guidance,
    verify_guidance,
    withdraw_guidance,
)

entry = spec(GUIDANCE)
PUBLISHED = guidance_published()


def test_guidance_is_published_changed_verified_and_withdrawn():
    entry.given().when(publish_guidance()).then(PUBLISHED)
    entry.given(PUBLISHED).when(change_guidance()).then(guidance_changed())
    entry.given(PUBLISHED).when(verify_guidance()).then(guidance_verified())
    entry.given(PUBLISHED).when(withdraw_guidance()).then(guidance_withdrawn())


def test_the_same_again_is_nothing_new():
    entry.given(PUBLISHED).when(publish_guidance()).then_nothing_happened()
    entry.given(PUBLISHED, guidance_changed()).when(change_guidance()).then_nothing_happened()
    entry.given(PUBLISHED, guidance_verified()).when(verify_guidance()).then_nothing_happened()
    entry.given(PUBLISHED, guidance_withdrawn()).when(withdraw_guidance()).then_nothing_happened()


def test_other_guidance_is_not_published_over_the_first():
    other = publish_guidance(guidance=guidance(problem="Jiný problém"))
    entry.given(PUBLISHED).when(other).then_rejected("guidance_exists")


@pytest.mark.parametrize("command", [change_guidance, verify_guidance, withdraw_guidance])
def test_what_was_never_published_is_not_changed(command: Any):
    entry.given().when(command()).then_rejected("not_published")


@pytest.mark.parametrize("command", [publish_guidance, change_guidance, verify_guidance])
def test_withdrawn_is_withdrawn(command: Any):
    entry.given(PUBLISHED, guidance_withdrawn()).when(command()).then_rejected("already_terminal")


@pytest.mark.parametrize("command", [publish_guidance, change_guidance, verify_guidance, withdraw_guidance])
def test_only_the_owner_changes_its_entry(command: Any):
    entry.given(PUBLISHED).when(command(actor=OTHER_EDITOR)).then_rejected("not_owner")


def test_a_day_to_come_verifies_nothing():
    tomorrow = verify_guidance(verified_on=TODAY + timedelta(days=1))
    entry.given(PUBLISHED).when(tomorrow).then_rejected("future_day")


def test_anothers_entry_is_recorded_once():
    assert receive(PUBLISHED, Guidance(), TOWN) == (PUBLISHED,)
    assert receive(PUBLISHED, evolve(Guidance(), PUBLISHED), TOWN) == ()


@pytest.mark.parametrize(
    ("forged", "sender", "code"),
    [
        (PUBLISHED, NIT, "not_owner"),
        (guidance_changed(author=NIT), NIT, "not_owner"),
    ],
)
def test_a_foreign_hand_is_refused(forged: Any, sender: Any, code: str):
    with pytest.raises(Rejected) as refused:
        receive(forged, evolve(Guidance(), PUBLISHED), sender)
    assert refused.value.code == code


def test_a_change_that_came_first_waits_for_the_beginning():
    early = evolve(Guidance(), guidance_changed())
    assert early.content is None and early.owner == TOWN
    assert evolve(early, PUBLISHED).content == guidance(otherwise="")


def test_rows_tell_owner_and_number():
    assert project(guidance_changed()).owner == TOWN
    assert project(guidance_withdrawn()).withdrawn
    assert project_verified(guidance_verified()).guidance_id == DEBTS
