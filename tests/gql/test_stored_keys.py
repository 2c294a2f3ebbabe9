"""Fields of the schema that name a key of a document: the document's type has the key."""

import importlib
import pkgutil
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, get_args, get_type_hints

import jobyard.gql
import pytest
from jobyard.gql.fields import KEY, OWNER, READS
from jobyard.models.documents.shapes import (
    accounts,
    automations,
    documented,
    events,
    jobs,
    keys,
    projects,
    tasks,
    workflows,
)
from jobyard.models.documents.waits import Wait
from jobyard.models.engine.changes import TaskChange

# By the class of the GraphQL type, what its objects are.
SHAPES: dict[str, Any] = {
    "AssignedRole": accounts.AssignedRole,
    "Asset": workflows.AssetDocument,
    "Authored": workflows.TaskDefinition,
    "Automation": automations.AutomationDocument,
    "ChildJob": documented.ChildJob,
    "Decorator": tasks.Decorator,
    "Error": documented.ErrorEntry,
    "Form": documented.FormShown,
    "Group": accounts.GroupForm,
    "GroupMembership": accounts.Membership,
    "Iteration": documented.IterationForm,
    "IterationJob": documented.JobOfIterationForm,
    "IterationMetrics": documented.IterationMetricsForm,
    "Job": documented.JobForm,
    "JobEvent": events.FollowedEvent,
    "JobHistory": events.History,
    "JobMetrics": documented.MetricsForm,
    "JobPermission": documented.Permission,
    "Loop": documented.Loop,
    "Match": documented.Match,
    "Meta": accounts.Meta,
    "Method": accounts.Method,
    "Parent": documented.ParentForm,
    "PersonalAct": events.Act,
    "Point": documented.Point,
    "Project": projects.ProjectDocument,
    "ProjectComponent": projects.Component,
    "ProjectMember": projects.Member,
    "RetrySettings": documented.RetrySettings,
    "Role": accounts.RoleForm,
    "Task": documented.TaskForm,
    "TaskBuckets": documented.Buckets,
    "TaskChange": TaskChange,
    "TaskMetrics": documented.TaskMetrics,
    "TaskTransitions": documented.Transitions,
    "TaskVariables": tasks.TaskVariables,
    "Transition": documented.Transition,
    "Trigger": automations.TriggerDocument,
    "User": accounts.AccountForm,
    "ValidationError": documented.ValidationError,
    "Viewer": accounts.ViewerForm,
    "Wait": Wait,
    "Warning": jobs.JobWarning,
    "Workflow": workflows.WorkflowDocument,
    "WorkflowTask": workflows.TaskDefinition,
    "WorkflowTransition": documented.Edge,
}
OURS = {KEY, OWNER}  # put beside the keys of a task's document


def keys_of(shape: Any) -> set[str]:
    return set(get_type_hints(shape))


def classes() -> Iterator[type]:
    """Those of the schema's object types that read documents."""
    for module in pkgutil.walk_packages(jobyard.gql.__path__, "jobyard.gql."):
        for one in vars(importlib.import_module(module.name)).values():
            fields = getattr(getattr(one, "__strawberry_definition__", None), "fields", ())
            if isinstance(one, type) and one.__module__ == module.name and any(READS in f.metadata for f in fields):
                yield one


def keys_read(of: type) -> set[str]:
    """The keys that its fields read, those of fields with a resolver of their own included."""
    definition: Any = vars(of)["__strawberry_definition__"]
    return {key for field in definition.fields for key in field.metadata.get("keys") or () if key} - OURS


def test_every_object_type_that_reads_documents_has_a_shape() -> None:
    assert {one.__name__ for one in classes()} == set(SHAPES)


@pytest.mark.parametrize("of", sorted(classes(), key=attrgetter("__name__")))
def test_every_field_names_a_key_of_its_document(of: type) -> None:
    assert keys_read(of) - keys_of(SHAPES[of.__name__]) == set()


def test_the_keys_that_fields_may_name_are_those_of_the_documents() -> None:
    every = set().union(*map(keys_of, SHAPES.values()))
    assert set(get_args(keys.Key)) - OURS == every
