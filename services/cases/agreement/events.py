"""What has happened to a service agreement. Published language: a released version never changes.

Private to the node. `contacts` moves the person on the knowledge ladder by these events, `reporting` counts
clients and refusals by them; both read the clear fields only.
"""

from datetime import date
from uuid import UUID

from libs.codelists import AgreementRefusal, Code
from libs.eventlog import Event, Text, event
from libs.privacy import Personal


class AgreementForm(Code):
    """An oral agreement under a nickname is valid in low-threshold services (domain.md §4.1)."""

    ORAL = "oral", "ústní", "oral"
    WRITTEN = "written", "písemná", "written"


class AgreementEnd(Code):
    """Why an agreement ended."""

    FULFILLED = "fulfilled", "splněno", "fulfilled"
    CLIENT_NOTICE = "client_notice", "výpověď klienta", "the client's notice"
    PROVIDER_NOTICE = "provider_notice", "výpověď poskytovatele", "the provider's notice"
    MOVED = "moved", "odstěhoval se", "moved away"
    PERIOD_OVER = "period_over", "uplynula doba", "the period is over"
    DIED = "died", "úmrtí", "died"


@event("negotiation-opened", version=1, subject="person_id")
class NegotiationOpened(Event):
    """client_order   what the client wants solved, in own words (zakázka)"""

    agreement_id: UUID
    person_id: UUID
    client_order: Personal[Text]


@event("agreement-concluded", version=1, subject="person_id")
class AgreementConcluded(Event):
    """From `concluded_on` the person is a client. client_order None: as recorded when negotiation opened."""

    agreement_id: UUID
    person_id: UUID
    form: AgreementForm
    concluded_on: date
    key_worker: UUID
    client_order: Personal[Text] | None = None


@event("agreement-refused", version=1, subject="person_id")
class AgreementRefused(Event):
    """reason   § 91/3 of Act 108/2006: there is no other ground (L11)"""

    agreement_id: UUID
    person_id: UUID
    reason: AgreementRefusal
    refused_on: date
    note: Personal[Text] | None = None


@event("agreement-lapsed", version=1)
class AgreementLapsed(Event):
    """The interested person lost interest before anything was agreed."""

    agreement_id: UUID
    person_id: UUID


@event("agreement-amended", version=1, subject="person_id")
class AgreementAmended(Event):
    """agreement_version   2, 3 …; an agreement is concluded as version 1"""

    agreement_id: UUID
    person_id: UUID
    agreement_version: int
    amended_on: date
    change: Personal[Text]


@event("key-worker-changed", version=1)
class KeyWorkerChanged(Event):
    agreement_id: UUID
    person_id: UUID
    key_worker: UUID
    since: date


@event("agreement-ended", version=1, subject="person_id")
class AgreementEnded(Event):
    """ground   why the provider gave notice; other ends need none"""

    agreement_id: UUID
    person_id: UUID
    ending: AgreementEnd
    ended_on: date
    ground: Personal[Text] | None = None


AgreementEvent = (
    NegotiationOpened
    | AgreementConcluded
    | AgreementRefused
    | AgreementLapsed
    | AgreementAmended
    | KeyWorkerChanged
    | AgreementEnded
)
