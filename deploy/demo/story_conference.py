"""Chapter 10: OSPOD convenes the conference pk-1. Each invited organisation answers in its own log."""

from deploy.demo.conference import CHILD, INVITED, MOTHER, all_answers, invited, wish
from deploy.demo.people import DITA, HANA, LENKA, MESTO, NIT, PRISTAV, SKOLA
from deploy.demo.steps import Step, at
from deploy.demo.story_directory import SOKOLOV
from libs.codelists import Need, by_statute
from services.cases.conference.commands import AnswerForPerson, AnswerInvitation, ConveneConference, InvitePerson
from services.cases.conference.terms import Answer, Invitee

CHAPTER_10: tuple[Step, ...] = (
    wish(
        "10.01",
        at(4, 21),
        LENKA,
        "Lenka svolává případovou konferenci",
        ConveneConference,
        *(invited(one) for one in INVITED),
        starts_at=at(5, 12, 10),
        place_code=SOKOLOV,
        place="zasedačka ve druhém patře, vchod ze dvora",
        reason="Denisa zameškala 34 neomluvených hodin, doma hlídá čtyřletého Matěje.",
        goal="Aby Denisa mohla chodit do školy a rodina nepřišla o byt.",
        ground=by_statute("359/1999", "10"),
        invitees=(
            Invitee(organisation=SKOLA.id),
            Invitee(organisation=MESTO.id),
            Invitee(organisation=PRISTAV.id),
            Invitee(organisation=NIT.id, item=Need.DEBTS, guest=True),
        ),
        facilitator=HANA.id,
        recorder=DITA.id,
    ),
    wish(
        "10.02",
        at(4, 21, 9, 10),
        LENKA,
        "Lenka zve matku",
        InvitePerson,
        attendee_id=MOTHER,
        name="Jana K.",
    ),
    wish(
        "10.03",
        at(4, 21, 9, 12),
        LENKA,
        "Lenka zve Denisu na její část, s babičkou jako oporou",
        InvitePerson,
        attendee_id=CHILD,
        name="Denisa",
        item=Need.ATTENDANCE,
        support="babička Věra",
    ),
    *(
        wish(
            f"10.{number:02}",
            at(4, 23, 8 + number),
            who,
            f"{who.name.split()[0]} potvrzuje účast: {who.organisation.name}",
            AnswerInvitation,
            answer=Answer.ACCEPTED,
        )
        for number, who in enumerate(INVITED, 4)
    ),
    wish(
        "10.08",
        at(4, 27),
        LENKA,
        "Matka přijde",
        AnswerForPerson,
        attendee_id=MOTHER,
        answer=Answer.ACCEPTED,
    ),
    wish(
        "10.09",
        at(4, 27, 9, 5),
        LENKA,
        "Denisa přijde",
        AnswerForPerson,
        all_answers(),
        attendee_id=CHILD,
        answer=Answer.ACCEPTED,
    ),
)
