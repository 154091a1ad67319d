"""What has happened in the letters between this organisation and one partner. Private to the node.

No personal data: numbers, digests, codes and opaque ids. What a letter says belongs to the service that wrote
it; this log knows only that it went, came, and was answered. Moments are kept in the events: the lists show
them.
"""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from libs.eventlog import Event, event

VOID = "void"
"""Type of the letter that takes the place of one whose ground is gone."""
Outcome = Literal["applied", "stored", "refused", "voided"]
"""What a receipt says: taken in; kept until a newer program understands it; refused with a code; only a void came."""


@event("letter-posted", version=1)
class LetterPosted(Event):
    """An event is owed to the partner under this number. What it will say is asked of its service when it goes.

    source, position   service that wrote the event, and where in its log it stands
    thread                    the matter, as an opaque name
    """

    partner_id: UUID
    number: int
    event_id: UUID
    source: str
    position: int
    letter_type: str
    thread: str
    posted_at: AwareDatetime


@event("letter-sent", version=1)
class LetterSent(Event):
    """An attempt was handed to the hub. digest: of what it says; a receipt must name one of them.

    Noted before, or whatever the hub answered: a letter it took without telling us may be receipted, too.
    """

    partner_id: UUID
    number: int
    attempt: int
    digest: str
    sent_at: AwareDatetime


@event("letter-receipted", version=1)
class LetterReceipted(Event):
    """The partner signed that it has this letter, and what became of it."""

    partner_id: UUID
    number: int
    digest: str
    outcome: Outcome
    receipted_at: AwareDatetime
    code: str | None = None


@event("receipt-disputed", version=1)
class ReceiptDisputed(Event):
    """The partner holds something else under this number than was ever sent: a number used twice, or worse."""

    partner_id: UUID
    number: int
    digest: str
    disputed_at: AwareDatetime


@event("letter-voided", version=1)
class LetterVoided(Event):
    """There is nothing to say under this number any more; a void goes out in its place."""

    partner_id: UUID
    number: int
    code: str
    voided_at: AwareDatetime


@event("letter-arrived", version=1)
class LetterArrived(Event):
    """A letter that passed every check is here.

    through    numbers up to here are complete with it
    event_id   what it tells, by the id its author gave; None: a void tells nothing
    """

    partner_id: UUID
    number: int
    digest: str
    letter_type: str
    through: int
    arrived_at: AwareDatetime
    event_id: UUID | None = None


@event("letter-applied", version=1)
class LetterApplied(Event):
    """What the owning service made of a letter that arrived; the receipt says the same."""

    partner_id: UUID
    number: int
    outcome: Outcome
    applied_at: AwareDatetime
    code: str | None = None


@event("letter-conflicted", version=1)
class LetterConflicted(Event):
    """A second, different letter under a known number. The first one stands. A security alarm."""

    partner_id: UUID
    number: int
    digest: str
    conflicted_at: AwareDatetime


@event("letter-quarantined", version=1)
class LetterQuarantined(Event):
    """Bytes that were no letter to us. partner_id: as the hub named the sender; nil UUID: nobody we know."""

    partner_id: UUID
    digest: str
    reason: str
    quarantined_at: AwareDatetime


@event("hello-observed", version=1)
class HelloObserved(Event):
    """The partner's counters, as far as they told something new.

    their_sent       highest number they gave a letter to us
    their_received   highest number of ours they have
    next_number      ours from now on: beyond everything the partner has seen from us
    """

    partner_id: UUID
    their_sent: int
    their_received: int
    next_number: int
    observed_at: AwareDatetime


OutgoingEvent = LetterPosted | LetterSent | LetterReceipted | ReceiptDisputed | LetterVoided
IncomingEvent = LetterArrived | LetterApplied
AlarmEvent = LetterConflicted | LetterQuarantined
CorrespondenceEvent = OutgoingEvent | IncomingEvent | AlarmEvent | HelloObserved
