"""Grounds for the matrix, and the record of what was found: `--faults-report FILE` keeps it as JSON."""

import json
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.ground import TWO, Ground, make_template
from tests.faults.matrix import FAULTS
from tests.faults.mutants import MUTANTS

FOUND = pytest.StashKey[dict[str, dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-report", metavar="FILE", help="what was found, as JSON, written after every fault")
    parser.addoption("--faults-full", action="store_true", help="every fault, at its whole length")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the order of the matrix, whatever chance says: first what shares a ground, then what needs one each. Slow ones
    are for the whole matrix only."""
    numbers = list(FAULTS)

    def turn(item: pytest.Item) -> tuple[int, int]:
        name = _fault_of(item)
        return (0, 0) if name is None else (1 + ("without" in item.name), numbers.index(name))

    if not config.getoption("--faults-full"):
        slow = [item for item in items if _is_slow(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    items.sort(key=turn)


def _is_slow(item: pytest.Item) -> bool:
    name = _fault_of(item)
    if name is None:
        return False
    return not FAULTS[name].fast or ("without" in item.name and not FAULTS[name].mutant_too)


def _fault_of(item: pytest.Item) -> str | None:
    if item.get_closest_marker("faults") is None or not isinstance(item, pytest.Function):
        return None
    return str(item.callspec.params["name"])


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[str, dict[str, Any]], None]:
    """Adds to what is known of a fault."""
    found = request.config.stash[FOUND]
    file = request.config.getoption("--faults-report")

    def add(fault: str, news: dict[str, Any]) -> None:
        found[fault] = found.get(fault, {}) | news
        if file:
            Path(file).write_text(json.dumps(found))

    return add


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="spojka-faults-"))
    folder.chmod(0o711)
    yield make_template(folder / "template")
    shutil.rmtree(folder, ignore_errors=True)


class Grounds:
    """The ground faults share as long as it is well; a fault that breaks it leaves a fresh one to the next."""

    def __init__(self, template: Path) -> None:
        self._template, self._stack, self._ground, self._count = template, ExitStack(), None, 0

    def shared(self) -> Ground:
        if self._ground is None:
            self._ground = self._stack.enter_context(self._new(None))
        return self._ground

    def leave(self) -> None:
        """Nobody uses it any more."""
        self._ground = None
        self._stack.close()

    def mutated(self, name: str) -> Any:
        """A fresh one whose programs lack something; the shared one goes first, for two cores carry one."""
        self.leave()
        return self._new(name)

    def _new(self, mutant: str | None) -> Any:
        self._count += 1
        folder = self._template.parent / f"ground-{self._count}"
        if mutant is None:
            return _gone_afterwards(Ground(self._template, folder))
        return _gone_afterwards(Ground(self._template, folder, TWO, (mutant, MUTANTS[mutant])))


@pytest.fixture(scope="session")
def grounds(template: Path) -> Iterator[Grounds]:
    made = Grounds(template)
    yield made
    made.leave()


@contextmanager
def _gone_afterwards(ground: Ground) -> Generator[Ground]:
    try:
        with ground.up():
            yield ground
    finally:
        ground.remove()
