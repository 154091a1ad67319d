"""Example letters between Přístav, which sends, and OSPOD Sokolov. Nothing in them is about a person."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Actor, Event
from services.courier.correspondence.commands import (
    NoteApplied,
    NoteArrival,
    NoteReceipt,
    NoteRefusal,
    NoteSent,
    ObserveHello,
    PostLetter,
    VoidLetter,
)
from services.courier.correspondence.events import (
    HelloObserved,
    LetterApplied,
    LetterArrived,
    LetterConflicted,
    LetterPosted,
    LetterQuarantined,
    LetterReceipted,
    LetterSent,
    LetterVoided,
    ReceiptDisputed,
)

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
OSPOD_SOKOLOV = UUID("0198a000-0000-7000-8000-000000000004")
NOBODY = UUID(int=0)
REFERRAL_SENT = UUID("0198e000-0000-7000-8000-000000000001")
THREAD = "referral-0198c000-0000-7000-8000-000000000001"
NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
SAID, OTHER, THIRD = (letter * 64 for letter in "abc")
"""Digests of three different letters."""

NODE = Actor(user=PRISTAV, organisation=PRISTAV, roles=frozenset({Role.NODE}))


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": NODE, "occurred_at": NOW, "partner_id": OSPOD_SOKOLOV, **over}


def _letter(**over: Any) -> dict[str, Any]:
    return {"partner_id": OSPOD_SOKOLOV, "number": 1, **over}


def post_letter(**over: Any) -> PostLetter:
    filled = {"event_id": REFERRAL_SENT, "source": "cases", "position": 7}
    return PostLetter(**_command(**{**filled, "letter_type": "referral-sent", "thread": THREAD, **over}))


def note_sent(**over: Any) -> NoteSent:
    return NoteSent(**_command(**{"number": 1, "attempt": 1, "digest": SAID, **over}))


def note_receipt(**over: Any) -> NoteReceipt:
    return NoteReceipt(**_command(**{"number": 1, "digest": SAID, "outcome": "applied", **over}))


def void_letter(**over: Any) -> VoidLetter:
    return VoidLetter(**_command(**{"number": 1, "code": "release_withdrawn", **over}))


def note_arrival(**over: Any) -> NoteArrival:
    return NoteArrival(**_command(**{"number": 1, "digest": SAID, "letter_type": "referral-accepted", **over}))


def note_applied(**over: Any) -> NoteApplied:
    return NoteApplied(**_command(**{"number": 1, "outcome": "applied", **over}))


def note_refusal(**over: Any) -> NoteRefusal:
    return NoteRefusal(**_command(**{"digest": SAID, "reason": "bad_signature", **over}))


def observe_hello(**over: Any) -> ObserveHello:
    return ObserveHello(**_command(**{"their_sent": 0, "their_received": 0, **over}))


def letter_posted(**over: Any) -> LetterPosted:
    filled = {"event_id": REFERRAL_SENT, "source": "cases", "position": 7, "letter_type": "referral-sent"}
    return LetterPosted(**_letter(**{**filled, "thread": THREAD, "posted_at": NOW, **over}))


def letter_sent(**over: Any) -> LetterSent:
    return LetterSent(**_letter(**{"attempt": 1, "digest": SAID, "sent_at": NOW, **over}))


def letter_receipted(**over: Any) -> LetterReceipted:
    return LetterReceipted(**_letter(**{"digest": SAID, "outcome": "applied", "receipted_at": NOW, **over}))


def receipt_disputed(**over: Any) -> ReceiptDisputed:
    return ReceiptDisputed(**_letter(**{"digest": OTHER, "disputed_at": NOW, **over}))


def letter_voided(**over: Any) -> LetterVoided:
    return LetterVoided(**_letter(**{"code": "release_withdrawn", "voided_at": NOW, **over}))


def letter_arrived(**over: Any) -> LetterArrived:
    filled = {"digest": SAID, "letter_type": "referral-accepted", "through": over.get("number", 1)}
    return LetterArrived(**_letter(**{**filled, "arrived_at": NOW, **over}))


def letter_applied(**over: Any) -> LetterApplied:
    return LetterApplied(**_letter(**{"outcome": "applied", "applied_at": NOW, **over}))


def letter_conflicted(**over: Any) -> LetterConflicted:
    return LetterConflicted(**_letter(**{"digest": OTHER, "conflicted_at": NOW, **over}))


def letter_quarantined(**over: Any) -> LetterQuarantined:
    filled: dict[str, Any] = {"partner_id": OSPOD_SOKOLOV, "digest": SAID, "reason": "bad_signature"}
    filled |= {"quarantined_at": NOW, **over}
    return LetterQuarantined(**filled)


def hello_observed(**over: Any) -> HelloObserved:
    filled: dict[str, Any] = {"partner_id": OSPOD_SOKOLOV, "their_sent": 0, "their_received": 0, "next_number": 1}
    filled |= {"observed_at": NOW, **over}
    return HelloObserved(**filled)


COMPLETE: tuple[Event, ...] = (
    letter_posted(),
    letter_sent(),
    letter_receipted(outcome="refused", code="not_party"),
    receipt_disputed(),
    letter_voided(),
    letter_arrived(),
    letter_applied(outcome="refused", code="unknown_referral"),
    letter_conflicted(),
    letter_quarantined(),
    hello_observed(),
)

REQUIRED: tuple[Event, ...] = (
    letter_posted(),
    letter_sent(),
    letter_receipted(),
    receipt_disputed(),
    letter_voided(),
    letter_arrived(),
    letter_applied(),
    letter_conflicted(),
    letter_quarantined(partner_id=NOBODY),
    hello_observed(),
)
