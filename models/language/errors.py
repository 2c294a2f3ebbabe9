"""What a language refuses: the task that used it ends in error with this message."""

from ..json import Json


class LanguageError(Exception):
    """`message` is what the task's error shows: a sentence, or an object in the documented system's shape."""

    def __init__(self, message: Json) -> None:
        super().__init__(str(message))
        self.message = message
