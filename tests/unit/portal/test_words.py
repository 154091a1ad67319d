"""Words are found as people type them."""

import pytest

from services.portal.web.pages.settings import suggested_login
from services.portal.web.words import by_words


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("dluhy", "Dluhová poradna"),
        ("exekutor", "Přišla mi výzva exekutora"),
        ("psycholog", "Školní psycholožka"),
        ("BYDLENI", "bydlení"),
        ("mám dluhy na nájmu", "dluhy"),
        ("škola", "dluhy ve škole"),
    ],
)
def test_endings_diacritics_and_other_words_do_not_matter(asked: str, text: str):
    assert by_words(asked, [text], str) == [text]


@pytest.mark.parametrize(("asked", "text"), [("", "cokoli"), ("s a v", "s a v"), ("lékař", "dluhy")])
def test_what_says_nothing_finds_nothing(asked: str, text: str):
    assert by_words(asked, [text], str) == []


def test_who_holds_more_of_the_words_stands_first_else_the_order_stays():
    texts = ["nájem", "dluhy", "dluhy na nájmu, nájem"]
    assert by_words("dluhy nájem", texts, str) == ["dluhy na nájmu, nájem", "nájem", "dluhy"]


def test_a_login_is_suggested_in_parts_that_can_be_read():
    assert suggested_login("Šimon Kareš") == "simon.kares"
    assert suggested_login("Anna Marie Říhová-Dvořáková") == "anna.marie.rihovadvorakova"
