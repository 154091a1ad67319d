"""Out: an event that names an audience becomes one numbered letter per recipient, and goes again until it is receipted.

Nothing is kept sealed: every attempt asks the owning service anew what this recipient may be told, and seals it
anew. A letter whose ground is gone goes out as a `void` under its number, so that no gap stays.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from libs.eventlog import Rejected, derived_id
from libs.eventlog.events import MEMBERS
from libs.eventlog.log import Appended
from libs.eventlog.stored import Checkpoint
from libs.messaging import RequestFailed
from libs.messaging.refill import Message
from libs.messaging.subjects import disclose_subject
from libs.messaging.trace import span
from libs.projection.follower import move_checkpoint
from libs.sealing import VOID, SealingError
from services.courier.correspondence.commands import NoteSent, PostLetter, VoidLetter, Written
from services.courier.correspondence.state import Outgoing, Posted
from services.courier.hub_link import HubUnavailable, QuotaFull
from services.courier.office import Office
from services.courier.partners import Partner, Partners

POLL_S = 1.0
GREETED_S = 2.0
"""After a greeting, for receipts that are under way."""
FEW = 4
"""Up to so many events at once are sealed as they are posted; more are a backlog."""
FIRST_AGAIN_S, LAST_AGAIN_S = 15.0, 86_400.0
"""A letter without receipt goes again after 15 s, 30 s, … and in the end once a day."""
SELDOM = 17
"""As after so many attempts: once a day."""
log = logging.getLogger("spojka.courier")


class Posting:
    """Applies a service's log to the correspondence: what names an audience is posted, once per recipient."""

    def __init__(self, office: Office, source: str) -> None:
        self.office, self.source, self.name = office, source, f"posting_{source}"

    async def __call__(self, messages: Sequence[Message], old: Checkpoint, new: Checkpoint) -> None:
        few = len(messages) <= FEW
        for message in messages:
            if audience := message.headers.get("audience"):
                with span("post letter", message.headers):
                    await self._post(message.headers, audience.split(","), few)
        await move_checkpoint(self.office.running.pool, self.name, old, new)

    async def start_over(self) -> None:
        """From the beginning of the new history; ids make repeats harmless."""
        await self.office.running.pool.execute(
            "update checkpoint set position = 0, event_id = null where follower = $1", self.name
        )

    async def _post(self, headers: dict[str, str], audience: list[str], few: bool) -> None:
        posted = Posted(UUID(headers["ce-id"]), self.source, int(headers["position"]), headers["ce-type"])
        thread = headers["ce-subject"]
        if MEMBERS in audience:
            sql = self.office.running.service.sql["keep_network_event"]
            kept = (posted.event_id, posted.source, posted.position, posted.letter_type, thread)
            await self.office.running.pool.execute(sql, *kept)
            recipients = list((await self.office.partners()).by_id)
        else:
            recipients = [UUID(one) for one in audience if UUID(one) != self.office.own]
        for recipient in recipients:
            if not (few and await self._post_written(recipient, posted, thread)):
                await post(self.office, recipient, posted, thread)

    async def _post_written(self, recipient: UUID, posted: Posted, thread: str) -> bool:
        """Tell and seal first, so that number and first attempt share a commit. False: the sender does it in its time.

        That is only for the few that somebody waits for: a backlog would wait here for the services that own it.
        """
        office = self.office
        partner = (await office.partners()).by_id.get(recipient)
        if partner is None or partner.pinned.keys is None or not office.link.connected:
            return False
        try:
            kind, content = await disclosed(office, partner, posted)
            number = (await office.state(recipient)).next_number
            sealed = office.seal(partner, kind, content, number)
        except (RequestFailed, SealingError):
            return False
        written = Written(number=number, digest=sealed.digest)
        first = not (await post(office, recipient, posted, thread, written=written)).repeated
        letter = (await office.state(recipient)).outstanding.get(number)
        if first and letter is not None and letter.posted == posted and letter.digests == (sealed.digest,):
            office.make_ready(recipient, number, sealed)
            office.awake.set()
        return True


async def post(
    office: Office,
    recipient: UUID,
    posted: Posted,
    thread: str,
    *,
    origin: UUID | None = None,
    written: Written | None = None,
) -> Appended:
    """Give the event a number in the correspondence with a recipient. Again: nothing new, unless for a new reason."""
    answer = await office.note(
        PostLetter,
        f"post {recipient}",
        origin or posted.event_id,
        partner_id=recipient,
        event_id=posted.event_id,
        source=posted.source,
        position=posted.position,
        letter_type=posted.letter_type,
        thread=thread,
        written=written,
    )
    office.awake.set()
    return answer


async def disclosed(office: Office, partner: Partner, posted: Posted) -> tuple[str, dict[str, Any]]:
    """(type, content) of a letter as its owner releases it now. Raises RequestFailed, also when it releases nothing."""
    asked = {
        "position": posted.position,
        "event_id": str(posted.event_id),
        "recipient": str(partner.id),
    }
    told = await office.bus.ask(posted.source, disclose_subject(posted.source), orjson.dumps(asked))
    return told["type"], {
        "event_id": str(posted.event_id),
        "schema_version": told["schema_version"],
        "occurred_at": told["occurred_at"],
        "trace": told["trace"],
        "data": told["data"],
    }


@dataclass
class Sender:
    """Sends whatever has no receipt, later and later again. `due` is memory only: after a restart all are due."""

    office: Office
    due: dict[tuple[UUID, int], float] = field(default_factory=dict[tuple[UUID, int], float])
    asked: set[tuple[UUID, int]] = field(default_factory=set[tuple[UUID, int]])
    stored: set[tuple[UUID, int]] = field(default_factory=set[tuple[UUID, int]])
    told: set[UUID] = field(default_factory=set[UUID])
    unsure: set[tuple[UUID, int]] = field(default_factory=set[tuple[UUID, int]])
    """Letters the hub did not confirm over the connection of number `over`."""
    over: int = 0
    greeted: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """Partners that have greeted since the last round, and the highest number they have of us."""

    async def run(self) -> None:
        while True:
            self.office.awake.clear()
            await self.send_due()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self.office.awake.wait()

    async def send_due(self) -> None:
        """One round: what newcomers must be told is posted, and what is due goes to the hub."""
        partners = await self.office.partners()
        for newcomer in partners.by_id.keys() - self.told:
            await self._tell(newcomer)
            self.told.add(newcomer)
        if self.office.link.connected:
            if self.over != self.office.link.connections:  # the line is mended: nobody waits for the next turn
                self.over = self.office.link.connections
                for letter in self.unsure:
                    self.due.pop(letter, None)
                self.unsure.clear()
            await self._send_due(partners)

    def again(self, partner: UUID, first: int, last: int) -> None:
        """The partner asks for these numbers again."""
        self.asked |= {(partner, number) for number in range(first, min(last, first + 2_000) + 1)}
        self.office.awake.set()

    def greets(self, partner: UUID, received: int) -> None:
        """The partner is there again and has our letters up to this number. Those without a receipt need not wait for
        their next turn, which may be a day away: the receipt was lost, or is under way and has `GREETED_S` for it."""
        self.greeted[partner] = received

    async def _tell(self, newcomer: UUID) -> None:
        """Everything meant for all members, in the order it happened."""
        running = self.office.running
        for row in await running.pool.fetch(running.service.sql["network_events"], newcomer):
            posted = Posted(row["event_id"], row["source"], row["position"], row["type"])
            await post(self.office, newcomer, posted, row["thread"])

    async def _send_due(self, partners: Partners) -> None:
        for partner in partners.by_id.values():
            if partner.pinned.keys is None:
                continue
            letters = await self._wanted(partner.id)
            for number in sorted(letters):
                try:
                    await self._send(partner, number, letters[number])
                except HubUnavailable as away:
                    self.office.refused_by_hub = str(away)
                    self.unsure.add((partner.id, number))
                    return
                except (RequestFailed, Rejected, QuotaFull, SealingError) as error:  # this one waits, not the others
                    self._later(partner.id, number, 1 if isinstance(error, RequestFailed) else 5)
                    said = {"partner": str(partner.id), "number": number, "reason": type(error).__name__}
                    log.warning("letter waits", extra=said)

    async def _wanted(self, partner: UUID) -> dict[int, Outgoing]:
        """Letters that are due now, by number: without a receipt, or asked for again."""
        state = await self.office.state(partner)
        clock = self.office.monotonic()
        received = self.greeted.pop(partner, 0)
        for number, letter in state.outstanding.items():
            if number <= received and letter.attempts and not letter.stored:
                self.due[partner, number] = min(self.due.get((partner, number), 0.0), clock + GREETED_S)
        wished = {number for one, number in self.asked if one == partner}
        self.asked -= {(partner, number) for number in wished}
        asked = {number for number in wished if number < state.next_number}  # others we never gave
        wanted = {
            n: state.outstanding[n]
            for n in sorted(state.outstanding)
            if self._is_due(partner, n, state.outstanding[n], clock) or n in asked
        }
        for number in asked - wanted.keys():
            wanted[number] = await self._answered_long_ago(partner, number)
        return wanted

    async def _answered_long_ago(self, partner: UUID, number: int) -> Outgoing:
        """The partner was restored and asks for what it once had."""
        running = self.office.running
        row = await running.pool.fetchrow(running.service.sql["posted_letter"], partner, number)
        if row is None or row["event_id"] is None:
            return Outgoing()
        return Outgoing(Posted(row["event_id"], row["source"], row["position"], row["letter_type"]))

    async def _send(self, partner: Partner, number: int, letter: Outgoing) -> None:
        """Noted first: if the hub's answer is lost, a receipt for this attempt must still be known as honest."""
        attempt = letter.attempts
        if (sealed := self.office.take_ready(partner.id, number)) is None:
            kind, content = await self._disclosed(partner, number, letter)
            sealed = self.office.seal(partner, kind, content, number)
            attempt += 1
            await self.office.note(
                NoteSent, "sent", sealed.jti,
                partner_id=partner.id, number=number, attempt=attempt, digest=sealed.digest,
            )  # fmt: skip
        self._later(partner.id, number, SELDOM if letter.stored else attempt)
        await self.office.link.send(partner.account, sealed.letter, str(sealed.jti))
        self.office.refused_by_hub = None

    def _is_due(self, partner: UUID, number: int, letter: Outgoing, clock: float) -> bool:
        """What the partner stored for a newer program goes again once a day: its last receipt may get lost, too."""
        if letter.stored and (partner, number) not in self.stored:
            self.stored.add((partner, number))
            self._later(partner, number, SELDOM)
        return self.due.get((partner, number), 0.0) <= clock

    def _later(self, partner: UUID, number: int, attempt: int) -> None:
        pause_s = min(FIRST_AGAIN_S * 2 ** min(attempt - 1, 16), LAST_AGAIN_S)
        self.due[partner, number] = self.office.monotonic() + pause_s

    async def _disclosed(self, partner: Partner, number: int, letter: Outgoing) -> tuple[str, dict[str, Any]]:
        """(type, content) of the letter as its owner releases it now. A refusal makes a void."""
        if letter.voided is not None:
            return VOID, {}
        if letter.posted is None:
            return await self._void(partner, number, "nobody_knows")
        try:
            return await disclosed(self.office, partner, letter.posted)
        except RequestFailed as failed:
            if failed.problem.kind not in ("rejected", "forbidden"):
                raise
            return await self._void(partner, number, failed.problem.code)

    async def _void(self, partner: Partner, number: int, code: str) -> tuple[str, dict[str, Any]]:
        """There is nothing to say under this number any more; the number itself must not stay a gap."""
        origin = derived_id(partner.id, f"number {number}")
        await self.office.note(VoidLetter, "void", origin, partner_id=partner.id, number=number, code=code)
        return VOID, {}
