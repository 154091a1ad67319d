"""Cards, services and guidance as pages show them."""

from datetime import timedelta

import pytest

from libs.codelists import Need
from services.portal.web.directory_entries import (
    NEEDS,
    area_of,
    areas,
    differences,
    is_fresh,
    language_name,
    lines,
    mark,
    municipalities,
    spoken,
    tel_href,
    today,
    web_href,
)
from services.portal.web.form import blank
from tests.examples.directory_card import card


def test_an_entry_is_fresh_for_six_months():
    assert is_fresh(today() - timedelta(days=180))
    assert not is_fresh(today() - timedelta(days=190))
    assert not is_fresh(None)


def test_every_problem_is_offered_once():
    offered = [need for group in NEEDS.values() for need in group]
    assert sorted(offered) == sorted(Need)


@pytest.mark.parametrize(
    ("web", "href"),
    [
        ("https://nit.example", "https://nit.example"),
        ("www.nit.example", "https://www.nit.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("na Facebooku", None),
    ],
)
def test_a_partner_s_web_never_becomes_a_script(web: str, href: str | None):
    assert web_href(web) == href


def test_a_telephone_may_be_dialled():
    assert tel_href("+420 352 000 101, klapka 2") == "tel:+4203520001012"


def test_a_place_is_named_by_its_code():
    assert area_of("municipality:560561", "cs") == ("municipality", "Nová Ves")
    assert area_of("region:51", "en") == ("region", "Karlovy Vary Region")
    assert area_of("orp:9999", "cs") == ("orp", "9999")


def test_what_is_stored_stays_to_be_chosen():
    assert ("orp:9999", "9999") in areas("cs", ["orp:9999"])["orp"]
    assert ("999999", "999999") in municipalities("999999")
    assert ("ka", "gruzínština") in spoken("cs", ["ka"])
    assert language_name("rom", "en") == "Romany"


def test_lines_are_what_was_written_one_below_another():
    assert lines(" občanský průkaz \n\n výzva ") == ["občanský průkaz", "výzva"]


def test_a_changed_entry_has_another_mark():
    assert mark(card()) == mark(card()) != mark(card(phone="1"))
    assert mark(None) == ""


def test_only_what_differs_is_shown_side_by_side():
    typed = blank({"name": "Nit", "languages": ["cs", "uk"]})
    stored = {"name": "Nit", "languages": ["cs"], "phone": "352 000 000"}
    assert differences(typed, stored) == [("languages", ["cs", "uk"], ["cs"]), ("phone", [], ["352 000 000"])]
