"""A workbook holds what the page shows, and nothing in it is a formula."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from services.portal.web.sheets import sheet_name, workbook, written
from services.portal.web.tables import Table


def parts(packed: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(packed)) as file:
        return {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}


def table(first: str = "Loket") -> Table:
    made = Table("places", "Contacts by place", ["Place"], ["Contacts"], note="Counted once.")
    made.add([first, 12])
    made.add(["Sokolov", "<5"])
    made.add(["Online", None])
    made.add_up(["All", 15])
    return made


@pytest.mark.parametrize("typed", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "{=1}", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_stays_text(typed: str):
    inside = parts(written([table(typed)], [typed]))
    sheet = inside["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet and "<f " not in sheet and "hyperlink" not in sheet
    assert typed.replace("'", "&#39;") in inside["xl/sharedStrings.xml"].replace("&quot;", '"').replace("'", "&#39;")


def test_numbers_are_numbers_and_words_are_words():
    sheet = parts(written([table()], ["Period"]))["xl/worksheets/sheet1.xml"]
    assert re.findall(r"<c r=\"B\d+\"[^>]*><v>(\d+)</v>", sheet.replace(' t="s"', "")) != []
    assert re.search(r'<c r="B5"(?: s="\d+")?><v>12</v>', sheet)
    assert re.search(r'<c r="B6"(?: s="\d+")? t="s">', sheet)


def test_every_table_has_its_sheet():
    inside = parts(written([table(), table()], []))
    assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} <= inside.keys()


def test_names_of_sheets_are_short_and_never_the_same():
    long = "Contacts and interventions: by month / by place [all]"
    assert len(sheet_name(1, long)) <= 31
    assert not set("[]:*?/\\'") & set(sheet_name(1, long))
    assert sheet_name(1, long) != sheet_name(2, long)


async def test_a_file_is_named_without_anybody_in_it():
    answer = await workbook([table()], [], "spojka-kontakty-2026-01-01-2026-12-31")
    assert answer.headers["content-disposition"].endswith('filename="spojka-kontakty-2026-01-01-2026-12-31.xlsx"')
