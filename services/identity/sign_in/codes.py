"""Codes: those of an authenticator app (RFC 6238), each good once, and recovery codes for when it is lost."""

import hmac
import secrets
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP

STEP_S, DRIFT = 30, 1
"""A clock may be one step off."""
RECOVERY_CODES, GROUP, ALPHABET = 10, 5, "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters that are not mistaken for each other; 49 bits a code."""


def new_secret() -> str:
    return random_base32()


def address(secret: str, name: str, issuer: str) -> str:
    """For the QR code."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """Which time step a code belongs to; None: to none about now. All are compared, whichever fits."""
    code, found = "".join(typed.split()), None
    current = int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(TOTP(secret).generate_otp(step).encode(), code.encode()):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    return tuple(f"{_group()}-{_group()}" for _ in range(RECOVERY_CODES))


def recovery_text(typed: str) -> str:
    """As it is compared: without spaces and dashes."""
    return "".join(sign for sign in typed.casefold() if sign.isalnum())


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))
