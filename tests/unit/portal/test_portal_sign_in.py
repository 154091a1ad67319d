"""Who gets in: tokens by their hash, roles by whom they belong to."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.messaging import Bus, Problem, RequestFailed
from libs.service import SettingsMistake
from services.portal.problems import SignInRefused
from services.portal.sign_in import SignIn, Tokens, digest

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
RADKA = UUID("0198b000-0000-7000-8000-000000000001")
VIT = UUID("0198b000-0000-7000-8000-000000000004")
NOBODY = uuid4()


class IdentityBus(Bus):
    """Answers as `identity` would."""

    def __init__(self) -> None:
        self.asked = 0
        self.enabled = True
        self.away = False

    async def query(self, service: str, name: str, question: Any, view: Any) -> list[Any]:
        self.asked += 1
        assert (service, name, question.actor.user) == ("identity", "user_roles", question.user_id)
        if self.away:
            raise RequestFailed(Problem(kind="unavailable", code="unavailable", sentence="Away."))
        if question.user_id != RADKA:
            return []
        return [view(user_id=RADKA, roles=("outreach_worker",), team="Most", enabled=self.enabled)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [
        "[tokens]",
        f'{digest("radka")} = {{ user = "{RADKA}" }}',
        f'"{digest("nobody")}" = {{ user = "{NOBODY}" }}',
        f'{digest("setup")} = {{ user = "{VIT}", roles = ["node_administrator"] }}',
    ]
    (tmp_path / "portal.token").write_text("\n".join(lines))
    return tmp_path / "portal.token"


@pytest.fixture
def bus() -> IdentityBus:
    return IdentityBus()


@pytest.fixture
def sign_in(file: Path, bus: IdentityBus) -> SignIn:
    return SignIn(Tokens(file), bus, PRISTAV)


async def test_a_token_gives_its_user_with_the_roles_of_now(sign_in: SignIn):
    actor = await sign_in.actor("Bearer radka")
    assert (actor.user, actor.organisation, actor.team) == (RADKA, PRISTAV, "Most")
    assert actor.roles == {"outreach_worker"}


async def test_roles_are_remembered_for_a_moment_only(
    sign_in: SignIn, bus: IdentityBus, monkeypatch: pytest.MonkeyPatch
):
    for _ in range(3):
        await sign_in.actor("bearer radka")
    assert bus.asked == 1
    bus.enabled = False
    monkeypatch.setattr("services.portal.sign_in.time.monotonic", lambda: 10**9)
    with pytest.raises(SignInRefused):
        await sign_in.actor("Bearer radka")


@pytest.mark.parametrize(
    "header", [None, "", "radka", "Bearer", "Bearer ", "Basic radka", "Bearer Radka", "Bearer žluť", "Bearer nobody"]
)
async def test_whoever_is_not_known_is_refused(sign_in: SignIn, header: str | None):
    with pytest.raises(SignInRefused):
        await sign_in.actor(header)


async def test_the_hash_is_no_token(sign_in: SignIn):
    with pytest.raises(SignInRefused):
        await sign_in.actor(f"Bearer {digest('radka')}")


async def test_a_disabled_account_is_refused(sign_in: SignIn, bus: IdentityBus):
    bus.enabled = False
    with pytest.raises(SignInRefused):
        await sign_in.actor("Bearer radka")


async def test_setting_up_needs_no_identity(sign_in: SignIn, bus: IdentityBus):
    assert (await sign_in.actor("Bearer setup")).roles == {"node_administrator"}
    assert bus.asked == 0


async def test_when_nobody_can_tell_it_says_so(sign_in: SignIn, bus: IdentityBus):
    bus.away = True
    with pytest.raises(RequestFailed) as failed:
        await sign_in.actor("Bearer radka")
    assert failed.value.problem.kind == "unavailable"
    assert "Nothing was recorded." in failed.value.problem.sentence


async def test_a_changed_file_counts_at_once(sign_in: SignIn, file: Path):
    await sign_in.actor("Bearer radka")
    file.write_text(f'[tokens]\n{digest("new")} = {{ user = "{RADKA}" }}')
    os.utime(file, ns=(1, 1))
    with pytest.raises(SignInRefused):
        await sign_in.actor("Bearer radka")
    assert (await sign_in.actor("Bearer new")).user == RADKA


@pytest.mark.parametrize("broken", ["[tokens", None])
async def test_a_file_that_broke_lets_nobody_in(sign_in: SignIn, file: Path, broken: str | None):
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)
    for _ in range(2):
        with pytest.raises(RequestFailed):
            await sign_in.actor("Bearer radka")


@pytest.mark.parametrize(
    "content",
    ["[tokens", "", '[tokens]\nradka = { user = "x" }', f'[tokens]\n{"0" * 64} = {{ user = "me" }}',
     f'[tokens]\n{"0" * 64} = {{ user = "{VIT}", roles = ["node"] }}',
     f'[tokens]\n{"0" * 64} = {{ user = "{VIT}", roles = ["team_leader"] }}'],
)  # fmt: skip
def test_a_file_that_does_not_fit_stops_the_start(tmp_path: Path, content: str):
    file = tmp_path / "portal.token"
    file.write_text(content)
    with pytest.raises(SettingsMistake, match=r"portal\.token_file"):
        Tokens(file)


def test_a_missing_file_stops_the_start(tmp_path: Path):
    with pytest.raises(SettingsMistake, match="there is no such file"):
        Tokens(tmp_path / "portal.token")
