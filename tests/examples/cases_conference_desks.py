"""Three desks of one conference, and letters that come late, twice, crossing, or only at the end.

OSPOD organises, the school takes part in full, Nit is a guest. What each of them does may be refused.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from libs.eventlog import Command, Event, Rejected, SharedEvent
from services.cases.conference.decider import CONFERENCE
from services.cases.conference.measures import measures
from services.cases.conference.sharing import disclose, receive
from services.cases.conference.stage import told_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Answer, Invitee, Stage
from tests.examples import cases_conference as example
from tests.examples.cases_conference import M1, M2, M3, worker_of

ORGANISER, FULL, GUEST = example.OSPOD, example.SCHOOL, example.NIT
WHO = (ORGANISER, FULL, GUEST)
ACTIONS = (M1, M2, M3)
INVITEES = (Invitee(organisation=FULL), Invitee(organisation=GUEST, item=example.Need.DEBTS, guest=True))
WORK = (
    (example.acknowledge, example.finish),
    (example.acknowledge, example.move_due, example.note_progress),
    (example.dispute,),
    (example.finish,),
)
READING = (example.comment, example.confirm, example.confirm_with_objection)


class Desk:
    """One organisation's node: its log, what it knows, and the entries it has to send, in its own order."""

    def __init__(self, organisation: UUID) -> None:
        self.organisation = organisation
        self.log: list[Event] = []
        self.knows: Conference = CONFERENCE.initial
        self.sent: list[tuple[SharedEvent, UUID]] = []

    def record(self, event: Any) -> None:
        self.log.append(event)
        self.knows = CONFERENCE.evolve(self.knows, event)

    def act(self, command: Any) -> None:
        with suppress(Rejected):  # a refusal is an answer, too
            for event in CONFERENCE.decide(command, self.knows):
                self.record(event)
                if isinstance(event, SharedEvent):
                    self.sent += [(event, UUID(one)) for one in event.audience()]


class Desks:
    """What may happen at the three desks, in any order."""

    def __init__(self) -> None:
        self.at = {one: Desk(one) for one in WHO}
        self.to_guest: list[Any] = []

    @property
    def organiser(self) -> Desk:
        return self.at[ORGANISER]

    def begin(self, steps: int, number: int, answer: Answer) -> None:
        """Begin somewhere in the conference's life, so that its end is reached, too."""
        self.organises(example.convene(invitees=INVITEES))
        self.the_post_comes(ORGANISER)
        self.somebody_answers(FULL, answer)
        for _ in range(steps):
            self.the_post_comes(ORGANISER)
            self.the_organiser_goes_on(number)

    def organises(self, command: Command) -> None:
        self.organiser.act(command)

    def the_organiser_goes_on(self, number: int) -> None:
        """One step further in the life of the conference."""
        match told_stage(self.organiser.knows):
            case Stage.CONVENED:
                self.organises(example.hold(attendance=()))
            case Stage.HELD:
                self.organises(example.draft())
                self.organises(example.assign(action_id=M1, responsible=WHO[number % 3], watched_by=GUEST))
                self.organises(example.assign(action_id=M2, responsible=WHO[number // 3 % 3]))
                self.organises(example.open_comments())
            case Stage.COMMENTS_OPEN:
                self.organises(example.issue())
            case Stage.MINUTES_ISSUED:
                self.organises(example.hold_review())
            case Stage.IN_REVIEW:
                self.organises(example.close() if number % 2 else example.set_next_review())
            case _:
                pass

    def the_organiser_assigns(self, number: int) -> None:
        responsible, watched_by = WHO[number % 3], (FULL, GUEST, None)[number // 3 % 3]
        whom: dict[str, Any] = {"responsible": responsible, "watched_by": watched_by}
        action_id = ACTIONS[number // 9 % 3]
        self.organises(example.assign(action_id=action_id, **whom))
        self.organises(example.reassign(action_id=action_id, **whom))

    def somebody_answers(self, who: UUID, answer: Answer) -> None:
        self.at[who].act(example.answer(actor=worker_of(who), answer=answer))

    def somebody_works(self, who: UUID, work: tuple[Any, ...]) -> None:
        for action_id, measure in measures(self.at[who].knows).items():
            if measure.responsible == who:
                for wish in work:
                    self.at[who].act(wish(actor=worker_of(who), action_id=action_id))

    def the_post_comes(self, sender: UUID) -> None:
        for event, recipient in self.at[sender].sent:
            self.deliver(sender, event, recipient)

    def everything_arrives(self) -> None:
        """Whatever was lost is sent again, the newest first."""
        for sender, desk in self.at.items():
            for event, recipient in reversed(desk.sent):
                self.deliver(sender, event, recipient)

    def deliver(self, sender: UUID, event: Any, recipient: UUID) -> None:
        letter: Any = disclose(event, self.at[sender].knows, recipient)
        if recipient == GUEST:
            self.to_guest.append(letter)
        reader = self.at[recipient]
        for received in receive(letter, reader.knows, sender):
            reader.record(received)
