"""A desk of signing in, the people before it, and what they do there again and again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pyotp.totp import TOTP

from libs.codelists import Role
from libs.eventlog import Actor, Rejected
from libs.privacy import Personal
from libs.service import Running
from services.identity.sign_in import account, enrolling, entering, sessions
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import (
    AskPasskey,
    Comes,
    Enrolled,
    EnrolPassword,
    GiveCode,
    GivePasskey,
    Invite,
    KeepPasskey,
    LookAtLink,
    NewPasskey,
    SessionView,
    SignedIn,
    SignIn,
    Step,
    Who,
)
from services.identity.user.commands import AddUser, DisableUser, EnableUser
from tests.examples.authenticator import Authenticator

ORIGIN = "https://spojka.example.org"
PASSWORD = "modrý vlak 7 jede"
MORNING = datetime(2026, 5, 12, 8, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Node:
    """A desk whose clock the test holds, and an administrator."""

    service: Running
    desk: Desk
    administrator: Actor

    def at(self, moment: timedelta) -> Desk:
        return replace(self.desk, now=self.desk.now + moment)

    async def user(self, *roles: Role) -> UUID:
        user = uuid4()
        command = AddUser(
            id=uuid4(), actor=self.administrator, occurred_at=self.desk.now, user_id=user,
            name=Personal("Radka Mlejnská"), roles=roles,
        )  # fmt: skip
        await self.service.corridor.handle("user", command)
        return user

    async def do(self, command: type[DisableUser] | type[EnableUser], user: UUID) -> None:
        await self.service.corridor.handle(
            "user", command(id=uuid4(), actor=self.administrator, occurred_at=self.desk.now, user_id=user)
        )

    async def invited(self) -> tuple[UUID, str, str]:
        """(user, login name, link)"""
        user, name = await self.user(Role.OUTREACH_WORKER), f"radka.{uuid4().hex[:8]}"
        made = await enrolling.invite(
            self.desk, Invite(actor=self.administrator, user_id=user, name=Personal(name.upper()))
        )
        assert made.link is not None
        return user, name, made.link.reveal()

    async def member(self) -> "Member":
        """Somebody with a password and an authenticator app."""
        user, name, link = await self.invited()
        enrolled, secret = await enrol(self.desk, link)
        return Member(user, name, secret, enrolled.codes.reveal(), enrolled.signed_in.token.reveal())


@dataclass
class Member:
    user: UUID
    name: str
    secret: str
    codes: tuple[str, ...]
    token: str


def comes(address: str = "192.0.2.7") -> Comes:
    return Comes(address=Personal(address), browser=Personal("Firefox, Windows"))


def code(secret: str, at: datetime) -> Personal[str]:
    return Personal(TOTP(secret).at(at))


async def enrol(desk: Desk, link: str, password: str = PASSWORD) -> tuple[Enrolled, str]:
    """(what came of it, the authenticator app's secret)"""
    offer = (await enrolling.look(desk, LookAtLink(link=Personal(link)))).totp
    secret = offer.secret.reveal()
    asked = EnrolPassword(
        link=Personal(link), password=Personal(password), kept=offer.kept, code=code(secret, desk.now), comes=comes()
    )
    return await enrolling.enrol_password(desk, asked), secret


async def with_password(desk: Desk, name: str, password: str = PASSWORD, address: str = "192.0.2.7") -> Step:
    return await entering.sign_in(desk, SignIn(name=Personal(name), password=Personal(password), comes=comes(address)))


async def with_code(desk: Desk, ticket: Personal[str], typed: Personal[str], address: str = "192.0.2.7") -> Step:
    return await entering.give_code(desk, GiveCode(ticket=ticket, code=typed, comes=comes(address)))


async def signed_in(desk: Desk, member: Member) -> SignedIn:
    first = (await with_password(desk, member.name)).step
    assert first.kind == "code_wanted"
    second = (await with_code(desk, first.ticket, code(member.secret, desk.now))).step
    assert second.kind == "signed_in"
    return second


async def add_passkey(desk: Desk, token: str, made: Authenticator | None = None) -> Authenticator:
    made = made or Authenticator(ORIGIN)
    offer = await account.new_passkey(desk, NewPasskey(token=Personal(token), origin=ORIGIN))
    answer = Personal(made.make(offer.options.reveal()))
    label = Personal("Telefon")
    await account.keep_passkey(
        desk, KeepPasskey(token=Personal(token), ticket=offer.ticket, credential=answer, origin=ORIGIN, label=label)
    )
    return made


async def with_passkey(desk: Desk, made: Authenticator) -> Step:
    offer = await entering.ask_passkey(desk, AskPasskey(origin=ORIGIN))
    answer = Personal(made.get(offer.options.reveal()))
    return await entering.give_passkey(
        desk, GivePasskey(ticket=offer.ticket, credential=answer, origin=ORIGIN, comes=comes())
    )


async def who(desk: Desk, token: str) -> SessionView | None:
    try:
        return await sessions.who(desk, Who(token=Personal(token)))
    except Rejected:
        return None


async def refused(work: Any) -> str:
    with pytest.raises(Rejected) as rejected:
        await work
    return rejected.value.code
