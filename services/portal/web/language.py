"""The two languages of the pages: texts, days, numbers and the words for codes.

Source strings are Czech and stand in the templates. All of locale/<language>/*.po is merged at the start. Contexts
`refusal`, `field` and `value` hold the few texts that Python asks for, by code.

Non-breaking spaces are set here, when a text is taken from the catalogue: after one-letter words in Czech, and between
a number and what it counts. So nobody types them, and what users wrote stays as they wrote it.

A new page's missing translations, ready to paste:  python -m services.portal.web.language AREA
"""

import argparse
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.numbers import format_decimal
from babel.support import Translations
from jinja2 import Environment
from jinja2.ext import babel_extract

from libs.codelists import MUNICIPALITIES, Code, Role, label
from libs.codelists import Language as Name
from libs.privacy import Personal

LANGUAGES: tuple[Name, ...] = ("cs", "en")
LOCALE = Path(__file__).with_name("locale")
TEMPLATES = Path(__file__).with_name("templates")
PRAGUE = ZoneInfo("Europe/Prague")
FROM_PYTHON = frozenset({"refusal", "field", "value"})
KEYWORDS = ("_", "gettext", "ngettext", "pgettext", "npgettext")
OPTIONS = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
AREAS = {"base": ("base", "menu", "notices"), "ui": ("ui", "chips")}

_DAY = {"cs": "EEE d. M. y", "en": "EEE d MMM y"}
_MONTH = {"cs": "LLLL y", "en": "LLLL y"}
_ONE_LETTER = re.compile(r"(?<![\w<&/])([KkSsVvZzOoUuAaIi]) (?=\S)")
_COUNTED = re.compile(r"(\d\.?|§|%\((?:n|count|minutes|days|hours)\)[sd]) (?=[\w%(])")


@lru_cache(maxsize=8192)
def _decimal(value: float | Decimal, locale: str) -> str:
    """Tables are full of the same small numbers, and each costs as much as a dozen lookups."""
    return format_decimal(value, locale=locale)


class Language:
    """One language. `install` gives it to the templates; `pgettext` is for Python, with a context of FROM_PYTHON."""

    def __init__(self, name: Name, folder: Path = LOCALE, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.name: Name = name
        self._locale, self._clock = Locale(name), clock
        packed = BytesIO()
        write_mo(packed, merged(name, folder))
        packed.seek(0)
        self._texts = Translations(packed)
        self._bound = lru_cache(8192)(self._bind)

    def gettext(self, text: str) -> str:
        return self._bound(self._texts.gettext(text))

    def ngettext(self, one: str, more: str, n: int) -> str:
        return self._bound(self._texts.ngettext(one, more, n))

    def pgettext(self, context: str, text: str) -> str:
        return self._bound(str(self._texts.pgettext(context, text)))

    def npgettext(self, context: str, one: str, more: str, n: int) -> str:
        return self._bound(self._texts.npgettext(context, one, more, n))

    def install(self, environment: Environment) -> None:
        """Texts, filters and the printing of values. Before the first template is loaded."""
        environment.add_extension("jinja2.ext.i18n")
        environment.policies["ext.i18n.trimmed"] = True
        environment.finalize = self.shown
        cast(Any, environment).install_gettext_callables(
            self.gettext, self.ngettext, newstyle=True, pgettext=self.pgettext, npgettext=self.npgettext
        )
        environment.filters.update(
            day=self.day, iso_day=iso_day, month=self.month, moment=self.moment, time=self.time, when=self.when,
            ago=self.ago, until=self.until, number=self.number, plural=self.plural, label=self.label,
            place=self.place, roles=self.roles, sentence=sentence, shown=self.shown,
        )  # fmt: skip
        cast("dict[str, Any]", environment.globals).update(code_options=self.options, now=self._clock)

    def shown(self, value: Any) -> Any:
        """How a value is printed: a personal one in clear if it is, nothing for None."""
        if isinstance(value, Personal):
            known = cast("Personal[Any]", value)
            return known.reveal() if known.is_clear else self.pgettext("value", "withheld")
        return "" if value is None else value

    def day(self, value: date | datetime | str | None) -> str:
        """`Tue 12 May 2026`, with spaces that do not break. What is no day stays as it was typed."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return value
        return "" if value is None else _unbroken(format_date(_local_day(value), _DAY[self.name], self._locale))

    def month(self, value: date | datetime | None) -> str:
        """`May 2026`"""
        return "" if value is None else _unbroken(format_date(_local_day(value), _MONTH[self.name], self._locale))

    def time(self, value: datetime | time | None) -> str:
        """`14:32`, as the clocks in Prague show."""
        if isinstance(value, datetime):
            value = value.astimezone(PRAGUE).time()
        return "" if value is None else f"{value:%H:%M}"

    def moment(self, value: datetime | None) -> str:
        return "" if value is None else f"{self.day(value)} {self.time(value)}"

    def when(self, value: date | datetime | None) -> str:
        """A moment if there is a time, else a day."""
        return self.moment(value) if isinstance(value, datetime) else self.day(value)

    def ago(self, value: datetime | date | None) -> str:
        """`5 minutes ago`, `in 3 days`; a day without a time also `today`."""
        if value is None:
            return ""
        now = self._clock().astimezone(PRAGUE)
        if not isinstance(value, datetime):
            days = (value - now.date()).days
            if abs(days) <= 1:
                return self.pgettext("value", ("yesterday", "today", "tomorrow")[days + 1])
            return self._distance(timedelta(days=days))
        if abs(distance := value - now) < timedelta(minutes=1):
            return self.pgettext("value", "now")
        return self._distance(distance)

    def until(self, value: date | None) -> str:
        """The same as `ago` while it is near, then the day itself."""
        if value is None:
            return ""
        near = abs((value - self._clock().astimezone(PRAGUE).date()).days) <= 7
        return self.ago(value) if near else self.day(value)

    def number(self, value: float | Decimal | str | None) -> str:
        """`1 234,5`; a text such as `<5` stays."""
        return "" if value is None else value if isinstance(value, str) else _decimal(value, str(self._locale))

    def plural(self, value: float | Decimal) -> str:
        """Which form counts this: one, few, many (fractions in Czech) or other."""
        return self._locale.plural_form(value)

    def label(self, value: Any, *lists: type[Code]) -> str:
        """The word for a code. A bare text is looked up in the lists; several codes are joined by commas."""
        if value is None:
            return ""
        if isinstance(value, Personal):
            return str(self.shown(value))
        if isinstance(value, Code):
            return self._bound(label(value, self.name))
        if isinstance(value, str):
            found = next((one for one in lists for one in one if one.value == value), None)
            return self.label(found) if found is not None else value
        return ", ".join(self.label(one, *lists) for one in value)

    def place(self, code: str | None) -> str:
        """The name of a municipality by its code; the code itself if it is none we know."""
        known = MUNICIPALITIES.get(code or "")
        return known.name if known else code or ""

    def roles(self, values: Collection[str]) -> str:
        """Roles in words."""
        return ", ".join(sorted(self.label(value, Role) for value in values))

    def options(
        self, codes: type[Code], only: Collection[str] = (), without: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """What to choose from: (code, word)."""
        return [
            (code.value, sentence(self.label(code)))
            for code in codes
            if (not only or code in only) and code not in without
        ]

    def _distance(self, distance: timedelta) -> str:
        return _unbroken(format_timedelta(distance, threshold=1, add_direction=True, locale=self._locale))

    def _bind(self, text: str) -> str:
        if self.name == "cs":
            text = _ONE_LETTER.sub("\\1\N{NO-BREAK SPACE}", text)
        return _COUNTED.sub("\\1\N{NO-BREAK SPACE}", text)


def languages(folder: Path = LOCALE) -> dict[str, Language]:
    """Both, by name."""
    return {name: Language(name, folder) for name in LANGUAGES}


def chosen(cookie: str | None, accepted: str | None) -> Name:
    """By the person's own choice, else by the first language the browser asks for that we have, else Czech."""
    asked = [cookie or "", *(part.partition(";")[0].strip()[:2].lower() for part in (accepted or "").split(","))]
    for one in asked:
        if one in LANGUAGES:
            return one
    return "cs"


def sentence(text: str) -> str:
    """With a capital: labels are written as inside a sentence."""
    return text[:1].upper() + text[1:]


def iso_day(value: date | datetime | None) -> str:
    """What a date field takes, as the clocks in Prague show."""
    return "" if value is None else _local_day(value).isoformat()


def _local_day(value: date | datetime) -> date:
    return value.astimezone(PRAGUE).date() if isinstance(value, datetime) else value


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


@dataclass(frozen=True)
class Text:
    """One text of a template. plural: None unless it is counted."""

    msgid: str
    plural: str | None
    context: str | None
    area: str
    line: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid


def extract(folder: Path = TEMPLATES) -> Iterator[Text]:
    """Every text of every template."""
    for file in sorted(folder.rglob("*.html")):
        path = file.relative_to(folder)
        with file.open("rb") as source:
            for line, function, found, _ in babel_extract(source, KEYWORDS, (), OPTIONS):
                texts = [text for text in ([found] if isinstance(found, str) else found or ()) if text]
                context = texts.pop(0) if "pgettext" in (function or "") else None
                plural = texts[1] if function in ("ngettext", "npgettext") else None
                yield Text(texts[0], plural, context, area_of(path), f"{path}:{line}")


def area_of(template: Path) -> str:
    """Whose catalogue a template's texts belong to: its folder, or its own name."""
    name = template.parts[0] if len(template.parts) > 1 else template.stem
    return next((area for area, names in AREAS.items() if name in names), name)


def merged(language: str, folder: Path = LOCALE) -> Catalog:
    """All catalogues of a language as one."""
    whole = Catalog(Locale(language))
    for file in sorted((folder / language).glob("*.po")):
        for message in catalogue(file, language):
            if message.id:
                whole.add(message.id, message.string, context=message.context)
    return whole


def catalogue(file: Path, language: str) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, Locale(language), abort_invalid=True)


def missing(language: str, texts: Sequence[Text], known: Catalog) -> list[Text]:
    """Texts without a translation; in Czech only counted ones need one."""
    wanted = {text.key: text for text in texts if text.plural or language != "cs"}
    return [text for text in wanted.values() if not _has_all(known, text)]


def _has_all(known: Catalog, text: Text) -> bool:
    message = known.get(text.msgid, text.context)
    if message is None:
        return False
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and len(forms) == (known.num_plurals if text.plural else 1)


def run() -> None:
    """Print what a page's area still lacks, as lines for its two catalogues."""
    parser = argparse.ArgumentParser(description=run.__doc__)
    parser.add_argument("area", help="a folder of templates, or base, ui, gallery")
    area = parser.parse_args().area
    texts = [text for text in extract() if text.area == area]
    for language in LANGUAGES:
        lacking = Catalog(Locale(language))
        for text in missing(language, texts, merged(language)):
            lacking.add((text.msgid, text.plural) if text.plural else text.msgid, context=text.context)
        packed = BytesIO()
        write_po(packed, lacking, width=120, omit_header=True)
        sys.stdout.write(f"# locale/{language}/{area}.po\n{packed.getvalue().decode()}\n")


if __name__ == "__main__":
    run()
