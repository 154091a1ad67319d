"""Both languages are whole: every text of every template, every counted one in all its forms, and nothing left over."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from libs.codelists import AgeBand, DeclineReason, FailedReason, Need
from libs.privacy import Personal
from services.portal.web.language import (
    FROM_PYTHON,
    LANGUAGES,
    LOCALE,
    Language,
    Text,
    area_of,
    catalogue,
    chosen,
    extract,
    iso_day,
    merged,
    missing,
    sentence,
)

PORTAL = Path(__file__).parents[3] / "services" / "portal"
CZECH = re.compile(r"[ěščřžýáíéúůťďňóĚŠČŘŽÝÁÍÉÚŮŤĎŇÓ]")
NOW = datetime(2026, 5, 12, 12, 32, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return list(extract())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_every_counted_one_has_all_its_forms(language: str, texts: list[Text]):
    assert [f"{text.line}: {text.msgid}" for text in missing(language, texts, merged(language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str, texts: list[Text]):
    used = {text.key for text in texts}
    left = [
        f"{file.name}: {key[1]}" for file, key, _ in _entries(language) if key not in used and key[0] not in FROM_PYTHON
    ]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_has_one_translation(language: str):
    found: defaultdict[tuple[str | None, str], set[object]] = defaultdict(set)
    for _, key, string in _entries(language):
        found[key].add(string)
    assert {key: strings for key, strings in found.items() if len(strings) > 1} == {}


def test_what_python_asks_for_stands_in_both_languages():
    asked = {
        language: {key for _, key, string in _entries(language) if key[0] in FROM_PYTHON and string}
        for language in LANGUAGES
    }
    assert asked["cs"] == asked["en"]


def test_placeholders_are_the_same_in_both_languages():
    named = re.compile(r"%\(\w+\)s")
    for file, key, string in _entries("en"):
        if key[0] not in FROM_PYTHON:
            translated = string if isinstance(string, str) else " ".join(string)
            assert set(named.findall(translated)) == set(named.findall(key[1])), f"{file.name}: {key[1]}"


def test_no_module_of_the_portal_speaks_czech():
    spoken = [
        f"{file.relative_to(PORTAL)}:{line}: {text}"
        for file in PORTAL.rglob("*.py")
        for line, text in _strings(ast.parse(file.read_text(encoding="utf-8")))
        if CZECH.search(text)
    ]
    assert spoken == []


def test_the_language_is_the_persons_own_choice_else_the_browsers_else_czech():
    assert chosen("en", "cs") == "en"
    assert chosen("de", "en-GB,en;q=0.9,cs;q=0.5") == "en"
    assert chosen(None, "sk-SK, cs;q=0.9") == "cs"
    assert chosen(None, "de") == "cs"
    assert chosen(None, None) == "cs"


def test_days_and_times_are_those_of_the_clocks_in_prague():
    czech, english = Language("cs", clock=lambda: NOW), Language("en", clock=lambda: NOW)
    late = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)
    assert czech.day(NOW) == f"út{NBSP}12.{NBSP}5.{NBSP}2026"
    assert czech.day(late) == f"st{NBSP}13.{NBSP}5.{NBSP}2026"
    assert english.moment(NOW) == f"Tue{NBSP}12{NBSP}May{NBSP}2026 14:32"
    assert czech.month(NOW) == f"květen{NBSP}2026"
    assert czech.when(date(2026, 5, 12)) == czech.day("2026-05-12") == czech.day(NOW)
    assert czech.when(NOW).endswith(" 14:32")
    assert czech.day("zítra") == "zítra"
    assert czech.time(time(9, 5)) == "09:05"
    assert iso_day(late) == "2026-05-13"
    assert czech.day(None) == czech.moment(None) == czech.time(None) == czech.month(None) == iso_day(None) == ""


def test_how_long_ago_is_said_with_its_plural():
    czech, english = Language("cs", clock=lambda: NOW), Language("en", clock=lambda: NOW)
    assert czech.ago(datetime(2026, 5, 11, 10, tzinfo=UTC)) == f"před{NBSP}1{NBSP}dnem"
    assert czech.ago(date(2026, 5, 10)) == f"před{NBSP}2{NBSP}dny"
    assert czech.ago(date(2026, 5, 17)) == f"za{NBSP}5{NBSP}dní"
    assert english.ago(date(2026, 5, 17)) == f"in{NBSP}5{NBSP}days"
    assert [czech.ago(date(2026, 5, day)) for day in (11, 12, 13)] == ["včera", "dnes", "zítra"]
    assert czech.ago(NOW) == f"právě{NBSP}teď".replace(NBSP, " ")
    assert czech.ago(None) == czech.until(None) == ""
    assert czech.until(date(2026, 5, 13)) == "zítra"
    assert czech.until(date(2026, 6, 30)) == czech.day(date(2026, 6, 30))


def test_numbers_and_plural_forms_of_czech():
    czech, english = Language("cs"), Language("en")
    assert czech.number(1234.5) == f"1{NBSP}234,5"
    assert english.number(1234) == "1,234"
    assert czech.number("<5") == "<5" and czech.number(None) == ""
    assert [czech.plural(n) for n in (0, 1, 2, 5, Decimal("1.5"))] == ["other", "one", "few", "other", "many"]
    assert [english.plural(n) for n in (0, 1, 2)] == ["other", "one", "other"]


def test_codes_are_said_in_words():
    czech, english = Language("cs"), Language("en")
    assert czech.label(Need.DEBTS) == "dluhy" and english.label(Need.DEBTS) == "debts"
    assert czech.label([Need.DEBTS, Need.HOUSING]) == "dluhy, bydlení"
    assert czech.label("no_show", DeclineReason, FailedReason) == "nedostavil se"
    assert czech.label("unheard_of", DeclineReason) == "unheard_of" and czech.label(None) == ""
    assert czech.options(Need, only=("debts", "housing")) == [("housing", "Bydlení"), ("debts", "Dluhy")]
    assert ("debts", "Debts") not in english.options(Need, without=("debts",))
    assert czech.place("560286") == "Sokolov" and czech.place("999999") == "999999" and czech.place(None) == ""
    assert english.roles({"team_leader", "key_worker"}) == "key worker, team leader"
    assert sentence("ústní") == "Ústní" and sentence("") == ""
    assert czech.label(AgeBand.AGE_1_6) == f"1–6{NBSP}let"


def test_a_personal_value_is_printed_in_clear_withheld_or_not_at_all():
    environment = Environment(loader=DictLoader({"page": "{{ value }}"}), autoescape=True, undefined=StrictUndefined)
    Language("cs").install(environment)
    page = environment.get_template("page")
    assert page.render(value=Personal("<Dendy>")) == "&lt;Dendy&gt;"
    assert page.render(value=Personal[str]()) == "vymazáno"
    assert page.render(value=None) == ""


def test_texts_are_bound_with_spaces_that_do_not_break_and_typed_ones_are_left_alone():
    page = '{{ _("Mluvili o škole a o tom") }}|{{ _("Za %(n)s dní v %(who)s", n=3, who=who) }}|{{ who }}'
    environment = Environment(loader=DictLoader({"page": page}), autoescape=True)
    Language("cs").install(environment)
    bound, counted, typed = environment.get_template("page").render(who="v lese").split("|")
    assert bound == f"Mluvili o{NBSP}škole a{NBSP}o{NBSP}tom"
    assert counted == f"Za 3{NBSP}dní v{NBSP}v lese"
    assert typed == "v lese"


def test_every_kind_of_text_is_found(tmp_path: Path):
    folder = tmp_path / "contacts"
    folder.mkdir()
    (folder / "list.html").write_text(
        '{{ _("Uložit") }}{% trans n=count %}\n  {{ n }} kontakt{% pluralize %}{{ n }} kontaktů{% endtrans %}'
        '{{ pgettext("menu", "Konference") }}{% do names.append(_("Nit")) %}',
        encoding="utf-8",
    )
    found = [(text.context, text.msgid, text.plural, text.area) for text in extract(tmp_path)]
    assert found == [
        (None, "Uložit", None, "contacts"),
        (None, "%(n)s kontakt", "%(n)s kontaktů", "contacts"),
        ("menu", "Konference", None, "contacts"),
        (None, "Nit", None, "contacts"),
    ]


def test_the_frame_and_the_macros_have_areas_of_their_own():
    assert area_of(Path("notices.html")) == "base" and area_of(Path("chips.html")) == "ui"
    assert area_of(Path("gallery.html")) == "gallery" and area_of(Path("errors/away.html")) == "errors"


def _entries(language: str) -> Iterator[tuple[Path, tuple[str | None, str], str | tuple[str, ...]]]:
    for file in sorted((LOCALE / language).glob("*.po")):
        for message in catalogue(file, language):
            if message.id:
                msgid = message.id if isinstance(message.id, str) else message.id[0]
                string = message.string if isinstance(message.string, str) else tuple(message.string or ())
                yield file, (message.context, msgid), string


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is not a docstring (a string that stands alone)."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value
