"""Two who write at one table: whoever saves second is shown the first one's words, and nothing is overwritten."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from libs.eventlog import Actor, new_id
from libs.privacy import Personal
from services.cases.conference.commands import AssignAction, DraftMinutes
from services.cases.conference.terms import Stage
from services.cases.conference.views import ConferenceMinutesView, Conferences, ConferenceView
from services.portal.web.conference import table
from services.portal.web.conference.desk import Desk
from services.portal.web.conference.texts import mark_of, sections_of
from services.portal.web.form import Form, Refused
from services.portal.web.kept import Draft
from services.portal.web.language import LANGUAGES, Language
from services.portal.web.page import Page
from tests.examples.cases_conference import CONFERENCE_ID, DITA, HANA, LENKA, NIT, OSPOD

NOW = datetime(2026, 5, 12, 8, tzinfo=UTC)


@dataclass
class Node:
    """A node as the table sees it: its conference, its drafts and measures, and what the portal keeps."""

    stage: Stage = Stage.CONVENED
    drafts: list[str] = field(default_factory=list[str])
    assigned: list[UUID] = field(default_factory=list[UUID])
    kept: dict[tuple[UUID, str], Draft] = field(default_factory=dict[tuple[UUID, str], Draft])
    refuses: bool = False

    def page(self, user: UUID) -> Page:
        at_node = SimpleNamespace(
            actor=Actor(user=user, organisation=OSPOD, roles=frozenset({"recorder"})),
            language="cs",
            has=lambda *roles: False,
            site=SimpleNamespace(kept=self, languages={name: Language(name) for name in LANGUAGES}),
            ask=self.ask,
            one=self.one,
            do=self.do,
        )
        return cast(Page, at_node)

    @property
    def conference(self) -> ConferenceView:
        columns: dict[str, Any] = dict.fromkeys(ConferenceView.model_fields)
        told = {"conference_id": CONFERENCE_ID, "organiser": OSPOD, "stage": self.stage, "item": "all"}
        return ConferenceView.model_validate(columns | told | {"facilitator": HANA, "recorder": DITA})

    async def one(self, question: type[Any], view: type[Any], **fields: Any) -> Any:
        assert question is Conferences
        await asyncio.sleep(0)
        return self.conference

    async def ask(self, question: type[Any], view: type[Any], **fields: Any) -> list[Any]:
        await asyncio.sleep(0)
        if view is not ConferenceMinutesView or not self.drafts:
            return []
        last: dict[str, Any] = {"organisation": OSPOD, "kind": "draft", "number": len(self.drafts), "written_by": DITA}
        return [ConferenceMinutesView(**last, text=Personal(self.drafts[-1]))]

    async def do(self, command: type[Any], form: Form, **fields: Any) -> Any:
        await asyncio.sleep(0)
        if self.refuses:
            form.refused = Refused("unavailable", "unavailable", "")
            return None
        if command is DraftMinutes:
            self.drafts.append(fields["text"])
        if command is AssignAction and fields["action_id"] not in self.assigned:
            self.assigned.append(fields["action_id"])
        return "done"

    async def keep_draft(self, owner: UUID, form: str, fields: dict[str, list[str]]) -> datetime:
        await asyncio.sleep(0)
        self.kept[owner, form] = Draft(form=form, fields=fields, at=NOW)
        return NOW

    async def draft(self, owner: UUID, form: str) -> Draft | None:
        await asyncio.sleep(0)
        return self.kept.get((owner, form))

    async def drop_draft(self, owner: UUID, form: str) -> None:
        self.kept.pop((owner, form), None)

    @property
    def desk(self) -> Desk:
        return Desk(self.conference, [], [], [], self.page(DITA).actor, date(2026, 5, 12))

    async def written(self) -> dict[str, str]:
        return sections_of(await table.notes(self.page(DITA), self.desk))


def section(heading: str, text: str, before: str = "") -> Form:
    return Form(typed={"heading": [heading], "text": [text], "mark": [mark_of(before)]})


def measure(**over: Any) -> dict[str, Any]:
    said = {"action_id": new_id(), "title": "Splátkový kalendář", "responsible": str(NIT), "due": "2026-06-19"}
    return {**said, **over}


WRITING = pytest.mark.parametrize("stage", [Stage.CONVENED, Stage.HELD, Stage.COMMENTS_OPEN])


@WRITING
@pytest.mark.asyncio
async def test_sections_saved_at_once_by_several_are_all_there(stage: Stage):
    node = Node(stage)
    forms = [section(f"Oddíl {number}", f"text {number}") for number in range(8)]
    pages = [node.page((DITA, HANA, LENKA)[number % 3]) for number in range(8)]
    refused = await asyncio.gather(
        *(table.write(page, node.desk, form) for page, form in zip(pages, forms, strict=True))
    )
    assert refused == [None] * 8
    assert await node.written() == {f"Oddíl {number}": f"text {number}" for number in range(8)}


@WRITING
@pytest.mark.asyncio
async def test_the_second_to_save_a_section_is_shown_the_first_ones_words(stage: Stage):
    node = Node(stage)
    first, second = section("Rizika", "dluhy"), section("Rizika", "výpověď")
    assert await table.write(node.page(DITA), node.desk, first) is None
    assert await table.write(node.page(HANA), node.desk, second) == "dluhy"
    assert second.refused is not None and second.refused.kind == "conflict" and second["text"] == "výpověď"
    assert await node.written() == {"Rizika": "dluhy"}
    joined = section("Rizika", "dluhy\nvýpověď", before="dluhy")
    assert await table.write(node.page(HANA), node.desk, joined) is None
    assert await node.written() == {"Rizika": "dluhy\nvýpověď"}


@pytest.mark.asyncio
async def test_the_same_words_again_change_nothing():
    node = Node(Stage.HELD)
    assert await table.write(node.page(DITA), node.desk, section("Rizika", "dluhy")) is None
    assert await table.write(node.page(DITA), node.desk, section("Rizika", "dluhy")) is None
    assert len(node.drafts) == 1


@pytest.mark.asyncio
async def test_what_lies_on_the_table_becomes_minutes_and_measures_once_the_meeting_is_held():
    node, agreed = Node(), measure()
    page = node.page(DITA)
    assert await table.write(page, node.desk, section("Rizika", "dluhy")) is None
    assert await table.agree(page, node.desk, Form(), agreed)
    assert not node.drafts and not node.assigned
    node.stage = Stage.HELD
    assert await table.clear(page, node.desk) is None
    assert await node.written() == {"Rizika": "dluhy"} and node.assigned == [agreed["action_id"]]
    assert not node.kept


@pytest.mark.asyncio
async def test_what_could_not_be_recorded_stays_on_the_table_and_later_words_win():
    node, agreed = Node(), measure()
    page = node.page(DITA)
    await table.write(page, node.desk, section("Rizika", "dluhy"))
    await table.agree(page, node.desk, Form(), agreed)
    node.stage, node.refuses = Stage.HELD, True
    refused = await table.clear(page, node.desk)
    assert refused is not None and refused.kind == "unavailable"
    node.refuses = False
    await table.write(page, node.desk, section("Skutečnosti", "34 hodin"))
    assert await table.clear(page, node.desk) is None
    assert await node.written() == {"Rizika": "dluhy", "Skutečnosti": "34 hodin"}
    assert node.assigned == [agreed["action_id"]] and not node.kept


@pytest.mark.asyncio
async def test_a_page_that_does_not_know_of_the_meeting_yet_writes_where_it_belongs_now():
    node = Node()
    page, before, agreed = node.page(DITA), node.desk, measure()
    node.stage = Stage.HELD
    assert await table.write(page, before, section("Rizika", "dluhy")) is None
    assert await table.agree(page, before, Form(), agreed)
    assert node.assigned == [agreed["action_id"]] and len(node.drafts) == 1 and not node.kept


@pytest.mark.asyncio
async def test_what_would_be_refused_later_is_refused_at_the_table():
    node, form = Node(), Form()
    assert not await table.agree(node.page(DITA), node.desk, form, measure(due=None, title=None))
    assert form.refused is not None and set(form.refused.fields) == {"due", "title"}
    long = section("Rizika", "á" * 100_001)
    assert await table.write(node.page(DITA), node.desk, long) == ""
    assert long.refused is not None and long.refused.fields.keys() == {"text"} and not node.kept


@pytest.mark.asyncio
async def test_a_measure_can_be_taken_off_the_table():
    node, agreed, other = Node(), measure(), measure()
    page = node.page(DITA)
    await table.agree(page, node.desk, Form(), agreed)
    await table.agree(page, node.desk, Form(), other)
    await table.drop(page, node.desk, agreed["action_id"])
    assert [one.action_id for one in (await table.lying(page, CONFERENCE_ID)).planned] == [other["action_id"]]
