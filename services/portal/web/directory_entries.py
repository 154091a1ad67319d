"""Cards, services and guidance as pages show them and ask for them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from babel import Locale
from pydantic import ValidationError

from libs.codelists import MUNICIPALITIES, ORPS, REGIONS, Need, ServiceForm, ServiceType, TargetGroup, place_label
from libs.codelists import Language as Name
from libs.eventlog import Frozen
from services.portal.web.form import PRAGUE, Form, Refused, blank
from services.portal.web.page import Page
from services.portal.web.refusals import refused_fields, sentence
from services.portal.web.words import folded

F = TypeVar("F", bound=Frozen)
Options = list[tuple[str, str]]
STILL_FRESH = timedelta(days=183)
SPOKEN = ("cs", "sk", "rom", "uk", "ru", "vi", "en", "de", "pl", "hu", "ro", "bg", "mn", "ar", "zh", "fr", "es")
"""Languages to choose from, ISO 639."""
NEEDS: Mapping[str, tuple[Need, ...]] = {
    "home": (Need.SAFETY, Need.FAMILY_RELATIONS, Need.UPBRINGING, Need.CARE_OF_RELATIVE, Need.ILL_RELATIVE),
    "school": (Need.ATTENDANCE, Need.EDUCATION, Need.TUTORING, Need.PRESCHOOL, Need.SCHOOL_DEBT, Need.LEISURE),
    "money": (
        Need.HOUSING,
        Need.EVICTION,
        Need.DEBTS,
        Need.USURY,
        Need.BENEFITS,
        Need.BASIC_NEEDS,
        Need.EMPLOYMENT,
        Need.DOCUMENTS,
    ),
    "health": (Need.HEALTH, Need.DISABILITY, Need.ADDICTION),
    "danger": (Need.ONLINE_RISK, Need.CRIME_VICTIM, Need.CRIME_OFFENDER, Need.DISCRIMINATION),
}
"""Problems as people sort them, for the chips; the words for the groups stand in the templates."""


def today() -> date:
    return datetime.now(PRAGUE).date()


def is_fresh(verified_on: date | None) -> bool:
    """Whether the owner looked in the last six months."""
    return verified_on is not None and today() - verified_on <= STILL_FRESH


def language_name(code: str, language: Name) -> str:
    return str(Locale(language).languages.get(code, code))


def web_href(web: str) -> str | None:
    """Where a link to it may lead; None if it is no web address."""
    if web.startswith(("https://", "http://")):
        return web
    return None if ":" in web or " " in web else f"https://{web}"


def tel_href(phone: str) -> str:
    return "tel:" + "".join(one for one in phone if one.isdigit() or one == "+")


def area_of(area: str, language: Name) -> tuple[str, str]:
    """`orp:671` → what kind of a place it is, and its name; the code where the tables do not know it."""
    system, _, code = area.partition(":")
    place = {"municipality": MUNICIPALITIES, "orp": ORPS, "region": REGIONS}[system].get(code)
    return system, place_label(place, language) if place else code


def municipalities(stored: str = "") -> Options:
    """To choose from, by name, each with its district; what is stored stays to be chosen."""
    known = [(code, f"{one.name} ({ORPS[one.orp].name})") for code, one in MUNICIPALITIES.items()]
    return _by_name(known) + ([(stored, stored)] if stored and stored not in MUNICIPALITIES else [])


def districts() -> Options:
    return _by_name((code, one.name) for code, one in ORPS.items())


def areas(language: Name, stored: Collection[str] = ()) -> Mapping[str, Options]:
    """By kind: municipalities, districts, regions; what is stored stays to be chosen."""
    tables = (("municipality", MUNICIPALITIES), ("orp", ORPS), ("region", REGIONS))
    known = {
        system: _by_name((f"{system}:{code}", place_label(place, language)) for code, place in table.items())
        for system, table in tables
    }
    offered = {area for options in known.values() for area, _ in options}
    for area in sorted(set(stored) - offered):
        system, name = area_of(area, language)
        known[system].append((area, name))
    return known


def spoken(language: Name, stored: Collection[str] = ()) -> Options:
    """Languages; what is stored stays to be chosen."""
    codes = (*SPOKEN, *(code for code in stored if code not in SPOKEN))
    return [(code, language_name(code, language)) for code in codes]


def lines(text: str) -> list[str]:
    """What was written one below another."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def built(page: Page, form: Form, model: type[F], typed: Mapping[str, Any]) -> F | None:
    """The content of an entry from what was typed. None: `form.refused` says what does not fit, field by field."""
    try:
        return model.model_validate(typed)
    except ValidationError as error:
        form.refused = refused_fields(error, page.site.languages[page.language])
        return None


def mark(content: Frozen | None) -> str:
    """Changes whenever the entry does. A page carries it, so that nobody overwrites what they have not seen."""
    return hashlib.sha256(content.model_dump_json().encode()).hexdigest()[:16] if content else ""


def is_overtaken(page: Page, form: Form, stored: Frozen | None) -> bool:
    """Whether somebody else wrote since the page was opened; then the form says so."""
    if form["seen"] == mark(stored):
        return False
    form.refused = Refused(
        "conflict", "stale_version", sentence("stale_version", "conflict", page.site.languages[page.language])
    )
    return True


def seen_by(form: Form, stored: Frozen | None) -> str:
    """The mark of what the person has seen: after a conflict, of what now stands beside their text."""
    return mark(stored) if form.refused and form.refused.kind == "conflict" else form["seen"]


def differences(form: Form, values: Mapping[str, Any]) -> list[tuple[str, list[str], list[str]]]:
    """Field by field what was typed and what is stored, where the two are not the same."""
    stored = blank(values)
    return [(name, form.many(name), stored.many(name)) for name in values if form.many(name) != stored.many(name)]


def _by_name(options: Iterable[tuple[str, str]]) -> Options:
    return sorted(options, key=lambda option: folded(option[1]))


SHOWN: Mapping[str, Any] = {
    "is_fresh": is_fresh,
    "language_name": language_name,
    "web_href": web_href,
    "tel_href": tel_href,
    "area_of": area_of,
    "NEEDS": NEEDS,
    "Need": Need,
    "TargetGroup": TargetGroup,
    "ServiceForm": ServiceForm,
    "ServiceType": ServiceType,
}
"""What every template of the directory uses."""
