"""What an administrator is told about the services, from what they say of themselves."""

from typing import Any

from services.portal.health import FAR_BEHIND
from services.portal.web.running import standings


def state(head: int = 100, relayed: int = 100, dead: int = 0, **followers: tuple[str, int, str]) -> dict[str, Any]:
    return {
        "head": head,
        "leads": True,
        "relayed": relayed,
        "log_trouble": "",
        "relay_trouble": "",
        "dead_letters": dead,
        "notes": [],
        "followers": [
            {"follower": name, "source": source, "position": position, "status": status, "error": None}
            for name, (source, position, status) in followers.items()
        ],
    }


def test_all_is_well():
    found = standings({"cases": state(), "reporting": state(fact=("cases", 100, "active"))})
    assert [one.standing for one in found] == ["up", "up"]
    assert [one.behind for one in found] == [0, 0]


def test_who_does_not_answer_is_not_called_stopped():
    found = standings({"cases": None, "reporting": state(fact=("cases", 90, "active"))})
    assert found[0].standing == "unknown"
    assert found[1].standing == "up"
    assert found[1].readers[0].behind is None


def test_a_stopped_reader_stops_its_service():
    found = standings({"cases": state(fact=("cases", 3, "error"))})
    assert found[0].standing == "stopped"
    assert found[0].behind == 97


def test_far_behind_is_said_whoever_waits():
    far = FAR_BEHIND + 1
    reader = standings({"cases": state(head=far, relayed=far, fact=("cases", 0, "active"))})
    relay = standings({"cases": state(head=far, relayed=0)})
    assert (reader[0].standing, reader[0].behind) == ("behind", far)
    assert (relay[0].standing, relay[0].untold) == ("behind", far)


def test_what_nobody_could_act_on_needs_care():
    assert standings({"cases": state(dead=2)})[0].standing == "behind"
