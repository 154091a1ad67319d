"""`contacts`, put together. It decides nothing."""

from pathlib import Path

from libs.service import Service, Settings, forgets, named_queries, on, run
from services.cases.agreement.events import AgreementConcluded
from services.cases.plan.events import PlanActivated, PlanClosed
from services.contacts.contact.decider import CONTACT
from services.contacts.contact.events import ContactLinked, ContactRecorded, ContactUnlinked
from services.contacts.contact.projection import CONTACT_LIST
from services.contacts.handover.decider import HANDOVER
from services.contacts.handover.events import HandoverAccepted
from services.contacts.handover.projection import HANDOVER_LIST
from services.contacts.household.decider import HOUSEHOLD
from services.contacts.household.projection import HOUSEHOLD_LIST, HOUSEHOLD_MEMBER
from services.contacts.person.decider import PERSON
from services.contacts.person.events import (
    IdentityWithdrawn,
    PersonContactForgotten,
    PersonForgotten,
    PersonsLinked,
    PersonsUnlinked,
)
from services.contacts.person.projection import PERSON_LIST, PERSON_TIMELINE
from services.contacts.policy import may
from services.contacts.published import PUBLISHED
from services.contacts.reactions import (
    drop_contact,
    drop_duplicate,
    note_agreement,
    note_contact,
    note_duplicate,
    note_plan,
    note_plan_closed,
    take_over_person,
)

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="contacts",
        settings=settings,
        published=PUBLISHED,
        deciders=(CONTACT, PERSON, HANDOVER, HOUSEHOLD),
        policy=may,
        sql=named_queries(
            HERE / "contact/queries.sql",
            HERE / "person/queries.sql",
            HERE / "handover/queries.sql",
            HERE / "household/queries.sql",
        ),
        migrations=HERE / "migrations",
        projections=(
            CONTACT_LIST,
            PERSON_LIST,
            PERSON_TIMELINE,
            HANDOVER_LIST,
            HOUSEHOLD_LIST,
            HOUSEHOLD_MEMBER,
        ),
        reactions=(
            on("cases", AgreementConcluded, note_agreement),
            on("cases", PlanActivated, note_plan),
            on("cases", PlanClosed, note_plan_closed),
            on("contacts", ContactRecorded, note_contact),
            on("contacts", ContactLinked, note_contact),
            on("contacts", ContactUnlinked, drop_contact),
            on("contacts", PersonsLinked, note_duplicate),
            on("contacts", PersonsUnlinked, drop_duplicate),
            on("contacts", PersonForgotten, drop_duplicate),
            on("contacts", HandoverAccepted, take_over_person),
            forgets("contacts", PersonContactForgotten, lambda event: event.contact_id),
            forgets("contacts", IdentityWithdrawn, lambda event: event.identity_id),
            forgets("contacts", PersonForgotten, lambda event: event.person_id),
        ),
    )


if __name__ == "__main__":
    run(build)
