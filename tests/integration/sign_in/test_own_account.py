"""One's own account: password, telephone, recovery codes and passkeys."""

from dataclasses import replace
from uuid import uuid4

import pytest

from libs.privacy import Personal
from services.identity.sign_in import account, entering
from services.identity.sign_in.messages import (
    AskPasskey,
    ChangePassword,
    DropPasskey,
    DropTotp,
    Freshen,
    FreshenByPasskey,
    GivePasskey,
    KeepTotp,
    MyAccount,
    NewPasskey,
    NewRecoveryCodes,
    NewTotp,
)
from services.identity.user.commands import DisableUser
from tests.examples.authenticator import Authenticator
from tests.integration.sign_in.desk import (
    MINUTE,
    ORIGIN,
    PASSWORD,
    Member,
    Node,
    add_passkey,
    code,
    comes,
    refused,
    signed_in,
    who,
    with_code,
    with_passkey,
    with_password,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
