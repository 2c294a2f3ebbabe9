"""Parts of a document in its documented form, as `include` and `exclude` name them (rest-api facts, 4.1)."""

from collections.abc import Collection

from ..json import JsonObject, is_object


def parts_of(document: JsonObject, include: Collection[str], exclude: Collection[str]) -> JsonObject:
    """Only the dotted paths of `include`, if there are any, without those of `exclude`.

    `_id` always comes, unless it is excluded by name.
    """
    part = _only(document, include) if include else document
    if include and "_id" in document and "_id" not in exclude:
        part = {"_id": document["_id"], **part}
    return _without(part, exclude) if exclude else part


def _only(document: JsonObject, paths: Collection[str]) -> JsonObject:
    part: JsonObject = {}
    for key, value in document.items():
        inner = [path.partition(".")[2] for path in paths if path.partition(".")[0] == key]
        if not inner:
            continue
        part[key] = value if "" in inner or not is_object(value) else _only(value, inner)
    return part


def _without(document: JsonObject, paths: Collection[str]) -> JsonObject:
    part: JsonObject = {}
    for key, value in document.items():
        inner = [path.partition(".")[2] for path in paths if path.partition(".")[0] == key]
        if "" in inner:
            continue
        part[key] = _without(value, inner) if inner and is_object(value) else value
    return part
