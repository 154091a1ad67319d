"""What the log of a correspondence adds up to. Small: only what is open, and what a repeat is told by.

Plain dataclasses, not models: a state with thousands of open letters is copied at every event, and
validating them each time cost more than everything else.
"""

from dataclasses import dataclass, field
from uuid import UUID

from services.courier.correspondence.events import Outcome
from services.courier.correspondence.numbering import Range, known, missing

REMEMBERED = 2_000
"""Digests of the highest numbers that arrived: the hub holds that many of one sender."""
ALARMS = 200
FURTHEST = 1_000_000
"""How far a partner's number may be ahead. More is a mistake or malice, and would only waste numbers."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The event a letter tells; None beside it: a number nobody here remembers, after a restore."""

    event_id: UUID
    source: str
    position: int
    letter_type: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter the partner has not finally answered.

    attempts, digests   how often the hub took it, and what those attempts said
    stored              the partner has it, and waits for a newer program
    voided              why a void goes instead; None: it does not
    """

    posted: Posted | None = None
    attempts: int = 0
    digests: tuple[str, ...] = ()
    stored: bool = False
    voided: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A letter in: what it said, whether it was a void, and what its receipt says; outcome None: not applied yet."""

    number: int
    digest: str
    void: bool
    outcome: Outcome | None = None
    code: str | None = None
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Letters out and letters in.

    next_number              of the next letter out
    outstanding              letters out without a final answer, by number
    through, beyond          letters in: complete up to here, and single ones after a gap
    recent                   the latest letters in, with their digests and receipts
    waiting                  letters in that were not applied yet
    their_sent, their_received   the partner's own counters, the highest they told
    """

    next_number: int = 1
    outstanding: dict[int, Outgoing] = field(default_factory=dict[int, Outgoing])
    through: int = 0
    beyond: tuple[int, ...] = ()
    recent: dict[int, Incoming] = field(default_factory=dict[int, Incoming])
    waiting: frozenset[int] = frozenset()
    their_sent: int = 0
    their_received: int = 0
    conflicts: tuple[tuple[int, str], ...] = ()
    quarantined: tuple[str, ...] = ()

    @property
    def sent(self) -> int:
        """Our highest number: what our hello says."""
        return self.next_number - 1

    @property
    def received(self) -> int:
        """Their highest number that is here: what our hello says."""
        return self.beyond[-1] if self.beyond else self.through

    def has(self, number: int) -> bool:
        """Whether a letter with this number arrived."""
        return known(self.through, self.beyond, number)

    def is_applied(self, number: int) -> bool:
        """Whether the letter came and needs nothing more than the same receipt again."""
        return self.has(number) and number not in self.waiting

    def receipt_of(self, number: int) -> Incoming | None:
        """What the receipt said. None: not remembered here; then the list `letter_in` knows."""
        letter = self.recent.get(number)
        return letter if letter is not None and letter.outcome is not None else None

    @property
    def kept(self) -> frozenset[int]:
        """Letters in that were receipted as stored: they wait for a newer program."""
        return frozenset(n for n in self.waiting if (one := self.recent.get(n)) is not None and one.outcome == "stored")

    def missing(self) -> tuple[Range, ...]:
        """Numbers to ask for again: gaps, and the tail that the partner says it has sent."""
        return missing(self.through, self.beyond, max(self.received, self.their_sent))

    def unanswered(self) -> tuple[int, ...]:
        """Numbers without any receipt, oldest first: they go again once a day."""
        return tuple(sorted(number for number, letter in self.outstanding.items() if not letter.stored))

    def receipts_lost(self) -> tuple[int, ...]:
        """Numbers the partner has seen go by and we have no receipt of: send them again, the answer comes again."""
        return tuple(number for number in self.unanswered() if number <= self.their_received)
