"""C1 to C6 of the shared security notes: what must be true after any fault, once it has healed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from deploy.commands.rebuild import projections
from deploy.commands.verify import verify_node
from deploy.demo.leaks import find
from deploy.demo.people import NIT
from deploy.node import SERVICES, service
from libs.service.maintenance import differences, on_bench
from services.courier.incoming import NOBODY
from tests.faults.desks import CANARY, DRAFT, Desks, until

SAME_AT_BOTH = "stage, outcome, code, crossed, need, urgency, answer_due"


ORDER = ("C4", "C1", "C2", "C3", "C5", "C6")
"""First everybody has to come to rest."""


async def prove(desks: Desks, order: Sequence[str] = ORDER, *, until_one_fails: bool = False) -> dict[str, str]:
    """Check → what is wrong, "" where it holds. Waiting is over after `patience_s`."""
    found: dict[str, str] = {}
    for name in order:
        try:
            await CHECKS[name](desks)
            found[name] = ""
        except AssertionError as wrong:
            found[name] = str(wrong).splitlines()[0]
            if until_one_fails:
                break
    return dict(sorted(found.items()))


async def everything_acknowledged_is_in_the_log(desks: Desks) -> None:
    for code in desks.network.nodes:
        acknowledged = desks.acknowledged[code]
        async with on_bench(service("cases", desks.settings(code))) as bench:
            rows = await bench.pool.fetch("select command_id from event union select command_id from command")
        lost = acknowledged - {row["command_id"] for row in rows}
        assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged commands are not in the log of {code}"


async def every_effect_is_there_once(desks: Desks) -> None:
    """A partner's entry stands once in our log, whatever came how often."""
    for code in desks.network.nodes:
        async with on_bench(service("cases", desks.settings(code))) as bench:
            doubled = await bench.pool.fetchval(
                "select count(*) from (select stream, data->>'author', data->>'number' from event"
                " where data ? 'author' and data ? 'number' group by 1, 2, 3 having count(*) > 1) as twice"
            )
        assert doubled == 0, f"{doubled} shared entries were recorded more than once at {code}"


async def every_view_equals_its_rebuild(desks: Desks) -> None:
    deadline = time.monotonic() + desks.patience_s

    async def of_service(code: str, name: str) -> None:
        declared = service(name, desks.settings(code))
        async with on_bench(declared) as bench:
            for projection in projections(declared):

                async def same(projection: str = projection) -> bool:
                    return await differences(bench, projection) == 0

                left = max(0.0, deadline - time.monotonic())
                await until(same, f"{code} {projection} to equal its rebuild", left)

    async def of_node(code: str) -> None:
        for name in SERVICES:
            await of_service(code, name)

    await asyncio.gather(*(of_node(code) for code in desks.network.nodes))


async def both_agree(desks: Desks) -> None:
    """f(S, P) of every referral is the same at both, it is what was done, and every letter has its receipt."""

    async def agree() -> bool:
        views = {code: await _referrals(desks, code) for code in desks.network.nodes}
        theirs = views[NIT.code]
        for one, stage in desks.stands.items():
            ours = views[desks.sender[one].organisation.code]
            if one not in ours or ours[one] != theirs.get(one) or ours[one]["stage"] != _seen(stage):
                return False
        return True

    await until(agree, "both sides to agree about every referral", desks.patience_s)
    for code in desks.network.nodes:
        await until(lambda code=code: _nothing_waits(desks, code), f"every letter of {code} to be receipted",
                    desks.patience_s)  # fmt: skip


async def _referrals(desks: Desks, code: str) -> dict[UUID, dict[str, Any]]:
    async with on_bench(service("cases", desks.settings(code))) as bench:
        rows = await bench.pool.fetch(f"select referral_id, {SAME_AT_BOTH} from referral_list")
    return {row["referral_id"]: dict(row) for row in rows}


def _seen(stage: str) -> str:
    """What was sent has been received when everybody is at rest: the recipient's node says so by itself."""
    return "received" if stage == "sent" else stage


async def _nothing_waits(desks: Desks, code: str) -> bool:
    partners = [NOBODY, *(one.organisation.id for one in desks.network.nodes.values())]
    async with on_bench(service("courier", desks.settings(code))) as bench:
        sent = await bench.pool.fetch(
            "select coalesce(outcome, '') as outcome from letter_out where partner_id = any($1)", partners
        )
        put_aside = await bench.pool.fetch(
            "select distinct reason from quarantine where partner_id = any($1)", partners
        )
    wrong = sum(row["outcome"] in ("refused", "disputed") for row in sent)
    reasons = {row["reason"] for row in put_aside}
    if desks.ground.disputed:
        reasons.discard("number_used_twice")
    assert wrong == 0 or desks.ground.disputed, f"{wrong} letter(s) of {code} were refused or disputed"
    unexpected = reasons - desks.ground.quarantined
    assert not unexpected, f"letters are in quarantine at {code}: {', '.join(sorted(unexpected))}"
    return all(row["outcome"] for row in sent)


async def nobody_knows_more_than_was_addressed(desks: Desks) -> None:
    """A draft stays where it was written, a referral with its two parties; and no file of theirs names the client."""
    told = {code: set(drafts) for code, drafts in desks.drafts.items()}
    for one, sender in desks.sender.items():
        told[sender.organisation.code].add(one)
        told[NIT.code].add(one)
    everything = set[UUID]().union(*told.values())
    for code in desks.network.nodes:
        async with on_bench(service("cases", desks.settings(code))) as bench:
            rows = await bench.pool.fetch(
                "select distinct right(stream, 36)::uuid as id from event where stream like 'referral-%'"
            )
        known = {row["id"] for row in rows} & everything
        assert known <= told[code], f"{code} knows of a matter it was never told"
    for folder in (desks.network.hub.folder, *(node.folder for node in desks.network.nodes.values())):
        leaks = [one.file.name for one in await asyncio.to_thread(lambda f=folder: list(find(f, (CANARY, DRAFT))))]
        assert not leaks, f"a client is named in the clear in {leaks[0]}"


async def every_chain_holds(desks: Desks) -> None:
    for code in desks.network.nodes:
        broken = [f"{name}: {trouble}" for name, _, trouble in await verify_node(desks.settings(code)) if trouble]
        assert not broken, f"{code} {broken[0]}"


CHECKS: Mapping[str, Callable[[Desks], Awaitable[None]]] = {
    "C1": everything_acknowledged_is_in_the_log,
    "C2": every_effect_is_there_once,
    "C3": every_view_equals_its_rebuild,
    "C4": both_agree,
    "C5": nobody_knows_more_than_was_addressed,
    "C6": every_chain_holds,
}
