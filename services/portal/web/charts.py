"""Drawings of tables: where each bar lies, from the table's own cells. A template draws them; the table speaks.

Widths are per cent of the drawing and heights are pixels, so that the words in it keep their size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.portal.web.tables import Cell, Table

HEIGHT = 180
GAP = 0.28
"""Part of a column's place that stays free."""


@dataclass(frozen=True)
class Part:
    """One piece of a bar. series: which column of numbers."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    value: int
    y: float


@dataclass(frozen=True)
class Stack:
    """One column of the drawing. middle: where its label stands, and what is under it."""

    label: str
    under: str
    middle: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Columns:
    """Standing bars, the series on top of each other."""

    series: tuple[str, ...]
    ticks: tuple[Tick, ...]
    stacks: tuple[Stack, ...]
    height: int = HEIGHT


@dataclass(frozen=True)
class Line:
    """One row of lying bars. said: each series in figures, as in the table."""

    label: str
    widths: tuple[float, ...]
    said: tuple[Cell, ...]


@dataclass(frozen=True)
class Bars:
    """Lying bars, the series under each other."""

    series: tuple[str, ...]
    lines: tuple[Line, ...]


def columns(table: Table, *series: int) -> Columns | None:
    """Standing bars of these columns of numbers. None: nothing to draw."""
    found = [[_drawn(row[len(table.words) + one]) for one in series] for row in table.rows]
    top, step = _scale(max((sum(one) for one in found), default=0))
    if not top:
        return None
    place = 100 / len(found)
    stacks: list[Stack] = []
    for position, (values, label) in enumerate(zip(found, table.short, strict=True)):
        y, parts = float(HEIGHT), list[Part]()
        for which, value in enumerate(values):
            height = value / top * HEIGHT
            y -= height
            if height:
                x, width = place * (position + GAP / 2), place * (1 - GAP)
                parts.append(Part(which, round(x, 3), round(y, 2), round(width, 3), round(height, 2)))
        above, _, under = label.partition("/")
        stacks.append(Stack(above, under, round(place * (position + 0.5), 3), tuple(parts)))
    ticks = tuple(Tick(value, round(HEIGHT - value / top * HEIGHT, 2)) for value in range(0, top + 1, step))
    return Columns(tuple(table.numbers[one] for one in series), ticks, tuple(stacks))


def bars(table: Table, *series: int) -> Bars | None:
    """Lying bars of these columns of numbers. None: nothing to draw."""
    found: list[tuple[str, Sequence[Cell]]] = [
        (str(row[0]), [row[len(table.words) + one] for one in series]) for row in table.rows
    ]
    most = max((_drawn(cell) for _, cells in found for cell in cells), default=0)
    if not most:
        return None
    lines = [
        Line(label, tuple(round(_drawn(cell) / most * 100, 2) for cell in cells), tuple(cells))
        for label, cells in found
    ]
    return Bars(tuple(table.numbers[one] for one in series), tuple(lines))


def _drawn(cell: Cell) -> float:
    """What is held back is not drawn either."""
    return float(cell) if isinstance(cell, int | float) else 0.0


def _scale(most: float) -> tuple[int, int]:
    """The top of the axis and its step: 1, 2 or 5 times a power of ten, at most five steps."""
    step = next(
        (times * 10**power for power in range(9) for times in (1, 2, 5) if times * 10**power * 5 >= most), 10**9
    )
    return (-int(-most // step) * step, step) if most > 0 else (0, 1)
