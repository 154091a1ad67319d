"""A portal whose services, NATS or port are away; what its health says; and how it starts and stops."""

import asyncio
import socket
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from nats.aio.msg import Msg

from libs.codelists import Role
from libs.eventlog import new_id
from libs.messaging import Place, connect
from libs.service import Settings, SettingsMistake
from libs.testing.account.account import Accounts, OpenAccount
from libs.testing.api import Api, ApiRefused
from libs.testing.until import until
from services.portal.serve import serve_api
from tests.integration.portal.desk import AWAY, OWNER, SERVICES, Node, opened, settings_of, shared

if TYPE_CHECKING:
    from libs.testing.servers import NatsServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
            await until(lambda: len(node.accounts.requests.under_way) == 20)
            stopping = asyncio.create_task(portal.aclose())
            await until(lambda: is_refused(port))
            done, _ = await asyncio.wait((stopping, *answers), timeout=0.5)
            assert not done
        await stopping
    async with begun:
        assert len(await asyncio.gather(*answers)) == 20


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False
