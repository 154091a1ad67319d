"""The same account with the Python library `eventsourcing`, on the same PostgreSQL: what people would use instead."""

import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class PeerAccount(Aggregate):
    """An account with an owner."""

    @event("Opened")
    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.total = 0

    @event("Paid")
    def pay(self, amount: int) -> None:
        self.total += amount


class PeerAccounts(Application[UUID]):
    """Loads, decides, saves; with its aggregate cache, as its documentation advises for speed."""

    def open(self) -> UUID:
        account = PeerAccount(owner="sealed")
        self.save(account)
        return account.id

    def pay(self, account_id: UUID, amount: int) -> None:
        account: Any = self.repository.get(account_id)
        account.pay(amount)
        self.save(account)


def environment(url: str, threads: int) -> dict[str, str]:
    """Its settings for a database address of ours."""
    parts = urlparse(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": unquote(host),
        "POSTGRES_PORT": str(parts.port or 5432),
        "POSTGRES_USER": unquote(parts.username or ""),
        "POSTGRES_PASSWORD": unquote(parts.password or ""),
        "POSTGRES_POOL_SIZE": str(threads + 2),
        "POSTGRES_MAX_OVERFLOW": "10",
        "AGGREGATE_CACHE_MAXSIZE": "4096",
        "POSTGRES_POOL_TIMEOUT": "30",
    }


def commands_per_second(url: str, seconds: float, threads: Sequence[int] = (1, 2, 4, 8)) -> tuple[float, int, int]:
    """(best rate, threads it took, commands done at it)."""
    best = (0.0, 0, 0)
    for count in threads:
        accounts = PeerAccounts(env=environment(url, count))
        done = [0] * count
        stop = threading.Event()
        owned = [[accounts.open() for _ in range(8)] for _ in range(count)]

        def work(
            number: int,
            mine: list[UUID],
            accounts: PeerAccounts = accounts,
            done: list[int] = done,
            stop: threading.Event = stop,
        ) -> None:
            while not stop.is_set():
                accounts.pay(mine[done[number] % len(mine)], 1)
                done[number] += 1

        workers = [threading.Thread(target=work, args=(number, owned[number])) for number in range(count)]
        started = time.perf_counter()
        for worker in workers:
            worker.start()
        try:
            time.sleep(seconds)
        finally:  # or an interrupted run would wait for them for ever
            stop.set()
            for worker in workers:
                worker.join()
        rate = sum(done) / (time.perf_counter() - started)
        accounts.close()
        best = max(best, (rate, count, sum(done)))
    return best


def fill(url: str, events: int, accounts: int = 100) -> None:
    """Payments for a projection to read; several are saved at once, for nobody measures this."""
    bank = PeerAccounts(env=environment(url, 1))
    for number in range(accounts):
        account = PeerAccount(owner="sealed")
        for _ in range(events // accounts - 1):
            account.pay(number + 1)
        bank.save(account)
    bank.close()
