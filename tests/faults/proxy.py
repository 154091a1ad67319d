"""A bad line: a TCP proxy that delays, narrows, and cuts in the middle of a frame."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 512


class Proxy:
    """`async with Proxy(hub.url) as proxy:` Connect to `proxy.url`; what it does may be changed while it runs.

    delay_s       each piece is late by this
    bytes_per_s   of each connection and direction; 0: as fast as it goes
    """

    def __init__(self, target: str) -> None:
        host, port = target.removeprefix("nats://").rsplit(":", 1)
        self._target = (host, int(port))
        self.delay_s, self.bytes_per_s = 0.0, 0
        self.connections = 0
        self._left: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"nats://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_after(self, count: int) -> None:
        """Every connection ends when so many more bytes have gone to the hub: in the middle of a letter."""
        self._left = count

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        with suppress(OSError, asyncio.CancelledError):
            hub_reader, hub_writer = await asyncio.open_connection(*self._target)
            ways = [
                asyncio.ensure_future(self._pass(reader, hub_writer, counted=True)),
                asyncio.ensure_future(self._pass(hub_reader, writer, counted=False)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                hub_writer.close()
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK if self.bytes_per_s else 65_536):
                if self.delay_s or self.bytes_per_s:
                    await asyncio.sleep(self.delay_s + (len(data) / self.bytes_per_s if self.bytes_per_s else 0))
                if counted and self._left is not None:
                    if len(data) >= self._left:
                        writer.write(data[: self._left])
                        await writer.drain()
                        self._left = None
                        return
                    self._left -= len(data)
                writer.write(data)
                await writer.drain()
