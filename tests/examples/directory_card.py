"""Example cards: Nit, z. ú., debt advice in Horní Slavkov, and what a stranger would write about it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import (
    CapacityType,
    Need,
    OrganisationKind,
    Role,
    ServiceForm,
    ServiceType,
    TargetGroup,
)
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.directory.card.commands import (
    ChangeCard,
    ChangeService,
    OfferService,
    PublishCard,
    RecordConfidentialAddress,
    RemoveConfidentialAddress,
    ReportFreePlaces,
    VerifyEntry,
    WithdrawService,
)
from services.directory.card.events import (
    CardChanged,
    CardContent,
    CardPublished,
    ConfidentialAddressRecorded,
    ConfidentialAddressRemoved,
    EntryVerified,
    FreePlacesReported,
    ServiceChanged,
    ServiceContent,
    ServiceOffered,
    ServiceWithdrawn,
)

NIT = UUID("0198a000-0000-7000-8000-000000000006")
STRANGER = UUID("0198a000-0000-7000-8000-0000000000ff")
JAKUB = UUID("0198b000-0000-7000-8000-000000000007")
DEBT_ADVICE = UUID("0198c000-0000-7000-8000-000000000001")
PLACE = UUID("0198c000-0000-7000-8000-000000000002")
NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TODAY = date(2026, 5, 4)
ADDRESS: Personal[str] = Personal("Nádražní 1, Horní Slavkov")
SEALED: Personal[str] = Personal(token="sealed-address")

EDITOR = Actor(user=JAKUB, organisation=NIT, roles=frozenset({Role.DIRECTORY_EDITOR}))


def card(**over: Any) -> CardContent:
    filled = {
        "name": "Nit, z. ú.",
        "kind": OrganisationKind.COUNSELLING,
        "municipality": "560367",
        "address": "Dlouhá 634, Horní Slavkov",
        "phone": "352 000 000",
        "email": "poradna@nit.example",
        "web": "https://nit.example",
        "data_box": "abcdefg",
        "hours": "po a st 9–16",
        "languages": ("cs", "uk"),
        "about": "Dluhové poradenství zdarma.",
    }
    return CardContent.model_validate({**filled, **over})


def service(**over: Any) -> ServiceContent:
    filled = {
        "name": "Dluhová poradna",
        "service_type": ServiceType.SPECIALIST_COUNSELLING,
        "register_id": "1234567",
        "forms": (ServiceForm.AMBULATORY, ServiceForm.FIELD),
        "target_groups": (TargetGroup.FAMILIES, TargetGroup.OVER_INDEBTED),
        "needs": (Need.DEBTS, Need.USURY),
        "areas": ("municipality:560537", "orp:671"),
        "age_from": 18,
        "age_to": 130,
        "municipality": "560367",
        "address": "Dlouhá 634, Horní Slavkov",
        "phone": "352 000 001",
        "email": "dluhy@nit.example",
        "hours": "po a st 9–16",
        "languages": ("cs",),
        "documents": ("občanský průkaz", "výzvy a exekuční příkazy"),
        "conditions": "Stačí zavolat den předem.",
        "registered_capacity": 4,
        "capacity_type": CapacityType.INTERVENTION,
    }
    return ServiceContent.model_validate({**filled, **over})


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": EDITOR, "occurred_at": NOW, "organisation_id": NIT, **over}


def _service_command(**over: Any) -> dict[str, Any]:
    return _command(**{"service_id": DEBT_ADVICE, **over})


def _entry(number: int, **over: Any) -> dict[str, Any]:
    return {"organisation_id": NIT, "author": NIT, "number": number, **over}


def publish_card(**over: Any) -> PublishCard:
    return PublishCard(**_command(**{"card": card(), **over}))


def change_card(**over: Any) -> ChangeCard:
    return ChangeCard(**_command(**{"card": card(hours="po–pá 9–16"), **over}))


def offer_service(**over: Any) -> OfferService:
    return OfferService(**_service_command(**{"service": service(), **over}))


def change_service(**over: Any) -> ChangeService:
    return ChangeService(**_service_command(**{"service": service(hours="denně"), **over}))


def withdraw_service(**over: Any) -> WithdrawService:
    return WithdrawService(**_service_command(**over))


def verify_entry(**over: Any) -> VerifyEntry:
    return VerifyEntry(**_command(**{"verified_on": TODAY, **over}))


def report_free_places(**over: Any) -> ReportFreePlaces:
    return ReportFreePlaces(**_service_command(**{"places": 2, "as_of": TODAY, **over}))


def record_confidential_address(**over: Any) -> RecordConfidentialAddress:
    filled = {"place_id": PLACE, "address": ADDRESS, "service_id": DEBT_ADVICE}
    return RecordConfidentialAddress(**_command(**{**filled, **over}))


def remove_confidential_address(**over: Any) -> RemoveConfidentialAddress:
    return RemoveConfidentialAddress(**_command(**{"place_id": PLACE, **over}))


def card_published(number: int = 1, **over: Any) -> CardPublished:
    return CardPublished.model_validate(_entry(number, **{"card": card(), **over}))


def card_changed(number: int = 2, **over: Any) -> CardChanged:
    return CardChanged.model_validate(_entry(number, **{"card": card(hours="po–pá 9–16"), **over}))


def service_offered(number: int = 2, **over: Any) -> ServiceOffered:
    filled = {"service_id": DEBT_ADVICE, "service": service()}
    return ServiceOffered.model_validate(_entry(number, **{**filled, **over}))


def service_changed(number: int = 3, **over: Any) -> ServiceChanged:
    filled = {"service_id": DEBT_ADVICE, "service": service(hours="denně")}
    return ServiceChanged.model_validate(_entry(number, **{**filled, **over}))


def service_withdrawn(number: int = 3, **over: Any) -> ServiceWithdrawn:
    return ServiceWithdrawn.model_validate(_entry(number, **{"service_id": DEBT_ADVICE, **over}))


def entry_verified(number: int = 2, **over: Any) -> EntryVerified:
    return EntryVerified.model_validate(_entry(number, **{"verified_on": TODAY, **over}))


def free_places_reported(number: int = 3, **over: Any) -> FreePlacesReported:
    filled = {"service_id": DEBT_ADVICE, "places": 2, "as_of": TODAY}
    return FreePlacesReported.model_validate(_entry(number, **{**filled, **over}))


def confidential_address_recorded(**over: Any) -> ConfidentialAddressRecorded:
    filled = {"organisation_id": NIT, "place_id": PLACE, "address": ADDRESS, "service_id": DEBT_ADVICE}
    return ConfidentialAddressRecorded.model_validate({**filled, **over})


def confidential_address_removed(**over: Any) -> ConfidentialAddressRemoved:
    return ConfidentialAddressRemoved.model_validate({"organisation_id": NIT, "place_id": PLACE, **over})


COMPLETE: tuple[Event, ...] = (
    card_published(card=card(serves_orp=("671",))),
    card_changed(),
    service_offered(),
    service_changed(),
    service_withdrawn(reason="Služba skončila."),
    entry_verified(service_id=DEBT_ADVICE),
    free_places_reported(),
    confidential_address_recorded(address=SEALED),
    confidential_address_removed(),
)
_BARE_CARD = CardContent(name="Nit, z. ú.", kind=OrganisationKind.COUNSELLING, municipality="560367")
_BARE_SERVICE = ServiceContent(name="Dluhová poradna")
REQUIRED: tuple[Event, ...] = (
    card_published(card=_BARE_CARD),
    card_changed(card=_BARE_CARD),
    service_offered(service=_BARE_SERVICE),
    service_changed(service=_BARE_SERVICE),
    service_withdrawn(),
    entry_verified(),
    free_places_reported(),
    confidential_address_recorded(address=SEALED, service_id=None),
    confidential_address_removed(),
)
