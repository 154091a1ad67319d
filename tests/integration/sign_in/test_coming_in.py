"""Coming in by name, password and code: what opens, what is refused, how guessing is slowed, and how it ends."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from libs.codelists import Role
from libs.privacy import Personal
from libs.service import running
from services.identity import app as identity
from services.identity.sign_in import account, sessions
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import Comes, EndSession, Leave, MyAccount, Who
from services.identity.sign_in.passwords import Passwords
from services.identity.user.commands import DisableUser, EnableUser
from tests.integration.sign_in.desk import (
    MINUTE,
    PASSWORD,
    SECOND,
    Node,
    code,
    signed_in,
    who,
    with_code,
    with_password,
)

if TYPE_CHECKING:
    from libs.service import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
