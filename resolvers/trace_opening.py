"""Opens and closes the traces of a server."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ..models.settings import SettingRefused, Settings
from . import traces


@asynccontextmanager
async def open_traces(settings: Settings, server: str) -> AsyncGenerator[None]:
    """Record spans and send them to the collector of the settings, if they name one.

    SettingRefused where OpenTelemetry is not installed.
    """
    if settings.traces_endpoint is None:
        yield
        return
    try:
        from .trace_export import exporting  # an extra, and some 100 ms of a start
    except ModuleNotFoundError as missing:
        raise SettingRefused(
            f"JOBYARD_TRACES_ENDPOINT needs {missing.name}: pip install 'jobyard[traces]', or leave the setting out."
        ) from missing
    async with exporting(settings.traces_endpoint, settings.traces_ratio, server) as tracer:
        traces.use(tracer)
        try:
            yield
        finally:
            traces.use(None)
