"""What others may know of `reporting`."""

from libs.messaging import Published
from libs.projection import classes_of
from services.reporting.figures.views import (
    LocalityCount,
    LocalityCounts,
    MonthlyCount,
    MonthlyCounts,
    PeriodCount,
    PeriodCounts,
    ReferralCount,
    ReferralCounts,
    RefusalCount,
    Refusals,
    UniqueClients,
    UniqueClientsView,
    Wandering,
    WanderingView,
)
from services.reporting.project.commands import ProjectCommand
from services.reporting.project.events import ProjectEvent
from services.reporting.project.views import (
    ExcludedContacts,
    ExcludedContactView,
    ProjectCounts,
    ProjectCountsView,
    ProjectDetail,
    ProjectDetailView,
    ProjectFigures,
    ProjectFigureView,
    Projects,
    ProjectView,
)

PUBLISHED = Published(
    service="reporting",
    commands={"project": classes_of(ProjectCommand)},
    events={"project": classes_of(ProjectEvent)},
    queries={
        "projects": (Projects, ProjectView),
        "project_detail": (ProjectDetail, ProjectDetailView),
        "project_figures": (ProjectFigures, ProjectFigureView),
        "project_counts": (ProjectCounts, ProjectCountsView),
        "excluded_contacts": (ExcludedContacts, ExcludedContactView),
        "monthly_counts": (MonthlyCounts, MonthlyCount),
        "locality_counts": (LocalityCounts, LocalityCount),
        "period_counts": (PeriodCounts, PeriodCount),
        "unique_clients": (UniqueClients, UniqueClientsView),
        "refusals": (Refusals, RefusalCount),
        "referral_counts": (ReferralCounts, ReferralCount),
        "wandering": (Wandering, WanderingView),
    },
)
