"""Ways in, as they are checked and stored: codes, passkeys, and what an enrolment or an account page adds."""

import base64
from uuid import UUID, uuid4

from libs.eventlog import Rejected
from libs.privacy import KeyLost, Personal
from services.identity.sign_in import codes, passkeys, tickets
from services.identity.sign_in.common_passwords import weakness
from services.identity.sign_in.desk import Db, Desk
from services.identity.sign_in.messages import PasskeyOffer, TotpOffer
from services.identity.sign_in.passkeys import NewCredential, PasskeyRefused
from services.identity.sign_in.rules import password_text

WEAK = {
    "too_short": "The password is too short. Nothing was changed. Choose one of 12 to 128 characters.",
    "too_long": "The password is too long. Nothing was changed. Choose one of 12 to 128 characters.",
    "common": "The password is one of the first that anybody would try. Nothing was changed. Choose another one.",
}
NOBODYS_SECRET = codes.new_secret()


async def is_right_code(desk: Desk, user: UUID | None, typed: str) -> bool:
    """A code of the authenticator app, or a recovery code; either is then used up. Nobody's takes the same work."""
    row = await desk.row("door_totp", user)
    secret = desk.vault.open("totp", row["user_id"], row["sealed"]) if row else NOBODYS_SECRET
    step = codes.step_of(secret, typed, desk.now)
    if row is not None and step is not None:
        return await desk.row("door_use_step", user, step) is not None
    return await desk.row("door_use_recovery_code", user, _code_mark(desk, user, typed)) is not None


async def passkey_owner(desk: Desk, challenge: bytes, origin: str, credential: str) -> UUID:
    """Whose passkey answered the challenge. Raises PasskeyRefused."""
    credential_id = passkeys.credential_id(credential)
    row = await desk.row("door_passkey", credential_id)
    if row is None:
        raise PasskeyRefused
    count = passkeys.authenticated(origin, challenge, credential, row["user_id"], row["public_key"], row["count"])
    await desk.run("door_use_passkey", credential_id, count, desk.now)
    return row["user_id"]


def check_password(desk: Desk, password: str, name: str) -> None:
    """Raises Rejected for one that is too weak."""
    found = weakness(password_text(password), name, desk.organisation.code, desk.organisation.name)
    if found is not None:
        raise Rejected(f"password_{found}", WEAK[found])


def offer_totp(desk: Desk, user: UUID, name: str, kept: Personal[str] | None) -> TotpOffer:
    """A secret to scan; the one offered before, if it comes back. It is stored nowhere until a code proves it."""
    secret = _offered(desk, user, kept) or codes.new_secret()
    sealed = base64.b64encode(desk.vault.seal("totp offer", user, secret)).decode()
    address = codes.address(secret, name, desk.organisation.name)
    return TotpOffer(secret=Personal(secret), address=Personal(address), kept=Personal(sealed))


async def put_totp(desk: Desk, user: UUID, kept: Personal[str], typed: str, db: Db) -> tuple[str, ...]:
    """Put an offered secret in force; returns new recovery codes. Raises Rejected unless the code is one of it."""
    secret = _offered(desk, user, kept)
    step = codes.step_of(secret, typed, desk.now) if secret else None
    if secret is None or step is None:
        raise Rejected(
            "code_wrong",
            "The code does not fit. Nothing was changed. Check the clock of the phone, then type a new one.",
        )
    await desk.run("door_put_totp", user, desk.vault.seal("totp", user, secret), step, desk.now, db=db)
    return await put_recovery_codes(desk, user, db)


async def put_recovery_codes(desk: Desk, user: UUID, db: Db) -> tuple[str, ...]:
    """New ones; those from before count no more."""
    made = codes.new_recovery_codes()
    await desk.run("door_drop_recovery_codes", user, db=db)
    await desk.run("door_put_recovery_codes", user, [_code_mark(desk, user, one) for one in made], db=db)
    return made


async def offer_passkey(desk: Desk, user: UUID, name: str, origin: str) -> PasskeyOffer:
    known = [row["credential_id"] for row in await desk.rows("door_passkeys", user)]
    ticket, challenge = await tickets.hand_out(desk, "new_passkey", user)
    options = passkeys.registration(origin, desk.organisation.name, user, name, challenge, known)
    return PasskeyOffer(ticket=Personal(ticket), options=Personal(options))


async def made_passkey(desk: Desk, user: UUID, ticket: str, credential: str, origin: str) -> NewCredential:
    """What the browser made for this user's offer. Raises Rejected."""
    offered = await tickets.take_back(desk, "new_passkey", ticket)
    if offered is None or offered["user_id"] != user:
        raise _passkey_refused()
    try:
        return passkeys.registered(origin, offered["content"], credential)
    except PasskeyRefused:
        raise _passkey_refused() from None


async def put_passkey(desk: Desk, user: UUID, made: NewCredential, label: str, db: Db = None) -> None:
    """Raises Rejected for one that somebody has already."""
    passkey = uuid4()
    sealed = desk.vault.seal("passkey", passkey, label)
    values = (made.id, passkey, user, made.public_key, made.count, sealed, desk.now)
    if await desk.row("door_put_passkey", *values, db=db) is None:
        raise _passkey_refused()


def provider_mark(desk: Desk, issuer: str, subject: str) -> bytes:
    return desk.vault.mark("provider", f"{issuer}\n{subject}")


def _passkey_refused() -> Rejected:
    return Rejected(
        "passkey_refused",
        "This passkey cannot be used here. Nothing was changed. Try again, or choose a password and codes.",
    )


def _offered(desk: Desk, user: UUID, kept: Personal[str] | None) -> str | None:
    if kept is None:
        return None
    try:
        return desk.vault.open("totp offer", user, base64.b64decode(kept.reveal()))
    except (KeyLost, ValueError):  # altered, or another person's
        return None


def _code_mark(desk: Desk, user: UUID | None, typed: str) -> bytes:
    return desk.vault.mark("recovery code", f"{user} {codes.recovery_text(typed)}")
