"""What waits for somebody stands in the order in which it presses."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.cases.conference.terms import MinutesForm, Stage
from services.cases.conference.views import ConferenceView
from services.portal.web.today import Day, Thing, conference_thing

TODAY = date(2026, 5, 12)


def thing(kind: str, days: int | None, urgency: str | None = None) -> Thing:
    return Thing(kind, "/", None if days is None else TODAY + timedelta(days=days), urgency=urgency)


def test_the_overdue_come_first_and_the_far_last():
    day = Day(TODAY, [thing("step", 30), thing("step", None), thing("step", 7), thing("step", 0), thing("step", -1)])
    assert [name for name, _ in day.groups()] == ["overdue", "today", "undated", "week", "later"]


def test_of_one_day_the_most_urgent_comes_first():
    day = Day(TODAY, [thing("referral", 1), thing("referral", 1, "soon"), thing("referral", 1, "acute")])
    assert [one.urgency for one in day.groups()[0][1]] == ["acute", "soon", None]


def test_the_most_urgent_comes_first_whatever_its_day():
    day = Day(TODAY, [thing("referral", 0, "routine"), thing("step", 0, "acute"), thing("referral", 9, "acute")])
    assert [one.urgency for one in day.of("referral")] == ["acute", "routine"]


def conference(stage: Stage, **told: date | datetime | None) -> ConferenceView:
    nothing = dict.fromkeys(ConferenceView.model_fields)
    return ConferenceView.model_validate(
        nothing
        | {"conference_id": uuid4(), "organiser": uuid4(), "stage": stage, "item": "all"}
        | {"minutes_form": MinutesForm.SOCIAL_WORK}
        | told
    )


def test_a_conference_late_in_the_evening_is_on_its_day_in_prague():
    starts = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
    found = conference_thing(conference(Stage.CONVENED, starts_at=starts), is_ours=False, today=TODAY)
    assert found is not None and found.due == date(2026, 5, 13)


def test_minutes_are_issued_the_day_after_the_last_day_for_comments():
    open_for_comments = conference(Stage.COMMENTS_OPEN, comments_until=TODAY)
    ours = conference_thing(open_for_comments, is_ours=True, today=TODAY)
    theirs = conference_thing(open_for_comments, is_ours=False, today=TODAY)
    assert ours is not None and (ours.kind, ours.due) == ("issue", TODAY + timedelta(days=1))
    assert theirs is not None and (theirs.kind, theirs.due) == ("comment", TODAY)


def test_nobody_is_asked_to_confirm_minutes_too_late():
    late = conference(Stage.MINUTES_ISSUED, confirm_by=TODAY - timedelta(days=1))
    assert conference_thing(late, is_ours=False, today=TODAY) is None
