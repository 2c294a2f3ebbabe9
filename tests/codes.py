"""The table of error codes of a page, and what it has to say after the classes of errors."""

import re

from jobyard.models.errors import PROBLEMS, PersistedQueryNotFound, TooManyChildJobs

NEVER_ANSWERED = {TooManyChildJobs.code}  # it ends a task, whose error shows the message alone
_TABLE = re.compile(r"^\| code \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
_ROW = re.compile(r"^\| `([A-Z_]+)` \|.*\| ([^|]+) \|$", re.MULTILINE)
_BY_TYPE = {PersistedQueryNotFound.code: "200 or 400 of `/graphql`"}  # by the media type of the answer


def table_of(page: str) -> list[tuple[str, str]]:
    """The rows of the table of codes: a code, and what its last column says of the status."""
    (table,) = _TABLE.findall(page)
    return _ROW.findall(table)


def expected_rows() -> list[tuple[str, str]]:
    """A row for every class of errors that is answered, sorted by code."""
    return sorted(
        (code, str(kind.status) if kind.rest else _BY_TYPE.get(code, f"{kind.status} of `/graphql`"))
        for code, kind in PROBLEMS.items()
        if code not in NEVER_ANSWERED
    )
