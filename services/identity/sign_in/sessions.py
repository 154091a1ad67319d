"""Sessions: begun, asked for at every request, prolonged by use, ended."""

from typing import Any
from uuid import UUID, uuid4

from libs.eventlog import Rejected
from libs.privacy import Personal
from services.identity.sign_in.desk import Db, Desk
from services.identity.sign_in.messages import Comes, Done, EndSession, Leave, SessionView, SignedIn, Who
from services.identity.sign_in.rules import PROLONGED_EVERY, ends_at, idle_until, is_alive, is_fresh
from services.identity.sign_in.vault import new_token, token_mark


async def begin(desk: Desk, user: UUID, comes: Comes, db: Db = None) -> SignedIn | None:
    """A new session. None: the account is closed."""
    account = await desk.row("user_roles", user, db=db)
    if account is None or not account["enabled"]:
        return None
    token, handle = new_token(), uuid4()
    browser = desk.vault.seal("browser", handle, comes.browser.reveal())
    await desk.run("door_put_session", token_mark(token), handle, user, browser, desk.now, db=db)
    times = {"handle": handle, "login_at": desk.now, "fresh_at": desk.now, "used_at": desk.now}
    return SignedIn(token=Personal(token), session=_view(desk, {**account, **times}))


async def who(desk: Desk, asked: Who) -> SessionView:
    """The session, prolonged by use. Raises Rejected when it ended."""
    row = await in_force(desk, asked.token.reveal())
    if asked.prolong and desk.now - row["used_at"] >= PROLONGED_EVERY:
        await desk.run("door_prolong", row["mark"], desk.now)
        return _view(desk, {**row, "used_at": desk.now})
    return _view(desk, dict(row))


async def in_force(desk: Desk, token: str) -> Any:
    """The row of a session. Raises Rejected when it ended; one of a closed account is deleted."""
    row = await desk.row("door_session", token_mark(token))
    if row is None or not is_alive(row["login_at"], row["used_at"], desk.now):
        raise _no_session()
    if not row["enabled"]:
        await desk.run("door_end_session", row["mark"])
        raise _no_session()
    return row


async def fresh(desk: Desk, token: str) -> Any:
    """A session whose person has shown lately who they are. Raises Rejected otherwise."""
    row = await in_force(desk, token)
    if not is_fresh(row["fresh_at"], desk.now):
        raise Rejected(
            "not_fresh", "Show once more who you are. Nothing was changed. Give a code or a passkey, then do it again."
        )
    return row


async def leave(desk: Desk, asked: Leave) -> Done:
    await desk.run("door_end_session", token_mark(asked.token.reveal()))
    return Done()


async def end(desk: Desk, asked: EndSession) -> Done:
    row = await in_force(desk, asked.token.reveal())
    await desk.run("door_end_other_sessions", row["user_id"], row["mark"], asked.handle)
    return Done()


def _no_session() -> Rejected:
    return Rejected("no_session", "This session has ended. Nothing was changed. Sign in again.")


def _view(desk: Desk, row: dict[str, Any]) -> SessionView:
    return SessionView(
        handle=row["handle"],
        user=row["user_id"],
        roles=row["roles"],
        team=row["team"],
        login_at=row["login_at"],
        fresh_at=row["fresh_at"],
        idle_until=idle_until(row["login_at"], row["used_at"]),
        ends_at=ends_at(row["login_at"]),
        demonstration=desk.demonstration,
    )
