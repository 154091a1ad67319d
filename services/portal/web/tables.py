"""Tables of figures: filled in by a template in the reader's language, then shown, drawn and exported alike.

Published figures (rule K09): a count of 1 to 4 is only said to be small, and where the sum would tell it after all,
one more is held back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

SMALL = 5
"""Counts below this are told to nobody outside."""
FEW = f"<{SMALL}"

Cell = str | int | float | None


def plain(text: object) -> str:
    """As people read it. What a template says comes escaped for a page, and a workbook is none."""
    return text.unescape() if isinstance(text, Markup) else str(text)


@dataclass(frozen=True)
class Table:
    """name: of the worksheet's place, not shown. words, numbers: headings. rows: words first, then numbers.

    total   the last row; it is the sum of those columns that can be added, and None in the others
    short   for the axis of a drawing, a few signs a row; what comes after a `/` stands under them
    """

    name: str
    title: str
    words: Sequence[str]
    numbers: Sequence[str]
    note: str = ""
    are_counts: bool = True
    rows: list[list[Cell]] = field(default_factory=list[list[Cell]])
    short: list[str] = field(default_factory=list[str])
    total: list[Cell] = field(default_factory=list[Cell])

    def add(self, cells: Sequence[Any], short: str = "") -> None:
        """One row."""
        self.rows.append([plain(cell) if position < len(self.words) else cell for position, cell in enumerate(cells)])
        self.short.append(short)

    def add_up(self, cells: Sequence[Any]) -> None:
        """The row under all others."""
        self.total.extend(plain(cell) if isinstance(cell, str) else cell for cell in cells)

    @property
    def columns(self) -> list[str | dict[str, Any]]:
        """As ui.data_table wants them."""
        return [*self.words, *({"word": word, "number": True} for word in self.numbers)]

    @property
    def is_empty(self) -> bool:
        return not any(isinstance(cell, int | float) and cell for row in self.rows for cell in row)


@dataclass
class Book:
    """What a template fills in. is_published: small counts are held back.

    withheld   the word for what goes with them
    head       lines over every table of an export
    """

    is_published: bool = False
    withheld: str = ""
    head: list[str] = field(default_factory=list[str])
    tables: dict[str, Table] = field(default_factory=dict[str, Table])

    def begin(self, withheld: str, *head: str) -> None:
        """The words of the whole book."""
        self.withheld = plain(withheld)
        self.head.extend(plain(line) for line in head)

    def table(
        self,
        name: str,
        title: str,
        words: Sequence[str],
        numbers: Sequence[str],
        note: str = "",
        are_counts: bool = True,
    ) -> Table:
        """A new table, to be filled in."""
        headings = [plain(word) for word in words], [plain(word) for word in numbers]
        self.tables[name] = made = Table(name, plain(title), *headings, plain(note), are_counts)
        return made

    def __getitem__(self, name: str) -> Table:
        """As it may be shown."""
        table = self.tables[name]
        return published(table, self.withheld) if self.is_published and table.are_counts else table

    def all(self) -> list[Table]:
        """As they may be shown, in their order."""
        return [self[name] for name in self.tables]


def published(table: Table, withheld: str) -> Table:
    """The same with its small counts held back."""
    first, rows, total = len(table.words), [list(row) for row in table.rows], list(table.total)
    for position in range(first, first + len(table.numbers)):
        counts = [row[position] if isinstance(row[position], int) else None for row in rows]
        whole = total[position] if position < len(total) else None
        kept, kept_whole = held_back(counts, whole if isinstance(whole, int) else None, withheld)
        for row, cell in zip(rows, kept, strict=True):
            row[position] = cell if cell is not None else row[position]
        if kept_whole is not None:
            total[position] = kept_whole
    return replace(table, rows=rows, total=total)


def held_back(counts: Sequence[Cell], whole: Cell, withheld: str) -> tuple[list[Cell], Cell]:
    """One column and its sum. None: no count there. The smallest others go with small ones the sum would tell."""
    small = {place for place, count in enumerate(counts) if isinstance(count, int) and 0 < count < SMALL}
    told = {place: count for place, count in enumerate(counts) if isinstance(count, int) and count >= SMALL}
    silent = set[int]()
    if small and isinstance(whole, int) and whole >= SMALL:
        while told and _tells(counts, small | silent):
            smallest = min(told, key=lambda place: (told[place], place))
            silent.add(smallest)
            del told[smallest]
        if _tells(counts, small | silent):
            whole = withheld
    shown: list[Cell] = [
        FEW if place in small else withheld if place in silent else count for place, count in enumerate(counts)
    ]
    return shown, FEW if isinstance(whole, int) and 0 < whole < SMALL else whole


def _tells(counts: Sequence[Cell], hidden: set[int]) -> bool:
    """Whether the sum less what is shown says too much about what is not."""
    rest = sum(count for place, count in enumerate(counts) if place in hidden and isinstance(count, int))
    return len(hidden) < 2 or rest < SMALL
