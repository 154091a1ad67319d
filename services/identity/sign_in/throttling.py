"""The growing delay, kept in a table: it survives a restart and is the same for names that nobody has."""

import math
from ipaddress import IPv6Address, ip_address

from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import Comes
from services.identity.sign_in.rules import ACCOUNT, ADDRESS


async def attempt(desk: Desk, account: bytes, comes: Comes) -> int:
    """Count an attempt before anything is looked at, so that many at once are not free. Seconds to wait; 0: go on."""
    throttles = {account: ACCOUNT, address_mark(desk, comes): ADDRESS}
    marks = sorted(throttles)
    async with desk.pool.acquire() as db, db.transaction():
        await desk.run("door_note_failures", marks, desk.now, db=db)
        rows = await db.fetch(desk.sql["door_lock_failures"], marks)
        waits = [throttles[row["mark"]].wait(row["failures"], row["last_at"], desk.now) for row in rows]
        if seconds := math.ceil(max(waits).total_seconds()):
            return seconds
        for row in rows:
            failures = throttles[row["mark"]].failures(row["failures"], row["last_at"], desk.now)
            await desk.run("door_count_failure", row["mark"], failures + 1, desk.now, db=db)
    return 0


async def succeeded(desk: Desk, account: bytes, comes: Comes) -> None:
    """It was no failure. The address keeps those of others: one good account excuses no guessing."""
    await desk.run("door_clear_failures", account)
    await desk.run("door_uncount_failure", address_mark(desk, comes))


def account_mark(desk: Desk, name: str) -> bytes:
    """Of a login name, whether anybody has it or not."""
    return desk.vault.mark("failures of account", name)


def address_mark(desk: Desk, comes: Comes) -> bytes:
    """Of an address; of an IPv6 address its network, since a household has more of them than can be counted."""
    text = comes.address.reveal()
    try:
        address = ip_address(text)
    except ValueError:
        return desk.vault.mark("failures of address", text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        text = str(int(address) >> 64)
    return desk.vault.mark("failures of address", text)
