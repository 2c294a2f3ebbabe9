"""The collections: Beanie documents define schema and indexes; plain documents are written through PyMongo."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast, overload

from beanie import Document
from bson import ObjectId
from pymongo import ASCENDING

from ...models.documents.account import Account, Group, Role, SignInAttempts, Token
from ...models.documents.audit import AuditEvent
from ...models.documents.automation import Automation, Trigger
from ...models.documents.duty import Duty, Removal
from ...models.documents.event import JobEvent
from ...models.documents.job import Job, Server, TaskIteration
from ...models.documents.moments import object_id
from ...models.documents.project import Project, Retained
from ...models.documents.shapes.accounts import (
    AccountDocument,
    GroupDocument,
    RoleDocument,
    SignInAttemptsDocument,
    TokenDocument,
)
from ...models.documents.shapes.audit import AuditEventDocument
from ...models.documents.shapes.automations import AutomationDocument, TriggerDocument
from ...models.documents.shapes.duties import DutyDocument, RemovalDocument
from ...models.documents.shapes.events import JobEventDocument
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.projects import ProjectDocument, RetainedDocument
from ...models.documents.shapes.servers import ServerDocument
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.shapes.workflows import AssetDocument, WorkflowDocument, WorkflowVersionDocument
from ...models.documents.stored import from_stored
from ...models.documents.workflow import (
    AnalyticTemplate,
    CommandTemplate,
    Form,
    Template,
    Transformation,
    Workflow,
    WorkflowVersion,
)
from .sealed_documents import mask_document, seal_document

Filter: TypeAlias = Mapping[str, Any]
Update: TypeAlias = Mapping[str, Any]
Order: TypeAlias = str | Sequence[tuple[str, int]]

Stored = TypeVar("Stored")
Found_co = TypeVar("Found_co", covariant=True)


class Cursor(Protocol[Found_co]):
    def __aiter__(self) -> AsyncIterator[Found_co]: ...
    def sort(self, key_or_list: Order, direction: int = ...) -> "Cursor[Found_co]": ...
    def skip(self, skip: int) -> "Cursor[Found_co]": ...
    def limit(self, limit: int) -> "Cursor[Found_co]": ...
    def batch_size(self, batch_size: int) -> "Cursor[Found_co]": ...
    def hint(self, index: Order) -> "Cursor[Found_co]": ...
    def max_time_ms(self, max_time_ms: int) -> "Cursor[Found_co]": ...


class UpdateResult(Protocol):
    @property
    def matched_count(self) -> int: ...
    @property
    def modified_count(self) -> int: ...


class DeleteResult(Protocol):
    @property
    def deleted_count(self) -> int: ...


class InsertResult(Protocol):
    @property
    def inserted_id(self) -> ObjectId: ...


class Collection(Protocol[Stored]):
    """A typed collection. A document that is read may lack fields that the projection leaves out."""

    @property
    def name(self) -> str: ...

    def find(
        self, filter: Filter = ..., projection: Filter | None = ..., *, batch_size: int = ...
    ) -> Cursor[Stored]: ...
    async def find_one(
        self, filter: Filter = ..., projection: Filter | None = ..., *, sort: Sequence[tuple[str, int]] | None = ...
    ) -> Stored | None: ...
    async def find_one_and_update(
        self,
        filter: Filter,
        update: Update,
        *,
        projection: Filter | None = ...,
        return_document: bool = ...,
        upsert: bool = ...,
    ) -> Stored | None: ...
    async def insert_one(self, document: Stored) -> InsertResult: ...
    async def insert_many(self, documents: Sequence[Stored], *, ordered: bool = ...) -> object: ...
    async def replace_one(self, filter: Filter, replacement: Stored, *, upsert: bool = ...) -> UpdateResult: ...
    async def update_one(self, filter: Filter, update: Update, *, upsert: bool = ...) -> UpdateResult: ...
    async def update_many(self, filter: Filter, update: Update) -> UpdateResult: ...
    async def delete_one(self, filter: Filter) -> DeleteResult: ...
    async def delete_many(self, filter: Filter) -> DeleteResult: ...
    async def bulk_write(self, requests: Sequence[Any], *, ordered: bool = ...) -> object: ...
    async def count_documents(self, filter: Filter, *, limit: int = ..., maxTimeMS: int = ...) -> int: ...  # noqa: N803 -- the driver's name
    async def distinct(self, key: str, filter: Filter = ...) -> list[Any]: ...
    async def aggregate(self, pipeline: Sequence[Filter], *, maxTimeMS: int = ...) -> Cursor[dict[str, Any]]: ...  # noqa: N803
    async def watch(
        self, pipeline: Sequence[Filter], *, max_await_time_ms: int, resume_after: Filter = ...
    ) -> AbstractAsyncContextManager[Any]: ...
    async def create_indexes(self, indexes: Sequence[Any]) -> object: ...
    async def index_information(self) -> Mapping[str, Any]: ...


DOCUMENTS: Final[tuple[type[Document], ...]] = (
    *(Workflow, WorkflowVersion, Transformation, Template, Form, CommandTemplate, AnalyticTemplate),
    *(Project, Retained),
    *(Job, TaskIteration, JobEvent, Server, Duty, Removal, AuditEvent),
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
def collection_of(document: type[Duty]) -> Collection[DutyDocument]: ...
@overload
def collection_of(document: type[AuditEvent]) -> Collection[AuditEventDocument]: ...
@overload
def collection_of(document: type[Removal]) -> Collection[RemovalDocument]: ...
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
def collection_of(document: type[Workflow]) -> Collection[WorkflowDocument]: ...
@overload
def collection_of(document: type[Transformation] | type[Template] | type[Form]) -> Collection[AssetDocument]: ...
@overload
def collection_of(document: type[Project]) -> Collection[ProjectDocument]: ...
@overload
def collection_of(document: type[Document]) -> Collection[Any]: ...
def collection_of(document: type[Document]) -> Any:
    """PyMongo's collection, or the equivalent of the in-memory store."""
    return cast(Any, document.get_pymongo_collection())  # pyright: ignore[reportUnknownMemberType] -- left open by Beanie


async def find(collection: Collection[Stored], id: str) -> Stored | None:
    key = object_id(id)
    return None if key is None else await find_by(collection, {"_id": key})


async def find_by(collection: Collection[Stored], query: Filter) -> Stored | None:
    """The document that was stored first; None if no document matches."""
    found = await find_all_by(collection, query, 1)
    return found[0] if found else None


async def find_all_by(collection: Collection[Stored], query: Filter, most: int = 0) -> list[Stored]:
    """At most so many documents (0: all), in the order in which they were stored."""
    found = collection.find(query).sort([("_id", ASCENDING)]).limit(most)
    return [_shown(collection, one) async for one in found]


async def insert(collection: Collection[Stored], document: Mapping[str, object]) -> Stored:
    """Store the document under a new id."""
    new: dict[str, object] = {"_id": ObjectId(), **document}
    await collection.insert_one(cast(Stored, seal_document(collection.name, new)))  # its fields were checked
    return cast(Stored, from_stored(new))


async def change(collection: Collection[Stored], id: str, fields: Mapping[str, object]) -> Stored | None:
    """Change these fields; the document afterwards, or None if it does not exist."""
    whole: dict[str, object] = {"_id": ObjectId(id), **fields}
    stored = seal_document(collection.name, whole)
    stored.pop("_id")
    changed = await collection.find_one_and_update({"_id": ObjectId(id)}, {"$set": stored}, return_document=True)
    return None if changed is None else _shown(collection, changed)


def _shown(collection: Collection[Stored], stored: Stored) -> Stored:
    """The document as JSON, with its secrets masked."""
    return cast(Stored, from_stored(mask_document(collection.name, cast("dict[str, object]", stored))))
