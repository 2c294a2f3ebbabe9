"""The ids that the documented system gives to jobs, groups, projects and more: 24 lower-case hex digits."""

import re
from typing import Final

HEX_ID: Final = "[0-9a-f]{24}"  # as a pattern within others
_HEX_ID = re.compile(HEX_ID)


def is_hex_id(text: str) -> bool:
    return _HEX_ID.fullmatch(text) is not None
