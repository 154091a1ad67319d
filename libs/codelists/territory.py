"""Regions, municipalities and who protects children where (domain.md §8.11, §8.12, D01, D02).

A municipality is its RÚIAN code, never its name: there are fourteen places called Nová Ves. Codes are
text and always of a named system: `3107` is a region in one of them and Milevsko in another.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from libs.codelists.code import Language

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""RÚIAN code of a municipality. Any may be stored, also one the tables below do not know."""


@dataclass(frozen=True, slots=True)
class Region:
    """code: RÚIAN; nuts: NUTS 3; csu: Czech Statistical Office."""

    code: str
    nuts: str
    csu: str
    cs: str
    en: str


@dataclass(frozen=True, slots=True)
class Orp:
    """Municipality with extended powers; its OSPOD protects every child who resides in its district.

    code: RÚIAN; csu: Czech Statistical Office, None for Praha, which is not divided into ORP here.
    """

    code: str
    csu: str | None
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """code: RÚIAN; orp: RÚIAN code of its ORP."""

    code: str
    name: str
    orp: str

    @property
    def region(self) -> str:
        return ORPS[self.orp].region


REGIONS = {
    region.code: region
    for region in (
        Region("19", "CZ010", "3018", "Hlavní město Praha", "Prague"),
        Region("27", "CZ020", "3026", "Středočeský kraj", "Central Bohemian Region"),
        Region("35", "CZ031", "3034", "Jihočeský kraj", "South Bohemian Region"),
        Region("43", "CZ032", "3042", "Plzeňský kraj", "Plzeň Region"),
        Region("51", "CZ041", "3051", "Karlovarský kraj", "Karlovy Vary Region"),
        Region("60", "CZ042", "3069", "Ústecký kraj", "Ústí nad Labem Region"),
        Region("78", "CZ051", "3077", "Liberecký kraj", "Liberec Region"),
        Region("86", "CZ052", "3085", "Královéhradecký kraj", "Hradec Králové Region"),
        Region("94", "CZ053", "3093", "Pardubický kraj", "Pardubice Region"),
        Region("108", "CZ063", "3107", "Kraj Vysočina", "Vysočina Region"),
        Region("116", "CZ064", "3115", "Jihomoravský kraj", "South Moravian Region"),
        Region("124", "CZ071", "3123", "Olomoucký kraj", "Olomouc Region"),
        Region("132", "CZ080", "3140", "Moravskoslezský kraj", "Moravian-Silesian Region"),
        Region("141", "CZ072", "3131", "Zlínský kraj", "Zlín Region"),
    )
}

ORPS = {
    orp.code: orp
    for orp in (
        Orp("19", None, "Praha", "19"),
        Orp("1066", "5209", "Náchod", "86"),
        Orp("671", "4107", "Sokolov", "51"),
        Orp("663", "4104", "Kraslice", "51"),
        Orp("817", "5105", "Liberec", "78"),
        Orp("400", "3108", "Písek", "35"),
        Orp("396", "3107", "Milevsko", "35"),
    )
}

MUNICIPALITIES = {
    municipality.code: municipality
    for municipality in (
        Municipality("554782", "Praha", "19"),
        Municipality("573868", "Náchod", "1066"),
        Municipality("560286", "Sokolov", "671"),
        Municipality("560367", "Horní Slavkov", "671"),
        Municipality("560537", "Loket", "671"),
        Municipality("560561", "Nová Ves", "671"),
        Municipality("560618", "Rovná", "671"),
        Municipality("560472", "Kraslice", "663"),
        Municipality("560600", "Rotava", "663"),
        Municipality("560588", "Oloví", "663"),
        Municipality("564095", "Hrádek nad Nisou", "817"),
        Municipality("549240", "Písek", "400"),
        Municipality("549576", "Milevsko", "396"),
    )
}


def municipality(code: str) -> Municipality | None:
    """By RÚIAN code; None if the tables do not know it. There is no search by name (D01)."""
    return MUNICIPALITIES.get(code)


def region_of(municipality_code: str) -> Region | None:
    """The region of a municipality; None if the tables do not know it."""
    place = municipality(municipality_code)
    return REGIONS[place.region] if place else None


def ospod_of(municipality_code: str) -> Orp | None:
    """Where the competent OSPOD sits for a child with permanent residence here; None if unknown (D02)."""
    place = municipality(municipality_code)
    return ORPS[place.orp] if place else None


def place_label(place: Region | Orp | Municipality, language: Language) -> str:
    """What a person reads; Czech municipalities keep their name in English."""
    if isinstance(place, Region):
        return place.cs if language == "cs" else place.en
    return place.name
