"""Example contacts of the story: c-1 (12 minutes at school), c-2 (35 minutes of chat), c-3 (45 minutes)."""

from typing import Any
from uuid import UUID

from libs.codelists import ActivityType, AgeBand, Channel, CountedAs, Need, Sex
from libs.eventlog import Event
from libs.privacy import Personal
from services.contacts.contact.commands import (
    CorrectContact,
    LinkContact,
    RecordContact,
    ResolveConflict,
    UnlinkContact,
    VoidContact,
)
from services.contacts.contact.events import (
    ConflictRaised,
    ConflictResolved,
    ContactCorrected,
    ContactLinked,
    ContactRecorded,
    ContactUnlinked,
    ContactVoided,
    Facts,
)
from tests.examples.contacts_people import DENDY, LOKET, LOKET_CODE, RADKA, SIMON, SLAVKOV, at, told

C1 = UUID("0198c0de-0000-7000-8000-00000000c001")
C2 = UUID("0198c0de-0000-7000-8000-00000000c002")
C3 = UUID("0198c0de-0000-7000-8000-00000000c003")
REASON = Personal("přepsala jsem se v čase")
NOTE = Personal("doma je to těžké, hlídá brášku")
OTHER_NOTE = Personal("hlídá brášku, chce mluvit zase příště")

_SCHOOL: dict[str, Any] = {
    "contact_id": C1,
    "channel": Channel.SCHOOL_STREETWORK,
    "municipality": LOKET_CODE,
    "locality": "LOKET-SKOLA",
    "place": Personal("ZŠ U Potoka"),
    "started_at": at(2, 10, 11, 45),
    "minutes": 12,
    "topics": (Need.FAMILY_RELATIONS,),
    "activities": (ActivityType.DIRECT_CONTACT,),
    "approached": 6,
    "spoke": 1,
    "nickname": Personal("Dendy"),
    "sex": Sex.FEMALE,
    "age_band": AgeBand.AGE_11_15,
    "heard_before": False,
    "note": NOTE,
}
_CHAT: dict[str, Any] = {
    "contact_id": C2,
    "person_id": DENDY,
    "channel": Channel.CHAT,
    "started_at": at(2, 24, 15),
    "minutes": 35,
    "topics": (Need.ATTENDANCE, Need.CARE_OF_RELATIVE),
}
_MEETING: dict[str, Any] = {
    "contact_id": C3,
    "person_id": DENDY,
    "channel": Channel.STREET,
    "municipality": "560367",
    "started_at": at(3, 10, 14),
    "minutes": 45,
}


def record_c1(**overrides: Any) -> RecordContact:
    """10 February: the school break. Six addressed, one talked."""
    return RecordContact(**told({"actor": RADKA, "occurred_at": at(2, 10, 12)}, _SCHOOL, overrides))


def record_c2(**overrides: Any) -> RecordContact:
    """24 February: the chat."""
    return RecordContact(**told({"actor": RADKA, "occurred_at": at(2, 24, 16)}, _CHAT, overrides))


def record_c3(**overrides: Any) -> RecordContact:
    """10 March: Šimon, for his team."""
    return RecordContact(**told({"actor": SIMON, "occurred_at": at(3, 10, 15)}, _MEETING, overrides))


def c1(**overrides: Any) -> ContactRecorded:
    said = {"worker": RADKA.user, "team": LOKET, "counted_as": CountedAs.CONTACT}
    return ContactRecorded(**told(said, _SCHOOL, overrides))


def c2(**overrides: Any) -> ContactRecorded:
    said = {"worker": RADKA.user, "team": LOKET, "counted_as": CountedAs.INTERVENTION}
    return ContactRecorded(**told(said, _CHAT, overrides))


def c3(**overrides: Any) -> ContactRecorded:
    said = {"worker": SIMON.user, "team": SLAVKOV, "counted_as": CountedAs.INTERVENTION}
    return ContactRecorded(**told(said, _MEETING, overrides))


def correct(**overrides: Any) -> CorrectContact:
    changes = Facts(minutes=32)
    said = {"actor": RADKA, "occurred_at": at(2, 11), "contact_id": C1, "changes": changes, "reason": REASON}
    return CorrectContact(**told(said, overrides))


def corrected(**overrides: Any) -> ContactCorrected:
    said = {"contact_id": C1, "revision": 2, "changes": Facts(minutes=32), "reason": REASON}
    return ContactCorrected(**told(said, {"counted_as": CountedAs.INTERVENTION}, overrides))


def conflict_raised(**overrides: Any) -> ConflictRaised:
    said = {"contact_id": C1, "worker": RADKA.user, "proposed": Facts(minutes=9), "reason": REASON}
    return ConflictRaised(**told(said, overrides))


def resolve(**overrides: Any) -> ResolveConflict:
    said = {"actor": RADKA, "occurred_at": at(2, 12), "contact_id": C1, "chosen": "proposed", "reason": REASON}
    return ResolveConflict(**told(said, overrides))


def resolved(**overrides: Any) -> ConflictResolved:
    said = {"contact_id": C1, "worker": RADKA.user, "chosen": "proposed", "revision": 3, "reason": REASON}
    changes = {"changes": Facts(minutes=9), "counted_as": CountedAs.NEITHER}
    return ConflictResolved(**told(said, changes, overrides))


def void(**overrides: Any) -> VoidContact:
    said = {"actor": RADKA, "occurred_at": at(2, 12), "contact_id": C1, "reason": REASON}
    return VoidContact(**told(said, overrides))


def voided(**overrides: Any) -> ContactVoided:
    return ContactVoided(**told({"contact_id": C1, "reason": REASON}, overrides))


def link(**overrides: Any) -> LinkContact:
    said = {"actor": SIMON, "occurred_at": at(3, 10), "contact_id": C1, "person_id": DENDY}
    return LinkContact(**told(said, overrides))


def linked(**overrides: Any) -> ContactLinked:
    return ContactLinked(**told({"contact_id": C1, "person_id": DENDY}, overrides))


def unlink(**overrides: Any) -> UnlinkContact:
    said = {"actor": SIMON, "occurred_at": at(3, 11), "contact_id": C1, "reason": REASON}
    return UnlinkContact(**told(said, overrides))


def unlinked(**overrides: Any) -> ContactUnlinked:
    return ContactUnlinked(**told({"contact_id": C1, "person_id": DENDY, "reason": REASON}, overrides))


_ALL_FACTS = Facts(
    channel=Channel.STREET,
    municipality=LOKET_CODE,
    locality="LOKET-NAMESTI",
    started_at=at(2, 10, 11, 50),
    minutes=32,
    topics=(Need.SAFETY,),
    activities=(ActivityType.CRISIS_INTERVENTION,),
    approached=5,
    spoke=2,
    sex=Sex.FEMALE,
    age_band=AgeBand.AGE_11_15,
    heard_before=True,
)

COMPLETE: tuple[Event, ...] = (
    c1(person_id=DENDY),
    corrected(changes=_ALL_FACTS, note=OTHER_NOTE),
    conflict_raised(proposed=_ALL_FACTS, note=OTHER_NOTE),
    resolved(changes=_ALL_FACTS, note=OTHER_NOTE),
    voided(),
    linked(),
    unlinked(),
)
REQUIRED: tuple[Event, ...] = (
    ContactRecorded(
        contact_id=C2,
        worker=RADKA.user,
        channel=Channel.CHAT,
        started_at=at(2, 24, 15),
        minutes=35,
        counted_as=CountedAs.INTERVENTION,
    ),
    corrected(changes=Facts()),
    conflict_raised(proposed=Facts()),
    resolved(chosen="recorded", changes=Facts()),
    voided(),
    linked(),
    unlinked(),
)
