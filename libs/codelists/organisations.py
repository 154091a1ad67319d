"""Who takes part: kinds of organisations and roles of people (domain.md §1, §8.10)."""

from libs.codelists.code import Code


class OrganisationKind(Code):
    """What an organisation is. Decides its legal regime, never what its people may do."""

    NGO_SERVICE = (
        "ngo_service",
        "nezisková organizace se sociální službou",
        "NGO with a registered social service",
    )
    NGO_OTHER = "ngo_other", "jiná nezisková organizace", "other NGO"
    MUNICIPALITY = "municipality", "obec", "municipality"
    OSPOD = "ospod", "OSPOD", "OSPOD (child protection office)"
    SCHOOL = "school", "škola", "school"
    NURSERY = "nursery", "mateřská škola", "nursery school"
    LABOUR_OFFICE = "labour_office", "úřad práce", "labour office"
    SOCIAL_SECURITY = "social_security", "správa sociálního zabezpečení", "social security office"
    MUNICIPAL_POLICE = "municipal_police", "městská policie", "municipal police"
    POLICE = "police", "Policie ČR", "police"
    HOUSING_MANAGER = "housing_manager", "správce bytů", "housing manager"
    COMMISSION = "commission", "komise", "commission"
    PHYSICIAN = "physician", "lékař", "physician"
    COUNSELLING = "counselling", "poradna", "counselling centre"
    YOUTH_CLUB = "youth_club", "NZDM", "low-threshold club for children and youth"
    FAMILY_ACTIVATION = "family_activation", "SAS pro rodiny s dětmi", "social activation for families"
    EMPLOYER = "employer", "zaměstnavatel", "employer"
    LANDLORD = "landlord", "pronajímatel", "landlord"
    SHOPPING_CENTRE = "shopping_centre", "obchodní centrum", "shopping centre"
    AGENCY_INCLUSION = "agency_inclusion", "Agentura pro sociální začleňování", "agency for social inclusion"
    FUNDER_CITY = "funder_city", "město jako poskytovatel dotace", "city as a funder"
    FUNDER_GOVERNMENT = (
        "funder_government",
        "Úřad vlády jako poskytovatel dotace",
        "government office as a funder",
    )
    FUNDER_ESF = "funder_esf", "Evropský sociální fond", "European Social Fund"


class Role(Code):
    """What a person is there for, as in `Actor.roles`. `node`: the node itself, used by reactions."""

    OUTREACH_WORKER = "outreach_worker", "terénní pracovník", "outreach worker"
    KEY_WORKER = "key_worker", "klíčový pracovník", "key worker"
    TEAM_LEADER = "team_leader", "vedoucí týmu", "team leader"
    OSPOD_WORKER = "ospod_worker", "pracovník OSPOD", "OSPOD worker"
    MUNICIPAL_WORKER = "municipal_worker", "sociální pracovník obce", "municipal worker"
    COUNSELLOR = "counsellor", "poradce", "counsellor"
    FACILITATOR = "facilitator", "facilitátor", "facilitator"
    RECORDER = "recorder", "zapisovatel", "recorder"
    PROJECT_MANAGER = "project_manager", "projektový manažer", "project manager"
    DIRECTORY_EDITOR = "directory_editor", "editor kontaktovníku", "directory editor"
    NODE_ADMINISTRATOR = "node_administrator", "správce uzlu", "node administrator"
    DPO = "dpo", "pověřenec pro ochranu osobních údajů", "data protection officer"
    NODE = "node", "uzel", "node"
