"""What the JSON API carries out, and what it refuses: with a code and a sentence, and nothing stored."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.eventlog import Actor, new_id
from libs.messaging.errors import LONGEST_REQUEST
from libs.testing.account.account import OpenAccount, PayAccount
from libs.testing.api import Api, ApiRefused
from services.portal.door import HEADERS
from tests.integration.portal.desk import OPEN, OWNER, PAY, PRISTAV, RADKA, VIT, Node, opened, pay

pytestmark = pytest.mark.asyncio(loop_scope="module")


# -- what is carried out


async def test_what_was_recorded_is_seen_at_once(radka: Api):
    account_id = await opened(radka)
    paid = await radka.command("accounts", "account", PayAccount, account_id=account_id, amount=7)
    assert (paid.stream, paid.version, paid.repeated) == (f"account-{account_id}", 2, False)
    rows = await radka.query("accounts", "accounts", limit=500)
    assert {"account_id": str(account_id), "owner": OWNER, "last_amount": 7} in rows


async def test_the_same_id_has_one_effect_and_one_answer(radka: Api):
    account_id, wish = await opened(radka), uuid4()
    when = datetime(2026, 2, 2, 8, tzinfo=UTC)
    answers = [
        await radka.command(
            "accounts", "account", PayAccount, id=wish, account_id=account_id, amount=7, occurred_at=when
        )
        for _ in range(2)
    ]
    assert [one.repeated for one in answers] == [False, True]
    assert answers[0].position == answers[1].position > 0


async def test_the_actor_of_an_event_is_whose_token_it_was(node: Node, radka: Api):
    account_id = await opened(radka)
    stored = await node.accounts.log.load(f"account-{account_id}")
    assert stored[0].actor == Actor(user=RADKA, organisation=PRISTAV, roles=frozenset({"team_leader"}))


async def test_a_forgotten_person_is_withheld(node: Node, radka: Api):
    account_id = await opened(radka)
    await node.accounts.keys.forget(account_id)
    rows = await radka.query("accounts", "accounts", limit=500)
    assert {"account_id": str(account_id), "owner": None, "last_amount": None} in rows


async def test_many_at_once_are_all_answered(radka: Api):
    account_id = await opened(radka)
    one = {"account_id": account_id, "amount": 1}
    answers = await asyncio.gather(*(radka.command("accounts", "account", PayAccount, **one) for _ in range(50)))
    assert sorted(answer.version for answer in answers) == list(range(2, 52))


# -- what is refused


async def test_a_rule_refuses(radka: Api):
    with pytest.raises(ApiRefused) as refused:
        await radka.command("accounts", "account", PayAccount, account_id=new_id(), amount=7)
    assert (refused.value.status, refused.value.problem.kind, refused.value.problem.code) == (
        409,
        "rejected",
        "not_open",
    )
    assert "Nothing was recorded." in refused.value.problem.sentence


async def test_a_stale_version_is_a_conflict(radka: Api):
    account_id = await opened(radka)
    seen = {"account_id": account_id, "amount": 1, "expected_version": 1}
    await radka.command("accounts", "account", PayAccount, **seen)
    with pytest.raises(ApiRefused) as refused:
        await radka.command("accounts", "account", PayAccount, **seen)
    assert (refused.value.status, refused.value.problem.code) == (409, "stale_version")


async def test_the_policy_of_the_service_decides(node: Node):
    async with node.api("simon") as simon:
        with pytest.raises(ApiRefused) as refused:
            await opened(simon)
        assert (refused.value.status, refused.value.problem.code) == (403, "teller_writes")
        assert isinstance(await simon.query("accounts", "accounts"), list)


@pytest.mark.parametrize("token", ["", "wrong", "stranger", "olga"])
async def test_whoever_is_unknown_is_not_let_in(node: Node, token: str):
    async with node.api(token) as api:
        with pytest.raises(ApiRefused) as refused:
            await api.query("accounts", "accounts")
    assert (refused.value.status, refused.value.problem.code) == (401, "sign_in")


async def test_the_token_is_looked_at_before_the_body(node: Node):
    async with httpx.AsyncClient(base_url=node.url, trust_env=False) as stranger:
        reply = await stranger.post(PAY, content=b"{")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("over", "field"),
    [({"amount": "hodně"}, "amount"), ({"amount": 0}, "amount"), ({"account_id": "žluť"}, "account_id"),
     ({"occurred_at": "2026-02-02T08:00:00"}, "occurred_at"), ({"occurred_at": None}, "occurred_at"),
     ({"expected_version": -1}, "expected_version"), ({"id": "7"}, "id"), ({"more": 1}, "more"),
     ({"actor": {"user": str(VIT), "organisation": str(PRISTAV)}}, "actor"),
     ({"correlation_id": str(VIT)}, "correlation_id"), ({"causation_id": str(VIT)}, "causation_id")],
)  # fmt: skip
async def test_what_does_not_fit_is_named(http: httpx.AsyncClient, over: dict[str, Any], field: str):
    reply = await http.post(PAY, json=pay(**over))
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
    assert [one["field"] for one in reply.json()["fields"]] == [field]
    assert not any(value in reply.text for value in ("hodně", "žluť", "ž", str(VIT)))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("POST", "/api/v1/accounts/account/fly-account", 404, "unknown"), ("POST", "/api/v1/nowhere/x", 404, "unknown"),
     ("GET", PAY, 405, "wrong_method"), ("GET", "/api/v1/accounts/accounts", 405, "wrong_method")],
)  # fmt: skip
async def test_an_address_that_is_none(http: httpx.AsyncClient, method: str, path: str, status: int, code: str):
    reply = await http.request(method, path)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS


async def test_ten_megabytes_are_refused(http: httpx.AsyncClient):
    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"x" * 65_536

    for body in (b"x" * 10_485_760, unannounced()):
        reply = await http.post(PAY, content=body)
        assert (reply.status_code, reply.json()["code"]) == (413, "too_long")
    assert (await http.get("/health/live")).status_code == 200


async def test_a_body_as_long_as_allowed_is_read(http: httpx.AsyncClient):
    reply = await http.post(OPEN, json=pay(owner="x" * (LONGEST_REQUEST - 1_000)))
    assert reply.status_code == 422
    assert "owner" in [one["field"] for one in reply.json()["fields"]]


async def test_nothing_personal_is_logged(radka: Api, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    await opened(radka)
    with pytest.raises(ApiRefused):
        await radka.command("accounts", "account", OpenAccount, account_id=new_id(), owner=OWNER * 20)
    assert caplog.records and not [one for one in caplog.records if OWNER in one.getMessage()]
    assert not logging.getLogger("uvicorn.access").propagate  # pytest listens to it all the same


# -- away
