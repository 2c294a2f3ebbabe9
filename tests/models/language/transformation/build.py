"""Transformation documents in few words, and single methods called through one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

LITERAL_NULL = object()
FORMS = {"f": "function", "t": "template"}


@dataclass(frozen=True)
class Ref:
    location: str
    name: str | int
    pointer: str


def incoming(name: str, pointer: str = "") -> Ref:
    return Ref("incoming", name, pointer)


def of(step: int, pointer: str = "") -> Ref:
    return Ref("method", step, f"/return{pointer}")


def level(
    steps: Mapping[int, Sequence[Any]],
    outgoing: Mapping[str, Ref],
    takes: Sequence[str | dict[str, Any]] = (),
    functions: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """A document or function. A step is its name and arguments: "Array.map", "new Array#1", "f:id", "t:${text}"."""
    written: list[dict[str, Any]] = []
    for id_, (name, *arguments) in steps.items():
        written.append({"id": id_, "args": [None if isinstance(one, Ref) else one for one in arguments], **_step(name)})
        written += [_assign(one, id_, f"/args/{at}/value") for at, one in enumerate(arguments) if isinstance(one, Ref)]
    for target, source in outgoing.items():
        name, _, pointer = target.partition("/")
        written.append(_assign(source, name, f"/{pointer}" if pointer else "", "outgoing"))
    names = dict.fromkeys(target.partition("/")[0] for target in outgoing)
    return {
        "incoming": [{"$id": one} if isinstance(one, str) else one for one in takes],
        "outgoing": [{"$id": name} for name in names],
        "steps": written,
        "functions": list(functions),
        **more,
    }


def this_arg(*properties: str) -> dict[str, Any]:
    return {"$id": "thisArg", "isThis": True, "isContext": True, "properties": {key: {} for key in properties}}


def call(name: str, *arguments: Any, **options: Any) -> Any:
    """What one method gives for arguments that are assigned to it; LITERAL_NULL is a null in the document itself."""
    given = {f"a{at}": value for at, value in enumerate(arguments) if value is not LITERAL_NULL}
    refs = [None if value is LITERAL_NULL else incoming(f"a{at}") for at, value in enumerate(arguments)]
    document = level({1: (name, *refs)}, {"out": of(1)}, takes=list(given))
    return transform(document, given, **options).get("out", UNDEFINED)


def _step(name: str) -> dict[str, Any]:
    if name[:2] in ("f:", "t:"):
        form = FORMS[name[0]]
        return {"type": form, form: name[2:]}
    method, _, polymorph = name.partition("#")
    if method.startswith("new "):
        return {"type": "declaration", "method": method, "polymorphIndex": int(polymorph or 0)}
    library, _, method = method.partition(".")
    return {"type": "method", "library": library, "method": method}


def _assign(source: Ref, target: str | int, pointer: str, location: str = "method") -> dict[str, Any]:
    return {
        "type": "assign",
        "from": {"location": source.location, "name": source.name, "ptr": source.pointer},
        "to": {"location": location, "name": target, "ptr": pointer},
    }
