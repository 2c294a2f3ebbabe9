"""Settings, applications and adapters of the server, as auditing tools ask, and letting it take no more work."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from ...models.errors import PartCannot, PartNotFound
from ...models.json import JsonObject, array_at, is_object, object_at, text_at
from ...models.version import own_version
from ..builtin_tasks.registry import BUILT_IN
from ..jobs.metrics import workers
from ..log_facts import about
from ..services import Services


def settings(services: Services) -> JsonObject:
    """No address of the database, no password and no path: those are for who runs the server."""
    settings = services.settings
    return {
        "host": settings.host,
        "port": settings.port,
        "database": settings.database,
        "kept": services.store.durable,
        "origins": list(settings.origins),
        "vendorStatus": settings.vendor_status,
        "largestBody": settings.largest_body,
        "lease": settings.lease,
        "rules": asdict(settings.rules),
        "open": settings.open,
        "tokenLifetime": settings.token_lifetime,
    }


def applications() -> JsonObject:
    """Those of the built-in tasks."""
    return _listed("Application", {app for app, _ in BUILT_IN})


def adapters(services: Services) -> JsonObject:
    """Those of the providers file, without what it says of them, which may be secret."""
    return _listed("Adapter", services.providers.adapters)


def application(name: str) -> JsonObject:
    return _one("application", applications(), name)


def adapter(services: Services, name: str) -> JsonObject:
    return _one("adapter", adapters(services), name)


def operate(kind: str, part: Mapping[str, object], action: str) -> JsonObject:
    """What is true of asking one to start; PartCannot where it is to stop, which it does with the server alone."""
    name = text_at(object_at(part, "data"), "name")
    if action != "start":
        raise PartCannot(kind, name, action)
    return {"status": "success", "message": f"The {kind} '{name}' runs: it is a part of this server."}


def _one(kind: str, listed: Mapping[str, object], name: str) -> JsonObject:
    for one in array_at(listed, "results"):
        if is_object(one) and object_at(one, "data").get("name") == name:
            return one
    raise PartNotFound(kind, name)


def apps_and_adapters(services: Services) -> list[JsonObject]:
    """Where tasks come from, as an editor lists it."""
    return [
        {"name": object_at(one, "data")["name"], "type": object_at(one, "data")["type"], "version": own_version()}
        for listed in (applications(), adapters(services))
        for one in array_at(listed, "results")
        if is_object(one)
    ]


def _listed(kind: str, names: Iterable[str]) -> JsonObject:
    results: list[JsonObject] = [
        {
            "metadata": {"activeSync": False, "isAlive": True},
            "data": {
                "name": name,
                "type": kind,
                "model": f"@jobyard/{name.lower()}",
                "properties": {"id": name, "type": name, "brokers": [], "groups": [], "properties": {}},
                "isEncrypted": False,
                "loggerProps": {},
                "virtual": False,
            },
        }
        for name in sorted(names)
    ]
    return {"results": [*results], "total": len(results)}


log = logging.getLogger("jobyard")


def set_active(services: Services, *, active: bool) -> JsonObject:
    """Of this server alone, until it ends: a start elsewhere is none of it. How its workers are then.

    Deactivated, it refuses new starts and takes no jobs over; its own jobs and their children go on.
    """
    if services.admission.active != active:
        log.warning(
            "the workers are %s",
            "activated" if active else "deactivated: no new starts",
            extra=about("workers_switched", active=active),
        )
    services.admission.active = active
    services.runner.let_take_over(willing=active)
    return workers(services)
