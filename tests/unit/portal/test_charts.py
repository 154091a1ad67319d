"""A drawing says what its table says, no more and no less."""

from services.portal.web.charts import HEIGHT, bars, columns
from services.portal.web.tables import Table


def months() -> Table:
    table = Table("months", "Contacts by month", ["Month"], ["Contacts", "Interventions", "Approaches"])
    table.add(["January 2026", 12, 3, 90], short="1/2026")
    table.add(["February 2026", 0, 0, 0], short="2")
    table.add(["March 2026", 31, 9, 4], short="3")
    return table


def test_columns_stand_for_the_cells_of_the_table():
    drawing = columns(months(), 0, 1)
    assert drawing is not None
    assert drawing.series == ("Contacts", "Interventions")
    assert [stack.label for stack in drawing.stacks] == ["1", "2", "3"]
    assert [stack.under for stack in drawing.stacks] == ["2026", "", ""]
    top = drawing.ticks[-1].value
    said = [[round(part.height / HEIGHT * top) for part in stack.parts] for stack in drawing.stacks]
    assert said == [[12, 3], [], [31, 9]]


def test_columns_stay_inside_their_place():
    drawing = columns(months(), 0, 1, 2)
    assert drawing is not None
    for stack in drawing.stacks:
        for part in stack.parts:
            assert part.y >= 0 and part.y + part.height <= HEIGHT + 0.01
            assert part.x < stack.middle < part.x + part.width


def test_the_axis_has_few_round_steps():
    drawing = columns(months(), 2)
    assert drawing is not None
    assert [tick.value for tick in drawing.ticks] == [0, 20, 40, 60, 80, 100]
    assert drawing.ticks[0].y == HEIGHT and drawing.ticks[-1].y == 0


def test_bars_stand_for_the_cells_of_the_table():
    drawing = bars(months(), 0, 2)
    assert drawing is not None
    assert [(line.label, line.said) for line in drawing.lines] == [
        ("January 2026", (12, 90)),
        ("February 2026", (0, 0)),
        ("March 2026", (31, 4)),
    ]
    assert drawing.lines[0].widths == (round(12 / 90 * 100, 2), 100.0)


def test_what_is_held_back_is_not_drawn():
    table = Table("places", "Contacts by place", ["Place"], ["Contacts"])
    table.add(["Loket", "<5"])
    table.add(["Sokolov", 40])
    drawing = bars(table, 0)
    assert drawing is not None
    assert drawing.lines[0].widths == (0.0,)
    assert drawing.lines[0].said == ("<5",)


def test_nothing_counted_draws_nothing():
    table = Table("places", "Contacts by place", ["Place"], ["Contacts"])
    table.add(["Loket", 0], short="L")
    assert bars(table, 0) is None
    assert columns(table, 0) is None
