"""What may be asked about a person. Notes come from the node itself, when something happened elsewhere."""

from typing import Literal
from uuid import UUID

from libs.codelists import AgeBand, Housing, IdentityLevel, MunicipalityCode, PlanOutcome, Sex
from libs.eventlog import Command, Line, Text
from libs.privacy import Personal


class GiveNickname(Command):
    """Make a record of somebody under a nickname, or note another one. Refused for other teams' people."""

    person_id: UUID
    nickname: Personal[Line]


class DescribePerson(Command):
    """Note sex, age, housing, residence; what is left out stays. Refused for somebody without a record."""

    person_id: UUID
    sex: Sex | None = None
    age_band: AgeBand | None = None
    housing: Housing | None = None
    residence: MunicipalityCode | None = None


class ExpressInterest(Command):
    """The person wants the service; without a nickname a code is issued. Refused for clients, and closed."""

    person_id: UUID


class LoseInterest(Command):
    """The person does not want it any more. Refused unless they were interested and have no agreement."""

    person_id: UUID


class CloseCase(Command):
    """End the case. Refused without an agreement, and while a plan is open."""

    person_id: UUID
    reason: PlanOutcome


class ReopenCase(Command):
    """Start a new episode; team and links are as before. Refused unless the case is closed."""

    person_id: UUID
    reason: Personal[Text]


class GiveIdentity(Command):
    """The person tells a name. Refused for somebody without a record."""

    person_id: UUID
    level: Literal[IdentityLevel.PARTIAL, IdentityLevel.FULL]
    name: Personal[Line]


class WithdrawIdentity(Command):
    """The person takes the name back: it is erased, the nickname or a code stays."""

    person_id: UUID


class LinkPersons(Command):
    """Say that this record and `same_as` are one person. Refused while this one is linked to a third."""

    person_id: UUID
    same_as: UUID
    reason: Personal[Text]


class UnlinkPersons(Command):
    """Two people after all. Both are as before."""

    person_id: UUID
    reason: Personal[Text]


class HoldPerson(Command):
    """Keep everything for a court or an inspection: forgetting is refused until the hold is lifted."""

    person_id: UUID
    reason: Personal[Text]


class LiftHold(Command):
    """The legal hold is over."""

    person_id: UUID


class ForgetPerson(Command):
    """Destroy the person's keys. Refused under a legal hold, and while another record is linked to it."""

    person_id: UUID


class NoteAgreement(Command):
    """`cases` concluded an agreement. team: of the worker who concluded it. Refused when the case is closed."""

    person_id: UUID
    agreement_id: UUID
    team: Line | None = None


class NotePlan(Command):
    """`cases` activated a plan. Refused without an agreement."""

    person_id: UUID
    plan_id: UUID


class NotePlanClosed(Command):
    """`cases` closed a plan. Refused for a plan that was never noted."""

    person_id: UUID
    plan_id: UUID


class NoteContact(Command):
    """A contact was linked to this person."""

    person_id: UUID
    contact_id: UUID


class DropContact(Command):
    """A contact was unlinked from this person."""

    person_id: UUID
    contact_id: UUID


class NoteDuplicate(Command):
    """Another record was linked to this one."""

    person_id: UUID
    duplicate: UUID


class DropDuplicate(Command):
    """Another record was unlinked from this one, or forgotten."""

    person_id: UUID
    duplicate: UUID


class TakeOverPerson(Command):
    """A handover was accepted. Refused if the person was not the giving team's."""

    person_id: UUID
    handover_id: UUID
    from_team: Line
    to_team: Line


WorkerCommand = (
    GiveNickname | DescribePerson | ExpressInterest | LoseInterest | GiveIdentity | WithdrawIdentity | CloseCase
)
LeaderCommand = ReopenCase | LinkPersons | UnlinkPersons
ForgetCommand = HoldPerson | LiftHold | ForgetPerson
NodeCommand = (
    NoteAgreement
    | NotePlan
    | NotePlanClosed
    | NoteContact
    | DropContact
    | NoteDuplicate
    | DropDuplicate
    | TakeOverPerson
)
PersonCommand = WorkerCommand | LeaderCommand | ForgetCommand | NodeCommand
