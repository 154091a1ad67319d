"""Exchange programme and testing (domain.md §8.13)."""

from libs.codelists.code import Code


class Disease(Code):
    HIV = "hiv", "HIV", "HIV"
    VHA = "vha", "VHA", "hepatitis A"
    VHB = "vhb", "VHB", "hepatitis B"
    VHC = "vhc", "VHC", "hepatitis C"
    SYPHILIS = "syphilis", "syfilis", "syphilis"


class TestResult(Code):
    __test__ = False  # pytest: not a test class

    POSITIVE = "p", "pozitivní", "positive"
    NEGATIVE = "n", "negativní", "negative"
    REACTIVE = "r", "reaktivní", "reactive"
    INCONCLUSIVE = "i", "neurčitý", "inconclusive"


class AnonymousType(Code):
    """Who an anonymous visitor of a harm-reduction service is."""

    NON_USER = "non_user", "neuživatel", "non-user"
    NON_IV = "non_iv", "neinjekční uživatel", "non-injecting user"
    IV = "iv", "injekční uživatel", "injecting user"
    PARENT = "parent", "rodič", "parent"
    THC = "thc", "uživatel THC", "THC user"


class Application(Code):
    VEIN = "vein", "do žíly", "into a vein"
    MUSCLE = "muscle", "do svalu", "into a muscle"
    ORAL = "oral", "ústy", "oral"
    SNIFF = "sniff", "šňupání", "sniffing"
    SMOKE = "smoke", "kouření", "smoking"
    INHALE = "inhale", "inhalace", "inhaling"


class Exchange(Code):
    """Which way a syringe went."""

    OUT = "out", "vydáno", "issued"
    IN = "in", "přijato", "received"
    FOUND = "found", "nalezeno", "found"
    MEDIATED = "mediated", "zprostředkováno", "mediated"


class HrReferral(Code):
    """Where an exchange client was referred to."""

    FIELD_PROGRAMME = "field_programme", "terénní program", "field programme"
    CONTACT_CENTRE = "contact_centre", "kontaktní centrum", "contact centre"
    RESIDENTIAL_TREATMENT = "residential_treatment", "pobytová léčba", "residential treatment"
    EXCHANGE = "exchange", "výměnný program", "exchange programme"
    TESTS = "tests", "testy", "tests"
    HEALTH = "health", "zdravotní péče", "health care"
    SOCIAL = "social", "sociální služby", "social services"
    SUBSTITUTION = "substitution", "substituce", "substitution"
    OUTPATIENT = "outpatient", "ambulantní léčba", "outpatient treatment"
    OTHER = "other", "jiné", "other"
    MEETING_DID_NOT_HAPPEN = (
        "meeting_did_not_happen",
        "schůzka se neuskutečnila",
        "the meeting did not happen",
    )


class HrAccompaniment(Code):
    MEDICAL = "medical", "k lékaři", "to a physician"
    SOCIAL = "social", "do sociální služby", "to a social service"
    TREATMENT = "treatment", "do léčby", "to treatment"
    OTHER = "other", "jinam", "elsewhere"


class Housing(Code):
    """How somebody lives."""

    PARENTS = "parents", "u rodičů", "with parents"
    OWN_OR_RENTED = "own_or_rented", "vlastní nebo nájem", "own or rented"
    OTHERS = "others", "u jiných lidí", "with other people"
    HOSTEL = "hostel", "ubytovna", "hostel"
    SQUAT = "squat", "squat", "squat"
    BARRACKS = "barracks", "kasárna", "barracks"
    HOMELESS = "homeless", "bez přístřeší", "without shelter"
    UNKNOWN = "unknown", "neznámo", "unknown"
