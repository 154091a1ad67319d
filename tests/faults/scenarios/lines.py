"""F3, F4 and F15: the line to the hub is dead, deaf, slow, cut or doubled; the hub is away, or forgets everything."""

import asyncio
import sys

from deploy.commands.doctor import examine
from deploy.demo.people import EVA, MESTO, NIT
from deploy.local.folder import ROOT
from deploy.local.program import Program
from tests.faults.desks import Desks
from tests.faults.partition import Way, cut_off
from tests.faults.proxy import Proxy


async def the_line_is_cut(desks: Desks) -> None:
    """Packets between the advice centre and the hub vanish: both ways, and one way each."""
    ways: tuple[Way, ...] = ("both", "from the hub", "to the hub") if desks.full else ("from the hub", "both")
    for way in ways:
        known = await desks.refer()
        await desks.answer(known)
        with cut_off(NIT.code, way):
            sent = [await desks.refer() for _ in range(3)]
            for one in sent:
                assert (await desks.seen_by(EVA))[one]["stage"] == "sent", "it is sent, whatever the line does"
            await desks.help(known)
            await asyncio.sleep(desks.longer(8, 60))
        await desks.close(known)
        await asyncio.gather(*[desks.carry_out(one) for one in sent])


async def the_line_is_bad(desks: Desks) -> None:
    """Between the town and the hub: 200 ms and 1 KB/s; cut in the middle of a letter; two couriers at once."""
    town, hub = desks.network.nodes[MESTO.code], desks.network.hub
    straight = town.hub_url
    async with Proxy(hub.url) as proxy:
        town.hub_url = lambda: proxy.url
        await _start_again(desks, town.program)
        proxy.delay_s, proxy.bytes_per_s = 0.2, 1_000
        slow = [await desks.refer() for _ in range(2)]
        await asyncio.sleep(desks.longer(6, 60))
        proxy.delay_s, proxy.bytes_per_s = 0.0, 0
        for _ in range(int(desks.longer(3, 12))):
            proxy.cut_after(desks.dice.randrange(200, 6_000))
            slow.append(await desks.refer())
            await asyncio.sleep(1)
        await asyncio.gather(*[desks.carry_out(one) for one in slow])
        second = _second_courier(desks)
        await asyncio.to_thread(second.start)
        await asyncio.gather(*[desks.whole() for _ in range(3)])
        await desks.hold(town.program, kill=True)  # the second one takes over, and gives back
        await desks.release(town.program)
        await asyncio.gather(*[desks.whole() for _ in range(2)])
        await asyncio.to_thread(second.kill)
    town.hub_url = straight
    await _start_again(desks, town.program)


async def the_hub_is_wiped(desks: Desks) -> None:
    """Away, then without its store, running and stopped: letters that lay there are gone, and come again."""
    hub, receiving = desks.network.hub, desks.network.nodes[NIT.code].program
    await desks.hold(hub)
    sent = [await desks.refer() for _ in range(3)]
    assert {(await desks.seen_by(EVA))[one]["stage"] for one in sent} == {"sent"}
    said = await examine(desks.settings(MESTO.code))
    assert any("hub does not answer" in one for one in said), said
    await desks.release(hub)
    for running in (True, False):
        await desks.hold(receiving)
        sent += [await desks.refer() for _ in range(3)]
        await asyncio.sleep(2)
        if not running:
            await desks.hold(hub, kill=True)
        hub.wipe()
        if not running:
            await desks.release(hub)
        await desks.release(receiving)
    await asyncio.gather(*[desks.carry_out(one) for one in sent])


async def _start_again(desks: Desks, program: Program) -> None:
    await desks.hold(program)
    await desks.release(program)


def _second_courier(desks: Desks) -> Program:
    """Another process of the town with the same credentials, as after a clumsy restart by hand."""
    folder = desks.network.nodes[MESTO.code].folder
    ready = folder / "second.ready"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "deploy.node", str(folder / "node.toml"), "courier", "--ready", str(ready)]
    return Program("second courier", command, log=folder / "logs" / "second.log", folder=ROOT, ready=ready.exists)
