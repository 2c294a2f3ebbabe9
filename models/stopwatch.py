"""The one clock below the resolvers. It decides when a search of an author's pattern is given up, and nothing else.

What comes of a task that is not given up is the same whenever it runs.
"""

from time import monotonic


def seconds() -> float:
    """Since some moment; it never goes back."""
    return monotonic()
