"""Workflows and documents that mean no good, as an author imports and starts them."""

import base64
import io
import json
import zipfile
from typing import Any

from ..documents import chain, task
from .inputs import Input, Who, asking, graphql, job, made_job, told
from .world import World

_ID = "0123456789abcdef0123456{}"
_BOMB = "((a{1000}){1000}){1000}"


def _one(name: str, only: dict[str, Any], **schema: Any) -> dict[str, Any]:
    return {**chain(f"hostile {name}", a1=only), **schema}


def _task(name: str, method: str, /, **incoming: Any) -> Any:
    return job(_one(name, task(method, **incoming)))


def _large(name: str, method: str, variable: Any, /, **incoming: Any) -> Any:
    """With the job variable `v`, which is made only when it is sent."""
    return made_job(lambda: (_one(name, task(method, **incoming)),), lambda: {"v": variable()})


def _schema(name: str, schema: dict[str, Any], x: Any) -> Any:
    return job(
        _one(
            name,
            task("delay", time=0),
            inputSchema={
                "properties": {"x": schema},
                **{key: part for key, part in schema.items() if key == "definitions"},
            },
        ),
        x=x,
    )


def _doubled(word: str, depth: int) -> dict[str, Any]:
    links = {f"d{at}": {word: [{"$ref": f"#/definitions/d{at + 1}"}] * 2} for at in range(depth)}
    return {"$ref": "#/definitions/d0", "definitions": {**links, f"d{depth}": {"type": "string"}}}


_OPEN = "http://schemas.openxmlformats.org"
_TYPE = (
    '<Override PartName="/xl/{}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"/>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_OPEN}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OPEN}/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
)
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types">'
    + '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    + 'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + _TYPE.format("workbook", "sheet.main")
    + _TYPE.format("worksheets/sheet1", "worksheet")
    + "</Types>",
    "_rels/.rels": _RELATIONS % ("officeDocument", "xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": _RELATIONS % ("worksheet", "worksheets/sheet1.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" '
    f'xmlns:r="{_OPEN}/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def _workbook(sheet: bytes) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in _PARTS.items():
            file.writestr(name, f'<?xml version="1.0"?>{content}')
        file.writestr("xl/worksheets/sheet1.xml", sheet)
    return base64.b64encode(packed.getvalue()).decode()


def _sheet(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (at + 1, b"&a%d;" % at * 10) for at in range(12))
    + b"]><worksheet><sheetData>&a12;</sheetData></worksheet>"
)


def _circle(name: str, only: dict[str, Any]) -> dict[str, Any]:
    document = _one(name, only)
    document["transitions"]["a1"] = {"a1": {"type": "revert", "state": "success"}}
    return document


def _retrying(name: str, only: dict[str, Any], state: str) -> dict[str, Any]:
    settings = {"autoRetry": True, "limit": 10**9, "delay": 0, "state": [state]}
    return _one(name, {**only, "retrySettings": settings})


def _growing() -> dict[str, Any]:
    return _circle(
        "growing", task("arrayConcat", outgoing={"combinedArray": "$var.job.v"}, arr="$var.job.v", arrayN="$var.job.v")
    )


def _child(name: str, **incoming: Any) -> dict[str, Any]:
    return task(
        "childJob", task="", workflow=name, variables={}, data_array="", transformation="", loopType="", **incoming
    )


def _fanning(name: str, elements: int) -> dict[str, Any]:
    only = task(
        "childJob",
        task="",
        workflow=f"hostile {name}",
        variables={},
        data_array=[{} for _ in range(elements)],
        transformation="",
        loopType="parallel",
    )
    return _one(name, only)


def _nested_loops(length: int) -> dict[str, Any]:
    data = list(range(length))
    document = chain(
        "hostile nested loops",
        a1=task("forEach", data_array=data),
        b2=task("forEach", data_array=data),
        c3=task("newVariable", name="n", value=1),
    )
    document["transitions"] = {
        "workflow_start": {"a1": {"type": "standard", "state": "success"}},
        "a1": {"b2": {"type": "standard", "state": "loop"}, "workflow_end": {"type": "standard", "state": "success"}},
        "b2": {"c3": {"type": "standard", "state": "loop"}},
        "c3": {},
        "workflow_end": {},
    }
    return document


def _evaluations(number: int) -> Any:
    one = {"operand_1": "a", "operator": "==", "operand_2": "b", "query": ""}
    group = {"all_true_flag": False, "evaluations": [one] * number}
    return made_job(lambda: (_one("evaluations", task("evaluation", all_true_flag=False, evaluation_groups=[group])),))


def _transformation(number: int, *steps: dict[str, Any], functions: Any = ()) -> dict[str, Any]:
    return {
        "_id": _ID.format(number),
        "name": f"hostile {number}",
        "incoming": [{"$id": "v"}],
        "outgoing": [{"$id": "out"}],
        "steps": list(steps),
        "functions": list(functions),
    }


def _method(id: int, library: str, method: str, args: list[Any]) -> dict[str, Any]:
    return {"id": id, "type": "method", "library": library, "method": method, "args": args}


def _assign(of: Any, pointer: str, to: str, name: Any, to_pointer: str, id: int) -> dict[str, Any]:
    location = "incoming" if of == "v" else "method"
    return {
        "id": id,
        "type": "assign",
        "from": {"location": location, "name": of, "ptr": pointer},
        "to": {"location": to, "name": name, "ptr": to_pointer},
    }


def _transforming(number: int, library: str, method: str, args: list[Any], variable: Any, at: int = 0) -> Any:
    document = _transformation(
        number,
        _method(1, library, method, args),
        _assign("v", "", "method", 1, f"/args/{at}/value", 2),
        _assign(1, "/return", "outgoing", "out", "", 3),
    )
    only = task("transformation", tr_id=_ID.format(number), variableMap={"v": "$var.job.v"}, options={})
    return made_job(lambda: (_one(f"transforming {number}", only), document), lambda: {"v": variable()})


def _template(number: int, text: str, kind: str = "jinja2", data: Any = "") -> Any:
    document = {"name": f"hostile template {number}", "type": kind, "template": text}
    if kind == "textfsm":
        only = task("applyTemplate", app="TemplateBuilder", text="$var.job.v", template=document["name"])
    else:
        only = task("renderJinjaTemplate", app="TemplateBuilder", name=document["name"], context={})
    return made_job(lambda: (_one(f"template {number}", only), document), lambda: {"v": data})


def _importing(document: Any) -> Any:
    def send(world: World, who: Who) -> str:
        with asking(world, who) as http:
            query = "mutation($d:[JSON!]!){importWorkflows(documents:$d){imported{name} skipped{reason}}}"
            answer = http.post("/graphql", json={"query": query, "variables": {"d": [document()]}})
            if "errors" in answer.json():
                return told(answer)
            skipped = answer.json()["data"]["importWorkflows"]["skipped"]
            return f"200 {len(skipped)} skipped {skipped[0]['reason'][:60] if skipped else ''}"

    return send


def _wide(tasks: int) -> dict[str, Any]:
    ids = [f"t{at:x}" for at in range(tasks)]
    standard = {"type": "standard", "state": "success"}
    document = _one("wide", task("newVariable", name="n", value=1))
    document["tasks"] |= {id: task("newVariable", name="n", value=1) for id in ids}
    document["transitions"] = {
        "workflow_start": dict.fromkeys(["a1", *ids], standard),
        "workflow_end": {},
        **{id: {"workflow_end": standard} for id in ["a1", *ids]},
    }
    return document


def _complete(tasks: int) -> dict[str, Any]:
    ids = [f"t{at:x}" for at in range(tasks)]
    standard = {"type": "standard", "state": "success"}
    document = _one("complete", task("newVariable", name="n", value=1))
    document["tasks"] |= {id: task("newVariable", name="n", value=1) for id in ids}
    ways = {id: dict.fromkeys([*ids[at + 1 :], "workflow_end"], standard) for at, id in enumerate(ids)}
    document["transitions"] = {"workflow_start": {ids[0]: standard}, "a1": {}, "workflow_end": {}, **ways}
    return document


def _nested(count: int) -> Any:
    empty: list[Any] = [{}] * count
    return {"items": [{"items": [{"items": [{"items": empty}]}]}]}


def _numbers() -> list[int]:
    return [at * 7919 % 1_000_003 for at in range(1_000_000)]


def _texts() -> list[str]:
    return [f"text {at * 7919 % 1_000_003}" for at in range(400_000)]


def _objects() -> list[Any]:
    return [{"k": at * 7919 % 200_003, "n": "x"} for at in range(200_000)]


_V = "$var.job.v"
_SEARCHED = "a" * 40 + "!"
_SORT = [_one("sort", task("sort", arr=_V, key="", limit="", reverse=False))]

AUTHOR = [
    Input(
        "a pattern that unfolds", "author", _task("unfolding", "match", str="aaa", regExp=_BOMB, flags=""), quick=True
    ),
    Input(
        "a pattern that searches for ever",
        "author",
        _task("searching", "match", str=_SEARCHED, regExp="^(a+)+$", flags=""),
    ),
    Input(
        "a pattern over 8 MB",
        "author",
        _large("long search", "match", lambda: "ab" * 4_000_000, str=_V, regExp="a", flags="g"),
    ),
    Input(
        "replace in 8 MB",
        "author",
        _large("long replace", "replace", lambda: "ab" * 4_000_000, str=_V, substr="/a/g", newSubstr="b" * 100),
    ),
    Input(
        "split of 8 MB", "author", _large("split", "split", lambda: "ab" * 4_000_000, str=_V, separator="", limit="")
    ),
    Input(
        "a schema whose pattern searches for ever",
        "author",
        _schema("slow schema", {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}, {_SEARCHED: 1}),
        quick=True,
    ),
    Input("a schema whose pattern unfolds", "author", _schema("unfolding schema", {"pattern": _BOMB}, "aaa")),
    Input("anyOf doubled 18 times", "author", _schema("anyOf", _doubled("anyOf", 18), 1), quick=True),
    Input("allOf doubled 40 times", "author", _schema("allOf", _doubled("allOf", 40), 1)),
    Input("a schema that refers to itself", "author", _schema("circle", {"$ref": "#/properties/x"}, 1)),
    Input(
        "uniqueItems of 300,000 objects",
        "author",
        made_job(
            lambda: (_one("unique", task("delay", time=0), inputSchema={"properties": {"x": {"uniqueItems": True}}}),),
            lambda: {"x": [{"a": at} for at in range(300_000)]},
        ),
    ),
    Input(
        "300 patterns over 20,000 keys",
        "author",
        made_job(
            lambda: (
                _one(
                    "many patterns",
                    task("delay", time=0),
                    inputSchema={"properties": {"x": {"patternProperties": {f"^k{at}x": {} for at in range(300)}}}},
                ),
            ),
            lambda: {"x": {f"name{at}": 1 for at in range(20_000)}},
        ),
    ),
    Input(
        "enum over many objects",
        "author",
        made_job(
            lambda: (
                _one(
                    "enum",
                    task("delay", time=0),
                    inputSchema={"properties": {"x": {"items": {"enum": [{"a": at} for at in range(2000)]}}}},
                ),
            ),
            lambda: {"x": [{"a": -1}] * 20_000},
        ),
    ),
    Input(
        "validateJsonSchema that searches",
        "author",
        _task("validating", "validateJsonSchema", jsonData=_SEARCHED, schema={"pattern": "^(a+)+$"}),
    ),
    Input("sort of a million numbers", "author", made_job(lambda: tuple(_SORT), lambda: {"v": _numbers()})),
    Input("sort of 400,000 texts", "author", made_job(lambda: tuple(_SORT), lambda: {"v": _texts()})),
    Input(
        "sort of 200,000 objects",
        "author",
        _large("sort objects", "sort", _objects, arr=_V, key="k", limit="", reverse=False),
    ),
    Input("concat of a million", "author", _large("concat", "arrayConcat", _numbers, arr=_V, arrayN=_V)),
    Input("reverse of a million", "author", _large("reverse", "reverse", _numbers, arr=_V)),
    Input(
        "copyWithin of a million",
        "author",
        _large("copyWithin", "copyWithin", _numbers, arr=_V, target=1, start=0, end=""),
    ),
    Input("join of a million", "author", _large("join", "join", _numbers, arr=_V, separator=",")),
    Input(
        "indexOf in a million",
        "author",
        _large("indexOf", "arrayIndexOf", _numbers, arr=_V, searchElement=-1, fromIndex=""),
    ),
    Input(
        "toLocaleString of 400,000",
        "author",
        _large("toLocale", "arrayToLocaleString", lambda: list(range(400_000)), arr=_V, locales="de", options=""),
    ),
    Input("fill far beyond", "author", _task("fill", "fill", arr=[1], value=1, start=0, end=10**9)),
    Input("repeat 1e9 times", "author", _task("repeat", "repeat", str="abc", count=10**9)),
    Input("padStart to 1e9", "author", _task("padStart", "padStart", str="a", targetLength=10**9, padString="b")),
    Input("an array far beyond its end", "author", _task("gap", "setObjectKey", obj=[], path=[10**9], value=1)),
    Input(
        "a path of 100,000 keys",
        "author",
        made_job(lambda: (_one("path", task("setObjectKey", obj={}, path=["a"] * 100_000, value=1)),)),
    ),
    Input(
        "deepmerge of 400,000 keys",
        "author",
        _large(
            "deepmerge",
            "deepmerge",
            lambda: {f"k{at}": {"a": at} for at in range(400_000)},
            data_to_merge=[{"key": "", "value": {"task": "job", "variable": "v"}}] * 4,
        ),
    ),
    Input(
        "merge that multiplies",
        "author",
        _large(
            "merge",
            "merge",
            lambda: "x" * 1_000_000,
            data_to_merge=[{"key": f"k{at}", "value": {"task": "job", "variable": "v"}} for at in range(1000)],
        ),
    ),
    Input(
        "assign of 400,000 keys, 50 times",
        "author",
        _large("assign", "assign", lambda: {f"k{at}": at for at in range(400_000)}, target=_V, sourceN=[_V] * 50),
    ),
    Input("parse of 15 MB", "author", _large("parse", "parse", lambda: "[" + "{}," * 3_000_000 + "{}]", text=_V)),
    Input(
        "parse 100,000 deep", "author", _large("parse deep", "parse", lambda: "[" * 100_000 + "]" * 100_000, text=_V)
    ),
    Input(
        "parse of a number of a million digits", "author", _large("digits", "parse", lambda: "9" * 1_000_000, text=_V)
    ),
    Input(
        "parseInt of a million digits",
        "author",
        _large("parseInt", "parseInt", lambda: "9" * 1_000_000, str=_V, radix=10),
    ),
    Input(
        "objectToString of 300,000 objects",
        "author",
        _large("stringify", "objectToString", lambda: [{"a": 1}] * 300_000, value=_V, replacer="", space=10),
    ),
    Input(
        "normalize of 8 million",
        "author",
        _large("normalize", "normalize", lambda: "é" * 4_000_000, str=_V, form="NFD"),
    ),
    Input(
        "localeCompare of 4 million",
        "author",
        _large(
            "compare",
            "localeCompare",
            lambda: "ä" * 4_000_000,
            referenceStr=_V,
            compareString=_V,
            locales="de",
            options="",
        ),
    ),
    Input("upper case of 5 million ß", "author", _large("upper", "toUpperCase", lambda: "ß" * 5_000_000, str=_V)),
    Input(
        "csv of 450,000 rows",
        "author",
        _large(
            "csv",
            "csvStringToJson",
            lambda: "a,b,c\n" + "1,2,3\n" * 450_000,
            input=_V,
            headersIncluded=True,
            headerRow="",
        ),
    ),
    Input(
        "csv of a million columns",
        "author",
        _large(
            "csv columns",
            "csvStringToJson",
            lambda: ",".join(f"c{at}" for at in range(1_000_000)) + "\n1",
            input=_V,
            headersIncluded=True,
            headerRow="",
        ),
    ),
    Input(
        "csv of an open quote",
        "author",
        _large(
            "csv quote",
            "csvStringToJson",
            lambda: '"' + 'a""' * 3_000_000,
            input=_V,
            headersIncluded=True,
            headerRow="",
        ),
    ),
    Input(
        "a workbook that unpacks to 1 GB",
        "author",
        made_job(
            lambda: (_one("zip bomb", task("excelToJson", input=_V, headersIncluded=True, headerRow="")),),
            lambda: {"v": _workbook(_sheet(b" " * 200_000_000))},
        ),
    ),
    Input(
        "a workbook of 750,000 empty rows",
        "author",
        made_job(
            lambda: (_one("empty rows", task("excelToJson", input=_V, headersIncluded=True, headerRow="")),),
            lambda: {"v": _workbook(_sheet(b"<row/>" * 750_000))},
        ),
    ),
    Input(
        "a workbook of 90,000 cells",
        "author",
        made_job(
            lambda: (_one("cells", task("excelToJson", input=_V, headersIncluded=True, headerRow="")),),
            lambda: {
                "v": _workbook(
                    _sheet(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 90_000)))
                )
            },
        ),
    ),
    Input(
        "a workbook that laughs",
        "author",
        made_job(
            lambda: (_one("laughs", task("excelToJson", input=_V, headersIncluded=True, headerRow="")),),
            lambda: {"v": _workbook(_LAUGHS)},
        ),
    ),
    Input(
        "a time format of a million characters",
        "author",
        _large(
            "time format",
            "convertTimeFormat",
            lambda: "Y" * 1_000_000,
            inputTime="2024-01-01T00:00:00Z",
            newFormatString=_V,
        ),
    ),
    Input(
        "an offset of 1e308",
        "author",
        _task("offset", "addDuration", inputTime="2024-01-01T00:00:00Z", offsetDuration=1e308),
    ),
    Input(
        "a zone of a million characters",
        "author",
        _large("zone", "convertTimezone", lambda: "A/" * 500_000, inputTime="2024-01-01T00:00:00Z", NewTimezone=_V),
    ),
    Input(
        "a query with 30,000 brackets",
        "author",
        _task("query", "query", pass_on_null=False, query="a" + "[a=1]" * 6000, obj={"a": [1]}),
    ),
    Input(
        "a query that opens 30,000 times",
        "author",
        _task("open query", "query", pass_on_null=False, query="[" * 30_000, obj={"a": [1]}),
    ),
    Input(
        "a query over a million",
        "author",
        _large("long query", "query", _objects, pass_on_null=False, query="[*n~/(x+x+)+y/]", obj=_V),
    ),
    Input("100,000 evaluations", "author", _evaluations(100_000)),
    Input("a transformation over a million", "author", _transforming(1, "Array", "sort", [None], _numbers)),
    Input("a transformation that joins", "author", _transforming(2, "Array", "join", [None, "x" * 10_000], _numbers)),
    Input(
        "a transformation that repeats",
        "author",
        _transforming(3, "String", "repeat", [None, 10**7], lambda: "x" * 1000),
    ),
    Input("a transformation that stringifies", "author", _transforming(4, "JSON", "stringify", [None], _objects)),
    Input("a template of 1e9 characters", "author", _template(1, "{{ 'x'.center(10 ** 9) }}")),
    Input(
        "a template of nested ranges",
        "author",
        _template(2, "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
    ),
    Input("a template of powers", "author", _template(3, "{{ 9 ** 9 ** 9 }}")),
    Input(
        "a parsing template that searches",
        "author",
        _template(4, "Value A (.*)\n\nStart\n  ^(a+)+b -> Record\n", "textfsm", "a" * 40 + "\n"),
    ),
    Input(
        "retries without an end",
        "author",
        job(_retrying("retries", task("query", pass_on_null=False, query="zzz", obj={"a": 1}), "failure")),
    ),
    Input(
        "retries of errors without an end", "author", job(_retrying("error retries", task("parse", text="{"), "error"))
    ),
    Input("a circle without a wait", "author", job(_circle("circle", task("newVariable", name="n", value=1)))),
    Input("a circle that doubles", "author", made_job(lambda: (_growing(),), lambda: {"v": ["x" * 1000] * 10})),
    Input("loops in loops", "author", made_job(lambda: (_nested_loops(1000),))),
    Input("a loop over a million", "author", _large("long loop", "forEach", _numbers, data_array=_V)),
    Input("a job that starts itself", "author", job(_one("itself", _child("hostile itself")))),
    Input("a job that starts 50 of itself", "author", job(_fanning("fifty", 50))),
    Input(
        "two jobs that start each other",
        "author",
        job(_one("ping", _child("hostile pong")), _one("pong", _child("hostile ping"))),
    ),
    Input(
        "10,000 children at once",
        "author",
        job(
            {
                **_one(
                    "many",
                    task(
                        "childJob",
                        task="",
                        workflow="hostile short",
                        variables={},
                        data_array=[{}] * 10_000,
                        transformation="",
                        loopType="parallel",
                    ),
                )
            },
            _one("short", task("newVariable", name="n", value=1)),
        ),
    ),
    Input("a delay without an end", "author", job(_one("delay", task("delay", time=1e308)))),
    Input("an import of 1,500,000 numbers", "author", _importing(lambda: list(range(1_500_000))), quick=True),
    Input(
        "an import of 10 MB of empty objects", "author", _importing(lambda: json.loads("[" + "{}," * 1_500_000 + "{}]"))
    ),
    Input(
        "an import of containers in containers",
        "author",
        _importing(lambda: _nested(300_000)),
    ),
    Input("an import of 19,000 tasks", "author", made_job(lambda: (_wide(19_000),))),
    Input("an import of a complete graph of 300", "author", made_job(lambda: (_complete(300),))),
    Input(
        "an import of a text of 10 MB",
        "author",
        _importing(lambda: _one("text", task("newVariable", name="n", value="x" * 10_000_000))),
    ),
    Input("an import of nested JSON", "author", _importing(lambda: json.loads("[" * 900 + "]" * 900))),
    Input(
        "a check of 19,000 tasks",
        "author",
        lambda world, who: graphql("query($d:JSON!){validateWorkflow(document:$d){__typename}}", d=_wide(19_000))(
            world, who
        ),
    ),
    Input(
        "a diff of a person's view",
        "author",
        _large(
            "diff",
            "ViewDiff",
            lambda: "a\n" * 1_000_000,
            header="h",
            message="m",
            label1="a",
            value1=_V,
            label2="b",
            value2=_V,
            btn_success="s",
            btn_failure="f",
        ),
    ),
    Input(
        "an HTML view of 8 MB",
        "author",
        _large(
            "html",
            "ViewHTML",
            lambda: "<b>" * 2_500_000,
            header="h",
            body=_V,
            variables="",
            btn_success="s",
            btn_failure="f",
        ),
    ),
    Input(
        "makeData of 8 MB",
        "author",
        _large(
            "makeData",
            "makeData",
            lambda: "<!v!>" * 1_600_000,
            input=_V,
            outputType="string",
            variables={"v": "x" * 1000},
        ),
    ),
    Input(
        "modify of 200,000 objects",
        "author",
        _large("modify", "modify", _objects, object_to_update=_V, query="[*n=x].k", new_value=1),
    ),
    Input(
        "a form that unfolds",
        "author",
        _task(
            "form",
            "RenderJsonSchema",
            jsonSchema=_doubled("anyOf", 18),
            uiSchema={},
            bindingSchema={},
            validationSchema={},
            formData={},
        ),
    ),
]
