"""Secrets in the errors of a job: a mask replaces every marked value.

A message quotes values: of a task's own, of a child's schema, of a provider that repeats its request. Decorators cannot
mark them there, so the known values are searched for, as they are, as JSON, Python and URLs write them, and cut off at
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
    """The function that masks the secrets of a job in its errors; `header` returns the job's document so far."""

    def mask(state: JobState, error: Json) -> Json:
        return error if error in (None, "") else mask_value(error, secrets_of(header(), graph, state))

    return mask


def secrets_of(header: SecretMarks, graph: Graph, state: JobState) -> list[Json]:
    """The values that are marked in the job: its variables, its tasks' values, the outputs of its child jobs, and
    values that were found to have one of these.
    """
    found: list[Json] = [*marked_values(state.variables, marks(header), "variables")]
    for id, task in state.tasks.items():
        written = object_at(graph.tasks[id], "variables")
        decorators = array_at(written, "decorators")
        own: JsonObject = {"incoming": task.incoming, "outgoing": task.outgoing}
        for values in (own, written) if decorators else ():
            found += marked_values(values, decorators)
    for entry in header.get(CHILD_SECRETS, []):
        if (task := state.tasks.get(entry.get("task", ""))) is None:
            continue
        for path in in_details(entry["pointer"], ["job_details"]):
            found += _at(task.outgoing, path)
        for ended in task.ended.values():
            mark: Json = {"type": ENCRYPTION, "pointer": entry["pointer"]}
            found += marked_values(object_at(ended, "variables"), [mark])
    for entry in header.get(FOUND_SECRETS, []):
        if (task := state.tasks.get(entry.get("task", ""))) is not None:
            found += _at(task.outgoing, secret_path(entry))
    return found


def marked_values(values: JsonObject, decorators: Iterable[Json], root: str = "") -> list[Json]:
    return [value for path in secret_paths(decorators, values, root) for value in _at(values, path)]


def masked_faults(faults: Sequence[Fault], variables: JsonObject, decorators: Iterable[Json]) -> list[Fault]:
    """The faults of variables of which the decorators mark some."""
    secrets = marked_values(variables, decorators, "variables")
    return [
        Fault(one.keyword, one.instance_path, one.schema_path, str(mask_value(one.message, secrets))) for one in faults
    ]


def mask_value(message: Json, secrets: Iterable[Json]) -> Json:
    """A copy of the message with a mask in place of each secret; keys of objects count, too."""
    known: set[str] = set()
    for text in (leaf for secret in secrets for leaf in leaves(secret)):
        known |= spellings(text)
        if len(known) > MOST_SPELLINGS:
            return MASK
    if not known:
        return message
    ordered = sorted(known, key=len, reverse=True)
    return _replaced(message, lambda text: reduce(_without, ordered, text))


def _replaced(message: Json, replace: Callable[[str], str]) -> Json:
    if isinstance(message, str):
        return replace(message)
    if is_object(message):
        return {replace(key): _replaced(value, replace) for key, value in message.items()}
    if is_array(message):
        return [_replaced(one, replace) for one in message]
    if is_number(message) and not isinstance(message, bool) and replace(number_text(message)) == MASK:
        return MASK
    return message


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


def _without(message: str, secret: str) -> str:
    if len(secret) < SHORTEST:
        return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, message) if secret in message else message
    beginning = secret[:BEGINNING]
    parts: list[str] = []
    done = 0
    while (at := message.find(beginning, done)) >= 0:
        end = at + len(beginning)
        while end - at < len(secret) and end < len(message) and message[end] == secret[end - at]:
            end += 1
        parts += [message[done:at], MASK]
        done = end
    return "".join((*parts, message[done:])) if parts else message


def _at(value: Json, path: Path) -> list[Json]:
    """The values at the path; a `*` means every element."""
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
