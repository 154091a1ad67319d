"""Tasks that go on only when the scheduler says so: no event loop, no threads, no waiting."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@types.coroutine
def turn() -> Generator[None, None, None]:
    """A point where somebody else may go on, or the node may die."""
    yield


class Task:
    """A coroutine of one node. ended: told its answer or its error, unless it was killed."""

    def __init__(
        self,
        name: str,
        work: Coroutine[Any, Any, Any],
        ended: Callable[[Any, Exception | None], None] = lambda _answer, _error: None,
        killed: Callable[[], None] = lambda: None,
    ) -> None:
        self.name, self._work, self._ended, self._killed = name, work, ended, killed
        self._waits_for: asyncio.Future[Any] | None = None
        self.done = False

    @property
    def ready(self) -> bool:
        return self._waits_for is None or self._waits_for.done()

    def advance(self) -> None:
        """Up to the next point."""
        try:
            said = self._work.send(None)
        except StopIteration as end:
            self.done = True
            self._ended(end.value, None)
        except Exception as error:
            self.done = True
            self._ended(None, error)
        else:
            self._waits_for = said if isinstance(said, asyncio.Future) else None
            if self._waits_for is not None:
                setattr(self._waits_for, "_asyncio_future_blocking", False)  # noqa: B010 - as asyncio.Task does

    def kill(self) -> None:
        """The process is gone: nothing after this point happens."""
        self.done = True
        self._work.close()
        self._killed()


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The answer of a coroutine, with nobody else in between."""
    while True:
        try:
            work.send(None)
        except StopIteration as end:
            return end.value


class _Loop(asyncio.AbstractEventLoop):
    """As much of a loop as locks and pauses ask for. A pause ends when its task's turn comes."""

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        del delay, context
        callback(*args)
        return asyncio.Handle(callback, args, self)

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        del context
        callback(*args)
        return asyncio.Handle(callback, args, self)

    def get_debug(self) -> bool:
        return False


@contextmanager
def no_loop() -> Generator[None, None, None]:
    """While the simulation runs: locks wait for their holder, pauses for nothing."""
    asyncio._set_running_loop(_Loop())
    try:
        yield
    finally:
        asyncio._set_running_loop(None)
