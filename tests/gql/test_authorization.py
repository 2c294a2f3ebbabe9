"""Who may do what: every field and every documented route, for everybody."""

from typing import Any

import pytest
from jobyard.gql.auth.authorization import Public, RequirePermission
from jobyard.gql.rest.operations import operation_text
from jobyard.gql.rest.table import ROUTES
from jobyard.gql.schema import schema
from jobyard.models.permissions import METHODS, READS, WRITES, granted_by

from .test_signing_in import NOT_SIGNED_IN
from .world import BODIES, FIELDS, UNKNOWN, World

pytestmark = pytest.mark.anyio

# These name a workflow, an automation or a trigger that there is not, or say nothing of what is to be made.
_AUTOMATION, _TRIGGER = "AUTOMATION_NOT_FOUND", "TRIGGER_NOT_FOUND"
NAMING_NOTHING = {
    **dict.fromkeys(
        ("automation", "exportAutomation", "updateAutomation", "deleteAutomation", "cloneAutomation"), _AUTOMATION
    ),
    **dict.fromkeys(("trigger", "updateTrigger", "deleteTrigger", "runEndpointTrigger", "runManualTrigger"), _TRIGGER),
    **dict.fromkeys(("createAutomation", "createTrigger"), "REQUEST_INVALID"),
    **dict.fromkeys(("applicationHealth", "adapterHealth", "application", "adapter"), "PART_NOT_FOUND"),
    **dict.fromkeys(("updateServiceAccount", "regenerateSecret", "deleteServiceAccount"), "ACCOUNT_NOT_FOUND"),
    **dict.fromkeys(("operateApplication", "operateAdapter"), "PART_NOT_FOUND"),
    "assignTask": "TASK_NOT_ASSIGNABLE",  # the guest has no role
    "recordedCase": "JOB_STATUS_FORBIDS",
    "eventDefinition": "EVENT_NOT_FOUND",
    **dict.fromkeys(("updateWorkflow", "saveWorkflow"), "WORKFLOW_NOT_FOUND"),
    **{
        field: f"{kind.upper()}_NOT_FOUND"
        for kind in ("template", "transformation", "form")
        for field in (kind, f"update{kind.title()}", f"delete{kind.title()}")
    },
    "exportTemplate": "TEMPLATE_NOT_FOUND",
    **dict.fromkeys(("createTemplate", "createTransformation", "createForm"), "REQUEST_INVALID"),
}
PROJECTS = "/automation-studio/projects"
# What names something that groups restrict: who is not in them is told that there is no such thing.
RESTRICTED = [name for name, query in FIELDS.items() if any(f"${one}" in query for one in UNKNOWN)]


def declared() -> dict[str, RequirePermission | Public | None]:
    """What each root field needs, by its name."""
    needed: dict[str, RequirePermission | Public | None] = {}
    for root in ("Query", "Mutation", "Subscription"):
        definition: Any = schema.get_type_by_name(root)
        for field in definition.fields:
            name = schema.config.name_converter.get_graphql_name(field)
            needed[name] = next((one for one in field.extensions if isinstance(one, (RequirePermission, Public))), None)
    return needed


NEEDS = declared()


def test_every_field_declares_what_it_needs() -> None:
    assert [name for name, needed in NEEDS.items() if needed is None] == []
    assert [name for name, needed in NEEDS.items() if isinstance(needed, Public)] == ["login"]


def test_every_field_is_in_the_matrix() -> None:
    assert sorted(FIELDS) == sorted(NEEDS)


def test_a_get_changes_nothing() -> None:
    """What a browser fetches for any page that links to it has no Origin to look at."""
    for route in ROUTES:
        if route.verb == "GET":
            assert operation_text(route.operation).startswith("query"), route.path


def test_methods_are_of_one_kind_each() -> None:
    assert len(METHODS) == len(READS) + len(WRITES) + len(set(METHODS) - set(READS) - set(WRITES))


def refusal_of(method: str) -> dict[str, Any]:
    roles = granted_by(method)
    message = f"You may not {method}. Ask an administrator for a role that allows it: {', '.join(roles)}."
    return {"message": message, "code": "NOT_ALLOWED", "method": method, "roles": roles}


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "login"])
async def test_a_field_is_refused_to_who_may_not_and_nothing_is_written(world: World, name: str) -> None:
    query, needed = FIELDS[name], NEEDS[name]
    assert isinstance(needed, RequirePermission)
    before = await world.people.stored()
    for who in ("nobody", "expired"):
        answer = await world.graphql(who, query)
        assert answer.status_code == 401
        assert answer.json() == {"errors": [{"message": NOT_SIGNED_IN, "extensions": {"code": "NOT_SIGNED_IN"}}]}
    if needed.method is not None and not query.startswith("subscription"):
        for who in ("guest", *([] if needed.method in READS else ["reader"])):
            answer = await world.graphql(who, query)
            (error,) = answer.json()["errors"]
            assert {"message": error["message"], **error["extensions"]} == refusal_of(needed.method)
    assert await world.people.stored() == before


@pytest.mark.parametrize("name", ["jobChanged", "jobsChanged"])
async def test_a_subscription_is_refused_to_who_may_not(world: World, name: str) -> None:
    needed = NEEDS[name]
    assert isinstance(needed, RequirePermission)
    assert needed.method is not None
    answer = await world.people.doors.http.post(
        "/graphql",
        json={"query": FIELDS[name], "variables": world.variables},
        headers={"accept": "text/event-stream", "authorization": f"Bearer {world.people.tokens['guest']}"},
    )
    assert '"code":"NOT_ALLOWED"' in answer.text
    assert f'"method":"{needed.method}"' in answer.text


@pytest.mark.parametrize("name", RESTRICTED)
async def test_what_is_of_another_group_is_answered_like_what_there_is_not(world: World, name: str) -> None:
    before = await world.people.stored()
    headers = {"authorization": f"Bearer {world.people.tokens['outsider']}", "accept": "*/*"}
    if name == "jobChanged":
        headers["accept"] = "text/event-stream"
    answers: list[bytes] = []
    for variables in (world.variables, {**world.variables, **UNKNOWN}):
        body = {"query": FIELDS[name], "variables": variables}
        answer = await world.people.doors.http.post("/graphql", json=body, headers=headers)
        content = answer.content
        for one in UNKNOWN:
            content = content.replace(variables[one].encode(), one.encode())
        answers.append(content)
    assert answers[0] == answers[1]
    assert (b"null" if name in ("node", "nodes") else b"_NOT_FOUND") in answers[0]
    assert await world.people.stored() == before


@pytest.mark.parametrize("name", [name for name in FIELDS if not FIELDS[name].startswith("subscription")])
@pytest.mark.parametrize("who", ["member", "admin"])
async def test_a_field_is_there_for_who_may(world: World, name: str, who: str) -> None:
    needed = NEEDS[name]
    answer = await world.graphql(who, FIELDS[name])
    method = needed.method if isinstance(needed, RequirePermission) else None
    codes = {error["extensions"]["code"] for error in answer.json().get("errors", [])}
    if who == "member" and method is not None and method not in READS | WRITES:
        assert codes == {"NOT_ALLOWED"}
    elif name in NAMING_NOTHING:
        assert codes == {NAMING_NOTHING[name]}
    else:
        # The task waits: neither is there anything to retry or revert, nor has anybody claimed it.
        assert codes <= {"TASK_CANNOT"}


def path_of(route: Any, variables: dict[str, str]) -> str:
    tasks = "/operations-manager/tasks/{id}" in route.path
    kinds = {"groups": "group", "accounts": "account", "roles": "role", "projects": "project"}
    kind = kinds.get(route.path.split("/")[2] if route.path.startswith(("/authorization", PROJECTS)) else "", "job")
    return route.path.format(
        id=variables["iteration" if tasks else kind],
        job=variables["job"],
        task="a1",
        group=variables["group"],
        name=variables["workflow"],
        route="x",
        collection="jobs",
        source="x",
        topic="x",
        component="0",
        location="Application",
        package="WorkFlowEngine",
        method="query",
    )


def body_of(route: Any, variables: dict[str, str]) -> Any:
    special = {
        "assign_task": {"userId": variables["account"]},
        "add_watchers": {"userIds": []},
        "add_job_groups": {"group": variables["group"]},
        "replace_job_groups": {"groups": [variables["group"]]},
        "add_workflow_groups": {"group": variables["group"]},
        "replace_workflow_groups": {"groups": [variables["group"]]},
        "rename_workflow": {"workflow": {"name": variables["workflow"]}, "newName": "x"},
        "validate_workflow": {"workflow": {}},
        "export_workflow": {"options": {"name": variables["workflow"]}},
        "update_workflow": {"update": {}},
        "import_automations": {"automations": []},
        "import_triggers": {"triggers": []},
        "clone_automation": {"_id": "x"},
        "import_project": {"project": {"name": "p", "components": []}},
        "save_workflow": {"workflow": {}},
        "catalogue_tasks": {"inputsArray": []},
        "create_workflows": {"automations": [{}], "automation": {}, "workflow": {}},
    }
    if route.path.startswith("/workflow_engine/") and route.operation not in special:
        data = {"finish_state": "success", "variables": {}}
        tasks = {"task_id": "a1", "errored_task": "a1", "revert_task": "a1"}
        return {"job_id": variables["job"], **tasks, "task_data": data, "options": {}}
    return special.get(route.operation, BODIES.get(route.operation, {"jobIds": [variables["job"]]}))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
async def test_a_route_is_refused_to_who_may_not_and_nothing_is_written(world: World, route: Any) -> None:
    people, variables = world.people, world.variables
    before = await people.stored()
    path, body = path_of(route, variables), body_of(route, variables) if route.body else None
    for who in ("nobody", "expired"):
        answer = await people.ask(who, route.verb, path, json=body)
        assert answer.status_code == 401
        assert answer.json() == {"message": NOT_SIGNED_IN, "data": None, "metadata": {"code": "NOT_SIGNED_IN"}}
    if route.path != "/whoami":
        answer = await people.ask("guest", route.verb, path, json=body)
        assert answer.status_code == 403, answer.text
        refusal = refusal_of(answer.json()["metadata"]["method"])
        message = refusal.pop("message")
        assert answer.json() == {"message": message, "data": None, "metadata": refusal}
    assert await people.stored() == before


def names_what_is_restricted(route: Any) -> bool:
    """Whether a request, in its path or its body, names a job or an iteration."""
    same = {"group": "g", "account": "a", "role": "r", "workflow": "w"}
    known = {**same, "job": "j", "iteration": "i", "project": "p"}
    unknown = {**same, "job": "-", "iteration": "-", "project": "-"}
    if route.path.startswith("/authorization"):
        return False
    return path_of(route, known) != path_of(route, unknown) or (
        route.body and body_of(route, known) != body_of(route, unknown)
    )


@pytest.mark.parametrize(
    "route", list(filter(names_what_is_restricted, ROUTES)), ids=lambda route: f"{route.verb} {route.path}"
)
async def test_a_route_answers_a_stranger_as_if_there_were_no_such_job(world: World, route: Any) -> None:
    people = world.people
    before = await people.stored()
    answers: list[tuple[int, bytes]] = []
    for variables in (world.variables, {**world.variables, **UNKNOWN}):
        path, body = path_of(route, variables), body_of(route, variables) if route.body else None
        answer = await people.ask("outsider", route.verb, path, json=body)
        content = answer.content
        for one in UNKNOWN:
            content = content.replace(variables[one].encode(), one.encode())
        answers.append((answer.status_code, content))
    assert answers[0] == answers[1]
    assert await people.stored() == before
