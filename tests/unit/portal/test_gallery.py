"""Every macro in every state, the frame and the pages of trouble: in both languages and themes, nothing inline."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from services.portal.web.assets import Assets
from services.portal.web.form import blank
from services.portal.web.language import LANGUAGES, Language
from services.portal.web.names import Names
from services.portal.web.navigation import PARTS, Item
from services.portal.web.pages.gallery import examples
from services.portal.web.start import environment

TROUBLE = ("not_here", "too_often", "away", "fault", "stale", "foreign", "too_long")
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")


@pytest.fixture(scope="module", params=LANGUAGES)
def templates(request: pytest.FixtureRequest) -> Environment:
    return environment(Language(request.param), Names(), Assets())


@pytest.fixture(params=["signed in", "a visitor"])
def page(request: pytest.FixtureRequest, templates: Environment) -> Any:
    signed_in = request.param == "signed in"
    return SimpleNamespace(
        session="somebody" if signed_in else None,
        theme="dark" if signed_in else "",
        language="cs",
        actor=SimpleNamespace(user=None, roles=frozenset({"key_worker"}), team="SLAVKOV"),
        request=SimpleNamespace(url=SimpleNamespace(path="/galerie")),
        blank=lambda **values: blank(values),
        site=SimpleNamespace(languages={name: Language(name) for name in LANGUAGES}),
    )


def shown(templates: Environment, name: str, page: Any, **content: Any) -> str:
    menu = [Item(part, path, part == "contacts") for part, path, _ in PARTS] if page.session else []
    site = SimpleNamespace(organisation=SimpleNamespace(name="Nit, z. ú."), is_demonstration=True)
    return templates.get_template(name).render(
        page=page, site=site, language="cs", menu=menu, notice="saved", names=None, **content
    )


def test_every_part_is_shown_in_every_state_and_nothing_is_inline(templates: Environment, page: Any):
    text = shown(templates, "gallery.html", page, **examples(page))
    assert not INLINE.search(text)
    assert "None" not in text and "Undefined" not in text
    assert ("popover" in text) == (page.session is not None)


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_is_told_also_to_a_visitor(templates: Environment, page: Any, trouble: str):
    text = shown(templates, f"errors/{trouble}.html", page, code="A7F2", again=None)
    assert text.count("<h1>") == 1 and not INLINE.search(text)
    assert ("A7F2" in text) == (trouble == "fault")


def test_without_a_page_at_all_the_frame_still_stands(templates: Environment):
    text = templates.get_template("errors/fault.html").render(language="cs")
    assert "<main" in text and 'class="visitor"' in text


def test_every_state_has_a_word_an_icon_and_a_tone_and_no_two_look_alike_in_grey(templates: Environment):
    table = getattr(templates.get_template("chips.html").module, "TABLE")  # noqa: B009
    for family, states in table.items():
        looks = [(word, icon) for word, icon, _ in states.values()]
        assert len(set(looks)) == len(looks), family
        assert {tone for *_, tone in states.values()} <= {"ok", "info", "wait", "bad", "away", "mute"}


def test_what_was_refused_is_marked_named_and_kept(templates: Environment, page: Any):
    text = shown(templates, "gallery.html", page, **examples(page))
    assert text.count('aria-invalid="true"') == 5
    assert 'value="-5"' in text


def test_nothing_can_be_typed_where_there_is_no_form(templates: Environment):
    ui = '{% import "ui.html" as ui with context %}{{ ui.field(none, "note", "Note", value="<b>") }}'
    text = templates.from_string(ui).render()
    assert "<input" not in text and "&lt;b&gt;" in text


def test_the_budget_of_styles_and_scripts_holds():
    sizes = Assets().sizes()
    assert sizes["spojka.css"] <= 15_000
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= 40_000
