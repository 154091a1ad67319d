"""A colour that can be read: its lightness is moved until its contrast is enough, its hue stays.

Contrast as WCAG 2 counts it, at least 4.5 : 1 on every ground of a theme and under its own label. Lightness is moved in
OKLCH; chroma only gives way to what a screen can show. Source of the conversion: Björn Ottosson, "A perceptual color
space for image processing" (2020).
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

READABLE = 4.5
_STEP = 0.005
Channels = tuple[float, float, float]


@dataclass(frozen=True)
class Ground:
    """Where a theme puts the accent. label: the text on a button of that colour; darker: where to look for contrast."""

    surfaces: tuple[str, ...]
    label: str
    darker: bool


LIGHT = Ground(("#FAF7F2", "#FFFFFF", "#F0ECE4"), "#FFFFFF", darker=True)
DARK = Ground(("#15191C", "#1E2428", "#101315"), "#0B2224", darker=False)


def readable(colour: str, ground: Ground) -> str:
    """The nearest lightness at which this colour can be read, as `#RRGGBB`."""
    lightness, chroma, hue = _oklch(colour)
    candidate = colour.upper()
    while not is_readable(candidate, ground):
        lightness += -_STEP if ground.darker else _STEP
        candidate = _hex(lightness, chroma, hue)
    return candidate


def is_readable(colour: str, ground: Ground) -> bool:
    return all(contrast(colour, other) >= READABLE for other in (*ground.surfaces, ground.label))


def moved(colour: str, by: float) -> str:
    """The same colour, lighter or (negative) darker."""
    lightness, chroma, hue = _oklch(colour)
    return _hex(lightness + by, chroma, hue)


def contrast(one: str, other: str) -> float:
    """As WCAG 2 counts it: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Channels:
    """Channels of `#rrggbb` as amounts of light."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _oklch(colour: str) -> Channels:
    """Lightness 0–1, chroma, hue in radians."""
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """`#RRGGBB`; with less chroma where a screen cannot show so much."""
    lightness = min(max(lightness, 0.0), 1.0)
    channels = _channels(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in channels):
        chroma = max(chroma - 0.002, 0.0)
        channels = _channels(lightness, chroma, hue)
    parts = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in channels]
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02X}" for part in parts)


def _channels(lightness: float, chroma: float, hue: float) -> Channels:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
