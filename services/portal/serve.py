"""The portal at work: its socket, its connection to NATS, its HTTP server; up and down in order."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from nats.aio.client import Client
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.messaging import Bus, Place, Published, connect
from libs.service import Settings, SettingsMistake
from services.portal.api import make_api
from services.portal.door import API, Door
from services.portal.health import PATIENCE_S
from services.portal.sign_in import SignIn, Tokens
from services.portal.web.live import live_of
from services.portal.web.start import pages_of

USER = "portal"
STOP_TIMEOUT_S = 10
NO_PORTAL = """There is no [portal] in the node's settings. For example:
    [portal]
    port = 8080
    token_file = "portal.token\""""


@asynccontextmanager
async def serve_api(settings: Settings, published: Sequence[Published]) -> AsyncGenerator[int]:
    """The API of a node, up: yields the port. Raises SettingsMistake if it cannot be."""
    if settings.portal is None:
        raise SettingsMistake(NO_PORTAL)
    async with AsyncExitStack() as stack:
        tokens = Tokens(settings.path(settings.portal.token_file))
        listener = _bind(settings.portal.host, settings.portal.port)
        stack.callback(listener.close)
        nc = await connect(_place(settings))
        stack.push_async_callback(_close, nc)
        bus = Bus(nc)
        sign_in = SignIn(tokens, bus, settings.organisation.id)
        pages = await stack.enter_async_context(pages_of(settings, published, bus))
        api = make_api(settings.organisation.name, published, bus, Bus(nc, PATIENCE_S), sign_in)
        await stack.enter_async_context(_listening(Door(beside(api, packed(pages))), listener))
        stack.callback(live_of(pages).end)
        yield listener.getsockname()[1]


def beside(api: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """The API under its own addresses, pages under all others."""

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        await (api if scope["path"].startswith(API) else pages)(scope, receive, send)

    return both


def packed(pages: ASGIApp) -> ASGIApp:
    """Pages as they travel: a list of fifty people is a tenth. Sizes betray no secret of ours, for none is in a page:
    a post is known by where it comes from, not by a token (BREACH, CVE-2013-3587)."""
    return GZipMiddleware(pages, minimum_size=1000, compresslevel=5)


class _Server(uvicorn.Server):
    """Signals are our caller's."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def _listening(app: Door, listener: socket.socket) -> AsyncGenerator[None]:
    """Answers on the socket; at the end what has begun is finished. Who calls while it starts, waits in the socket."""
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_TIMEOUT_S,
        )
    )
    task = asyncio.create_task(server.serve([listener]), name="portal")
    try:
        yield
    finally:
        server.should_exit = True
        await task


def _place(settings: Settings) -> Place:
    user = USER if settings.bus.users else ""
    return Place(url=settings.bus.url, user=user, password=settings.password(USER), name=USER)


async def _close(nc: Client) -> None:
    with suppress(OSError):  # NATS may have left before us
        await nc.close()


def _listen(family: int, kind: int, protocol: int, address: Any) -> socket.socket:
    """With its protocol named: only then asyncio sets TCP_NODELAY, and an answer does not wait 40 ms for an ACK."""
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _bind(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return _listen(*found[0][:3], found[0][4])
    except socket.gaierror:
        raise SettingsMistake(
            f'portal.host: this machine does not know {host}. Nothing was started. For example: host = "127.0.0.1"'
        ) from None
    except OSError as error:
        raise SettingsMistake(
            f"portal.port: {host}:{port} cannot be used ({(error.strerror or 'no reason given').lower()}). "
            "Nothing was started. Stop what answers there, or choose another port, e.g. port = 8081; "
            "with port = 0 the system picks a free one."
        ) from None
