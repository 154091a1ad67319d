"""Periods as people ask for them."""

from datetime import date

from services.portal.web.period import months_of, period_of, ready_made

TODAY = date(2026, 2, 10)


def test_this_year_if_nothing_is_asked():
    assert period_of("", "", TODAY) == ready_made(TODAY)["year"]


def test_the_quarter_before_may_lie_in_the_year_before():
    before = ready_made(TODAY)["last_quarter"]
    assert (before.first, before.last) == (date(2025, 10, 1), date(2025, 12, 31))


def test_a_ready_made_period_is_known_by_its_days():
    assert period_of("2025-01-01", "2025-12-31", TODAY).key == "last_year"
    assert period_of("2025-01-01", "2025-06-30", TODAY).key == "own"


def test_what_is_no_period_is_said_and_this_year_shown():
    for first, last in (
        ("2026-02-30", "2026-03-01"),
        ("2026-03-01", "2026-02-01"),
        ("", "2026-02-01"),
        ("1990-01-01", "2026-01-01"),
    ):
        found = period_of(first, last, TODAY)
        assert found.is_mistaken
        assert (found.first, found.last) == (date(2026, 1, 1), TODAY)


def test_every_month_a_period_touches():
    period = period_of("2025-11-15", "2026-02-01", TODAY)
    assert months_of(period) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
