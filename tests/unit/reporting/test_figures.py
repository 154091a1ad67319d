"""Facts from the logs of `contacts` and `cases`: days, classes, links, and which log wrote an entry."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import AgreementRefusal, Channel, CountedAs, DeclineReason, Need
from libs.privacy import Personal
from services.cases.agreement.events import (
    AgreementConcluded,
    AgreementEnd,
    AgreementEnded,
    AgreementForm,
    AgreementRefused,
)
from services.cases.referral.events import (
    ReferralDeclined,
    ReferralOpened,
    ReferralPutWaiting,
    ReferralStarted,
)
from services.contacts.contact.events import (
    ContactCorrected,
    ContactLinked,
    ContactRecorded,
    ContactUnlinked,
    ContactVoided,
    Facts,
)
from services.contacts.household.events import FamilyMonitored
from services.contacts.person.events import PersonsLinked, PersonsUnlinked
from services.reporting.figures.cases import REFERRAL_FACT, project_agreement, project_referral
from services.reporting.figures.contacts import (
    CONTACT_FACT,
    ContactRow,
    LinkRow,
    project_contact,
    project_family,
    project_link,
)

DENDY = UUID("0198b000-0000-7000-8000-000000000021")
JANA = UUID("0198b000-0000-7000-8000-000000000022")
RADKA = UUID("0198b000-0000-7000-8000-000000000001")
C_1 = UUID("0198f000-0000-7000-8000-000000000001")
REF_1 = UUID("0198f000-0000-7000-8000-000000000002")
AGREEMENT = UUID("0198f000-0000-7000-8000-000000000003")
HOUSEHOLD = UUID("0198f000-0000-7000-8000-000000000004")
TOWN = UUID("0198a000-0000-7000-8000-000000000003")
NIT = UUID("0198a000-0000-7000-8000-000000000006")
WITHHELD: Personal[str] = Personal()
LATE_EVENING = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
"""Half past midnight on 1 April in Prague."""


def recorded(**over: Any) -> ContactRecorded:
    filled = {
        "contact_id": C_1,
        "worker": RADKA,
        "team": "LOKET",
        "channel": Channel.SCHOOL_STREETWORK,
        "municipality": "560537",
        "started_at": LATE_EVENING,
        "minutes": 12,
        "counted_as": CountedAs.CONTACT,
        "topics": (Need.FAMILY_RELATIONS,),
        "approached": 6,
        "spoke": 1,
        "nickname": WITHHELD,
        "note": WITHHELD,
    }
    return ContactRecorded.model_validate({**filled, **over})


def entry(number: int, author: UUID, **over: Any) -> dict[str, Any]:
    filled = {"referral_id": REF_1, "author": author, "number": number, "sender": TOWN, "recipient": NIT}
    return {**filled, "occurred_at": LATE_EVENING, **over}


def test_a_contact_belongs_to_the_day_in_prague():
    row = project_contact(recorded())
    assert row.held_on == date(2026, 4, 1)
    assert (row.counted_as, row.approached, row.linked) == (CountedAs.CONTACT, 6, False)


def test_a_correction_says_only_what_it_changes_and_how_it_counts_now():
    corrected = ContactCorrected(
        contact_id=C_1,
        revision=2,
        changes=Facts(minutes=35),
        counted_as=CountedAs.INTERVENTION,
        reason=WITHHELD,
    )
    said = ContactRow(contact_id=C_1, minutes=35, counted_as=CountedAs.INTERVENTION)
    assert project_contact(corrected) == said


def test_a_link_comes_and_goes_without_touching_the_count():
    linked = project_contact(ContactLinked(contact_id=C_1, person_id=DENDY))
    unlinked = project_contact(ContactUnlinked(contact_id=C_1, person_id=DENDY, reason=WITHHELD))
    assert linked == ContactRow(contact_id=C_1, person_id=DENDY, linked=True)
    assert unlinked == ContactRow(contact_id=C_1, linked=False)


def test_a_voided_contact_is_marked_not_lost():
    voided = ContactVoided(contact_id=C_1, reason=WITHHELD)
    assert project_contact(voided) == ContactRow(contact_id=C_1, voided=True)


def test_no_fact_has_a_column_for_a_personal_value():
    for projection in (CONTACT_FACT, REFERRAL_FACT):
        for name, field in projection.row.model_fields.items():
            assert "Personal" not in str(field.annotation), name


def test_a_family_is_counted_by_what_the_worker_saw():
    seen = FamilyMonitored(
        household_id=HOUSEHOLD, worker=RADKA, persons=4, municipality="560367", monitored_at=LATE_EVENING
    )
    row = project_family(seen)
    assert (row.persons, row.monitored_on) == (4, date(2026, 4, 1))


def test_two_records_are_one_person_while_linked():
    linked = PersonsLinked(person_id=DENDY, same_as=JANA, reason=WITHHELD)
    unlinked = PersonsUnlinked(person_id=DENDY, same_as=JANA, reason=WITHHELD)
    assert project_link(linked) == LinkRow(person_id=DENDY, same_as=JANA, linked=True)
    assert project_link(unlinked) == LinkRow(person_id=DENDY, same_as=JANA, linked=False)


def test_a_draft_marks_a_referral_as_ours():
    opened = ReferralOpened(
        referral_id=REF_1,
        person_id=JANA,
        sender=TOWN,
        recipient=NIT,
        need=Need.DEBTS,
        reason=WITHHELD,
        client_name=WITHHELD,
        occurred_at=LATE_EVENING,
    )
    row = project_referral(opened)
    assert (row.log, row.number, row.kind, row.need) == ("draft", 0, "opened", Need.DEBTS)


def test_an_entry_knows_its_log_its_code_and_its_day():
    declined = project_referral(
        ReferralDeclined.model_validate(entry(2, NIT, code=DeclineReason.NO_CAPACITY, text=WITHHELD, seen=1))
    )
    assert (declined.log, declined.kind, declined.code) == ("progress", "declined", "no_capacity")
    assert (declined.seen, declined.happened_on) == (1, date(2026, 4, 1))
    waiting = project_referral(ReferralPutWaiting.model_validate(entry(2, NIT)))
    assert waiting.kind == "put_waiting"


def test_the_first_meeting_is_the_day_it_started():
    met = project_referral(ReferralStarted.model_validate(entry(3, NIT, first_meeting=date(2026, 5, 20))))
    assert met.started_on == date(2026, 5, 20)


def test_agreements_tell_when_a_person_was_a_client():
    ids: dict[str, Any] = {"agreement_id": AGREEMENT, "person_id": DENDY}
    day = date(2026, 3, 10)
    concluded = AgreementConcluded(**ids, form=AgreementForm.ORAL, concluded_on=day, key_worker=RADKA)
    ended = AgreementEnded(**ids, ending=AgreementEnd.FULFILLED, ended_on=day)
    refused = AgreementRefused(**ids, reason=AgreementRefusal.NO_CAPACITY, refused_on=day)
    assert project_agreement(concluded).concluded_on == day
    assert project_agreement(ended).ended_on == day
    assert project_agreement(refused).refusal is AgreementRefusal.NO_CAPACITY
