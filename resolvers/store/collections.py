"""The collections: the Beanie documents that say what is in them, and PyMongo's own for writes that are plain dicts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast, overload

from beanie import Document

from ...models.documents.account import Account, Group, Role, SignInAttempts, Token
from ...models.documents.automation import Automation, Trigger
from ...models.documents.event import JobEvent
from ...models.documents.job import Job, TaskIteration
from ...models.documents.project import Project, Retained
from ...models.documents.server import Server
from ...models.documents.shapes.accounts import (
    AccountDocument,
    GroupDocument,
    RoleDocument,
    SignInAttemptsDocument,
    TokenDocument,
)
from ...models.documents.shapes.automations import AutomationDocument, TriggerDocument
from ...models.documents.shapes.events import JobEventDocument
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.projects import RetainedDocument
from ...models.documents.shapes.servers import ServerDocument
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.shapes.workflows import WorkflowVersionDocument
from ...models.documents.workflow import Form, Template, Transformation, Workflow, WorkflowVersion
from .collection import Collection

DOCUMENTS: Final[tuple[type[Document], ...]] = (
    *(Workflow, WorkflowVersion, Transformation, Template, Form, Project, Retained),
    *(Job, TaskIteration, JobEvent, Server),
    *(Account, Group, Role, Token, SignInAttempts),
    *(Automation, Trigger),
)
KINDS: Final[Mapping[str, type[Document]]] = MappingProxyType({kind.Settings.name: kind for kind in DOCUMENTS})
"""By the collection's name."""


@overload
def collection_of(document: type[Job]) -> Collection[JobHeader]: ...
@overload
def collection_of(document: type[TaskIteration]) -> Collection[IterationDocument]: ...
@overload
def collection_of(document: type[JobEvent]) -> Collection[JobEventDocument]: ...
@overload
def collection_of(document: type[Server]) -> Collection[ServerDocument]: ...
@overload
def collection_of(document: type[Account]) -> Collection[AccountDocument]: ...
@overload
def collection_of(document: type[Group]) -> Collection[GroupDocument]: ...
@overload
def collection_of(document: type[Role]) -> Collection[RoleDocument]: ...
@overload
def collection_of(document: type[Token]) -> Collection[TokenDocument]: ...
@overload
def collection_of(document: type[SignInAttempts]) -> Collection[SignInAttemptsDocument]: ...
@overload
def collection_of(document: type[Automation]) -> Collection[AutomationDocument]: ...
@overload
def collection_of(document: type[Trigger]) -> Collection[TriggerDocument]: ...
@overload
def collection_of(document: type[Retained]) -> Collection[RetainedDocument]: ...
@overload
def collection_of(document: type[WorkflowVersion]) -> Collection[WorkflowVersionDocument]: ...
@overload
def collection_of(document: type[Document]) -> Collection[Any]: ...
def collection_of(document: type[Document]) -> Any:
    """PyMongo's collection, or the in-memory store's that is used like it."""
    return cast(Any, document.get_pymongo_collection())  # pyright: ignore[reportUnknownMemberType] -- left open by Beanie
