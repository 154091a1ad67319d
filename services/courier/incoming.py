"""In: stored first, then acknowledged to the hub, then applied by the service that owns the matter, then receipted.

What cannot be opened and verified goes to quarantine under its digest, with a reason, and nothing else happens.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from libs.eventlog import Rejected, derived_id
from libs.eventlog.commands import Moment
from libs.messaging import RequestFailed
from libs.messaging.subjects import receive_subject
from libs.messaging.trace import span
from libs.privacy import CLEAR
from libs.sealing import VOID, LetterRefused, Opened, sealed_digest
from libs.service.letters import LetterContent
from services.cases.published import PUBLISHED as CASES
from services.courier.correspondence.commands import NoteApplied, NoteArrival, NoteReceipt, NoteRefusal, ObserveHello
from services.courier.correspondence.events import Outcome
from services.courier.correspondence.state import FURTHEST, Posted
from services.courier.hub_link import HubLetter
from services.courier.office import Office
from services.courier.outgoing import post
from services.courier.partners import Partner, Partners
from services.directory.published import PUBLISHED as DIRECTORY

NOBODY = UUID(int=0)
"""The correspondence of letters from accounts we know nothing of."""
RETRY_S = 1.0
AT_HAND = 20
"""Letters in memory at most, besides those the hub has under way to us. More wait in the table."""
OWNERS = {
    cls.stored_type: published.service
    for published in (CASES, DIRECTORY)
    for classes in published.events.values()
    for cls in classes
    if cls.audience_field is not None
}
"""Letter type → the service that owns its kind of matter."""
log = logging.getLogger("spojka.courier")


class _Content(BaseModel):
    """Unknown fields are left aside: a newer program of the partner may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Receipt(_Content):
    """The signed answer to a letter."""

    number: int
    digest: str
    outcome: Outcome
    code: str | None = None


class Resend(_Content):
    """Send these numbers again, both ends included."""

    first: int = Field(ge=1, lt=2**53)
    last: int = Field(ge=1, lt=2**53)


class Hello(_Content):
    """The highest number the greeting partner has given, and the highest of ours it has.

    answer   it answers a greeting of ours, and is not answered
    """

    sent: int
    received: int
    answer: bool = False


class Told(_Content):
    """What a numbered letter holds: an event of its author's log, as disclosed to us."""

    event_id: UUID
    schema_version: int = Field(ge=1)
    occurred_at: Moment
    trace: str | None = Field(default=None, max_length=60)
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AtHand:
    """A letter as it was opened when it came; sealed, it lies in the table."""

    partner: Partner
    number: int
    opened: Opened


@dataclass
class Receiver:
    """Takes letters from the hub and brings them to their services.

    again    called when the partner asks for numbers again
    greets   called when a partner greets, with the highest number it has of us
    """

    office: Office
    again: Callable[[UUID, int, int], None]
    greets: Callable[[UUID, int], None]
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    at_hand: dict[tuple[UUID, int], AtHand] = field(default_factory=dict[tuple[UUID, int], AtHand])
    """Not yet noted: brought to its service first, for somebody waits for it."""
    looked: bool = False
    """Letters stored for a newer program are tried after a start: perhaps this is the newer one. Until a round in which
    each was answered and none could go: the services start with us, and a round takes but some of each partner."""

    async def take_letters(self) -> None:
        """For ever: what the hub has for us. Not acknowledged, a letter comes again."""
        async for letter in self.office.link.letters():
            try:
                await self.take(letter)
            except Exception as error:
                log.error("letter not taken", extra={"error": type(error).__name__})
                await letter.put_back()
                await asyncio.sleep(RETRY_S)

    async def apply_letters(self) -> None:
        """For ever: what has just come at once, and every kept letter, oldest first, until it is applied."""
        looked = -RETRY_S
        while True:
            self.arrived.clear()
            some = await self.apply_at_hand()
            if not some or self.office.monotonic() >= looked + RETRY_S:
                looked = self.office.monotonic()
                await self.apply_kept()
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self.arrived.wait()

    async def take(self, letter: HubLetter) -> None:
        """One letter: kept, answered or put into quarantine, and only then acknowledged to the hub."""
        partners = await self.office.partners()
        partner = partners.by_account.get(letter.sender_account)
        try:
            if partner is None:
                raise LetterRefused("unknown_organisation")
            await self._sort(partner, letter, self.office.open(letter.data, partner, partners, self.office.now()))
        except (LetterRefused, ValidationError, Rejected) as refused:
            code = "malformed" if isinstance(refused, ValidationError) else refused.code
            await self._quarantine(partner.id if partner else NOBODY, sealed_digest(letter.data), code)
        await letter.ack()

    async def _quarantine(self, sender: UUID, digest: str, code: str) -> None:
        log.warning("letter quarantined", extra={"partner": str(sender), "reason": code})
        await self.office.note(
            NoteRefusal, f"quarantine {digest}", derived_id(sender, digest),
            partner_id=sender, digest=digest, reason=code,
        )  # fmt: skip

    async def _sort(self, partner: Partner, letter: HubLetter, opened: Opened) -> None:
        claims = opened.claims
        match claims.type:
            case "receipt":
                await self._take_receipt(partner, claims.jti, Receipt.model_validate(claims.data))
            case "resend":
                wanted = Resend.model_validate(claims.data)
                self.again(partner.id, wanted.first, wanted.last)
            case "hello":
                hello = Hello.model_validate(claims.data)
                await self._note_at_hand(partner)
                await self.office.note(
                    ObserveHello, "hello", claims.jti,
                    partner_id=partner.id, their_sent=hello.sent, their_received=hello.received,
                )  # fmt: skip
                self.greets(partner.id, hello.received)
                await self.ask_for_missing(partner)
                if not hello.answer:
                    await self._answer(partner, hello)
            case _:
                await self._keep(partner, letter.data, opened)

    async def _answer(self, partner: Partner, hello: Hello) -> None:
        """Who knows less than we do was perhaps restored: it must not wait for our next greeting to learn that letters
        are missing there, and that its next number is given away already."""
        state = await self.office.state(partner.id)
        if hello.sent < state.received or hello.received < state.sent:
            await self.office.greet(partner, answer=True)

    async def _take_receipt(self, partner: Partner, jti: UUID, receipt: Receipt) -> None:
        """A partner that holds something else under this number (we were restored): what we said goes out anew."""
        await self.office.note(NoteReceipt, "receipt", jti, partner_id=partner.id, **receipt.model_dump())
        running = self.office.running
        sql = running.service.sql["disputed_letter"]
        row = await running.pool.fetchrow(sql, partner.id, receipt.number, receipt.digest)
        if row is not None:
            posted = Posted(row["event_id"], row["source"], row["position"], row["letter_type"])
            await post(self.office, partner.id, posted, row["thread"], origin=derived_id(posted.event_id, "once more"))

    async def _keep(self, partner: Partner, sealed: bytes, opened: Opened) -> None:
        """Durable before the hub forgets it, and on its way to its service meanwhile: after a crash it comes again from
        the hub or lies in the table, and what was applied is known by its id. A repeat is receipted again."""
        claims = opened.claims
        number = claims.number
        assert number is not None, "the seal admits no other letter without a number"
        state = await self.office.state(partner.id)
        running = self.office.running
        if not state.has(number):
            if number > state.through + FURTHEST:
                raise LetterRefused("implausible_number")
            _event_of(opened)
            handed = (partner.id, number) not in self.at_hand and len(self.at_hand) < AT_HAND
            if handed:
                self.at_hand[partner.id, number] = AtHand(partner, number, opened)
                self.arrived.set()
            await running.pool.execute(running.service.sql["keep_letter"], partner.id, number, sealed)
            if handed:
                return
            if (first := self.at_hand.get((partner.id, number))) is not None:
                await self._note_arrival(partner, first.opened)  # of two under one number the first one stands
        await self._note_arrival(partner, opened)
        state = await self.office.state(partner.id)
        if number in state.waiting:
            self.arrived.set()
        else:
            await self._receipt_again(partner, number)
        await self.ask_for_missing(partner)

    async def _note_arrival(self, partner: Partner, opened: Opened) -> None:
        claims = opened.claims
        await self.office.note(
            NoteArrival, f"arrival {claims.number}", claims.jti,
            partner_id=partner.id, number=claims.number, digest=opened.digest, letter_type=claims.type,
            event_id=_event_of(opened),
        )  # fmt: skip

    async def _receipt_again(self, partner: Partner, number: int) -> None:
        """As the first time, and for what came the first time; what the state has forgotten, the list knows."""
        state, running = await self.office.state(partner.id), self.office.running
        if (first := state.receipt_of(number)) is not None and first.outcome is not None:
            outcome, code, digest = first.outcome, first.code, first.digest
        else:
            row = await running.pool.fetchrow(running.service.sql["applied_letter"], partner.id, number)
            if row is None or row["outcome"] is None:
                return
            outcome, code, digest = row["outcome"], row["code"], row["digest"]
        await self._receipt(partner, Receipt(number=number, digest=digest, outcome=outcome, code=code))

    async def ask_for_missing(self, partner: Partner) -> None:
        """A resend request for every gap. Asked again whenever a letter or a greeting shows that it is still there."""
        state = await self.office.state(partner.id)
        for gap in state.missing()[:5]:
            await self.office.send_control(partner, "resend", {"first": gap.first, "last": gap.last})

    async def apply_at_hand(self) -> bool:
        """What came since the last time. False: nothing. What fails lies in the table, like everything else."""
        some = list(self.at_hand.values())
        for one in some:
            try:
                await self._apply(one.partner, one.number, one.opened)
            except Exception as error:
                said = {"partner": str(one.partner.id), "number": one.number, "error": type(error).__name__}
                log.warning("letter not applied at once", extra=said)
                self.arrived.set()
            finally:
                self.at_hand.pop((one.partner.id, one.number), None)
        return bool(some)

    async def _note_at_hand(self, partner: Partner) -> None:
        """A greeting must not find missing what is here, but not noted yet."""
        for one in list(self.at_hand.values()):
            if one.partner.id == partner.id:
                await self._note_arrival(partner, one.opened)

    async def apply_kept(self) -> None:
        """One round: every kept letter to its service, once."""
        running = self.office.running
        partners = await self.office.partners()
        stored_too, more = not self.looked, False
        for row in await running.pool.fetch(running.service.sql["kept_letters"], stored_too):
            partner = partners.by_id.get(row["partner_id"])
            if partner is None:
                continue  # revoked meanwhile: it stays sealed
            said: dict[str, Any] = {"partner": str(partner.id), "number": row["number"]}
            try:
                more |= await self._apply_row(partner, row, partners)
            except RequestFailed as failed:  # nothing is lost, and nobody else's letter waits for this one
                more = True
                log.warning("letter not applied yet", extra={**said, "code": failed.problem.code})
            except Exception as error:
                more = True
                log.error("letter not applied", extra={**said, "error": type(error).__name__})
        self.looked = self.looked or not more

    async def _apply_row(self, partner: Partner, row: Any, partners: Partners) -> bool:
        """False: it still waits for a newer program."""
        number: int = row["number"]
        state = await self.office.state(partner.id)
        if state.is_applied(number):
            await self._drop(partner, number)  # applied just before we were killed
            return True
        opened = self.office.open(row["sealed"], partner, partners, row["arrived_at"])
        if not state.has(number):  # killed between keeping and noting, or its service was away
            await self._note_arrival(partner, opened)
            await self.ask_for_missing(partner)
        return await self._apply(partner, number, opened)

    async def _apply(self, partner: Partner, number: int, opened: Opened) -> bool:
        """False: it still waits for a newer program."""
        outcome, code = await self._bring(partner, opened)
        state = await self.office.state(partner.id)
        if not state.has(number):
            await self._note_arrival(partner, opened)
            await self.ask_for_missing(partner)
        if outcome == "stored" and state.receipt_of(number) is not None:
            return False  # and the partner knows
        await self.office.note(
            NoteApplied, f"applied {outcome} {number}", derived_id(partner.id, opened.digest),
            partner_id=partner.id, number=number, outcome=outcome, code=code,
        )  # fmt: skip
        if outcome != "stored":
            await self._drop(partner, number)
        await self._receipt(partner, Receipt(number=number, digest=opened.digest, outcome=outcome, code=code))
        return outcome != "stored"

    async def _bring(self, partner: Partner, opened: Opened) -> tuple[Outcome, str | None]:
        """Hand it to the service that owns the matter: what became of it. Raises RequestFailed while that is away."""
        claims = opened.claims
        if claims.type == VOID:
            return "voided", None
        service = OWNERS.get(claims.type)
        if service is None:
            return "stored", "unknown_version"
        told = Told.model_validate(claims.data)
        content = LetterContent(
            sender=partner.id,
            event_id=told.event_id,
            type=claims.type,
            schema_version=told.schema_version,
            occurred_at=told.occurred_at,
            data=told.data,
        )
        try:
            body = content.model_dump_json(context=CLEAR).encode()
            with span("bring letter", {"traceparent": told.trace} if told.trace else None):
                await self.office.bus.ask(service, receive_subject(service), body)
        except RequestFailed as failed:
            if failed.problem.kind in ("unavailable", "fault", "conflict"):
                raise
            if failed.problem.code == "unknown_version":
                return "stored", "unknown_version"
            return "refused", failed.problem.code
        return "applied", None

    async def _drop(self, partner: Partner, number: int) -> None:
        """The sealed words have served: kept longer, they would outlive the person's key."""
        running = self.office.running
        await running.pool.execute(running.service.sql["drop_letter"], partner.id, number)

    async def _receipt(self, partner: Partner, receipt: Receipt) -> None:
        """Lost on the way, it is sent again when the letter comes again."""
        await self.office.send_control(partner, "receipt", receipt.model_dump())


def _event_of(opened: Opened) -> UUID | None:
    """The event a letter tells; None: it is a void. Raises ValidationError if it has not the shape of a letter."""
    return None if opened.claims.type == VOID else Told.model_validate(opened.claims.data).event_id
