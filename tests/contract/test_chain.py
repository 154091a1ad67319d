"""The bytes under the hash never change: a log written today must verify in ten years."""

from datetime import UTC, datetime
from uuid import UUID

from libs.eventlog.stored import Stored

ONE = UUID("0198c0de-0000-7000-8000-000000000001")


def test_the_hash_of_a_known_event_is_known() -> None:
    stored = Stored(
        position=7,
        event_id=ONE,
        stream=f"account-{ONE}",
        version=2,
        type="account-paid",
        schema_version=1,
        command_id=ONE,
        correlation_id=None,
        causation_id=ONE,
        actor='{"organisation":"o","roles":["teller"],"team":null,"user":"u"}',
        audience=("a", "b"),
        occurred_at=datetime(2026, 2, 10, 12, 45, tzinfo=UTC),
        recorded_at=datetime(2026, 2, 10, 12, 46, 1, 250_000, tzinfo=UTC),
        trace="not part of it",
        data='{"amount": 5, "account_id": "x", "text": "žluťoučký"}',
    )
    assert stored.chained(b"before").hex() == "9f1bd7a98fba27362487fab33d894c76d5cc86f4b96b862fb901a3006f426924"
