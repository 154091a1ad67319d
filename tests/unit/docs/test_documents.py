"""What the documents say is so: files they name are there, tests they name exist, and their Python runs."""

import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from libs.messaging import Published
from services.cases.published import PUBLISHED as CASES
from services.contacts.published import PUBLISHED as CONTACTS
from services.courier.published import PUBLISHED as COURIER
from services.directory.published import PUBLISHED as DIRECTORY
from services.identity.published import PUBLISHED as IDENTITY

ROOT = Path(__file__).resolve().parents[3]
PAGES = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs/adr").glob("*.md")),
    *sorted((ROOT / "docs/runbook").glob("*.md")),
)
LINK = re.compile(r"\]\(([^)#]+)\)")
FILE = re.compile(r"`((?:libs|services|deploy|tests|docs)/[\w./-]+\.(?:py|md|sql))`")
OF_TESTS = re.compile(r"`((?:unit|contract|integration|network)/[\w/]+\.py)`")
TEST = re.compile(r"`(test_\w+)`")
ASKED = re.compile(r"\bask (\w+)/([\w-]+)(?:/([\w-]+))?")
PYTHON = re.compile(r"<<'END'\n(.*?)\nEND\n", re.DOTALL)
LANGUAGES: tuple[Published, ...] = (CASES, CONTACTS, COURIER, DIRECTORY, IDENTITY)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_named_file_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [*FILE.findall(text), *(f"tests/{one}" for one in OF_TESTS.findall(text))]
    assert [one for one in named if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_named_test_exists(page: Path) -> None:
    there = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = TEST.findall(page.read_text(encoding="utf-8"))
    assert [one for one in named if f"def {one}(" not in there] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = [page.name for page in folder.glob("[0-9]*.md")]
    assert sorted(LINK.findall(index)) == sorted(pages)


def test_the_runbook_asks_for_what_there_is() -> None:
    published = {language.service: language for language in LANGUAGES}
    for page in (ROOT / "docs/runbook").glob("*.md"):
        for service, second, third in ASKED.findall(page.read_text(encoding="utf-8")):
            language = published[service]
            if third:
                names = {command.__name__ for command in language.commands[second]}
                assert third.title().replace("-", "") in names, third
            else:
                assert second.replace("-", "_") in language.queries, second


@pytest.mark.parametrize(
    "page", [page for page in PAGES if PYTHON.search(page.read_text())], ids=lambda page: page.stem
)
def test_the_python_of_a_page_can_be_read(page: Path) -> None:
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        compile(block, page.name, "exec")
        for line in block.splitlines():
            if line.startswith(("import ", "from ")):
                exec(line, {})


def test_a_new_member_s_keys_are_made_accepted_and_replaced(tmp_path: Path) -> None:
    """The blocks of two pages in the order in which an administrator runs them."""
    make, _, accept = PYTHON.findall((ROOT / "docs/runbook/new-member.md").read_text(encoding="utf-8"))
    [revoke] = PYTHON.findall((ROOT / "docs/runbook/key-compromise.md").read_text(encoding="utf-8"))
    node, organisation = tmp_path / "node", str(uuid4())
    said = _run(make, str(node), organisation)
    fingerprint = said.splitlines()[0].split()[-1]
    assert {file.name for file in node.iterdir()} == {"keys", "bus.conf", "bus-users.toml", "portal.toml"}
    for serial in (1, 2):
        command = json.loads(_run(accept, str(node / "keys/key-set.jws"), fingerprint))
        assert (command["organisation_id"], command["serial"]) == (organisation, serial)
        if serial == 1:
            _run(revoke, str(node / "keys"))


def _run(block: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-", *arguments], input=block, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout
