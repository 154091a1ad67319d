"""Read model `agreement_list`: one row per agreement, as it stands now.

The client's order lies sealed; everything else is codes, days and ids.
"""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import AgreementRefusal
from libs.eventlog import Text
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.agreement.events import (
    AgreementAmended,
    AgreementConcluded,
    AgreementEnd,
    AgreementEnded,
    AgreementEvent,
    AgreementForm,
    AgreementLapsed,
    AgreementRefused,
    KeyWorkerChanged,
    NegotiationOpened,
)


class AgreementRow(Row):
    """What one event says about an agreement. None: it says nothing about this column."""

    agreement_id: UUID
    person_id: UUID | None = None
    state: Literal["negotiating", "in_force", "refused", "lapsed", "ended"] | None = None
    form: AgreementForm | None = None
    concluded_on: date | None = None
    key_worker: UUID | None = None
    agreement_version: int | None = None
    client_order: Personal[Text] | None = None
    refusal: AgreementRefusal | None = None
    over_on: date | None = None
    ending: AgreementEnd | None = None


def project(event: AgreementEvent) -> AgreementRow:
    match event:
        case NegotiationOpened():
            return AgreementRow(
                agreement_id=event.agreement_id,
                person_id=event.person_id,
                state="negotiating",
                client_order=event.client_order,
            )
        case AgreementConcluded():
            return AgreementRow(
                agreement_id=event.agreement_id,
                person_id=event.person_id,
                state="in_force",
                form=event.form,
                concluded_on=event.concluded_on,
                key_worker=event.key_worker,
                agreement_version=1,
                client_order=event.client_order,
            )
        case AgreementRefused():
            return AgreementRow(
                agreement_id=event.agreement_id,
                person_id=event.person_id,
                state="refused",
                refusal=event.reason,
                over_on=event.refused_on,
            )
        case AgreementLapsed():
            return AgreementRow(agreement_id=event.agreement_id, person_id=event.person_id, state="lapsed")
        case AgreementAmended():
            return AgreementRow(agreement_id=event.agreement_id, agreement_version=event.agreement_version)
        case KeyWorkerChanged():
            return AgreementRow(agreement_id=event.agreement_id, key_worker=event.key_worker)
        case AgreementEnded():
            return AgreementRow(
                agreement_id=event.agreement_id, state="ended", over_on=event.ended_on, ending=event.ending
            )
        case _:
            assert_never(event)


AGREEMENT_LIST = Projection(
    name="agreement_list_1",
    project=project,
    events=AgreementEvent,
    row=AgreementRow,
    key="agreement_id",
    into="upsert_agreement_list",
    tables=("agreement_list",),
)
