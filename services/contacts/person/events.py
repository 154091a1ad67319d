"""What has happened to a person's record. Published language: a released version never changes.

Nothing here leaves the node. The nickname lies under the person's key; a name, which the person may take
back, under a key of its own (`identity_id`). `stage` is where the person stands after the event.
"""

from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import AgeBand, Housing, IdentityLevel, LadderStage, MunicipalityCode, PlanOutcome, Sex
from libs.eventlog import Event, Line, Text, event
from libs.privacy import Personal


@event("nickname-given", version=1, subject="person_id")
class NicknameGiven(Event):
    """First knowledge of a person, or another nickname. team: the responsible one from now on."""

    person_id: UUID
    nickname: Personal[Line]
    team: Line | None = None
    stage: LadderStage
    identity: IdentityLevel
    given_at: AwareDatetime


@event("person-described", version=1)
class PersonDescribed(Event):
    """Minimal profile (C21). None: nothing new about it. residence: RÚIAN code of permanent residence."""

    person_id: UUID
    sex: Sex | None = None
    age_band: AgeBand | None = None
    housing: Housing | None = None
    residence: MunicipalityCode | None = None


@event("interest-expressed", version=1)
class InterestExpressed(Event):
    """code, team: for somebody who had no record before."""

    person_id: UUID
    code: Line | None = None
    team: Line | None = None
    stage: LadderStage
    expressed_at: AwareDatetime


@event("interest-lost", version=1)
class InterestLost(Event):
    person_id: UUID
    stage: LadderStage
    lost_at: AwareDatetime


@event("person-became-client", version=1)
class PersonBecameClient(Event):
    """`cases` told of an agreement. code, team: for somebody who had no record before."""

    person_id: UUID
    agreement_id: UUID
    code: Line | None = None
    team: Line | None = None
    stage: LadderStage
    concluded_at: AwareDatetime


@event("person-plan-activated", version=1)
class PersonPlanActivated(Event):
    person_id: UUID
    plan_id: UUID
    stage: LadderStage
    activated_at: AwareDatetime


@event("person-plan-closed", version=1)
class PersonPlanClosed(Event):
    """stage: with another open plan, the same as before."""

    person_id: UUID
    plan_id: UUID
    stage: LadderStage
    closed_at: AwareDatetime


@event("person-case-closed", version=1)
class CaseClosed(Event):
    person_id: UUID
    reason: PlanOutcome
    stage: LadderStage
    closed_at: AwareDatetime


@event("person-case-reopened", version=1, subject="person_id")
class CaseReopened(Event):
    """episode: 2 for the first reopening. Team and links are as before (X15)."""

    person_id: UUID
    episode: int
    reason: Personal[Text]
    stage: LadderStage
    reopened_at: AwareDatetime


@event("identity-given", version=1, subject="identity_id")
class IdentityGiven(Event):
    """identity_id: whose key seals the name; destroyed when the identity is withdrawn."""

    person_id: UUID
    identity_id: UUID
    identity: IdentityLevel
    name: Personal[Line]


@event("identity-withdrawn", version=1)
class IdentityWithdrawn(Event):
    """The name is erased: the key of `identity_id` is destroyed. Nickname or code stay."""

    person_id: UUID
    identity_id: UUID


@event("person-taken-over", version=1)
class PersonTakenOver(Event):
    """Another team of the organisation is responsible, with the whole history."""

    person_id: UUID
    handover_id: UUID
    team: Line
    taken_over_at: AwareDatetime


@event("person-contact-noted", version=1)
class PersonContactNoted(Event):
    """A contact is this person's: what was said in it is forgotten with them."""

    person_id: UUID
    contact_id: UUID


@event("person-contact-dropped", version=1)
class PersonContactDropped(Event):
    person_id: UUID
    contact_id: UUID


@event("persons-linked", version=1, subject="person_id")
class PersonsLinked(Event):
    """Two records, one human being; `same_as` is the one to work with."""

    person_id: UUID
    same_as: UUID
    reason: Personal[Text]


@event("persons-unlinked", version=1, subject="person_id")
class PersonsUnlinked(Event):
    """Two people after all; both records are as before the link."""

    person_id: UUID
    same_as: UUID
    reason: Personal[Text]


@event("person-duplicate-noted", version=1)
class DuplicateNoted(Event):
    person_id: UUID
    duplicate: UUID


@event("person-duplicate-dropped", version=1)
class DuplicateDropped(Event):
    person_id: UUID
    duplicate: UUID


@event("person-held", version=1, subject="person_id")
class PersonHeld(Event):
    """A legal hold: forgetting is refused while it lasts (L25)."""

    person_id: UUID
    reason: Personal[Text]


@event("person-hold-lifted", version=1)
class PersonHoldLifted(Event):
    person_id: UUID


@event("person-forgotten", version=1)
class PersonForgotten(Event):
    """The person's key is destroyed. same_as: the record this one was linked to."""

    person_id: UUID
    same_as: UUID | None = None


@event("person-contact-forgotten", version=1)
class PersonContactForgotten(Event):
    """The key of one of a forgotten person's contacts is destroyed; the contact still counts."""

    person_id: UUID
    contact_id: UUID


LadderEvent = (
    NicknameGiven
    | InterestExpressed
    | InterestLost
    | PersonBecameClient
    | PersonPlanActivated
    | PersonPlanClosed
    | CaseClosed
    | CaseReopened
)
IdentityEvent = PersonDescribed | IdentityGiven | IdentityWithdrawn
LinkEvent = (
    PersonTakenOver
    | PersonContactNoted
    | PersonContactDropped
    | PersonsLinked
    | PersonsUnlinked
    | DuplicateNoted
    | DuplicateDropped
)
EndEvent = PersonHeld | PersonHoldLifted | PersonForgotten | PersonContactForgotten
PersonEvent = LadderEvent | IdentityEvent | LinkEvent | EndEvent
