"""The period of a report: first and last day, both counted."""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 3660
"""Days; ten years."""


@dataclass(frozen=True)
class Period:
    """key: of the ready-made one it is, or `own`. is_mistaken: what was asked for is no period."""

    first: date
    last: date
    key: str
    is_mistaken: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def ready_made(today: date) -> dict[str, Period]:
    """Those people ask for most, by key."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last_of_before = quarter - timedelta(days=1)
    before = date(last_of_before.year, (last_of_before.month - 1) // 3 * 3 + 1, 1)
    return {
        "year": Period(date(today.year, 1, 1), today, "year"),
        "quarter": Period(quarter, today, "quarter"),
        "last_quarter": Period(before, last_of_before, "last_quarter"),
        "last_year": Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), "last_year"),
    }


def period_of(first: str, last: str, today: date) -> Period:
    """As asked for in a form; this year if nothing is."""
    usual = ready_made(today)
    if not first and not last:
        return usual["year"]
    try:
        own = Period(date.fromisoformat(first), date.fromisoformat(last), "own")
    except ValueError:
        own = None
    if own is None or not 0 < own.days <= LONGEST:
        return Period(usual["year"].first, today, "own", is_mistaken=True)
    return next((one for one in usual.values() if (one.first, one.last) == (own.first, own.last)), own)


def months_of(period: Period) -> list[date]:
    """The first day of every month the period touches."""
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month
    start = period.first.year * 12 + period.first.month - 1
    return [date((start + one) // 12, (start + one) % 12 + 1, 1) for one in range(months + 1)]
