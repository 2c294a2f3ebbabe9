"""An open job server.

An installed jobyard has its subpackages beside this file; a checkout has them one folder above.
"""

from importlib import import_module
from pathlib import Path

if not (Path(__file__).parent / "gql").is_dir():
    __path__.append(str(Path(__file__).parent.parent))


def __getattr__(name: str) -> str:
    """`__version__` is looked up when it is read: the metadata of the package take longer than many a command."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    version: str = import_module(".models.version", __name__).own_version()
    return version
