"""The jobs collection for the runner: guarded writes, and reads of the whole state. leases.py says who runs a job.

Every write expects a sequence number and a lease. A process that lost its lease writes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...models.documents.job import LOOKED_UP, Job, TaskIteration
from ...models.documents.moments import stored_ids
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader, JobWarning, SecretMarks
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.state_version import KNOWN, VERSION_KEY, upgraded
from ...models.engine.lifecycle import UNFINISHED
from ...models.errors import SecretsBroken, SecretsKeyMissing
from ...models.json import Json, JsonObject, is_object, object_at
from ...models.secrets.marks import CHILD_SECRETS, FOUND_SECRETS, marks
from ...models.secrets.masking import EVERY, Path, secret_paths
from ...models.secrets.sealing import SEALED, hidden, keys_in, sealed_at
from ...models.settings import MOST_DESCENDANTS
from ...models.visibility import SYSTEM, Caller, visible_of
from . import long_documents
from .advances import Advance, Advances, LostLease
from .collections import collection_of
from .errors import ValueMissing, fitting
from .families import Families
from .family_commands import FamilyCommands
from .group_commit import Writer
from .indexes import hint_of
from .keyring import place_of_job
from .large_values import LargeValues, keys_of
from .leases import Leases, Orphanage
from .outbox import OUTBOX, Outbox
from .servers import Servers
from .tasks import PARTS, TaskStore, secrets_of_iteration

_MARKS: JsonObject = dict.fromkeys(("decorators", CHILD_SECRETS, FOUND_SECRETS), 1)
_OF_AN_END: JsonObject = {**_MARKS, **dict.fromkeys(("status", "variables", SEALED, VERSION_KEY), 1)}


@dataclass(frozen=True)
class Committed:
    """The current groups of the job, which other callers may change, and the parts of its outbox in `job_data`."""

    groups: list[Json]
    parts: list[str]


class JobStore:
    """`owner` names this process in leases. `lease` is the milliseconds after which a silent owner loses its jobs."""

    def __init__(self, owner: str, lease: int, large: LargeValues, *, most_descendants: int = MOST_DESCENDANTS) -> None:
        self.owner = owner
        self.lease = lease
        self.large = large
        self.keyring = large.keyring
        self._jobs = collection_of(Job)
        self._tasks = collection_of(TaskIteration)
        self._writer = Writer(self._jobs)
        self._advances = Advances(self._jobs)
        self.outbox = Outbox(large.data)
        self.tasks = TaskStore(large)
        self.servers = Servers(owner, lease)
        self.families = Families(self._jobs, most_descendants)
        self.family_commands = FamilyCommands(self._jobs, owner)
        self.orphans = Orphanage(owner, self._jobs, self.servers, self.keyring.openable)
        self.leases = Leases(owner, self._jobs, self.orphans, self.keyring)

    async def insert(self, document: JobHeader, iterations: Sequence[IterationDocument] = ()) -> None:
        """Store a new job, owned by this process; AlreadyStored if its id or idempotency key is taken.

        The outbox of the job has the iterations, which are written afterwards; NotStorable if they do not fit.
        """
        document["lease"] = self.leases.first()
        secrets = _secrets_of(document, document["variables"]) if self.keyring else []
        slim = await self.large.put_aside(document["_id"], document["variables"], secrets)
        stored: JobHeader = {**document, "variables": slim}
        if iterations:
            await self._slim(document["_id"], iterations)
            stored[OUTBOX] = self.outbox.inline(iterations)
        if keys := _keys_of(slim if secrets else {}, iterations):
            stored[SEALED] = keys
        await self._writer.insert(stored)

    async def find(self, job_id: str, caller: Caller = SYSTEM, *, opened: bool = False) -> JobHeader | None:
        """The whole job with its large values, if the caller may see it.

        Sealed secrets stay sealed unless `opened`: every view masks them anyway.
        """
        found = await self.header(job_id, caller)
        return await self.load_opened(found) if found is not None and opened else await self._load(found)

    async def header(self, job_id: str, caller: Caller = SYSTEM) -> JobHeader | None:
        """The job as it is stored, with references in place of its large values, if the caller may see it."""
        found = await self._look_up(job_id, caller, {OUTBOX: 0})
        return None if found is None else upgraded("header", found)

    async def exists(self, job_id: str, caller: Caller) -> bool:
        """Whether there is such a job that the caller may see."""
        return await self._look_up(job_id, caller, {"_id": 1}) is not None

    async def _look_up(self, job_id: str, caller: Caller, fields: dict[str, object] | None = None) -> JobHeader | None:
        # Without the hint the database may try an index for which it reads the document before it refuses.
        query, index = visible_of(caller, stored_ids(job_id)), hint_of(self._jobs, LOOKED_UP)
        return next(
            iter([one async for one in long_documents.read(self._jobs, query, fields, hint=index, most=1)]), None
        )

    async def header_by_key(self, idempotency_key: str) -> JobHeader | None:
        """The header of the job that this key started."""
        found = await self._jobs.find_one({"idempotency.key": idempotency_key}, {OUTBOX: 0})
        return None if found is None else upgraded("header", found)

    async def iterations(self, ids: list[str]) -> dict[str, IterationDocument]:
        """Iteration documents by task id, with their large values."""
        if not ids:
            return {}
        found = long_documents.read(self._tasks, {"_id": {"$in": ids}})
        stored = [upgraded("iteration", one) async for one in found]
        by_task = {one["job"]["task"]: one for one in stored}
        for one in by_task.values():
            await self.tasks.load_opened(one)
            if is_object(children := one.get("children")):
                one["children"] = await self.large.open(one["job"]["_id"], children, SEALED in one)
        return by_task

    async def load_opened(self, found: JobHeader) -> JobHeader:
        """The whole job with its large values, and with its secrets opened: for the server that runs it.

        SecretsKeyMissing or SecretsBroken for secrets that cannot be opened.
        """
        found = upgraded("header", found)
        job_id, sealed = found["_id"], SEALED in found
        if sealed and "inbox" in found:
            found = {**found, "inbox": self.keyring.open(place_of_job(job_id), found["inbox"])}
        if not is_object(found.get("variables")):
            return found
        return {**found, "variables": await self.large.open(job_id, found["variables"], sealed)}

    async def _load(self, found: JobHeader | None) -> JobHeader | None:
        if found is None or not is_object(found.get("variables")):
            return found
        return {**found, "variables": await self.large.load(found["variables"])}

    async def commit(
        self,
        job_id: str,
        seq: int,
        epoch: int,
        fields: dict[str, object],
        iterations: list[IterationDocument],
        taken: Collection[str] = (),
        secrets: Sequence[Path] = (),
    ) -> Committed:
        """Make an advance true: one write of the header, if it is still at `seq` and the lease still holds.

        The same write removes the entries `taken` from the inbox, and puts the iterations, which are written
        afterwards, into the outbox. LostLease if it wrote nothing; NotStorable if a document is too large for the
        database. `secrets` are the paths of the secrets in the variables.
        """
        if "variables" in fields:
            fields["variables"] = await self.large.put_aside(job_id, object_at(fields, "variables"), secrets)
        await self._slim(job_id, iterations)
        keys = _keys_of(object_at(fields, "variables") if secrets and self.keyring else {}, iterations)
        sealed: dict[str, object] = {"$addToSet": {SEALED: {"$each": keys}}} if keys else {}
        obeyed = {"$pull": {"inbox": {"id": {"$in": list(taken)}}}} if taken else {}
        with fitting("what the job's tasks produced"):
            outbox = await self.outbox.prepare(job_id, seq + 1, epoch, iterations)
            change: dict[str, object] = {
                "$set": {**fields, OUTBOX: outbox},
                "$inc": {"seq": 1},
                "$unset": {"lease.adoptions": ""},  # the number of adoptions since the last advance
                **obeyed,
                **sealed,
            }
            saved = await self._advances.commit(Advance(job_id, seq, epoch, change))
        return Committed(saved["groups"], outbox.get("parts", []))

    async def find_committed(self, job_id: str, seq: int, epoch: int) -> Committed | None:
        """The result of `commit` for an advance to `seq` whose answer was lost; None if it is not stored."""
        stored = {"_id": job_id, "seq": seq, "lease.epoch": epoch}
        found = await self._jobs.find_one(stored, {"groups": 1, f"{OUTBOX}.parts": 1})
        return None if found is None else Committed(found.get("groups") or [], found.get(OUTBOX, {}).get("parts", []))

    async def _slim(self, job_id: str, iterations: Sequence[IterationDocument]) -> None:
        """Seal the secrets of the iterations, and replace large values by references."""
        for document in iterations:
            secrets = secrets_of_iteration(document) if self.keyring else []
            variables = document["variables"]
            for part in PARTS:
                inside = [path[1:] for path in secrets if path[0] == part and path[1:]]
                variables[part] = await self.large.put_aside(job_id, variables.get(part, {}), inside)
            if "children" in document:
                # The incoming values of the task become the variables of its child jobs.
                told = any(path[0] in ("incoming", "children") for path in secrets)
                inside = [["variables", EVERY], ["workflow"]] if told else []
                document["children"] = await self.large.put_aside(job_id, document["children"], inside)
            if secrets:
                self._seal_rest(job_id, document, [path for path in secrets if path[0] not in PARTS])

    def _seal_rest(self, job_id: str, document: IterationDocument, secrets: list[Path]) -> None:
        place = place_of_job(job_id)
        variables = sealed_at(document["variables"], secrets, lambda one: self.keyring.seal(place, one))
        document["variables"] = variables
        parts: list[JsonObject] = [variables.get(part) or {} for part in PARTS]
        if keys := keys_of(variables, *parts, document.get("children", {})):
            document[SEALED] = keys

    async def deliver(self, job_id: str) -> None:
        """Write the iterations of the job's last advance that are not written yet, also those of another server."""
        header = await self._jobs.find_one({"_id": job_id, **KNOWN}, {OUTBOX: 1, "groups": 1})
        if header is not None:
            left = await self.outbox.newer_than_stored(await self.outbox.read(header))
            await self.outbox.write(left, header.get("groups") or [])

    async def release(self, job_id: str, epoch: int) -> bool:
        """Release the lease of a job that is over; False while its inbox has a command."""
        self.large.forget(job_id)
        return await self._advances.release(job_id, epoch, {"$unset": {"lease": "", OUTBOX: ""}})

    async def inbox(self, job_id: str, epoch: int) -> list[InboxEntry]:
        """The inbox of a job that this process runs."""
        found = await self._jobs.find_one({"_id": job_id, "lease.epoch": epoch}, {"inbox": 1, SEALED: 1})
        if found is None:
            raise LostLease(job_id)
        return (await self.load_opened(found)).get("inbox", [])

    async def inboxes(self, most: int) -> list[tuple[str, list[InboxEntry]]]:
        """Job ids and inboxes of jobs that this process runs and that have commands: at most so many."""
        query = {"inbox.id": {"$exists": True}, "lease.owner": self.owner}
        found = self._jobs.find({**query, **self.keyring.openable}, {"inbox": 1, SEALED: 1}).limit(most)
        return [(one["_id"], (await self.load_opened(one)).get("inbox", [])) async for one in found]

    async def amend(self, job_id: str, change: dict[str, object]) -> bool:
        """Change fields that the engine does not write: watchers, groups, warnings. False if the job does not exist."""
        return (await self._jobs.update_one({"_id": job_id, **KNOWN}, change)).matched_count > 0

    async def warn_of_group(self, group_id: str, name: str) -> None:
        """Add a warning to every job that is not over and that this deleted group restricts, itself or in its tasks."""
        named = {"groups": {"$in": stored_ids(group_id)}}
        unfinished = {"status": {"$in": list(UNFINISHED)}, **KNOWN}
        message = f"The group '{name}' was deleted: only administrators, and members of its other groups, work it now."
        await self._jobs.update_many({**named, **unfinished}, _warning("job", message))
        async for one in self._tasks.find({**named, "waits_for": "person"}, {"job": 1}):
            await self._jobs.update_one(
                {"_id": one["job"]["_id"], **unfinished}, _warning(str(one["job"]["task"]), message)
            )

    async def groups(self, job_id: str) -> list[Json] | None:
        """The groups of a job; None if the job does not exist."""
        found = await self._jobs.find_one({"_id": job_id}, {"groups": 1})
        return None if found is None else found.get("groups") or []

    async def store_command(self, job_id: str, entry: InboxEntry, statuses: Collection[str]) -> JobHeader | None:
        """Put an entry into the inbox of a job that has one of these statuses; the header of the job, or None.

        NotStorable for an entry that does not fit into the header.
        """
        entry = await self._sealed_entry(job_id, entry)
        keys = keys_in(entry) if self.keyring else []
        with fitting("what is asked"):
            return await self._jobs.find_one_and_update(
                {"_id": job_id, "workflow_version": {"$exists": True}, "status": {"$in": list(statuses)}, **KNOWN},
                {"$push": {"inbox": entry}, **({"$addToSet": {SEALED: {"$each": keys}}} if keys else {})},
                projection={"lease": 1, "seq": 1, "status": 1},
                return_document=True,
            )

    async def _sealed_entry(self, job_id: str, entry: InboxEntry) -> InboxEntry:
        variables = entry.get("variables")
        if not self.keyring or not variables:
            return entry
        header = await self._jobs.find_one({"_id": job_id}, _MARKS)
        paths = _secrets_of(header or {}, variables)
        place = place_of_job(job_id)
        return {**entry, "variables": sealed_at(variables, paths, lambda one: self.keyring.seal(place, one))}

    async def check_openable(self, job_id: str) -> None:
        """SecretsKeyMissing if the job has values sealed by a key that this server does not have."""
        found = await self._jobs.find_one({"_id": {"$in": stored_ids(job_id)}}, {SEALED: 1})
        for key in self.keyring.missing_keys(found.get(SEALED, []) if found is not None else []):
            raise SecretsKeyMissing(key, place_of_job(job_id))

    async def is_in_inbox(self, job_id: str, entry_id: str) -> bool:
        """Whether the entry still waits in the inbox."""
        return await self._jobs.find_one({"_id": job_id, "inbox.id": entry_id}, {"_id": 1}) is not None

    async def find_ended(self, job_ids: list[str], statuses: Collection[str]) -> list[JobHeader]:
        """Those of the jobs that have one of these statuses, with variables and the marks of their secrets."""
        query = {"_id": {"$in": job_ids}, "status": {"$in": list(statuses)}}
        found = [one async for one in long_documents.read(self._jobs, {**query, **self.keyring.openable}, _OF_AN_END)]
        return [await self._open_or_mask(job) for job in found]

    async def _open_or_mask(self, job: JobHeader) -> JobHeader:
        """The job with its secrets opened, or masked if they cannot be opened: its parent must not wait for a key."""
        try:
            return await self.load_opened(job)
        except (ValueMissing, SecretsBroken):
            whole = await self._load(job) or job
            return {**whole, "variables": hidden(whole["variables"])}

    async def close(self) -> None:
        """Finish the writes in progress, and let other processes take the jobs at once."""
        await self._writer.close()
        await self.family_commands.close()
        await self._advances.close()
        await self.outbox.close()
        # No job is the reason of an orderly end, so it does not count as an adoption.
        mine = {"lease.owner": self.owner, "lease.adoptions": {"$exists": True}}
        await self._jobs.update_many(mine, {"$unset": {"lease.adoptions": ""}})
        await self.servers.leave()


def _warning(task: str, message: str) -> dict[str, object]:
    warning: JobWarning = {"task": task, "name": "", "message": message}
    return {"$push": {"warnings": warning}}


def _secrets_of(header: SecretMarks, variables: JsonObject) -> list[Path]:
    """The paths of the secrets in the variables, by the marks of the header."""
    return secret_paths(marks(header), variables, "variables")


def _keys_of(variables: JsonObject, iterations: Sequence[IterationDocument]) -> list[str]:
    """The ids of the keys that sealed some of these values."""
    keys = set(keys_of(variables))
    return sorted(keys.union(*(one.get(SEALED, []) for one in iterations)))
