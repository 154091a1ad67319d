"""What is known of a person, for deciding. Pure; no name is in it, sealed or not."""

from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import IdentityLevel
from libs.eventlog import Frozen
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
    PersonEvent,
    PersonForgotten,
    PersonHeld,
    PersonHoldLifted,
    PersonPlanActivated,
    PersonPlanClosed,
    PersonsLinked,
    PersonsUnlinked,
    PersonTakenOver,
)
from services.contacts.person.ladder import Ladder


class Identity(Frozen):
    """withdrawn: how often; every name has a key of its own."""

    level: IdentityLevel = IdentityLevel.NICKNAME
    withdrawn: int = 0

    @property
    def named(self) -> bool:
        return self.level is not IdentityLevel.NICKNAME


class Links(Frozen):
    """same_as: the record this one leads to; duplicates: records that lead here."""

    contacts: frozenset[UUID] = frozenset()
    same_as: UUID | None = None
    duplicates: frozenset[UUID] = frozenset()


class Unmet(Frozen):
    """No record; contacts may be noted already, for messages cross."""

    stage: Literal["unmet"] = "unmet"
    links: Links = Links()


class Known(Frozen):
    stage: Literal["known"] = "known"
    team: str | None
    ladder: Ladder
    identity: Identity = Identity()
    links: Links = Links()
    held: bool = False


class Forgotten(Frozen):
    stage: Literal["forgotten"] = "forgotten"


Person = Unmet | Known | Forgotten


def evolve(person: Person, event: PersonEvent) -> Person:
    """Total: what is told of a forgotten person is passed over."""
    if isinstance(person, Forgotten) or isinstance(event, PersonForgotten):
        return Forgotten()
    if isinstance(person, Unmet):
        return _met(person, event)
    team, held = person.team, person.held
    ladder, identity, links = person.ladder, person.identity, person.links
    match event:
        case PersonTakenOver():
            team = event.team
        case PersonHeld():
            held = True
        case PersonHoldLifted():
            held = False
        case PersonDescribed():
            pass
        case IdentityGiven():
            identity = Identity(level=event.identity, withdrawn=identity.withdrawn)
        case IdentityWithdrawn():
            identity = Identity(withdrawn=identity.withdrawn + 1)
        case (
            PersonContactNoted()
            | PersonContactDropped()
            | PersonContactForgotten()
            | PersonsLinked()
            | PersonsUnlinked()
            | DuplicateNoted()
            | DuplicateDropped()
        ):
            links = _linked(links, event)
        case _:
            ladder = _climbed(ladder, event)
    return Known(team=team, ladder=ladder, identity=identity, links=links, held=held)


def _met(person: Unmet, event: PersonEvent) -> Person:
    match event:
        case NicknameGiven() | InterestExpressed() | PersonBecameClient():
            ladder = Ladder(stage=event.stage, was_client=isinstance(event, PersonBecameClient))
            return Known(team=event.team, ladder=ladder, links=person.links)
        case PersonContactNoted() | PersonContactDropped() | DuplicateNoted() | DuplicateDropped():
            return Unmet(links=_linked(person.links, event))
        case _:
            return person


def _linked(
    links: Links,
    event: PersonContactNoted
    | PersonContactDropped
    | PersonContactForgotten
    | PersonsLinked
    | PersonsUnlinked
    | DuplicateNoted
    | DuplicateDropped,
) -> Links:
    contacts, same_as, duplicates = links.contacts, links.same_as, links.duplicates
    match event:
        case PersonContactNoted():
            contacts |= {event.contact_id}
        case PersonContactDropped() | PersonContactForgotten():
            contacts -= {event.contact_id}
        case PersonsLinked():
            same_as = event.same_as
        case PersonsUnlinked():
            same_as = None
        case DuplicateNoted():
            duplicates |= {event.duplicate}
        case DuplicateDropped():
            duplicates -= {event.duplicate}
        case _:
            assert_never(event)
    return Links(contacts=contacts, same_as=same_as, duplicates=duplicates)


def _climbed(
    ladder: Ladder,
    event: NicknameGiven
    | InterestExpressed
    | InterestLost
    | PersonBecameClient
    | PersonPlanActivated
    | PersonPlanClosed
    | CaseClosed
    | CaseReopened,
) -> Ladder:
    was_client, plans, episode = ladder.was_client, ladder.plans, ladder.episode
    match event:
        case PersonBecameClient():
            was_client = True
        case PersonPlanActivated():
            plans |= {event.plan_id}
        case PersonPlanClosed():
            plans -= {event.plan_id}
        case CaseReopened():
            episode = event.episode
        case NicknameGiven() | InterestExpressed() | InterestLost() | CaseClosed():
            pass
        case _:
            assert_never(event)
    return Ladder(stage=event.stage, was_client=was_client, plans=plans, episode=episode)
