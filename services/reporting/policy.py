"""Who may do what in `reporting`. Pure, denied unless a line here allows it."""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.reporting.figures.views import (
    LocalityCounts,
    MonthlyCounts,
    PeriodCounts,
    ReferralCounts,
    Refusals,
    UniqueClients,
    Wandering,
)
from services.reporting.project.commands import (
    AddTargetGroup,
    ApplyForProject,
    ApproveProject,
    CloseControlPeriod,
    EndProject,
    EndProjectEarly,
    RecordActual,
    RecordBaseline,
    RejectProject,
    SetTarget,
    SettleProject,
    StartProject,
    SubmitFinalReport,
)
from services.reporting.project.views import (
    ExcludedContacts,
    ProjectCounts,
    ProjectDetail,
    ProjectFigures,
    Projects,
)

COUNTS = frozenset(
    {
        Role.OUTREACH_WORKER,
        Role.KEY_WORKER,
        Role.TEAM_LEADER,
        Role.OSPOD_WORKER,
        Role.MUNICIPAL_WORKER,
        Role.COUNSELLOR,
        Role.PROJECT_MANAGER,
        Role.DPO,
    }
)
"""Those who do the counted work, or answer for it. Small cells are shown inside the organisation (rule K09)."""


def may(actor: Actor, message: Command | Query) -> Verdict:
    """The verdict and the rule that gave it."""
    manager = Role.PROJECT_MANAGER in actor.roles
    leader = Role.TEAM_LEADER in actor.roles
    match message:
        case (
            ApplyForProject()
            | ApproveProject()
            | RejectProject()
            | StartProject()
            | EndProject()
            | EndProjectEarly()
            | SubmitFinalReport()
            | SettleProject()
            | CloseControlPeriod()
            | AddTargetGroup()
            | SetTarget()
            | RecordBaseline()
            | RecordActual()
        ):
            return allow_if(manager, "manager_keeps_projects")
        case Projects() | ProjectDetail() | ProjectFigures() | ProjectCounts() | ExcludedContacts():
            return allow_if(manager or leader, "manager_and_leader_read_projects")
        case (
            MonthlyCounts()
            | LocalityCounts()
            | PeriodCounts()
            | UniqueClients()
            | Refusals()
            | ReferralCounts()
            | Wandering()
        ):
            return allow_if(bool(COUNTS & actor.roles), "workers_see_what_they_count")
        case _:
            return deny("nobody_may")
