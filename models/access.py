"""Who may see what: one predicate for documents in hand, and one filter that finds the same documents in MongoDB.

Groups restrict (rest-api facts, 6; execution facts, 6): none, or `default`, is everybody; of several any will do.
The starter always sees the own job. A task takes both: a job that one sees, and the task's own groups.
"""

from dataclasses import dataclass, field

from bson import ObjectId

from .json import Json, JsonObject, is_array, object_at

UNRESTRICTED = "default"  # the documented way to say that no group restricts this
SEES_ALL = "getJobsAdmin"  # the documented method whose holders groups do not bind


@dataclass(frozen=True)
class Caller:
    """Who asks. `groups` has those that the groups are members of; `methods` are the documented names."""

    account_id: str  # 24 hex
    username: str
    groups: frozenset[str] = field(default_factory=frozenset[str])
    methods: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def administrator(self) -> bool:
        return SEES_ALL in self.methods


# Who is not signed in.
NOBODY = Caller("", "")

# The engine, and jobs that no account started.
SYSTEM = Caller("Pronghorn", "Pronghorn", methods=frozenset([SEES_ALL]))


def may_see(caller: Caller, groups: Json) -> bool:
    """Whether these groups, of a workflow, a job or a task, let the caller in."""
    if caller.administrator or groups is None or groups == []:
        return True
    return is_array(groups) and any(group == UNRESTRICTED or str(group) in caller.groups for group in groups)


def may_see_job(caller: Caller, groups: Json, starter: Json) -> bool:
    """`starter` is the account that started the job."""
    return may_see(caller, groups) or starter == caller.account_id


def may_see_task(caller: Caller, iteration: JsonObject) -> bool:
    """Of an iteration of ours, which has its job's groups and starter with it."""
    access = object_at(iteration, "access")
    return may_see(caller, iteration.get("groups")) and (
        caller.administrator or ("groups" in access and may_see_job(caller, access["groups"], access.get("starter")))
    )


def visible(caller: Caller) -> JsonObject:
    """The filter for the jobs that `may_see_job` lets the caller see."""
    return _visible(caller, "groups", "metrics.user")


def visible_tasks(caller: Caller) -> JsonObject:
    """The filter for the iterations that `may_see_task` lets the caller see.

    Iterations that another program wrote do not have their job's groups with them: administrators alone find them so.
    """
    if caller.administrator:
        return {}
    of_job = {"access.groups": {"$exists": True}, **_visible(caller, "access.groups", "access.starter")}
    return {"$and": [of_job, {"$or": _let_in(caller, "groups")}]}


def in_groups(caller: Caller) -> JsonObject:
    """The filter for the documents, workflows for example, that `may_see` lets the caller see by their `groups`."""
    return {} if caller.administrator else {"$or": _let_in(caller, "groups")}


def readable(caller: Caller) -> JsonObject:
    """The filter for the automations that their `gbac.read` lets the caller see."""
    return {} if caller.administrator else {"$or": _let_in(caller, "gbac.read")}


def _visible(caller: Caller, groups: str, starter: str) -> JsonObject:
    if caller.administrator:
        return {}
    return {"$or": [*_let_in(caller, groups), {starter: caller.account_id}]}


def _let_in(caller: Caller, path: str) -> list[JsonObject]:
    """Alternatives. An empty list and null are told from a list that holds null: that one lets nobody in."""
    named: list[Json] = [UNRESTRICTED]
    for group in sorted(caller.groups):
        named += [group, ObjectId(group)] if ObjectId.is_valid(group) else [group]
    return [
        {path: {"$size": 0}},
        {path: None, f"{path}.0": {"$exists": False}},
        {path: {"$in": named}, f"{path}.0": {"$exists": True}},
    ]
