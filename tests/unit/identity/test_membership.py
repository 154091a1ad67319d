"""The rules of trust in an organisation, as sentences."""

from typing import Any

import pytest
from pydantic import ValidationError

from libs.testing import spec
from services.identity.membership.decider import MEMBERSHIP, evolve
from services.identity.membership.keys import Standing, standing
from services.identity.membership.projection import project
from tests.examples.identity_membership import (
    COMPLETE,
    OTHER_ROOT,
    PRISTAV,
    SCHOOL,
    SECOND,
    accept_key_set,
    key_set_accepted,
    organisation_pinned,
    organisation_reinstated,
    organisation_revoked,
    pin_organisation,
    reinstate_organisation,
    reinstatement_proposed,
    replace_root,
    revoke_organisation,
    root_replaced,
    root_replacement_proposed,
)

membership = spec(MEMBERSHIP)
PINNED = organisation_pinned()


def test_a_root_is_pinned():
    membership.given().when(pin_organisation()).then(PINNED)


def test_pinning_the_same_twice_is_nothing_new():
    membership.given(PINNED).when(pin_organisation()).then_nothing_happened()


def test_a_new_name_is_written_under_the_same_root():
    renamed = organisation_pinned(name="ZŠ a MŠ U Potoka")
    membership.given(PINNED).when(pin_organisation(name="ZŠ a MŠ U Potoka")).then(renamed)


def test_one_administrator_does_not_pin_another_root():
    membership.given(PINNED).when(pin_organisation(root_fingerprint=OTHER_ROOT)).then_rejected("root_differs")


@pytest.mark.parametrize("command", [accept_key_set, revoke_organisation, reinstate_organisation, replace_root])
def test_nothing_is_known_of_a_stranger(command: type):
    membership.given().when(command()).then_rejected("unknown_organisation")


def test_the_first_key_set_is_accepted_with_any_serial():
    membership.given(PINNED).when(accept_key_set()).then(key_set_accepted())


def test_a_newer_key_set_replaces_the_older():
    newer = key_set_accepted(serial=4)
    membership.given(PINNED, key_set_accepted()).when(accept_key_set(serial=4)).then(newer)


def test_the_same_key_set_again_is_nothing_new():
    membership.given(PINNED, key_set_accepted()).when(accept_key_set()).then_nothing_happened()


def test_an_old_key_set_served_again_is_refused():
    known = (PINNED, key_set_accepted())
    membership.given(*known).when(accept_key_set(serial=2)).then_rejected("serial_too_low")


def test_two_key_sets_of_one_serial_raise_an_alarm():
    other = accept_key_set(document="YQ.Yg.Yw")
    membership.given(PINNED, key_set_accepted()).when(other).then_rejected("serial_reused")


def test_a_key_set_checked_against_another_root_is_refused():
    membership.given(PINNED).when(accept_key_set(root_fingerprint=OTHER_ROOT)).then_rejected("wrong_root")


def test_one_administrator_cuts_off():
    membership.given(PINNED).when(revoke_organisation()).then(organisation_revoked())


def test_cutting_off_twice_is_nothing_new():
    membership.given(PINNED, organisation_revoked()).when(revoke_organisation()).then_nothing_happened()


def test_our_own_organisation_is_not_cut_off_by_ourselves():
    own = revoke_organisation(organisation_id=PRISTAV)
    membership.given(organisation_pinned(organisation_id=PRISTAV)).when(own).then_rejected("own_organisation")


def test_a_revoked_organisation_brings_no_new_keys():
    revoked = (PINNED, organisation_revoked())
    membership.given(*revoked).when(accept_key_set()).then_rejected("organisation_revoked")


def test_taking_back_takes_two():
    revoked = (PINNED, organisation_revoked())
    membership.given(*revoked).when(reinstate_organisation()).then(reinstatement_proposed())
    waiting = (*revoked, reinstatement_proposed())
    membership.given(*waiting).when(reinstate_organisation()).then_nothing_happened()
    membership.given(*waiting).when(reinstate_organisation(actor=SECOND)).then(organisation_reinstated())
    membership.given(*waiting).when(accept_key_set()).then_rejected("organisation_revoked")


def test_a_member_needs_no_taking_back():
    membership.given(PINNED).when(reinstate_organisation()).then_nothing_happened()


def test_cutting_off_again_cancels_the_taking_back():
    waiting = (PINNED, organisation_revoked(), reinstatement_proposed())
    membership.given(*waiting).when(revoke_organisation()).then(organisation_revoked())
    again = (*waiting, organisation_revoked())
    proposed = reinstatement_proposed(administrator=SECOND.user)
    membership.given(*again).when(reinstate_organisation(actor=SECOND)).then(proposed)


def test_another_root_takes_two_who_read_the_same_fingerprint():
    membership.given(PINNED).when(replace_root()).then(root_replacement_proposed())
    waiting = (PINNED, root_replacement_proposed())
    membership.given(*waiting).when(replace_root()).then_nothing_happened()
    membership.given(*waiting).when(replace_root(actor=SECOND)).then(root_replaced())
    third = OTHER_ROOT[::-1]
    differs = root_replacement_proposed(administrator=SECOND.user, root_fingerprint=third)
    membership.given(*waiting).when(replace_root(actor=SECOND, root_fingerprint=third)).then(differs)


def test_replacing_a_root_by_itself_is_nothing_new():
    membership.given(PINNED, root_replaced()).when(replace_root()).then_nothing_happened()


def test_a_replaced_root_starts_its_serials_anew():
    replaced = (PINNED, key_set_accepted(serial=9), root_replaced())
    fresh = accept_key_set(serial=1, root_fingerprint=OTHER_ROOT)
    accepted = key_set_accepted(serial=1, root_fingerprint=OTHER_ROOT)
    membership.given(*replaced).when(fresh).then(accepted)
    membership.given(*replaced).when(accept_key_set(serial=10)).then_rejected("wrong_root")


def test_a_proposal_for_one_matter_does_not_confirm_the_other():
    revoked = (PINNED, organisation_revoked(), root_replacement_proposed())
    proposed = reinstatement_proposed(administrator=SECOND.user)
    membership.given(*revoked).when(reinstate_organisation(actor=SECOND)).then(proposed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("root_fingerprint", "too-short"),
        ("hub_account", "two.tokens"),
        ("hub_account", "wild*"),
        ("code", "Mesto HS"),
    ],
)
def test_what_could_not_be_an_address_is_no_command(field: str, value: str):
    with pytest.raises(ValidationError):
        pin_organisation(**{field: value})


def test_a_serial_never_goes_down():
    assert standing(3, "a", None, None) is Standing.NEWER
    assert standing(4, "b", 3, "a") is Standing.NEWER
    assert standing(3, "a", 3, "a") is Standing.KNOWN
    assert standing(3, "b", 3, "a") is Standing.CONTRADICTS
    assert standing(2, "b", 3, "a") is Standing.OLDER


@pytest.mark.parametrize("event", COMPLETE, ids=lambda event: event.stored_type)
def test_every_membership_event_has_an_answer_and_a_row(event: Any):
    evolve(MEMBERSHIP.initial, event)
    evolve(evolve(MEMBERSHIP.initial, PINNED), event)
    assert project(event).organisation_id == SCHOOL
