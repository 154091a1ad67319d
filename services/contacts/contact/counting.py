"""How a dealing counts: contact, intervention, or neither (rule K01). Pure.

Thresholds belong to a region and a year, because a region may set its own for the services it pays. None
of those published so far differs from the defaults of the register of social services. Approaches and
attendance at events never enter here (K03).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from libs.codelists import CountedAs, region_of

PRAGUE = ZoneInfo("Europe/Prague")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """From how many minutes on a dealing is a contact, and from how many an intervention."""

    contact_from: int = 10
    intervention_from: int = 30

    def counted_as(self, minutes: int) -> CountedAs:
        if minutes >= self.intervention_from:
            return CountedAs.INTERVENTION
        return CountedAs.CONTACT if minutes >= self.contact_from else CountedAs.NEITHER


DEFAULT = RuleSet()
RULES: dict[tuple[str, int], RuleSet] = {}
"""(RÚIAN code of the region, year) → thresholds that differ from the defaults."""


def counted_as(minutes: int, municipality: str | None, started_at: datetime) -> CountedAs:
    """The class of one dealing, by the rules of where and when it was; online and abroad by the defaults."""
    region = region_of(municipality) if municipality else None
    year = started_at.astimezone(PRAGUE).year
    rules = RULES.get((region.code, year), DEFAULT) if region else DEFAULT
    return rules.counted_as(minutes)
