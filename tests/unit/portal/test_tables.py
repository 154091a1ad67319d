"""What is published about few people tells nobody who they are (rule K09)."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from services.portal.web.tables import SMALL, Book, Cell, held_back

AWAY = "withheld"


def test_a_small_count_is_only_said_to_be_small():
    assert held_back([0, 3, 4, 12], None, AWAY) == ([0, "<5", "<5", 12], None)


def test_one_more_goes_where_the_sum_would_tell():
    assert held_back([20, 3, 7, 12], 42, AWAY) == ([20, "<5", AWAY, 12], 42)


def test_two_small_ones_may_be_too_few_together():
    assert held_back([1, 1, 9], 11, AWAY) == (["<5", "<5", AWAY], 11)
    assert held_back([4, 3, 9], 16, AWAY) == (["<5", "<5", 9], 16)


def test_a_small_sum_is_small_too():
    assert held_back([1, 2], 3, AWAY) == (["<5", "<5"], "<5")


@given(st.lists(st.integers(0, 40), max_size=12))
def test_no_small_count_can_be_worked_out(counts: list[int]):
    whole = sum(counts)
    shown, told = held_back(counts, whole, AWAY)
    assert all(cell == count for cell, count in zip(shown, counts, strict=True) if isinstance(cell, int))
    assert not any(isinstance(cell, int) and 0 < cell < SMALL for cell in (*shown, told))
    hidden = [count for cell, count in zip(shown, counts, strict=True) if not isinstance(cell, int)]
    if hidden and isinstance(told, int):
        assert len(hidden) > 1 and sum(hidden) >= SMALL


def test_inside_the_organisation_every_count_is_shown():
    told: list[list[Cell]] = []
    for is_published in (False, True):
        book = Book(is_published=is_published)
        book.begin(AWAY)
        table = book.table("places", "Contacts by place", ["Place"], ["Contacts", "Approaches"])
        table.add(["Loket", 3, 60])
        table.add(["Sokolov", 12, 70])
        table.add_up(["All", 15, 130])
        told.append([*book["places"].rows[0], *book["places"].total])
    assert told == [["Loket", 3, 60, "All", 15, 130], ["Loket", "<5", 60, "All", 15, 130]]


def test_figures_that_count_nobody_are_left_alone():
    book = Book(is_published=True)
    table = book.table("goals", "Goals", ["Indicator"], ["Goal"], are_counts=False)
    table.add(["LAN parties", 3])
    assert book["goals"].rows == [["LAN parties", 3]]


def test_what_a_template_says_is_plain_text_in_a_table():
    book = Book()
    table = book.table("places", Markup("Contacts &amp; places"), ["Place"], ["Contacts"])
    table.add([Markup("Q&amp;A"), 7])
    assert (table.title, table.rows) == ("Contacts & places", [["Q&A", 7]])
