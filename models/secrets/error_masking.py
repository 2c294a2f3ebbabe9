"""Secrets in what is said of a job that went wrong: a mask in place of every value that is marked in it.

A message quotes values: of a task's own, of a child's schema, of a provider that repeats what it was asked. Nobody can
mark them there, so the known values are looked for, as they are, as JSON, Python and URLs write them, and cut off at
the end. What is shorter than SHORTEST is replaced only where it stands alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from urllib.parse import quote, quote_plus

from ..documents.shapes.jobs import SecretMarks
from ..engine.graph import Graph
from ..engine.state import JobState
from ..errors import Fault
from ..json import Json, JsonObject, array_at, is_array, is_number, is_object, object_at
from ..language.javascript.coercion import text as number_text
from .marks import CHILD_SECRETS, FOUND_SECRETS, in_details, marks, secret_path
from .masking import ENCRYPTION, EVERY, MASK, Path, secret_paths

SHORTEST = 4  # characters that are looked for inside of other text
BEGINNING = 12  # characters by which a longer secret is known where its end was cut off
MOST_SPELLINGS = 1_000  # that are looked for; of a job with more secrets all of an error is masked

MaskError = Callable[[JobState, Json], Json]


def error_mask(header: Callable[[], SecretMarks], graph: Graph) -> MaskError:
    """What hides the secrets of a job in its errors; `header` gives its document as far as it is known by then."""

    def mask(state: JobState, error: Json) -> Json:
        return error if error in (None, "") else mask_value(error, secrets_of(header(), graph, state))

    return mask


def secrets_of(header: SecretMarks, graph: Graph, state: JobState) -> list[Json]:
    """The values that are marked in the job: its variables, its tasks' values, what its children told, and what was
    found to hold one of these.
    """
    found: list[Json] = [*marked_values(state.variables, marks(header), "variables")]
    for id, task in state.tasks.items():
        written = object_at(graph.tasks[id], "variables")
        decorators = array_at(written, "decorators")
        own: JsonObject = {"incoming": task.incoming, "outgoing": task.outgoing}
        for values in (own, written) if decorators else ():
            found += marked_values(values, decorators)
    for entry in header.get(CHILD_SECRETS, []):
        if (told := state.tasks.get(entry.get("task", ""))) is None:
            continue
        for path in in_details(entry["pointer"], ["job_details"]):
            found += _at(told.outgoing, path)
        for ended in told.ended.values():
            mark: Json = {"type": ENCRYPTION, "pointer": entry["pointer"]}
            found += marked_values(object_at(ended, "variables"), [mark])
    for entry in header.get(FOUND_SECRETS, []):
        if (told := state.tasks.get(entry.get("task", ""))) is not None:
            found += _at(told.outgoing, secret_path(entry))
    return found


def marked_values(values: JsonObject, decorators: Iterable[Json], root: str = "") -> list[Json]:
    return [value for path in secret_paths(decorators, values, root) for value in _at(values, path)]


def masked_faults(faults: Sequence[Fault], variables: JsonObject, decorators: Iterable[Json]) -> list[Fault]:
    """The faults of variables of which the decorators mark some."""
    secrets = marked_values(variables, decorators, "variables")
    return [
        Fault(one.keyword, one.instance_path, one.schema_path, str(mask_value(one.message, secrets))) for one in faults
    ]


def mask_value(said: Json, secrets: Iterable[Json]) -> Json:
    """A copy of what was said with a mask in place of each of the secrets; keys of objects count, too."""
    known: set[str] = set()
    for text in (leaf for secret in secrets for leaf in leaves(secret)):
        known |= spellings(text)
        if len(known) > MOST_SPELLINGS:
            return MASK
    if not known:
        return said
    ordered = sorted(known, key=len, reverse=True)
    return _replaced(said, lambda text: reduce(_without, ordered, text))


def _replaced(said: Json, replace: Callable[[str], str]) -> Json:
    if isinstance(said, str):
        return replace(said)
    if is_object(said):
        return {replace(key): _replaced(value, replace) for key, value in said.items()}
    if is_array(said):
        return [_replaced(one, replace) for one in said]
    if is_number(said) and not isinstance(said, bool) and replace(number_text(said)) == MASK:
        return MASK
    return said


def leaves(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_object(value):
        for one in value.values():
            yield from leaves(one)
    elif is_array(value):
        for one in value:
            yield from leaves(one)
    elif is_number(value) and not isinstance(value, bool):
        yield number_text(value)


def spellings(text: str) -> set[str]:
    written = {text, text.strip()}
    written |= {json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False)}
    written |= {repr(text)[1:-1], ascii(text)[1:-1]}
    encodable = text.encode(errors="surrogatepass")
    written |= {quote(encodable, safe=""), quote(encodable), quote_plus(encodable)}
    return written - {""}


def _without(said: str, secret: str) -> str:
    if len(secret) < SHORTEST:
        return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, said) if secret in said else said
    beginning = secret[:BEGINNING]
    parts: list[str] = []
    done = 0
    while (at := said.find(beginning, done)) >= 0:
        end = at + len(beginning)
        while end - at < len(secret) and end < len(said) and said[end] == secret[end - at]:
            end += 1
        parts += [said[done:at], MASK]
        done = end
    return "".join((*parts, said[done:])) if parts else said


def _at(value: Json, path: Path) -> list[Json]:
    """What is there; a `*` in the path stands for every element."""
    if not path:
        return [value]
    key, *rest = path
    if is_object(value) and key in value:
        return _at(value[key], rest)
    if is_array(value) and key == EVERY:
        return [found for one in value for found in _at(one, rest)]
    if is_array(value) and key.isdecimal() and int(key) < len(value):
        return _at(value[int(key)], rest)
    return []
