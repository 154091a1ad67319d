"""What may be counted, and the answers. Periods include both ends.

Families and persons are two counters (rule K04). Figures of several organisations may be added up, but persons
may overlap between them (rule K13): the page says so.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from libs.codelists import AgreementRefusal, MunicipalityCode
from libs.eventlog import Line
from libs.messaging import Query, View


class MonthlyCounts(Query):
    """Contacts, interventions, approaches and families by month and municipality; the oldest month first."""

    first_day: date
    last_day: date
    municipality: MunicipalityCode | None = None
    limit: int = Field(default=500, ge=1, le=5000)


class MonthlyCount(View):
    """One month in one municipality; municipality None: online.

    approaches       never contacts by themselves (rule K03)
    unique_persons   known persons in a contact or intervention, linked records as one (rule K06); they do not add
                     up over rows, for one person may be met in two months
    families, family_persons   counted apart: what workers saw in monitored households
    """

    month: date
    municipality: str | None
    contacts: int
    interventions: int
    approaches: int
    unique_persons: int
    families: int
    family_persons: int


class LocalityCounts(Query):
    """The same for described places of work, which may be smaller or larger than a municipality."""

    first_day: date
    last_day: date
    limit: int = Field(default=500, ge=1, le=5000)


class LocalityCount(View):
    locality: Line
    contacts: int
    interventions: int
    approaches: int
    unique_persons: int


class PeriodCounts(Query):
    """One row for a whole period: what a report to a funder begins with."""

    first_day: date
    last_day: date


class PeriodCount(View):
    """As in `MonthlyCount`, over the whole period and all places."""

    contacts: int
    interventions: int
    approaches: int
    unique_persons: int
    families: int
    family_persons: int


class UniqueClients(Query):
    """Distinct persons with an agreement in force on some day of the period."""

    first_day: date
    last_day: date


class UniqueClientsView(View):
    """anonymous: contacts and interventions without a known person, stated apart (MPSV)."""

    clients: int
    anonymous: int


class Refusals(Query):
    """Refused agreements by the ground of § 91/3."""

    first_day: date
    last_day: date


class RefusalCount(View):
    reason: AgreementRefusal
    refusals: int


class ReferralCounts(Query):
    """Referrals sent in the period, by direction and by where they stand now."""

    first_day: date
    last_day: date
    direction: Literal["sent", "received"] | None = None


class ReferralCount(View):
    """stage: the common state, as both sides see it."""

    direction: Literal["sent", "received"]
    stage: str
    referrals: int


class Wandering(Query):
    """Putování mezi odborníky: what became of the referrals we sent in the period (C68)."""

    first_day: date
    last_day: date


class WanderingView(View):
    """bounced: declined, rerouted or expired. median_days: from sent to the first meeting; None: no meeting yet."""

    sent: int
    bounced: int
    declined: int
    rerouted: int
    expired: int
    started: int
    median_days: float | None
