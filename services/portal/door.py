"""The outermost layer: headers on every answer, no body over the limit, no bug with a stack trace."""

import asyncio
import logging
from types import TracebackType

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.messaging.errors import LONGEST_REQUEST
from services.portal.problems import FAULT, TOO_LONG, refusal
from services.portal.web.guard import HEADERS as PAGE_HEADERS

BODY_PATIENCE_S = 60.0
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
API = ("/api", "/health/")

log = logging.getLogger("spojka.portal")


class Door:
    """ASGI around the whole application."""

    def __init__(self, app: ASGIApp, longest: int = LONGEST_REQUEST) -> None:
        self._app, self._longest = app, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = False
        headers = HEADERS if scope["path"].startswith(API) else {**HEADERS, **PAGE_HEADERS}

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                found = MutableHeaders(scope=message)
                for name, value in headers.items():
                    found.setdefault(name, value)
            await send(message)

        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self._longest:
            await refusal(TOO_LONG)(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, self._at_most(receive), send_with_headers)
        except Exception as error:
            log.error("request failed", extra={"error": type(error).__name__}, exc_info=_bare(error))
            if not started:
                await refusal(FAULT)(scope, receive, send_with_headers)

    def _at_most(self, receive: Receive) -> Receive:
        """Reads the body up to the limit, and not for ever. After it only the caller's leaving can come, any time."""
        read, deadline, is_whole = 0, asyncio.get_running_loop().time() + BODY_PATIENCE_S, False

        async def receive_some() -> Message:
            nonlocal read, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            read += len(message.get("body", b""))
            if read > self._longest:
                raise HTTPException(413)
            is_whole = not message.get("more_body", False)
            return message

        return receive_some


def _bare(error: Exception) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    """The traceback under the error's kind alone: a message may hold content."""
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__
