"""What must be true of every node after any story: letters, health, read models, chains, and silence on the disk."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from deploy.demo.leaks import canaries, find
from deploy.demo.network import Network
from deploy.demo.sentence import Sentence, told
from deploy.demo.settled import states
from deploy.local.folder import NodeFolder
from deploy.node import SERVICES, service
from libs.eventlog import ChainBroken
from libs.service import Settings
from libs.service.maintenance import Bench, differences, on_bench, verify_service


async def letters_have_arrived(network: Network) -> Sentence:
    """Every letter receipted, none in quarantine, no gap; no reaction has given up."""
    wrong: list[str] = []
    for code, node in network.nodes.items():
        async with network.setup_api(code) as api:
            for query in ("letters_waiting", "letters_unapplied", "letters_refused", "quarantined", "gaps"):
                if rows := await api.query("courier", query):
                    wrong.append(f"{code}: {len(rows)} {query.replace('_', ' ')}")
            counters = await api.query("courier", "correspondences")
            silent = len(network.nodes) - 1 - sum(row["sent"] > 0 and row["received"] > 0 for row in counters)
            if silent:
                wrong.append(f"{code}: no letters with {silent} partner(s)")
        for name, state in (await states(_settings(node))).items():
            if state["dead_letters"]:
                wrong.append(f"{code}: {state['dead_letters']} dead letter(s) in {name}")
    return told(wrong)


async def nodes_are_ready(network: Network) -> Sentence:
    """As `/health/ready` tells."""
    wrong: list[str] = []
    for code in network.nodes:
        async with network.setup_api(code) as api:
            wrong += [f"{code}: {reason}" for reason in await api.not_ready()]
    return told(wrong)


async def projections_equal_their_rebuilds(network: Network) -> Sentence:
    """Built again beside the one in use, from the first event, and compared row by row."""

    async def compare(bench: Bench) -> list[str]:
        declared = bench.service
        streamed = [one for many in declared.follows.values() for one in many]
        names = [one.name for one in (*declared.projections, *streamed)]
        counted = [(name, await differences(bench, name)) for name in names]
        return [f"{declared.name} {name}: {rows} row(s) differ" for name, rows in counted if rows]

    return await _on_every_log(network, compare)


async def chains_hold(network: Network) -> Sentence:
    """As `./spojka verify` tells."""

    async def verify(bench: Bench) -> list[str]:
        try:
            await verify_service(bench)
        except ChainBroken as broken:
            return [f"{bench.service.name}: {broken}"]
        return []

    return await _on_every_log(network, verify)


async def _on_every_log(network: Network, work: Callable[[Bench], Awaitable[list[str]]]) -> Sentence:
    async def of_node(node: NodeFolder) -> list[str]:
        wrong: list[str] = []
        for name in SERVICES:
            async with on_bench(service(name, _settings(node))) as bench:
                wrong += [f"{node.organisation.code} {one}" for one in await work(bench)]
        return wrong

    found = await asyncio.gather(*(of_node(node) for node in network.nodes.values()))
    return told([one for of_one in found for one in of_one])


async def nobody_is_named_on_disk(network: Network) -> Sentence:
    """Every byte of every node and of the hub; first a search that must find something."""
    for node in network.nodes.values():
        connection = await asyncpg.connect(node.postgres.admin_url())
        await connection.execute("checkpoint")  # what only memory holds is searched as well
        await connection.close()
    return await asyncio.to_thread(_search, network)


def _search(network: Network) -> Sentence:
    for code, node in network.nodes.items():
        if not any(find(node.folder, ["conference-held"])):
            return f"the search itself finds nothing in the folder of {code}"
    found = [f"{one.word!r} in {one.file.relative_to(network.folder)}" for one in find(network.folder, canaries())]
    return told(found)


def _settings(node: NodeFolder) -> Settings:
    return Settings.from_file(node.folder / "node.toml")
