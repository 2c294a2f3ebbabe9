"""How a command begins quickly and ends quietly: lazy modules, and the exit codes of a cut-off command."""

import errno
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def lazy(name: str) -> ModuleType:
    """The module, loaded already or at its first use; ImportError where there is none."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"No module named {name!r}", name=name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


INTERRUPTED = 130  # 128 + SIGINT
NOBODY_READS = 141  # 128 + SIGPIPE
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def ending_quietly() -> Generator[None]:
    """Ctrl-C, an output that nobody reads any more or that has no room: SystemExit, without a traceback.

    What a terminal cannot show is written as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # closed before we began
                sys.stdout.flush()
    except KeyboardInterrupt:
        _drop_output()
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(NOBODY_READS) from None
    except OSError as fault:
        if fault.errno not in _NO_ROOM:
            raise
        _drop_output()
        raise SystemExit(f"jobyard: the output cannot be written: {fault.strerror}.") from None


def _drop_output() -> None:
    """What is not written yet goes nowhere: the interpreter would fail on it once more when it ends."""
    try:
        output = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return  # none, or none of the system's
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output)
    os.close(nowhere)
