"""The organisations and people of the demonstration: fictional, in real places (domain reference §7)."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from deploy.local.folder import Organisation
from libs.codelists import OrganisationKind, Role

NAMESPACE = UUID("0198c0de-0000-7000-8000-000000000000")


def known(name: str) -> UUID:
    """The id of anything in the story, from its name: the same in every run, so that a repeated step is known."""
    return uuid5(NAMESPACE, name)


def _organisation(code: str, name: str, kind: OrganisationKind) -> Organisation:
    return Organisation(code=code, name=name, kind=kind.value, id=known(code))


PRISTAV = _organisation("pristav", "Přístav, z. s.", OrganisationKind.NGO_SERVICE)
SKOLA = _organisation("zs-u-potoka", "ZŠ U Potoka, Loket", OrganisationKind.SCHOOL)
MESTO = _organisation("mesto-hs", "Město Horní Slavkov", OrganisationKind.MUNICIPALITY)
OSPOD = _organisation("ospod-sokolov", "OSPOD Sokolov", OrganisationKind.OSPOD)
NIT = _organisation("nit", "Nit, z. ú.", OrganisationKind.COUNSELLING)
ORGANISATIONS = (PRISTAV, SKOLA, MESTO, OSPOD, NIT)


@dataclass(frozen=True)
class Person:
    """Somebody who works with a node."""

    name: str
    organisation: Organisation
    roles: tuple[Role, ...]
    team: str | None = None

    @property
    def id(self) -> UUID:
        return known(self.name)


RADKA = Person("Radka Mlejnská", PRISTAV, (Role.OUTREACH_WORKER,), "LOKET")
SIMON = Person("Šimon Kareš", PRISTAV, (Role.OUTREACH_WORKER, Role.KEY_WORKER), "SLAVKOV")
OLGA = Person("Olga Bezděčná", PRISTAV, (Role.TEAM_LEADER, Role.DIRECTORY_EDITOR), "SLAVKOV")
VIT = Person("Vít Korbelář", PRISTAV, (Role.PROJECT_MANAGER, Role.NODE_ADMINISTRATOR))
IVANA = Person("Ivana Prošková", SKOLA, (Role.COUNSELLOR, Role.DIRECTORY_EDITOR))
TEREZA = Person("Tereza Hlinková", SKOLA, (Role.COUNSELLOR, Role.TEAM_LEADER))
EVA = Person("Eva Horáčková", MESTO, (Role.MUNICIPAL_WORKER, Role.TEAM_LEADER, Role.KEY_WORKER, Role.DIRECTORY_EDITOR))
LENKA = Person("Lenka Tichá", OSPOD, (Role.OSPOD_WORKER, Role.TEAM_LEADER, Role.DIRECTORY_EDITOR))
DITA = Person("Dita Vrbenská", OSPOD, (Role.RECORDER,))
HANA = Person("Hana Duchoslavová", OSPOD, (Role.FACILITATOR,))
JAKUB = Person("Jakub Orlík", NIT, (Role.KEY_WORKER, Role.TEAM_LEADER, Role.DIRECTORY_EDITOR))
PEOPLE = (RADKA, SIMON, OLGA, VIT, IVANA, TEREZA, EVA, LENKA, DITA, HANA, JAKUB)

CLIENTS = ("Dendy", "Denisa", "Matěj", "Jana K.", "babička Věra")
"""Names that may appear in the clear nowhere but in memory; the canaries of the checks."""
