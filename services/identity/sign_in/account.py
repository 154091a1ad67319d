"""One's own account: ways in and sessions. Changes need a session whose person has shown lately who they are."""

from uuid import UUID

from libs.eventlog import Rejected
from libs.privacy import Personal
from services.identity.sign_in import factors, sessions, throttling
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import (
    Account,
    ChangePassword,
    Done,
    DropPasskey,
    DropTotp,
    KeepPasskey,
    KeepTotp,
    MyAccount,
    NewPasskey,
    NewRecoveryCodes,
    NewTotp,
    OpenSession,
    PasskeyOffer,
    PasskeyView,
    RecoveryCodes,
    TotpOffer,
)
from services.identity.sign_in.rules import IDLE, LIFE, Ways, is_fresh


async def mine(desk: Desk, asked: MyAccount) -> Account:
    session = await sessions.in_force(desk, asked.token.reveal())
    user = session["user_id"]
    login = await desk.login(user)
    open_sessions = await desk.rows("door_sessions", user, desk.now - IDLE, desk.now - LIFE)
    return Account(
        name=Personal(desk.login_name(login)),
        password=login["hash"] is not None,
        totp=login["totp"],
        codes_left=login["codes_left"],
        provider=login["provider"],
        fresh=is_fresh(session["fresh_at"], desk.now),
        passkeys=tuple(
            PasskeyView(
                passkey=row["passkey"],
                label=Personal(desk.vault.open("passkey", row["passkey"], row["label_sealed"])),
                added_at=row["added_at"],
                used_at=row["used_at"],
            )
            for row in await desk.rows("door_passkeys", user)
        ),
        sessions=tuple(
            OpenSession(
                handle=row["handle"],
                browser=Personal(desk.vault.open("browser", row["handle"], row["browser_sealed"])),
                login_at=row["login_at"],
                used_at=row["used_at"],
                is_this=row["handle"] == session["handle"],
            )
            for row in open_sessions
        ),
    )


async def change_password(desk: Desk, asked: ChangePassword) -> Done:
    """Ends the other sessions. Raises Rejected for a wrong old one and a weak new one."""
    session = await sessions.fresh(desk, asked.token.reveal())
    user = session["user_id"]
    login = await desk.login(user)
    name = desk.login_name(login)
    factors.check_password(desk, asked.new.reveal(), name)
    if login["hash"] is not None:
        account = throttling.account_mark(desk, name)
        if await throttling.attempt(desk, account, asked.comes):
            raise Rejected(
                "try_later",
                "There were too many wrong attempts. Nothing was changed. Wait some minutes and try again.",
            )
        if not await desk.passwords.is_right(login["hash"], asked.old.reveal()):
            raise Rejected("password_wrong", "The old password is another one. Nothing was changed. Type it again.")
        await throttling.succeeded(desk, account, asked.comes)
    made = await desk.passwords.hash(asked.new.reveal())
    async with desk.pool.acquire() as db, db.transaction():
        await desk.run("door_put_password", user, made, desk.now, db=db)
        await desk.run("door_end_other_sessions", user, session["mark"], None, db=db)
    return Done()


async def new_totp(desk: Desk, asked: NewTotp) -> TotpOffer:
    session = await sessions.fresh(desk, asked.token.reveal())
    name = desk.login_name(await desk.login(session["user_id"]))
    return factors.offer_totp(desk, session["user_id"], name, asked.kept)


async def keep_totp(desk: Desk, asked: KeepTotp) -> RecoveryCodes:
    session = await sessions.fresh(desk, asked.token.reveal())
    async with desk.pool.acquire() as db, db.transaction():
        made = await factors.put_totp(desk, session["user_id"], asked.kept, asked.code.reveal(), db)
    return RecoveryCodes(codes=Personal(made))


async def drop_totp(desk: Desk, asked: DropTotp) -> Done:
    session = await sessions.fresh(desk, asked.token.reveal())
    ways = await _ways(desk, session["user_id"])
    _check_way_left(Ways(ways.password, False, ways.passkeys, ways.provider))
    await desk.run("door_drop_totp", session["user_id"])
    return Done()


async def new_recovery_codes(desk: Desk, asked: NewRecoveryCodes) -> RecoveryCodes:
    """Refused without an authenticator app: they stand in for it."""
    session = await sessions.fresh(desk, asked.token.reveal())
    if not (await _ways(desk, session["user_id"])).totp:
        raise Rejected("no_totp", "There is no authenticator app to stand in for. Nothing was changed. Add one first.")
    async with desk.pool.acquire() as db, db.transaction():
        made = await factors.put_recovery_codes(desk, session["user_id"], db)
    return RecoveryCodes(codes=Personal(made))


async def new_passkey(desk: Desk, asked: NewPasskey) -> PasskeyOffer:
    session = await sessions.fresh(desk, asked.token.reveal())
    name = desk.login_name(await desk.login(session["user_id"]))
    return await factors.offer_passkey(desk, session["user_id"], name, asked.origin)


async def keep_passkey(desk: Desk, asked: KeepPasskey) -> Done:
    session = await sessions.fresh(desk, asked.token.reveal())
    user = session["user_id"]
    made = await factors.made_passkey(desk, user, asked.ticket.reveal(), asked.credential.reveal(), asked.origin)
    await factors.put_passkey(desk, user, made, asked.label.reveal())
    return Done()


async def drop_passkey(desk: Desk, asked: DropPasskey) -> Done:
    session = await sessions.fresh(desk, asked.token.reveal())
    ways = await _ways(desk, session["user_id"])
    _check_way_left(Ways(ways.password, ways.totp, ways.passkeys - 1, ways.provider))
    await desk.run("door_drop_passkey", session["user_id"], asked.passkey)
    return Done()


async def _ways(desk: Desk, user: UUID) -> Ways:
    login = await desk.login(user)
    return Ways(login["hash"] is not None, login["totp"], login["passkeys"], login["provider"])


def _check_way_left(ways: Ways) -> None:
    if not ways.lead_in:
        raise Rejected("last_way_in", "You could not sign in any more. Nothing was changed. Add another way in first.")
