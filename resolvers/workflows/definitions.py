"""Workflow definitions ready to run: pinned by content, compiled once, cached for the next job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from random import Random
from typing import TypeAlias

from pymongo.errors import DuplicateKeyError

from ...models.bounded_cache import BoundedCache
from ...models.documents.documented import SharedTask, shared_tasks
from ...models.documents.new_job import schema_of, workflow_version
from ...models.documents.shapes.workflows import WorkflowVersionDocument
from ...models.documents.state_version import STATE_VERSION, VERSION_KEY, upgraded
from ...models.documents.stored import from_stored, to_stored
from ...models.documents.warnings import Doubts, doubts_of
from ...models.documents.workflow import Transformation, WorkflowVersion
from ...models.engine.advance import has_few_tasks
from ...models.engine.budget import DEFAULT_BUDGET, Budget
from ...models.engine.definition import Definition, TransformAt, is_manual
from ...models.engine.graph import Graph, compile_graph
from ...models.engine.outcomes import TaskFunction
from ...models.engine.rules import DEFAULT_RULES, Rules
from ...models.engine.sizes import LONG, size_of
from ...models.errors import SecretsBroken, SecretsKeyMissing
from ...models.json import JsonObject, object_at, text_at
from ...models.language.errors import LanguageError
from ...models.language.query.query import query
from ...models.language.transformation import Level, compile_document, transform
from ...models.lint import mentioned
from ...models.schemas.checking import PreparedSchema
from ...models.secrets.sealing import SEALED, keys_in, sealed_at
from ..builtin_tasks.registry import ask_person, call_provider, does_itself, function_of, is_brief
from ..projects import names
from ..store import long_documents
from ..store.collections import collection_of
from ..store.keyring import Keyring
from ..store.sealed_documents import workflow_secrets
from ..store.workflow_cache import NamedWorkflows
from ..threads import in_thread_if_long

KEPT = 256
LARGEST_KEPT = 16 * 1024 * 1024  # about so many characters of all versions as JSON, which take ten times the memory

# Whether a provider answers a manual task in a person's place, by workflow name, task id and task definition.
StandsIn: TypeAlias = Callable[[str, str, JsonObject], bool]


def no_substitute(workflow: str, task_id: str, definition: Mapping[str, object]) -> bool:
    """People work their tasks themselves."""
    return False


@dataclass(frozen=True)
class Pinned:
    """A pinned version of a workflow, compiled."""

    version: str
    workflow: JsonObject
    graph: Graph
    size: int  # about so many characters as JSON
    transformations: frozenset[str]  # that its tasks name

    @property
    def large(self) -> bool:
        """Whether reading the whole workflow takes long."""
        return self.size > LONG

    @cached_property
    def drawn_tasks(self) -> dict[str, SharedTask]:
        """The documented fields of the tasks that are the same in all jobs."""
        return shared_tasks(self.graph)

    @cached_property
    def doubts(self) -> Doubts:
        """What its jobs may be warned of."""
        return doubts_of(self.workflow, self.graph, does_itself)

    @cached_property
    def input_schema(self) -> PreparedSchema:
        return PreparedSchema(schema_of(self.workflow))

    @cached_property
    def brief(self) -> bool:
        """Whether steps with small values are brief."""
        return has_few_tasks(self.graph) and all(map(is_brief, self.graph.tasks.values()))


class Definitions:
    """The pinned versions in use. At most KEPT of them, of LARGEST_KEPT in all, are in memory."""

    def __init__(
        self,
        rules: Rules = DEFAULT_RULES,
        stands_in: StandsIn = no_substitute,
        budget: Budget = DEFAULT_BUDGET,
        keyring: Keyring | None = None,
    ) -> None:
        self._rules = rules
        self._keyring = keyring or Keyring()
        self._budget = budget
        self._stands_in = stands_in
        self._pinned: BoundedCache[str, Pinned] = BoundedCache(
            most=KEPT, room=LARGEST_KEPT, spared=1, dropped=self._forget
        )
        self.named = NamedWorkflows()
        self._by_identity: dict[int, Pinned] = {}  # the cached versions by the identity of their workflows

    async def close(self) -> None:
        await self.named.close()

    def find_prepared(self, workflow: JsonObject) -> Pinned | None:
        """The cached version of this very object, which nobody changes; None before its first start."""
        return self._by_identity.get(id(workflow))

    async def pin(self, workflow: JsonObject) -> Pinned:
        """Store this version unless it is stored, so that the jobs that start with it keep it."""
        same = self.find_prepared(workflow)
        if same is not None:  # as `named` found it again
            self._pinned.get(same.version)
            return same
        version = await in_thread_if_long(partial(workflow_version, workflow), workflow)
        known = self._pinned.get(version)
        if known is not None:
            return self._keep(replace(known, workflow=workflow))
        versions = collection_of(WorkflowVersion)
        document = await in_thread_if_long(partial(self._to_stored, version, workflow), workflow)
        # This version may be pinned already: by another process, or before it left the cache.
        try:
            await versions.insert_one(document)
        except DuplicateKeyError:
            if SEALED in document:  # it may have been pinned by a server without a key
                clear = {"_id": version, SEALED: {"$exists": False}}
                await versions.update_one(clear, {"$set": {key: document[key] for key in ("document", SEALED)}})
        return self._keep(await in_thread_if_long(partial(_compile, version, workflow), workflow))

    def _to_stored(self, version: str, workflow: JsonObject) -> WorkflowVersionDocument:
        wording = to_stored(workflow, what=f"workflow '{workflow.get('name')}'")
        return seal_version(self._keyring, {"_id": version, VERSION_KEY: STATE_VERSION, "document": wording})

    async def find(self, version: str) -> Pinned:
        found = await self.find_all({version})
        if version not in found:
            stored = await collection_of(WorkflowVersion).find_one({"_id": version})
            self._keyring.open(place_of_version(version), stored and stored["document"])  # says why it cannot be
            raise LookupError(f"workflow version {version} is missing from the database")
        return found[version]

    async def find_all(self, versions: set[str]) -> dict[str, Pinned]:
        """Those of the versions that are stored and that can be opened, read in one command."""
        found = {version: known for version in versions if (known := self._pinned.get(version)) is not None}
        missing = versions - found.keys()
        if missing:
            query = {"_id": {"$in": sorted(missing)}}
            async for one in long_documents.read(collection_of(WorkflowVersion), query):
                try:
                    one["document"] = self._keyring.open(place_of_version(one["_id"]), one["document"])
                except (SecretsKeyMissing, SecretsBroken):
                    continue
                found[one["_id"]] = self._keep(await in_thread_if_long(partial(_read, one), one))
        return found

    async def runnable(self, pinned: Pinned, job_id: str) -> Definition:
        """The definition for the engine to run one job: the graph, and the current transformations of its tasks."""
        documents = await self.transformations(pinned)
        function = functions_of(pinned.graph.name, self._stands_in)
        return Definition(
            pinned.graph, function, transformer(documents, job_id), self._rules, self._budget, pinned.brief
        )

    async def transformations(self, pinned: Pinned) -> dict[str, JsonObject]:
        """The current transformations that the workflow names, by id."""
        ids = sorted(pinned.transformations)
        if not ids:
            return {}
        found = {one.id: one.document async for one in Transformation.find({"_id": {"$in": ids}})}
        for id in [id for id in ids if id not in found]:
            # By name, or one that was deleted with the project of the job.
            named = await names.find_transformation(id, pinned.graph.name)
            if named is not None:
                found[id] = named
        return found

    def _keep(self, pinned: Pinned) -> Pinned:
        self._pinned.put(pinned.version, pinned, pinned.size)
        self._by_identity[id(pinned.workflow)] = pinned
        return pinned

    def _forget(self, pinned: Pinned) -> None:
        self._by_identity.pop(id(pinned.workflow), None)


def _compile(version: str, workflow: JsonObject) -> Pinned:
    return Pinned(version, workflow, compile_graph(workflow), size_of(workflow), mentioned(workflow).transformations)


def _read(stored: WorkflowVersionDocument) -> Pinned:
    return _compile(stored["_id"], object_at(from_stored(upgraded("wording", stored)), "document"))


def place_of_version(version: str) -> str:
    return f"workflow version {version}"


def seal_version(keyring: Keyring, stored: WorkflowVersionDocument) -> WorkflowVersionDocument:
    """A version as it is to be stored."""
    if not keyring:
        return stored
    place, wording = place_of_version(stored["_id"]), stored["document"]
    hidden = sealed_at(wording, workflow_secrets(wording), lambda one: keyring.seal(place, one))
    return stored if hidden is wording else {**stored, "document": hidden, SEALED: keys_in(hidden)}


def function_of_task(task_id: str, definition: JsonObject) -> TaskFunction:
    """The function of a built-in task, by application and name, never by canvasName. Otherwise a person works a manual
    task, and a provider runs any other.
    """
    return function_of(text_at(definition, "app"), text_at(definition, "name"), manual=is_manual(definition))


def functions_of(workflow: str, stands_in: StandsIn) -> Callable[[str, JsonObject], TaskFunction]:
    """The functions of this workflow's tasks, with providers that answer for people."""

    def function(task_id: str, definition: JsonObject) -> TaskFunction:
        found = function_of_task(task_id, definition)
        return call_provider if found is ask_person and stands_in(workflow, task_id, definition) else found

    return function


def transformer(documents: dict[str, JsonObject], job_id: str) -> TransformAt:
    """A function that runs the transformations in `documents`. Random values depend on job and moment only."""
    compiled: dict[str, Level] = {}

    def run(at: int, transformation_id: str, incoming: JsonObject, options: JsonObject) -> JsonObject:
        if transformation_id not in compiled:
            document = documents.get(transformation_id)
            if document is None:
                raise LanguageError(f"Cannot find transformation '{transformation_id}'. Import it with its `_id`.")
            compiled[transformation_id] = compile_document(document)
        draw = Random(f"{job_id}/{at}").random
        return transform(compiled[transformation_id], incoming, options, draw=draw, now=at, query=query)

    return run
