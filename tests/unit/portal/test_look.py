"""Whatever colour an organisation chooses can be read; of whatever picture it uploads a small one stays."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.portal.web.assets import STATIC
from services.portal.web.colour import DARK, LIGHT, READABLE, contrast, is_readable
from services.portal.web.look import LOGO_SIZE, Accent, Look, NoColour, NoPicture, as_logo

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_any_accent_ends_readable_in_both_themes(colour: str):
    accent = Accent(colour)
    assert is_readable(accent.light, LIGHT)
    assert is_readable(accent.dark, DARK)


@given(colours)
def test_a_readable_accent_stays_as_it_is(colour: str):
    accent = Accent(colour)
    assert accent.is_darkened != (accent.light == colour.upper())
    assert Accent(accent.light).light == accent.light


def test_contrast_is_counted_as_wcag_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#FFFFFF", "#767676") == contrast("#767676", "#FFFFFF")


def test_the_common_accent_is_left_alone_and_a_pale_one_is_darkened():
    assert not Accent("#155E63").is_darkened
    assert Accent("#FFCC00").is_darkened
    assert contrast(Accent("#FFCC00").light, "#FFFFFF") >= READABLE


def test_the_stylesheet_sets_the_accent_and_nothing_else():
    css = Accent("#7a1f5c").css.decode()
    assert css.startswith(":root{--accent:light-dark(#7A1F5C,")
    assert "--thread" not in css and "--focus" not in css


def test_an_address_changes_with_what_it_names():
    first, second = Look(Accent("#7a1f5c"), b"one"), Look(Accent("#155e63"), b"two")
    assert first.css_href != second.css_href and first.logo_href != second.logo_href
    assert Look().css_href is None and Look().logo_href is None


@pytest.mark.parametrize("text", ["red", "#12345", "#12345g", "#123456;}", ""])
def test_what_is_no_colour_is_refused(text: str):
    with pytest.raises(NoColour):
        Accent(text)


def test_the_grounds_are_those_of_the_stylesheet():
    tokens = (STATIC / "css" / "00-tokens.css").read_text(encoding="utf-8")
    for names in zip(LIGHT.surfaces, DARK.surfaces, strict=True):
        assert f"light-dark({names[0]}, {names[1]})" in tokens
    assert f"light-dark({LIGHT.label}, {DARK.label})" in tokens


async def test_a_logo_is_drawn_anew_and_small():
    packed = BytesIO()
    Image.new("RGB", (3000, 1000), "#155E63").save(packed, "JPEG", comment=b"taken at home")
    logo = await as_logo(packed.getvalue())
    with Image.open(BytesIO(logo)) as drawn:
        assert drawn.format == "PNG" and drawn.height <= LOGO_SIZE[1] and drawn.width <= LOGO_SIZE[0]
    assert b"taken at home" not in logo


@pytest.mark.parametrize("uploaded", [b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n and then nothing"])
async def test_what_is_no_picture_is_refused(uploaded: bytes):
    with pytest.raises(NoPicture):
        await as_logo(uploaded)
