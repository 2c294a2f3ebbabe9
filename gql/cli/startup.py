"""Fast start and quiet end of commands: lazy modules, and exit codes of interrupted commands."""

import errno
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def lazy(name: str) -> ModuleType:
    """The module, loaded at its first use. ImportError for an unknown module."""
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
BROKEN_PIPE = 141  # 128 + SIGPIPE
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def ending_quietly() -> Generator[None]:
    """Turns Ctrl-C, a closed output and a full disk into SystemExit without a traceback.

    Characters that the terminal cannot show become escapes.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # closed before the start
                sys.stdout.flush()
    except KeyboardInterrupt:
        _drop_output()
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(BROKEN_PIPE) from None
    except OSError as fault:
        if fault.errno not in _NO_ROOM:
            raise
        _drop_output()
        raise SystemExit(f"jobyard: the output cannot be written: {fault.strerror}.") from None


def _drop_output() -> None:
    """Drop unwritten output: the interpreter would fail again on it at its end."""
    try:
        output = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return  # no output, or an output without a file descriptor
    null_device = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null_device, output)
    os.close(null_device)
