"""The JSON API over a node at work: real PostgreSQL, real NATS, `identity` and the account service behind it."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from nats.aio.msg import Msg

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, new_id
from libs.messaging import Place, Published, Query, connect
from libs.messaging.errors import LONGEST_REQUEST
from libs.privacy import NodeKey
from libs.service import Running, Settings, SettingsMistake, running
from libs.service.settings import BusPlace, Keys, Organisation, Portal, Store
from libs.testing.account import account
from libs.testing.account.account import Accounts, OpenAccount, PayAccount
from libs.testing.api import Api, ApiRefused
from services.identity import app as identity
from services.identity.published import PUBLISHED as IDENTITY
from services.identity.user.commands import AddUser, DisableUser
from services.portal.door import HEADERS
from services.portal.serve import serve_api
from services.portal.sign_in import digest

if TYPE_CHECKING:
    from libs.testing.servers import NatsServer, PostgresServer, Servers

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
VIT, RADKA, SIMON, OLGA = (UUID(f"0198b000-0000-7000-8000-00000000000{number}") for number in (4, 1, 2, 3))
TOKENS = {"vit": VIT, "radka": RADKA, "simon": SIMON, "olga": OLGA, "stranger": uuid4()}
OWNER = "Dendy Zlatohlávek"
AWAY = Published(service="vaults", commands={"vault": (OpenAccount,)}, queries=account.PUBLISHED.queries)
SERVICES = (account.PUBLISHED, IDENTITY)


def may(actor: Actor, message: Command | Query) -> Verdict:
    """Team leaders are this bank's tellers."""
    return allow_if(isinstance(message, Accounts) or Role.TEAM_LEADER in actor.roles, "teller_writes")


@dataclass
class Node:
    settings: Settings
    accounts: Running
    url: str

    def api(self, token: str) -> Api:
        return Api(self.url, token)


def settings_of(folder: Path, store_url: str, bus_url: str) -> Settings:
    """A node's settings and files in a folder."""
    keys = folder / "keys"
    keys.mkdir()
    NodeKey.create(keys / "node.key")
    lines = [f'{digest(token)} = {{ user = "{user}" }}' for token, user in TOKENS.items()]
    lines.append(f'{digest("setup")} = {{ user = "{uuid4()}", roles = ["node_administrator"] }}')
    (folder / "portal.token").write_text("[tokens]\n" + "\n".join(lines))
    return Settings(
        organisation=Organisation(id=PRISTAV, code="pristav", name="Přístav", kind="ngo_service"),
        store=Store(url=store_url),
        bus=BusPlace(url=bus_url),
        keys=Keys(folder=keys),
        portal=Portal(port=0, token_file=Path("portal.token")),
        folder=folder,
    )


def shared(database: str) -> str:
    """A store in which every name means the same database."""
    return f"{database}{'&' if '?' in database else '?'}application_name={{database}}"


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    prefix = f"test_{uuid4().hex[:8]}"
    urls = [postgres.create_database(f"{prefix}_{name}") for name in ("accounts", "identity", "portal")]
    template = urls[0].replace(f"{prefix}_accounts", f"{prefix}_{{database}}")
    with servers.nats() as bus:
        yield settings_of(tmp_path_factory.mktemp("node"), template, bus.url)
    for name in ("accounts", "identity", "portal"):
        postgres.drop_database(f"{prefix}_{name}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def node(settings: Settings) -> AsyncIterator[Node]:
    """Two services and a portal. Radka leads a team, Šimon does not, Olga left."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(identity.build(settings)))
        accounts = await stack.enter_async_context(running(replace(account.build(settings), policy=may)))
        port = await stack.enter_async_context(serve_api(settings, SERVICES))
        node = Node(settings, accounts, f"http://127.0.0.1:{port}")
        async with node.api("setup") as api:
            for user, roles in ((RADKA, [Role.TEAM_LEADER]), (SIMON, [Role.OUTREACH_WORKER]), (OLGA, [])):
                await api.command("identity", "user", AddUser, user_id=user, name="Radka Mlejnská", roles=roles)
            await api.command("identity", "user", DisableUser, user_id=OLGA)
        yield node


@pytest_asyncio.fixture(loop_scope="module")
async def radka(node: Node) -> AsyncIterator[Api]:
    async with node.api("radka") as api:
        yield api


@pytest_asyncio.fixture(loop_scope="module")
async def http(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    """Radka's token, and whatever else a test sends."""
    headers = {"Authorization": "Bearer radka"}
    async with httpx.AsyncClient(base_url=node.url, headers=headers, trust_env=False) as client:
        yield client


async def opened(api: Api) -> UUID:
    account_id = new_id()
    await api.command("accounts", "account", OpenAccount, account_id=account_id, owner=OWNER)
    return account_id


def pay(**over: Any) -> dict[str, Any]:
    return {"account_id": str(new_id()), "amount": 5, "occurred_at": "2026-02-02T08:00:00+01:00", **over}


PAY = "/api/v1/accounts/account/pay-account"
OPEN = "/api/v1/accounts/account/open-account"


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


async def test_a_service_that_is_away_is_said_soon(settings: Settings, node: Node):
    async with serve_api(settings, (*SERVICES, AWAY)) as port, Api(f"http://127.0.0.1:{port}", "radka") as api:
        began = time.monotonic()
        with pytest.raises(ApiRefused) as refused:
            await api.command("vaults", "vault", OpenAccount, account_id=new_id(), owner=OWNER)
        with pytest.raises(ApiRefused):
            await api.query("vaults", "accounts")
        assert time.monotonic() - began < 2
        assert (refused.value.status, refused.value.problem.kind) == (503, "unavailable")
        assert [reason.split()[0] for reason in await api.not_ready()] == ["vaults"]


async def test_without_nats_everything_is_unavailable_and_comes_back(
    nats_server: "NatsServer", database: str, tmp_path: Path
):
    settings = settings_of(tmp_path, shared(database), nats_server.url)
    async with serve_api(settings, (AWAY,)) as port, Api(f"http://127.0.0.1:{port}", "setup") as setup:
        nats_server.kill()
        for token in ("setup", "radka"):
            began = time.monotonic()
            async with Api(f"http://127.0.0.1:{port}", token) as api:
                with pytest.raises(ApiRefused) as refused:
                    await api.query("vaults", "accounts")
            assert (refused.value.status, refused.value.problem.kind) == (503, "unavailable")
            assert time.monotonic() - began < 5
        assert len(await setup.not_ready()) == 1
        nats_server.start()


# -- on the way


async def test_the_trace_of_a_request_goes_on_and_nothing_else_of_it(
    nats_server: "NatsServer", database: str, tmp_path: Path
):
    settings = settings_of(tmp_path, shared(database), nats_server.url)
    came: list[Msg] = []

    async def answer(message: Msg) -> None:
        came.append(message)
        await message.respond(b'{"ok": []}')

    nc = await connect(Place(url=nats_server.url))
    await nc.subscribe("query.vaults.accounts", cb=answer)
    await nc.flush()
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {
        "traceparent": f"00-{trace}-00f067aa0ba902b7-01",
        "baggage": "who=Dendy",
        "Authorization": "Bearer setup",
    }
    async with (
        serve_api(settings, (AWAY,)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client,
    ):
        reply = await client.post("/api/v1/vaults/accounts", json={"limit": 7})
    assert (reply.status_code, reply.json()) == (200, [])
    [message] = came
    assert (message.headers or {}).keys() == {"traceparent"}
    assert trace in (message.headers or {})["traceparent"]
    asked = Accounts.model_validate_json(message.data)
    assert (asked.limit, asked.actor.roles) == (7, {Role.NODE_ADMINISTRATOR})
    await nc.close()


async def test_an_answer_does_not_wait_for_an_acknowledgement(http: httpx.AsyncClient):
    """Every answer on a kept connection took 44 ms.

    asyncio sets TCP_NODELAY only on sockets that name their protocol, and `socket.create_server` names none: head
    and body were two packets, and the second waited for the client's delayed ACK.
    """
    taken: list[float] = []
    for _ in range(30):
        began = time.perf_counter()
        await http.get("/health/live")
        taken.append(time.perf_counter() - began)
    assert sorted(taken)[15] < 0.03


# -- health and start


async def test_a_node_that_is_well_says_so(http: httpx.AsyncClient):
    assert (await http.get("/health/live")).json() == {"live": True}
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": [], "notes": []})
    assert (await http.get("/api")).json()["api"] == "/api/v1/openapi.json"


async def test_a_stopped_follower_makes_a_node_not_ready(node: Node, http: httpx.AsyncClient):
    await node.accounts.pool.execute(
        "insert into checkpoint (follower, source, position, status, error)"
        " values ('x_1', 'identity', 0, 'error', 'KeyError')"
    )
    node.accounts.watched.append("x_1")
    try:
        ready = await http.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["reasons"][0].startswith("accounts: x_1 has stopped (KeyError).")
    finally:
        node.accounts.watched.remove("x_1")
        await node.accounts.pool.execute("delete from checkpoint where follower = 'x_1'")


async def test_a_taken_port_stops_the_start(settings: Settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert settings.portal is not None
        portal = settings.portal.model_copy(update={"port": taken.getsockname()[1]})
        with pytest.raises(SettingsMistake, match=r"portal\.port"):
            async with serve_api(settings.model_copy(update={"portal": portal}), SERVICES):
                pass


async def test_an_unknown_host_or_no_portal_stops_the_start(settings: Settings):
    assert settings.portal is not None
    portal = settings.portal.model_copy(update={"host": "portal.invalid"})
    for wrong, what in ((portal, r"portal\.host"), (None, r"\[portal\]")):
        with pytest.raises(SettingsMistake, match=what):
            async with serve_api(settings.model_copy(update={"portal": wrong}), SERVICES):
                pass


async def test_what_has_begun_is_finished_at_the_stop(settings: Settings, node: Node):
    """All twenty wait for the log, which somebody holds until the portal takes nobody in any more."""
    async with AsyncExitStack() as portal, node.accounts.pool.acquire() as holder:
        port = await portal.enter_async_context(serve_api(settings, SERVICES))
        begun = Api(f"http://127.0.0.1:{port}", "radka")
        async with holder.transaction():
            await holder.execute("select from log for update")
            answers = [asyncio.create_task(opened(begun)) for _ in range(20)]
            await met(lambda: len(node.accounts.requests.under_way) == 20)
            stopping = asyncio.create_task(portal.aclose())
            await met(lambda: is_refused(port))
            done, _ = await asyncio.wait((stopping, *answers), timeout=0.5)
            assert not done
        await stopping
    async with begun:
        assert len(await asyncio.gather(*answers)) == 20


async def met(is_so: Callable[[], bool], patience_s: float = 10) -> None:
    async with asyncio.timeout(patience_s):
        while not is_so():
            await asyncio.sleep(0.01)


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False
