"""Kinds of social services, their forms and how capacity is counted (domain.md §8.1, §8.2)."""

from typing import Self

from libs.codelists.code import Code

_OPEN_DATA_OFFSET = 3834
_ANONYMOUS = frozenset({"59", "61", "62", "69"})


class ServiceType(Code):
    """Kinds of social services under Act 108/2006.

    mpsv_id   internal id of the ministry's register (second-hand)
    section   of the act; None for a kind the act does not name
    """

    mpsv_id: int
    section: str | None

    def __new__(cls, code: str, cs: str, en: str, mpsv_id: int, section: str | None) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.cs, member.en, member.mpsv_id, member.section = cs, en, mpsv_id, section
        return member

    @property
    def open_data_id(self) -> int:
        """Id in the ministry's open data, seen for 5 and 13, inferred for the others."""
        return self.mpsv_id - _OPEN_DATA_OFFSET

    @property
    def may_be_anonymous(self) -> bool:
        """Whether the act lets the service be given without a name (unverified)."""
        return self.section in _ANONYMOUS

    SPECIALIST_COUNSELLING = (
        "specialist_counselling",
        "odborné sociální poradenství",
        "specialist social counselling",
        3836,
        "37",
    )
    PERSONAL_ASSISTANCE = "personal_assistance", "osobní asistence", "personal assistance", 3837, "39"
    HOME_CARE = "home_care", "pečovatelská služba", "home care", 3838, "40"
    EMERGENCY_CALL_CARE = "emergency_call_care", "tísňová péče", "emergency call care", 3839, "41"
    GUIDE_READING = (
        "guide_reading",
        "průvodcovské a předčitatelské služby",
        "guiding and reading services",
        3840,
        "42",
    )
    INDEPENDENT_LIVING = (
        "independent_living",
        "podpora samostatného bydlení",
        "support of independent living",
        3841,
        "43",
    )
    RESPITE = "respite", "odlehčovací služby", "respite care", 3842, "44"
    DAY_SERVICE_CENTRE = "day_service_centre", "centra denních služeb", "day service centres", 3843, "45"
    DAY_CARE = "day_care", "denní stacionáře", "day care centres", 3844, "46"
    WEEK_CARE = "week_care", "týdenní stacionáře", "week care centres", 3845, "47"
    DISABILITY_HOME = (
        "disability_home",
        "domovy pro osoby se zdravotním postižením",
        "homes for people with disabilities",
        3846,
        "48",
    )
    SENIOR_HOME = "senior_home", "domovy pro seniory", "homes for seniors", 3847, "49"
    SPECIAL_REGIME_HOME = (
        "special_regime_home",
        "domovy se zvláštním režimem",
        "homes with a special regime",
        3848,
        "50",
    )
    SHELTERED_HOUSING = "sheltered_housing", "chráněné bydlení", "sheltered housing", 3849, "51"
    INPATIENT_SOCIAL = (
        "inpatient_social",
        "sociální služby ve zdravotnických zařízeních lůžkové péče",
        "social services in hospitals",
        3850,
        "52",
    )
    EARLY_CARE = "early_care", "raná péče", "early care", 3851, "54"
    PHONE_CRISIS = "phone_crisis", "telefonická krizová pomoc", "crisis help by phone", 3852, "55"
    INTERPRETING = "interpreting", "tlumočnické služby", "interpreting", 3853, "56"
    SHELTER = "shelter", "azylové domy", "shelters", 3854, "57"
    HALFWAY_HOUSE = "halfway_house", "domy na půl cesty", "halfway houses", 3855, "58"
    CONTACT_CENTRE = "contact_centre", "kontaktní centra", "contact centres", 3856, "59"
    CRISIS_HELP = "crisis_help", "krizová pomoc", "crisis help", 3857, "60"
    INTERVENTION_CENTRE = "intervention_centre", "intervenční centra", "intervention centres", 3868, "60a"
    LOW_THRESHOLD_DAY_CENTRE = (
        "low_threshold_day_centre",
        "nízkoprahová denní centra",
        "low-threshold day centres",
        3858,
        "61",
    )
    YOUTH_CLUB = (
        "youth_club",
        "nízkoprahová zařízení pro děti a mládež",
        "low-threshold clubs for children and youth",
        3859,
        "62",
    )
    NIGHT_SHELTER = "night_shelter", "noclehárny", "night shelters", 3860, "63"
    AFTERCARE = "aftercare", "služby následné péče", "aftercare", 3861, "64"
    FAMILY_ACTIVATION = (
        "family_activation",
        "sociálně aktivizační služby pro rodiny s dětmi",
        "social activation for families with children",
        3862,
        "65",
    )
    SENIOR_DISABILITY_ACTIVATION = (
        "senior_disability_activation",
        "sociálně aktivizační služby pro seniory a osoby se zdravotním postižením",
        "social activation for seniors and people with disabilities",
        3863,
        "66",
    )
    THERAPY_WORKSHOP = (
        "therapy_workshop",
        "sociálně terapeutické dílny",
        "social therapy workshops",
        3864,
        "67",
    )
    THERAPEUTIC_COMMUNITY = (
        "therapeutic_community",
        "terapeutické komunity",
        "therapeutic communities",
        3865,
        "68",
    )
    OUTREACH_PROGRAMME = "outreach_programme", "terénní programy", "outreach programmes", 3866, "69"
    SOCIAL_REHABILITATION = (
        "social_rehabilitation",
        "sociální rehabilitace",
        "social rehabilitation",
        3867,
        "70",
    )
    MENTAL_HEALTH_CENTRE = (
        "mental_health_centre",
        "centrum duševního zdraví",
        "mental health centre",
        11078,
        None,
    )


class ServiceForm(Code):
    """mpsv_id: internal id of the ministry's register."""

    mpsv_id: int

    def __new__(cls, code: str, cs: str, en: str, mpsv_id: int) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.cs, member.en, member.mpsv_id = cs, en, mpsv_id
        return member

    AMBULATORY = "amb", "ambulantní", "ambulatory", 3882
    RESIDENTIAL = "pob", "pobytová", "residential", 3883
    FIELD = "ter", "terénní", "field", 3884


class CapacityType(Code):
    """What a registered capacity counts; it is never the number of free places (D03)."""

    CLIENT = "klient", "klient", "client"
    CONTACT = "kontakt", "kontakt (10 minut)", "contact (10 minutes)"
    INTERVENTION = "interv", "intervence (30 minut)", "intervention (30 minutes)"
    BEDS = "luzka", "lůžko", "bed"
    CALL = "hovor", "hovor", "call"
