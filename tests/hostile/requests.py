"""Requests over GraphQL and the documented routes that cost more than they look."""

import gzip
import json
from itertools import count
from typing import Any

from .inputs import Input, Who, asking, getting, graphql, posting, raw_body, told
from .world import World

_numbers = count()
_MEGABYTES = 15_900_000


def _aliased(selection: str, times: int) -> str:
    return "{" + " ".join(f"a{at}:{selection}" for at in range(times)) + "}"


def _typenames(world: World, who: Who) -> str:
    """Each text is another one, so that none is remembered from before."""
    answers: list[str] = []
    with asking(world, who) as http:
        for _ in range(40):
            text = "{" + "__typename " * 4950 + f"}}#{next(_numbers)}"
            answers.append(told(http.post("/graphql", json={"query": text})))
    return answers[-1]


def _long(before: str, piece: str, after: str = "") -> Any:
    return raw_body(
        "/graphql", lambda: json.dumps({"query": before + piece * (_MEGABYTES // len(piece)) + after}).encode()
    )


def _deep(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return b'{"query":"{__typename}","variables":{"a":' + (opening * levels + "1" + closing * levels).encode() + b"}}"


_TYPES = "__schema{types{fields{name args{name} type{name}}}}"
_WIDE = "__schema{types{name description fields{name description args{name description type{name}}}}}"
_PAGE = "jobs(first:1000){nodes{id name tasks{id name} children{id tasks{id}} workflow{name} transitions{id}}}"
_FIND = "query($f: JobFilter){ jobs(filter: $f){ totalCount } }"
_READS = "query($v: JSON){ __typename @skip(if: false) }"

NOBODY = [
    Input("4,950 fields, 40 times", "nobody", _typenames, quick=True),
    Input(
        "700 logins by alias", "nobody", graphql("mutation" + _aliased('login(username:"a",password:"b"){token}', 700))
    ),
    Input(
        "20 logins by alias", "nobody", graphql("mutation" + _aliased('login(username:"a",password:"b"){token}', 20))
    ),
    Input("introspection signed out", "nobody", graphql("{" + _TYPES + "}")),
    Input("60 KB of comment signed out", "nobody", graphql("{__typename}#" + "x" * 60_000)),
    Input("60 KB of brackets signed out", "nobody", graphql("{" * 60_000)),
    Input("fragments in login", "nobody", graphql('mutation{login(username:"a",password:"b"){...on Jobz{id}}}')),
    Input("directives in login", "nobody", graphql('mutation{login(username:"a",password:"b")@x{token}}')),
    Input("60 KB of nested JSON signed out", "nobody", raw_body("/login", lambda: b"[" * 60_000)),
    Input("60 KB of password", "nobody", posting("/login", lambda: {"username": "x", "password": "p" * 60_000})),
    Input(
        "9,000 form fields", "nobody", raw_body("/oauth/token", lambda: b"&".join(b"a%d=1" % i for i in range(9000)))
    ),
    Input(
        "a gzip bomb signed out",
        "nobody",
        raw_body("/graphql", lambda: gzip.compress(b" " * 60_000_000), **{"content-encoding": "gzip"}),
    ),
    Input("20 MB signed out", "nobody", raw_body("/graphql", lambda: b" " * 20_000_000)),
    Input("odd paths", "nobody", getting("/static/../../etc/passwd", "/static/%2e%2e/x", "/" + "a/" * 4000, "/%00")),
    Input("tokens in the query string", "nobody", getting("/graphql?" + "token=a&" * 5000)),
]

READER = [
    Input("400 introspections", "reader", graphql(_aliased(_TYPES, 400)), quick=True),
    Input("20 introspections with descriptions", "reader", graphql(_aliased(_WIDE, 20))),
    Input("15.9 MB of comment", "reader", _long("{__typename}#", "x"), quick=True),
    Input("15.9 MB of name", "reader", _long("{", "x", "}")),
    Input("15.9 MB of string", "reader", _long('{job(id:"', "x", '"){id}}')),
    Input("15.9 MB of blanks", "reader", _long("{__typename", " ", "}")),
    Input("7 million lines", "reader", _long("{", "\n", "%")),
    Input("98 KB of comment", "reader", graphql("{__typename}#" + "x" * 98_000)),
    Input("98 KB of name", "reader", graphql("{" + "x" * 98_000 + "}")),
    Input(
        "600 parents of parents",
        "reader",
        graphql("{" + "jobs{nodes{parentJob{parentJob{parentJob{id}}}}}" * 600 + "}"),
    ),
    Input(
        "900 fragments side by side",
        "reader",
        graphql(
            "{"
            + "".join(f"...f{i} " for i in range(900))
            + "}"
            + "fragment f0 on Query{__typename}" * 1
            + "".join(f" fragment f{i} on Query{{__typename}}" for i in range(1, 900))
        ),
    ),
    Input(
        "70 fragments, each of fields that overlap",
        "reader",
        graphql(
            "{"
            + "".join(f"...f{i} " for i in range(70))
            + "}"
            + "".join(f" fragment f{i} on Query{{jobs{{nodes{{id name status}} totalCount}}}}" for i in range(70))
        ),
    ),
    Input("4,900 fields that overlap", "reader", graphql("{" + "__typename " * 4900 + "}"), quick=True),
    Input("2,400 pairs that overlap", "reader", graphql("{" + "jobs{totalCount}" * 2400 + "}")),
    Input("1,600 counts", "reader", graphql(_aliased("jobs{totalCount}", 1600)), quick=True),
    Input("60 pages of a thousand jobs", "reader", graphql(_aliased(_PAGE, 60))),
    Input("1,000 job searches by id", "reader", graphql(_aliased('job(id:"0123456789abcdef01234567"){id}', 1000))),
    Input("300 catalogues", "reader", graphql(_aliased("taskCatalogue{name app}", 300))),
    Input("300 metrics", "reader", graphql(_aliased("jobMetrics", 300))),
    Input("200 views of a document", "reader", graphql(_aliased("documentedJobs(query:{}){list}", 200))),
    Input("2,000 directives", "reader", graphql("{__typename " + "@include(if:true)" * 2000 + "}")),
    Input(
        "1,900 variables", "reader", graphql("query(" + " ".join(f"$v{i}:Int" for i in range(1900)) + "){__typename}")
    ),
    Input("a list in a list 1,500 deep", "reader", graphql("{job(id:" + "[" * 1500 + "]" * 1500 + "){id}}")),
    Input("2,000 arguments", "reader", graphql("{job(" + " ".join(f"a{i}:1" for i in range(2000)) + "){id}}")),
    Input(
        "fragments that double 40 times",
        "reader",
        graphql(
            "{...f0}"
            + "".join(f"fragment f{i} on Query{{...f{i + 1} ...f{i + 1}}}" for i in range(40))
            + "fragment f40 on Query{__typename}"
        ),
    ),
    Input(
        "a circle of 500 fragments",
        "reader",
        graphql("{...f0}" + "".join(f"fragment f{i} on Query{{...f{(i + 1) % 500}}}" for i in range(500))),
    ),
    Input("a selection 900 deep", "reader", graphql("{" + "a{" * 900 + "b" + "}" * 901)),
    Input("300,000 objects as variables", "reader", graphql(_READS, v=[{"a": 1}] * 300_000)),
    Input(
        "1,800,000 objects as variables",
        "reader",
        raw_body("/graphql", lambda: b'{"query":"{__typename}","variables":{"v":[' + b"{}," * 1_800_000 + b"{}]}}"),
    ),
    Input(
        "a million keys as variables",
        "reader",
        posting("/graphql", lambda: {"query": "{__typename}", "variables": {f"k{i}": i for i in range(1_000_000)}}),
    ),
    Input("variables 100,000 deep", "reader", raw_body("/graphql", lambda: _deep(100_000))),
    Input("variables 900 deep", "reader", raw_body("/graphql", lambda: _deep(900))),
    Input("200,000 ids in a filter", "reader", graphql(_FIND, f={"ids": ["0123456789abcdef01234567"] * 200_000})),
    Input("100,000 statuses in a filter", "reader", graphql(_FIND, f={"status": ["RUNNING"] * 100_000})),
    Input("100,000 wrong statuses in a filter", "reader", graphql(_FIND, f={"status": ["NO"] * 100_000})),
    Input(
        "100,000 unknown keys in a filter", "reader", graphql(_FIND, f={f"k{i}": 1 for i in range(100_000)}), quick=True
    ),
    Input("10,000 unknown operations", "reader", graphql("{" + "nope " * 9900 + "}")),
    Input(
        "odd names of fields",
        "reader",
        getting(
            *(
                f"{path}?{kind}={name}"
                for path in (
                    "/operations-manager/jobs",
                    "/operations-manager/tasks",
                    "/operations-manager/automations",
                    "/automation-studio/workflows",
                    "/operations-manager/triggers",
                )
                for kind in ("include", "exclude", "sort", "contains[a]", "equalsField")
                for name in ("$a", ".a", "a.", "a..b", "$$ROOT", "%00", "__proto__", "a.$b", "")
            )
        ),
    ),
    Input("a query string of 60 KB", "reader", getting("/operations-manager/jobs?" + "a=1&" * 15_000)),
    Input(
        "odd numbers in a query string",
        "reader",
        getting(
            *(
                f"/operations-manager/jobs?{name}={value}"
                for name in ("limit", "skip")
                for value in ("1e9", "-1", "9" * 400, "NaN")
            )
        ),
    ),
    Input(
        "15 MB of JSON to a route",
        "reader",
        posting(
            "/operations-manager/jobs/start",
            lambda: {"workflow": "w", "options": {"variables": {"v": [{"a": 1}] * 1_000_000}}},
        ),
    ),
]
