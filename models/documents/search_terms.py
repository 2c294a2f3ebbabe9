"""Search terms of a job, indexed beside its documented fields: its words, tags and variables."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Final, TypeGuard

from ..json import Json, array_at, is_array, is_number, is_object, object_at, text_at
from ..secrets.marks import marks
from ..secrets.masking import masked
from .stored import LARGEST_INTEGER

FOUND_BY: Final = "found_by"
MOST_WORDS = 50
MOST_TAGS = 50
MOST_VARIABLES = 50
LONGEST_TEXT = 1000  # characters of a variable's value
MOST_LOOKED_AT = 1000  # words, or values in variables, whatever becomes of them
LONGEST_TOKEN = 64  # characters; the hash of a longer one stands for it

_WORD = re.compile(r"[^\W_]+")
OWN = ("_id", "initiator")  # of a job's variables: they repeat the job's id and `metrics.user`


def found_by(job: Mapping[str, object]) -> list[str]:
    """The tokens of a job, of its `name`, `description`, `tags` and `variables` as they are in plain JSON.

    Nobody finds a job by what its `decorators`, or those of its child jobs, say is secret.
    """
    words = words_of(f"{text_at(job, 'name')} {text_at(job, 'description')}")
    tags = list(dict.fromkeys(islice(_tags(job), MOST_TAGS)))
    return [*map(word_token, words), *map(tag_token, tags), *islice(_variables(job), MOST_VARIABLES)]


def words_of(text: str) -> list[str]:
    """Its first different words, in small letters: letters and digits, of any script; MOST_WORDS at most."""
    found = (match[0].casefold() for match in islice(_WORD.finditer(text), MOST_LOOKED_AT))
    return list(islice(dict.fromkeys(found), MOST_WORDS))


def word_token(word: str) -> str:
    return _token("w", word)


def tag_token(tag: str) -> str:
    """`tag` is the id or the name of a tag."""
    return _token("t", tag)


def variable_token(path: str, value: str | int | float | bool) -> str:
    """The variable under `path`, dotted, equals `value`; 1 and 1.0 are the same number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = json.dumps(value, ensure_ascii=False)
    return _token("v", f"{path}={text}")


def _token(kind: str, text: str) -> str:
    if len(text) <= LONGEST_TOKEN:
        return f"{kind}:{text}"
    return f"{kind}#{blake2b(text.encode(errors='replace'), digest_size=16).hexdigest()}"


def _tags(job: Mapping[str, object]) -> Iterator[str]:
    for tag in array_at(job, "tags"):
        if is_object(tag):
            yield from (value for key in ("_id", "name") if (value := text_at(tag, key)))
        elif isinstance(tag, str):
            yield tag


def _variables(job: Mapping[str, object]) -> Iterator[str]:
    """Texts, numbers and booleans, those nearest to the top first; elements of an array under the array's path."""
    variables = masked(object_at(job, "variables"), marks(job), "variables")
    waiting: deque[tuple[str, Json]] = deque((key, value) for key, value in variables.items() if key not in OWN)
    seen: set[str] = set()
    for _ in range(MOST_LOOKED_AT):
        if not waiting:
            return
        path, value = waiting.popleft()
        if is_object(value):
            waiting.extend((f"{path}.{key}", item) for key, item in islice(value.items(), MOST_LOOKED_AT))
        elif is_array(value):
            waiting.extend((path, item) for item in islice(value, MOST_LOOKED_AT))
        elif is_findable(value) and (token := variable_token(path, value)) not in seen:
            seen.add(token)
            yield token


def is_findable(value: Json) -> TypeGuard[str | int | float | bool]:
    """Whether a variable of this value gets a token."""
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return isinstance(value, bool) or (is_number(value) and abs(value) <= LARGEST_INTEGER)
