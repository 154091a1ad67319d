"""Forms keep what was typed, whatever was typed."""

from datetime import UTC, datetime

import pytest

from libs.eventlog import new_id
from services.portal.web.form import Form, NotHere, Refused, blank


def test_what_was_typed_stays_as_it_was_typed():
    form = Form.posted(
        [("note", "  první řádek\r\ndruhý  "), ("topics", "housing"), ("topics", "debts"), ("empty", " ")]
    )
    assert form["note"] == "  první řádek\ndruhý  "
    assert form.many("topics") == ["housing", "debts"]
    assert form.take("note", "empty", "nothing") == {"note": "první řádek\ndruhý"}
    assert form["nothing"] == "" and not form.checked("nothing")


def test_the_same_form_sent_twice_is_one_command():
    shown = blank({})
    contact = shown.new_id("contact_id")
    sent = [("id", str(shown.id)), ("contact_id", str(contact)), ("version", "3")]
    once, again = Form.posted(sent), Form.posted(sent)
    assert once.id == again.id == shown.id and once.version == 3
    assert once.uuid("contact_id") == again.new_id("contact_id") == contact


@pytest.mark.parametrize("tampered", [("id", "x"), ("version", "-1"), ("version", "one")])
def test_a_hidden_field_that_was_tampered_with_leads_nowhere(tampered: tuple[str, str]):
    with pytest.raises(NotHere):
        Form.posted([tampered])


def test_a_moment_is_what_the_clocks_in_prague_show():
    form = Form.posted([("at_date", "2026-07-01"), ("at_time", "14:30"), ("odd_date", "pozítří")])
    assert form.moment("at") == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    assert form.moment("odd") == "pozítří " and form.moment("none") is None


def test_a_form_filled_in_beforehand_shows_local_time():
    form = blank({"at": datetime(2026, 1, 10, 23, 30, tzinfo=UTC), "topics": ("a", "b"), "unknown": None})
    assert (form["at_date"], form["at_time"]) == ("2026-01-11", "00:30")
    assert form.many("topics") == ["a", "b"] and "unknown" not in form.typed


def test_a_refused_form_has_the_status_of_its_refusal():
    form = Form(ids={"contact_id": new_id()})
    assert form.status == 200
    for kind, status in (("invalid", 422), ("conflict", 409), ("rejected", 409), ("unavailable", 503), ("fault", 500)):
        form.refused = Refused(kind, "code", "Nic se nestalo.")
        assert form.status == status


def test_only_what_was_typed_is_worth_a_draft():
    assert Form.posted([("id", str(new_id())), ("version", "2"), ("note", "x")]).texts == {"note": ["x"]}
