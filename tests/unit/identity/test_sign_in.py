"""The rules of signing in, as sentences. No server, no clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from libs.eventlog import new_id
from libs.privacy import KeyLost, NodeKey, Personal
from services.identity.sign_in import codes
from services.identity.sign_in.common_passwords import weakness
from services.identity.sign_in.messages import Comes, SignIn
from services.identity.sign_in.rules import (
    ACCOUNT,
    FRESH,
    IDLE,
    LIFE,
    Ways,
    after_password,
    idle_until,
    is_alive,
    is_fresh,
    login_name,
)
from services.identity.sign_in.vault import Vault

MORNING = datetime(2026, 5, 12, 8, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
VAULT = Vault(NodeKey(b"k" * 32))


# -- the growing delay


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (15, 900), (1_000_000, 900)]
)
def test_five_failures_are_free_then_each_doubles_the_delay(failures: int, seconds: int):
    assert ACCOUNT.wait(failures, MORNING, MORNING) == timedelta(seconds=seconds)


def test_the_delay_passes():
    assert ACCOUNT.wait(7, MORNING, MORNING + 3 * SECOND) == SECOND
    assert ACCOUNT.wait(7, MORNING, MORNING + 4 * SECOND) == timedelta()


def test_after_a_quiet_day_failures_are_forgotten():
    assert ACCOUNT.failures(50, MORNING, MORNING + timedelta(hours=24)) == 0
    assert ACCOUNT.failures(50, MORNING, MORNING + timedelta(hours=24) - SECOND) == 50


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_failures_never_wait_less(one: int, other: int):
    low, high = sorted((one, other))
    assert ACCOUNT.wait(low, MORNING, MORNING) <= ACCOUNT.wait(high, MORNING, MORNING) <= ACCOUNT.longest


# -- sessions


def test_a_session_ends_after_fifteen_idle_minutes():
    assert is_alive(MORNING, MORNING, MORNING + IDLE - SECOND)
    assert not is_alive(MORNING, MORNING, MORNING + IDLE)


def test_use_prolongs_a_session_up_to_twelve_hours():
    used = MORNING + LIFE - 5 * MINUTE
    assert is_alive(MORNING, used, MORNING + LIFE - SECOND)
    assert not is_alive(MORNING, used, MORNING + LIFE)
    assert idle_until(MORNING, used) == MORNING + LIFE


def test_a_sign_in_is_fresh_for_a_while():
    assert is_fresh(MORNING, MORNING + FRESH - SECOND)
    assert not is_fresh(MORNING, MORNING + FRESH)


# -- which step comes next


def test_right_or_wrong_a_code_comes_next():
    assert {after_password(right=right, demonstration=False) for right in (True, False)} == {"code_wanted"}


def test_a_password_alone_opens_a_demonstration_only():
    assert after_password(right=True, demonstration=True) == "signed_in"
    assert after_password(right=False, demonstration=True) == "refused"


@pytest.mark.parametrize(
    ("ways", "leads"),
    [
        (Ways(password=True, totp=False, passkeys=0, provider=False), False),
        (Ways(password=False, totp=True, passkeys=0, provider=False), False),
        (Ways(password=True, totp=True, passkeys=0, provider=False), True),
        (Ways(password=False, totp=False, passkeys=1, provider=False), True),
        (Ways(password=False, totp=False, passkeys=0, provider=True), True),
    ],
)
def test_which_ways_lead_in(ways: Ways, leads: bool):
    assert ways.lead_in is leads


def test_a_login_name_is_the_same_however_it_is_typed():
    assert login_name("  Radka.M ") == login_name("radka.m") == "radka.m"


# -- passwords


@pytest.mark.parametrize(
    "password",
    ["heslo1234567", "Heslo!2024!!", "123456789012", "qwertzuiopas", "aaaaaaaaaaaa", "P@ssw0rd12345",
     "heslohesloheslo", "zaq1zaq1zaq1", "1q2w3e4r5t6z", "$ecret$ecret", "Slunicko.2026", "SLUNÍČKO2026!"],
)  # fmt: skip
def test_what_anybody_would_try_is_refused(password: str):
    assert weakness(password) == "common"


def test_what_everybody_knows_of_the_person_is_refused():
    assert weakness("radka.m123456", "radka.m") == weakness("Přístav2026!!", "Přístav, z. s.") == "common"


@pytest.mark.parametrize("password", ["modrý vlak 7 jede", "hodny pejsek bezi", "kVj8-pQz2-mX4t", "абвкпрст уфхц"])
def test_a_sentence_or_chance_is_a_password(password: str):
    assert weakness(password, "radka.m", "pristav", "Přístav, z. s.") is None


def test_a_password_has_its_length():
    assert [weakness("kVj8-pQz2-mX4t"[:length]) for length in (11, 12)] == ["too_short", None]
    assert weakness("modrý vlak " * 12) == "too_long"


# -- codes


def test_a_code_counts_one_step_around_now():
    secret = codes.new_secret()
    now = datetime.fromtimestamp(1_800_000_000, UTC)
    step = 1_800_000_000 // 30
    for drift in (-1, 0, 1):
        assert codes.step_of(secret, TOTP(secret).generate_otp(step + drift), now) == step + drift
    for drift in (-2, 2):
        assert codes.step_of(secret, TOTP(secret).generate_otp(step + drift), now) is None
    typed = TOTP(secret).generate_otp(step)
    assert codes.step_of(secret, f" {typed[:3]} {typed[3:]} ", now) == step
    assert codes.step_of(secret, "", now) is codes.step_of(secret, "žlutý kůň", now) is None


def test_recovery_codes_are_read_however_they_are_typed():
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    assert codes.recovery_text(made[0].upper().replace("-", " ")) == codes.recovery_text(made[0])


# -- the vault


def test_what_is_sealed_opens_in_its_own_place_only():
    owner = new_id()
    sealed = VAULT.seal("totp", owner, "secret")
    assert VAULT.open("totp", owner, sealed) == "secret"
    for purpose, other, content in (
        ("login", owner, sealed),
        ("totp", new_id(), sealed),
        ("totp", owner, sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(KeyLost):
            VAULT.open(purpose, other, content)


def test_a_mark_says_nothing_without_the_key():
    assert VAULT.mark("login", "radka.m") == VAULT.mark("login", "radka.m")
    marks = {VAULT.mark("login", "radka.m"), VAULT.mark("other", "radka.m")}
    assert len(marks | {Vault(NodeKey(b"j" * 32)).mark("login", "radka.m")}) == 3


def test_nothing_asked_at_the_door_shows_its_secrets():
    comes = Comes(address=Personal("192.0.2.7"), browser=Personal("Firefox"))
    shown = repr(SignIn(name=Personal("radka.m"), password=Personal("modrý vlak"), comes=comes))
    assert not [one for one in ("radka", "vlak", "192.0.2.7", "Firefox") if one in shown]
