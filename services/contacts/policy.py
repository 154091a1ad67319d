"""Who may do what in `contacts`. Pure, denies by default; the audit shows the rule names.

Reading is bounded by team here, because a query does not load what it asks for: a worker must ask for the
own team, and the query then gives nothing else. What a record itself forbids is the decider's to say.
"""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.contacts.contact.commands import (
    CorrectContact,
    LinkContact,
    RecordContact,
    ResolveConflict,
    UnlinkContact,
    VoidContact,
)
from services.contacts.contact.views import ContactCounts, ContactDetail, Contacts
from services.contacts.handover.commands import (
    AcceptHandover,
    DeclineHandover,
    ProposeHandover,
    WithdrawHandover,
)
from services.contacts.handover.views import Handovers
from services.contacts.household.commands import AddMember, MonitorFamily, RemoveMember
from services.contacts.household.views import HouseholdMembers, Households
from services.contacts.person.commands import (
    CloseCase,
    DescribePerson,
    DropContact,
    DropDuplicate,
    ExpressInterest,
    ForgetPerson,
    GiveIdentity,
    GiveNickname,
    HoldPerson,
    LiftHold,
    LinkPersons,
    LoseInterest,
    NoteAgreement,
    NoteContact,
    NoteDuplicate,
    NotePlan,
    NotePlanClosed,
    ReopenCase,
    TakeOverPerson,
    UnlinkPersons,
    WithdrawIdentity,
)
from services.contacts.person.views import (
    PersonContacts,
    PersonCounts,
    PersonDetail,
    PersonNames,
    Persons,
    PersonTimeline,
)

WORKERS = frozenset(
    {
        Role.OUTREACH_WORKER,
        Role.KEY_WORKER,
        Role.TEAM_LEADER,
        Role.MUNICIPAL_WORKER,
        Role.OSPOD_WORKER,
        Role.COUNSELLOR,
    }
)
CASE_CLOSERS = WORKERS - {Role.OUTREACH_WORKER}


def may(actor: Actor, message: Command | Query) -> Verdict:
    """Whether this actor may ask this."""
    match message:
        case RecordContact() | CorrectContact() | ResolveConflict() | VoidContact() | LinkContact() | UnlinkContact():
            return allow_if(_any(actor, WORKERS), rule="worker_records_contacts")
        case (
            GiveNickname() | DescribePerson() | ExpressInterest() | LoseInterest() | GiveIdentity() | WithdrawIdentity()
        ):
            return allow_if(_any(actor, WORKERS), rule="worker_keeps_records")
        case CloseCase():
            return allow_if(_any(actor, CASE_CLOSERS), rule="key_worker_closes")
        case ReopenCase() | LinkPersons() | UnlinkPersons():
            return allow_if(Role.TEAM_LEADER in actor.roles, rule="team_leader_decides")
        case HoldPerson() | LiftHold() | ForgetPerson():
            return allow_if(Role.DPO in actor.roles, rule="dpo_forgets")
        case (
            NoteAgreement()
            | NotePlan()
            | NotePlanClosed()
            | NoteContact()
            | DropContact()
            | NoteDuplicate()
            | DropDuplicate()
            | TakeOverPerson()
        ):
            return allow_if(Role.NODE in actor.roles, rule="node_notes")
        case ProposeHandover() | AcceptHandover() | WithdrawHandover():
            return allow_if(_any(actor, WORKERS), rule="worker_hands_over")
        case DeclineHandover():
            return allow_if(Role.TEAM_LEADER in actor.roles, rule="team_leader_declines")
        case MonitorFamily() | AddMember() | RemoveMember():
            return allow_if(_any(actor, WORKERS), rule="worker_monitors_families")
        case (
            Contacts()
            | ContactCounts()
            | ContactDetail()
            | Persons()
            | PersonCounts()
            | PersonNames()
            | PersonDetail()
            | PersonContacts()
            | PersonTimeline()
            | Handovers()
            | Households()
            | HouseholdMembers()
        ):
            return allow_if(_reads(actor, message.team), rule="worker_reads_own_team")
        case _:
            return deny("unknown_message")


def _reads(actor: Actor, team: str | None) -> bool:
    """Team leaders read every team (None: all at once), workers their own ("": the people of no team)."""
    if Role.TEAM_LEADER in actor.roles:
        return True
    return _any(actor, WORKERS) and team == (actor.team or "")


def _any(actor: Actor, roles: frozenset[Role]) -> bool:
    return not actor.roles.isdisjoint(roles)
