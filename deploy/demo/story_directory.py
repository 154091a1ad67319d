"""Chapter 1: who is here, and what each offers. Letters to all members; offices only, no person's name."""

from datetime import date
from uuid import UUID

from deploy.demo.people import EVA, IVANA, JAKUB, LENKA, MESTO, NIT, OLGA, OSPOD, PRISTAV, SKOLA, TEREZA, Person, known
from deploy.demo.steps import Rows, Step, Wait, at
from libs.codelists import CapacityType, Need, OrganisationKind, ServiceForm, ServiceType, TargetGroup
from libs.eventlog import Command
from services.directory.card.commands import OfferService, PublishCard, VerifyEntry
from services.directory.card.events import CardContent, ServiceContent

SOKOLOV, SLAVKOV, LOKET = "560286", "560367", "560537"
EDITORS = (OLGA, IVANA, EVA, LENKA, JAKUB)

CARDS = {
    OLGA: CardContent(
        name=PRISTAV.name,
        kind=OrganisationKind.NGO_SERVICE,
        municipality=LOKET,
        address="Kostelní 21, Loket",
        phone="+420 352 000 101",
        email="pristav@pristav.example",
        hours="po–pá 12:00–19:00",
        about="Terénní programy pro děti a mládež v Lokti, Horním Slavkově a okolí.",
    ),
    IVANA: CardContent(
        name=SKOLA.name,
        kind=OrganisationKind.SCHOOL,
        municipality=LOKET,
        address="Za potokem 3, Loket",
        phone="+420 352 000 202",
        email="skola@upotoka.example",
        about="Základní škola s poradenským pracovištěm.",
    ),
    EVA: CardContent(
        name=MESTO.name,
        kind=OrganisationKind.MUNICIPALITY,
        municipality=SLAVKOV,
        address="Dlouhá 634, Horní Slavkov",
        phone="+420 352 000 303",
        email="osvz@slavkov.example",
        hours="po a st 8:00–17:00",
        about="Odbor sociálních věcí: terénní práce v rodinách, bydlení, dávky.",
    ),
    LENKA: CardContent(
        name=OSPOD.name,
        kind=OrganisationKind.OSPOD,
        municipality=SOKOLOV,
        address="Rokycanova 1929, Sokolov",
        serves_orp=("671",),
        phone="+420 352 000 404",
        email="ospod@sokolov.example",
        hours="po a st 8:00–17:00, jindy po domluvě",
        about="Sociálně-právní ochrana dětí s bydlištěm v obvodu Sokolova.",
    ),
    JAKUB: CardContent(
        name=NIT.name,
        kind=OrganisationKind.COUNSELLING,
        municipality=SOKOLOV,
        address="Jednoty 1773, Sokolov",
        phone="+420 352 000 505",
        email="poradna@nit.example",
        hours="út a čt 9:00–17:00",
        about="Dluhová poradna, bezplatně.",
    ),
}
SERVICES = {
    "pristav-teren": (
        OLGA,
        ServiceContent(
            name="Terénní program Přístav",
            service_type=ServiceType.OUTREACH_PROGRAMME,
            forms=(ServiceForm.FIELD,),
            target_groups=(TargetGroup.CHILDREN_AND_YOUTH_AT_RISK, TargetGroup.EXCLUDED_COMMUNITIES),
            needs=(Need.FAMILY_RELATIONS, Need.ATTENDANCE, Need.LEISURE),
            areas=(f"municipality:{LOKET}", f"municipality:{SLAVKOV}"),
            age_from=6,
            age_to=26,
            conditions="Stačí přijít nebo napsat, jméno není potřeba.",
            registered_capacity=10,
            capacity_type=CapacityType.CONTACT,
        ),
    ),
    "pristav-doucovani": (
        OLGA,
        ServiceContent(
            name="Doučování s dobrovolníky",
            needs=(Need.TUTORING, Need.EDUCATION),
            areas=(f"municipality:{LOKET}", f"municipality:{SLAVKOV}"),
            conditions="Po dohodě se školou, jednou týdně.",
        ),
    ),
    "skola-psycholozka": (
        IVANA,
        ServiceContent(
            name="Školní psycholožka",
            forms=(ServiceForm.AMBULATORY,),
            needs=(Need.FAMILY_RELATIONS, Need.ATTENDANCE, Need.EDUCATION),
            municipality=LOKET,
            conditions="Žáci školy a jejich rodiče.",
        ),
    ),
    "mesto-teren": (
        EVA,
        ServiceContent(
            name="Terénní sociální práce města",
            forms=(ServiceForm.FIELD,),
            target_groups=(TargetGroup.FAMILIES, TargetGroup.INSECURE_HOUSING),
            needs=(Need.HOUSING, Need.EVICTION, Need.BENEFITS, Need.SCHOOL_DEBT),
            areas=(f"municipality:{SLAVKOV}",),
            documents=("občanský průkaz", "nájemní smlouva"),
        ),
    ),
    "ospod-ochrana": (
        LENKA,
        ServiceContent(
            name="Sociálně-právní ochrana dětí",
            needs=(Need.SAFETY, Need.UPBRINGING, Need.ATTENDANCE),
            areas=("orp:671",),
            age_to=18,
        ),
    ),
    "nit-dluhy": (
        JAKUB,
        ServiceContent(
            name="Dluhová poradna Nit",
            service_type=ServiceType.SPECIALIST_COUNSELLING,
            forms=(ServiceForm.AMBULATORY, ServiceForm.FIELD),
            target_groups=(TargetGroup.OVER_INDEBTED,),
            needs=(Need.DEBTS, Need.USURY, Need.SCHOOL_DEBT),
            areas=("region:51",),
            documents=("smlouvy a upomínky", "doklad o příjmu"),
            conditions="Zdarma; napřed se objednejte.",
        ),
    ),
}
"""Name → its owner's editor and the service; the id is `known(name)`."""


def service_id(name: str) -> UUID:
    return known(f"service {name}")


def _all_here(rows: Rows) -> bool:
    return len(rows) >= len(CARDS) and sum(row["services"] for row in rows) >= len(SERVICES)


def _everywhere() -> tuple[Wait, ...]:
    what = f"all {len(CARDS)} cards and {len(SERVICES)} services"
    readers = (OLGA, TEREZA, EVA, LENKA, JAKUB)
    return tuple(Wait(one, "directory", "cards", f"{what} at {one.organisation.code}", _all_here) for one in readers)


def _step(number: int, who: Person, title: str, command: type[Command], **fields: object) -> Step:
    own = {"organisation_id": who.organisation.id, **fields}
    return Step(f"1.{number:02}", at(1, 12 + number // 3), who, title, command, own)


_PUBLISHED = tuple(
    _step(number, who, f"{card.name} zveřejňuje svou kartu", PublishCard, card=card)
    for number, (who, card) in enumerate(CARDS.items(), 1)
)
_OFFERED = tuple(
    _step(
        number,
        who,
        f"{who.organisation.name} nabízí: {service.name}",
        OfferService,
        service_id=service_id(name),
        service=service,
    )
    for number, (name, (who, service)) in enumerate(SERVICES.items(), 1 + len(CARDS))
)
_VERIFIED = Step(
    "1.12",
    at(2, 2),
    JAKUB,
    "Nit ověřuje, že karta platí",
    VerifyEntry,
    {"organisation_id": NIT.id, "verified_on": date(2026, 2, 2)},
    after=_everywhere(),
)
CHAPTER_1: tuple[Step, ...] = (*_PUBLISHED, *_OFFERED, _VERIFIED)
