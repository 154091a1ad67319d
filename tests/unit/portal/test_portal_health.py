"""When a node counts as ready, and what it says when it does not."""

from typing import Any

from services.portal.health import FAR_BEHIND, reasons


def state(**over: Any) -> dict[str, Any]:
    well = {"head": 5_000, "relayed": 5_000, "relay_trouble": "", "leads": True, "followers": [], "dead_letters": 0}
    return well | over


def follower(**over: Any) -> dict[str, Any]:
    well = {"follower": "badge_1", "source": "cases", "position": 5_000, "status": "active", "error": None}
    return well | over


def why(**states: dict[str, Any] | None) -> list[str]:
    return list(reasons(states))


def test_a_node_is_ready_when_everybody_answers_and_nobody_is_far_behind():
    assert why(cases=state(), contacts=state(followers=[follower()])) == []


def test_a_service_that_does_not_answer_is_named():
    [sentence] = why(cases=state(), contacts=None)
    assert sentence.startswith("contacts does not answer.")


def test_a_follower_that_stopped_is_named():
    [sentence] = why(cases=state(), contacts=state(followers=[follower(status="error", error="KeyError")]))
    assert "badge_1 has stopped (KeyError)" in sentence


def test_a_little_lag_is_normal_and_much_is_told():
    near, far = follower(position=5_000 - FAR_BEHIND), follower(position=4_999 - FAR_BEHIND)
    assert why(cases=state(), contacts=state(followers=[near])) == []
    assert why(cases=state(), contacts=state(followers=[far])) == ["contacts: badge_1 is 1,001 events behind cases."]


def test_a_follower_of_a_service_that_does_not_answer_adds_nothing():
    assert len(why(cases=None, contacts=state(followers=[follower(position=0)]))) == 1


def test_news_that_is_not_told_counts_where_the_teller_answers():
    behind = {"relayed": 0, "relay_trouble": "Refused 10077"}
    assert why(cases=state(**behind)) == [
        "cases has 5,000 events that the others were not told of yet (Refused 10077)."
    ]
    assert why(cases=state(**behind, leads=False)) == []  # another replica tells


def test_a_position_read_later_than_the_head_is_no_lag():
    assert why(cases=state(), contacts=state(followers=[follower(position=5_100)])) == []


def test_a_log_that_takes_nothing_is_said_with_what_to_do():
    [full] = why(cases=state(log_trouble="no_room"))
    assert (
        full == "cases cannot record: its store has no room left. What is stored is safe. Free some space; "
        "it goes on by itself."
    )
    [away] = why(cases=state(log_trouble="unavailable"))
    assert away.startswith("cases cannot record: its store is away.")
    assert why(cases=state(log_trouble="")) == []
