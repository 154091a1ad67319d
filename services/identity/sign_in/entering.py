"""Signing in, step by step. Whatever is wrong (name, password, code, a closed account): one answer, the same work."""

from libs.privacy import Personal
from services.identity.sign_in import factors, passkeys, sessions, throttling, tickets
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import (
    AskPasskey,
    CodeWanted,
    ComeFromProvider,
    Freshen,
    FreshenByPasskey,
    GiveCode,
    GivePasskey,
    PasskeyOffer,
    Refused,
    SignedIn,
    SignIn,
    Step,
    Wait,
    Who,
)
from services.identity.sign_in.passkeys import PasskeyRefused
from services.identity.sign_in.rules import TRIES, after_password, login_name
from services.identity.sign_in.vault import token_mark


async def sign_in(desk: Desk, asked: SignIn) -> Step:
    """Name and password."""
    name = login_name(asked.name.reveal())
    account = throttling.account_mark(desk, name)
    if seconds := await throttling.attempt(desk, account, asked.comes):
        return Step(step=Wait(seconds=seconds))
    login = await desk.row("door_login_by_mark", desk.vault.mark("login", name))
    known = login["hash"] if login else None
    right = await desk.passwords.is_right(known, asked.password.reveal())
    if right and known and desk.passwords.is_outdated(known):
        await desk.run("door_rehash", login["user_id"], known, await desk.passwords.hash(asked.password.reveal()))
    user = login["user_id"] if right else None
    match after_password(right=right, demonstration=desk.demonstration):
        case "signed_in":
            await throttling.succeeded(desk, account, asked.comes)
            return Step(step=await sessions.begin(desk, login["user_id"], asked.comes) or Refused())
        case "refused":
            return Step(step=Refused())
        case "code_wanted":
            ticket, _ = await tickets.hand_out(desk, "code", user, account, TRIES)
            return Step(step=CodeWanted(ticket=Personal(ticket)))


async def give_code(desk: Desk, asked: GiveCode) -> Step:
    """The code after it. The first try was counted with the password."""
    ticket = await tickets.take_back(desk, "code", asked.ticket.reveal())
    if ticket is None:
        return Step(step=Refused())
    is_first = ticket["tries"] == TRIES - 1
    if not is_first and (seconds := await throttling.attempt(desk, ticket["account"], asked.comes)):
        return Step(step=Wait(seconds=seconds))
    user = ticket["user_id"]
    if not await factors.is_right_code(desk, user, asked.code.reveal()):
        return Step(step=Refused(over=ticket["tries"] == 0))
    await tickets.destroy(desk, asked.ticket.reveal())
    await throttling.succeeded(desk, ticket["account"], asked.comes)
    return Step(step=await sessions.begin(desk, user, asked.comes) or Refused())


async def ask_passkey(desk: Desk, asked: AskPasskey) -> PasskeyOffer:
    ticket, challenge = await tickets.hand_out(desk, "passkey")
    options = passkeys.authentication(asked.origin, challenge)
    return PasskeyOffer(ticket=Personal(ticket), options=Personal(options))


async def give_passkey(desk: Desk, asked: GivePasskey) -> Step:
    """There is nothing to guess in a passkey, so no failure is counted: nobody can be shut out by it."""
    ticket = await tickets.take_back(desk, "passkey", asked.ticket.reveal())
    if ticket is None:
        return Step(step=Refused())
    try:
        user = await factors.passkey_owner(desk, ticket["content"], asked.origin, asked.credential.reveal())
    except PasskeyRefused:
        return Step(step=Refused())
    return Step(step=await sessions.begin(desk, user, asked.comes) or Refused())


async def come_from_provider(desk: Desk, asked: ComeFromProvider) -> Step:
    mark = factors.provider_mark(desk, asked.issuer, asked.subject.reveal())
    row = await desk.row("door_provider", mark)
    begun = await sessions.begin(desk, row["user_id"], asked.comes) if row else None
    return Step(step=begun or Refused())


async def freshen(desk: Desk, asked: Freshen) -> Step:
    """A code, from somebody who is signed in; on a demonstration, where nobody has codes, the password."""
    session = await sessions.in_force(desk, asked.token.reveal())
    login = await desk.login(session["user_id"])
    account = throttling.account_mark(desk, desk.login_name(login))
    if seconds := await throttling.attempt(desk, account, asked.comes):
        return Step(step=Wait(seconds=seconds))
    typed = asked.code.reveal()
    if desk.demonstration:
        right = await desk.passwords.is_right(login["hash"], typed)
    else:
        right = await factors.is_right_code(desk, session["user_id"], typed)
    if not right:
        return Step(step=Refused(over=False))
    await throttling.succeeded(desk, account, asked.comes)
    return await _fresh(desk, asked.token.reveal())


async def freshen_by_passkey(desk: Desk, asked: FreshenByPasskey) -> Step:
    """A passkey, from somebody who is signed in."""
    session = await sessions.in_force(desk, asked.token.reveal())
    ticket = await tickets.take_back(desk, "passkey", asked.ticket.reveal())
    try:
        if ticket is None or session["user_id"] != await factors.passkey_owner(
            desk, ticket["content"], asked.origin, asked.credential.reveal()
        ):
            raise PasskeyRefused
    except PasskeyRefused:
        return Step(step=Refused())
    return await _fresh(desk, asked.token.reveal())


async def _fresh(desk: Desk, token: str) -> Step:
    await desk.run("door_freshen", token_mark(token), desk.now)
    return Step(step=SignedIn(token=Personal(token), session=await sessions.who(desk, Who(token=Personal(token)))))
