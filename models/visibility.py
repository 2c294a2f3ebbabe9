"""Visibility: one predicate for documents in hand, and one filter that finds the same documents in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .documents.moments import stored_ids
from .json import Json, is_array, object_at

Filter: TypeAlias = dict[str, object]
"""A condition of the database."""

UNRESTRICTED = "default"  # the documented way to say that no group restricts this
SEES_ALL = "getJobsAdmin"  # the documented method whose holders groups do not bind
WORKS = "finishManualTask"  # the one that working a task takes
OWNER = "owner"  # the role of a project's member who may do everything


@dataclass(frozen=True)
class Caller:
    """Who asks. `groups` has those that the groups are members of; `methods` are the documented names.

    `projects` has the caller's role in each project that has members: the empty text in those of others.
    """

    account_id: str  # 24 hex
    username: str
    groups: frozenset[str] = field(default_factory=frozenset[str])
    methods: frozenset[str] = field(default_factory=frozenset[str])
    projects: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def administrator(self) -> bool:
        return SEES_ALL in self.methods

    @property
    def works_tasks(self) -> bool:
        return WORKS in self.methods

    def role_in(self, project_id: str) -> str:
        """A project without members is everybody's."""
        return OWNER if self.administrator else self.projects.get(project_id, OWNER)


# Who is not signed in.
ANONYMOUS = Caller("", "")

# The engine, and jobs that no account started.
SYSTEM = Caller("Pronghorn", "Pronghorn", methods=frozenset([SEES_ALL]))


def may_see(caller: Caller, groups: object) -> bool:
    """Whether these groups, of a workflow, a job or a task, let the caller in."""
    if caller.administrator or groups is None or groups == []:
        return True
    several = groups if is_array(groups) else [groups]
    return any(group == UNRESTRICTED or str(group) in caller.groups for group in several)


def may_see_workflow(caller: Caller, workflow: Mapping[str, object], project_id: str) -> bool:
    """By its groups, and by the members of the project that it is of, if it is of one."""
    return may_see(caller, workflow.get("groups")) and (not project_id or bool(caller.role_in(project_id)))


def may_see_job(caller: Caller, groups: Json, starter: Json) -> bool:
    """`starter` is the account that started the job."""
    return may_see(caller, groups) or starter == caller.account_id


def may_see_task(caller: Caller, iteration: Mapping[str, object]) -> bool:
    """Of an iteration of ours, which has its job's groups and starter with it."""
    access = object_at(iteration, "access")
    return may_see(caller, iteration.get("groups")) and (
        caller.administrator or ("groups" in access and may_see_job(caller, access["groups"], access.get("starter")))
    )


def visible(caller: Caller) -> Filter:
    """The filter for the jobs that `may_see_job` lets the caller see."""
    return _any(visibility_branches(caller))


def visibility_branches(caller: Caller) -> list[Filter]:
    """The alternatives of `visible`, each of one path that an index has; none where nothing is kept from the caller."""
    return [] if caller.administrator else _ways(caller, "groups", "metrics.user")


def visible_of(caller: Caller, ids: Sequence[object]) -> Filter:
    """The filter for those of the jobs with these ids that `may_see_job` lets the caller see.

    Every alternative has both, so that an index of both refuses without a look at the documents.
    """
    of_ids: Filter = {"_id": {"$in": list(ids)}}
    return _any([{**of_ids, **way} for way in visibility_branches(caller)]) or of_ids


def visible_tasks(caller: Caller) -> Filter:
    """The filter for the iterations that `may_see_task` lets the caller see.

    Iterations that another program wrote do not have their job's groups with them: administrators alone find them so.
    """
    if caller.administrator:
        return {}
    return {"$and": [_any(ways_to_see_tasks(caller)), *besides_the_job(caller)]}


def ways_to_see_tasks(caller: Caller) -> list[Filter]:
    """By their jobs, as `ways_to_see` does for those."""
    return [] if caller.administrator else _ways(caller, "access.groups", "access.starter")


def besides_the_job(caller: Caller) -> list[Filter]:
    """What must hold of iterations whose jobs the caller sees: that it is known so, and their own groups."""
    return [] if caller.administrator else [{"access.groups": {"$exists": True}}, in_groups(caller)]


def in_groups(caller: Caller) -> Filter:
    """The filter for the documents, workflows for example, that `may_see` lets the caller see by their `groups`."""
    return {} if caller.administrator else _any(_let_in(caller, "groups"))


def visible_workflows(caller: Caller) -> Filter:
    """The filter for the workflows that `may_see_workflow` lets the caller see."""
    return _both(in_groups(caller), in_projects(caller))


def in_projects(caller: Caller) -> Filter:
    """The filter for the documents, templates for example, that are not of a project of others, by their names."""
    closed = closed_projects(caller)
    return {"name": {"$not": {"$regex": f"^@({'|'.join(closed)}): "}}} if closed else {}


def closed_projects(caller: Caller) -> list[str]:
    """The projects whose members the caller is not among."""
    return [] if caller.administrator else sorted(id for id, role in caller.projects.items() if not role)


def readable(caller: Caller) -> Filter:
    """The filter for the automations that their `gbac.read` lets the caller see."""
    return {} if caller.administrator else _any(_let_in(caller, "gbac.read"))


def _both(one: Filter, other: Filter) -> Filter:
    return {"$and": [one, other]} if one and other else one or other


def _any(ways: list[Filter]) -> Filter:
    return {"$or": ways} if ways else {}


def _ways(caller: Caller, groups: str, starter: str) -> list[Filter]:
    return [*_let_in(caller, groups), {starter: caller.account_id}]


def _let_in(caller: Caller, path: str) -> list[Filter]:
    """Alternatives, each of which an index on the path serves; the first without a look at the documents.

    An empty list and null are told from a list that holds null: that one lets nobody in.
    """
    named: list[object] = [UNRESTRICTED]
    for group in sorted(caller.groups):
        named += stored_ids(group)
    empty: Filter = {f"{path}.0": {"$exists": False}}
    return [{path: {"$in": named}}, {path: [], **empty}, {path: None, **empty}]
