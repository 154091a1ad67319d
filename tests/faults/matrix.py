"""The matrix: which fault, how it is made, what it takes, and which mutant must not survive it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.faults.desks import Desks
from tests.faults.ground import alone
from tests.faults.scenarios.clocks import no_other_clock, the_clock_is_wrong
from tests.faults.scenarios.frozen import readers_stand_still
from tests.faults.scenarios.full import the_disk_is_full
from tests.faults.scenarios.keys import keys_change_midway
from tests.faults.scenarios.killed import any_process_is_killed
from tests.faults.scenarios.lines import the_hub_is_wiped, the_line_is_bad, the_line_is_cut
from tests.faults.scenarios.old import old_events_are_read
from tests.faults.scenarios.power import power_is_cut
from tests.faults.scenarios.restored import yesterdays_backup_comes_back
from tests.faults.scenarios.streams import (
    letters_come_twice_and_in_any_order,
    poison_comes,
    the_stream_store_is_damaged,
)
from tests.faults.scenarios.versions import no_version_before, two_versions_meet

Scenario = Callable[[Desks], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """title   what happens, in the words of whoever lives with it
    mutant     a name of mutants.py; caught_by: the checks of which one must fail with it. C4 counts as failed as well
               where the work itself does not get on, because it waits for what never comes
    fast       in every run of the tests, not only in that of the whole matrix
    mutant_too the mutant as well: of three of them in every run, of all in the whole matrix
    needs      why it cannot be tried here; None: it can
    """

    title: str
    scenario: Scenario
    mutant: str
    caught_by: frozenset[str]
    fast: bool = True
    mutant_too: bool = True
    needs: Callable[[], str | None] = lambda: None


def _own_namespaces() -> str | None:
    if alone():
        return None
    return "drops packets and mounts disks, so it needs root and namespaces of its own: run ./spojka faults as root"


FAULTS: Mapping[str, Fault] = {
    "F1": Fault("kill -9 of any process", any_process_is_killed, "answer-first", frozenset({"C1", "C4"})),
    "F2": Fault(
        "power cut", power_is_cut, "no-fsync", frozenset({"C1", "C4"}), needs=_own_namespaces, mutant_too=False
    ),
    "F3": Fault(
        "partition, also one-way", the_line_is_cut, "once", frozenset({"C4"}), needs=_own_namespaces, mutant_too=False
    ),
    "F4": Fault("slow, cut, doubled line", the_line_is_bad, "once", frozenset({"C4"}), fast=False),
    "F5": Fault("letters twice and in any order", letters_come_twice_and_in_any_order, "no-inbox", frozenset({"C2"})),
    "F6": Fault("disk full", the_disk_is_full, "always-yes", frozenset({"C1"}), needs=_own_namespaces),
    "F7": Fault(
        "damaged and lost stream", the_stream_store_is_damaged, "no-refill", frozenset({"C3", "C4"}), mutant_too=False
    ),
    "F8": Fault("readers stand still", readers_stand_still, "no-inbox", frozenset({"C2"}), fast=False),
    "F9": Fault(
        "wrong clock",
        the_clock_is_wrong,
        "one-clock",
        frozenset({"C4"}),
        fast=False,
        needs=no_other_clock,
    ),
    "F10": Fault("poison", poison_comes, "one-stops-all", frozenset({"C4"}), mutant_too=False),
    "F11": Fault("old events", old_events_are_read, "forgets-one", frozenset({"C3", "C4"}), mutant_too=False),
    "F12": Fault(
        "the version before and this one",
        two_versions_meet,
        "newer-words",
        frozenset({"C4"}),
        fast=False,
        needs=no_version_before,
    ),
    "F13": Fault("yesterday's backup comes back", yesterdays_backup_comes_back, "deaf", frozenset({"C4"}), fast=False),
    "F14": Fault(
        "keys roll over, are stolen, a member is cut off",
        keys_change_midway,
        "revoked-counts",
        frozenset({"C4"}),
        fast=False,
    ),
    "F15": Fault("the hub is away, then wiped", the_hub_is_wiped, "once", frozenset({"C4"}), mutant_too=False),
}
