"""What the store refuses, and why it cannot be opened."""

DUPLICATE_KEY = 11000  # MongoDB's code


class StoreProblem(Exception):
    """The store cannot be opened; the message says cause and remedy, and never a password."""


class AlreadyStored(Exception):
    """A document with this id, or this value of a unique index, is in the collection already."""

    def __init__(self, index: str) -> None:
        super().__init__(f"a document with the same {index} is stored already")
        self.index = index
