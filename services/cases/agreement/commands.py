"""What may be asked of a service agreement. `services/cases/policy.py` says who may ask."""

from datetime import date
from uuid import UUID

from libs.codelists import AgreementRefusal
from libs.eventlog import Command, Text
from libs.privacy import Personal
from services.cases.agreement.events import AgreementEnd, AgreementForm


class OpenNegotiation(Command):
    """Record what an interested person wants solved. Refused once the negotiation has ended."""

    agreement_id: UUID
    person_id: UUID
    client_order: Personal[Text]


class ConcludeAgreement(Command):
    """The person becomes a client. Without a key worker named, it is whoever concludes.

    Refused when the negotiation was about somebody else, or has ended.
    """

    agreement_id: UUID
    person_id: UUID
    form: AgreementForm
    concluded_on: date
    key_worker: UUID | None = None
    client_order: Personal[Text] | None = None


class RefuseAgreement(Command):
    """Refuse the service on a § 91/3 ground. Refused once an agreement is in force."""

    agreement_id: UUID
    person_id: UUID
    reason: AgreementRefusal
    refused_on: date
    note: Personal[Text] | None = None


class LapseNegotiation(Command):
    """The interested person lost interest. Refused once an agreement is in force."""

    agreement_id: UUID


class AmendAgreement(Command):
    """A new version of the agreement. Refused unless it is in force."""

    agreement_id: UUID
    amended_on: date
    change: Personal[Text]


class ChangeKeyWorker(Command):
    """Another named worker from this day on. Refused unless the agreement is in force."""

    agreement_id: UUID
    key_worker: UUID
    since: date


class EndAgreement(Command):
    """End an agreement in force. Refused before its first day, or as a provider's notice without a ground."""

    agreement_id: UUID
    ending: AgreementEnd
    ended_on: date
    ground: Personal[Text] | None = None


AgreementCommand = (
    OpenNegotiation
    | ConcludeAgreement
    | RefuseAgreement
    | LapseNegotiation
    | AmendAgreement
    | ChangeKeyWorker
    | EndAgreement
)
