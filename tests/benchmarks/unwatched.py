"""A server that counts and logs nothing, as nobody can run one: what watching.py compares with.

python tests/benchmarks/unwatched.py COMMAND ..., as tests/serve.py.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import checkout  # noqa: F401 -- names the checkout jobyard
from jobyard.gql.cli.entry import main
from prometheus_client import Counter, Gauge, Histogram


class Nothing:
    """Takes the place of every metric and of its children."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def labels(self, *_: object, **__: object) -> "Nothing":
        return self

    def inc(self, amount: float = 1) -> None:
        pass

    def dec(self, amount: float = 1) -> None:
        pass

    def observe(self, amount: float) -> None:
        pass


def nothing(function: Callable[..., object]) -> Callable[..., None]:
    return lambda *_, **__: None


if __name__ == "__main__":
    import prometheus_client

    for kind in (Counter, Gauge, Histogram):
        setattr(prometheus_client, kind.__name__, Nothing)
    logging.Logger.info = nothing(logging.Logger.info)
    main()
