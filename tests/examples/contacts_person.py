"""Example record of the story: Dendy, from a nickname to a client with a plan, and what may become of it."""

from typing import Any
from uuid import UUID

from libs.codelists import AgeBand, Housing, IdentityLevel, LadderStage, PlanOutcome, Sex
from libs.eventlog import Event
from libs.privacy import Personal
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
from services.contacts.person.decider import identity_key, person_code
from services.contacts.person.events import (
    CaseClosed,
    CaseReopened,
    DuplicateDropped,
    DuplicateNoted,
    IdentityGiven,
    IdentityWithdrawn,
    InterestExpressed,
    InterestLost,
    NicknameGiven,
    PersonBecameClient,
    PersonContactDropped,
    PersonContactForgotten,
    PersonContactNoted,
    PersonDescribed,
    PersonForgotten,
    PersonHeld,
    PersonHoldLifted,
    PersonPlanActivated,
    PersonPlanClosed,
    PersonsLinked,
    PersonsUnlinked,
    PersonTakenOver,
)
from tests.examples.contacts_contact import C1
from tests.examples.contacts_people import (
    DENDY,
    DPO,
    LOKET,
    NODE,
    OLGA,
    RADKA,
    SLAVKOV,
    SLAVKOV_CODE,
    TWIN_RECORD,
    at,
    told,
)

AGREEMENT = UUID("0198c0de-0000-7000-8000-00000000a001")
PLAN = UUID("0198c0de-0000-7000-8000-00000000b001")
SECOND_PLAN = UUID("0198c0de-0000-7000-8000-00000000b002")
HANDOVER_ID = UUID("0198c0de-0000-7000-8000-00000000e001")
IDENTITY = identity_key(DENDY, 0)
CODE = person_code(DENDY)
NICKNAME = Personal("Dendy")
NAME = Personal("Denisa")
REASON = Personal("potvrdila to sama")


def give_nickname(**overrides: Any) -> GiveNickname:
    said = {"actor": RADKA, "occurred_at": at(2, 10), "person_id": DENDY, "nickname": NICKNAME}
    return GiveNickname(**told(said, overrides))


def nickname_given(**overrides: Any) -> NicknameGiven:
    said = {"person_id": DENDY, "nickname": NICKNAME, "team": LOKET, "stage": LadderStage.NICKNAME}
    level = {"identity": IdentityLevel.NICKNAME, "given_at": at(2, 10)}
    return NicknameGiven(**told(said, level, overrides))


def describe(**overrides: Any) -> DescribePerson:
    said = {"actor": RADKA, "occurred_at": at(2, 10), "person_id": DENDY, "sex": Sex.FEMALE}
    return DescribePerson(**told(said, {"age_band": AgeBand.AGE_11_15}, overrides))


def described(**overrides: Any) -> PersonDescribed:
    said = {"person_id": DENDY, "sex": Sex.FEMALE, "age_band": AgeBand.AGE_11_15}
    return PersonDescribed(**told(said, overrides))


def express_interest(**overrides: Any) -> ExpressInterest:
    return ExpressInterest(**told({"actor": RADKA, "occurred_at": at(2, 24), "person_id": DENDY}, overrides))


def interest_expressed(**overrides: Any) -> InterestExpressed:
    said = {"person_id": DENDY, "team": LOKET, "stage": LadderStage.INTERESTED, "expressed_at": at(2, 24)}
    return InterestExpressed(**told(said, overrides))


def lose_interest(**overrides: Any) -> LoseInterest:
    return LoseInterest(**told({"actor": RADKA, "occurred_at": at(3, 1), "person_id": DENDY}, overrides))


def interest_lost(**overrides: Any) -> InterestLost:
    said = {"person_id": DENDY, "stage": LadderStage.CLOSED, "lost_at": at(3, 1)}
    return InterestLost(**told(said, overrides))


def note_agreement(**overrides: Any) -> NoteAgreement:
    said = {"actor": NODE, "occurred_at": at(3, 10), "person_id": DENDY, "agreement_id": AGREEMENT}
    return NoteAgreement(**told(said, {"team": SLAVKOV}, overrides))


def became_client(**overrides: Any) -> PersonBecameClient:
    said = {"person_id": DENDY, "agreement_id": AGREEMENT, "team": LOKET, "stage": LadderStage.CLIENT}
    return PersonBecameClient(**told(said, {"concluded_at": at(3, 10)}, overrides))


def note_plan(**overrides: Any) -> NotePlan:
    said = {"actor": NODE, "occurred_at": at(3, 10, 13), "person_id": DENDY, "plan_id": PLAN}
    return NotePlan(**told(said, overrides))


def plan_activated(**overrides: Any) -> PersonPlanActivated:
    said = {"person_id": DENDY, "plan_id": PLAN, "stage": LadderStage.CLIENT_WITH_PLAN}
    return PersonPlanActivated(**told(said, {"activated_at": at(3, 10, 13)}, overrides))


def note_plan_closed(**overrides: Any) -> NotePlanClosed:
    said = {"actor": NODE, "occurred_at": at(10, 20), "person_id": DENDY, "plan_id": PLAN}
    return NotePlanClosed(**told(said, overrides))


def plan_closed(**overrides: Any) -> PersonPlanClosed:
    said = {"person_id": DENDY, "plan_id": PLAN, "stage": LadderStage.CLIENT, "closed_at": at(10, 20)}
    return PersonPlanClosed(**told(said, overrides))


def close_case(**overrides: Any) -> CloseCase:
    said = {"actor": OLGA, "occurred_at": at(10, 21), "person_id": DENDY, "reason": PlanOutcome.FULFILLED}
    return CloseCase(**told(said, overrides))


def case_closed(**overrides: Any) -> CaseClosed:
    said = {"person_id": DENDY, "reason": PlanOutcome.FULFILLED, "stage": LadderStage.CLOSED}
    return CaseClosed(**told(said, {"closed_at": at(10, 21)}, overrides))


def reopen_case(**overrides: Any) -> ReopenCase:
    said = {"actor": OLGA, "occurred_at": at(11, 2), "person_id": DENDY, "reason": REASON}
    return ReopenCase(**told(said, overrides))


def case_reopened(**overrides: Any) -> CaseReopened:
    said = {"person_id": DENDY, "episode": 2, "reason": REASON, "stage": LadderStage.CLIENT}
    return CaseReopened(**told(said, {"reopened_at": at(11, 2)}, overrides))


def give_identity(**overrides: Any) -> GiveIdentity:
    said = {"actor": RADKA, "occurred_at": at(3, 11), "person_id": DENDY, "name": NAME}
    return GiveIdentity(**told(said, {"level": IdentityLevel.PARTIAL}, overrides))


def identity_given(**overrides: Any) -> IdentityGiven:
    said = {"person_id": DENDY, "identity_id": IDENTITY, "identity": IdentityLevel.PARTIAL, "name": NAME}
    return IdentityGiven(**told(said, overrides))


def withdraw_identity(**overrides: Any) -> WithdrawIdentity:
    return WithdrawIdentity(**told({"actor": RADKA, "occurred_at": at(3, 12), "person_id": DENDY}, overrides))


def identity_withdrawn(**overrides: Any) -> IdentityWithdrawn:
    return IdentityWithdrawn(**told({"person_id": DENDY, "identity_id": IDENTITY}, overrides))


def take_over(**overrides: Any) -> TakeOverPerson:
    said = {"actor": NODE, "occurred_at": at(3, 5), "person_id": DENDY, "handover_id": HANDOVER_ID}
    return TakeOverPerson(**told(said, {"from_team": LOKET, "to_team": SLAVKOV}, overrides))


def taken_over(**overrides: Any) -> PersonTakenOver:
    said = {"person_id": DENDY, "handover_id": HANDOVER_ID, "team": SLAVKOV, "taken_over_at": at(3, 5)}
    return PersonTakenOver(**told(said, overrides))


def note_contact(**overrides: Any) -> NoteContact:
    said = {"actor": NODE, "occurred_at": at(2, 10), "person_id": DENDY, "contact_id": C1}
    return NoteContact(**told(said, overrides))


def contact_noted(**overrides: Any) -> PersonContactNoted:
    return PersonContactNoted(**told({"person_id": DENDY, "contact_id": C1}, overrides))


def drop_contact(**overrides: Any) -> DropContact:
    said = {"actor": NODE, "occurred_at": at(3, 11), "person_id": DENDY, "contact_id": C1}
    return DropContact(**told(said, overrides))


def contact_dropped(**overrides: Any) -> PersonContactDropped:
    return PersonContactDropped(**told({"person_id": DENDY, "contact_id": C1}, overrides))


def link_persons(**overrides: Any) -> LinkPersons:
    said = {"actor": OLGA, "occurred_at": at(4, 1), "person_id": TWIN_RECORD, "same_as": DENDY}
    return LinkPersons(**told(said, {"reason": REASON}, overrides))


def persons_linked(**overrides: Any) -> PersonsLinked:
    return PersonsLinked(**told({"person_id": TWIN_RECORD, "same_as": DENDY, "reason": REASON}, overrides))


def unlink_persons(**overrides: Any) -> UnlinkPersons:
    said = {"actor": OLGA, "occurred_at": at(4, 2), "person_id": TWIN_RECORD, "reason": REASON}
    return UnlinkPersons(**told(said, overrides))


def persons_unlinked(**overrides: Any) -> PersonsUnlinked:
    return PersonsUnlinked(**told({"person_id": TWIN_RECORD, "same_as": DENDY, "reason": REASON}, overrides))


def note_duplicate(**overrides: Any) -> NoteDuplicate:
    said = {"actor": NODE, "occurred_at": at(4, 1), "person_id": DENDY, "duplicate": TWIN_RECORD}
    return NoteDuplicate(**told(said, overrides))


def duplicate_noted(**overrides: Any) -> DuplicateNoted:
    return DuplicateNoted(**told({"person_id": DENDY, "duplicate": TWIN_RECORD}, overrides))


def drop_duplicate(**overrides: Any) -> DropDuplicate:
    said = {"actor": NODE, "occurred_at": at(4, 2), "person_id": DENDY, "duplicate": TWIN_RECORD}
    return DropDuplicate(**told(said, overrides))


def duplicate_dropped(**overrides: Any) -> DuplicateDropped:
    return DuplicateDropped(**told({"person_id": DENDY, "duplicate": TWIN_RECORD}, overrides))


def hold(**overrides: Any) -> HoldPerson:
    said = {"actor": DPO, "occurred_at": at(5, 1), "person_id": DENDY, "reason": REASON}
    return HoldPerson(**told(said, overrides))


def held(**overrides: Any) -> PersonHeld:
    return PersonHeld(**told({"person_id": DENDY, "reason": REASON}, overrides))


def lift_hold(**overrides: Any) -> LiftHold:
    return LiftHold(**told({"actor": DPO, "occurred_at": at(5, 2), "person_id": DENDY}, overrides))


def hold_lifted(**overrides: Any) -> PersonHoldLifted:
    return PersonHoldLifted(**told({"person_id": DENDY}, overrides))


def forget(**overrides: Any) -> ForgetPerson:
    return ForgetPerson(**told({"actor": DPO, "occurred_at": at(11, 30), "person_id": DENDY}, overrides))


def forgotten(**overrides: Any) -> PersonForgotten:
    return PersonForgotten(**told({"person_id": DENDY}, overrides))


def contact_forgotten(**overrides: Any) -> PersonContactForgotten:
    return PersonContactForgotten(**told({"person_id": DENDY, "contact_id": C1}, overrides))


_ALIKE: tuple[Event, ...] = (
    interest_lost(),
    plan_activated(),
    plan_closed(),
    case_closed(),
    case_reopened(),
    identity_given(),
    identity_withdrawn(),
    taken_over(),
    contact_noted(),
    contact_dropped(),
    persons_linked(),
    persons_unlinked(),
    duplicate_noted(),
    duplicate_dropped(),
    held(),
    hold_lifted(),
    contact_forgotten(),
)
"""Events without an optional field."""

COMPLETE: tuple[Event, ...] = (
    nickname_given(),
    described(housing=Housing.PARENTS, residence=SLAVKOV_CODE),
    interest_expressed(code=CODE),
    became_client(code=CODE),
    forgotten(same_as=TWIN_RECORD),
    *_ALIKE,
)
REQUIRED: tuple[Event, ...] = (
    NicknameGiven(
        person_id=DENDY,
        nickname=NICKNAME,
        stage=LadderStage.NICKNAME,
        identity=IdentityLevel.NICKNAME,
        given_at=at(2, 10),
    ),
    PersonDescribed(person_id=DENDY),
    InterestExpressed(person_id=DENDY, stage=LadderStage.INTERESTED, expressed_at=at(2, 24)),
    PersonBecameClient(person_id=DENDY, agreement_id=AGREEMENT, stage=LadderStage.CLIENT, concluded_at=at(3, 10)),
    forgotten(),
    *_ALIKE,
)
