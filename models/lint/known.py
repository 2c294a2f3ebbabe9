"""One thing that is wrong or doubtful in a workflow."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..documents.warnings import FORM_NAMES
from ..json import JsonObject, is_object, object_at, text_at
from ..language.errors import LanguageError
from ..language.javascript.coercion import UNDEFINED
from ..language.transformation import compile_document, unknown_methods
from .circles import circles_of

Severity = Literal["error", "warning"]

MOST_NAMED = 10


@dataclass(frozen=True)
class Finding:
    """An error means that the job will fail; a warning that it may fail, or that a part comes later.

    `task` is a task's id and `name` that task's; of the workflow as a whole they are None and the workflow's name.
    """

    severity: Severity
    task: str | None
    name: str
    message: str

    @property
    def documented(self) -> JsonObject:
        """As an entry of the documented `errors` and `warnings`."""
        return {"task": self.task, "name": self.name, "message": self.message}

    @property
    def place(self) -> str:
        """Where it is, for people; empty for the workflow as a whole."""
        return "" if self.task is None else f"task {self.task} ({self.name}): "


def listed(names: Iterable[str]) -> str:
    """The names with commas; of many, the first ones and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


# (application, task) -> the incoming value that names a stored document.
TEMPLATE_NAMES: Mapping[tuple[str, str], str] = {
    ("TemplateBuilder", "renderJinjaTemplate"): "name",
    ("TemplateBuilder", "renderJinja2TemplateWithCast"): "name",
}


@dataclass(frozen=True)
class TaskNames:
    """The names of a built-in task's values; `waits`: for a person, a time or a provider."""

    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    waits: bool = False


@dataclass(frozen=True)
class TransformationNames:
    """The names of a transformation's values; `fault` says why it cannot run at all."""

    name: str
    incoming: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    defaulted: frozenset[str] = frozenset()
    outgoing: tuple[str, ...] = ()
    unknown_methods: tuple[str, ...] = ()
    fault: str | None = None

    def missing(self, names: Set[str], *, defaults: bool) -> list[str]:
        """The required incoming values without a value and without a default, where defaults count."""
        return [
            name
            for name in self.incoming
            if name in self.required and name not in names and not (defaults and name in self.defaulted)
        ]


def transformation_names(document: JsonObject) -> TransformationNames:
    name = text_at(document, "name")
    try:
        level = compile_document(document)
    except LanguageError as refusal:
        return TransformationNames(name, fault=str(refusal))
    return TransformationNames(
        name,
        incoming=tuple(entry.name for entry in level.incoming),
        required=frozenset(entry.name for entry in level.incoming if entry.required),
        defaulted=frozenset(entry.name for entry in level.incoming if entry.default is not UNDEFINED),
        outgoing=tuple(level.outgoing),
        unknown_methods=tuple(unknown_methods(level)),
    )


def _no_provider(location: str, app: str, name: str) -> bool:
    return False


@dataclass(frozen=True)
class Known:
    """`tasks` are the built-in ones by application and name; `offers` says whether a provider does any other."""

    tasks: Mapping[tuple[str, str], TaskNames] = field(default_factory=dict[tuple[str, str], TaskNames])
    offers: Callable[[str, str, str], bool] = _no_provider
    transformations: Mapping[str, TransformationNames] = field(default_factory=dict[str, TransformationNames])
    workflows: Set[str] = frozenset()
    templates: Set[str] = frozenset()
    forms: Set[str] = frozenset()  # by name and by id
    children: Mapping[str, Set[str]] = field(default_factory=dict[str, Set[str]])  # workflow -> those that it starts

    def starts_itself(self, workflow: str, child: str) -> bool:
        """Whether a child job of the workflow leads back to it, perhaps over others."""
        if workflow == child:
            return True
        return child in self._circles and self._circles.get(workflow) == self._circles[child]

    @cached_property
    def _circles(self) -> dict[str, int]:
        return circles_of(self.children)


@dataclass(frozen=True)
class Mentioned:
    """The documents that a workflow's tasks name: transformations by id, child workflows, templates and forms."""

    transformations: frozenset[str] = frozenset()
    workflows: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


def mentioned(*workflows: JsonObject) -> Mentioned:
    transformations: set[str] = set()
    children: set[str] = set()
    templates: set[str] = set()
    forms: set[str] = set()
    for task in (task for workflow in workflows for task in object_at(workflow, "tasks").values() if is_object(task)):
        incoming = object_at(object_at(task, "variables"), "incoming")
        kind = text_at(task, "app"), text_at(task, "name")
        transformations |= {text_at(incoming, "tr_id"), text_at(incoming, "transformation")}
        children.add(text_at(incoming, "workflow") if kind[1] == "childJob" else "")
        templates.add(text_at(incoming, TEMPLATE_NAMES.get(kind, "")))
        forms.add(text_at(incoming, FORM_NAMES.get(kind, "")))
    return Mentioned(*(frozenset(names - {""}) for names in (transformations, children, templates, forms)))
