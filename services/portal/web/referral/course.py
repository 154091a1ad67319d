"""The course of one referral as this node knows it: both logs, the letters, and what they add up to for a reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from libs.codelists import Code, CompletedOutcome, DeclineReason, FailedReason, WithdrawReason
from services.cases.referral.common_state import Stage
from services.cases.referral.views import (
    ReferralDetail,
    ReferralInDetail,
    ReferralInList,
    ReferralThread,
    ReferralTurn,
)
from services.courier.correspondence.views import LetterOfThread, LettersOfThread
from services.portal.web.form import PRAGUE
from services.portal.web.page import Page

REASONS: Mapping[str, type[Code]] = {
    "completed": CompletedOutcome,
    "outcome_corrected": CompletedOutcome,
    "declined": DeclineReason,
    "failed": FailedReason,
    "cancelled": WithdrawReason,
    "withdrawn": WithdrawReason,
}
FINAL = frozenset({"declined", "rerouted", "expired", "completed", "failed", "cancelled"})
WORKED = ("sent", "received", "accepted", "started")
UNANSWERED = frozenset({Stage.SENT, Stage.RECEIVED, Stage.WAITING})
ON_ITS_WAY, SOON, UNCOLLECTED = timedelta(minutes=2), timedelta(hours=1), timedelta(days=5)
"""How long a letter may travel before it is waited for, arrive before it was late, lie before somebody is told."""


@dataclass(frozen=True)
class Knot:
    """kind: of an entry, or `ended` for an answer that is still ahead. ours, theirs: when each side wrote or got it."""

    kind: str
    state: Literal["done", "now", "ahead", "broken"]
    ours: datetime | None = None
    theirs: datetime | None = None
    reason: Code | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Mail:
    """Own letters that have not arrived. away: nothing leaves the node; refused: the other side cannot take it."""

    waiting: tuple[LetterOfThread, ...]
    refused: tuple[LetterOfThread, ...]
    away: bool
    uncollected: bool


@dataclass(frozen=True)
class Course:
    told: ReferralInDetail
    turns: tuple[ReferralTurn, ...]
    letters: tuple[LetterOfThread, ...]

    @property
    def is_ours(self) -> bool:
        """Whether we are the sender."""
        return self.told.direction == "sent"

    @property
    def other(self) -> UUID:
        return self.told.recipient if self.is_ours else self.told.sender

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(turn.kind for turn in self.turns)

    @property
    def final(self) -> ReferralTurn | None:
        """The first final answer that is known here."""
        return next((turn for turn in self.turns if turn.kind in FINAL), None)

    @property
    def proposed(self) -> tuple[UUID, ...]:
        """Entries of the directory that the recipient proposed instead of itself."""
        rerouted = self.first("rerouted")
        return (rerouted.proposed or ()) if rerouted else ()

    @property
    def reason(self) -> Code | None:
        """Of the final answer, as corrected."""
        return reason_of(self.told.outcome or self.told.stage, self.told.code)

    @property
    def hidden(self) -> bool:
        """Taken back before anybody accepted it: a recipient is not shown its content any more."""
        return not self.is_ours and self.told.need is None

    @property
    def late(self) -> ReferralTurn | None:
        """What the recipient wrote after the withdrawal, unaware of it."""
        withdrawn = self.first("withdrawn")
        if withdrawn is None:
            return None
        return next(
            (turn for turn in self.turns if turn.occurred_at > withdrawn.occurred_at and self._is_work(turn)), None
        )

    def first(self, kind: str) -> ReferralTurn | None:
        return next((turn for turn in self.turns if turn.kind == kind), None)

    def reason_of_turn(self, turn: ReferralTurn) -> Code | None:
        return reason_of(turn.kind, turn.code)

    def arrived(self, turn: ReferralTurn) -> datetime | None:
        """When the other side had an own entry, by its receipt."""
        letter = self.letter_of(turn)
        return letter.answered_at if letter and letter.state == "delivered" else None

    def arrived_late(self, turn: ReferralTurn) -> datetime | None:
        """The same, if it took long enough to be worth a word."""
        arrived = self.arrived(turn)
        return arrived if arrived and arrived - turn.occurred_at > SOON else None

    def is_overdue(self, today: date) -> bool:
        due = self.told.answer_due
        answered = self.told.worker is not None or self.told.stage not in UNANSWERED
        return due is not None and due < today and not answered

    def knots(self) -> list[Knot]:
        """From the sending to the end: what is done, what is now, what is ahead and what broke it off."""
        late, final, withdrawn = self.late, self.final, self.first("withdrawn")
        confirmed = final is not None and final.kind == "cancelled" and final.code is None
        is_over = withdrawn is not None or final is not None or self.told.stage is Stage.ENTERED_IN_ERROR
        made = [self._knot(turn, is_late=turn == late) for kind in WORKED if (turn := self.first(kind))]
        if self.told.stage is Stage.WAITING and (waiting := self._last("put_waiting")):
            made.append(self._knot(waiting))
        if withdrawn is not None:
            made.append(self._knot(withdrawn, state="broken"))
        if error := self.first("entered_in_error"):
            made.append(self._knot(error, state="broken"))
        if final is not None and not (confirmed and withdrawn is None):
            made.append(self._final(final, confirmed))
        elif withdrawn is not None and not confirmed:
            made.append(Knot("confirmed", "ahead"))
        if self.told.stage is Stage.DRAFT and (opened := self.first("opened")):
            made.append(self._knot(opened))
        if closed := self.first("closed"):
            made.append(self._knot(closed))
        elif not is_over:
            made += [Knot(kind, "ahead") for kind in WORKED if kind not in self.kinds]
            made.append(Knot("ended", "ahead"))
        elif final is not None and self.told.stage is not Stage.ENTERED_IN_ERROR:
            made.append(Knot("closed", "ahead"))
        return _with_now(made)

    def mail(self, now: datetime) -> Mail:
        """What has not arrived although it should have."""
        waiting = tuple(
            letter
            for letter in self.letters
            if letter.state in ("posted", "sent") and letter.posted_at < now - ON_ITS_WAY
        )
        return Mail(
            waiting=waiting,
            refused=tuple(letter for letter in self.letters if letter.state == "refused"),
            away=any(letter.state == "posted" for letter in waiting),
            uncollected=any(letter.posted_at < now - UNCOLLECTED for letter in waiting),
        )

    def _is_work(self, turn: ReferralTurn) -> bool:
        return turn.kind in ("accepted", "started") or (turn.kind in FINAL and not _confirms(turn))

    def _final(self, final: ReferralTurn, confirmed: bool) -> Knot:
        if confirmed:
            return replace(self._knot(final), kind="confirmed")
        knot = self._knot(final, state="done" if final.kind == "completed" else "broken")
        return replace(knot, reason=reason_of(final.kind, self.told.code))

    def _knot(self, turn: ReferralTurn, state: Literal["done", "broken"] = "done", *, is_late: bool = False) -> Knot:
        written, arrived = turn.occurred_at, self.arrived(turn)
        is_own = (turn.author == self.told.sender) == self.is_ours
        return Knot(
            kind=turn.kind,
            state="broken" if is_late else state,
            ours=written if is_own else None,
            theirs=arrived if is_own else written,
            reason=reason_of(turn.kind, turn.code),
            is_late=is_late,
        )

    def letter_of(self, turn: ReferralTurn) -> LetterOfThread | None:
        """The letter that carries an own entry: entries of a kind and their letters go in the same order."""
        letter_type = f"referral-{turn.kind.replace('_', '-')}"
        sent = [letter for letter in self.letters if letter.letter_type == letter_type]
        alike = [one for one in self.turns if (one.kind, one.author) == (turn.kind, turn.author)]
        place = alike.index(turn)
        is_own = (turn.author == self.told.sender) == self.is_ours
        return sent[place] if is_own and place < len(sent) else None

    def _last(self, kind: str) -> ReferralTurn | None:
        return next((turn for turn in reversed(self.turns) if turn.kind == kind), None)


async def course_of(page: Page, referral_id: UUID) -> Course:
    """Raises NotHere for what is not there or not for this person."""
    asked = {"organisation": page.organisation, "referral_id": referral_id}
    told = await page.one(ReferralDetail, ReferralInDetail, **asked)
    turns = await page.ask(ReferralThread, ReferralTurn, **asked)
    letters = await page.ask(LettersOfThread, LetterOfThread, thread=f"referral-{referral_id}")
    return Course(told, in_order(turns), tuple(letters))


def in_order(turns: Sequence[ReferralTurn]) -> tuple[ReferralTurn, ...]:
    """As they happened; what an author wrote before stands before, whatever the clocks say."""
    earliest: dict[UUID, datetime] = {}
    placed: list[tuple[datetime, int, ReferralTurn]] = []
    for turn in sorted(turns, key=lambda one: -one.number):
        at = min(turn.occurred_at, earliest.get(turn.author, turn.occurred_at))
        earliest[turn.author] = at
        placed.append((at, turn.number, turn))
    return tuple(turn for _, _, turn in sorted(placed, key=lambda one: one[:2]))


def reason_of(kind: str, code: str | None) -> Code | None:
    """The reason or outcome of an entry or a stage, as a code with words."""
    codes: Sequence[Code] = tuple(REASONS.get(kind, ()))
    return next((one for one in codes if one.value == code), None)


def reason_in_list(row: ReferralInList) -> Code | None:
    return reason_of(row.outcome or row.stage, row.code)


def today_of(now: datetime) -> date:
    """The day in Prague."""
    return now.astimezone(PRAGUE).date()


def _confirms(turn: ReferralTurn) -> bool:
    """Whether a cancellation only confirms that the sender took it back: then it has no code of its own."""
    return turn.kind == "cancelled" and turn.code is None


def _with_now(knots: list[Knot]) -> list[Knot]:
    """Where it stands: the last knot that is reached, while something is ahead; a broken one says so itself."""
    reached = [place for place, knot in enumerate(knots) if knot.state != "ahead"]
    if len(reached) in (0, len(knots)) or knots[reached[-1]].state == "broken":
        return knots
    knots[reached[-1]] = replace(knots[reached[-1]], state="now")
    return knots
