"""One mechanism removed each: what the matrix must notice before its green is worth anything.

A mutant lives in the node's own process (`mutated.py`) or in the settings of its PostgreSQL. The programs know nothing
of it.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from libs.eventlog import RegistryError, batch, events, postgres
from libs.eventlog.handle import Corridor
from libs.eventlog.log import Append, Appended
from libs.projection import follower
from libs.sealing import letter as sealed_letter
from services.courier import outgoing
from services.courier.correspondence import decider as correspondence
from services.courier.correspondence.state import Correspondence
from services.courier.incoming import Receiver
from services.courier.outgoing import Sender


def _nothing() -> None: ...


@dataclass(frozen=True)
class Mutant:
    """removed: the mechanism, in words; remove: takes it out of a process; postgres: settings that take it away."""

    removed: str
    remove: Callable[[], None] = _nothing
    postgres: Mapping[str, str] = field(default_factory=dict[str, str])


def _answer_before_the_commit() -> None:
    whole = postgres.PostgresLog.append

    async def append(self: postgres.PostgresLog, asked: Append) -> Appended:
        async def later() -> None:
            await asyncio.sleep(0.5)
            await whole(self, asked)

        if not asked.stream.startswith("referral"):
            return await whole(self, asked)
        _kept.append(asyncio.create_task(later()))
        return Appended(asked.stream, asked.expected + len(asked.events), 0)

    postgres.PostgresLog.append = append  # pyright: ignore[reportAttributeAccessIssue]


_kept: list[Any] = []


def _trust_the_store() -> None:
    run: Any = import_module("libs.service.run")

    async def prepare(pool: Any, service: Any) -> None:
        async with pool.acquire() as db:
            await run.migrate(db, (*run.LIBRARY_MIGRATIONS, service.migrations))

    run._prepare = prepare


def _send_once() -> None:
    def later(self: Sender, partner: Any, number: int, attempt: int) -> None:
        self.due[partner, number] = math.inf

    async def nobody_asks(self: Receiver, partner: Any) -> None: ...

    whole = Sender.send_due

    async def send_due(self: Sender) -> None:
        self.unsure.clear()
        await whole(self)

    def deaf(self: Sender, partner: Any, received: int) -> None: ...

    Sender.greets = deaf
    Sender.send_due = send_due
    Sender._later = later  # pyright: ignore[reportPrivateUsage]
    Receiver.ask_for_missing = nobody_asks  # pyright: ignore[reportAttributeAccessIssue]


def _no_inbox() -> None:
    """All three walls: the courier's numbers, the command id of a delivery, the half that knows its entries."""
    write = Corridor._write  # pyright: ignore[reportPrivateUsage]

    async def receive(
        self: Corridor, aggregate: str, event: Any, letter: Any, sender: Any, trace: str | None = None
    ) -> Appended:
        decider = self._deciders[aggregate]  # pyright: ignore[reportPrivateUsage]
        fresh = letter.model_copy(update={"id": uuid4()})
        return await write(self, decider, decider.stream(event), fresh, lambda known: (event,), trace, audience=False)

    async def keep(self: Receiver, partner: Any, sealed: bytes, opened: Any) -> None:
        await self._bring(partner, opened)  # pyright: ignore[reportPrivateUsage]
        await whole(self, partner, sealed, opened)

    whole = Receiver._keep  # pyright: ignore[reportPrivateUsage]
    Receiver._keep = keep  # pyright: ignore[reportPrivateUsage]
    Corridor.receive = receive  # pyright: ignore[reportAttributeAccessIssue]


def _acknowledge_what_failed() -> None:
    def fail(waiting: batch.Waiting, error: Exception) -> None:
        if not waiting.answer.done():
            asked = waiting.append
            waiting.answer.set_result(Appended(asked.stream, asked.expected + len(asked.events), 0))

    postgres._fail = fail  # pyright: ignore[reportPrivateUsage]


def _no_refill() -> None:
    async def ask_nobody(nc: Any, service: str, after: Any) -> list[Any]:
        return []

    follower.ask_refill = ask_nobody


def _one_stops_all() -> None:
    async def stay(self: Receiver, sender: Any, digest: str, code: str) -> None:
        await asyncio.sleep(3_600)

    Receiver._quarantine = stay  # pyright: ignore[reportPrivateUsage]


def _deaf_to_greetings() -> None:
    def observe(command: Any, letters: Correspondence) -> tuple[()]:
        return ()

    correspondence._observe_hello = observe  # pyright: ignore[reportPrivateUsage]


def _clocks_must_agree() -> None:
    sealed_letter.CLOCKS = timedelta(minutes=1)


def _revoked_keys_count() -> None:
    whole = sealed_letter._signed_by  # pyright: ignore[reportPrivateUsage]

    def signed_by(signed: str, known: Any, at: Any) -> Any:
        keys = {kid: key.model_copy(update={"valid_until": None}) for kid, key in known.keys.items()}
        return whole(signed, known.model_copy(update={"revoked": (), "keys": keys}), at)

    sealed_letter._signed_by = signed_by  # pyright: ignore[reportPrivateUsage]


def _forget_a_version() -> None:
    whole = events.Registry.load

    def load(self: events.Registry, stored_type: str, schema_version: int, content: dict[str, Any]) -> Any:
        if stored_type == "referral-accepted":
            raise RegistryError("no upcaster")
        return whole(self, stored_type, schema_version, content)

    events.Registry.load = load  # pyright: ignore[reportAttributeAccessIssue]


def _speak_of_tomorrow() -> None:
    whole = outgoing.disclosed

    async def disclosed(*asked: Any) -> tuple[str, dict[str, Any]]:
        kind, content = await whole(*asked)
        return kind, content | {"schema_version": content["schema_version"] + 1}

    outgoing.disclosed = disclosed


MUTANTS: Mapping[str, Mutant] = {
    "answer-first": Mutant("answering after the commit, not before", _answer_before_the_commit),
    "no-fsync": Mutant("fsync of PostgreSQL, and the refusal to start without it", _trust_the_store, {"fsync": "off"}),
    "one-clock": Mutant("allowing for clocks that are a day apart", _clocks_must_agree),
    "once": Mutant("sending a letter again until it is receipted, and asking for missing numbers", _send_once),
    "no-inbox": Mutant("knowing a letter, a delivery and an entry again", _no_inbox),
    "always-yes": Mutant("telling a failed commit from a done one", _acknowledge_what_failed),
    "no-refill": Mutant("asking the source for what the stream does not have", _no_refill),
    "one-stops-all": Mutant("putting aside what cannot be opened, and going on", _one_stops_all),
    "deaf": Mutant("hearing from a greeting how far the numbers have got", _deaf_to_greetings),
    "forgets-one": Mutant("reading one released version of an event", _forget_a_version),
    "newer-words": Mutant("writing letters in a version that the other side knows", _speak_of_tomorrow),
    "revoked-counts": Mutant("refusing what a revoked key has signed", _revoked_keys_count),
}
