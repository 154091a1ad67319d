"""F14: keys roll over and a member is cut off, while letters lie at the hub."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from deploy.demo.people import MESTO, NIT, PRISTAV
from deploy.local.folder import NodeFolder
from libs.eventlog import derived_id
from libs.sealing import OrganisationKeys, seal
from services.identity.membership.commands import AcceptKeySet
from tests.faults.desks import Desks, until
from tests.faults.scenarios.streams import hand_in, pinned, quarantined_for


async def keys_change_midway(desks: Desks) -> None:
    """Both roll over with letters under way; then the town's signing key is revoked, and the thief writes."""
    network = desks.network
    town, nit = network.nodes[MESTO.code], network.nodes[NIT.code]
    await desks.hold(nit.program)
    sent = [await desks.refer() for _ in range(3)]
    await asyncio.sleep(2)  # they lie at the hub, sealed to the old key
    await asyncio.to_thread(_renew, nit, ())
    await desks.release(nit.program)
    await desks.carry_out(sent[0])  # the town still seals to the old one
    await _tell(desks, nit)
    await desks.carry_out(sent[1])

    stolen = OrganisationKeys.load(town.keys_folder)
    await desks.hold(town.program)
    await asyncio.to_thread(_renew, town, (stolen.signing_kid,))
    await _tell(desks, town, at=[code for code in network.nodes if code != MESTO.code])
    await hand_in(desks, [_forged(stolen, nit)])
    await until(lambda: quarantined_for(desks, "key_revoked"), "the stolen key to be refused", desks.patience_s)
    desks.ground.quarantined.add("key_revoked")
    await desks.release(town.program)
    await _tell(desks, town, at=[MESTO.code])
    await desks.carry_out(sent[2])

    if PRISTAV.code in network.nodes:
        third = network.nodes[PRISTAV.code].hub_account
        await network.hub.operator.suspend(network.hub.url, third)
        await desks.whole()  # nobody else notices
        await network.hub.operator.admit(network.hub.url, third, PRISTAV.code)


def _renew(node: NodeFolder, revoked: tuple[str, ...]) -> None:
    keys = node.keys()
    at = datetime.now(UTC)
    if revoked:
        keys.revoke(revoked, at)
    else:
        keys.roll_over(at)


def _forged(stolen: OrganisationKeys, nit: NodeFolder) -> bytes:
    """A letter as whoever took the town's old keys would write it today."""
    said: dict[str, Any] = {"sent": 1, "received": 1}
    return seal(stolen, pinned(nit), type="hello", data=said, at=datetime.now(UTC)).letter


async def _tell(desks: Desks, node: NodeFolder, at: list[str] | None = None) -> None:
    """Everybody accepts the newer key set, as their administrators do when it has come by the outside route."""
    keys, one = node.keys(), node.organisation
    for code in at or list(desks.network.nodes):
        async with desks.network.setup_api(code) as api:
            await api.command(
                "identity", "membership", AcceptKeySet,
                id=derived_id(one.id, f"keys {keys.keys.serial} {keys.keys.seal_to} {code}"),
                organisation_id=one.id, document=keys.document, serial=keys.keys.serial,
                seal_to=keys.keys.seal_to, root_fingerprint=keys.fingerprint,
            )  # fmt: skip
