"""TextFSM: the records that a template finds in a text, such as what a device printed."""

from io import StringIO
from typing import Any, cast

import textfsm  # pyright: ignore[reportMissingTypeStubs] -- it has none

from ...json import JsonObject
from ..errors import LanguageError

_library = cast(Any, textfsm)


def parse(template: str, text: str) -> list[JsonObject]:
    """One object per record, by the names of the template's values; a value is a text, of `List` a list."""
    try:
        return _library.TextFSM(StringIO(template)).ParseTextToDicts(text)
    except MemoryError:
        raise  # a limit of the process, and for the process to report
    except (_library.TextFSMTemplateError, _library.TextFSMError) as fault:
        raise LanguageError(f"The TextFSM template cannot be applied: {str(fault)[:500]}") from None
    except Exception as fault:  # the library meets some broken templates with errors of its own code
        raise LanguageError(
            f"The TextFSM template cannot be applied: {type(fault).__name__}: {str(fault)[:500]}"
        ) from None
