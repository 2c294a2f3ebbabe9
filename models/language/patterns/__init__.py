"""Regular expressions of workflow authors, with the meaning that ECMA-262 gives them, bounded in time and memory."""

from .pattern import MATCH_SECONDS, Match, Pattern, SlowMatchError, parts_of, searching
from .size import PatternTooLarge

__all__ = ["MATCH_SECONDS", "Match", "Pattern", "PatternTooLarge", "SlowMatchError", "parts_of", "searching"]
