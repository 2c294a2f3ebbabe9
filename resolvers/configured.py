"""What this server is set to, as auditing tools ask: its settings, applications and adapters, without secrets."""

from collections.abc import Iterable
from dataclasses import asdict

from ..models.json import JsonObject
from .catalogue import BUILT_IN
from .yard import Yard


def settings(yard: Yard) -> JsonObject:
    """No address of the database, no password and no path: those are for who runs the server."""
    given = yard.settings
    return {
        "host": given.host,
        "port": given.port,
        "database": given.database,
        "kept": yard.store.kept,
        "origins": list(given.origins),
        "vendorStatus": given.vendor_status,
        "largestBody": given.largest_body,
        "lease": given.lease,
        "rules": asdict(given.rules),
        "open": given.open,
        "tokenLifetime": given.token_lifetime,
    }


def applications() -> JsonObject:
    """Those of the built-in tasks."""
    return _listed("Application", {app for app, _ in BUILT_IN})


def adapters(yard: Yard) -> JsonObject:
    """Those of the providers file, without what it says of them, which may be secret."""
    return _listed("Adapter", yard.providers.adapters)


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
    return {"results": results, "total": len(results)}
