"""The people of a server with sign-in, and requests in their names."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from argon2 import PasswordHasher
from bson import ObjectId
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.accounts import accounts, groups
from jobyard.resolvers.accounts import tokens as accounts_tokens
from jobyard.resolvers.accounts.accounts import AccountChanges, Belongings
from jobyard.resolvers.accounts.groups import NewGroup
from jobyard.resolvers.accounts.passwords import Passwords
from jobyard.resolvers.clock import SystemClock
from jobyard.resolvers.lifespan import open_services

from ..doors import Doors, JumpingClock

# Hundreds of tests make their people anew: their passwords are hashed as ours are, only with less work.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CLOSED = Settings(memory=True, host="jobyard", admin_password="the password of admin")
HOUR = 3600 * 1000
UNSTABLE = ("tokens", "servers", "duties", "audit_events")  # what comes and goes, and what tells of refusals


@dataclass
class People:
    """`group` is the one that `member` is in, through another group."""

    doors: Doors
    group: str
    tokens: dict[str, str]
    ids: dict[str, str]

    async def ask(self, who: str, verb: str, path: str, **request: Any) -> httpx.Response:
        token = self.tokens.get(who)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self.doors.http.request(verb, path, headers=headers, **request)

    async def graphql(self, who: str, query: str, **variables: Any) -> httpx.Response:
        return await self.ask(who, "POST", "/graphql", json={"query": query, "variables": variables})

    async def stored(self) -> dict[str, list[Any]]:
        """Everything that is stored, by collection, but UNSTABLE."""
        database = self.doors.services.store.database
        names = sorted(name for name in await database.list_collection_names() if name not in UNSTABLE)
        return {name: [one async for one in database[name].find({}).sort([("_id", 1)])] for name in names}


@asynccontextmanager
async def people(settings: Settings = CLOSED) -> AsyncGenerator[People]:
    """nobody, expired, guest (without rights), reader (who may not change), outsider (of no group), member, admin."""
    clock = JumpingClock()
    clock.at = SystemClock().now()  # the database deletes what expired, by its own clock
    async with open_services(settings, clock, Passwords(QUICK)) as services:
        transport = httpx.ASGITransport(app=create_app(services))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            roles = {one["name"]: str(one["_id"]) async for one in services.store.database["roles"].find()}
            outer = await groups.create(services, SYSTEM, NewGroup("outer"))
            inner = await groups.create(services, SYSTEM, NewGroup("inner", belongings=Belongings([outer["_id"]])))
            ids, shown = {"admin": services.admin_id}, {"nobody": ""}
            for name, role, its in (
                ("guest", None, [inner["_id"]]),
                ("reader", "readonly", [inner["_id"]]),
                ("outsider", "operations", []),
                ("member", "operations", [inner["_id"]]),
            ):
                changes = AccountChanges(belongings=Belongings(its, [roles[role]] if role else []))
                ids[name] = (await accounts.create(services, SYSTEM, name, f"the password of {name}", changes))["_id"]
            for name, id in ids.items():
                shown[name] = (await accounts_tokens.issue(ObjectId(id), services.clock.now(), HOUR)).token
            expired = await accounts_tokens.issue(ObjectId(services.admin_id), services.clock.now() - 2 * HOUR, HOUR)
            yield People(Doors(services, http), outer["_id"], {**shown, "expired": expired.token}, ids)
