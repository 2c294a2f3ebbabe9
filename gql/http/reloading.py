"""SIGHUP: the server reads the providers file and the level of the log again, all of it or nothing."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import fields

from ...models.settings import SettingRefused, Settings
from ...resolvers.audit.record import record_reload
from ...resolvers.log_facts import about
from ...resolvers.providers.configuration import Configuration
from ...resolvers.providers.positions import ProvidersInvalid
from ...resolvers.providers.providers_file import read_configuration
from ...resolvers.services import Services

log = logging.getLogger("jobyard")

RELOADED = ("providers", "log_level")  # fields of Settings; the others are read at the start alone


async def reload(services: Services, read_settings: Callable[[], Settings]) -> None:
    """Use the settings as they are read again. A fault anywhere leaves everything as it was, and is logged."""
    try:
        fresh = await asyncio.to_thread(read_settings)
        chosen = (
            await asyncio.to_thread(read_configuration, fresh.providers, os.environ)
            if fresh.providers
            else Configuration()
        )
    except (SettingRefused, ProvidersInvalid) as refusal:
        log.error("nothing is reloaded: %s", str(refusal).replace("\n", " "), extra=about("reload_refused"))
        return
    services.providers.configure(chosen)
    await record_reload(services, fresh)
    logging.getLogger("jobyard").setLevel(fresh.log_level.upper())
    settings = services.settings
    later = [
        one.name
        for one in fields(Settings)
        if one.name not in RELOADED and getattr(fresh, one.name) != getattr(settings, one.name)
    ]
    log.warning(
        "providers (%s) and the level of the log (%s) are reloaded%s",
        fresh.providers or "no file",
        fresh.log_level,
        f"; changed, but read at the start alone: {', '.join(later)}" if later else "",
        extra=about("settings_reloaded", providers=fresh.providers, log_level=fresh.log_level, later=later),
    )
