"""Whom a service is for, who was met and how well they are known (domain.md §4.1, §8.3, §8.4)."""

from typing import Self

from libs.codelists.code import Code


class TargetGroup(Code):
    """Target groups of the register of social services, then those that only projects use.

    number   in the register; only 24, 26, 27 and 30 are verified. None: a group of projects, or unknown
    """

    number: int | None

    def __new__(cls, code: str, cs: str, en: str, number: int | None = None) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.cs, member.en, member.number = cs, en, number
        return member

    CHILDREN_AND_YOUTH_AT_RISK = (
        "children_and_youth_at_risk",
        "děti a mládež 6–26 let ohrožené společensky nežádoucími jevy",
        "children and youth aged 6–26 at risk",
        1,
    )
    ETHNIC_MINORITIES = "ethnic_minorities", "etnické menšiny", "ethnic minorities", 2
    IMMIGRANTS = "immigrants", "imigranti a azylanti", "immigrants and asylum seekers", 3
    DOMESTIC_VIOLENCE_VICTIMS = (
        "domestic_violence_victims",
        "oběti domácího násilí",
        "victims of domestic violence",
        4,
    )
    TRAFFICKING_VICTIMS = "trafficking_victims", "oběti obchodu s lidmi", "victims of trafficking", 5
    CRIME_VICTIMS = "crime_victims", "oběti trestné činnosti", "victims of crime", 6
    HOMELESS = "homeless", "osoby bez přístřeší", "people without shelter", 7
    CARE_LEAVERS = (
        "care_leavers",
        "osoby do 26 let opouštějící ústavní péči",
        "people under 26 leaving institutional care",
        8,
    )
    SEXUALLY_EXPLOITED = (
        "sexually_exploited",
        "osoby komerčně zneužívané",
        "commercially exploited people",
        9,
    )
    ADDICTED = (
        "addicted",
        "osoby závislé nebo závislostí ohrožené",
        "people with or at risk of addiction",
        10,
    )
    MENTAL_ILLNESS = "mental_illness", "osoby s chronickým duševním onemocněním", "chronic mental illness", 11
    CHRONIC_ILLNESS = "chronic_illness", "osoby s chronickým onemocněním", "chronic illness", 12
    DISABILITY_OTHER = (
        "disability_other",
        "osoby s jiným zdravotním postižením",
        "people with another disability",
        13,
    )
    DISABILITY_COMBINED = (
        "disability_combined",
        "osoby s kombinovaným postižením",
        "people with combined disabilities",
        14,
    )
    DISABILITY_MENTAL = (
        "disability_mental",
        "osoby s mentálním postižením",
        "people with an intellectual disability",
        15,
    )
    DISABILITY_PHYSICAL = (
        "disability_physical",
        "osoby s tělesným postižením",
        "people with a physical disability",
        16,
    )
    DISABILITY_HEARING = (
        "disability_hearing",
        "osoby se sluchovým postižením",
        "people with a hearing impairment",
        17,
    )
    DISABILITY = "disability", "osoby se zdravotním postižením", "people with a disability", 18
    DISABILITY_VISUAL = (
        "disability_visual",
        "osoby se zrakovým postižením",
        "people with a visual impairment",
        19,
    )
    IN_CRISIS = "in_crisis", "osoby v krizi", "people in crisis", 20
    EXCLUDED_COMMUNITIES = (
        "excluded_communities",
        "osoby žijící v sociálně vyloučených komunitách",
        "people in socially excluded communities",
        21,
    )
    RISKY_LIFESTYLE = (
        "risky_lifestyle",
        "osoby s rizikovým způsobem života",
        "people with a risky lifestyle",
        22,
    )
    FAMILIES = "families", "rodiny s dětmi", "families with children", 23
    SENIORS = "seniors", "senioři", "seniors", 24
    CARERS = "carers", "pečující osoby", "carers", 26
    PALLIATIVE_CARE = "palliative_care", "osoby v paliativní péči", "people in palliative care", 27
    DEMENTIA = "dementia", "osoby s demencí", "people with dementia", 30
    OFFENDERS = "offenders", "pachatelé trestné činnosti", "offenders"

    ONLINE_GAMERS_11_16 = "online_gamers_11_16", "hráči on-line her 11–16 let", "online gamers aged 11–16"
    PUPILS_GRADES_6_9 = "pupils_grades_6_9", "žáci 6.–9. tříd", "pupils of grades 6–9"
    OVER_INDEBTED = "over_indebted", "předlužení", "over-indebted people"
    LONG_TERM_UNEMPLOYED = "long_term_unemployed", "dlouhodobě nezaměstnaní", "long-term unemployed"
    INSECURE_HOUSING = "insecure_housing", "osoby v nejistém bydlení", "people in insecure housing"
    SINGLE_MOTHERS = "single_mothers", "matky samoživitelky", "single mothers"
    PROFESSIONALS = "professionals", "odborníci", "professionals"


class AgeBand(Code):
    """Age in bands. With an unknown identity the worker estimates (domain.md §8.4)."""

    AGE_1_6 = "age_1_6", "1–6 let", "aged 1–6"
    AGE_7_10 = "age_7_10", "7–10 let", "aged 7–10"
    AGE_11_15 = "age_11_15", "11–15 let", "aged 11–15"
    AGE_16_18 = "age_16_18", "dorost 16–18 let", "adolescents aged 16–18"
    AGE_19_26 = "age_19_26", "mladí dospělí 19–26 let", "young adults aged 19–26"
    AGE_27_64 = "age_27_64", "dospělí 27–64 let", "adults aged 27–64"
    AGE_65_80 = "age_65_80", "mladší senioři 65–80 let", "younger seniors aged 65–80"
    AGE_81_PLUS = "age_81_plus", "starší senioři od 81 let", "older seniors aged 81 and over"
    UNKNOWN = "unknown", "věk neznámý", "age unknown"


class Sex(Code):
    FEMALE = "female", "žena", "female"
    MALE = "male", "muž", "male"
    UNKNOWN = "unknown", "neuvedeno", "not stated"


class Relation(Code):
    """What somebody is to the household, seen from its children."""

    CHILD = "child", "dítě", "child"
    PARENT = "parent", "rodič", "parent"
    GRANDPARENT = "grandparent", "prarodič", "grandparent"
    SIBLING = "sibling", "dospělý sourozenec", "adult sibling"
    PARTNER = "partner", "partner rodiče", "parent's partner"
    OTHER = "other", "jiný vztah", "another relation"


class LadderStage(Code):
    """How far somebody has come, from a passer-by to a client. Somebody anonymous has no record at all."""

    NICKNAME = "nickname", "pod přezdívkou nebo kódem", "under a nickname or code"
    INTERESTED = "interested", "zájemce", "interested person"
    CLIENT = "client", "klient se smlouvou", "client with an agreement"
    CLIENT_WITH_PLAN = "client_with_plan", "klient s plánem", "client with a plan"
    CLOSED = "closed", "uzavřeno", "closed"


class LadderStep(Code):
    """What moves somebody on the ladder. Contacts alone never do."""

    NICKNAME_GIVEN = "nickname_given", "řekl přezdívku", "gave a nickname"
    INTEREST_EXPRESSED = "interest_expressed", "projevil zájem", "expressed interest"
    INTEREST_LOST = "interest_lost", "ztratil zájem", "lost interest"
    AGREEMENT_CONCLUDED = "agreement_concluded", "uzavřena smlouva", "agreement concluded"
    PLAN_ACTIVATED = "plan_activated", "plán platí", "plan activated"
    PLAN_CLOSED = "plan_closed", "plán uzavřen", "plan closed"
    CASE_CLOSED = "case_closed", "případ uzavřen", "case closed"
    CASE_REOPENED = "case_reopened", "případ znovu otevřen", "case reopened"


class IdentityLevel(Code):
    """What is known of who somebody is. Apart from the ladder: a client may stay a nickname."""

    NICKNAME = "nickname", "přezdívka nebo kód", "nickname or code"
    PARTIAL = "partial", "částečná totožnost", "partial identity"
    FULL = "full", "plná totožnost", "full identity"


_UPPER_ENDS = (
    (6, AgeBand.AGE_1_6),
    (10, AgeBand.AGE_7_10),
    (15, AgeBand.AGE_11_15),
    (18, AgeBand.AGE_16_18),
    (26, AgeBand.AGE_19_26),
    (64, AgeBand.AGE_27_64),
    (80, AgeBand.AGE_65_80),
)


def age_band(years: int) -> AgeBand:
    """The band of a completed age in years; an infant counts into the first one."""
    return next((band for end, band in _UPPER_ENDS if years <= end), AgeBand.AGE_81_PLUS)
