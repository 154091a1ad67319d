"""Every icon of the list can be drawn, and templates name no other."""

import re

import pytest

from services.portal.web.icons import ICONS, NoSuchIcon, icon
from services.portal.web.language import TEMPLATES

NAMED = re.compile(r"""(?:svg\(|icon=|ui\.icon\(|"icon": )"([a-z0-9-]+)\"""")
QUOTED, SOURCES = re.compile(r"""["']([a-z0-9-]+)["']"""), {".html", ".py", ".js"}


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_drawn_without_styles_and_says_nothing(name: str):
    drawing = icon(name)
    assert drawing.startswith("<svg") and drawing.endswith("</svg>")
    assert 'aria-hidden="true"' in drawing and "style=" not in drawing and "xmlns" not in drawing


def test_templates_name_only_icons_of_the_list():
    named = {
        (file.name, name)
        for file in TEMPLATES.rglob("*.html")
        for name in NAMED.findall(file.read_text(encoding="utf-8"))
    }
    assert {(file, name) for file, name in named if name not in ICONS} == set()


def test_no_icon_of_the_list_is_left_unused():
    sources = [file.read_text(encoding="utf-8") for file in TEMPLATES.parent.rglob("*") if file.suffix in SOURCES]
    written = {name for source in sources for name in QUOTED.findall(source)}
    assert ICONS - written == set()


def test_another_icon_is_a_mistake_in_the_template():
    with pytest.raises(NoSuchIcon):
        icon("skull")
