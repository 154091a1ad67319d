"""Named SQL: every statement lies in a `queries.sql` with a name and a reason, none hides in Python."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_HEADING = re.compile(r"^-- ([a-z][a-z0-9_]*) --$", re.MULTILINE)


class Sql(Mapping[str, str]):
    """Statements by name, from one or several files. Two of one name are refused."""

    def __init__(self, statements: dict[str, str]) -> None:
        self._statements = statements

    def __getitem__(self, name: str) -> str:
        return self._statements[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def named_queries(*files: Path) -> Sql:
    """Read the files. Raises ValueError if a name is used twice or a heading has no statement."""
    statements: dict[str, str] = {}
    for file in files:
        parts = _HEADING.split(file.read_text(encoding="utf-8"))
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            if name in statements:
                raise ValueError(f"{file}: the query {name} exists twice")
            if not any(line.strip() and not line.startswith("--") for line in body.splitlines()):
                raise ValueError(f"{file}: the query {name} is empty")
            statements[name] = f"-- {name}\n{body.strip().rstrip(';')}"
    return Sql(statements)
