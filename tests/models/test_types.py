"""What the type checker says of misspelt keys and wrong types of stored documents: each is an error."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from .. import processes
from ..parts import ROOT

SECONDS = 100
PREAMBLE = """
from collections.abc import Iterator

from jobyard.gql.fields import value_field
from jobyard.models.visibility import Caller
from jobyard.models.documents.job import Job, TaskIteration
from jobyard.models.documents.project import Project
from jobyard.models.documents.shapes.commands import InboxEntry
from jobyard.models.documents.shapes.events import FollowedEvent, JobEventDocument
from jobyard.models.documents.shapes.jobs import JobHeader
from jobyard.models.engine.state import JobState
from jobyard.models.json import Json, JsonObject, object_at
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.runner.job import RunningJob
from jobyard.resolvers.store.collections import collection_of
from jobyard.resolvers.services import Services
"""

# By name: a function as it should be, what is wrong in its place, and what the checker says of that.
FAULTS = {
    "a_misspelt_key_of_a_stored_job": (
        """
async def id_of(services: Services, caller: Caller, job_id: str) -> str:
    job = await jobs.find_stored(services, caller, job_id)
    return job["_id"]
""",
        ('job["_id"]', 'job["id"]'),
        '"id" is not a defined key in "JobHeader"',
    ),
    "a_misspelt_key_of_a_running_jobs_header": (
        """
def seq_of(running: RunningJob) -> int:
    return running.header["seq"]
""",
        ('header["seq"]', 'header["sequence"]'),
        '"sequence" is not a defined key in "JobHeader"',
    ),
    "a_lease_whose_epoch_is_a_text": (
        """
def lease(document: JobHeader, owner: str) -> None:
    document["lease"] = {"owner": owner, "epoch": 1}
""",
        ('"epoch": 1', '"epoch": "one"'),
        '"Literal[\'one\']" is not assignable to "int"',
    ),
    "a_field_of_the_schema_that_names_a_misspelt_key": (
        """
class Shown:
    status: str = value_field("status", "What it is doing.")
""",
        ('value_field("status"', 'value_field("statsu"'),
        "\"Literal['statsu']\" is not assignable to type",
    ),
    "a_cursor_that_is_a_number": (
        """
def followed(events: list[JobEventDocument]) -> Iterator[FollowedEvent]:
    for event in events:
        yield {**event, "cursor": str(event["seq"])}
""",
        ('str(event["seq"])', 'event["seq"]'),
        '"int" is not assignable to "str"',
    ),
    "a_wrong_key_in_a_new_job": (
        """
def new_job(state: JobState) -> JobHeader:
    return {
        "_id": state.job_id,
        "name": "new",
        "status": state.status,
        "ancestors": [state.job_id],
        "metrics": {"start_time": state.start_time},
        "variables": state.variables,
        "tasks": {},
        "workflow_version": "v",
        "seq": 0,
    }
""",
        ('"status": state.status', '"state": state.status'),
        'is not assignable to return type "JobHeader"',
    ),
    "a_misspelt_key_of_what_a_job_knows_of_a_task": (
        """
def status_of(job: JobHeader, task_id: str) -> str:
    entry = job["tasks"].get(task_id, {})
    return entry["status"] if "status" in entry else "incomplete"
""",
        ('entry["status"]', 'entry["stat"]'),
        '"stat" is not a defined key in "TaskEntry"',
    ),
    "a_misspelt_key_of_an_event": (
        """
def topic_of(event: JobEventDocument) -> str | None:
    return event["topic"]
""",
        ('event["topic"]', 'event["topik"]'),
        '"topik" is not a defined key in "JobEventDocument"',
    ),
    "a_misspelt_key_of_an_inbox_entry": (
        """
def kind_of(entry: InboxEntry) -> str:
    return entry["kind"]
""",
        ('entry["kind"]', 'entry["knid"]'),
        '"knid" is not a defined key in "InboxEntry"',
    ),
    "a_misspelt_key_of_what_a_collection_holds": (
        """
async def waits(iteration_id: str) -> bool:
    found = await collection_of(TaskIteration).find_one({"_id": iteration_id})
    return found is not None and found["iteration"] == 1
""",
        ('found["iteration"]', 'found["iterations"]'),
        '"iterations" is not a defined key in "IterationDocument"',
    ),
    "a_document_of_another_collection": (
        """
async def header(job_id: str) -> JobHeader | None:
    return await collection_of(Job).find_one({"_id": job_id})
""",
        ("collection_of(Job)", "collection_of(TaskIteration)"),
        'Type "IterationDocument | None" is not assignable to return type "JobHeader | None"',
    ),
    "a_value_of_json_that_nothing_says_to_be_a_number": (
        """
def doubled(variables: JsonObject) -> int:
    count = variables.get("count")
    return count * 2 if isinstance(count, int) else 0
""",
        ("count * 2 if isinstance(count, int) else 0", "count * 2"),
        'Operator "*" not supported for types "Json" and "Literal[2]"',
    ),
    "a_key_inside_json_that_nothing_says_to_be_an_object": (
        """
def started_by(job: JsonObject) -> Json:
    return object_at(job, "metrics").get("user")
""",
        ('object_at(job, "metrics").get("user")', 'job["metrics"].get("user")'),
        'Cannot access attribute "get" for class "str"',
    ),
    "a_misspelt_key_inside_what_a_collection_holds": (
        """
async def references(project_id: str) -> list[str]:
    found = await collection_of(Project).find_one({"_id": project_id})
    components = [] if found is None else found.get("components", [])
    return [one["reference"] for one in components if "reference" in one]
""",
        ('one["reference"]', 'one["referense"]'),
        '"referense" is not a defined key in "Component"',
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """By file, what one run of the checker said."""
    pyright = shutil.which("pyright", path=str(Path(sys.executable).parent))
    assert pyright is not None, "make setup installs pyright"
    folder = tmp_path_factory.mktemp("types")
    (folder / "jobyard").mkdir()
    for layer in ("gql", "models", "resolvers"):
        (folder / "jobyard" / layer).symlink_to(ROOT / layer)
    for name, (right, (good, bad), _) in FAULTS.items():
        assert good in right
        (folder / f"{name}__right.py").write_text(f"{PREAMBLE}{right}")
        (folder / f"{name}__wrong.py").write_text(f"{PREAMBLE}{right.replace(good, bad)}")
    settings: dict[str, Any] = {
        "include": ["*.py"],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportUnusedImport": False,
    }
    settings["defineConstant"] = {"JSON_IS_CHECKED": True}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [pyright, "--outputjson", "--pythonpath", sys.executable, "--project", str(folder)]
    done = processes.run(command, cwd=folder, timeout=SECONDS)
    messages: dict[str, str] = {path.stem: "" for path in folder.glob("*.py")}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        messages[Path(one["file"]).stem] += f"{one['severity']}: {one['message']}\n"
    return messages


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_reports_it(name: str, said: dict[str, str]) -> None:
    message = FAULTS[name][2]
    plain = re.sub(r"\s+", " ", said[f"{name}__wrong"])
    assert "error: " in plain
    assert message in plain


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_says_nothing_of_what_is_right(name: str, said: dict[str, str]) -> None:
    assert said[f"{name}__right"] == ""
