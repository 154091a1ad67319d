"""The portal without servers: what it derives from the published language, and how it refuses."""

import json
import logging
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from pydantic import ValidationError

from libs.eventlog import Actor, Command, Frozen, kebab
from libs.messaging import Bus, Published, View
from libs.privacy import CLEAR, Personal
from libs.testing.account.account import PUBLISHED, OpenAccount, PayAccount
from services.identity.published import PUBLISHED as IDENTITY
from services.portal.api import make_api
from services.portal.door import HEADERS, Door
from services.portal.models import as_told_by, request_model, row_model
from services.portal.problems import misfit
from services.portal.sign_in import SignIn

NOW = "2026-02-02T08:00:00+01:00"
ACTOR = Actor(user=uuid4(), organisation=uuid4(), roles=frozenset({"teller"}))
CANARY = "Dendy Zlatohlávek"


class Everybody(SignIn):
    """Lets everybody in."""

    def __init__(self) -> None: ...

    async def actor(self, authorization: str | None) -> Actor:
        return ACTOR


class BrokenBus(Bus):
    """A bug, with a name in its message."""

    def __init__(self) -> None: ...

    async def ask(self, service: str, subject: str, body: bytes) -> Any:
        raise KeyError(CANARY)


def api(*published: Published) -> FastAPI:
    return make_api("test", published or (PUBLISHED, IDENTITY), BrokenBus(), BrokenBus(), Everybody())


def client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")


# -- the models


def test_a_client_cannot_say_who_acts():
    model = request_model(OpenAccount)
    assert not {"actor", "correlation_id", "causation_id"} & model.model_fields.keys()
    with pytest.raises(ValidationError):
        model.model_validate({"occurred_at": NOW, "account_id": uuid4(), "owner": "x", "actor": ACTOR.model_dump()})


@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"amount": 1_001}, {"amount": "much"}, {"account_id": 7}, {"more": 1}]
)
def test_limits_of_a_command_hold_for_its_request(wrong: dict[str, Any]):
    right: dict[str, Any] = {"occurred_at": NOW, "account_id": str(uuid4()), "amount": 5}
    model = request_model(PayAccount)
    model.model_validate(right)
    with pytest.raises(ValidationError):
        model.model_validate(right | wrong)


def test_a_request_becomes_the_command_of_its_actor():
    wish = request_model(OpenAccount).model_validate({"occurred_at": NOW, "account_id": uuid4(), "owner": CANARY})
    command = as_told_by(OpenAccount, wish, ACTOR)
    assert type(command) is OpenAccount
    assert command.actor == ACTOR
    assert command.owner == Personal(CANARY)
    assert OpenAccount.model_validate_json(command.model_dump_json(context=CLEAR)) == command


def test_an_id_is_made_where_the_client_sends_none():
    model = request_model(PayAccount)
    content = {"occurred_at": NOW, "account_id": uuid4(), "amount": 5}
    first, second = (as_told_by(PayAccount, model.model_validate(content), ACTOR) for _ in range(2))
    assert first.id != second.id
    own = uuid4()
    assert as_told_by(PayAccount, model.model_validate(content | {"id": own}), ACTOR).id == own


def test_a_row_may_withhold_what_is_personal():
    class Named(View):
        owner: Personal[str]

    assert row_model(Named).model_json_schema()["properties"]["owner"]["anyOf"][1] == {"type": "null"}


# -- the document


def test_the_document_is_valid_and_names_everything():
    document = api().openapi()
    OpenAPI.model_validate(document)
    expected = {"/health/live", "/health/ready"}
    for published in (PUBLISHED, IDENTITY):
        for aggregate, commands in published.commands.items():
            expected |= {f"/api/v1/{published.service}/{aggregate}/{kebab(one.__name__)}" for one in commands}
        expected |= {f"/api/v1/{published.service}/{name.replace('_', '-')}" for name in published.queries}
    assert document["paths"].keys() == expected
    operations = [way["post"]["operationId"] for way in document["paths"].values() if "post" in way]
    assert len(set(operations)) == len(operations) == len(expected) - 2


def test_every_reference_in_the_document_leads_somewhere():
    document = api().openapi()
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    used = {one["$ref"] for one in objects(document) if "$ref" in one}
    assert used and used <= schemas


def test_no_request_exposes_what_is_ours():
    document = api().openapi()
    for one in objects(document):
        assert not {"actor", "correlation_id", "causation_id"} & one.get("properties", {}).keys()
    assert "Actor" not in document["components"]["schemas"]


def test_every_route_but_health_wants_a_token():
    for path, way in api().openapi()["paths"].items():
        for operation in way.values():
            assert ("security" in operation) == path.startswith("/api/v1/")
            assert ("401" in operation["responses"]) == path.startswith("/api/v1/")


def test_two_services_may_use_one_name_for_two_things():
    class PayAccount(Command):
        """Another one."""

        wallet_id: UUID

    other = Published(service="wallets", commands={"wallet": (PayAccount,)})
    document = api(PUBLISHED, other).openapi()
    bodies = [
        document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for path in ("/api/v1/accounts/account/pay-account", "/api/v1/wallets/wallet/pay-account")
    ]
    found = [document["components"]["schemas"][body.rsplit("/", 1)[1]]["properties"] for body in bodies]
    assert "amount" in found[0] and "wallet_id" in found[1]


def objects(document: Any) -> list[dict[str, Any]]:
    """Every object in a JSON document."""
    if isinstance(document, list):
        return [found for one in document for found in objects(one)]
    if isinstance(document, dict):
        return [document, *(found for one in document.values() for found in objects(one))]
    return []


# -- refusals


def test_a_problem_names_the_field_and_never_the_value():
    class Item(Frozen):
        size: int

    class Wish(Frozen):
        who: UUID
        items: tuple[Item, ...]

    with pytest.raises(ValidationError) as caught:
        Wish.model_validate({"who": CANARY, "items": [{"size": CANARY}], CANARY: 1})
    problem = misfit(caught.value.errors())
    assert [one.field for one in problem.fields] == ["who", "items.0.size", "?"]
    assert not any(part in problem.model_dump_json() for part in (CANARY, "Z", "found"))


async def test_a_bug_is_a_fault_without_its_content(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with client(Door(api())) as http:
        path = "/api/v1/accounts/account/open-account"
        reply = await http.post(path, json={"occurred_at": NOW, "account_id": str(uuid4()), "owner": CANARY})
    assert reply.status_code == 500
    assert reply.json()["kind"] == "fault"
    assert "Traceback" not in reply.text
    assert CANARY not in reply.text + caplog.text
    assert "KeyError" in caplog.text or any(getattr(one, "error", "") == "KeyError" for one in caplog.records)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api", 200), ("GET", "/health/live", 200), ("GET", "/api/v1/openapi.json", 200), ("GET", "/api/x", 404),
     ("POST", "/api/v1/accounts/account/fly-account", 404), ("GET", "/api/v1/accounts/accounts", 405),
     ("DELETE", "/api/v1/accounts/account/open-account", 405), ("POST", "/api/v1/accounts/accounts/", 404),
     ("GET", "/api/docs", 404), ("OPTIONS", "/api/v1/accounts/accounts", 405)],
)  # fmt: skip
async def test_every_answer_is_json_with_the_headers(method: str, path: str, status: int):
    async with client(Door(api())) as http:
        reply = await http.request(method, path)
    assert reply.status_code == status
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert reply.headers["content-type"] == "application/json"
    if status >= 400:
        assert reply.json().keys() == {"kind", "code", "sentence", "fields"}
        assert "fly" not in reply.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", "application/json"), (b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"{}", "text/plain"),
     (b"[" * 200_000, "application/json"), (b'{"a":' * 100_000, "application/json"), (b"[]", "application/json"),
     (b"9" * 10_000, "application/json"), (b"null", "application/json"), (b'"x"', "application/json")],
)  # fmt: skip
async def test_what_is_no_object_is_told_so(body: bytes, kind: str):
    async with client(Door(api())) as http:
        reply = await http.post("/api/v1/accounts/accounts", content=body, headers={"Content-Type": kind})
    assert (reply.status_code, reply.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b'{"owner": "\\ud800"}', "invalid"), (b'{"\\ud800": 1}', "malformed"), (b'{"ow\\u0000": 1}', "invalid")],
)
async def test_half_a_character_is_refused_like_any_misfit(body: bytes, code: str):
    async with client(Door(api())) as http:
        path, json_type = "/api/v1/accounts/account/open-account", {"Content-Type": "application/json"}
        reply = await http.post(path, content=body, headers=json_type)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


async def test_a_declared_body_over_the_limit_is_not_read():
    async with client(Door(api(), longest=100)) as http:
        reply = await http.post("/api/v1/accounts/accounts", content=b"x" * 101)
        assert (reply.status_code, reply.json()["code"]) == (413, "too_long")
        fits = json.dumps({"limit": 5}).ljust(100).encode()
        reply = await http.post("/api/v1/accounts/accounts", content=fits, headers={"Content-Type": "application/json"})
        assert reply.status_code == 500  # it got through to the broken bus


async def test_an_undeclared_body_is_read_up_to_the_limit():
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1
            yield b"x" * 10

    async with client(Door(api(), longest=100)) as http:
        reply = await http.post("/api/v1/accounts/accounts", content=endless())
    assert (reply.status_code, reply.json()["code"]) == (413, "too_long")
    assert read <= 12
