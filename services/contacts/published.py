"""The published language of `contacts`: what others may know of it."""

from libs.messaging import Published
from libs.projection import classes_of
from services.contacts.contact.commands import ContactCommand
from services.contacts.contact.events import ContactEvent
from services.contacts.contact.views import (
    ContactCard,
    ContactCount,
    ContactCounts,
    ContactDetail,
    Contacts,
    ContactSummary,
)
from services.contacts.handover.commands import HandoverCommand
from services.contacts.handover.events import HandoverEvent
from services.contacts.handover.views import Handovers, HandoverView
from services.contacts.household.commands import HouseholdCommand
from services.contacts.household.events import HouseholdEvent
from services.contacts.household.views import HouseholdMember, HouseholdMembers, Households, HouseholdView
from services.contacts.person.commands import PersonCommand
from services.contacts.person.events import PersonEvent
from services.contacts.person.views import (
    PersonCard,
    PersonContact,
    PersonContacts,
    PersonCount,
    PersonCounts,
    PersonDetail,
    PersonName,
    PersonNames,
    Persons,
    PersonSummary,
    PersonTimeline,
    TimelineEntry,
)

PUBLISHED = Published(
    service="contacts",
    commands={
        "contact": classes_of(ContactCommand),
        "person": classes_of(PersonCommand),
        "handover": classes_of(HandoverCommand),
        "household": classes_of(HouseholdCommand),
    },
    events={
        "contact": classes_of(ContactEvent),
        "person": classes_of(PersonEvent),
        "handover": classes_of(HandoverEvent),
        "household": classes_of(HouseholdEvent),
    },
    queries={
        "contacts": (Contacts, ContactSummary),
        "contact_counts": (ContactCounts, ContactCount),
        "contact_detail": (ContactDetail, ContactCard),
        "persons": (Persons, PersonSummary),
        "person_counts": (PersonCounts, PersonCount),
        "person_names": (PersonNames, PersonName),
        "person_detail": (PersonDetail, PersonCard),
        "person_contacts": (PersonContacts, PersonContact),
        "person_timeline": (PersonTimeline, TimelineEntry),
        "handovers": (Handovers, HandoverView),
        "households": (Households, HouseholdView),
        "household_members": (HouseholdMembers, HouseholdMember),
    },
)
