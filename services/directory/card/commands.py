"""What may be asked of an organisation's card. Only the owner changes its entry (rule D04): `not_owner`."""

from datetime import date
from uuid import UUID

from pydantic import Field

from libs.eventlog import Command, Line, Text
from libs.privacy import Personal
from services.directory.card.events import CardContent, ServiceContent


class PublishCard(Command):
    """Show our organisation to all members. Refused if a card with other content stands."""

    organisation_id: UUID
    card: CardContent


class ChangeCard(Command):
    """Write the whole card anew. Refused before a card was published."""

    organisation_id: UUID
    card: CardContent


class OfferService(Command):
    """Show a service to all members. Refused without a card, and with a confidential address in it."""

    organisation_id: UUID
    service_id: UUID
    service: ServiceContent


class ChangeService(Command):
    """Write the whole service anew. Refused unless it is offered, and with a confidential address in it."""

    organisation_id: UUID
    service_id: UUID
    service: ServiceContent


class WithdrawService(Command):
    """Offer it no longer. Refused if it was never offered."""

    organisation_id: UUID
    service_id: UUID
    reason: Line | None = None


class VerifyEntry(Command):
    """Confirm that the card (or one service) is still right. Refused for a day that has not come."""

    organisation_id: UUID
    verified_on: date
    service_id: UUID | None = None


class ReportFreePlaces(Command):
    """Say how many more could come. Refused unless the service is offered."""

    organisation_id: UUID
    service_id: UUID
    places: int = Field(ge=0, le=1_000_000)
    as_of: date


class RecordConfidentialAddress(Command):
    """Keep an address that never leaves this node. Refused while the same place has a public address."""

    organisation_id: UUID
    place_id: UUID
    address: Personal[Text]
    service_id: UUID | None = None


class RemoveConfidentialAddress(Command):
    """The place is no longer used, or no longer secret."""

    organisation_id: UUID
    place_id: UUID


CardCommand = (
    PublishCard
    | ChangeCard
    | OfferService
    | ChangeService
    | WithdrawService
    | VerifyEntry
    | ReportFreePlaces
    | RecordConfidentialAddress
    | RemoveConfidentialAddress
)
