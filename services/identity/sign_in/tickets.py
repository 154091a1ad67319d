"""Tickets: what the door remembers between two steps, for some minutes and a few tries."""

import os
from typing import Any, Literal
from uuid import UUID

from services.identity.sign_in.desk import Db, Desk
from services.identity.sign_in.rules import TICKET
from services.identity.sign_in.vault import new_token, token_mark

Purpose = Literal["code", "passkey", "new_passkey"]
CHALLENGE_BYTES = 32


async def hand_out(
    desk: Desk, purpose: Purpose, user: UUID | None = None, account: bytes | None = None, tries: int = 1
) -> tuple[str, bytes]:
    """(ticket, its challenge). user None: whatever comes next is refused, in the same words."""
    ticket, challenge = new_token(), os.urandom(CHALLENGE_BYTES)
    ends_at = desk.now + TICKET
    await desk.run("door_put_ticket", token_mark(ticket), purpose, user, account, challenge, tries, ends_at)
    return ticket, challenge


async def take_back(desk: Desk, purpose: Purpose, ticket: str) -> Any:
    """Use up one try: a row with `user_id`, `account`, `content`, `tries` left. None: it counts no more."""
    return await desk.row("door_try_ticket", token_mark(ticket), purpose, desk.now)


async def destroy(desk: Desk, ticket: str, db: Db = None) -> None:
    await desk.run("door_drop_ticket", token_mark(ticket), db=db)
