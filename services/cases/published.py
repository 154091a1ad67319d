"""The published language of `cases`: what others may know of it."""

from libs.messaging import Published
from libs.projection import classes_of
from services.cases.agreement.commands import AgreementCommand
from services.cases.agreement.events import AgreementEvent
from services.cases.agreement.views import Agreements, AgreementView, Caseload, CaseloadView
from services.cases.conference.commands import ConferenceCommand
from services.cases.conference.events import ConferenceEvent
from services.cases.conference.views import (
    ConferenceActionHistory,
    ConferenceActions,
    ConferenceActionTurn,
    ConferenceActionView,
    ConferenceMinutes,
    ConferenceMinutesView,
    ConferenceParticipants,
    ConferenceParticipantView,
    ConferencePeople,
    ConferencePersonView,
    Conferences,
    ConferenceView,
    OpenActions,
)
from services.cases.plan.commands import PlanCommand
from services.cases.plan.events import PlanEvent
from services.cases.plan.views import (
    PlanDue,
    PlanGoals,
    PlanGoalView,
    Plans,
    PlansDue,
    PlanSteps,
    PlanStepView,
    PlanView,
)
from services.cases.referral.commands import ReferralCommand
from services.cases.referral.events import ReferralEvent
from services.cases.referral.views import (
    ReferralDetail,
    ReferralInDetail,
    ReferralInList,
    Referrals,
    ReferralTask,
    ReferralTasks,
    ReferralThread,
    ReferralTurn,
    WaitingReferral,
    WaitingReferrals,
)

PUBLISHED = Published(
    service="cases",
    commands={
        "agreement": classes_of(AgreementCommand),
        "conference": classes_of(ConferenceCommand),
        "plan": classes_of(PlanCommand),
        "referral": classes_of(ReferralCommand),
    },
    events={
        "agreement": classes_of(AgreementEvent),
        "conference": classes_of(ConferenceEvent),
        "plan": classes_of(PlanEvent),
        "referral": classes_of(ReferralEvent),
    },
    queries={
        "agreements": (Agreements, AgreementView),
        "caseload": (Caseload, CaseloadView),
        "plans_due": (PlansDue, PlanDue),
        "plans": (Plans, PlanView),
        "plan_goals": (PlanGoals, PlanGoalView),
        "plan_steps": (PlanSteps, PlanStepView),
        "conferences": (Conferences, ConferenceView),
        "conference_participants": (ConferenceParticipants, ConferenceParticipantView),
        "conference_people": (ConferencePeople, ConferencePersonView),
        "conference_actions": (ConferenceActions, ConferenceActionView),
        "conference_action_history": (ConferenceActionHistory, ConferenceActionTurn),
        "conference_minutes": (ConferenceMinutes, ConferenceMinutesView),
        "open_actions": (OpenActions, ConferenceActionView),
        "referrals": (Referrals, ReferralInList),
        "referral_detail": (ReferralDetail, ReferralInDetail),
        "referral_thread": (ReferralThread, ReferralTurn),
        "waiting_referrals": (WaitingReferrals, WaitingReferral),
        "referral_tasks": (ReferralTasks, ReferralTask),
    },
)
