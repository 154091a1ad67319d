"""Days as people here count them: a deadline ends at midnight in Prague, whatever the server's clock says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")


def day_of(moment: datetime) -> date:
    """The calendar day in Prague on which this moment falls."""
    return moment.astimezone(PRAGUE).date()
