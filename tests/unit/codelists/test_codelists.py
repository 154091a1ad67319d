"""Every code can be read in both languages, and places are what their code says."""

import json
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

import libs.codelists as codelists
from libs.codelists import (
    MUNICIPALITIES,
    ORPS,
    REGIONS,
    AgeBand,
    AgreementRefusal,
    Code,
    DeclineReason,
    LegalGround,
    MunicipalityCode,
    Need,
    ServiceType,
    age_band,
    by_release,
    by_statute,
    label,
    municipality,
    ospod_of,
    place_label,
    region_of,
)

LISTS = [
    value
    for name in codelists.__all__
    if isinstance(value := getattr(codelists, name), type) and issubclass(value, Code) and value is not Code
]
CODES = [code for codes in LISTS for code in codes]


def test_every_list_is_exported_and_filled():
    written = {codes for codes in Code.__subclasses__() if codes.__module__.startswith("libs.codelists.")}
    assert written == set(LISTS)
    assert all(len(codes) > 1 for codes in LISTS)


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{type(code).__name__}.{code}")
def test_every_code_has_both_labels(code: Code):
    assert label(code, "cs").strip() and label(code, "en").strip()
    assert code == str(code) == code.value and code.value.isascii()


@pytest.mark.parametrize("codes", LISTS, ids=lambda codes: codes.__name__)
def test_no_two_codes_of_a_list_read_the_same(codes: type[Code]):
    assert len({code.cs for code in codes}) == len({code.en for code in codes}) == len(codes)


def test_a_code_travels_as_its_word():
    class Told(BaseModel):
        need: Need

    assert json.loads(Told(need=Need.HOUSING).model_dump_json()) == {"need": "housing"}
    assert Told.model_validate_json('{"need": "housing"}').need is Need.HOUSING
    with pytest.raises(ValidationError):
        Told.model_validate_json('{"need": "bydlení"}')


def test_a_referral_may_be_declined_on_every_ground_of_section_91():
    assert {code.value for code in AgreementRefusal} < {code.value for code in DeclineReason}


def test_service_types_know_the_register():
    assert len(ServiceType) == 34
    assert len({kind.mpsv_id for kind in ServiceType}) == 34
    assert ServiceType.OUTREACH_PROGRAMME.section == "69" and ServiceType.OUTREACH_PROGRAMME.may_be_anonymous
    assert ServiceType.INTERVENTION_CENTRE.section == "60a"
    assert not ServiceType.MENTAL_HEALTH_CENTRE.may_be_anonymous


@pytest.mark.parametrize(
    ("years", "band"),
    [
        (0, "age_1_6"),
        (13, "age_11_15"),
        (18, "age_16_18"),
        (19, "age_19_26"),
        (80, "age_65_80"),
        (81, "age_81_plus"),
    ],
)
def test_an_age_falls_into_one_band(years: int, band: str):
    assert age_band(years) is AgeBand(band)


def test_d01_a_municipality_is_its_code_never_its_name():
    class Place(BaseModel):
        code: MunicipalityCode

    assert Place(code="560561").code == "560561"
    for name in ("Nová Ves", "Rovná", "Písek", "Loket"):
        assert municipality(name) is None and ospod_of(name) is None
        with pytest.raises(ValidationError):
            Place(code=name)


@pytest.mark.parametrize(
    ("place", "code", "seat"),
    [
        ("Hrádek nad Nisou", "564095", "Liberec"),
        ("Rotava", "560600", "Kraslice"),
        ("Oloví", "560588", "Kraslice"),
        ("Horní Slavkov", "560367", "Sokolov"),
        ("Loket", "560537", "Sokolov"),
    ],
)
def test_d02_a_child_is_protected_where_the_orp_sits(place: str, code: str, seat: str):
    orp, known = ospod_of(code), municipality(code)
    assert known and known.name == place
    assert orp and orp.name == seat


def test_every_place_lies_in_a_known_region():
    assert len(REGIONS) == 14
    assert all(orp.region in REGIONS for orp in ORPS.values())
    assert all(place.orp in ORPS for place in MUNICIPALITIES.values())
    karlovy_vary = region_of("560537")
    assert karlovy_vary and place_label(karlovy_vary, "cs") == "Karlovarský kraj"
    assert place_label(karlovy_vary, "en") == "Karlovy Vary Region"
    assert region_of("999999") is None


def test_a_legal_ground_is_a_release_or_a_paragraph_never_both_or_none():
    release_id = UUID("01980000-0000-7000-8000-0000000000a1")
    assert by_release(release_id).release_id == release_id
    assert by_statute("359/1999", "53").paragraph == "53"
    for fields in (
        {"kind": "release"},
        {"kind": "statute", "act": "359/1999"},
        {"kind": "statute", "release_id": release_id},
        {"kind": "release", "release_id": release_id, "act": "359/1999"},
    ):
        with pytest.raises(ValidationError):
            LegalGround.model_validate(fields)
