"""Icons: drawings of Lucide, inline, in the colour of the text beside them. Only those of a fixed list."""

import re
from functools import cache

from jinja2 import Environment
from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup

_NAMES = """
activity archive arrow-left arrow-left-right arrow-right badge-check ban book-open building-2 calendar calendar-check
calendar-clock calendar-x chart-column check check-check chevron-down chevron-right chevron-up chevrons-up-down circle
circle-alert circle-check circle-dashed circle-dot circle-pause circle-question-mark circle-slash circle-user-round
circle-x clipboard-check clipboard-list clock clock-alert clock-arrow-up cloud-check cloud-upload contact copy
corner-up-left corner-up-right door-open download drama eraser eye eye-off file-check file-clock
file-exclamation-point file-pen file-text fingerprint-pattern flag flag-off folder folder-output footprints funnel
git-fork git-merge globe hand hand-helping handshake hash history hourglass house id-card inbox info key-round
landmark languages lightbulb link list list-checks lock lock-open log-in log-out mail mail-check mail-open
mail-warning mail-x map map-pin megaphone menu message-circle message-circle-question-mark message-square
message-square-plus message-square-warning messages-square minus monitor moon network notebook-pen octagon-x pen-line
phone plus printer puzzle refresh-cw route save school search search-check send settings share-2 shield shield-alert
shuffle siren smartphone sun table target timer timer-off trash-2 triangle-alert undo-2 unlink user-round
user-round-check user-round-cog user-round-plus user-round-x users users-round waypoints wifi-off x zap
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
