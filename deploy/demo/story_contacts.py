"""Chapters 2 to 5 and 8: from a school break to a client with a plan; a family known to the town."""

from datetime import date

from deploy.demo.people import EVA, RADKA, SIMON, Person, known
from deploy.demo.steps import Rows, Step, Wait, at
from deploy.demo.story_directory import LOKET, SLAVKOV
from libs.codelists import (
    ActivityType,
    AgeBand,
    Channel,
    Housing,
    IdentityLevel,
    LadderStage,
    Need,
    Relation,
    Sex,
)
from services.cases.agreement.commands import ConcludeAgreement
from services.cases.agreement.events import AgreementForm
from services.cases.plan.commands import ActivatePlan, AgreeGoal, DraftPlan, PlanStep, ProposeGoal
from services.cases.plan.terms import Doer
from services.contacts.contact.commands import LinkContact, RecordContact
from services.contacts.handover.commands import AcceptHandover, ProposeHandover
from services.contacts.household.commands import AddMember, MonitorFamily
from services.contacts.person.commands import DescribePerson, GiveIdentity, GiveNickname

DENISA, JANA = known("Denisa"), known("Jana")
C1, C2, C3 = known("c-1"), known("c-2"), known("c-3")
PLAN, GOAL, AGREEMENT = known("ip-1"), known("ip-1 goal"), known("agreement Denisa")
HANDOVER, FAMILY = known("handover Denisa"), known("h-1")


def _person(who: Person, what: str, **expected: set[LadderStage] | set[str]) -> Wait:
    """Until every named field of Denisa's record, as this worker's team sees it, has one of these values."""

    def until(rows: Rows) -> bool:
        [denisa] = [row for row in rows if row["person_id"] == str(DENISA)] or [{}]
        return all(denisa.get(name) in values for name, values in expected.items())

    return Wait(who, "contacts", "persons", what, until, {"team": who.team})


CHAPTER_2 = (
    Step(
        "2.1",
        at(2, 10, 13),
        RADKA,
        "Radka zapisuje kontakt o přestávce ve škole",
        RecordContact,
        {
            "contact_id": C1,
            "channel": Channel.SCHOOL_STREETWORK,
            "municipality": LOKET,
            "locality": "LOKET-SKOLA",
            "place": "u šaten vedle jídelny",
            "started_at": at(2, 10, 12, 45),
            "minutes": 12,
            "topics": (Need.FAMILY_RELATIONS,),
            "activities": (ActivityType.DIRECT_CONTACT, ActivityType.CONTACT_WORK),
            "approached": 6,
            "spoke": 1,
            "nickname": "Dendy",
            "sex": Sex.FEMALE,
            "age_band": AgeBand.AGE_11_15,
            "heard_before": False,
            "note": "Dendy nechce po škole domů, hlídá malého brášku.",
        },
    ),
    Step(
        "2.2",
        at(2, 10, 13, 5),
        RADKA,
        "Radka zakládá záznam pod přezdívkou",
        GiveNickname,
        {"person_id": DENISA, "nickname": "Dendy"},
    ),
    Step(
        "2.3",
        at(2, 10, 13, 6),
        RADKA,
        "Radka doplňuje pohlaví a odhad věku",
        DescribePerson,
        {"person_id": DENISA, "sex": Sex.FEMALE, "age_band": AgeBand.AGE_11_15},
    ),
)
CHAPTER_3 = (
    Step(
        "3.1",
        at(2, 24, 19),
        RADKA,
        "Dendy píše na chat, Radka zapisuje intervenci",
        RecordContact,
        {
            "contact_id": C2,
            "channel": Channel.CHAT,
            "started_at": at(2, 24, 18, 10),
            "minutes": 35,
            "topics": (Need.ATTENDANCE, Need.CARE_OF_RELATIVE),
            "activities": (ActivityType.INTERNET_COUNSELLING,),
            "nickname": "Dendy",
            "sex": Sex.FEMALE,
            "age_band": AgeBand.AGE_11_15,
            "heard_before": True,
            "note": "Ráno vodí Matěje do školky sama, proto zameškává první hodiny.",
        },
    ),
)
CHAPTER_4 = (
    Step(
        "4.1",
        at(3, 3),
        RADKA,
        "Radka navrhuje předání kontaktu týmu SLAVKOV",
        ProposeHandover,
        {
            "handover_id": HANDOVER,
            "person_id": DENISA,
            "to_team": "SLAVKOV",
            "reason": "Dendy bydlí v Horním Slavkově a s předáním souhlasí.",
            "client_agrees": True,
        },
    ),
    Step(
        "4.2",
        at(3, 5),
        SIMON,
        "Šimon předání přijímá",
        AcceptHandover,
        {"handover_id": HANDOVER},
        after=(_person(SIMON, "Denisa in team SLAVKOV", team={"SLAVKOV"}),),
    ),
    Step(
        "4.3",
        at(3, 6),
        RADKA,
        "Radka už záznam měnit nemůže: odpovídá jiný tým",
        DescribePerson,
        {"person_id": DENISA, "housing": Housing.OWN_OR_RENTED},
        expect="not_party",
    ),
)
CHAPTER_5 = (
    Step(
        "5.01",
        at(3, 10, 16),
        SIMON,
        "Šimon zapisuje schůzku v kanceláři",
        RecordContact,
        {
            "contact_id": C3,
            "person_id": DENISA,
            "channel": Channel.OFFICE,
            "municipality": SLAVKOV,
            "locality": "SLAVKOV",
            "started_at": at(3, 10, 15),
            "minutes": 45,
            "topics": (Need.ATTENDANCE, Need.FAMILY_RELATIONS),
            "activities": (ActivityType.DIRECT_CONTACT, ActivityType.INDIVIDUAL_COUNSELLING),
            "sex": Sex.FEMALE,
            "age_band": AgeBand.AGE_11_15,
            "note": "Denisa řekla své jméno a chce o docházce mluvit s mámou.",
        },
    ),
    Step(
        "5.02",
        at(3, 10, 16, 1),
        SIMON,
        "Denisa říká své jméno",
        GiveIdentity,
        {"person_id": DENISA, "level": IdentityLevel.PARTIAL, "name": "Denisa"},
    ),
    Step(
        "5.03",
        at(3, 10, 16, 2),
        SIMON,
        "Šimon uzavírá s Denisou ústní dohodu",
        ConcludeAgreement,
        {
            "agreement_id": AGREEMENT,
            "person_id": DENISA,
            "form": AgreementForm.ORAL,
            "concluded_on": date(2026, 3, 10),
            "client_order": "Chci, aby mi nehrozilo propadnutí kvůli absencím.",
        },
        after=(_person(SIMON, "Denisa is a client", stage={LadderStage.CLIENT, LadderStage.CLIENT_WITH_PLAN}),),
    ),
    Step(
        "5.04",
        at(3, 10, 16, 3),
        SIMON,
        "Denisa potvrzuje, že kontakt ve škole byl její",
        LinkContact,
        {"contact_id": C1, "person_id": DENISA},
    ),
    Step(
        "5.05",
        at(3, 10, 16, 4),
        SIMON,
        "Denisa potvrzuje, že na chatu psala ona",
        LinkContact,
        {"contact_id": C2, "person_id": DENISA},
    ),
    Step(
        "5.06",
        at(3, 10, 16, 10),
        SIMON,
        "Šimon zakládá individuální plán",
        DraftPlan,
        {"plan_id": PLAN, "person_id": DENISA, "agreement_id": AGREEMENT},
    ),
    Step(
        "5.07",
        at(3, 10, 16, 11),
        SIMON,
        "Cíl slovy klientky",
        ProposeGoal,
        {
            "plan_id": PLAN,
            "goal_id": GOAL,
            "wording": "chodit do školy, když hlídám brášku",
            "need": Need.ATTENDANCE,
        },
    ),
    Step("5.08", at(3, 10, 16, 12), SIMON, "Na cíli se dohodli", AgreeGoal, {"plan_id": PLAN, "goal_id": GOAL}),
    Step(
        "5.09",
        at(3, 10, 16, 13),
        SIMON,
        "První krok plánu",
        PlanStep,
        {
            "plan_id": PLAN,
            "goal_id": GOAL,
            "step_id": known("ip-1 step 1"),
            "what": "domluvit s mámou ranní odvod Matěje",
            "doer": Doer.TOGETHER,
            "worker": SIMON.id,
            "due": date(2026, 3, 31),
        },
    ),
    Step(
        "5.10",
        at(3, 10, 16, 14),
        SIMON,
        "Druhý krok plánu",
        PlanStep,
        {
            "plan_id": PLAN,
            "goal_id": GOAL,
            "step_id": known("ip-1 step 2"),
            "what": "promluvit s výchovnou poradkyní o absencích",
            "doer": Doer.CLIENT,
            "due": date(2026, 4, 15),
        },
    ),
    Step(
        "5.11",
        at(3, 10, 16, 15),
        SIMON,
        "Plán platí",
        ActivatePlan,
        {"plan_id": PLAN, "review_on": date(2026, 6, 10)},
        after=(_person(SIMON, "Denisa is a client with a plan", stage={LadderStage.CLIENT_WITH_PLAN}),),
    ),
)
CHAPTER_8 = (
    Step(
        "8.1",
        at(4, 8, 9),
        EVA,
        "Eva zakládá záznam matky",
        GiveNickname,
        {"person_id": JANA, "nickname": "Jana K."},
    ),
    Step(
        "8.2",
        at(4, 8, 9, 1),
        EVA,
        "Eva doplňuje věk a bydliště",
        DescribePerson,
        {
            "person_id": JANA,
            "sex": Sex.FEMALE,
            "age_band": AgeBand.AGE_27_64,
            "housing": Housing.OWN_OR_RENTED,
            "residence": SLAVKOV,
        },
    ),
    Step(
        "8.3",
        at(4, 8, 9, 30),
        EVA,
        "Eva sleduje rodinu o čtyřech osobách",
        MonitorFamily,
        {"household_id": FAMILY, "persons": 4, "municipality": SLAVKOV},
    ),
    Step(
        "8.4",
        at(4, 8, 9, 31),
        EVA,
        "Matka patří do rodiny",
        AddMember,
        {"household_id": FAMILY, "person_id": JANA, "relation": Relation.PARENT},
    ),
)
