"""How a correspondence is decided. Pure: no clock, no chance, no I/O.

    out   posted → sent → receipted (applied | refused | voided), or stored in between
          posted | sent → voided → sent → receipted
    in    arrived → stored → applied | refused | voided

Numbers out are dense: each is given here, once. Letters in come in any order, twice, or late; every order
gives the same state.
"""

from dataclasses import replace
from typing import assert_never

from libs.eventlog import Decider, Rejected
from services.courier.correspondence.commands import (
    CorrespondenceCommand,
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
    VOID,
    CorrespondenceEvent,
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
from services.courier.correspondence.numbering import received
from services.courier.correspondence.state import (
    ALARMS,
    FURTHEST,
    REMEMBERED,
    Correspondence,
    Incoming,
    Outgoing,
    Posted,
)

Decided = tuple[CorrespondenceEvent, ...]


def decide(command: CorrespondenceCommand, letters: Correspondence) -> Decided:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    match command:
        case PostLetter():
            return _post(command, letters)
        case NoteSent():
            return _note_sent(command, letters)
        case NoteReceipt():
            return _note_receipt(command, letters)
        case VoidLetter():
            return _void(command, letters)
        case NoteArrival():
            return _note_arrival(command, letters)
        case NoteApplied():
            return _note_applied(command, letters)
        case NoteRefusal():
            if command.digest in letters.quarantined:
                return ()
            return (
                LetterQuarantined(
                    partner_id=command.partner_id,
                    digest=command.digest,
                    reason=command.reason,
                    quarantined_at=command.occurred_at,
                ),
            )
        case ObserveHello():
            return _observe_hello(command, letters)
        case _:
            assert_never(command)


def _post(command: PostLetter, letters: Correspondence) -> Decided:
    if any(out.posted is not None and out.posted.event_id == command.event_id for out in letters.outstanding.values()):
        return ()
    posted = LetterPosted(
        partner_id=command.partner_id,
        number=letters.next_number,
        event_id=command.event_id,
        source=command.source,
        position=command.position,
        letter_type=command.letter_type,
        thread=command.thread,
        posted_at=command.occurred_at,
    )
    written = command.written
    if written is None or written.number != posted.number:
        return (posted,)
    sent = LetterSent(
        partner_id=command.partner_id,
        number=written.number,
        attempt=1,
        digest=written.digest,
        sent_at=command.occurred_at,
    )
    return (posted, sent)


def _note_sent(command: NoteSent, letters: Correspondence) -> Decided:
    _must_be_posted(command.number, letters)
    letter = letters.outstanding.get(command.number)
    if letter is None or command.attempt <= letter.attempts:
        return ()  # the receipt was faster than this note
    sent = LetterSent(
        partner_id=command.partner_id,
        number=command.number,
        attempt=command.attempt,
        digest=command.digest,
        sent_at=command.occurred_at,
    )
    return (sent,)


def _note_receipt(command: NoteReceipt, letters: Correspondence) -> Decided:
    _must_be_posted(command.number, letters)
    letter = letters.outstanding.get(command.number)
    if letter is None or (letter.stored and command.outcome == "stored"):
        return ()
    if letter.digests and command.digest not in letter.digests:
        disputed = ReceiptDisputed(
            partner_id=command.partner_id,
            number=command.number,
            digest=command.digest,
            disputed_at=command.occurred_at,
        )
        return (disputed,)
    receipted = LetterReceipted(
        partner_id=command.partner_id,
        number=command.number,
        digest=command.digest,
        outcome=command.outcome,
        receipted_at=command.occurred_at,
        code=command.code,
    )
    return (receipted,)


def _void(command: VoidLetter, letters: Correspondence) -> Decided:
    """Any number we gave may be asked for again, even one answered long ago: the partner may have been restored."""
    _must_be_posted(command.number, letters)
    letter = letters.outstanding.get(command.number)
    if letter is not None and letter.voided is not None:
        return ()
    voided = LetterVoided(
        partner_id=command.partner_id,
        number=command.number,
        code=command.code,
        voided_at=command.occurred_at,
    )
    return (voided,)


def _note_arrival(command: NoteArrival, letters: Correspondence) -> Decided:
    if command.number > letters.through + FURTHEST:
        raise Rejected(
            "implausible_number",
            "The letter's number is far beyond all others of this organisation. Nothing was recorded. "
            "Quarantine the letter and ask the organisation.",
        )
    if letters.has(command.number):
        first = letters.recent.get(command.number)
        if first is None or first.digest == command.digest:
            return ()
        if first.void or command.letter_type == VOID:
            return ()  # a letter and its void crossed: whichever came first stands
        if first.event_id is not None and first.event_id == command.event_id:
            return ()  # told anew when less of it might be told; the first one stands
        if (command.number, command.digest) in letters.conflicts:
            return ()
        conflicted = LetterConflicted(
            partner_id=command.partner_id,
            number=command.number,
            digest=command.digest,
            conflicted_at=command.occurred_at,
        )
        return (conflicted,)
    through, _ = received(letters.through, letters.beyond, command.number)
    arrived = LetterArrived(
        partner_id=command.partner_id,
        number=command.number,
        digest=command.digest,
        letter_type=command.letter_type,
        through=through,
        arrived_at=command.occurred_at,
        event_id=command.event_id,
    )
    return (arrived,)


def _note_applied(command: NoteApplied, letters: Correspondence) -> Decided:
    if not letters.has(command.number):
        raise Rejected(
            "not_arrived",
            "No letter with this number has arrived. Nothing was recorded. Note the arrival first.",
        )
    if command.number not in letters.waiting or (command.outcome == "stored" and command.number in letters.kept):
        return ()
    applied = LetterApplied(
        partner_id=command.partner_id,
        number=command.number,
        outcome=command.outcome,
        applied_at=command.occurred_at,
        code=command.code,
    )
    return (applied,)


def _observe_hello(command: ObserveHello, letters: Correspondence) -> Decided:
    if command.their_received > letters.sent + FURTHEST or command.their_sent > letters.through + FURTHEST:
        raise Rejected(
            "implausible_hello",
            "The organisation's counters are far beyond ours. Nothing was recorded. Ask the organisation.",
        )
    observed = HelloObserved(
        partner_id=command.partner_id,
        their_sent=max(letters.their_sent, command.their_sent),
        their_received=max(letters.their_received, command.their_received),
        next_number=max(letters.next_number, command.their_received + 1),
        observed_at=command.occurred_at,
    )
    told = (observed.their_sent, observed.their_received, observed.next_number)
    return () if told == (letters.their_sent, letters.their_received, letters.next_number) else (observed,)


def _must_be_posted(number: int, letters: Correspondence) -> None:
    if number >= letters.next_number:
        raise Rejected(
            "never_posted",
            "We never gave a letter this number. Nothing was recorded. If this node was restored, "
            "take in the organisation's hello first.",
        )


def evolve(letters: Correspondence, event: CorrespondenceEvent) -> Correspondence:
    """Total: every event has an answer in every state."""
    match event:
        case LetterPosted():
            posted = Posted(event.event_id, event.source, event.position, event.letter_type)
            following = max(letters.next_number, event.number + 1)
            return replace(_with(letters, event.number, Outgoing(posted)), next_number=following)
        case LetterSent():
            letter = letters.outstanding.get(event.number, Outgoing())
            digests = letter.digests if event.digest in letter.digests else (*letter.digests, event.digest)
            return _with(letters, event.number, replace(letter, attempts=event.attempt, digests=digests))
        case LetterReceipted():
            if event.outcome == "stored":
                letter = letters.outstanding.get(event.number, Outgoing())
                return _with(letters, event.number, replace(letter, stored=True))
            return _without(letters, event.number)
        case ReceiptDisputed():
            return _without(letters, event.number)
        case LetterVoided():
            letter = letters.outstanding.get(event.number, Outgoing())
            return _with(letters, event.number, replace(letter, voided=event.code, stored=False))
        case LetterArrived():
            through, beyond = received(letters.through, letters.beyond, event.number)
            void = event.letter_type == VOID
            arrived = Incoming(event.number, event.digest, void, event_id=event.event_id)
            recent = {**letters.recent, event.number: arrived}
            if len(recent) > REMEMBERED:
                del recent[min(recent)]
            waiting = letters.waiting | {event.number}
            return replace(letters, through=through, beyond=beyond, recent=recent, waiting=waiting)
        case LetterApplied():
            recent, waiting = letters.recent, letters.waiting
            if (letter := recent.get(event.number)) is not None:
                recent = {**recent, event.number: replace(letter, outcome=event.outcome, code=event.code)}
            if event.outcome != "stored":
                waiting -= {event.number}
            return replace(letters, recent=recent, waiting=waiting)
        case LetterConflicted():
            return replace(letters, conflicts=(*letters.conflicts, (event.number, event.digest))[-ALARMS:])
        case LetterQuarantined():
            return replace(letters, quarantined=(*letters.quarantined, event.digest)[-ALARMS:])
        case HelloObserved():
            return replace(
                letters,
                their_sent=event.their_sent,
                their_received=event.their_received,
                next_number=event.next_number,
            )
        case _:
            assert_never(event)


def _with(letters: Correspondence, number: int, letter: Outgoing) -> Correspondence:
    return replace(letters, outstanding={**letters.outstanding, number: letter})


def _without(letters: Correspondence, number: int) -> Correspondence:
    return replace(letters, outstanding={n: letter for n, letter in letters.outstanding.items() if n != number})


CORRESPONDENCE: Decider[CorrespondenceCommand, Correspondence, CorrespondenceEvent] = Decider(
    name="correspondence",
    key="partner_id",
    initial=Correspondence(),
    commands=CorrespondenceCommand,
    events=CorrespondenceEvent,
    decide=decide,
    evolve=evolve,
)
