"""The rules of signing in. Pure: no clock, no chance, no I/O.

name + password ──► code ──► session          always a code, right or wrong: nobody learns which half was wrong
name + password ──────────► session           on a demonstration alone
passkey, provider, link ──► session
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

IDLE, LIFE = timedelta(minutes=15), timedelta(hours=12)
FRESH = timedelta(minutes=15)
"""How long after signing in one may change one's own ways in without showing again who one is."""
PROLONGED_EVERY = timedelta(seconds=30)
"""A use is written down this often, not at every request."""
TICKET, TRIES = timedelta(minutes=5), 3
LINK, PROPOSAL = timedelta(hours=72), timedelta(hours=72)
LOGIN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]")


@dataclass(frozen=True)
class Throttle:
    """`free` failures cost nothing; then each doubles the delay, up to `longest`. A quiet while forgets all."""

    free: int = 5
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=15)
    forgotten_after: timedelta = timedelta(hours=24)

    def failures(self, failures: int, last: datetime, now: datetime) -> int:
        """Those that still count."""
        return 0 if now - last >= self.forgotten_after else failures

    def wait(self, failures: int, last: datetime, now: datetime) -> timedelta:
        """How long nothing is looked at; zero: go on."""
        over = self.failures(failures, last, now) - self.free
        if over < 0:
            return timedelta()
        delay = min(self.first * 2 ** min(over, 20), self.longest)
        return max(last + delay - now, timedelta())


ACCOUNT = Throttle()
ADDRESS = Throttle(free=20, forgotten_after=timedelta(minutes=30))
"""A whole office may share an address."""


def idle_until(login_at: datetime, used_at: datetime) -> datetime:
    """When a session ends unless it is used."""
    return min(used_at + IDLE, ends_at(login_at))


def ends_at(login_at: datetime) -> datetime:
    """When a session ends in any case."""
    return login_at + LIFE


def is_alive(login_at: datetime, used_at: datetime, now: datetime) -> bool:
    return now < idle_until(login_at, used_at)


def is_fresh(fresh_at: datetime, now: datetime) -> bool:
    """Whether somebody has shown lately who they are."""
    return now - fresh_at < FRESH


def after_password(*, right: bool, demonstration: bool) -> Literal["signed_in", "refused", "code_wanted"]:
    """What follows name and password."""
    if not demonstration:
        return "code_wanted"
    return "signed_in" if right else "refused"


@dataclass(frozen=True)
class Ways:
    """Of one user, as they are or would be."""

    password: bool
    totp: bool
    passkeys: int
    provider: bool

    @property
    def lead_in(self) -> bool:
        """Whether this person can sign in at all: a password alone cannot."""
        return bool(self.passkeys) or self.provider or (self.password and self.totp)


def login_name(typed: str) -> str:
    """As it is compared: however it was typed."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def password_text(typed: str) -> str:
    """One form for one password, whatever keyboard it came from."""
    return unicodedata.normalize("NFKC", typed)
