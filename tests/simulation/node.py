"""One organisation's node: what survives a crash (`Store`), and what `start` builds anew after each."""

import random
from collections.abc import Callable, Coroutine
from functools import cache, reduce
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from libs.eventlog.handle import Corridor
from libs.eventlog.memory import MemoryLog
from libs.eventlog.stored import Stored
from libs.messaging import wire
from libs.messaging.refill import Message
from libs.privacy.fields import seal_fields
from libs.projection import Projection
from libs.projection.streamed import Streamed
from libs.sealing import Claims, sealed_digest
from libs.service import Running, Service, Settings
from libs.service import settings as of
from libs.service.declaration import Reaction
from libs.service.reactions import Reactions
from services.cases.app import build as build_cases
from services.cases.referral.projection import REFERRAL_LIST, REFERRAL_TASK
from services.courier.app import build as build_courier
from services.courier.app import greet_partners
from services.courier.correspondence.decider import CORRESPONDENCE
from services.courier.correspondence.projection import LETTER_OUT
from services.courier.correspondence.state import Correspondence
from services.courier.incoming import Receiver
from services.courier.outgoing import Posting, Sender
from tests.simulation.desk import Clock, Desk, Keys, Reader, Wire, partner
from tests.simulation.hub import Hub, Link, Mail
from tests.simulation.store import Store
from tests.simulation.tasks import at_once

NONE: Any = None
GREETING_S = 600.0
VIEWS: dict[str, tuple[Projection, ...]] = {"cases": (REFERRAL_LIST, REFERRAL_TASK), "courier": (LETTER_OUT,)}
"""Read models that somebody else streams from these logs."""


@cache
def services(organisation: UUID, code: str) -> tuple[Service, Service]:
    """`cases` and `courier` as their `app.py` puts them together."""
    settings = Settings(
        organisation=of.Organisation(id=organisation, code=code.lower(), name=code, kind="town"),
        store=of.Store.model_construct(url=""),
        bus=of.BusPlace(url="nats://nowhere"),
        keys=of.Keys(folder=Path()),
        folder=Path(),
    )
    return build_cases(settings), build_courier(settings)


class Node:
    """TOWN or NIT."""

    def __init__(
        self,
        code: str,
        own: UUID,
        other: UUID,
        hub: Hub,
        clock: Clock,
        dice: random.Random,
        said: Callable[[str, Stored], None],
    ) -> None:
        self.code, self.own, self.other = code, own, other
        self.clock, self.dice = clock, dice
        self.link = Link(hub, account_of(own), self.holds)
        self.wire = Wire(dice)
        self.keys = Keys(own)
        self.service = {service.name: service for service in services(own, code)}
        self.stores = {
            name: Store(clock.now, service.sql, service.projections, lambda row, name=name: said(name, row))
            for name, service in self.service.items()
        }
        self.views = {
            name: Store(clock.now, self.service[name].sql, projections) for name, projections in VIEWS.items()
        }
        self.up = False
        self.start()

    def start(self) -> None:
        """Everything that lives in memory, from what the stores say."""
        for name in self.service:
            self.wire.services[name] = self._running(name)
        self.cases, self.courier = self.wire.services["cases"], self.wire.services["courier"]
        self.desk = Desk(self.courier, self.link, self.clock, partner(self.other, account_of(self.other)), self.dice)
        self.sender = Sender(self.desk)
        self.receiver = Receiver(self.desk, self.sender.again, self.sender.greets)
        posting = Posting(self.desk, "cases")
        wanted = [one for one in self.cases.service.reactions if isinstance(one, Reaction) and one.source == "cases"]
        reactions = Reactions("reactions_to_cases", "cases", wanted, self.cases.act, self.cases.pool)
        self.readers = {
            "post": self._reader(posting.name, "cases", self.courier.pool, posting),
            "react": self._reader(reactions.name, "cases", self.cases.pool, reactions),
        }
        for source, projections in VIEWS.items():
            for projection in projections:
                pool: Any = self.views[source]
                streamed = Streamed(projection, self.service[source].sql, pool)
                self.readers[f"view {projection.name}"] = self._reader(projection.name, source, pool, streamed)
        self.link.greeted = None
        self.up = True

    def idle_work(self, busy: set[str]) -> list[str]:
        """Names of the rounds that have something to do and are not under way."""
        due = [name for name, reader in self.readers.items() if self.is_behind(reader)]
        store, looked = self.stores["courier"], self.receiver.looked
        if any(not (looked and store.is_stored(row)) for row in store.kept.values()):
            due.append("apply")
        if self.receiver.at_hand:
            due.append("bring")
        if self.link.into and self.link.hub.has(self.link.account):
            due.append("take")
        if self.link.connected:
            if self._has_due():
                due.append("send")
            if self.link.greeted is None or self.clock.elapsed >= self.link.greeted + GREETING_S:
                due.append("greet")
        return [name for name in due if name not in busy]

    def work(self, name: str) -> Coroutine[Any, Any, None]:
        """One round of this name."""
        match name:
            case "apply":
                return self.receiver.apply_kept()
            case "bring":
                return self._bring()
            case "take":
                return self.receiver.take(self.link.letter())
            case "send":
                return self.sender.send_due()
            case "greet":
                self.link.greeted = self.clock.elapsed
                return greet_partners(self.desk)
            case _:
                return self.readers[name].look()

    async def _bring(self) -> None:
        await self.receiver.apply_at_hand()

    def hear_again(self, name: str, dice: random.Random) -> Coroutine[Any, Any, None] | None:
        """A slice of the stream reaches a reader, wherever in its source's log it begins."""
        reader = self.readers[name]
        rows = self.stores[reader.source].log.rows
        if not rows:
            return None
        first = dice.randrange(len(rows))
        previous = rows[first - 1].event_id if first else None
        source = self.wire.services[reader.source].source
        messages: list[Message] = []
        for row in rows[first : first + dice.randint(1, 8)]:
            messages.append(Message(wire.head(row, previous, source), wire.body(row)))
            previous = row.event_id
        return reader.hear(messages)

    def letters(self) -> Correspondence:
        """Where the correspondence with the other node stands, by the log alone."""
        recorded = at_once(MemoryLog.load(self.stores["courier"].log, f"correspondence-{self.other}"))
        told: list[Any] = [one.event for one in recorded]
        return reduce(CORRESPONDENCE.evolve, told, CORRESPONDENCE.initial)

    @property
    def is_quiet(self) -> bool:
        letters = self.letters()
        behind = [name for name, reader in self.readers.items() if self.is_behind(reader)]
        return not (letters.outstanding or letters.waiting or self.stores["courier"].kept or behind)

    def holds(self, mail: Mail) -> bool:
        """Whether a numbered letter is kept here, was noted, or lies in quarantine. Others need not be held."""
        store = self.stores["courier"]
        try:
            number = Claims.model_validate_json(mail.data).number
        except ValidationError:
            number = 0
        place = (self.other, number)
        noted = place in store.kept or place in store.tables["upsert_letter_in"].rows
        refused = {row["digest"] for row in store.rows("upsert_quarantine")}
        return number is None or noted or sealed_digest(mail.data) in refused

    def is_behind(self, reader: Reader) -> bool:
        return reader.at.position < len(self.stores[reader.source].log.rows)

    def _has_due(self) -> bool:
        known = self.stores["courier"].rows("upsert_letter_out")
        waiting = (r["number"] for r in known if r["partner_id"] == self.other and r["outcome"] in (None, "", "stored"))
        due = any(self.sender.due.get((self.other, n), 0.0) <= self.clock.elapsed for n in waiting)
        return due or bool(self.sender.asked or self.sender.greeted)

    def _running(self, name: str) -> Running:
        service, store = self.service[name], self.stores[name]
        keys = self.keys

        async def seal(event: Any, event_id: UUID) -> Any:
            return await seal_fields(keys, event, type(event).subjects, event_id)

        pool: Any = store
        log: Any = store.log
        nc: Any = self.wire
        deciders = {decider.name: decider for decider in service.deciders}
        corridor = Corridor(self.own, deciders, service.policy, log, seal)
        return Running(service, pool, nc, log, corridor, keys, NONE, NONE)

    def _reader(self, name: str, source: str, pool: Any, applied: Any) -> Reader:
        nc: Any = self.wire
        return Reader(name, source, pool, nc, applied, applied.start_over)


def account_of(organisation: UUID) -> str:
    return f"A{organisation.hex[-6:]}"
