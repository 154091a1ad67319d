"""Programs with one mechanism missing. The simulation must find each of them, or it proves nothing.

Many mechanisms stand in for one another. Where removing one is repaired by the next, both are removed here, and the
comment says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

import pytest

from libs.eventlog import Half, new_id
from libs.eventlog.handle import Corridor
from libs.eventlog.log import Append, Appended
from libs.messaging.trace import current_trace
from libs.privacy import CLEAR, open_fields
from libs.service.letters import Disclosed
from services.cases.referral.events import ReferralOpened
from services.courier import incoming
from services.courier.correspondence.commands import NoteApplied
from services.courier.correspondence.state import Correspondence
from services.courier.incoming import Receipt, Receiver
from services.courier.outgoing import Sender
from tests.simulation import desk, store
from tests.simulation.device import Wish
from tests.simulation.faults import Faults
from tests.simulation.plan import MOST_STEPS, Plan

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Mutant:
    """found_by: the checks that notice it. faults: those under which it matters; None: as the seed says."""

    remove: Callable[[Patch], None]
    found_by: frozenset[str]
    faults: frozenset[str] | None

    def plan(self, seed: int) -> Plan:
        plan = Plan.of(seed)
        return plan if self.faults is None else changed(plan, steps=MOST_STEPS, faults=self.faults)


MUTANTS: dict[str, Mutant] = {}


def mutant(*found_by: str, faults: str = "") -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    def keep(remove: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS[remove.__name__] = Mutant(remove, frozenset(found_by), frozenset(faults.split()) or None)
        return remove

    return keep


@mutant("C2")
def the_log_does_not_know_a_command_again(patch: Patch) -> None:
    append = store.Log.append

    async def forgetful(log: store.Log, wanted: Append) -> Appended:
        log._answers.pop(wanted.command_id, None)  # pyright: ignore[reportPrivateUsage]
        return await append(log, wanted)

    patch.setattr(store.Log, "append", forgetful)


@mutant("C4", faults="shuffle cut")
def entries_are_read_as_they_come(patch: Patch) -> None:
    """No holding of gaps: `Half.add` takes whatever it gets."""

    def add(half: Any, entry: Any) -> Any:
        return type(half).model_construct(entries=(*half.entries, entry), held=())

    patch.setattr(Half, "add", add)


@mutant("kept")
def the_hub_forgets_before_we_keep(patch: Patch) -> None:
    """In the end the sender would send it again, up to a day later; so the order itself is watched."""
    take = Receiver.take

    async def hasty(receiver: Receiver, letter: Any) -> None:
        await letter.ack()
        await take(receiver, letter)

    patch.setattr(Receiver, "take", hasty)


@mutant("quiet", faults="cut wipe")
def nobody_sends_again_what_is_asked_for(patch: Patch) -> None:
    """Nor after a greeting. Whatever has no receipt goes again all the same, but after pauses of up to a day: it does
    not arrive soon."""

    def deaf(sender: Sender, partner: Any, first: int, last: int) -> None: ...

    patch.setattr(Sender, "again", deaf)
    a_greeting_brings_no_receipt(patch)


@mutant("quiet", faults="cut wipe")
def nothing_goes_again_by_itself(patch: Patch) -> None:
    """Greetings and resend requests bring every letter, but a lost receipt shows in none of them."""
    patch.setattr(Sender, "_is_due", lambda _sender, _partner, _number, letter, _clock: letter.attempts == 0)


@mutant("quiet", faults="wipe")
def a_greeting_brings_no_receipt(patch: Patch) -> None:
    """It comes in the end, when the letter has its next turn; by then that may be in days."""

    def deaf(sender: Sender, partner: Any, received: int) -> None: ...

    patch.setattr(Sender, "greets", deaf)


@mutant("C2", faults="crash")
def a_number_is_given_again_after_a_crash(patch: Patch) -> None:
    read = Corridor._read  # pyright: ignore[reportPrivateUsage]

    async def careless(corridor: Corridor, decider: Any, stream: str, known: Any = None) -> Any:
        known = await read(corridor, decider, stream, known)
        if not isinstance(known.state, Correspondence):
            return known
        return changed(known, state=changed(known.state, next_number=max(1, known.state.next_number - 1)))

    patch.setattr(Corridor, "_read", careless)


@mutant("C1", faults="crash lost")
def the_receipt_leaves_before_the_letter_is_applied(patch: Patch) -> None:
    """And the letter is dropped with it: kept, it would be applied after the crash."""

    async def hasty(receiver: Receiver, partner: Any, number: int, opened: Any) -> bool:
        await receiver._note_arrival(partner, opened)  # pyright: ignore[reportPrivateUsage]
        await receiver.office.note(
            NoteApplied, f"applied {number}", opened.claims.jti, partner_id=partner.id, number=number, outcome="applied"
        )
        receipt = Receipt(number=number, digest=opened.digest, outcome="applied")
        await receiver._receipt(partner, receipt)  # pyright: ignore[reportPrivateUsage]
        await receiver._drop(partner, number)  # pyright: ignore[reportPrivateUsage]
        await receiver._bring(partner, opened)  # pyright: ignore[reportPrivateUsage]
        return True

    patch.setattr(Receiver, "_apply", hasty)


@mutant("C2")
def an_applied_letter_is_not_known_again(patch: Patch) -> None:
    """`cases` would still know the delivery by its id and the entry by its number; the courier's log shows it."""
    patch.setattr(Correspondence, "has", lambda letters, number: number in letters.waiting)


@mutant("C2", faults="again lost")
def a_device_asks_anew_under_another_id(patch: Patch) -> None:
    """Most commands are "already so" the second time; those that are not, are done twice."""
    written = Wish.written.fget
    assert written is not None

    def anew(wish: Wish) -> Any:
        wish.command = wish.command.model_copy(update={"id": new_id()})
        return written(wish)

    patch.setattr(Wish, "written", property(anew))


@mutant("C3", faults="again")
def a_view_takes_an_old_event_for_a_new_one(patch: Patch) -> None:
    """Neither the follower looks what came before, nor the row where it stands: each alone repairs the other."""

    async def hear(reader: desk.Reader, messages: list[Any]) -> None:
        await reader.look()
        await reader.apply(messages, reader.at, reader.at)

    patch.setattr(desk.Reader, "hear", hear)
    patch.setattr(store.Table, "is_newer", staticmethod(lambda _here, _row: True))


@mutant("quiet")
def what_is_no_letter_is_not_acknowledged(patch: Patch) -> None:
    async def stubborn(receiver: Receiver, sender: Any, digest: str, code: str) -> None:
        raise ConnectionError(code)

    patch.setattr(Receiver, "_quarantine", stubborn)
    forgives = Faults.forgives

    def lenient(faults: Faults, node: Any, error: Exception) -> bool:
        return isinstance(error, ConnectionError) or forgives(faults, node, error)

    patch.setattr(Faults, "forgives", lenient)


@mutant("C5")
def a_draft_is_told(patch: Patch) -> None:
    """It has an audience and nobody is asked whether it may be told. The other end still refuses to record it."""

    async def talkative(running: Any, asked: Any) -> Disclosed:
        stored = running.log.rows[asked.position - 1]
        [opened] = await open_fields(running.keys, [stored.recorded().event])
        return Disclosed(
            type=opened.stored_type,
            schema_version=opened.schema_version,
            thread=stored.stream,
            occurred_at=stored.occurred_at,
            trace=current_trace(),
            data=opened.model_dump(mode="json", context=CLEAR),
        )

    patch.setattr(ReferralOpened, "audience", lambda event: (str(event.recipient),))
    patch.setattr(desk, "disclose_event", talkative)


# ---- as it was: found by the simulation. What it found seldom is played by hand in test_found.py


@mutant("C7")
def what_is_told_anew_looks_like_a_number_used_twice(patch: Patch) -> None:
    patch.setattr(incoming, "_event_of", lambda _opened: None)
