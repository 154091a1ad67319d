"""Enrolment links: single-use, for 72 hours, made by administrators; with one a person sets what they sign in with."""

from typing import Any
from uuid import UUID

import asyncpg

from libs.eventlog import Rejected
from libs.privacy import Personal
from services.identity.sign_in import factors, sessions
from services.identity.sign_in.desk import Db, Desk
from services.identity.sign_in.messages import (
    AskEnrolPasskey,
    Comes,
    Done,
    Enrolled,
    Enrolment,
    EnrolPasskey,
    EnrolPassword,
    EnrolProvider,
    Invite,
    LetInDemonstration,
    Link,
    LinkProvider,
    ListLogins,
    Logins,
    LoginView,
    LookAtLink,
    PasskeyOffer,
    Recover,
    SignedIn,
)
from services.identity.sign_in.rules import LINK, LOGIN_NAME, PROPOSAL, login_name
from services.identity.sign_in.vault import new_token, token_mark

# -- with a link


async def look(desk: Desk, asked: LookAtLink) -> Enrolment:
    link = await _in_force(desk, asked.link.reveal())
    name = desk.login_name(link)
    return Enrolment(
        name=Personal(name),
        recovery=link["recovery"],
        ends_at=link["ends_at"],
        totp=factors.offer_totp(desk, link["user_id"], name, asked.kept),
    )


async def enrol_password(desk: Desk, asked: EnrolPassword) -> Enrolled:
    link = await _in_force(desk, asked.link.reveal())
    factors.check_password(desk, asked.password.reveal(), desk.login_name(link))
    made = await desk.passwords.hash(asked.password.reveal())
    async with desk.pool.acquire() as db, db.transaction():
        user = await _use(desk, asked.link.reveal(), db)
        await desk.run("door_put_password", user, made, desk.now, db=db)
        codes = await factors.put_totp(desk, user, asked.kept, asked.code.reveal(), db)
        return Enrolled(signed_in=await _begin(desk, user, asked.comes, db), codes=Personal(codes))


async def ask_enrol_passkey(desk: Desk, asked: AskEnrolPasskey) -> PasskeyOffer:
    link = await _in_force(desk, asked.link.reveal())
    return await factors.offer_passkey(desk, link["user_id"], desk.login_name(link), asked.origin)


async def enrol_passkey(desk: Desk, asked: EnrolPasskey) -> Enrolled:
    link = await _in_force(desk, asked.link.reveal())
    made = await factors.made_passkey(
        desk, link["user_id"], asked.ticket.reveal(), asked.credential.reveal(), asked.origin
    )
    async with desk.pool.acquire() as db, db.transaction():
        user = await _use(desk, asked.link.reveal(), db)
        await factors.put_passkey(desk, user, made, asked.label.reveal(), db)
        return Enrolled(signed_in=await _begin(desk, user, asked.comes, db), codes=Personal(()))


async def enrol_provider(desk: Desk, asked: EnrolProvider) -> Enrolled:
    await _in_force(desk, asked.link.reveal())
    async with desk.pool.acquire() as db, db.transaction():
        user = await _use(desk, asked.link.reveal(), db)
        await _put_provider(desk, user, asked.issuer, asked.subject.reveal(), db)
        return Enrolled(signed_in=await _begin(desk, user, asked.comes, db), codes=Personal(()))


def _link_gone() -> Rejected:
    return Rejected(
        "link_gone",
        "This link counts no more: it was used, or is older than three days. Nothing was changed. "
        "Ask your administrator for another.",
    )


async def _in_force(desk: Desk, link: str) -> Any:
    row = await desk.row("door_link", token_mark(link), desk.now)
    if row is None:
        raise _link_gone()
    return row


async def _use(desk: Desk, link: str, db: Db) -> UUID:
    """Use it up; after a loss, everything its person had goes with it."""
    row = await desk.row("door_use_link", token_mark(link), desk.now, db=db)
    if row is None:
        raise _link_gone()
    if row["recovery"]:
        await desk.run("door_drop_ways", row["user_id"], db=db)
    return row["user_id"]


async def _begin(desk: Desk, user: UUID, comes: Comes, db: Db) -> SignedIn:
    begun = await sessions.begin(desk, user, comes, db)
    if begun is None:
        raise _link_gone()
    return begun


# -- an administrator


async def invite(desk: Desk, asked: Invite) -> Link:
    """Raises Rejected for somebody who has a way in: that would be a recovery."""
    desk.check_administrator(asked.actor)
    known = await desk.row("door_login", asked.user_id)
    if known is not None and (known["hash"] or known["passkeys"] or known["provider"]):
        raise Rejected(
            "has_way_in", "This user can sign in already. Nothing was changed. If that is lost, propose a recovery."
        )
    await _put_login(desk, asked.user_id, asked.name.reveal())
    return await _make_link(desk, asked.user_id, asked.actor.user, recovery=False)


async def recover(desk: Desk, asked: Recover) -> Link:
    """The first administrator proposes, another one confirms and gets the link."""
    desk.check_administrator(asked.actor)
    me = asked.actor.user
    if me == asked.user_id:
        raise Rejected("own_recovery", "Nobody recovers their own way in. Nothing was changed. Ask two administrators.")
    await desk.login(asked.user_id)
    waiting = await desk.row("door_recovery", asked.user_id, desk.now)
    if waiting is None or waiting["proposed_by"] == me:
        until = desk.now + PROPOSAL
        await desk.run("door_put_recovery", asked.user_id, me, until)
        return Link(until=until)
    await desk.run("door_drop_recovery", asked.user_id)
    return await _make_link(desk, asked.user_id, waiting["proposed_by"], recovery=True, confirmed_by=me)


async def link_provider(desk: Desk, asked: LinkProvider) -> Done:
    desk.check_administrator(asked.actor)
    await desk.login(asked.user_id)
    await _put_provider(desk, asked.user_id, asked.issuer, asked.subject.reveal())
    return Done()


async def logins(desk: Desk, asked: ListLogins) -> Logins:
    desk.check_administrator(asked.actor)
    return Logins(
        logins=tuple(
            LoginView(
                user_id=row["user_id"],
                name=Personal(desk.login_name(row)),
                can_enter=row["can_enter"],
                invited_until=row["invited_until"],
                waiting_by=row["waiting_by"],
            )
            for row in await desk.rows("door_logins", desk.now, desk.demonstration)
        )
    )


async def let_in_demonstration(desk: Desk, asked: LetInDemonstration) -> Done:
    """Repeatable."""
    desk.check_administrator(asked.actor)
    if not desk.demonstration:
        raise Rejected("no_demonstration", "This node is no demonstration. Nothing was changed. Invite this person.")
    await _put_login(desk, asked.user_id, asked.name.reveal())
    made = await desk.passwords.hash(asked.password.reveal())
    await desk.run("door_put_password", asked.user_id, made, desk.now)
    return Done()


async def _put_login(desk: Desk, user: UUID, typed: str) -> None:
    name = login_name(typed)
    if LOGIN_NAME.fullmatch(name) is None:
        raise Rejected(
            "login_unfit",
            "A login name has 3 to 40 small letters without marks, digits, dots and dashes. Nothing was changed. "
            "Choose another one.",
        )
    if await desk.row("user_roles", user) is None:
        raise Rejected("unknown_user", "There is no such user on this node. Nothing was changed. Add the user first.")
    try:
        mark, sealed = desk.vault.mark("login", name), desk.vault.seal("login", user, name)
        await desk.run("door_put_login", user, mark, sealed, desk.now)
    except asyncpg.UniqueViolationError:
        raise Rejected(
            "login_taken", "Somebody has this login name. Nothing was changed. Choose another one."
        ) from None


async def _put_provider(desk: Desk, user: UUID, issuer: str, subject: str, db: Db = None) -> None:
    if await desk.row("door_put_provider", factors.provider_mark(desk, issuer, subject), user, desk.now, db=db) is None:
        raise Rejected(
            "provider_taken", "This identity belongs to another user. Nothing was changed. Tell your administrator."
        )


async def _make_link(
    desk: Desk, user: UUID, made_by: UUID, *, recovery: bool, confirmed_by: UUID | None = None
) -> Link:
    link, until = new_token(), desk.now + LINK
    async with desk.pool.acquire() as db, db.transaction():
        await desk.run("door_void_links", user, db=db)
        values = (token_mark(link), user, recovery, made_by, confirmed_by, desk.now, until)
        await desk.run("door_put_link", *values, db=db)
    return Link(link=Personal(link), until=until)
