"""The story as data: every step fits its command, and can be told again."""

from pathlib import Path

import pytest
from pydantic_core import to_jsonable_python

from deploy.demo.leaks import canaries
from deploy.demo.people import CLIENTS, PEOPLE
from deploy.demo.play import Finished
from deploy.demo.steps import HubAway, HubBack, Step
from deploy.demo.story import STORY
from libs.eventlog import Actor

STEPS = [step for step in STORY if isinstance(step, Step)]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.number)
def test_every_step_fits_its_command(step: Step):
    actor = Actor(user=step.who.id, organisation=step.who.organisation.id)
    fields = to_jsonable_python(dict(step.fields))
    step.command.model_validate({**fields, "id": step.id, "actor": actor, "occurred_at": step.on})
    service, aggregate = step.place
    assert service and aggregate


def test_every_number_stands_for_one_step():
    numbers = [step.number for step in STORY]
    assert len(set(numbers)) == len(numbers)
    assert len({step.id for step in STEPS}) == len(STEPS)


def test_the_hub_comes_back():
    away = [step for step in STORY if isinstance(step, HubAway | HubBack)]
    assert [type(step) for step in away] == [HubAway, HubBack]


def test_everything_said_about_people_is_searched_for():
    searched = canaries()
    assert {*CLIENTS, *(person.name for person in PEOPLE)} <= {*searched}
    for step in STEPS:
        for text in step.personal:
            assert any(canary in text for canary in searched)


def test_what_is_finished_outlives_the_process(tmp_path: Path):
    finished = Finished(tmp_path / "story.json")
    finished.add("1.01")
    finished.add("1.02")
    again = Finished(tmp_path / "story.json")
    assert "1.01" in again and "1.02" in again and "1.03" not in again
