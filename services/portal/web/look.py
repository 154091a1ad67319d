"""How an organisation's pages look: one colour of its own, made readable, and its logo. All else is the same for all.

The thread, the focus and the colours of states belong to nobody.
"""

import hashlib
import re
from asyncio import to_thread
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg
from PIL import Image

from services.portal.web.colour import DARK, LIGHT, moved, readable

STRONGER = 0.07
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_PIXELS, LOGO_SIZE = 25_000_000, (480, 108)
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


class NoColour(ValueError):
    """Not a colour written as `#rrggbb`."""


class NoPicture(ValueError):
    """Not a picture of a kind we take, or far too large."""


@dataclass(frozen=True)
class Accent:
    """What one colour becomes. Raises NoColour."""

    chosen: str

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.chosen):
            raise NoColour

    @cached_property
    def light(self) -> str:
        return readable(self.chosen, LIGHT)

    @cached_property
    def dark(self) -> str:
        return readable(self.chosen, DARK)

    @property
    def is_darkened(self) -> bool:
        """The colour itself could not be read on paper; the administrator is told."""
        return self.light != self.chosen.upper()

    @cached_property
    def css(self) -> bytes:
        strong = moved(self.light, -STRONGER), moved(self.dark, STRONGER)
        return (
            f":root{{--accent:light-dark({self.light},{self.dark});"
            f"--accent-strong:light-dark({strong[0]},{strong[1]})}}\n"
        ).encode()


@dataclass(frozen=True)
class Look:
    """Addresses change with the content, so that browsers may keep what they name for ever."""

    accent: Accent | None = None
    logo: bytes | None = None

    @property
    def css_href(self) -> str | None:
        return f"/vzhled/{_hash(self.accent.css)}.css" if self.accent else None

    @property
    def logo_href(self) -> str | None:
        return f"/vzhled/{_hash(self.logo)}.png" if self.logo else None


class Looks:
    """The look in force, kept in the portal's own table."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool
        self.now = Look()

    async def load(self) -> None:
        """As it was chosen last."""
        row = await self._pool.fetchrow("select accent, logo from look")
        if row is not None:
            self.now = Look(Accent(row["accent"]) if row["accent"] else None, row["logo"])

    async def choose(self, look: Look, by: UUID) -> None:
        """From now on, for everybody."""
        await self._pool.execute(
            "insert into look (accent, logo, chosen_by, chosen_at) values ($1, $2, $3, clock_timestamp())"
            " on conflict (only_one) do update set accent = excluded.accent, logo = excluded.logo,"
            " chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
            look.accent.chosen if look.accent else None, look.logo, by,
        )  # fmt: skip
        self.now = look


async def as_logo(uploaded: bytes) -> bytes:
    """The picture drawn anew as a small PNG: nothing else that the file held comes with it. Raises NoPicture."""
    return await to_thread(_drawn, uploaded)


def _drawn(uploaded: bytes) -> bytes:
    try:
        with Image.open(BytesIO(uploaded), formats=FORMATS) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise NoPicture
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NoPicture from None
    drawn.thumbnail(LOGO_SIZE)
    packed = BytesIO()
    drawn.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
