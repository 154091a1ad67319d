"""What the read models of `contacts` say, row by row; the SQL behind them has tests of its own."""

from collections.abc import Iterable

from libs.codelists import AgeBand, CountedAs, IdentityLevel, LadderStage, LadderStep
from libs.eventlog import Event
from libs.projection.fold import columns
from libs.projection.projection import Projection
from services.contacts.contact.events import Facts
from services.contacts.contact.projection import CONTACT_LIST
from services.contacts.handover.projection import HANDOVER_LIST
from services.contacts.household.projection import HOUSEHOLD_LIST, HOUSEHOLD_MEMBER
from services.contacts.person.projection import PERSON_LIST, PERSON_TIMELINE
from services.contacts.published import PUBLISHED
from tests.examples import contacts_contact, contacts_handover, contacts_household, contacts_person
from tests.examples.contacts_contact import c1, conflict_raised, corrected, linked, unlinked, voided
from tests.examples.contacts_people import SLAVKOV
from tests.examples.contacts_person import (
    became_client,
    contact_forgotten,
    identity_given,
    identity_withdrawn,
    interest_expressed,
    nickname_given,
    taken_over,
)

PROJECTIONS = (CONTACT_LIST, PERSON_LIST, PERSON_TIMELINE, HANDOVER_LIST, HOUSEHOLD_LIST, HOUSEHOLD_MEMBER)
EXAMPLES = (contacts_contact, contacts_person, contacts_handover, contacts_household)


def folded(projection: Projection, *events: Event) -> list[dict[str, object]]:
    read = [event for event in events if type(event) in projection.reads]
    found = columns(projection, list(zip(read, range(1, len(read) + 1), strict=True))) or []
    names = (*projection.row.model_fields, "position")
    return [dict(zip(names, row, strict=True)) for row in zip(*found, strict=True)]


def test_examples_cover_every_event_of_the_service():
    published = {cls for classes in PUBLISHED.events.values() for cls in classes}
    for kind in ("COMPLETE", "REQUIRED"):
        shown: Iterable[Event] = (event for module in EXAMPLES for event in getattr(module, kind))
        assert {type(event) for event in shown} == published


def test_every_event_has_an_answer_in_every_read_model():
    for projection in PROJECTIONS:
        for module in EXAMPLES:
            folded(projection, *module.COMPLETE)
            folded(projection, *module.REQUIRED)


def test_a_correction_leaves_the_rest_as_it_was():
    [row] = folded(CONTACT_LIST, c1(), corrected(changes=Facts(minutes=32)))
    assert (row["minutes"], row["approached"], row["counted_as"]) == (32, 6, CountedAs.INTERVENTION.value)
    assert (row["revision"], row["age_band"], row["voided"]) == (2, AgeBand.AGE_11_15.value, False)


def test_both_values_are_shown_while_in_conflict():
    [row] = folded(CONTACT_LIST, c1(), conflict_raised())
    assert row["in_conflict"] is True and row["minutes"] == 12 and '"minutes":9' in str(row["proposed"])


def test_a_voided_contact_stays_visible():
    [row] = folded(CONTACT_LIST, c1(), voided())
    assert row["voided"] is True and row["minutes"] == 12


def test_a_link_is_taken_back():
    [row] = folded(CONTACT_LIST, c1(), linked(), unlinked())
    assert row["linked"] is False


def test_a_forgotten_persons_contact_is_marked_for_erasure():
    [row] = folded(CONTACT_LIST, contact_forgotten())
    assert row["erased"] is True


def test_a_person_climbs_and_changes_teams():
    [row] = folded(PERSON_LIST, nickname_given(), interest_expressed(), taken_over(), became_client(team=SLAVKOV))
    assert (row["stage"], row["team"], row["identity"]) == (
        LadderStage.CLIENT.value,
        SLAVKOV,
        IdentityLevel.NICKNAME.value,
    )


def test_an_agreement_keeps_what_is_known_of_the_identity():
    [row] = folded(PERSON_LIST, nickname_given(), identity_given(), became_client())
    assert row["identity"] == IdentityLevel.PARTIAL.value


def test_a_withdrawn_name_is_marked_gone():
    [row] = folded(PERSON_LIST, nickname_given(), identity_given(), identity_withdrawn())
    assert (row["named"], row["identity"]) == (False, IdentityLevel.NICKNAME.value)


def test_each_step_is_one_line_of_the_timeline():
    rows = folded(PERSON_TIMELINE, nickname_given(), interest_expressed(), became_client(), became_client())
    assert [row["step"] for row in rows] == [
        LadderStep.NICKNAME_GIVEN.value,
        LadderStep.INTEREST_EXPRESSED.value,
        LadderStep.AGREEMENT_CONCLUDED.value,
    ]
