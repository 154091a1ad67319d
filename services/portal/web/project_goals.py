"""Targets beside what was reached. Each result stands by itself: two of them are never made into one (rule K05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.project.views import ProjectFigureView


@dataclass(frozen=True)
class Goal:
    """One result and what was promised; either may be missing. share: of the goal, in per cent."""

    indicator: str
    period_from: date
    period_to: date
    goal: int | None
    is_about: bool
    reached: int | None
    share: float | None
    source: str | None


def goals_of(figures: Sequence[ProjectFigureView]) -> list[Goal]:
    """One per result, and one per goal without any; indicators in the order of their names."""
    targets = {one.indicator: one for one in figures if one.kind == "target"}
    reached = [one for one in figures if one.kind == "actual"]
    found = [_result(one, targets.get(one.indicator)) for one in reached]
    met = {one.indicator for one in reached}
    found += [_promise(one) for one in targets.values() if one.indicator not in met]
    return sorted(found, key=lambda one: (one.indicator, one.period_from, one.period_to))


def _result(actual: ProjectFigureView, target: ProjectFigureView | None) -> Goal:
    return Goal(
        indicator=actual.indicator,
        period_from=actual.period_from,
        period_to=actual.period_to,
        goal=target.value if target else None,
        is_about=target is not None and target.approximate,
        reached=actual.value,
        share=actual.fulfilment,
        source=actual.source,
    )


def _promise(target: ProjectFigureView) -> Goal:
    return Goal(
        indicator=target.indicator,
        period_from=target.period_from,
        period_to=target.period_to,
        goal=target.value,
        is_about=target.approximate,
        reached=None,
        share=None,
        source=target.source,
    )
