"""The search for names: it finds what is there, and only that."""

from pathlib import Path

import pytest

from deploy.demo import leaks
from deploy.demo.leaks import Found, find


def found(folder: Path, *words: str) -> list[str]:
    return [one.word for one in find(folder, words)]


def test_a_name_is_found_wherever_it_stands(tmp_path: Path):
    file = tmp_path / "deep" / "down" / "file"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x00\r" + "Matěj".encode() + b"\xff")
    assert list(find(tmp_path, ["Matěj", "Denisa"])) == [Found("Matěj", file)]


def test_a_name_that_json_escaped_is_found(tmp_path: Path):
    (tmp_path / "log").write_text(r'{"nickname": "Mat\u011bj"}')
    assert found(tmp_path, "Matěj") == ["Matěj"]


@pytest.mark.parametrize("before", range(0, 20, 3))
def test_a_name_across_two_blocks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int):
    monkeypatch.setattr(leaks, "BLOCK", 8)
    (tmp_path / "file").write_bytes(b" " * before + b"Denisa" + b" " * 20)
    assert found(tmp_path, "Denisa") == ["Denisa"]


def test_letters_of_base64_are_chance(tmp_path: Path):
    (tmp_path / "letter").write_bytes(b"eyJhbGciOiJDendyZGVueQ")
    assert found(tmp_path, "Dendy") == []


def test_the_same_letters_as_a_word_are_found_behind_a_chance(tmp_path: Path):
    (tmp_path / "letter").write_bytes(b"eyJhbGciOiJDendyZGVueQ \x0dDendy1")
    assert found(tmp_path, "Dendy") == ["Dendy"]


def test_zeros_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(leaks, "BLOCK", 16)
    (tmp_path / "wal").write_bytes(bytes(64) + b"Denisa" + bytes(64))
    assert found(tmp_path, "Denisa") == ["Denisa"]
