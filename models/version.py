"""Which jobyard this is."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def own_version() -> str:
    """Of the installed package; 0 in a bare checkout, where nothing is installed."""
    try:
        return version("jobyard")
    except PackageNotFoundError:
        return "0"
