"""State of a card, and the picture it gives: what the owner says now."""

from typing import assert_never
from uuid import UUID

from libs.eventlog import Frozen, Half
from services.directory.card.events import (
    CardChanged,
    CardContent,
    CardPublished,
    CardShared,
    ConfidentialAddressRecorded,
    EntryVerified,
    FreePlacesReported,
    ServiceChanged,
    ServiceContent,
    ServiceOffered,
    ServiceWithdrawn,
)


class Card(Frozen):
    """half: what the owner wrote; secret: places whose address stays here."""

    half: Half[CardShared] = Half[CardShared]()
    secret: tuple[ConfidentialAddressRecorded, ...] = ()

    def hides(self, service_id: UUID | None) -> bool:
        """Whether the place of this service (None: the seat) is kept secret."""
        return any(place.service_id == service_id for place in self.secret)


class Picture(Frozen):
    """What the gapless part of a card says now. services: offered ones; withdrawn: once offered."""

    card: CardContent | None = None
    services: dict[UUID, ServiceContent] = {}
    withdrawn: frozenset[UUID] = frozenset()
    verified: dict[UUID, EntryVerified] = {}
    places: dict[UUID, FreePlacesReported] = {}


def picture(card: Card) -> Picture:
    """What the owner says now, read from the entries without gaps before them."""
    content: CardContent | None = None
    services: dict[UUID, ServiceContent] = {}
    withdrawn: set[UUID] = set()
    verified: dict[UUID, EntryVerified] = {}
    places: dict[UUID, FreePlacesReported] = {}
    for entry in card.half.entries:
        match entry:
            case CardPublished() | CardChanged():
                content = entry.card
            case ServiceOffered() | ServiceChanged():
                services[entry.service_id] = entry.service
                withdrawn.discard(entry.service_id)
            case ServiceWithdrawn():
                services.pop(entry.service_id, None)
                withdrawn.add(entry.service_id)
            case EntryVerified():
                verified[entry.service_id or entry.organisation_id] = entry
            case FreePlacesReported():
                places[entry.service_id] = entry
            case _:
                assert_never(entry)
    return Picture(card=content, services=services, withdrawn=frozenset(withdrawn), verified=verified, places=places)
