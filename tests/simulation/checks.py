"""What holds once every fault has gone and everybody has had time (security.md §3).

quiet  it comes to rest: everything has arrived soon after greeting, every receipt within days
kept   the hub is told to forget a letter only when that is safe here (looked at all the time)
C1     what was acknowledged to a device is in the log; what was receipted as applied is in the other's
C2     each effect once
C3     every view, inline or streamed, is the fold of its log from nothing
C4     both ends have the same entries and read the same from them
C5     nobody holds what was not meant for them
C6     the chain of hashes verifies
C7     no alarm and no dead letter among honest nodes, no loop that failed without a fault
"""

from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Any

from libs.eventlog import ChainBroken, SharedEvent, derived_id
from libs.eventlog.log import verify
from libs.eventlog.memory import MemoryLog
from libs.privacy import CLEAR, open_fields
from services.cases.referral.common_state import common_state
from services.cases.referral.decider import REFERRAL
from services.cases.referral.events import ReferralIdentityDisclosed
from services.cases.referral.state import Referral as State
from services.courier.correspondence.events import (
    LetterArrived,
    LetterConflicted,
    LetterPosted,
    LetterReceipted,
    LetterSent,
    ReceiptDisputed,
)
from tests.simulation.node import Node, account_of
from tests.simulation.store import Store, fold
from tests.simulation.story import Referral, client_of
from tests.simulation.tasks import at_once

if TYPE_CHECKING:
    from tests.simulation.world import World


class Failed(AssertionError):
    """A promise that was not kept. check: which; the text has no personal data."""

    def __init__(self, check: str, text: str) -> None:
        super().__init__(f"{check}: {text}")
        self.check = check


def check_safety(world: "World") -> None:
    """What holds at any moment. Raises Failed at the first promise that does not."""
    for node in world.nodes:
        each_effect_once(node)
        acknowledged_is_recorded(world, node)
        receipted_is_recorded(node, world.other(node))
        nothing_leaked(world, node)
        chains_verify(node)


def check_the_end(world: "World") -> None:
    """What holds when everything has come to rest."""
    for node in world.nodes:
        views_are_folds(node)
        no_alarm(node)
    for referral in world.referrals:
        if referral.is_shared:
            both_ends_agree(world.nodes[0], world.nodes[1], referral)


def acknowledged_is_recorded(world: "World", node: Node) -> None:
    log = node.stores["cases"].log
    for command_id, answer in world.devices[node.own].acknowledged.items():
        row = log.rows[answer.position - 1] if 0 < answer.position <= len(log.rows) else None
        found = answer.position == 0 or (row is not None and row.command_id == command_id)
        if not found or at_once(MemoryLog.answered(log, command_id)) is None:
            raise Failed("C1", f"{node.code} forgot a command it had acknowledged")


def receipted_is_recorded(node: Node, other: Node) -> None:
    noted = [one for one in events(node.stores["courier"]) if getattr(one, "partner_id", None) == other.own]
    posted = {one.number: one for one in noted if isinstance(one, LetterPosted)}
    for told in noted:
        if isinstance(told, LetterReceipted) and told.outcome == "applied":
            delivery = derived_id(posted[told.number].event_id, f"receive {node.own}")
            if at_once(MemoryLog.answered(other.stores["cases"].log, delivery)) is None:
                raise Failed("C1", f"{other.code} receipted letter {told.number}, but did not apply it")


def each_effect_once(node: Node) -> None:
    keys: Counter[tuple[object, ...]] = Counter()
    for store in node.stores.values():
        if twice := [command for command, times in store.log.effects.items() if times > 1]:
            raise Failed("C2", f"{node.code} carried out {len(twice)} commands twice")
        for row in store.log.rows:
            match row.recorded().event:
                case SharedEvent() as shared:
                    keys[row.stream, shared.author, shared.number] += 1
                    if shared.author == node.own and "node" not in row.actor:
                        keys["moment", type(shared), row.occurred_at] += 1  # of one wish of a worker
                case LetterArrived() as arrived:
                    keys["in", arrived.partner_id, arrived.number] += 1
                case LetterPosted() as posted:
                    keys["out", posted.partner_id, posted.number] += 1
                    keys["owed", posted.partner_id, posted.event_id] += 1
                case LetterSent() as sent:
                    keys["attempt", sent.partner_id, sent.number, sent.attempt] += 1
                case _:
                    pass
    if twice := [key for key, times in keys.items() if times > 1]:
        raise Failed("C2", f"{node.code} has {twice[0]} twice")


def views_are_folds(node: Node) -> None:
    for name, store in node.stores.items():
        for tables in (store.tables, node.views[name].tables):
            for table in tables.values():
                fresh = type(table)(table.projection)
                said = [(row.recorded().event, row.position) for row in store.log.rows]
                for one in said:
                    fold([fresh], [one])
                if shown(fresh.rows) != shown(table.rows):
                    raise Failed("C3", f"{table.projection.name} at {node.code} is not what its log says")


def both_ends_agree(one: Node, other: Node, referral: Referral) -> None:
    here, there = state(one, referral), state(other, referral)
    lengths = [(len(end.request.entries), len(end.progress.entries)) for end in (here, there)]
    if lengths[0] != lengths[1]:
        raise Failed("C4", f"referral {referral.name} has {lengths[0]} entries here and {lengths[1]} there")
    f = [common_state(end.request.entries, end.progress.entries) for end in (here, there)]
    if f[0] != f[1]:
        raise Failed("C4", f"referral {referral.name} is {f[0].stage} here and {f[1].stage} there")
    if f[0].faults:
        raise Failed("C4", f"referral {referral.name} has entries that nobody should have written")
    for mine, theirs in zip((*here.request.entries, *here.progress.entries),
                            (*there.request.entries, *there.progress.entries), strict=True):  # fmt: skip
        if (type(mine), mine.seen, mine.occurred_at) != (type(theirs), theirs.seen, theirs.occurred_at):
            raise Failed("C4", f"referral {referral.name}: entry {mine.number} differs")


def nothing_leaked(world: "World", node: Node) -> None:
    held = at_once(everything(node)) + "".join(
        data.decode(errors="replace") for _, to, data in world.hub.archive if to == account_of(node.own)
    )
    for referral in world.referrals:
        if referral.sender == node.own:
            if referral.opened and client_of(referral) not in held and node.stores["cases"].log.rows:
                opened = any(row.stream.endswith(str(referral.id)) for row in node.stores["cases"].log.rows)
                if opened:
                    raise Failed("C5", "the search finds nothing where something is")
        elif not referral.is_shared and (str(referral.id) in held or client_of(referral) in held):
            raise Failed("C5", f"{node.code} holds something of the referral {referral.name}")
        elif client_of(referral) in held and not told_who(state(world.other(node), referral)):
            raise Failed("C5", f"{node.code} holds the name in the referral {referral.name} before it may")


async def everything(node: Node) -> str:
    """All a node holds, opened with its own keys."""
    found: list[str] = []
    for store in node.stores.values():
        found += [row.stream + row.data for row in store.log.rows]
        for event in await open_fields(node.keys, events(store)):
            found.append(event.model_dump_json(context=CLEAR))
        found += [str(row) for row in store.kept.values()]
        found += [str(row) for table in store.tables.values() for row in table.rows.values()]
    return "".join(found)


def chains_verify(node: Node) -> None:
    for name, store in node.stores.items():
        try:
            verify(store.log.rows, b"")
        except ChainBroken as broken:
            raise Failed("C6", f"{name} at {node.code}: {broken}") from None


def no_alarm(node: Node) -> None:
    alarms = [type(e).__name__ for e in events(node.stores["courier"])
              if isinstance(e, LetterConflicted | ReceiptDisputed)]  # fmt: skip
    dead = [letter for store in node.stores.values() for letter in store.dead_letters]
    if alarms or dead or node.wire.faults:
        raise Failed("C7", f"{node.code}: {[*alarms, *dead, *node.wire.faults][:3]}")


def events(store: Store) -> list[Any]:
    return [row.recorded().event for row in store.log.rows]


def state(node: Node, referral: Referral) -> State:
    """Where a referral stands, by the log alone."""
    recorded = at_once(MemoryLog.load(node.stores["cases"].log, f"referral-{referral.id}"))
    told: list[Any] = [one.event for one in recorded]
    return reduce(REFERRAL.evolve, told, REFERRAL.initial)


def told_who(referral: State) -> bool:
    return referral.find(ReferralIdentityDisclosed) is not None


def shown(rows: dict[Any, Any]) -> dict[Any, Any]:
    """A streamed view has no personal values: its source withholds them."""
    personal = {"client_name", "contact", "reason", "text"}
    return {key: {name: v for name, v in row.items() if name not in personal} for key, row in rows.items()}
