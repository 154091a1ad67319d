"""Example agreement of the story: Šimon (Přístav) concludes an oral agreement with Denisa (step 5)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import AgreementRefusal, Role
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.cases.agreement.commands import (
    AmendAgreement,
    ChangeKeyWorker,
    ConcludeAgreement,
    EndAgreement,
    LapseNegotiation,
    OpenNegotiation,
    RefuseAgreement,
)
from services.cases.agreement.events import (
    AgreementAmended,
    AgreementConcluded,
    AgreementEnd,
    AgreementEnded,
    AgreementForm,
    AgreementLapsed,
    AgreementRefused,
    KeyWorkerChanged,
    NegotiationOpened,
)

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
SIMON = UUID("0198b000-0000-7000-8000-000000000012")
RADKA = UUID("0198b000-0000-7000-8000-000000000011")
DENISA = UUID("0198c000-0000-7000-8000-000000000002")
JANA = UUID("0198c000-0000-7000-8000-000000000001")
AGREEMENT_ID = UUID("0198d100-0000-7000-8000-000000000001")

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
LAST_DAY = date(2026, 10, 20)
ORDER: Personal[str] = Personal(token="sealed-order")
TEXT: Personal[str] = Personal(token="sealed-text")

KEY_WORKER = Actor(user=SIMON, organisation=PRISTAV, roles=frozenset({Role.KEY_WORKER}))


def _asked(**over: Any) -> dict[str, Any]:
    return {"actor": KEY_WORKER, "occurred_at": NOW, "agreement_id": AGREEMENT_ID, **over}


def open_negotiation(**over: Any) -> OpenNegotiation:
    return OpenNegotiation(**_asked(**{"person_id": DENISA, "client_order": ORDER, **over}))


def conclude(**over: Any) -> ConcludeAgreement:
    filled = {"person_id": DENISA, "form": AgreementForm.ORAL, "concluded_on": TODAY}
    return ConcludeAgreement(**_asked(**{**filled, **over}))


def refuse(**over: Any) -> RefuseAgreement:
    filled = {"person_id": DENISA, "reason": AgreementRefusal.NO_CAPACITY, "refused_on": TODAY}
    return RefuseAgreement(**_asked(**{**filled, **over}))


def lapse(**over: Any) -> LapseNegotiation:
    return LapseNegotiation(**_asked(**over))


def amend(**over: Any) -> AmendAgreement:
    return AmendAgreement(**_asked(**{"amended_on": TODAY, "change": TEXT, **over}))


def change_key_worker(**over: Any) -> ChangeKeyWorker:
    return ChangeKeyWorker(**_asked(**{"key_worker": RADKA, "since": TODAY, **over}))


def end(**over: Any) -> EndAgreement:
    return EndAgreement(**_asked(**{"ending": AgreementEnd.FULFILLED, "ended_on": LAST_DAY, **over}))


def _of(**over: Any) -> dict[str, Any]:
    return {"agreement_id": AGREEMENT_ID, "person_id": DENISA, **over}


def negotiation_opened(**over: Any) -> NegotiationOpened:
    return NegotiationOpened(**_of(**{"client_order": ORDER, **over}))


def concluded(**over: Any) -> AgreementConcluded:
    filled = {"form": AgreementForm.ORAL, "concluded_on": TODAY, "key_worker": SIMON}
    return AgreementConcluded(**_of(**{**filled, **over}))


def refused(**over: Any) -> AgreementRefused:
    return AgreementRefused(**_of(**{"reason": AgreementRefusal.NO_CAPACITY, "refused_on": TODAY, **over}))


def lapsed(**over: Any) -> AgreementLapsed:
    return AgreementLapsed(**_of(**over))


def amended(**over: Any) -> AgreementAmended:
    return AgreementAmended(**_of(**{"agreement_version": 2, "amended_on": TODAY, "change": TEXT, **over}))


def key_worker_changed(**over: Any) -> KeyWorkerChanged:
    return KeyWorkerChanged(**_of(**{"key_worker": RADKA, "since": TODAY, **over}))


def ended(**over: Any) -> AgreementEnded:
    return AgreementEnded(**_of(**{"ending": AgreementEnd.FULFILLED, "ended_on": LAST_DAY, **over}))


COMPLETE: tuple[Event, ...] = (
    negotiation_opened(),
    concluded(client_order=ORDER),
    refused(note=TEXT),
    lapsed(),
    amended(),
    key_worker_changed(),
    ended(ending=AgreementEnd.PROVIDER_NOTICE, ground=TEXT),
)
REQUIRED: tuple[Event, ...] = (
    negotiation_opened(),
    concluded(),
    refused(),
    lapsed(),
    amended(),
    key_worker_changed(),
    ended(),
)
