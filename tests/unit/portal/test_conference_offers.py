"""A page of a conference offers what would be done, and nothing that would be refused: at any time, to anybody."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.codelists import Role
from libs.eventlog import Actor, Command, Rejected
from services.cases.conference.commands import ConferenceWish
from services.cases.conference.decider import CONFERENCE
from services.cases.conference.events import CommentsOpened
from services.cases.conference.invited import answer_of, copy_of
from services.cases.conference.measures import measures
from services.cases.conference.stage import stage_of
from services.cases.conference.state import Conference
from services.cases.conference.terms import Answer, MeasureState, Stage
from services.cases.conference.views import ConferenceActionView, ConferenceParticipantView, ConferenceView
from services.cases.policy import may
from services.portal.web.conference.desk import Desk
from services.portal.web.conference.offers import measure_offers, offers
from tests.examples import cases_conference as example
from tests.examples.cases_conference import CONFERENCE_ID, DITA, HANA, IVANA, LENKA, OSPOD
from tests.examples.cases_conference_desks import ACTIONS, FULL, GUEST, READING, WHO, WORK, Desks

ACTORS = (
    Actor(user=LENKA, organisation=OSPOD, roles=frozenset({Role.OSPOD_WORKER})),
    Actor(user=DITA, organisation=OSPOD, roles=frozenset({Role.RECORDER})),
    Actor(user=HANA, organisation=OSPOD, roles=frozenset({Role.FACILITATOR})),
    Actor(user=uuid4(), organisation=OSPOD, roles=frozenset({Role.OUTREACH_WORKER})),
    Actor(user=IVANA, organisation=FULL, roles=frozenset({Role.COUNSELLOR})),
    Actor(user=IVANA, organisation=FULL, roles=frozenset({Role.TEAM_LEADER})),
    Actor(user=IVANA, organisation=GUEST, roles=frozenset({Role.KEY_WORKER})),
    Actor(user=IVANA, organisation=GUEST, roles=frozenset({Role.DPO})),
)
SEEDS = 150
EARLY, LATE = datetime(2026, 5, 14, 8, tzinfo=UTC), datetime(2026, 5, 22, 8, tzinfo=UTC)


def a_conference(chance: Random) -> Desks:
    """Begun somewhere in its life, and up to sixty things that happen or are refused."""
    desks = Desks()
    desks.begin(chance.choice((0, 0, 1, 2, 3, 4, 6)), chance.randint(0, 11), chance.choice(list(Answer)))
    desks.organises(chance.choice((example.cancel(), example.hold(attendance=()), example.invite_person())))
    desks.organises(chance.choice((example.draft, example.invite_person))())
    for _ in range(chance.choice((0, 2, 30, 60))):
        chance.choice(
            (
                lambda: desks.the_organiser_goes_on(chance.randint(0, 26)),
                lambda: desks.the_organiser_assigns(chance.randint(0, 26)),
                lambda: desks.organises(example.cancel_action()),
                lambda: desks.organises(example.invite_person()),
                lambda: desks.somebody_answers(chance.choice((FULL, GUEST)), chance.choice(list(Answer))),
                lambda: desks.at[FULL].act(chance.choice(READING)(actor=example.worker_of(FULL))),
                lambda: desks.somebody_works(chance.choice(WHO), chance.choice(WORK)),
                lambda: desks.the_post_comes(chance.choice(WHO)),
            )
        )()
    return desks


def desk_of(knows: Conference, actor: Actor, today: date) -> Desk:
    """What the lists would say."""
    opened = [one for one in knows.entries(knows.organiser) if isinstance(one, CommentsOpened)]
    columns: dict[str, Any] = dict.fromkeys(ConferenceView.model_fields)
    columns |= {"conference_id": CONFERENCE_ID, "organiser": knows.organiser, "stage": stage_of(knows), "item": "all"}
    conference = ConferenceView.model_validate(columns | {"comments_until": opened[0].until if opened else None})
    participants = [
        ConferenceParticipantView(
            organisation=one.organisation,
            item=str(one.item),
            is_full=one.is_full,
            answer=answer_of(knows, one.organisation),
            represented_by=None,
            presence=None,
            minutes=copy_of(knows, one.organisation) if one.is_full else None,
        )
        for one in knows.invitees
    ]
    rows = [
        ConferenceActionView(
            action_id=action_id,
            conference_id=CONFERENCE_ID,
            responsible=one.responsible,
            watched_by=one.watched_by,
            title=one.title,
            due=one.due,
            state=one.state,
        )
        for action_id, one in measures(knows).items()
    ]
    return Desk(conference, participants, [], rows, actor, today)


def wishes(actor: Actor, at: datetime, knows: Conference) -> list[ConferenceWish]:
    """One of each kind that a person can have, filled in so that only time and role can stand against it."""
    by: dict[str, Any] = {"actor": actor, "occurred_at": at}
    other = next(one for one in Answer if one is not answer_of(knows, actor.organisation))
    return [
        example.invite_person(**by, attendee_id=uuid4()),
        *([example.answer_for_person(**by)] if knows.attendees else []),
        example.reschedule(**by, place=example.PLACE),
        example.cancel(**by),
        example.hold(**by, attendance=()),
        example.assign(**by, action_id=uuid4(), responsible=OSPOD),
        example.draft(**by),
        example.open_comments(**by, until=at.date() + timedelta(days=1)),
        example.issue(**by),
        example.hold_review(**by),
        example.set_next_review(**by),
        example.close(**by),
        example.answer(**by, answer=other),
        example.comment(**by),
        example.confirm(**by),
        example.confirm_with_objection(**by),
    ]


def measure_wishes(actor: Actor, at: datetime, action_id: UUID, now: UUID | None) -> list[ConferenceWish]:
    by: dict[str, Any] = {"actor": actor, "occurred_at": at, "action_id": action_id}
    return [
        example.acknowledge(**by),
        example.dispute(**by),
        example.note_progress(**by),
        example.move_due(**by, due=date(2026, 12, 24)),
        example.finish(**by),
        example.cancel_action(**by),
        example.reassign(**by, responsible=next(one for one in WHO if one != now)),
    ]


def is_done(command: Command, knows: Conference) -> bool:
    """Whether it would be carried out, and change something."""
    if not may(command.actor, command).allow:
        return False
    try:
        return bool(CONFERENCE.decide(command, knows))  # pyright: ignore[reportArgumentType]
    except Rejected:
        return False


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_offered_is_what_would_be_done(seed: int):
    desks = a_conference(Random(seed))
    for actor in ACTORS:
        knows = desks.at[actor.organisation].knows
        if knows.organiser is None:
            continue
        for at in (EARLY, LATE):
            desk = desk_of(knows, actor, at.date())
            asked = wishes(actor, at, knows)
            expected = {type(one).__name__ for one in asked if is_done(one, knows)}
            offered = {one for one in offers(desk) if one != "AnswerForPerson" or knows.attendees}
            assert offered == expected, (seed, actor.roles, desk.stage)
            for measure in desk.measures:
                works = measure_wishes(actor, at, measure.action_id, measure.responsible)
                expected = {type(one).__name__ for one in works if is_done(one, knows)}
                assert measure_offers(desk, measure) == expected, (seed, actor.roles, measure.state)


def test_the_conferences_tried_come_to_every_stage_and_measures_to_every_state():
    stages, states = set[Stage](), set[MeasureState]()
    for seed in range(SEEDS):
        knows = a_conference(Random(seed)).organiser.knows
        stages.add(stage_of(knows))
        states |= {one.state for action_id, one in measures(knows).items() if action_id in ACTIONS}
    assert stages == set(Stage) - {Stage.NOT_CONVENED}
    assert states == set(MeasureState) - {MeasureState.PARTLY, MeasureState.NOT_DONE}
