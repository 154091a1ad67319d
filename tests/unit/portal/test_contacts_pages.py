"""What the pages about contacts and clients decide by themselves, without asking anybody."""

from datetime import UTC, date, datetime
from uuid import UUID

from libs.codelists import Channel, CountedAs, IdentityLevel, LadderStage, Need
from libs.eventlog import new_id
from libs.privacy import Personal
from services.cases.plan.terms import Doer, GoalState, StepState
from services.cases.plan.views import PlanGoalView, PlanStage, PlanStepView, PlanView
from services.contacts.contact.views import ContactCard, ContactSummary
from services.contacts.person.views import PersonSummary
from services.portal.web.form import Form, blank
from services.portal.web.pages.contact_form import differences, habits, new_note, recorded, shown
from services.portal.web.pages.plan_record import Opened

RADKA, SIMON = new_id(), new_id()


def person(nickname: str | None, code: str | None = None, same_as: UUID | None = None) -> PersonSummary:
    return PersonSummary(
        person_id=new_id(),
        nickname=Personal(nickname) if nickname else None,
        code=code,
        stage=LadderStage.NICKNAME,
        identity=IdentityLevel.NICKNAME,
        team="LOKET",
        sex=None,
        age_band=None,
        same_as=same_as,
        contacts=0,
        position=1,
    )


def contact(worker: UUID, channel: Channel, *topics: Need, who: UUID | None = None) -> ContactSummary:
    return ContactSummary(
        contact_id=new_id(),
        person_id=who,
        nickname=None,
        team="LOKET",
        worker=worker,
        channel=channel,
        municipality="560537",
        locality=None,
        started_at=datetime(2026, 5, 12, 12, 32, tzinfo=UTC),
        minutes=20,
        counted_as=CountedAs.CONTACT,
        topics=topics,
        approached=0,
        spoke=0,
        in_conflict=False,
        voided=False,
    )


def card(**said: object) -> ContactCard:
    known: dict[str, object] = {
        "contact_id": new_id(),
        "person_id": None,
        "nickname": None,
        "team": "LOKET",
        "worker": RADKA,
        "channel": Channel.STREET,
        "municipality": "560537",
        "locality": None,
        "place": None,
        "started_at": datetime(2026, 5, 12, 12, 32, 41, tzinfo=UTC),
        "minutes": 12,
        "counted_as": CountedAs.CONTACT,
        "topics": (Need.HOUSING,),
        "activities": (),
        "approached": 6,
        "spoke": 1,
        "sex": None,
        "age_band": None,
        "heard_before": None,
        "note": Personal("  dva řádky\r\no brášce "),
        "revision": 3,
        "in_conflict": False,
        "proposed": None,
        "proposed_note": None,
        "voided": False,
    }
    return ContactCard.model_validate(known | said)


def posted(form: Form, **typed: str | list[str]) -> Form:
    """The form as it comes back when these fields were changed."""
    fields = form.typed | {name: [value] if isinstance(value, str) else value for name, value in typed.items()}
    return Form.posted((name, value) for name, values in fields.items() for value in values)


def test_the_form_offers_first_what_this_worker_writes_most_often():
    dendy, mana = person("Dendy"), person("Máňa")
    rows = [
        contact(SIMON, Channel.EMAIL, Need.USURY),
        contact(RADKA, Channel.PHONE, Need.USURY, who=mana.person_id),
        contact(RADKA, Channel.PHONE, Need.DEBTS),
    ]
    usual = habits(RADKA, rows, [dendy, mana])
    assert Channel.PHONE in usual.channels and Channel.EMAIL not in usual.channels and len(usual.channels) == 5
    assert Need.USURY in usual.topics and len(usual.topics) == 6
    assert usual.people == [mana, dendy] and usual.last == rows[1]
    assert habits(RADKA, [], []).last is None


def test_a_contact_takes_the_other_channel_and_other_minutes_only_when_they_are_chosen():
    form = blank({"channel": "other", "channel_other": "phone", "minutes": "20", "minutes_other": "99"})
    form.typed |= {"topics": ["housing"], "more_topics": ["usury"], "heard_before": ["no"]}
    told = recorded(form)
    assert told["channel"] == "phone" and told["minutes"] == "20"
    assert told["topics"] == ("housing", "usury") and told["heard_before"] is False
    assert "note" not in told and recorded(blank({}))["heard_before"] is None


def test_a_correction_tells_only_what_was_changed():
    form = blank(shown(card()))
    assert differences(posted(form)) == {} and new_note(posted(form)) is None
    changed = posted(form, minutes="21", topics=["housing", "debts"], started_time="14:40", heard_before="yes")
    assert differences(changed) == {
        "minutes": "21",
        "topics": ("housing", "debts"),
        "started_at": datetime(2026, 5, 12, 12, 40, tzinfo=UTC),
        "heard_before": True,
    }
    assert new_note(posted(form, note="jinak")) == "jinak"
    assert form["base_revision"] == "3"


def test_an_emptied_field_takes_no_fact_away_but_topics_may_go():
    form = blank(shown(card()))
    assert differences(posted(form, minutes="", municipality="", topics=[])) == {"topics": ()}
    assert new_note(posted(form, note="")) is None


def plan(
    state: PlanStage, *goals: GoalState, review_on: date | None = None, steps: tuple[StepState, ...] = ()
) -> Opened:
    plan_id, person_id = new_id(), new_id()
    view = PlanView(
        plan_id=plan_id,
        person_id=person_id,
        agreement_id=None,
        state=state,
        plan_version=1,
        review_on=review_on,
        closed_on=None,
        outcome=None,
        client_factors=(),
        environment_factors=(),
        unresolved=None,
        recommendation=None,
    )
    found = [
        PlanGoalView(goal_id=new_id(), plan_id=plan_id, wording=Personal("cíl"), need=None, state=one, comment=None)
        for one in goals
    ]
    planned = [
        PlanStepView(
            step_id=new_id(),
            goal_id=found[0].goal_id,
            plan_id=plan_id,
            person_id=person_id,
            what=Personal("krok"),
            doer=Doer.CLIENT,
            worker=None,
            due=None,
            state=one,
            comment=None,
            plan_state=None,
        )
        for one in steps
    ]
    return Opened(view, found, planned)


def test_a_plan_offers_what_its_state_allows():
    today = date(2026, 6, 10)
    assert plan("draft").acts(today) == {"cil"}
    assert plan("draft", GoalState.ACTIVE).acts(today) == {"cil", "aktivovat"}
    assert "prehodnotit" in plan("active", review_on=today).acts(today)
    assert "prehodnotit" not in plan("active", review_on=date(2026, 6, 11)).acts(today)
    assert "nova-verze" in plan("in_review").acts(today) and plan("closed").acts(today) == set()


def test_goals_and_steps_offer_what_their_states_allow():
    draft, active = plan("draft", GoalState.ACTIVE, steps=(StepState.PLANNED,)), plan("active", GoalState.ACTIVE)
    assert "vyhodnotit" not in draft.goal_acts(draft.goals[0]) and "vyhodnotit" in active.goal_acts(active.goals[0])
    assert "hotovo" not in draft.step_acts(draft.steps[0])
    assert draft.steps_of(draft.goals[0]) == draft.steps
    over = plan("active", GoalState.DROPPED, steps=(StepState.DONE,))
    assert over.goal_acts(over.goals[0]) == set() and over.step_acts(over.steps[0]) == set()
