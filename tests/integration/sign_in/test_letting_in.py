"""Who is let in and how: invitations, losses, the own provider, a demonstration; what is kept, and who may ask."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.codelists import Role
from libs.eventlog import Actor, Forbidden
from libs.messaging import Bus, RequestFailed
from libs.messaging.subjects import door_subject
from libs.privacy import CLEAR, Personal
from services.identity.sign_in import enrolling, entering
from services.identity.sign_in.door import sweep
from services.identity.sign_in.messages import (
    AskEnrolPasskey,
    ComeFromProvider,
    EnrolPasskey,
    EnrolPassword,
    EnrolProvider,
    Freshen,
    Invite,
    LetInDemonstration,
    LinkProvider,
    ListLogins,
    LookAtLink,
    Recover,
    SignIn,
    Who,
)
from tests.examples.authenticator import Authenticator
from tests.integration.sign_in.desk import (
    MINUTE,
    ORIGIN,
    PASSWORD,
    Node,
    add_passkey,
    code,
    comes,
    enrol,
    refused,
    who,
    with_code,
    with_passkey,
    with_password,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
