"""Who may do what in `cases`. Pure, denies by default; the audit shows the rule names."""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.cases.agreement.commands import (
    AmendAgreement,
    ChangeKeyWorker,
    ConcludeAgreement,
    EndAgreement,
    LapseNegotiation,
    OpenNegotiation,
    RefuseAgreement,
)
from services.cases.agreement.events import AgreementEnd
from services.cases.agreement.views import Agreements, Caseload
from services.cases.conference.commands import (
    AnswerForPerson,
    AssignAction,
    CancelConference,
    ConveneConference,
    DraftMinutes,
    HoldConference,
    InvitedCommand,
    InvitePerson,
    IssueMinutes,
    MeasureCommand,
    NoteNoResponse,
    OpenComments,
    RescheduleConference,
    ReviewCommand,
)
from services.cases.conference.views import (
    ConferenceActionHistory,
    ConferenceActions,
    ConferenceMinutes,
    ConferenceParticipants,
    ConferencePeople,
    Conferences,
    OpenActions,
)
from services.cases.plan.commands import FinishStep, NoteReviewDue, PlanCommand
from services.cases.plan.views import PlanGoals, Plans, PlansDue, PlanSteps
from services.cases.referral.commands import (
    LIGHT_RECIPIENT,
    AcceptReferral,
    AcknowledgeReferral,
    AmendReferral,
    CancelReferral,
    CloseReferral,
    CompleteReferral,
    ConfirmWithdrawal,
    CorrectOutcome,
    DeclineReferral,
    DiscloseIdentity,
    EnterReferralInError,
    ExpireReferral,
    FailReferral,
    OpenReferral,
    PutReferralWaiting,
    RerouteReferral,
    ResumeReferral,
    SendReferral,
    StartReferral,
    WithdrawReferral,
)
from services.cases.referral.views import (
    ReferralDetail,
    Referrals,
    ReferralTasks,
    ReferralThread,
    WaitingReferrals,
)

CASEWORKERS = frozenset({Role.KEY_WORKER, Role.TEAM_LEADER, Role.OSPOD_WORKER, Role.MUNICIPAL_WORKER})
INTAKE = CASEWORKERS | {Role.COUNSELLOR, LIGHT_RECIPIENT}
READERS = CASEWORKERS | {Role.COUNSELLOR, Role.OUTREACH_WORKER}
KEY_WORKERS = frozenset({Role.KEY_WORKER, Role.TEAM_LEADER})
AT_THE_TABLE = CASEWORKERS | {Role.FACILITATOR, Role.RECORDER}


def may(actor: Actor, message: Command | Query) -> Verdict:
    """Whether this actor may ask this. What the matter itself forbids is the decider's to say."""
    match message:
        # referral, the sender's side
        case OpenReferral() | SendReferral() | AmendReferral() | CloseReferral():
            return allow_if(_any(actor, CASEWORKERS), rule="caseworker_refers")
        case WithdrawReferral():
            return allow_if(_any(actor, CASEWORKERS | {Role.NODE}), rule="caseworker_refers")
        case EnterReferralInError():
            return allow_if(Role.TEAM_LEADER in actor.roles, rule="team_leader_voids")
        # referral, the recipient's side
        case (
            AcceptReferral()
            | DeclineReferral()
            | RerouteReferral()
            | PutReferralWaiting()
            | ResumeReferral()
            | StartReferral()
            | CompleteReferral()
            | FailReferral()
            | CancelReferral()
            | ConfirmWithdrawal()
            | CorrectOutcome()
        ):
            return allow_if(_any(actor, INTAKE), rule="intake_answers")
        case AcknowledgeReferral():
            return allow_if(_any(actor, {Role.NODE, LIGHT_RECIPIENT}), rule="node_acts")
        case DiscloseIdentity() | ExpireReferral():
            return allow_if(Role.NODE in actor.roles, rule="node_acts")
        # referral, reading: never with the eyes of another organisation
        case ReferralDetail() | ReferralThread() if LIGHT_RECIPIENT in actor.roles:
            return allow_if(message.organisation == actor.user, rule="link_reads")
        case Referrals() | ReferralDetail() | ReferralThread() | WaitingReferrals() | ReferralTasks():
            own = message.organisation == actor.organisation
            return allow_if(own and _any(actor, READERS), rule="caseworker_reads")
        # agreement
        case OpenNegotiation() | LapseNegotiation():
            return allow_if(_any(actor, READERS), rule="worker_negotiates")
        case RefuseAgreement() | ChangeKeyWorker():
            return allow_if(Role.TEAM_LEADER in actor.roles, rule="team_leader_decides")
        case EndAgreement() if message.ending is AgreementEnd.PROVIDER_NOTICE:
            return allow_if(Role.TEAM_LEADER in actor.roles, rule="team_leader_decides")
        case ConcludeAgreement() | AmendAgreement() | EndAgreement():
            return allow_if(_any(actor, KEY_WORKERS), rule="key_worker_agrees")
        case Agreements() | Caseload():
            return allow_if(_any(actor, READERS), rule="caseworker_reads")
        # individual plan
        case NoteReviewDue():
            return allow_if(_any(actor, KEY_WORKERS | {Role.NODE}), rule="key_worker_plans")
        case FinishStep():
            return allow_if(_any(actor, READERS), rule="doer_reports")
        case _ if isinstance(message, PlanCommand):
            return allow_if(_any(actor, KEY_WORKERS), rule="key_worker_plans")
        case Plans() | PlansDue() | PlanGoals() | PlanSteps():
            return allow_if(_any(actor, READERS), rule="caseworker_reads")
        # case conference
        case (
            ConveneConference()
            | InvitePerson()
            | AnswerForPerson()
            | RescheduleConference()
            | CancelConference()
            | OpenComments()
            | IssueMinutes()
        ):
            return allow_if(_any(actor, CASEWORKERS), rule="organiser_steers")
        case _ if isinstance(message, ReviewCommand):
            return allow_if(_any(actor, CASEWORKERS), rule="organiser_steers")
        case HoldConference() | AssignAction() | DraftMinutes():
            return allow_if(_any(actor, AT_THE_TABLE), rule="table_records")
        case NoteNoResponse():
            return allow_if(Role.NODE in actor.roles, rule="node_acts")
        case _ if isinstance(message, InvitedCommand | MeasureCommand):
            return allow_if(_any(actor, READERS), rule="participant_answers")
        case OpenActions():
            own = message.organisation == actor.organisation
            return allow_if(own and _any(actor, READERS), rule="caseworker_reads")
        case ConferenceActionHistory():
            return allow_if(_any(actor, READERS), rule="caseworker_reads")
        case Conferences() | ConferenceParticipants() | ConferencePeople() | ConferenceActions() | ConferenceMinutes():
            named = message.for_user == actor.user and _any(actor, AT_THE_TABLE)
            return allow_if(named or _any(actor, READERS), rule="invited_reads")
        case _:
            return deny("unknown_message")


def _any(actor: Actor, roles: frozenset[str] | set[str]) -> bool:
    return not actor.roles.isdisjoint(roles)
