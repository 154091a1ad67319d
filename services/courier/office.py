"""The courier's desk: what its loops share. Keys, the link to the hub, the partners, and a way to note things."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.eventlog import Actor, Command, derived_id
from libs.eventlog.log import Appended
from libs.eventlog.stored import Checkpoint
from libs.messaging import Bus
from libs.sealing import Opened, OrganisationKeys, Sealed, SealingError, seal
from libs.sealing import open as open_letter
from libs.service import Running
from services.courier.correspondence.state import Correspondence
from services.courier.hub_link import HubLink, HubUnavailable, QuotaFull
from services.courier.partners import Partner, Partners, load_partners

CORRESPONDENCE = "correspondence"
FRESH_S = 2.0
ASK_AGAIN_S = 1.0
"""So long the partners last, if `identity` told nothing new: another process may have rebuilt them."""
log = logging.getLogger("spojka.courier")


@dataclass(frozen=True, slots=True)
class Ready:
    """A sealed letter whose first attempt is noted and not yet made. until: after that it is told anew, as every
    other attempt, for its ground may be gone."""

    sealed: Sealed
    until: float


@dataclass
class Office:
    """One node's courier at work."""

    running: Running
    keys: OrganisationKeys
    link: HubLink
    bus: Bus
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there may be something to send."""
    refused_by_hub: str | None = None
    """Why the hub took the last letter we offered not; None: it did."""
    ready: dict[tuple[UUID, int], Ready] = field(default_factory=dict[tuple[UUID, int], Ready])
    """By partner and number: what the sender need not ask for and seal. In memory only."""
    _partners: Partners | None = None
    _told: list[Checkpoint] = field(default_factory=list[Checkpoint])
    _asked: float = 0.0

    @property
    def own(self) -> UUID:
        return self.running.service.settings.organisation.id

    def now(self) -> datetime:
        return now()

    def monotonic(self) -> float:
        """Seconds, for pauses alone: a clock that is set moves none of them."""
        return time.monotonic()

    def seal(self, partner: Partner, kind: str, content: dict[str, Any], number: int | None = None) -> Sealed:
        """A letter for the hub. Raises SealingError."""
        return seal(self.keys, partner.pinned, type=kind, data=content, at=self.now(), number=number)

    def open(self, sealed: bytes, partner: Partner, partners: Partners, at: datetime) -> Opened:
        """at: when it arrived; a letter that waited here for a newer program has not become too old.

        Raises LetterRefused.
        """
        return open_letter(sealed, keys=self.keys, partners=partners.pinned, sent_by=partner.id, at=at)

    async def partners(self) -> Partners:
        """As the followed log of `identity` tells them: read again when that has gone on, and once a second."""
        told, clock = [follower.at for follower in self.running.followers], self.monotonic()
        if self._partners is None or told != self._told or clock >= self._asked + ASK_AGAIN_S:
            sql = self.running.service.sql["all_partners"]
            self._partners = await load_partners(self.running.pool, sql, self.own)
            self._told, self._asked = told, clock
        return self._partners

    async def note(self, command: type[Command], purpose: str, origin: UUID, **fields: Any) -> Appended:
        """Record something as the node itself; the same origin and purpose again is the same command."""
        wish = command.model_validate(
            {"id": derived_id(origin, purpose), "actor": self._node(), "occurred_at": self.now(), **fields}
        )
        return await self.running.corridor.handle(CORRESPONDENCE, wish)

    def make_ready(self, partner: UUID, number: int, sealed: Sealed) -> None:
        """For the sender, who is about to look. What it left lying is forgotten."""
        clock = self.monotonic()
        self.ready = {place: one for place, one in self.ready.items() if one.until > clock}
        self.ready[partner, number] = Ready(sealed, clock + FRESH_S)

    def take_ready(self, partner: UUID, number: int) -> Sealed | None:
        """What was sealed for the first attempt just now."""
        one = self.ready.pop((partner, number), None)
        return one.sealed if one is not None and one.until > self.monotonic() else None

    async def state(self, partner: UUID) -> Correspondence:
        """Where the correspondence with a partner stands."""
        return await self.running.corridor.state(CORRESPONDENCE, partner)

    async def greet(self, partner: Partner, *, answer: bool = False) -> None:
        """How far we are. answer: to a greeting, and not to be answered itself."""
        state = await self.state(partner.id)
        said = {"sent": state.sent, "received": state.received}
        await self.send_control(partner, "hello", said | ({"answer": True} if answer else {}))

    async def send_control(self, partner: Partner, kind: str, content: dict[str, Any]) -> bool:
        """A receipt, a resend request or a greeting: sealed, unnumbered. False: the hub is away; another follows."""
        try:
            sealed = self.seal(partner, kind, content)
            await self.link.send(partner.account, sealed.letter, f"{sealed.jti}")
        except (HubUnavailable, QuotaFull, SealingError) as error:
            log.info("control letter waits", extra={"partner": str(partner.id), "reason": type(error).__name__})
            return False
        return True

    async def notes(self) -> list[str]:
        """What waits and what was put aside, for health and `doctor`."""
        found: list[str] = []
        if not self.link.connected:
            found.append(
                "The hub does not answer. Letters wait here and nothing is lost. Look at its address, its server."
            )
        elif self.refused_by_hub is not None:
            found.append(
                f"The hub takes no letters ({self.refused_by_hub}). They wait here and nothing is lost. Tell its "
                "operator: after a full disk it has to be started again."
            )
        rows = await self.running.pool.fetch(self.running.service.sql["quarantined_lately"])
        if rows:
            why = ", ".join(f"{row['letters']} × {row['reason']}" for row in rows)
            found.append(
                f"Letters were put into quarantine since yesterday: {why}. Nothing of them was acted on. "
                "Ask the organisation they name."
            )
        return found

    def _node(self) -> Actor:
        return Actor(user=self.own, organisation=self.own, roles=frozenset({"node"}))


def now() -> datetime:
    return datetime.now(UTC)
