"""Passwords: argon2id, in a thread, two at a time. Checking one that does not exist takes the same work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from services.identity.sign_in.rules import password_text

T = TypeVar("T")
AT_ONCE = 2
"""46 MiB and about 120 ms each."""


class Passwords:
    """Of one process. Hashes are of whoever has a password; `None` stands for everybody else."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1, type=Type.ID)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        return await self._in_thread(self._hasher.hash, password_text(password))

    async def is_right(self, known: str | None, password: str) -> bool:
        """The same work whether there is a hash or not."""
        checked = await self._in_thread(self._verify, known or self._nobodys, password_text(password))
        return checked and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(known)

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[..., T], *arguments: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
