"""What may be asked about agreements, and the answers."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from libs.codelists import AgreementRefusal
from libs.eventlog import Text
from libs.messaging import Query, View
from libs.privacy import Personal
from services.cases.agreement.events import AgreementEnd, AgreementForm


class Agreements(Query):
    """Agreements of one person, of several, or of one key worker, or all; the newest first."""

    person_id: UUID | None = None
    person_ids: tuple[UUID, ...] | None = Field(default=None, max_length=500)
    key_worker: UUID | None = None
    state: Literal["negotiating", "in_force", "refused", "lapsed", "ended"] | None = None
    limit: int = Field(default=50, ge=1, le=500)


class AgreementView(View):
    """over_on   the day it was refused or ended"""

    agreement_id: UUID
    person_id: UUID
    state: Literal["negotiating", "in_force", "refused", "lapsed", "ended"]
    form: AgreementForm | None
    concluded_on: date | None
    key_worker: UUID | None
    agreement_version: int | None
    client_order: Personal[Text] | None
    refusal: AgreementRefusal | None
    over_on: date | None
    ending: AgreementEnd | None


class Caseload(Query):
    """Whom a key worker has an agreement in force with, by id."""

    key_worker: UUID
    limit: int = Field(default=500, ge=1, le=1000)


class CaseloadView(View):
    person_id: UUID
