"""Two desks over a real hub: a town that refers, an advice centre that answers; a third organisation is not told.

They keep what was acknowledged to whom and where every referral must stand; `checks.py` compares that with the logs.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from deploy.commands.doctor import examine
from deploy.demo.network import Network
from deploy.demo.people import EVA, JAKUB, MESTO, NIT, Person
from libs.eventlog import Command, new_id
from libs.eventlog.postgres import LOST
from libs.messaging import RequestFailed
from libs.service import Settings
from libs.testing.api import Api, ApiRefused
from services.cases.referral.commands import (
    AcceptReferral,
    CloseReferral,
    CompleteReferral,
    OpenReferral,
    SendReferral,
    StartReferral,
)
from tests.faults.ground import EVERYBODY, Ground

CANARY, DRAFT = "Žofie Kanárková", "Řehoř Nevyslaný"
"""Whom referrals are about; and who is in a draft that never leaves the town."""
PATIENCE_S = 60.0
AWAY = (500, 502, 503)
AWAY_ERRORS = (httpx.HTTPError, ApiRefused, OSError, RequestFailed, asyncpg.PostgresError, *LOST)


async def until(condition: Callable[[], Awaitable[bool]], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Poll until it holds. Raises AssertionError naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while True:
        with suppress(*AWAY_ERRORS):  # a process is down; that is the point of these tests
            if await condition():
                return
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s in vain for {what}"
        await asyncio.sleep(0.2)


@dataclass
class Desks:
    """What these desks did, on one ground.

    full        take the fault's whole time, as the whole matrix does; else a shorter one
    patience_s  how long anything may take, healing included; mutants get less
    """

    ground: Ground
    full: bool = False
    patience_s: float = PATIENCE_S
    dice: random.Random = field(default_factory=lambda: random.Random(20_260_512))
    acknowledged: dict[str, set[UUID]] = field(default_factory=lambda: {one.code: set() for one in EVERYBODY})
    stands: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """Where each referral must stand, at both."""
    sender: dict[UUID, Person] = field(default_factory=dict[UUID, Person])
    """Who sent it."""
    drafts: dict[str, set[UUID]] = field(default_factory=lambda: {one.code: set() for one in EVERYBODY})
    """What was written for nobody else, by organisation."""
    remarks: list[str] = field(default_factory=list[str])
    """What a reader of the report should know, beside whether it holds."""
    client: UUID = field(default_factory=new_id)
    """Whom drafts are about: known already, no new key is needed."""

    @property
    def network(self) -> Network:
        return self.ground.network

    def api(self, who: Person) -> Api:
        return self.network.api(who)

    def settings(self, code: str) -> Settings:
        return Settings.from_file(self.network.nodes[code].folder / "node.toml")

    def longer(self, short_s: float, full_s: float) -> float:
        return full_s if self.full else short_s

    async def do(self, who: Person, command: type[Command], **fields: Any) -> None:
        """The same command id again and again until it is acknowledged, as a phone does it."""
        command_id, deadline = new_id(), time.monotonic() + self.patience_s
        while True:
            try:
                async with self.api(who) as api:
                    await api.command("cases", "referral", command, id=command_id, **fields)
                self.acknowledged[who.organisation.code].add(command_id)
                return
            except (httpx.HTTPError, OSError, ApiRefused) as error:
                if isinstance(error, ApiRefused) and error.status not in AWAY:
                    raise
                assert time.monotonic() < deadline, f"{command.__name__} was not acknowledged: {error}"
                await asyncio.sleep(0.3)

    async def keep_draft(self, who: Person = EVA) -> None:
        """Something that is addressed to nobody."""
        one = new_id()
        self.drafts[who.organisation.code].add(one)
        await self.do(who, OpenReferral, **self._draft(one, who, DRAFT, self.client))

    async def try_draft(self, who: Person) -> ApiRefused | None:
        """The same, asked once. What refused it; None: it is acknowledged."""
        one, command_id = new_id(), new_id()
        self.drafts[who.organisation.code].add(one)
        try:
            async with self.api(who) as api:
                await api.command(
                    "cases", "referral", OpenReferral, id=command_id, **self._draft(one, who, DRAFT, self.client)
                )
        except ApiRefused as refused:
            return refused
        self.acknowledged[who.organisation.code].add(command_id)
        return None

    def _draft(self, one: UUID, who: Person, name: str, person: UUID | None = None) -> dict[str, Any]:
        to = MESTO if who.organisation == NIT else NIT
        return {
            "referral_id": one, "person_id": person or new_id(), "recipient": to.id, "need": "debts",
            "reason": "Dluh na nájmu.", "client_name": name,
        }  # fmt: skip

    async def refer(self, who: Person = EVA) -> UUID:
        """The town (or who else is named) opens a referral to the advice centre and sends it."""
        one = new_id()
        self.sender[one] = who
        await self.do(who, OpenReferral, **self._draft(one, who, CANARY))
        self.stands[one] = "sent"
        await self.do(
            who, SendReferral,
            referral_id=one, answer_due=date(2030, 1, 1),
            ground={"kind": "release", "release_id": new_id()},
        )  # fmt: skip
        return one

    async def answer(self, one: UUID) -> None:
        """The advice centre accepts as soon as it has arrived."""
        await self.until_stage(JAKUB, one, "received")
        await self.do(JAKUB, AcceptReferral, referral_id=one, worker=JAKUB.id)
        self.stands[one] = "accepted"

    async def carry_out(self, one: UUID) -> None:
        """To its end. Each waits for the other's letter."""
        await self.answer(one)
        await self.finish(one)

    async def whole(self, who: Person = EVA) -> None:
        """A referral from its opening to its end."""
        await self.carry_out(await self.refer(who))

    async def finish(self, one: UUID) -> None:
        """From acceptance to the end."""
        await self.help(one)
        await self.close(one)

    async def help(self, one: UUID) -> None:
        """The advice centre's work, which waits for nobody."""
        await self.do(JAKUB, StartReferral, referral_id=one, first_meeting=date(2026, 5, 20))
        await self.do(JAKUB, CompleteReferral, referral_id=one, outcome="help_received")

    async def close(self, one: UUID) -> None:
        """Who referred hears how it ended, and closes it."""
        await self.until_stage(self.sender[one], one, "completed")
        await self.do(self.sender[one], CloseReferral, referral_id=one, client_informed_on=date(2026, 6, 22))
        self.stands[one] = "closed"

    async def until_stage(self, who: Person, one: UUID, stage: str) -> None:
        async def reached() -> bool:
            return (await self.seen_by(who)).get(one, {}).get("stage") == stage

        await until(reached, f"{who.organisation.code} to see a referral as {stage}", self.patience_s)

    async def seen_by(self, who: Person) -> dict[UUID, dict[str, Any]]:
        async with self.api(who) as api:
            rows = await api.query("cases", "referrals", organisation=who.organisation.id, limit=500)
        return {UUID(row["referral_id"]): row for row in rows}

    async def until_doctor_says(self, code: str, sentence: str) -> None:
        async def said() -> bool:
            return any(sentence in one for one in await examine(self.settings(code)))

        await until(said, f"doctor to say of {code}: {sentence}", self.patience_s)

    async def hold(self, server: Any, *, kill: bool = False) -> None:
        await asyncio.to_thread(self.network.supervisor.hold, server, kill=kill)

    async def release(self, server: Any) -> None:
        await asyncio.to_thread(self.network.supervisor.release, server)

    def processes(self) -> list[Any]:
        nodes = self.network.nodes.values()
        return [self.network.hub, *(s for node in nodes for s in (node.postgres, node.nats, node.program))]
