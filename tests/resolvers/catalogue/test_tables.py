"""csvStringToJson and excelToJson. The workbooks are made here."""

from base64 import b64decode, b64encode
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from openpyxl import Workbook

from .calls import assert_refused, assert_result, call

PEOPLE = "first;last;zip\nJane;Smith;12345\nJohn;Walker;\n"


@pytest.mark.parametrize(
    ("incoming", "rows"),
    [
        (
            {"input": PEOPLE, "headersIncluded": True, "headerRow": ""},
            [{"first": "Jane", "last": "Smith", "zip": "12345"}, {"first": "John", "last": "Walker", "zip": ""}],
        ),
        ({"input": "a,b\r\n1,2\r\n"}, [{"a": "1", "b": "2"}]),
        ({"input": "a,x;b\n1,2;3"}, [{"a,x": "1,2", "b": "3"}]),
        ({"input": '\ufeffa;b\n"x;""y""\nz";2'}, [{"a": 'x;"y"\nz', "b": "2"}]),
        ({"input": "a;b\n1\n\n2;3;4"}, [{"a": "1", "b": ""}, {"a": "2", "b": "3", "C": "4"}]),
        ({"input": "1;2", "headersIncluded": False}, [{"A": "1", "B": "2"}]),
        ({"input": "1;2", "headersIncluded": "false", "headerRow": ["x"]}, [{"x": "1", "B": "2"}]),
        ({"input": "a;b\n1;2", "headerRow": ["x", "y"]}, [{"x": "1", "y": "2"}]),
        ({"input": ";b\n1;2"}, [{"A": "1", "b": "2"}]),
        ({"input": "a;b"}, []),
        ({"input": ""}, []),
    ],
)
def test_csv(incoming: JsonObject, rows: Json) -> None:
    assert_result("csvStringToJson", incoming, rows)


def test_columns_without_a_name_are_called_as_in_a_spreadsheet() -> None:
    outcome: Any = call("csvStringToJson", {"input": ";".join(["x"] * 703), "headersIncluded": False})
    names = list(outcome.outgoing["response"][0])
    assert (names[25:28], names[701:]) == (["Z", "AA", "AB"], ["ZZ", "AAA"])


def packed(*sheets: tuple[str, list[list[Any]]]) -> str:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return b64encode(file.getvalue()).decode()


def test_a_workbook_becomes_an_object_of_its_sheets() -> None:
    workbook = packed(
        ("Devices", [["name", "ports", None], ["r1", 48, None], [], ["r2", 0.5, "extra"]]),
        ("Dates", [["day"], [date(2024, 5, 1)], [datetime(2024, 5, 1, 12, 30)], [True]]),
        ("Empty", []),
    )
    assert_result(
        "excelToJson",
        {"input": f"data:application/octet-stream;base64,{workbook}", "headersIncluded": True},
        {
            "Devices": [{"name": "r1", "ports": 48}, {"name": "r2", "ports": 0.5, "C": "extra"}],
            "Dates": [{"day": "2024-05-01T00:00:00"}, {"day": "2024-05-01T12:30:00"}, {"day": True}],
            "Empty": [],
        },
    )


def test_a_workbook_without_headers() -> None:
    workbook = packed(("S", [["r1", 48]]))
    assert_result("excelToJson", {"input": workbook, "headersIncluded": False}, {"S": [{"A": "r1", "B": 48}]})
    incoming = {"input": workbook, "headersIncluded": False, "headerRow": ["name"]}
    assert_result("excelToJson", incoming, {"S": [{"name": "r1", "B": 48}]})


def zipped(parts: dict[str, str]) -> str:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return b64encode(file.getvalue()).decode()


def parts_of(workbook: str) -> dict[str, bytes]:
    with ZipFile(BytesIO(b64decode(workbook))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_file_that_unpacks_without_end_is_refused() -> None:
    bomb = zipped({"xl/workbook.xml": "x" * 20_000_000})
    assert len(bomb) < 100_000
    assert_refused("excelToJson", {"input": bomb}, "'input' unpacks to more than 16777216 bytes.")


def test_a_sheet_of_too_many_cells_is_refused() -> None:
    workbook = packed(("S", [[1] * 100] * 1001))
    with pytest.raises(LanguageError, match="more than 100000 cells or 16000000 characters"):
        call("excelToJson", {"input": workbook})


def test_one_text_in_too_many_cells_is_refused() -> None:
    parts = {name: part.decode() for name, part in parts_of(packed(("S", [["x"]]))).items()}
    shared = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{shared}"/></Types>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}"><si><t>{"x" * 30_000}</t></si></sst>'
    cells = '<c t="s"><v>0</v></c>' * 600
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><sheetData><row>{cells}</row></sheetData></worksheet>'
    )
    workbook = zipped(parts)
    with pytest.raises(LanguageError, match="more than 100000 cells or 16000000 characters"):
        call("excelToJson", {"input": workbook})


def test_a_workbook_with_a_broken_part_is_refused() -> None:
    parts = {name: part.decode() for name, part in parts_of(packed(("S", [["x"]]))).items()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace('t="inlineStr"', 't="s"')
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace("<is><t>x</t></is>", "<v>7</v>")
    with pytest.raises(LanguageError, match=r"'input' is no \.xlsx file in base64: list index out of range"):
        call("excelToJson", {"input": zipped(parts)})


@pytest.mark.parametrize(
    "given", ["not base64!", "UEsDBA==", zipped({"a.txt": "x"}), zipped({"[Content_Types].xml": "<a"})]
)
def test_what_is_no_workbook_is_refused(given: str) -> None:
    with pytest.raises(LanguageError, match=r"'input' is no \.xlsx file in base64"):
        call("excelToJson", {"input": given})


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("csvStringToJson", {"input": 5}, "'input' must be a text, not the number 5."),
        ("csvStringToJson", {"input": "a", "headerRow": "a"}, "'headerRow' must be an array, not the text 'a'."),
        (
            "csvStringToJson",
            {"input": "a", "headersIncluded": 1},
            "'headersIncluded' must be true or false, not the number 1.",
        ),
        ("excelToJson", {"input": None}, "'input' must be a text, not null."),
    ],
)
def test_a_wrong_type_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    assert_refused(name, incoming, message)


def test_a_table_of_too_many_cells_is_refused() -> None:
    incoming = {"input": "1\n" * 20_000, "headersIncluded": False, "headerRow": ["x"] * 100}
    assert_refused("csvStringToJson", incoming, "The table has more than 1000000 cells.")
