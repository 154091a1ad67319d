"""Rules of a household: families and persons are two counters (K04)."""

from libs.codelists import Relation
from libs.testing import spec
from services.contacts.household.decider import HOUSEHOLD
from tests.examples.contacts_household import (
    add_member,
    joined,
    left,
    monitor,
    monitored,
    remove_member,
)
from tests.examples.contacts_people import at

household = spec(HOUSEHOLD)


def test_a_monitored_family_is_one_family_of_four_persons():
    household.given().when(monitor()).then(monitored())


def test_every_visit_is_a_fact_of_its_own():
    household.given(monitored()).when(monitor()).then_nothing_happened()
    household.given(monitored()).when(monitor(occurred_at=at(6, 1))).then(monitored(monitored_at=at(6, 1)))


def test_k04_members_never_change_the_number_of_persons():
    household.given(monitored()).when(add_member()).then(joined())
    household.given(monitored(), joined(), left()).when(monitor(occurred_at=at(9, 2))).then(
        monitored(monitored_at=at(9, 2))
    )


def test_a_member_joins_once_and_may_change_the_relation():
    household.given(monitored(), joined()).when(add_member()).then_nothing_happened()
    household.given(monitored(), joined()).when(add_member(relation=Relation.SIBLING)).then(
        joined(relation=Relation.SIBLING)
    )


def test_a_member_leaves():
    household.given(monitored(), joined()).when(remove_member()).then(left())
    household.given(monitored()).when(remove_member()).then_nothing_happened()


def test_a_household_begins_with_a_visit():
    household.given().when(add_member()).then_rejected("unknown_household")
