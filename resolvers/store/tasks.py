"""The tasks collection for people: waiting iterations are claimed, released and answered.

Each of these is one guarded write of the iteration's document, so that any number of people may work at once: the first
one succeeds. The runner reads the answers from there (`find_answers`), also after a crash.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...models.documents.job import JOB_OF, TaskIteration
from ...models.documents.progress import SYSTEM
from ...models.documents.shapes.tasks import Answer, IterationDocument
from ...models.documents.state_version import KNOWN, upgraded
from ...models.json import Json, JsonObject, array_at, is_object, object_at
from ...models.secrets.marks import SECRETS
from ...models.secrets.masking import Path, secret_paths
from ...models.secrets.sealing import SEALED
from .collections import collection_of
from .indexes import hint_of
from .keyring import place_of_job
from .large_values import LargeValues, keys_of

PARTS: Final = ("incoming", "outgoing")  # of an iteration's `variables`: the parts that may hold large values
UNCLAIMED = (None, "", SYSTEM)


class TaskStore:
    def __init__(self, large: LargeValues) -> None:
        self._large = large
        self._tasks = collection_of(TaskIteration)

    async def find(self, iteration_id: str, *, opened: bool = False) -> IterationDocument | None:
        """The iteration with its large values. Sealed secrets stay sealed unless `opened`: views mask them anyway."""
        found = await self._tasks.find_one({"_id": iteration_id})
        return None if found is None else await (self.load_opened(found) if opened else self.load(found))

    async def find_of_job(self, job_id: str, most: int) -> list[IterationDocument]:
        """At most so many iterations of a job with their large values, by task in the order of their begin."""
        found = self._tasks.find({"job._id": job_id}).sort([("job.task", 1), ("iteration", 1)]).limit(most)
        return [await self.load(one) async for one in found]

    async def find_job_id(self, iteration_id: str) -> str | None:
        """The id of the iteration's job, read from an index."""
        cursor = self._tasks.find({"_id": iteration_id}, {"job._id": 1}).hint(hint_of(self._tasks, JOB_OF))
        found = next(iter([one async for one in cursor]), None)
        return None if found is None else str(object_at(found, "job").get("_id"))

    async def exists(self, iteration_id: str, among: Mapping[str, object]) -> bool:
        """Whether the iteration exists and matches the filter `among`."""
        return await self._tasks.find_one({"_id": iteration_id, **among}, {"_id": 1}) is not None

    async def regroup(self, job_id: str, groups: list[Json]) -> None:
        """Set the groups of all iterations of a job."""
        await self._tasks.update_many({"job._id": job_id}, {"$set": {"access.groups": groups}})

    async def claim(self, iteration_id: str, owner: str, at: str) -> IterationDocument | None:
        """Claim the iteration for `owner`; None if another account has claimed it."""
        return await self._work(
            iteration_id,
            {"metrics.owner": {"$in": [*UNCLAIMED, owner]}},
            {"metrics.owner": owner, "metrics.claim_time": at},
        )

    async def assign(self, iteration_id: str, owner: str, at: str) -> IterationDocument | None:
        """Assign the iteration to `owner`, also if another account has claimed it."""
        return await self._work(iteration_id, {}, {"metrics.owner": owner, "metrics.claim_time": at})

    async def release(self, iteration_id: str, owner: str) -> IterationDocument | None:
        """Release the claim of `owner`; None if another account has claimed the iteration."""
        return await self._work(
            iteration_id,
            {"metrics.owner": {"$in": [*UNCLAIMED, owner]}},
            {"metrics.owner": "", "metrics.claim_time": None},
        )

    async def owners(self) -> list[str]:
        """The accounts that have claimed waiting tasks."""
        query = {"waits_for": "person", "metrics.owner": {"$nin": list(UNCLAIMED)}}
        found = await self._tasks.distinct("metrics.owner", query)
        return [owner for owner in found if isinstance(owner, str)]

    async def release_all(self, owner: str, among: Mapping[str, object]) -> None:
        """Release the claims of `owner` on unanswered iterations that match the filter `among`."""
        claimed = {"waits_for": "person", "metrics.owner": owner, "answer": {"$exists": False}, **among}
        await self._tasks.update_many(claimed, {"$set": {"metrics.owner": "", "metrics.claim_time": None}})

    async def answer(self, iteration_id: str, job_id: str, owner: str, answer: Answer) -> IterationDocument | None:
        """Store the answer `{finish_state, variables}` for the engine. The first answer counts; None for others."""
        secrets = await self._read_outgoing_secrets(iteration_id) if self._large.keyring else []
        slim = await self._large.put_aside(job_id, answer["variables"], secrets, remember=False)
        return await self._work(
            iteration_id,
            {"metrics.owner": {"$in": [*UNCLAIMED, owner]}},
            {"metrics.owner": owner, "metrics.user": owner, "answer": {**answer, "variables": slim}},
            keys_of(slim) if secrets else [],
        )

    async def _read_outgoing_secrets(self, iteration_id: str) -> list[Path]:
        fields = {SECRETS: 1, "variables.decorators": 1}
        found = await self._tasks.find_one({"_id": iteration_id}, fields)
        paths = [] if found is None else secrets_of_iteration(found)
        return [path[1:] for path in paths if path[0] == "outgoing" and path[1:]]

    async def find_answers(self, job_ids: list[str]) -> list[IterationDocument]:
        """The iterations of these jobs with answers that the engine has not taken yet."""
        query = {"answer.at": {"$exists": True}, "job._id": {"$in": job_ids}}
        fields = {"job": 1, "iteration": 1, "answer": 1, "metrics.user": 1, SEALED: 1}
        found = [one async for one in self._tasks.find(query, fields)]
        for one in found:
            if "answer" in one:
                plain = await self._large.open(one["job"]["_id"], one["answer"]["variables"], SEALED in one)
                one["answer"]["variables"] = plain
        return found

    async def find_answered(self, most: int, after: IterationDocument | None = None) -> list[IterationDocument]:
        """At most so many iterations of any job with answers that are not taken, the oldest answers first.

        `after` is the last iteration of the previous call.
        """
        behind: JsonObject = {} if after is None or "answer" not in after else {"$gt": after["answer"].get("at")}
        found = self._tasks.find({"answer.at": {"$exists": True, **behind}}, {"job._id": 1, "answer.at": 1})
        return [one async for one in found.sort("answer.at", 1).limit(most)]

    async def load(self, iteration: IterationDocument) -> IterationDocument:
        iteration = upgraded("iteration", iteration)
        variables = iteration["variables"]
        for part in PARTS:
            if is_object(slim := variables.get(part)):
                variables[part] = await self._large.load(slim)
        return iteration

    async def load_opened(self, iteration: IterationDocument) -> IterationDocument:
        """The iteration, changed in place, with its large values and with secrets opened: for the server that runs it.

        SecretsKeyMissing or SecretsBroken for secrets that cannot be opened.
        """
        iteration = upgraded("iteration", iteration)
        variables, job_id = iteration["variables"], str(object_at(iteration, "job").get("_id"))
        for part in PARTS:
            if is_object(slim := variables.get(part)):
                variables[part] = await self._large.open(job_id, slim, SEALED in iteration)
        if SEALED in iteration:
            iteration["variables"] = self._large.keyring.open(place_of_job(job_id), variables)
        return iteration

    async def _work(
        self, iteration_id: str, expected: JsonObject, changes: JsonObject, keys: Sequence[str] = ()
    ) -> IterationDocument | None:
        waiting: dict[str, Any] = {"_id": iteration_id, "waits_for": "person", "answer": {"$exists": False}, **KNOWN}
        update: dict[str, object] = {"$set": changes}
        if keys:
            update["$addToSet"] = {SEALED: {"$each": list(keys)}}
        found = await self._tasks.find_one_and_update({**waiting, **expected}, update, return_document=True)
        return None if found is None else await self.load(found)


def secrets_of_iteration(iteration: IterationDocument) -> list[Path]:
    """The paths of the secrets in the iteration's `variables`: marked by the author, or found by the job."""
    variables = object_at(iteration, "variables")
    return secret_paths([*array_at(variables, "decorators"), *array_at(iteration, SECRETS)], variables)
