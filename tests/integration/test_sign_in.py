"""Signing in against real PostgreSQL: every way in, what is refused, what is kept, and what a clock changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from pyotp.totp import TOTP

from libs.codelists import Role
from libs.eventlog import Actor, Forbidden, Rejected
from libs.messaging import Bus, RequestFailed
from libs.messaging.subjects import door_subject
from libs.privacy import CLEAR, Personal
from libs.service import Running, running
from services.identity import app as identity
from services.identity.sign_in import account, enrolling, entering, sessions
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.door import sweep
from services.identity.sign_in.messages import (
    AskEnrolPasskey,
    AskPasskey,
    ChangePassword,
    ComeFromProvider,
    Comes,
    DropPasskey,
    DropTotp,
    EndSession,
    Enrolled,
    EnrolPasskey,
    EnrolPassword,
    EnrolProvider,
    Freshen,
    FreshenByPasskey,
    GiveCode,
    GivePasskey,
    Invite,
    KeepPasskey,
    KeepTotp,
    Leave,
    LetInDemonstration,
    LinkProvider,
    ListLogins,
    LookAtLink,
    MyAccount,
    NewPasskey,
    NewRecoveryCodes,
    NewTotp,
    Recover,
    SessionView,
    SignedIn,
    SignIn,
    Step,
    Who,
)
from services.identity.sign_in.passwords import Passwords
from services.identity.user.commands import AddUser, DisableUser, EnableUser
from tests.examples.authenticator import Authenticator
from tests.integration.test_portal import settings_of

if TYPE_CHECKING:
    from libs.service import Settings
    from libs.testing.servers import PostgresServer, Servers

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGIN = "https://spojka.example.org"
PASSWORD = "modrý vlak 7 jede"
MORNING = datetime(2026, 5, 12, 8, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Settings"]:
    name = f"test_{uuid4().hex[:8]}_identity"
    template = postgres.create_database(name).replace("_identity", "_{database}")
    with servers.nats() as bus:
        yield settings_of(tmp_path_factory.mktemp("node"), template, bus.url)
    postgres.drop_database(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(settings: "Settings") -> AsyncIterator[Running]:
    async with running(identity.build(settings)) as alive:
        yield alive


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


@pytest_asyncio.fixture(loop_scope="module")
async def node(service: Running) -> AsyncIterator[Node]:
    await service.pool.execute("delete from failure")
    organisation = service.service.settings.organisation.id
    administrator = Actor(user=uuid4(), organisation=organisation, roles=frozenset({Role.NODE_ADMINISTRATOR}))
    yield Node(service, replace(Desk.of(service), now=MORNING), administrator)


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


async def who(desk: Desk, token: str) -> SessionView | None:
    try:
        return await sessions.who(desk, Who(token=Personal(token)))
    except Rejected:
        return None


async def refused(work: Any) -> str:
    with pytest.raises(Rejected) as rejected:
        await work
    return rejected.value.code


# -- name, password, code


async def test_password_and_code_open_a_session(node: Node):
    member = await node.member()
    desk = node.at(2 * MINUTE)
    begun = await signed_in(desk, member)
    session = await who(desk, begun.token.reveal())
    assert session is not None
    assert (session.user, session.roles, session.demonstration) == (member.user, (Role.OUTREACH_WORKER,), False)
    assert session.ends_at == desk.now + timedelta(hours=12)
    assert session.idle_until == desk.now + timedelta(minutes=15)
    assert session.fresh_at == session.login_at == desk.now


async def test_every_failure_looks_the_same(node: Node):
    """Nobody, a wrong password, a wrong code, a closed account, no authenticator app: one answer at every step."""
    member, closed, (_, unenrolled, _) = await node.member(), await node.member(), await node.invited()
    await node.do(DisableUser, closed.user)
    desk = node.at(5 * MINUTE)
    wrong, right = Personal("000000"), code(member.secret, desk.now)
    told: list[tuple[str, str]] = []
    for number, (name, password, typed) in enumerate(
        [
            ("nobody.here", PASSWORD, right),
            (member.name, "zelený vlak 8 stojí", right),
            (member.name, PASSWORD, wrong),
            (closed.name, PASSWORD, code(closed.secret, desk.now)),
            (unenrolled, PASSWORD, wrong),
            ("", "", Personal("")),
            ("x" * 900, "y" * 900, Personal("z" * 900)),
        ]
    ):
        first = (await with_password(desk, name, password, f"192.0.2.{number}")).step
        assert first.kind == "code_wanted"
        second = (await with_code(desk, first.ticket, typed)).step
        told.append((first.model_dump_json(exclude={"ticket"}), second.model_dump_json()))
    assert len(set(told)) == 1
    assert json.loads(told[0][1]) == {"kind": "refused", "over": False}


async def test_a_password_is_worked_on_whoever_it_is(node: Node, monkeypatch: pytest.MonkeyPatch):
    """An unknown name took 1 ms and a known one 120 ms: that told who has an account."""
    member, worked = await node.member(), list[str]()
    honest = Passwords._verify  # pyright: ignore[reportPrivateUsage]

    def verify(self: Passwords, known: str, password: str) -> bool:
        worked.append(known)
        return honest(self, known, password)

    monkeypatch.setattr(Passwords, "_verify", verify)
    for name in (member.name, "nobody.here"):
        await with_password(node.desk, name, "zelený vlak 8 stojí")
    assert len(worked) == 2
    parameters = {"$".join(known.split("$")[:4]) for known in worked}
    assert parameters == {"$argon2id$v=19$m=47104,t=1,p=1"}


async def test_a_code_opens_once(node: Node):
    member = await node.member()
    desk = node.at(2 * MINUTE)
    await signed_in(desk, member)
    first = (await with_password(desk, member.name)).step
    assert first.kind == "code_wanted"
    assert (await with_code(desk, first.ticket, code(member.secret, desk.now))).step.kind == "refused"
    later = replace(desk, now=desk.now + 31 * SECOND)
    assert (await with_code(later, first.ticket, code(member.secret, later.now))).step.kind == "signed_in"


async def test_of_two_at_once_with_one_code_one_gets_in(node: Node):
    member = await node.member()
    desk = node.at(2 * MINUTE)
    steps = [(await with_password(desk, member.name)).step for _ in range(2)]
    typed = code(member.secret, desk.now)
    done = await asyncio.gather(*(with_code(desk, one.ticket, typed) for one in steps if one.kind == "code_wanted"))
    assert sorted(one.step.kind for one in done) == ["refused", "signed_in"]


async def test_a_recovery_code_opens_once(node: Node):
    member = await node.member()
    assert len(member.codes) == 10
    for expected in ("signed_in", "refused"):
        first = (await with_password(node.desk, member.name)).step
        assert first.kind == "code_wanted"
        typed = Personal(member.codes[0].upper().replace("-", " "))
        assert (await with_code(node.desk, first.ticket, typed)).step.kind == expected


async def test_a_ticket_is_good_for_three_tries_and_five_minutes(node: Node):
    member = await node.member()
    desk = node.at(10 * MINUTE)
    first = (await with_password(desk, member.name)).step
    assert first.kind == "code_wanted"
    over = [(await with_code(desk, first.ticket, Personal("000000"))).step for _ in range(3)]
    assert [one.kind == "refused" and one.over for one in over] == [False, False, True]
    assert (await with_code(desk, first.ticket, code(member.secret, desk.now))).step.kind == "refused"

    old = (await with_password(desk, member.name)).step
    assert old.kind == "code_wanted"
    late = replace(desk, now=desk.now + 5 * MINUTE)
    assert (await with_code(late, old.ticket, code(member.secret, late.now))).step.kind == "refused"


async def test_an_old_hash_is_made_anew(node: Node):
    member = await node.member()
    weak = "$argon2id$v=19$m=8,t=1,p=1$"
    from argon2 import PasswordHasher

    made = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert made.startswith(weak)
    await node.service.pool.execute("update password set hash = $2 where user_id = $1", member.user, made)
    await signed_in(node.at(2 * MINUTE), member)
    stored = await node.service.pool.fetchval("select hash from password where user_id = $1", member.user)
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


# -- the growing delay


async def test_after_five_failures_one_waits_longer_and_longer(node: Node):
    member = await node.member()
    desk = node.desk

    async def fail(at: Desk, address: str = "192.0.2.1") -> int:
        step = (await with_password(at, member.name, "zelený vlak 8 stojí", address)).step
        return step.seconds if step.kind == "wait" else 0

    assert [await fail(desk, f"192.0.2.{number}") for number in range(6)] == [0, 0, 0, 0, 0, 1]
    second = replace(desk, now=desk.now + SECOND)
    assert [await fail(second, "192.0.2.21"), await fail(second, "192.0.2.22")] == [0, 2]
    right = (await with_password(second, member.name, address="192.0.2.23")).step
    assert right.kind == "wait"  # nothing is looked at, not even the right one


async def test_the_delay_is_the_same_for_a_name_nobody_has(node: Node):
    steps = [(await with_password(node.desk, "nobody.here", address=f"192.0.2.{one}")).step for one in range(6)]
    assert [one.kind for one in steps] == ["code_wanted"] * 5 + ["wait"]


async def test_guessing_many_names_from_one_address_is_slowed(node: Node):
    names = [f"nobody.{number}" for number in range(21)]
    steps = [(await with_password(node.desk, name, address="2001:db8::1")).step for name in names]
    assert [one.kind for one in steps] == ["code_wanted"] * 20 + ["wait"]
    neighbour = (await with_password(node.desk, "nobody.77", address="2001:db8::ffff")).step
    assert neighbour.kind == "wait"  # the same network
    other = (await with_password(node.desk, "nobody.78", address="2001:db8:0:1::1")).step
    assert other.kind == "code_wanted"


async def test_a_hundred_at_once_are_five(node: Node):
    """Failures were counted after the check, so whoever asked in parallel was never slowed."""
    member = await node.member()
    asked = (with_password(node.desk, member.name, "zelený vlak 8", f"192.0.2.{one}") for one in range(20))
    kinds = [one.step.kind for one in await asyncio.gather(*asked)]
    assert kinds.count("code_wanted") == 5


async def test_signing_in_forgets_the_failures_of_the_account(node: Node):
    member = await node.member()
    desk = node.at(2 * MINUTE)
    for number in range(4):
        await with_password(desk, member.name, "zelený vlak 8 stojí", f"198.51.100.{number}")
    await signed_in(desk, member)
    steps = [(await with_password(desk, member.name, "wrong", f"203.0.113.{one}")).step.kind for one in range(5)]
    assert steps == ["code_wanted"] * 5


async def test_the_delay_survives_a_restart(settings: "Settings", node: Node):
    for number in range(5):
        await with_password(node.desk, "nobody.there", address=f"192.0.2.{number}")
    async with running(identity.build(settings)) as again:
        desk = replace(Desk.of(again), now=node.desk.now)
        assert (await with_password(desk, "nobody.there", address="192.0.2.9")).step.kind == "wait"


async def test_without_the_delay_the_tests_of_it_fail(node: Node, monkeypatch: pytest.MonkeyPatch):
    """The guard is proven by removing it."""

    async def never(desk: Desk, mark: bytes, one: Comes) -> int:
        return 0

    monkeypatch.setattr("services.identity.sign_in.throttling.attempt", never)
    with pytest.raises(AssertionError):
        await test_the_delay_is_the_same_for_a_name_nobody_has(node)


# -- sessions


async def test_a_session_ends_when_it_is_idle_or_old(node: Node):
    token = (await node.member()).token
    assert await who(node.at(15 * MINUTE - SECOND), token)
    assert await who(node.at(29 * MINUTE), token)  # used a minute ago, so to say
    assert await who(node.at(45 * MINUTE), token) is None
    fresh = (await node.member()).token
    for quarter in range(1, 72):
        assert await who(node.at(quarter * 10 * MINUTE), fresh)
    assert await who(node.at(timedelta(hours=12)), fresh) is None


async def test_asking_whether_it_is_still_there_prolongs_nothing(node: Node):
    token = (await node.member()).token
    for minute in range(1, 15):
        await sessions.who(node.at(minute * MINUTE), Who(token=Personal(token), prolong=False))
    assert await who(node.at(15 * MINUTE), token) is None


async def test_a_disabled_user_is_out_and_stays_out(node: Node):
    member = await node.member()
    await node.do(DisableUser, member.user)
    assert await who(node.desk, member.token) is None
    await node.do(EnableUser, member.user)
    assert await who(node.desk, member.token) is None
    assert await signed_in(node.at(2 * MINUTE), member)


async def test_sessions_are_listed_and_ended(node: Node):
    member = await node.member()
    others = [(await signed_in(node.at(number * MINUTE), member)).token.reveal() for number in (2, 4, 6)]
    desk = node.at(7 * MINUTE)
    listed = (await account.mine(desk, MyAccount(token=Personal(member.token)))).sessions
    assert [one.is_this for one in listed] == [False, False, False, True]
    assert {one.browser.reveal() for one in listed} == {"Firefox, Windows"}
    await sessions.end(desk, EndSession(token=Personal(member.token), handle=listed[0].handle))
    assert [await who(desk, one) is not None for one in others] == [True, True, False]
    await sessions.end(desk, EndSession(token=Personal(member.token)))
    assert [await who(desk, one) for one in others] == [None, None, None]
    assert await who(desk, member.token)
    await sessions.leave(desk, Leave(token=Personal(member.token)))
    assert await who(desk, member.token) is None


async def test_nobody_ends_another_persons_session(node: Node):
    one, other = await node.member(), await node.member()
    view = await who(node.desk, other.token)
    assert view is not None
    await sessions.end(node.desk, EndSession(token=Personal(one.token), handle=view.handle))
    assert await who(node.desk, other.token)


# -- one's own account


def change(member: Member, old: str, new: str) -> ChangePassword:
    return ChangePassword(token=Personal(member.token), old=Personal(old), new=Personal(new), comes=comes())


async def test_a_new_password_ends_the_other_sessions(node: Node):
    member = await node.member()
    other = (await signed_in(node.at(2 * MINUTE), member)).token.reveal()
    desk = node.at(3 * MINUTE)
    await account.change_password(desk, change(member, PASSWORD, "zelený vlak 8 stojí"))
    assert await who(desk, other) is None
    assert await who(desk, member.token)
    assert (await with_password(desk, member.name)).step.kind == "code_wanted"
    old = (await with_password(desk, member.name)).step
    assert old.kind == "code_wanted"
    assert (await with_code(desk, old.ticket, code(member.secret, desk.now))).step.kind == "refused"


async def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(node: Node):
    member, desk = await node.member(), node.at(MINUTE)
    assert await refused(account.change_password(desk, change(member, "wrong", "zelený vlak 8 stojí"))) == (
        "password_wrong"
    )
    assert await refused(account.change_password(desk, change(member, PASSWORD, "krátké"))) == "password_too_short"
    assert await refused(account.change_password(desk, change(member, PASSWORD, "Heslo!2024!!"))) == "password_common"
    for _ in range(5):
        await refused(account.change_password(desk, change(member, "wrong", "zelený vlak 8 stojí")))
    assert await refused(account.change_password(desk, change(member, PASSWORD, "zelený vlak 8 stojí"))) == "try_later"


async def test_a_change_needs_somebody_who_has_shown_lately_who_they_are(node: Node):
    member = await node.member()
    for minutes in (10, 20):
        assert await who(node.at(minutes * MINUTE), member.token)
    desk, token = node.at(20 * MINUTE), Personal(member.token)
    assert not (await account.mine(desk, MyAccount(token=token))).fresh
    for work in (
        account.change_password(desk, change(member, PASSWORD, "zelený vlak 8 stojí")),
        account.new_totp(desk, NewTotp(token=token)),
        account.drop_totp(desk, DropTotp(token=token)),
        account.new_recovery_codes(desk, NewRecoveryCodes(token=token)),
        account.new_passkey(desk, NewPasskey(token=token, origin=ORIGIN)),
    ):
        assert await refused(work) == "not_fresh"
    typed = Freshen(token=token, code=Personal("000000"), comes=comes())
    assert (await entering.freshen(desk, typed)).step.kind == "refused"
    typed = Freshen(token=token, code=code(member.secret, desk.now), comes=comes())
    assert (await entering.freshen(desk, typed)).step.kind == "signed_in"
    assert await account.new_totp(desk, NewTotp(token=token))
    session = await who(desk, member.token)
    assert session is not None and (session.fresh_at, session.login_at) == (desk.now, node.desk.now)


async def test_another_phone_replaces_the_old_one(node: Node):
    member, desk = await node.member(), node.at(MINUTE)
    offer = await account.new_totp(desk, NewTotp(token=Personal(member.token)))
    again = await account.new_totp(desk, NewTotp(token=Personal(member.token), kept=offer.kept))
    assert again.secret.reveal() == offer.secret.reveal() != member.secret
    assert "secret=" in offer.address.reveal() and member.name in offer.address.reveal()
    kept = KeepTotp(token=Personal(member.token), kept=offer.kept, code=code(member.secret, desk.now))
    assert await refused(account.keep_totp(desk, kept)) == "code_wrong"
    kept = KeepTotp(token=Personal(member.token), kept=offer.kept, code=code(offer.secret.reveal(), desk.now))
    codes = (await account.keep_totp(desk, kept)).codes.reveal()
    assert set(codes).isdisjoint(member.codes)
    later = node.at(3 * MINUTE)
    assert await signed_in(later, replace(member, secret=offer.secret.reveal()))


async def test_an_offer_of_another_person_counts_nothing(node: Node):
    one, other = await node.member(), await node.member()
    offer = await account.new_totp(node.desk, NewTotp(token=Personal(other.token)))
    kept = KeepTotp(token=Personal(one.token), kept=offer.kept, code=code(offer.secret.reveal(), node.desk.now))
    assert await refused(account.keep_totp(node.desk, kept)) == "code_wrong"


async def test_nobody_takes_their_last_way_in_away(node: Node):
    member, desk = await node.member(), node.at(MINUTE)
    token = Personal(member.token)
    assert await refused(account.drop_totp(desk, DropTotp(token=token))) == "last_way_in"
    await add_passkey(desk, member.token)
    await account.drop_totp(desk, DropTotp(token=token))
    mine = await account.mine(desk, MyAccount(token=token))
    assert (mine.password, mine.totp, mine.codes_left) == (True, False, 0)
    assert await refused(account.new_recovery_codes(desk, NewRecoveryCodes(token=token))) == "no_totp"
    dropped = DropPasskey(token=token, passkey=mine.passkeys[0].passkey)
    assert await refused(account.drop_passkey(desk, dropped)) == "last_way_in"
    first = (await with_password(desk, member.name)).step
    assert first.kind == "code_wanted"  # and a password alone opens nothing
    assert (await with_code(desk, first.ticket, Personal(member.codes[1]))).step.kind == "refused"


async def test_new_recovery_codes_replace_the_old(node: Node):
    member = await node.member()
    made = await account.new_recovery_codes(node.desk, NewRecoveryCodes(token=Personal(member.token)))
    for typed, expected in ((member.codes[0], "refused"), (made.codes.reveal()[0], "signed_in")):
        first = (await with_password(node.desk, member.name)).step
        assert first.kind == "code_wanted"
        assert (await with_code(node.desk, first.ticket, Personal(typed))).step.kind == expected
    mine = await account.mine(node.desk, MyAccount(token=Personal(member.token)))
    assert mine.codes_left == 9


# -- passkeys


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


async def test_a_passkey_is_enough(node: Node):
    member = await node.member()
    made = await add_passkey(node.desk, member.token)
    for _ in range(2):
        step = (await with_passkey(node.desk, made)).step
        assert step.kind == "signed_in" and step.session.user == member.user
    [shown] = (await account.mine(node.desk, MyAccount(token=Personal(member.token)))).passkeys
    assert (shown.label.reveal(), shown.used_at) == ("Telefon", node.desk.now)


async def test_a_passkey_must_verify_its_owner_and_belong_here(node: Node):
    member = await node.member()
    for made in (Authenticator(ORIGIN, verifies=False), Authenticator("https://evil.example.org")):
        assert await refused(add_passkey(node.desk, member.token, made)) == "passkey_refused"
    made = await add_passkey(node.desk, member.token)
    for spoiled in (
        replace(made, verifies=False),
        replace(made, origin="https://evil.example.org"),
        replace(made, key=Authenticator(ORIGIN).key),
        replace(made, id=b"unknown"),
        replace(made, user=uuid4().bytes),
    ):
        assert (await with_passkey(node.desk, spoiled)).step.kind == "refused"


async def test_a_copy_of_a_passkey_that_counts_behind_is_refused(node: Node):
    member = await node.member()
    made = await add_passkey(node.desk, member.token)
    copy = replace(made)
    assert [(await with_passkey(node.desk, made)).step.kind for _ in range(2)] == ["signed_in"] * 2
    assert (await with_passkey(node.desk, copy)).step.kind == "refused"


async def test_an_answer_counts_once_and_for_its_own_question(node: Node):
    member = await node.member()
    made = await add_passkey(node.desk, member.token)
    offer, other = [await entering.ask_passkey(node.desk, AskPasskey(origin=ORIGIN)) for _ in range(2)]
    answer = Personal(made.get(offer.options.reveal()))
    given = GivePasskey(ticket=offer.ticket, credential=answer, origin=ORIGIN, comes=comes())
    swapped = given.model_copy(update={"ticket": other.ticket})
    assert (await entering.give_passkey(node.desk, swapped)).step.kind == "refused"
    assert [(await entering.give_passkey(node.desk, given)).step.kind for _ in range(2)] == ["signed_in", "refused"]


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "null", '{"id": 1}', '{"id":"a","rawId":"a","response":{}}'])
async def test_nonsense_instead_of_a_passkey_is_refused(node: Node, nonsense: str):
    offer = await entering.ask_passkey(node.desk, AskPasskey(origin=ORIGIN))
    given = GivePasskey(ticket=offer.ticket, credential=Personal(nonsense), origin=ORIGIN, comes=comes())
    assert (await entering.give_passkey(node.desk, given)).step.kind == "refused"


async def test_a_passkey_of_a_closed_account_opens_nothing(node: Node):
    member = await node.member()
    made = await add_passkey(node.desk, member.token)
    await node.do(DisableUser, member.user)
    assert (await with_passkey(node.desk, made)).step.kind == "refused"


async def test_only_ones_own_passkey_shows_who_one_is(node: Node):
    one, other = await node.member(), await node.member()
    passkeys = {owner.user: await add_passkey(node.desk, owner.token) for owner in (one, other)}
    for user, expected in ((other.user, "refused"), (one.user, "signed_in")):
        offer = await entering.ask_passkey(node.desk, AskPasskey(origin=ORIGIN))
        answer = Personal(passkeys[user].get(offer.options.reveal()))
        given = FreshenByPasskey(token=Personal(one.token), ticket=offer.ticket, credential=answer, origin=ORIGIN)
        assert (await entering.freshen_by_passkey(node.desk, given)).step.kind == expected


# -- invitations and losses


async def test_a_link_is_good_once_and_for_three_days(node: Node):
    _, name, link = await node.invited()
    look = LookAtLink(link=Personal(link))
    assert (await enrolling.look(node.desk, look)).name.reveal() == name
    assert await refused(enrolling.look(node.at(timedelta(hours=72)), look)) == "link_gone"
    await enrol(node.desk, link)
    assert await refused(enrolling.look(node.desk, look)) == "link_gone"
    assert await refused(enrolling.look(node.desk, LookAtLink(link=Personal("x" * 43)))) == "link_gone"


async def test_of_two_with_one_link_one_gets_in(node: Node):
    _, _, link = await node.invited()
    done = await asyncio.gather(*(enrol(node.desk, link) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Rejected", "tuple"]


async def test_a_wrong_code_uses_nothing_up(node: Node):
    _, _, link = await node.invited()
    offer = (await enrolling.look(node.desk, LookAtLink(link=Personal(link)))).totp
    again = (await enrolling.look(node.desk, LookAtLink(link=Personal(link), kept=offer.kept))).totp
    assert again.secret.reveal() == offer.secret.reveal()
    asked = EnrolPassword(
        link=Personal(link), password=Personal(PASSWORD), kept=offer.kept, code=Personal("000000"), comes=comes()
    )
    assert await refused(enrolling.enrol_password(node.desk, asked)) == "code_wrong"
    await enrol(node.desk, link)


async def test_a_later_invitation_voids_the_earlier(node: Node):
    user, name, link = await node.invited()
    again = await enrolling.invite(node.desk, Invite(actor=node.administrator, user_id=user, name=Personal(name)))
    assert again.link is not None
    assert await refused(enrol(node.desk, link)) == "link_gone"
    await enrol(node.desk, again.link.reveal())


async def test_a_link_may_end_in_a_passkey(node: Node):
    user, _, link = await node.invited()
    offer = await enrolling.ask_enrol_passkey(node.desk, AskEnrolPasskey(link=Personal(link), origin=ORIGIN))
    made = Authenticator(ORIGIN)
    answer = Personal(made.make(offer.options.reveal()))
    asked = EnrolPasskey(
        link=Personal(link),
        ticket=offer.ticket,
        credential=answer,
        origin=ORIGIN,
        label=Personal("Klíč"),
        comes=comes(),
    )
    enrolled = await enrolling.enrol_passkey(node.desk, asked)
    assert enrolled.signed_in.session.user == user and enrolled.codes.reveal() == ()
    assert (await with_passkey(node.desk, made)).step.kind == "signed_in"


async def test_only_an_administrator_invites(node: Node):
    user = await node.user()
    worker = node.administrator.model_copy(update={"roles": frozenset({Role.TEAM_LEADER})})
    stranger = node.administrator.model_copy(update={"organisation": uuid4()})
    for actor in (worker, stranger):
        for work in (
            enrolling.invite(node.desk, Invite(actor=actor, user_id=user, name=Personal("radka.m"))),
            enrolling.recover(node.desk, Recover(actor=actor, user_id=user)),
            enrolling.logins(node.desk, ListLogins(actor=actor)),
            enrolling.link_provider(
                node.desk, LinkProvider(actor=actor, user_id=user, issuer=ORIGIN, subject=Personal("7"))
            ),
            enrolling.let_in_demonstration(
                node.desk,
                LetInDemonstration(actor=actor, user_id=user, name=Personal("radka.m"), password=Personal("x")),
            ),
        ):
            with pytest.raises(Forbidden):
                await work


async def test_what_cannot_be_invited(node: Node):
    member, user = await node.member(), await node.user()

    def invited(whom: UUID, name: str) -> Any:
        return enrolling.invite(node.desk, Invite(actor=node.administrator, user_id=whom, name=Personal(name)))

    assert await refused(invited(member.user, member.name)) == "has_way_in"
    assert await refused(invited(user, member.name.upper())) == "login_taken"
    assert await refused(invited(uuid4(), "somebody.else")) == "unknown_user"
    for unfit in ("ab", "radka mlejnská", "radka@example.org", "-radka", "x" * 41):
        assert await refused(invited(user, unfit)) == "login_unfit"


async def test_a_loss_takes_two_administrators_and_replaces_everything(node: Node):
    member = await node.member()
    made = await add_passkey(node.desk, member.token)
    second = node.administrator.model_copy(update={"user": uuid4()})

    async def recover(actor: Actor) -> str | None:
        found = await enrolling.recover(node.desk, Recover(actor=actor, user_id=member.user))
        return found.link.reveal() if found.link else None

    own = node.administrator.model_copy(update={"user": member.user})
    assert await refused(recover(own)) == "own_recovery"
    assert [await recover(node.administrator) for _ in range(2)] == [None, None]
    [waiting] = [one for one in await listed(node) if one.user_id == member.user]
    assert waiting.waiting_by == node.administrator.user
    link = await recover(second)
    assert link is not None
    assert (await with_passkey(node.desk, made)).step.kind == "signed_in"  # until the link is used
    enrolled, secret = await enrol(node.at(MINUTE), link, "zelený vlak 8 stojí")
    assert enrolled.signed_in.session.user == member.user
    assert (await with_passkey(node.desk, made)).step.kind == "refused"
    assert await who(node.at(MINUTE), member.token) is None
    first = (await with_password(node.at(3 * MINUTE), member.name, "zelený vlak 8 stojí")).step
    assert first.kind == "code_wanted"
    at = node.at(3 * MINUTE)
    assert (await with_code(at, first.ticket, Personal(member.codes[0]))).step.kind == "refused"
    assert (await with_code(at, first.ticket, code(secret, at.now))).step.kind == "signed_in"


async def test_a_proposed_recovery_lapses(node: Node):
    member = await node.member()
    second = node.administrator.model_copy(update={"user": uuid4()})
    await enrolling.recover(node.desk, Recover(actor=node.administrator, user_id=member.user))
    late = await enrolling.recover(node.at(timedelta(hours=72)), Recover(actor=second, user_id=member.user))
    assert late.link is None


async def listed(node: Node) -> Any:
    return (await enrolling.logins(node.desk, ListLogins(actor=node.administrator))).logins


async def test_administrators_see_who_can_sign_in(node: Node):
    member, (user, name, _) = await node.member(), await node.invited()
    logins = {one.user_id: one for one in await listed(node)}
    assert (logins[member.user].can_enter, logins[member.user].invited_until) == (True, None)
    assert (logins[user].can_enter, logins[user].name.reveal()) == (False, name)
    assert logins[user].invited_until == node.desk.now + timedelta(hours=72)


# -- the organisation's own provider


async def test_a_linked_subject_signs_in_and_no_other(node: Node):
    member, subject = await node.member(), uuid4().hex
    link = LinkProvider(actor=node.administrator, user_id=member.user, issuer=ORIGIN, subject=Personal(subject))
    await enrolling.link_provider(node.desk, link)
    for issuer, one, expected in (
        (ORIGIN, subject, "signed_in"),
        (ORIGIN, "other", "refused"),
        ("https://evil.example.org", subject, "refused"),
    ):
        asked = ComeFromProvider(issuer=issuer, subject=Personal(one), comes=comes())
        assert (await entering.come_from_provider(node.desk, asked)).step.kind == expected
    another = link.model_copy(update={"user_id": (await node.member()).user})
    assert await refused(enrolling.link_provider(node.desk, another)) == "provider_taken"


async def test_a_link_may_end_at_the_provider(node: Node):
    user, _, link = await node.invited()
    asked = EnrolProvider(link=Personal(link), issuer=ORIGIN, subject=Personal(uuid4().hex), comes=comes())
    assert (await enrolling.enrol_provider(node.desk, asked)).signed_in.session.user == user
    assert await refused(enrolling.enrol_provider(node.desk, asked)) == "link_gone"


# -- a demonstration


async def test_a_password_alone_opens_a_demonstration(node: Node):
    user, name = await node.user(Role.TEAM_LEADER), f"radka.{uuid4().hex[:8]}"
    show = replace(node.desk, demonstration=True)
    let_in = LetInDemonstration(
        actor=node.administrator, user_id=user, name=Personal(name), password=Personal(PASSWORD)
    )
    for _ in range(2):
        await enrolling.let_in_demonstration(show, let_in)
    step = (await with_password(show, name)).step
    assert step.kind == "signed_in" and step.session.demonstration
    assert [one.can_enter for one in await listed(replace(node, desk=show)) if one.user_id == user] == [True]
    assert [one.can_enter for one in await listed(node) if one.user_id == user] == [False]
    assert (await with_password(show, name, "wrong")).step.kind == "refused"
    shown = Freshen(token=step.token, code=Personal(PASSWORD), comes=comes())
    assert (await entering.freshen(show, shown)).step.kind == "signed_in"
    assert (await with_password(node.desk, name)).step.kind == "code_wanted"
    assert await refused(enrolling.let_in_demonstration(node.desk, let_in)) == "no_demonstration"


# -- what is kept, and who may ask


async def test_no_row_holds_anything_in_the_clear(node: Node):
    member = await node.member()
    await add_passkey(node.desk, member.token)
    await with_password(node.desk, member.name, address="203.0.113.77")
    secrets = [member.name, member.secret, member.token, *member.codes, PASSWORD, "Telefon", "Firefox", "203.0.113.77"]
    tables = ("login", "password", "totp", "recovery_code", "passkey", "session", "ticket", "failure", "enrolment")
    dump = ""
    for table in tables:
        rows = await node.service.pool.fetch(f"select to_jsonb(t)::text as row from {table} t")
        assert rows or table == "ticket", table
        dump += "".join(row["row"] for row in rows)
    assert str(member.user) in dump  # the search finds what is there
    for secret in secrets:
        assert secret not in dump and secret.encode().hex() not in dump


async def test_what_counts_no_more_is_swept(node: Node):
    await node.service.pool.execute("truncate ticket, session, failure, enrolment")
    member = await node.member()
    await with_password(node.desk, member.name)
    await node.invited()
    await sweep(node.at(timedelta(days=8)))
    for table in ("session", "ticket", "failure"):
        assert await node.service.pool.fetchval(f"select count(*) from {table}") == 0
    kept = await node.service.pool.fetch("select used_at from enrolment")
    assert kept and all(row["used_at"] for row in kept)
    await sweep(node.at(timedelta(days=400)))
    assert await node.service.pool.fetchval("select count(*) from enrolment") == 0


async def test_the_door_answers_over_the_bus(node: Node):
    bus = Bus(node.service.nc)

    async def ask(message: Any) -> Any:
        body = message.model_dump_json(context=CLEAR).encode()
        return await bus.ask("identity", door_subject("identity", type(message)), body)

    told = await ask(SignIn(name=Personal("nobody.here"), password=Personal("x"), comes=comes()))
    assert told["step"]["kind"] == "code_wanted"
    with pytest.raises(RequestFailed) as failed:
        await ask(Who(token=Personal("x" * 43)))
    assert (failed.value.problem.kind, failed.value.problem.code) == ("rejected", "no_session")
