"""Goals and results stand side by side, and neither is made of the other (rule K05)."""

from datetime import date
from typing import Literal

from services.portal.web.project_goals import goals_of
from services.reporting.project.views import ProjectFigureView

WHOLE = (date(2017, 9, 1), date(2021, 3, 31))


def figure(
    indicator: str,
    kind: Literal["target", "baseline", "actual"],
    value: int,
    period: tuple[date, date] = WHOLE,
    share: float | None = None,
    approximate: bool = False,
) -> ProjectFigureView:
    return ProjectFigureView(
        indicator=indicator, kind=kind, period_from=period[0], period_to=period[1], value=value,
        approximate=approximate, source=None, fulfilment=share,
    )  # fmt: skip


def test_a_result_stands_beside_its_goal():
    goals = goals_of(
        [figure("supported", "target", 200, approximate=True), figure("supported", "actual", 101, share=50.5)]
    )
    assert [(one.goal, one.is_about, one.reached, one.share) for one in goals] == [(200, True, 101, 50.5)]


def test_two_results_are_never_made_into_one():
    first, second = (date(2015, 1, 1), date(2015, 6, 30)), (date(2015, 7, 1), date(2015, 12, 31))
    goals = goals_of([figure("families", "actual", 20, second), figure("families", "actual", 17, first)])
    assert [(one.reached, one.goal, one.share) for one in goals] == [(17, None, None), (20, None, None)]


def test_a_goal_without_a_result_is_shown_and_a_baseline_is_neither():
    goals = goals_of([figure("flats", "target", 4), figure("attendance", "baseline", 5)])
    assert [(one.indicator, one.goal, one.reached) for one in goals] == [("flats", 4, None)]
