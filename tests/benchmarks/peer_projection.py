"""A read model with the library `eventsourcing`: its projection runner, and a view that upserts one row per account."""

import time
from typing import Any
from uuid import UUID

from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from tests.benchmarks.peer import PeerAccount, PeerAccounts, environment

PATIENCE_S = 600.0
TABLE = "create table if not exists peer_account_list (account_id uuid primary key, owner text, last_amount int)"
UPSERT = (
    "insert into peer_account_list as kept (account_id, owner, last_amount) values (%s, %s, %s)"
    " on conflict (account_id) do update set owner = coalesce(excluded.owner, kept.owner),"
    " last_amount = coalesce(excluded.last_amount, kept.last_amount)"
)


class AccountsView(PostgresTrackingRecorder):
    """The table, moved in one transaction with the position it shows."""

    def __init__(self, datastore: PostgresDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.sql_create_statements.append(SQL(TABLE).format())

    def upsert(self, account_id: UUID, owner: str | None, amount: int | None, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(UPSERT, (account_id, owner, amount), prepare=True)


class AccountsProjection(Projection[AccountsView]):
    """What an event says about a row."""

    name = "accounts"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        raise LookupError(type(domain_event).__name__)

    @process_event.register
    def _opened(self, domain_event: PeerAccount.Opened, tracking: Tracking) -> None:  # pyright: ignore
        self.view.upsert(domain_event.originator_id, domain_event.owner, None, tracking)

    @process_event.register
    def _paid(self, domain_event: PeerAccount.Paid, tracking: Tracking) -> None:  # pyright: ignore
        self.view.upsert(domain_event.originator_id, None, domain_event.amount, tracking)


def events_per_second(url: str, events: int) -> float:
    """From the runner's start until its view has seen so many."""
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=PeerAccounts,
        projection_class=AccountsProjection,
        view_class=AccountsView,
        env=environment(url, 4),
    ) as runner:
        runner.wait(events, timeout=PATIENCE_S)
        return events / (time.perf_counter() - started)
