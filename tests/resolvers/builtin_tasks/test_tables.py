"""csvStringToJson and excelToJson. The workbooks are made here."""

import re
from base64 import b64decode, b64encode
from datetime import date, datetime
from io import BytesIO
from time import process_time
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
        ({"input": '"rack;row",name\n1,edge'}, [{"rack;row": "1", "name": "edge"}]),
        ({"input": "a;b\r1;2\r"}, [{"a": "1", "b": "2"}]),
        ({"input": 'a,b\n"x" ,"y"z"\n'}, [{"a": "x", "b": 'y"z'}]),
        ({"input": "a,a,a_1,,A\n1,2,3,4,5,6"}, [{"a": "1", "a_2": "2", "a_1": "3", "D": "4", "A": "5", "F": "6"}]),
        ({"input": "a;b"}, []),
        ({"input": ""}, []),
    ],
)
def test_csv(incoming: JsonObject, rows: Json) -> None:
    assert_result("csvStringToJson", incoming, rows)


def test_a_cell_may_be_long() -> None:
    assert_result("csvStringToJson", {"input": f"a,b\n{'x' * 140_000},1"}, [{"a": "x" * 140_000, "b": "1"}])


def test_quotes_that_are_never_closed_are_told_with_their_row() -> None:
    message = "'input' is not CSV: The quotes that row 3 opens are never closed."
    assert_refused("csvStringToJson", {"input": 'a,b\n1,2\n3,"4\n5,6'}, message)


def test_columns_without_a_name_are_called_as_in_a_spreadsheet() -> None:
    outcome: Any = call("csvStringToJson", {"input": ";".join(["x"] * 703), "headersIncluded": False})
    names = list(outcome.outgoing["response"][0])
    assert (names[25:28], names[701:]) == (["Z", "AA", "AB"], ["ZZ", "AAA"])


def packed(*sheets: tuple[str, list[list[Any]]]) -> str:
    book = Workbook()
    assert book.active is not None
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


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PORTS: list[list[Any]] = [["device", "port", "up"], ["edge-1", 1, True], [], ["edge-2", 2], ["edge-3", None, False]]
OBJECTS = [
    {"device": "edge-1", "port": 1, "up": True},
    {"device": "edge-2", "port": 2},
    {"device": "edge-3", "up": False},
]


def rewritten(workbook: str, part: str, *changes: tuple[str, str]) -> str:
    """The workbook with one part changed: each pattern, which must be there, and what comes in its place."""
    parts = {name: content.decode() for name, content in parts_of(workbook).items()}
    for pattern, written in changes:
        parts[part], count = re.subn(pattern, written, parts[part], flags=re.DOTALL)
        assert count, pattern
    return zipped(parts)


@pytest.mark.parametrize(
    "dimension",
    [
        '<dimension ref="A1"/>',
        '<dimension ref="A1:A2"/>',
        '<dimension ref="B2:C3"/>',
        '<dimension ref="A1:C2"/>',
        '<dimension ref="Z99:AA100"/>',
        '<dimension ref="A1:XFD1048576"/>',
        '<dimension ref=""/>',
        '<dimension ref="everything"/>',
        "<dimension/>",
        "",
    ],
)
def test_all_rows_of_a_sheet_are_read_whatever_it_says_of_its_size(dimension: str) -> None:
    workbook = packed(("Other", [["a"], [1], [2]]), ("S", PORTS))
    wrong = rewritten(workbook, "xl/worksheets/sheet2.xml", ("<dimension [^>]*/>", dimension))
    assert_result("excelToJson", {"input": wrong}, {"Other": [{"a": 1}, {"a": 2}], "S": OBJECTS})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="3"><c r="A3"><v>3</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', [{"A": 2}, {"A": 3}]),
        ('<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>', [{"A": 1, "C": 3}]),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>', [{"A": 1, "B": 2}]),
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', [{"A": 1}]),
        ("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", [{"A": 1, "B": 2}, {"A": 3}]),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>', [{"A": 1}]),
    ],
)
def test_rows_and_cells_are_read_in_any_order(rows: str, expected: Json) -> None:
    content = rf"<sheetData>{rows}</sheetData>"
    workbook = rewritten(packed(("S", [[1]])), "xl/worksheets/sheet1.xml", ("<sheetData>.*</sheetData>", content))
    assert_result("excelToJson", {"input": workbook, "headersIncluded": False}, {"S": expected})


@pytest.mark.parametrize("rows", ['<row><c r="XFD1"><v>1</v></c></row>' * 7, "<row/>" * 100_001])
def test_a_small_file_of_many_empty_cells_is_refused(rows: str) -> None:
    content = rf"<sheetData>{rows}</sheetData>"
    workbook = rewritten(packed(("S", [[1]])), "xl/worksheets/sheet1.xml", ("<sheetData>.*</sheetData>", content))
    with pytest.raises(LanguageError, match="more than 100000 cells or 16000000 characters"):
        call("excelToJson", {"input": workbook})


def test_a_sheet_that_is_a_chart_alone_has_no_rows_and_stops_no_other() -> None:
    workbook = packed(("Chart", []), ("S", PORTS))
    sheet = ("<worksheet .*</worksheet>", f'<chartsheet xmlns="{MAIN}"><sheetViews/></chartsheet>')
    charted = rewritten(workbook, "xl/worksheets/sheet1.xml", sheet)
    linked = rewritten(
        charted, "xl/_rels/workbook.xml.rels", (r'/worksheet"(?=[^>]*sheet1\.xml|[^<>]*Id="rId1")', '/chartsheet"')
    )
    assert_result("excelToJson", {"input": linked}, {"S": OBJECTS})


def test_a_formula_that_several_cells_share_gives_each_its_value() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*2</f><v>4</v></c><c r="B1" t="str"><f>"a"</f><v>a</v>'
        '</c></row><row r="2"><c r="A2"><f t="shared" si="0"/><v>6</v></c></row><row r="3"><c r="A3">'
        '<f t="shared" si="0"/></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    content = ("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>")
    workbook = rewritten(packed(("S", [[1]])), "xl/worksheets/sheet1.xml", content)
    expected: Json = {"S": [{"A": 4, "B": "a"}, {"A": 6}, {"B": "#DIV/0!"}]}
    assert_result("excelToJson", {"input": workbook, "headersIncluded": False}, expected)


def shared(workbook: str, *texts: str) -> str:
    """The workbook with these texts apart, as most programs write them; its cells are their numbers."""
    type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{type}"/></Types>'
    parts = parts_of(rewritten(workbook, "[Content_Types].xml", ("</Types>", override)))
    entries = "".join(f"<si><t>{text}</t></si>" for text in texts)
    written = {name: content.decode() for name, content in parts.items()}
    numbered = zipped({**written, "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{entries}</sst>'})
    return rewritten(numbered, "xl/worksheets/sheet1.xml", (' t="n"', ' t="s"'))


ESCAPED = [
    ("line_x000D_\nnext", "line\r\nnext"),
    ("_x005F_x000D_", "_x000D_"),
    ("_x000d_", "\r"),
    ("x005F_ and _x00_", "x005F_ and _x00_"),
    ("_xD83D__xDE00_", "\U0001f600"),
    ("half _xD83D_", "half \ufffd"),
]


@pytest.mark.parametrize(("written", "read"), ESCAPED)
def test_characters_that_are_escaped_in_a_workbook_are_read(written: str, read: str) -> None:
    headless = {"headersIncluded": False}
    inline = packed(("S", [[written]]))
    assert_result("excelToJson", {"input": inline, **headless}, {"S": [{"A": read}]})
    apart = shared(packed(("S", [[0]])), written)
    assert_result("excelToJson", {"input": apart, **headless}, {"S": [{"A": read}]})


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
    cells = '<c t="n"><v>0</v></c>' * 600
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>'
    )
    workbook = shared(zipped(parts), "x" * 30_000)
    with pytest.raises(LanguageError, match="more than 100000 cells or 16000000 characters"):
        call("excelToJson", {"input": workbook})


@pytest.mark.parametrize(
    "texts", [("",) * 100_001, ("</t></si><si><r/>" + "<r/>" * 400_000 + "<t>",)], ids=["texts", "runs"]
)
def test_texts_that_no_cell_can_name_are_refused_before_they_are_read(texts: list[str]) -> None:
    workbook, used = shared(packed(("S", [[0]])), *texts), process_time()
    with pytest.raises(LanguageError, match="'input' has more than 100000 shared texts, or 400000 elements in them"):
        call("excelToJson", {"input": workbook})
    assert process_time() - used < 10  # 20 s for 900,000 texts of which none is written anywhere


def test_a_workbook_with_a_broken_part_is_refused() -> None:
    parts = {name: part.decode() for name, part in parts_of(packed(("S", [["x"]]))).items()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace('t="inlineStr"', 't="s"')
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace("<is><t>x</t></is>", "<v>7</v>")
    with pytest.raises(LanguageError, match="'input' is broken: a cell refers to a text or a style that"):
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


def test_a_table_has_a_number_of_columns() -> None:
    message = "The table has 20,001 columns, more than the 20,000 that may be."
    for written in ("a," * 20_000 + "b\n1", "a\n" + "1," * 20_000):
        assert_refused("csvStringToJson", {"input": written}, message)
