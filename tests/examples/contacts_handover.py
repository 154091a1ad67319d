"""Example handover of the story: Dendy moves, LOKET hands her over to SLAVKOV."""

from typing import Any
from uuid import UUID

from libs.eventlog import Event
from libs.privacy import Personal
from services.contacts.handover.commands import (
    AcceptHandover,
    DeclineHandover,
    ProposeHandover,
    WithdrawHandover,
)
from services.contacts.handover.events import (
    HandoverAccepted,
    HandoverDeclined,
    HandoverProposed,
    HandoverWithdrawn,
)
from tests.examples.contacts_people import DENDY, LOKET, OLGA, RADKA, SIMON, SLAVKOV, at, told

HANDOVER_ID = UUID("0198c0de-0000-7000-8000-00000000e001")
REASON = Personal("bydlí teď v Horním Slavkově")
NO = Personal("nemáme volného klíčového pracovníka")


def propose(**overrides: Any) -> ProposeHandover:
    said = {"actor": RADKA, "occurred_at": at(3, 3), "handover_id": HANDOVER_ID, "person_id": DENDY}
    return ProposeHandover(**told(said, {"to_team": SLAVKOV, "reason": REASON, "client_agrees": True}, overrides))


def proposed(**overrides: Any) -> HandoverProposed:
    said = {"handover_id": HANDOVER_ID, "person_id": DENDY, "from_team": LOKET, "to_team": SLAVKOV}
    return HandoverProposed(**told(said, {"reason": REASON, "proposed_at": at(3, 3)}, overrides))


def accept(**overrides: Any) -> AcceptHandover:
    return AcceptHandover(**told({"actor": SIMON, "occurred_at": at(3, 5), "handover_id": HANDOVER_ID}, overrides))


def accepted(**overrides: Any) -> HandoverAccepted:
    said = {"handover_id": HANDOVER_ID, "person_id": DENDY, "from_team": LOKET, "to_team": SLAVKOV}
    return HandoverAccepted(**told(said, {"worker": SIMON.user, "answered_at": at(3, 5)}, overrides))


def decline(**overrides: Any) -> DeclineHandover:
    said = {"actor": OLGA, "occurred_at": at(3, 5), "handover_id": HANDOVER_ID, "reason": NO}
    return DeclineHandover(**told(said, overrides))


def declined(**overrides: Any) -> HandoverDeclined:
    said = {"handover_id": HANDOVER_ID, "person_id": DENDY, "reason": NO, "answered_at": at(3, 5)}
    return HandoverDeclined(**told(said, overrides))


def withdraw(**overrides: Any) -> WithdrawHandover:
    return WithdrawHandover(**told({"actor": RADKA, "occurred_at": at(3, 4), "handover_id": HANDOVER_ID}, overrides))


def withdrawn(**overrides: Any) -> HandoverWithdrawn:
    said = {"handover_id": HANDOVER_ID, "person_id": DENDY, "answered_at": at(3, 4)}
    return HandoverWithdrawn(**told(said, overrides))


COMPLETE: tuple[Event, ...] = (proposed(), accepted(), declined(), withdrawn())
REQUIRED: tuple[Event, ...] = COMPLETE
