"""States the story has left behind when it ends: something waits, is half done or disputed. Told after it, by the API.

Texts are without diacritics: nobody in the story said them, and they are nowhere taken for a sentence of ours.
"""

import asyncio
import time
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from deploy.demo.network import Network
from deploy.demo.people import (
    DITA,
    EVA,
    HANA,
    IVANA,
    JAKUB,
    LENKA,
    NIT,
    OLGA,
    OSPOD,
    PRISTAV,
    RADKA,
    SIMON,
    SKOLA,
    TEREZA,
    VIT,
    Person,
    known,
)
from deploy.demo.steps import PRAGUE
from deploy.demo.story_contacts import JANA
from deploy.demo.story_directory import LOKET, SOKOLOV, service_id
from libs.codelists import Channel, Need, OrganisationKind, TargetGroup, by_release, by_statute
from libs.eventlog import Command, derived_id
from services.cases.conference.commands import (
    AnswerInvitation,
    AssignAction,
    ConveneConference,
    DraftMinutes,
    HoldConference,
    InvitePerson,
    IssueMinutes,
    OpenComments,
)
from services.cases.conference.terms import Answer, Attendance, Invitee, Presence
from services.cases.referral.commands import AcceptReferral, OpenReferral, PutReferralWaiting, SendReferral
from services.contacts.contact.commands import CorrectContact, RecordContact
from services.contacts.contact.events import Facts
from services.contacts.handover.commands import ProposeHandover
from services.contacts.person.commands import GiveNickname
from services.directory.card.commands import RecordConfidentialAddress
from services.directory.guidance.commands import PublishGuidance
from services.directory.guidance.events import GuidanceContent, TurnTo
from services.reporting.project.commands import ApplyForProject, ApproveProject, SetTarget, StartProject
from services.reporting.project.events import ProjectContent

TODAY = datetime.now(PRAGUE).replace(hour=0, minute=0, second=0, microsecond=0)
ERASED, SHELTER = known("web erased"), "Zitny dvur 4, zadni vchod"
"""Whom the data protection officer is asked to forget; where nobody may find those who hide."""
LETTER_S = 60.0
FORTNIGHT = timedelta(days=14)


class Telling:
    """Commands by name of what they are about, so that telling it again repeats nothing."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def do(self, who: Person, place: str, command: type[Command], on: datetime = TODAY, /, **fields: Any) -> None:
        """on: when it happened in the world."""
        service, aggregate = place.split("/")
        wish = derived_id(
            known(f"web {sorted((name, str(value)) for name, value in fields.items())}"), command.__name__
        )
        async with self._network.api(who) as api:
            await api.command(service, aggregate, command, id=wish, occurred_at=on, **fields)

    async def arrives(self, who: Person, query: str, **fields: Any) -> None:
        """Until a letter has come."""
        deadline = time.monotonic() + LETTER_S
        async with self._network.api(who) as api:
            while not await api.query("cases", query, **fields):
                assert time.monotonic() < deadline, f"waited in vain for {query} at {who.organisation.code}"
                await asyncio.sleep(0.2)


async def tell_more(network: Network) -> None:
    telling = Telling(network)
    await _contacts(telling)
    await _referrals(telling)
    for days_ago, until in ((0, "convened"), (20, "open"), (30, "issued")):
        await _conference(telling, known(f"web {until}"), TODAY - timedelta(days=days_ago), until)
    await _offered(telling)


async def _contacts(telling: Telling) -> None:
    """One that nobody was told about by name, one in dispute; somebody who is being handed over."""
    anonymous, disputed = known("web anonymous"), known("web disputed")
    started = TODAY - timedelta(hours=3)
    for contact in (anonymous, disputed):
        met = {"channel": Channel.STREET, "municipality": LOKET, "started_at": started, "minutes": 20}
        await telling.do(RADKA, "contacts/contact", RecordContact, contact_id=contact, **met)
    for who, minutes in ((RADKA, 25), (OLGA, 30)):
        fields: dict[str, Any] = {"contact_id": disputed, "changes": Facts(minutes=minutes), "base_revision": 1}
        await telling.do(who, "contacts/contact", CorrectContact, reason=f"It was {minutes}", **fields)
    given = known("web given")
    for person, nickname in ((given, "Bobik"), (ERASED, "Skrivan")):
        await telling.do(RADKA, "contacts/person", GiveNickname, person_id=person, nickname=nickname)
    offer: dict[str, Any] = {"to_team": "SLAVKOV", "reason": "Moves there.", "client_agrees": True}
    place = "contacts/handover"
    await telling.do(RADKA, place, ProposeHandover, handover_id=known("web handover"), person_id=given, **offer)


async def _referrals(telling: Telling) -> None:
    """A draft, one that waits, one that is worked on, and one that OSPOD must hear of by law."""
    due = (TODAY + FORTNIGHT).date()
    for name, who, person, recipient in (
        ("draft", SIMON, known("Denisa"), NIT),
        ("waiting", EVA, JANA, NIT),
        ("running", EVA, JANA, NIT),
        ("told", TEREZA, known("web pupil"), OSPOD),
    ):
        await telling.do(
            who, "cases/referral", OpenReferral,
            referral_id=known(f"web {name}"), person_id=person, recipient=recipient.id, need=Need.DEBTS,
            reason="Has not slept at home for a week.", client_name="Kulisek",
        )  # fmt: skip
    release = by_release(known("web release"))
    for name in ("waiting", "running"):
        fields: dict[str, Any] = {"referral_id": known(f"web {name}"), "ground": release, "answer_due": due}
        await telling.do(EVA, "cases/referral", SendReferral, **fields)
    law: dict[str, Any] = {
        "ground": by_statute("359/1999", "10"),
        "identity_now": True,
        "urgency": "acute",
        "answer_due": due,
    }
    await telling.do(TEREZA, "cases/referral", SendReferral, referral_id=known("web told"), area=LOKET, **law)
    for who, name in ((JAKUB, "waiting"), (JAKUB, "running"), (LENKA, "told")):
        of = {"organisation": who.organisation.id, "referral_id": known(f"web {name}")}
        await telling.arrives(who, "referral_detail", **of)
    await telling.do(
        JAKUB, "cases/referral", PutReferralWaiting, referral_id=known("web waiting"), reason="Sums missing"
    )
    await telling.do(JAKUB, "cases/referral", AcceptReferral, referral_id=known("web running"), worker=JAKUB.id)


async def _conference(telling: Telling, one: UUID, starts: datetime, until: str) -> None:
    """Convened for today; or held, and its minutes shown for comments; or issued, and nobody has confirmed them."""
    place = "cases/conference"

    async def by(who: Person, command: type[Command], on: datetime, **fields: Any) -> None:
        await telling.do(who, place, command, on, conference_id=one, **fields)

    before, after = starts - timedelta(days=5), starts + timedelta(hours=2)
    invitees = tuple(Invitee(organisation=who.id) for who in (SKOLA, PRISTAV))
    await by(
        LENKA, ConveneConference, before,
        starts_at=starts, place_code=SOKOLOV, place="room 2", reason="Does not go to school.", goal="That he does.",
        ground=by_statute("359/1999", "10"), invitees=invitees,
        facilitator=HANA.id, recorder=DITA.id,
    )  # fmt: skip
    await by(LENKA, InvitePerson, before, attendee_id=derived_id(one, "mother"), name="Kuliskova mother")
    await telling.arrives(IVANA, "conferences", conference_id=one)
    await by(IVANA, AnswerInvitation, before, answer=Answer.ACCEPTED)
    if until == "convened":
        return
    attended = tuple(Attendance(organisation=who.id, presence=Presence.ATTENDED) for who in (SKOLA, PRISTAV))
    ended = starts + timedelta(hours=1)
    await by(HANA, HoldConference, after, started_at=starts, ended_at=ended, attendance=attended)
    measure = {
        "action_id": derived_id(one, "measure"),
        "title": "Walk him to school",
        "due": (TODAY + FORTNIGHT).date(),
    }
    await by(DITA, AssignAction, after, responsible=PRISTAV.id, watched_by=SKOLA.id, **measure)
    await by(DITA, DraftMinutes, after, text="He said that he looks after his sister in the morning.")
    if until == "open":
        await by(LENKA, OpenComments, after, until=(TODAY + FORTNIGHT).date())
        return
    await by(LENKA, OpenComments, after, until=after.date())
    await by(LENKA, IssueMinutes, TODAY - timedelta(days=1))


async def _offered(telling: Telling) -> None:
    """A sheet of guidance, a project at work, and an address nobody may learn."""
    guidance = GuidanceContent(
        need=Need.DEBTS,
        problem="A bailiff has written",
        eligibility="Whoever lives here.",
        route=("Call the advice centre",),
        documents=("The letter",),
        turn_to=(TurnTo(organisation_id=NIT.id),),
    )
    await telling.do(JAKUB, "directory/guidance", PublishGuidance, guidance_id=known("web guidance"), guidance=guidance)
    await telling.do(
        OLGA, "directory/card", RecordConfidentialAddress,
        organisation_id=PRISTAV.id, place_id=known("web shelter"), address=SHELTER,
        service_id=service_id("pristav-doucovani"),
    )  # fmt: skip
    project, place = known("web project"), "reporting/project"
    content = ProjectContent(
        number="TP1",
        name="Outreach",
        funder="Government",
        funder_kind=OrganisationKind.FUNDER_GOVERNMENT,
        programme="Outreach",
        call="2026",
        leader=VIT.id,
        planned_start=date(TODAY.year, 1, 1),
        planned_end=date(TODAY.year, 12, 31),
        goal="School, work, housing.",
        target_groups=(TargetGroup.FAMILIES,),
        key_activities=("Outreach",),
        min_support_minutes=2400,
    )
    await telling.do(VIT, place, ApplyForProject, project_id=project, content=content)
    await telling.do(VIT, place, ApproveProject, project_id=project, approved_on=date(TODAY.year, 1, 1))
    await telling.do(VIT, place, StartProject, project_id=project, started_on=date(TODAY.year, 1, 1))
    await telling.do(VIT, place, SetTarget, project_id=project, indicator="people", value=40)
