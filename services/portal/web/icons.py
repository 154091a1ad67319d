"""Icons: drawings of Lucide, inline, in the colour of the text beside them. Only those of a fixed list."""

import re
from functools import cache

from jinja2 import Environment
from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup

_NAMES = """
activity alarm-clock archive arrow-left arrow-left-right arrow-right arrow-up arrow-down badge-check ban bell
book-open building-2 calendar calendar-check calendar-clock calendar-x camera chart-column check check-check
chevron-down chevron-left chevron-right chevron-up chevrons-up-down circle circle-alert circle-check circle-dashed
circle-dot circle-pause circle-question-mark circle-slash circle-user-round circle-x clipboard-check clipboard-list
clock clock-alert clock-arrow-up cloud-check cloud-upload contact copy corner-up-left corner-up-right door-open
download drama eraser euro external-link eye eye-off file-check file-clock file-exclamation-point file-pen file-plus
file-text files funnel fingerprint-pattern flag flag-off folder folder-output footprints gavel git-fork git-merge
globe graduation-cap hand hand-helping handshake hash heart-handshake history hourglass house id-card inbox info
key-round landmark languages layers lightbulb link list list-checks lock lock-open log-in log-out mail mail-check
mail-open mail-warning mail-x map map-pin megaphone menu message-circle message-circle-question-mark message-square
message-square-plus message-square-warning messages-square minus monitor moon network notebook-pen octagon-x paperclip
pen-line phone plus printer puzzle qr-code refresh-cw route save scale school search search-check send settings
share-2 shield shield-alert shield-check shuffle siren sliders-horizontal smartphone sprout sun table target timer
timer-off trash-2 triangle-alert undo-2 unlink upload user-round user-round-check user-round-cog user-round-plus
user-round-x users users-round utensils wallet waypoints x zap
"""
ICONS = frozenset(_NAMES.split())
_FRAME = re.compile(r"<svg[^>]*>")
_OURS = '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'


class NoSuchIcon(LookupError):
    """A template names an icon that is not in the list."""


@cache
def icon(name: str) -> Markup:
    """The drawing; it says nothing to a screen reader, so a word always stands beside it."""
    if name not in ICONS:
        raise NoSuchIcon(name)
    try:
        drawing = str(lucide(name))
    except IconDoesNotExist as missing:
        raise NoSuchIcon(name) from missing
    return Markup(_FRAME.sub(_OURS, re.sub(r"\s+", " ", drawing)).replace(" />", "/>").replace("> <", "><"))


def install(environment: Environment) -> None:
    """`svg(name)` in templates; `ui.icon(name)` is the same."""
    environment.globals["svg"] = icon
