"""Tables as an XLSX workbook. Text is written as text: what begins with `=` stays what somebody typed (rule O06)."""

import asyncio
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from starlette.responses import Response
from xlsxwriter.worksheet import Worksheet

from services.portal.web.tables import Cell, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


async def workbook(tables: Sequence[Table], head: Sequence[str], file: str) -> Response:
    """A file to keep. head: lines over every table, such as the period; file: its name, without any person in it."""
    content = await asyncio.to_thread(written, tables, head)
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{file}.xlsx"'})


def written(tables: Sequence[Table], head: Sequence[str]) -> bytes:
    """One worksheet per table."""
    packed = BytesIO()
    with xlsxwriter.Workbook(
        packed, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1}),
            "total": book.add_format({"bold": True, "top": 1}),
            "soft": book.add_format({"italic": True}),
        }
        for number, table in enumerate(tables, 1):
            _write(book.add_worksheet(sheet_name(number, table.title)), table, head, looks)
    return packed.getvalue()


def sheet_name(number: int, title: str) -> str:
    """At most 31 signs, without those that Excel refuses, and never the same twice."""
    return f"{number} {_FORBIDDEN.sub(' ', title)}"[:31].rstrip()


def _write(sheet: Worksheet, table: Table, head: Sequence[str], looks: dict[str, Any]) -> None:
    sheet.write_string(0, 0, table.title, looks["title"])
    for row, line in enumerate(head, 1):
        sheet.write_string(row, 0, line, looks["soft"])
    first = len(head) + 2
    headings = [*table.words, *table.numbers]
    for column, word in enumerate(headings):
        sheet.write_string(first, column, word, looks["head"])
    for row, cells in enumerate(table.rows, first + 1):
        _write_row(sheet, row, cells, None)
    last = first + len(table.rows) + 1
    if table.total:
        _write_row(sheet, last, table.total, looks["total"])
    if table.note:
        sheet.write_string(last + 2, 0, table.note, looks["soft"])
    sheet.freeze_panes(first + 1, 1)
    for column, word in enumerate(headings):
        longest = max(len(word), *(len(_text(row[column])) for row in table.rows), 0)
        sheet.set_column(column, column, min(longest + 2, WIDEST))


def _write_row(sheet: Worksheet, row: int, cells: Sequence[Cell], look: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float):
            sheet.write_number(row, column, cell, look)
        else:
            sheet.write_string(row, column, _text(cell), look)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
