"""Projects: imported, started across their own names, handed out, brought in elsewhere, shared and deleted."""

from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.resolvers.clock import Clock
from jobyard.resolvers.lifespan import open_services

from ..documents import chain, task
from ..doors import Doors
from ..projects import FORM, HEADING, LETTER_ID, SITE, WELCOME_ID, export, site
from .test_people import FINISH

pytestmark = pytest.mark.anyio

PROJECTS = "/automation-studio/projects"
OTHER = "fedcba9876543210fedcba98"
IMPORT = """
mutation($d: JSON!, $m: ConflictMode! = OVERWRITE) {
  importProject(document: $d, conflictMode: $m) {
    project { id name iid components { iid type reference folder name } }
    imported { kind id name replaced projectId warnings }
    skipped { where reason }
  }
}
"""
DELETE = "mutation($id: ID!) { deleteProject(id: $id) { project { name } deleted { kind id name } kept { id } } }"


async def brought(doors: Doors, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await doors.graphql(IMPORT, d=document, **more)
    assert "errors" not in answer, answer
    return answer["data"]["importProject"]


async def rest(doors: Doors, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await doors.http.request(verb, f"{PROJECTS}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def letter_written(doors: Doors, workflow: str) -> dict[str, Any]:
    """The job of "Welcome a site", once its form is answered and everything is done."""
    job = (await doors.start({"workflow": workflow, "options": {}})).json()["data"]["_id"]
    await doors.waiting(job, "a1")
    answer = await doors.graphql(FINISH, job=job, task="a1", state="SUCCESS", variables={"export": {"name": "Ulm"}})
    assert "errors" not in answer, answer
    return await doors.over(job)


async def test_a_project_keeps_its_identity_and_what_it_names_is_found(doors: Doors) -> None:
    report = await brought(doors, site())
    assert report["skipped"] == []
    assert [one["warnings"] for one in report["imported"]] == [[]] * 5
    components = report["project"]["components"]
    assert [(one["type"], one["name"]) for one in components] == [
        ("workflow", f"@{SITE}: Welcome a site"),
        ("workflow", f"@{SITE}: Write the letter"),
        ("transformation", f"@{SITE}: Heading"),
        ("jsonForm", f"@{SITE}: Site"),
        ("template", f"@{SITE}: Letter"),
    ]
    references = [one["reference"] for one in components]
    assert (references[0], references[2:]) == (WELCOME_ID, [HEADING, FORM, LETTER_ID])
    for name in ("Welcome a site", f"@{SITE}: Welcome a site"):
        job = await letter_written(doors, name)
        assert (job["status"], job["name"]) == ("complete", f"@{SITE}: Welcome a site"), job.get("error")
        assert job["variables"]["details"]["letter"] == "Welcome, Ulm!"


async def test_an_export_brought_in_elsewhere_is_exported_the_same(doors: Doors) -> None:
    await brought(doors, site())
    first = (await rest(doors, "GET", f"/{SITE}/export"))["data"]
    given = site()
    assert [one["document"]["name"] for one in first["components"]] == [
        one["document"]["name"] for one in given["components"]
    ]
    assert {key: first[key] for key in given if key not in ("components",)} == {
        key: value for key, value in given.items() if key != "components"
    }
    assert await exported_elsewhere(first, doors.services.clock) == first


async def test_command_templates_stay_in_their_project_for_a_provider(doors: Doors) -> None:
    document = site()
    mop = {"os": "eos", "passRule": True, "ignoreWarnings": False, "commands": [{"command": "show version"}]}
    analytic = {"os": "eos", "passRule": True, "prepostCommands": []}
    document["components"] += [
        {"iid": 7, "type": "mopCommandTemplate", "folder": "/checks", "document": {"name": "Is up", **mop}},
        {"iid": 8, "type": "mopAnalyticTemplate", "folder": "/", "document": {"name": "Same", **analytic}},
    ]
    report = await brought(doors, document)
    assert report["skipped"] == []
    up, same = report["imported"][5:]
    assert (up["kind"], up["name"]) == ("COMMAND_TEMPLATE", f"@{SITE}: Is up")
    assert (same["kind"], same["name"]) == ("ANALYTIC_TEMPLATE", f"@{SITE}: Same")
    assert up["warnings"] == [
        "a command template runs on devices, which this server does not do: its tasks need a provider"
    ]
    first = (await rest(doors, "GET", f"/{SITE}/export"))["data"]
    keys = ("type", "reference", "folder", "document")
    assert [tuple(one[key] for key in keys) for one in first["components"][5:]] == [
        ("mopCommandTemplate", f"@{SITE}: Is up", "/checks", {"name": "Is up", **mop}),
        ("mopAnalyticTemplate", f"@{SITE}: Same", "/", {"name": "Same", **analytic}),
    ]
    assert [one["kind"] for one in (await brought(doors, document))["imported"][5:]] == [up["kind"], same["kind"]]
    gone = (await doors.graphql(DELETE, id=SITE))["data"]["deleteProject"]["deleted"]
    assert {"COMMAND_TEMPLATE", "ANALYTIC_TEMPLATE"} <= {one["kind"] for one in gone}
    assert await doors.services.store.database["command_templates"].count_documents({}) == 0
    assert await exported_elsewhere(first, doors.services.clock) == first


async def exported_elsewhere(document: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """As another server exports it that imported it, twice."""
    async with (
        open_services(Settings(memory=True, open=True, host="jobyard"), clock) as services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app(services)), base_url="http://jobyard") as http,
    ):
        imported = await http.post(f"{PROJECTS}/import", json={"project": document, "assignNewReferences": False})
        assert (imported.status_code, imported.json()["metadata"]["failedComponents"]) == (200, [])
        again = await http.post(f"{PROJECTS}/import", json={"project": document})
        assert again.json()["data"] == imported.json()["data"]
        return (await http.get(f"{PROJECTS}/{document['_id']}/export")).json()["data"]


@pytest.mark.parametrize("iid", [2**70, 2**31, -1, 1e300, -1e300, 1.5, "1", True, None])
async def test_a_number_that_no_component_has_counts_as_missing(doors: Doors, iid: Any) -> None:
    document = site()
    for component in document["components"][1:3]:
        component["iid"] = iid
    report = await brought(doors, document)
    assert (report["skipped"], len(report["imported"])) == ([], 5)
    assert [one["iid"] for one in report["project"]["components"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("iid", [2**70, 2**31, -1, 1e300, -1e300, 1.5, "1", True, None])
async def test_a_number_that_no_project_has_is_replaced_and_stops_no_later_project(doors: Doors, iid: Any) -> None:
    report = await brought(doors, {**site(), "iid": iid})
    assert (report["skipped"], report["project"]["iid"]) == ([], 1)
    assert (await brought(doors, {**site(), "_id": OTHER, "iid": 2**31 - 1}))["project"]["iid"] == 2**31 - 1
    assert (await rest(doors, "POST", "", {"name": "Next"}))["data"]["iid"] == 2


async def test_an_id_that_is_none_is_reported_and_the_project_comes_in_by_its_name(doors: Doors) -> None:
    document = {**site(), "_id": "not-an-id"}
    report = await brought(doors, document)
    reason = "a project's `_id` has 24 hex digits: this project is found by its name, 'Sites', instead"
    assert report["skipped"] == [{"where": "documents[0]._id", "reason": reason}]
    assert len(report["imported"]) == 5
    again = await brought(doors, document)
    assert again["project"]["id"] == report["project"]["id"]
    assert [one["replaced"] for one in again["imported"]] == [True] * 5


def greeter(id: str, said: str) -> dict[str, Any]:
    return export(id, said, ("workflow", chain("Greet", a1=task("stub", response=said)), f"r-{said}"))


async def test_two_projects_may_have_a_workflow_of_one_name_which_the_plain_name_does_not_tell_apart(
    doors: Doors,
) -> None:
    for id, said in ((SITE, "one"), (OTHER, "other")):
        assert (await brought(doors, greeter(id, said)))["skipped"] == []
    answer = await doors.graphql('{ workflow(name: "Greet") { name } }')
    assert answer["errors"][0]["extensions"] == {
        "code": "NAME_AMBIGUOUS",
        "kind": "workflow",
        "name": "Greet",
        "candidates": [f"@{SITE}: Greet", f"@{OTHER}: Greet"],
    }
    refused = await doors.start({"workflow": "Greet", "options": {}})
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (409, "NAME_AMBIGUOUS")
    assert f"@{OTHER}: Greet" in refused.json()["message"]
    # A workflow that is called just so is meant, and in a project its own.
    await doors.import_documents(chain("Greet"))
    assert (await doors.graphql('{ workflow(name: "Greet") { name } }'))["data"]["workflow"]["name"] == "Greet"


async def test_a_child_is_looked_for_in_the_project_of_its_parent_first(doors: Doors) -> None:
    child = task(
        "childJob", outgoing={"job_details": None}, task="", workflow="Greet", variables={}, data_array="",
        transformation="", loopType="",
    )  # fmt: skip
    for id, said in ((SITE, "one"), (OTHER, "other")):
        both = greeter(id, said)
        both["components"].append({"iid": 1, "type": "workflow", "document": chain("Start it", a1=child)})
        await brought(doors, both)
    job = (await doors.start({"workflow": f"@{OTHER}: Start it", "options": {}})).json()["data"]["_id"]
    done = await doors.over(job)
    child_job = await doors.job(done["tasks"]["a1"]["childJobs"][0]["_id"])
    assert (done["status"], child_job["name"]) == ("complete", f"@{OTHER}: Greet")


async def test_an_import_says_what_did_not_come_and_leaves_what_it_is_told_to(doors: Doors) -> None:
    document = site()
    document["components"].append({"iid": 9, "type": "compliancePlan", "document": {"name": "x"}})
    answer = await rest(doors, "POST", "/import", {"project": document, "conflictMode": "insert-new"})
    (failed,) = answer["metadata"]["failedComponents"]
    assert failed["component"].endswith("components[5] (compliancePlan)")
    assert answer["message"] == "Successfully imported 5 of 6 documents"
    document["components"][1]["document"]["description"] = "changed"
    told = await brought(doors, document, m="INSERT_NEW")
    assert "which was to stay as it is" in told["skipped"][0]["reason"]
    assert (await brought(doors, document))["imported"][1]["replaced"] is True
    refused = await rest(doors, "POST", "/import", {"project": document, "assignNewReferences": True}, 400)
    assert "keeps the ids of documents" in refused["message"]
    many = await rest(doors, "POST", "/import", {"project": {**document, "components": [{}] * 5001}}, 400)
    assert "must NOT have more than 5,000 items" in many["message"]


async def test_an_import_that_was_broken_off_is_mended_by_repeating_it(doors: Doors) -> None:
    await brought(doors, site())
    before = (await rest(doors, "GET", f"/{SITE}/export"))["data"]
    database = doors.services.store.database
    # As if it had stopped after the third document.
    await database["templates"].delete_many({})
    await database["forms"].delete_many({})
    await database["projects"].update_one({}, {"$set": {"components": [], "componentIidIndex": 0}})
    assert len((await rest(doors, "GET", f"/{SITE}"))["data"]["components"]) == 3
    assert (await brought(doors, site()))["skipped"] == []
    assert (await rest(doors, "GET", f"/{SITE}/export"))["data"] == before


async def test_what_two_projects_share_stays_with_the_other(doors: Doors) -> None:
    await brought(doors, site())
    transformation = site()["components"][2]["document"]
    await brought(doors, export(OTHER, "Others", ("transformation", transformation, HEADING)))
    gone = (await doors.graphql(DELETE, id=SITE))["data"]["deleteProject"]
    assert ([one["id"] for one in gone["kept"]], len(gone["deleted"])) == ([HEADING], 4)
    assert await doors.services.store.database["transformations"].count_documents({}) == 1
    gone = (await doors.graphql(DELETE, id=OTHER))["data"]["deleteProject"]
    assert [one["id"] for one in gone["deleted"]] == [HEADING]
    assert (await doors.graphql(DELETE, id=OTHER))["errors"][0]["extensions"]["code"] == "PROJECT_NOT_FOUND"
    for name in ("workflows", "transformations", "templates", "forms", "projects"):
        assert await doors.services.store.database[name].count_documents({}) == 0, name


async def test_a_job_of_a_deleted_project_goes_on_to_its_end(doors: Doors) -> None:
    await brought(doors, site())
    job = (await doors.start({"workflow": "Welcome a site", "options": {}})).json()["data"]["_id"]
    await doors.waiting(job, "a1")
    answer = await rest(doors, "DELETE", f"/{SITE}")
    assert [one["kind"] for one in answer["metadata"]["deleted"]].count("WORKFLOW") == 2
    await doors.graphql(FINISH, job=job, task="a1", state="SUCCESS", variables={"export": {"name": "Ulm"}})
    done = await doors.over(job)
    assert (done["status"], done["variables"]["details"]["letter"]) == ("complete", "Welcome, Ulm!"), done.get("error")
    refused = await doors.start({"workflow": "Welcome a site", "options": {}})
    assert refused.json()["metadata"]["code"] == "WORKFLOW_NOT_FOUND"


async def test_the_documented_routes_make_change_and_list_projects(doors: Doors) -> None:
    made = (await rest(doors, "POST", "", {"name": "New", "components": []}))["data"]
    assert (made["name"], made["iid"], made["components"], made["members"]) == ("New", 1, [], [])
    assert (await rest(doors, "POST", "", {"name": "New"}, 409))["metadata"]["code"] == "NAME_TAKEN"
    await doors.import_documents(chain("Lone"), {"name": "Lone", "type": "jinja2", "template": "x"})
    (workflow,) = (await doors.http.get("/automation-studio/workflows")).json()["items"]
    path = f"/{made['_id']}"
    part = {"type": "workflow", "reference": workflow["_id"], "folder": "/a"}
    moved = (await rest(doors, "POST", f"{path}/components/add", {"components": [part]}))["data"]
    assert [(one["name"], one["folder"], one["reference"]) for one in moved["components"]] == [
        (f"@{made['_id']}: Lone", "/a", workflow["_id"])
    ]
    copied = (await rest(doors, "POST", "", {"name": "Second"}))["data"]["_id"]
    answer = await rest(doors, "POST", f"/{copied}/components/add", {"components": [part], "mode": "copy"})
    assert answer["data"]["components"][0]["name"] == f"@{copied}: Lone"
    assert answer["data"]["components"][0]["reference"] != workflow["_id"]
    wrong = await rest(doors, "POST", f"/{copied}/components/add", {"components": [part]}, 400)
    assert "is of another project: copy it" in wrong["message"]
    changed = (await rest(doors, "PATCH", path, {"description": "d", "iid": 99}))["data"]
    assert (changed["description"], changed["iid"]) == ("d", 1)
    page = await rest(doors, "GET", "?equals[name]=New&limit=100&skip=0")
    assert ([one["_id"] for one in page["data"]], page["metadata"]["total"]) == ([made["_id"]], 1)
    listed = (await doors.http.get("/automation-studio/workflows?exclude-project-members=true")).json()
    assert listed["items"] == []
    removed = (await rest(doors, "DELETE", f"{path}/components/0"))["data"]
    assert removed["reference"] == workflow["_id"]
    assert (await rest(doors, "DELETE", f"{path}/components/0", status=404))["metadata"]["code"] == (
        "COMPONENT_NOT_FOUND"
    )
    assert (await rest(doors, "GET", "/" + "a" * 24, status=404))["metadata"]["code"] == "PROJECT_NOT_FOUND"


async def test_projects_are_paged_by_their_names_and_found_by_their_ids(doors: Doors) -> None:
    for number in range(3):
        await brought(doors, export(f"{number:024x}", f"p{2 - number}"))
    query = "query($a: String) { projects(first: 2, after: $a) { totalCount nodes { name } pageInfo { endCursor } } }"
    first = (await doors.graphql(query))["data"]["projects"]
    assert (first["totalCount"], [one["name"] for one in first["nodes"]]) == (3, ["p0", "p1"])
    second = (await doors.graphql(query, a=first["pageInfo"]["endCursor"]))["data"]["projects"]
    assert [one["name"] for one in second["nodes"]] == ["p2"]
    named = """query($i: ID!) {
      projects(filter: {name: {contains: "P1"}}) { nodes { name } } node(id: $i) { id __typename }
    }"""
    found = (await doors.graphql(named, i=f"{1:024x}"))["data"]
    assert found["projects"]["nodes"] == [{"name": "p1"}]
    assert found["node"] == {"id": f"{1:024x}", "__typename": "Project"}
