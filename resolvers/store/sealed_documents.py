"""Secrets at rest in imported documents: marked literals of workflows, and preset answers of triggers.

A write seals the secrets in place, and a read opens them: every caller who may read the workflow may read them.
The keyring is global in the process, like Beanie's collections.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from ...models.documents.workflow import Workflow
from ...models.engine.references import is_reference
from ...models.errors import SecretsKeyMissing
from ...models.json import Json, JsonObject, array_at, is_object, object_at, text_at
from ...models.secrets.finding import Finder
from ...models.secrets.masking import Path, secret_paths, values_at
from ...models.secrets.sealing import SEALED, hidden, keys_in, sealed_at
from .keyring import Keyring

Kind: TypeAlias = Literal["workflow", "trigger"]

COLLECTIONS: Final[Mapping[str, Kind]] = MappingProxyType({"workflows": "workflow", "triggers": "trigger"})

_PRESET = ("default", "const", "enum", "example", "examples")  # of a property of a schema
_keyring = Keyring()


def use(keyring: Keyring) -> None:
    """Set the keyring of the process."""
    global _keyring
    _keyring = keyring
    Workflow.opened_by = staticmethod(_opened_workflow)


def _opened_workflow(document: JsonObject) -> JsonObject:
    return open_document("workflow", document)


def seal_document(collection: str, document: dict[str, Any], keyring: Keyring | None = None) -> dict[str, Any]:
    """The document as it is to be stored; it must have its `_id`."""
    keyring = keyring or _keyring
    kind = COLLECTIONS.get(collection)
    if kind is None or not keyring:
        return document
    paths = workflow_secrets(document) if kind == "workflow" else trigger_secrets(document)
    place = _place(kind, document)
    stored = sealed_at(document, paths, lambda value: keyring.seal(place, value))
    return stored if stored is document else {**stored, SEALED: keys_in(stored)}


def open_document(kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    """A stored document as it was imported; SecretsKeyMissing or SecretsBroken if a secret cannot be opened."""
    if not is_sealed(document):
        return document
    rest = {key: value for key, value in document.items() if key != SEALED}
    return _keyring.open(_place(kind, document), rest)


def mask_document(collection: str, stored: Mapping[str, object]) -> dict[str, object]:
    """A stored document, or a part of one, for a list: a mask replaces a secret that cannot be opened."""
    document = {**stored}
    kind = COLLECTIONS.get(collection)
    if kind is None or not is_sealed(document):
        return document
    try:
        return open_document(kind, document)
    except SecretsKeyMissing:
        return hidden({key: value for key, value in document.items() if key != SEALED})


def is_sealed(document: Mapping[str, object]) -> bool:
    return bool(array_at(document, SEALED))


def trigger_secrets(trigger: Mapping[str, object]) -> list[Path]:
    """The paths of all preset answers: each may be a secret of the workflow that the trigger starts."""
    return [["formData"]] if object_at(trigger, "formData") else []


def workflow_secrets(workflow: JsonObject) -> list[Path]:
    """The paths of marked literals, in values of tasks and in presets of the input schema; and of other values of
    tasks that contain one of them.
    """
    marked = secret_paths(array_at(workflow, "decorators"), {}, "variables")
    found = [place for path in marked for place in _of_schema(path)]
    for id, task in object_at(workflow, "tasks").items():
        if is_object(task):
            variables = object_at(task, "variables")
            paths = secret_paths(array_at(variables, "decorators"), variables)
            if text_at(task, "name") == "newVariable" and [object_at(variables, "incoming").get("name")] in marked:
                paths.append(["incoming", "value"])
            found += [["tasks", id, "variables", *path] for path in paths if not _is_reference(variables, path)]
    secrets = [value for path in found for value in values_at(workflow, path)]
    if secrets:
        finder = Finder(secrets)
        for id, task in object_at(workflow, "tasks").items():
            written = object_at(task, "variables") if is_object(task) else {}
            found += [["tasks", id, "variables", *path] for path in finder.paths(written) if path[1:]]
    return found


def _of_schema(path: Path) -> Iterator[Path]:
    place = ["inputSchema"]
    for key in path:
        place = [*place, "properties", key]
        yield from ([*place, word] for word in _PRESET)


def _is_reference(variables: JsonObject, path: Path) -> bool:
    """Whether the value is a reference, which is no secret, and which other programs read."""
    value: Json = variables
    for key in path:
        value = value.get(key) if is_object(value) else None
    return is_reference(value)


def _place(kind: Kind, document: JsonObject) -> str:
    return f"{kind} {document.get('_id')}"
