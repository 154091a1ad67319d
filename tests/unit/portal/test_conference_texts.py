"""One text holds several things and gives all of them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.portal.web.conference.texts import (
    goal_and_agenda,
    goal_with,
    mark_of,
    one_heading,
    sections_of,
    text_of,
    title_with,
    what_and_sign,
)

HEADING = some.text(some.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
LINES = some.lists(some.text(some.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=20))
BODY = LINES.map("\n".join).filter(lambda text: "## " not in text).map(lambda text: text.strip("\n"))


@given(some.dictionaries(HEADING, BODY.filter(str.strip), max_size=6))
def test_sections_come_back_as_they_were_written(sections: dict[str, str]):
    assert sections_of(text_of(sections)) == sections


def test_sections_stand_in_the_order_of_the_page_and_empty_ones_are_left_out():
    sections = {"Rizika": "dluhy", "": "úvod", "Skutečnosti": "34 hodin", "Závěr": " "}
    assert text_of(sections, ["Skutečnosti", "Rizika"]) == "úvod\n\n## Skutečnosti\n34 hodin\n\n## Rizika\ndluhy"


def test_minutes_without_headings_are_one_section():
    assert sections_of("Sešli jsme se.\n\nDohodli jsme se.") == {"": "Sešli jsme se.\n\nDohodli jsme se."}
    assert sections_of("") == {}


def test_a_heading_is_one_line():
    assert one_heading("  Pohled:\n matka ") == "Pohled: matka"


def test_the_agenda_stands_below_the_goal_and_comes_back():
    goal = goal_with("Aby Denisa chodila do školy.\n\nA rodina nepřišla o byt.", "Docházka (20 min)\n\n 2. Bydlení ")
    assert goal.endswith("\n\n1. Docházka (20 min)\n2. Bydlení")
    assert goal_and_agenda(goal) == (
        "Aby Denisa chodila do školy.\n\nA rodina nepřišla o byt.",
        ["Docházka (20 min)", "Bydlení"],
    )


@pytest.mark.parametrize("goal", ["Aby chodila do školy.", "První.\n\nDruhý odstavec.", "1. sám", ""])
def test_a_goal_without_an_agenda_is_only_a_goal(goal: str):
    assert goal_and_agenda(goal) == (goal, [])


def test_an_agenda_without_a_goal_is_nothing():
    assert goal_with(" ", "Docházka") == ""


@pytest.mark.parametrize("sign", ["rozhodnutí ředitelky", ""])
def test_a_measure_keeps_what_and_how_one_can_tell(sign: str):
    assert what_and_sign(title_with(" Zajistit školku ", sign)) == ("Zajistit školku", sign)


def test_the_mark_changes_with_the_text():
    assert mark_of("a") != mark_of("b") and mark_of("a") == mark_of("a")
