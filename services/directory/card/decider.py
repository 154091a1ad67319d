"""How an organisation's card is decided. Pure: no clock, no chance, no I/O.

One author per card: the organisation itself. Ours is written by commands, the others' arrive through
`receive`; both end in the same half, and the picture is read from its gapless part.
"""

from datetime import date, datetime
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.eventlog import Decider, Rejected
from services.directory.card.commands import (
    CardCommand,
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
    CardEvent,
    CardPublished,
    ConfidentialAddressRecorded,
    ConfidentialAddressRemoved,
    EntryVerified,
    FreePlacesReported,
    ServiceChanged,
    ServiceOffered,
    ServiceWithdrawn,
)
from services.directory.card.picture import Card, Picture, picture
from services.directory.card.refusals import confidential, future_day, no_card, not_offered, not_owner

PRAGUE = ZoneInfo("Europe/Prague")
LAST_NUMBER = 1_000_000
"""More entries than a card will ever have; a partner cannot make our table overflow."""


def decide(command: CardCommand, card: Card) -> tuple[CardEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if command.organisation_id != command.actor.organisation:
        raise not_owner()
    now = picture(card)
    match command:
        case PublishCard() | ChangeCard():
            return _write_card(command, card, now)
        case OfferService() | ChangeService():
            return _write_service(command, card, now)
        case WithdrawService():
            return _withdraw(command, card, now)
        case VerifyEntry():
            return _verify(command, card, now)
        case ReportFreePlaces():
            return _report_places(command, card, now)
        case RecordConfidentialAddress():
            return _keep_secret(command, card, now)
        case RemoveConfidentialAddress():
            if all(place.place_id != command.place_id for place in card.secret):
                return ()
            removed = ConfidentialAddressRemoved(organisation_id=command.organisation_id, place_id=command.place_id)
            return (removed,)
        case _:
            assert_never(command)


def _write_card(command: PublishCard | ChangeCard, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    if command.card == now.card:
        return ()
    if command.card.address is not None and card.hides(None):
        raise confidential()
    owner, number = command.organisation_id, card.half.next_number
    if now.card is None:
        if isinstance(command, ChangeCard):
            raise no_card()
        return (CardPublished(organisation_id=owner, author=owner, number=number, card=command.card),)
    if isinstance(command, PublishCard):
        raise Rejected(
            "card_exists",
            "Your card is already published with other content. Nothing was recorded. Change the card instead.",
        )
    return (CardChanged(organisation_id=owner, author=owner, number=number, card=command.card),)


def _write_service(command: OfferService | ChangeService, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    if now.card is None:
        raise no_card()
    offered, service = now.services.get(command.service_id), command.service
    if service == offered:
        return ()
    if service.address is not None and (service.address_confidential or card.hides(command.service_id)):
        raise confidential()
    owner, number = command.organisation_id, card.half.next_number
    if isinstance(command, ChangeService):
        if offered is None:
            raise not_offered()
        return (
            ServiceChanged(
                organisation_id=owner,
                author=owner,
                number=number,
                service_id=command.service_id,
                service=service,
            ),
        )
    if offered is not None:
        raise Rejected(
            "service_exists",
            "This service is already offered with other content. Nothing was recorded. Change the service instead.",
        )
    return (
        ServiceOffered(
            organisation_id=owner, author=owner, number=number, service_id=command.service_id, service=service
        ),
    )


def _withdraw(command: WithdrawService, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    if command.service_id in now.withdrawn:
        return ()
    if command.service_id not in now.services:
        raise not_offered()
    return (
        ServiceWithdrawn(
            organisation_id=command.organisation_id,
            author=command.organisation_id,
            number=card.half.next_number,
            service_id=command.service_id,
            reason=command.reason,
        ),
    )


def _verify(command: VerifyEntry, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    if now.card is None:
        raise no_card()
    if command.service_id is not None and command.service_id not in now.services:
        raise not_offered()
    if _to_come(command.verified_on, command.occurred_at):
        raise future_day()
    known = now.verified.get(command.service_id or command.organisation_id)
    if known is not None and known.verified_on >= command.verified_on:
        return ()
    return (
        EntryVerified(
            organisation_id=command.organisation_id,
            author=command.organisation_id,
            number=card.half.next_number,
            verified_on=command.verified_on,
            service_id=command.service_id,
        ),
    )


def _report_places(command: ReportFreePlaces, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    if command.service_id not in now.services:
        raise not_offered()
    if _to_come(command.as_of, command.occurred_at):
        raise future_day()
    known = now.places.get(command.service_id)
    if known is not None and known.as_of > command.as_of:
        return ()
    if known is not None and (known.as_of, known.places) == (command.as_of, command.places):
        return ()
    return (
        FreePlacesReported(
            organisation_id=command.organisation_id,
            author=command.organisation_id,
            number=card.half.next_number,
            service_id=command.service_id,
            places=command.places,
            as_of=command.as_of,
        ),
    )


def _keep_secret(command: RecordConfidentialAddress, card: Card, now: Picture) -> tuple[CardEvent, ...]:
    entry = now.card if command.service_id is None else now.services.get(command.service_id)
    if entry is not None and entry.address is not None:
        raise Rejected(
            "address_public",
            "This place has a public address that the members know. Nothing was recorded. "
            "Change the entry without the address first.",
        )
    return (
        ConfidentialAddressRecorded(
            organisation_id=command.organisation_id,
            place_id=command.place_id,
            address=command.address,
            service_id=command.service_id,
        ),
    )


def _to_come(day: date, now: datetime) -> bool:
    return day > now.astimezone(PRAGUE).date()


def evolve(card: Card, event: CardEvent) -> Card:
    """Total: own and received entries go into the owner's half; addresses stay beside it."""
    match event:
        case ConfidentialAddressRecorded():
            others = tuple(place for place in card.secret if place.place_id != event.place_id)
            return Card(half=card.half, secret=(*others, event))
        case ConfidentialAddressRemoved():
            others = tuple(place for place in card.secret if place.place_id != event.place_id)
            return Card(half=card.half, secret=others)
        case _:
            return Card(half=card.half.add(event), secret=card.secret)


def receive(event: CardEvent, card: Card, sender: UUID) -> tuple[CardEvent, ...]:
    """Another organisation's entry about itself, as it is; `()` for a repeat."""
    if isinstance(event, ConfidentialAddressRecorded | ConfidentialAddressRemoved):
        raise Rejected("not_party", "A confidential address is never shared. Nothing was recorded.")
    if event.author != sender or event.organisation_id != sender:
        raise Rejected(
            "not_owner", "An entry may only be written by the organisation it is about. Nothing was recorded."
        )
    if not 1 <= event.number <= LAST_NUMBER:
        raise Rejected("bad_number", "The entry's number cannot be. Nothing was recorded.")
    known = {entry.number for entry in (*card.half.entries, *card.half.held)}
    return () if event.number in known else (event,)


CARD: Decider[CardCommand, Card, CardEvent] = Decider(
    name="card",
    key="organisation_id",
    initial=Card(),
    commands=CardCommand,
    events=CardEvent,
    decide=decide,
    evolve=evolve,
    receive=receive,
)
