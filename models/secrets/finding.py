"""Where else the secrets of a job stand: in the values that its tasks make of them.

Decorators mark places. A task that joins a secret to a text, an answer that repeats it, a child job that is given it
have it in places of their own: those are found by the known values, as they are and in base64, and are marked like the
others from then on. What the text tasks of the engine make of a marked value is marked whatever it is.
"""

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce

from ..documents.shapes.jobs import JobHeader, SecretEntry
from ..engine.changes import Changes
from ..engine.graph import END, Graph
from ..engine.state import JobState, TaskState
from ..json import Json, JsonObject, array_at, is_array, is_number, is_object, object_at, text_at
from ..json_pointers import pointer_to
from ..language.javascript.coercion import text as number_text
from .error_masking import leaves, secrets_of, spellings
from .marks import CHILD_SECRETS, FOUND_SECRETS, marks_of_iteration, secret_path, target_of
from .masking import ENCRYPTION, MASK, Path, secret_paths

SHORTEST_FOUND = 6  # characters; what is shorter would mark half of a job
MOST_SPELLINGS = 1_000  # that are looked for; of a job with more secrets every value is one
MOST_FOUND = 500  # places by name; beyond them whole values are marked
MOST_ROUNDS = 20  # of text tasks in one advance, each of which makes something of what the one before made
OWN = ("_id", "initiator")  # of a job's variables: nobody's secrets

# Those of which every outgoing text is secret where an incoming value is.
TEXT_TASKS = frozenset(
    (
        *("stringConcat", "repeat", "padStart", "padEnd", "trim", "trimStart", "trimEnd", "normalize", "stringValueOf"),
        *("toLowerCase", "toUpperCase", "toLocaleLowerCase", "toLocaleUpperCase", "charAt", "substring", "stringSlice"),
        *("split", "replace", "match", "asciiToBase64", "numberToString"),
    )
)


class Finder:
    """Finds the known secrets in values."""

    def __init__(self, secrets: Iterable[Json]) -> None:
        self._texts: set[str] = set()
        self._numbers: set[str] = set()
        self.everything = False
        self._secrets: list[Json] = []
        self.add(secrets)

    def __bool__(self) -> bool:
        return self.everything or bool(self._texts or self._numbers)

    def add(self, secrets: Iterable[Json]) -> bool:
        """Whether there is something new among them."""
        before, secrets = len(self._texts), list(secrets)
        self._secrets = secrets
        for text in (leaf for secret in secrets for leaf in leaves(secret)):
            if len(self._texts) > MOST_SPELLINGS:
                self.everything = True
                break
            if len(text) >= SHORTEST_FOUND and text not in self._texts:
                self._numbers.add(text)
                self._texts |= {one for one in (*spellings(text), *_in_base64(text)) if len(one) >= SHORTEST_FOUND}
        return len(self._texts) > before

    def finds(self, value: Json) -> bool:
        """Whether there is one anywhere in the value, or the value is one, or an object has one."""
        own: Iterable[Json] = value.values() if is_object(value) else value if is_array(value) else (value,)
        return any(self.is_one(one) for one in own) or any(True for _ in self.paths(value))

    def is_one(self, value: Json) -> bool:
        """Whether the value is one of them, however short."""
        return not isinstance(value, bool) and value not in (None, "") and value in self._secrets

    def hidden(self, text: str | None) -> str | None:
        """The text, which people read and nothing goes on with, with a mask in place of each secret."""
        if not text or not self.holds(text):
            return text
        if self.everything:
            return MASK
        return reduce(lambda said, one: said.replace(one, MASK), sorted(self._texts, key=len, reverse=True), text)

    def paths(self, value: Json, path: Path | None = None) -> Iterator[Path]:
        """The ways to the texts, numbers and names that hold one."""
        path = path or []
        if isinstance(value, str):
            if self.holds(value):
                yield path
        elif is_object(value):
            if any(map(self.holds, value)):
                yield path  # a name cannot be sealed apart
                return
            for key, item in value.items():
                yield from self.paths(item, [*path, key])
        elif is_array(value):
            for index, item in enumerate(value):
                yield from self.paths(item, [*path, str(index)])
        elif is_number(value) and not isinstance(value, bool) and self._holds_number(value):
            yield path

    def holds(self, text: str) -> bool:
        if len(text) < SHORTEST_FOUND:
            return False
        return self.everything or any(one in text for one in self._texts)

    def _holds_number(self, number: float) -> bool:
        return self.everything or number_text(number) in self._numbers


def keeps_secrets(header: JobHeader, graph: Graph) -> bool:
    """Whether anything of the job is marked: most jobs have nothing to look for."""
    return (
        bool(header.get(CHILD_SECRETS) or header.get(FOUND_SECRETS))
        or _marks(array_at(header, "decorators"))
        or any(_marks(array_at(object_at(task, "variables"), "decorators")) for task in graph.tasks.values())
    )


def _marks(decorators: Sequence[Json]) -> bool:
    return any(is_object(one) and one.get("type") == ENCRYPTION for one in decorators)


def find_secrets(header: JobHeader, graph: Graph, state: JobState, changes: Changes) -> tuple[JobHeader, Finder]:
    """The header with the places that hold secrets after an advance, and what finds them in other values."""
    known = header.get(FOUND_SECRETS, [])
    finder = Finder(secrets_of(header, graph, state))
    tasks = [(id, state.tasks[id]) for id in sorted(changes.tasks) if id != END and id in graph.tasks]
    for _ in range(MOST_ROUNDS):
        found = [
            *_of_variables(finder, state.variables),
            *(
                entry
                for id, task in (*changes.past, *tasks)
                for entry in _of_task(finder, header, graph, state, id, task)
            ),
        ]
        known = _merged(known, found)
        header = {**header, FOUND_SECRETS: known} if known else header
        if not found or not finder.add(secrets_of(header, graph, state)):
            break
    return header, finder


def handed_to_child(finder: Finder, marks: Iterable[Json], variables: JsonObject) -> list[SecretEntry]:
    """What a child job has to know of the secrets among the variables that its parent gives it.

    `marks` are those of the iteration that starts it.
    """
    told = [path[2:] for path in secret_paths(marks) if path[:2] == ["incoming", "variables"]]
    same = [[name] for name, value in variables.items() if finder.is_one(value)]
    return [{"pointer": pointer_to(path)} for path in _unique([*told, *same, *finder.paths(variables)]) if path]


def _of_variables(finder: Finder, variables: JsonObject) -> Iterator[SecretEntry]:
    if finder:
        own = {key: value for key, value in variables.items() if key not in OWN}
        for path in finder.paths(own):
            if path:
                yield {"pointer": pointer_to(path)}


def _of_task(
    finder: Finder, header: JobHeader, graph: Graph, state: JobState, id: str, task: TaskState
) -> Iterator[SecretEntry]:
    if finder:
        for path in finder.paths(task.outgoing):
            if path:
                yield {"task": id, "pointer": pointer_to(path)}
    definition = graph.tasks[id]
    if text_at(definition, "name") not in TEXT_TASKS or not task.outgoing:
        return
    its_own = array_at(object_at(definition, "variables"), "decorators")
    marked = [*its_own, *marks_of_iteration({**header, "variables": state.variables}, id, definition)]
    told = any(path[0] == "incoming" for path in secret_paths(marked))
    if not told and not (finder and any(True for _ in finder.paths(task.incoming))):
        return
    for name, value in task.outgoing.items():
        if isinstance(value, str) or is_array(value):
            yield {"task": id, "pointer": pointer_to([name])}
            if target := target_of(definition, name):
                yield {"pointer": pointer_to([target])}


def _merged(known: Sequence[SecretEntry], found: Sequence[SecretEntry]) -> list[SecretEntry]:
    """All of them, each once; of too many, whole values."""
    entries = [*known, *found]
    unique = {(one.get("task"), one["pointer"]): one for one in entries}
    if len(unique) > MOST_FOUND:
        whole: list[SecretEntry] = [{**one, "pointer": pointer_to(secret_path(one)[:1])} for one in entries]
        unique = {(one.get("task"), one["pointer"]): one for one in whole}
    return list(unique.values())


def _in_base64(text: str) -> list[str]:
    """What base64 has in it wherever the text begins; the ends depend on what stands beside it."""
    content = text.encode(errors="surrogatepass")
    return [b64encode(bytes(before) + content).decode().rstrip("=")[-(-before * 8 // 6) : -1] for before in range(3)]


def _unique(paths: Collection[Path]) -> list[Path]:
    return [list(path) for path in dict.fromkeys(map(tuple, paths))]
