"""Examples for the OpenAPI document: bodies by verb and path, and values of path parameters by name."""

from typing import Final

from ...models.json import Json

_ID: Final = "64ad5c6d9e8b4f2a7c1d0e3f"
_JOB: Final = "0d2f6c1ab34e4f5f8a6b7c8d"
_WORKFLOW: Final[Json] = {
    "name": "Say hello",
    "type": "automation",
    "tasks": {
        "workflow_start": {"name": "workflow_start"},
        "a1": {
            "name": "stringConcat",
            "app": "WorkFlowEngine",
            "type": "automatic",
            "location": "Application",
            "variables": {
                "incoming": {"str": "Hello, ", "stringN": "$var.job.name"},
                "outgoing": {"combinedStrings": "$var.job.greeting"},
            },
        },
        "workflow_end": {"name": "workflow_end"},
    },
    "transitions": {
        "workflow_start": {"a1": {"type": "standard", "state": "success"}},
        "a1": {"workflow_end": {"type": "standard", "state": "success"}},
        "workflow_end": {},
    },
    "inputSchema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
}
_JOBS: Final[Json] = {"jobIds": [_JOB]}
_ONE_JOB: Final[Json] = {"job_id": _JOB}
_GROUPS: Final[Json] = {"groups": [_ID]}
_SEARCH: Final[Json] = {"options": {"query": {"name": "Greet a device"}, "limit": 25, "skip": 0}}
_LIST: Final[Json] = {"queryParameters": {"equals": {"name": "Greet a device"}, "limit": 25}}
_START: Final[Json] = {"description": "the lab's edge", "variables": {"device": "edge-1"}}
_DONE: Final[Json] = {"finish_state": "success", "variables": {"export": {"approved": True}}}
_TEMPLATE: Final[Json] = {
    "name": "interface",
    "type": "jinja2",
    "group": "lab",
    "template": "interface {{ name }}",
}
_TRANSFORMATION: Final[Json] = {"name": "names", "incoming": [], "outgoing": [], "steps": [], "functions": []}
_FORM: Final[Json] = {"name": "approval", "schema": {"type": "object", "properties": {"ok": {"type": "boolean"}}}}
_AUTOMATION: Final[Json] = {"name": "Greet all", "componentType": "workflows", "componentName": "Greet a device"}
_TRIGGER: Final[Json] = {
    "name": "from the inventory",
    "type": "endpoint",
    "actionId": _ID,
    "routeName": "greet",
    "schema": {"type": "object", "properties": {"device": {"type": "string"}}},
}
_BELONGINGS: Final[Json] = {"memberOf": [{"groupId": _ID}], "assignedRoles": [{"roleId": _ID}]}
_METHODS: Final[list[Json]] = [{"name": "getJobs", "provenance": "OperationsManager"}]

_JOBS_AT: Final = "/operations-manager/jobs"
_STUDIO: Final = "/automation-studio"
_ENGINE: Final = "/workflow_engine"

BODIES: Final[dict[str, Json]] = {
    f"POST {_JOBS_AT}/start": {"workflow": "Greet a device", "options": _START},
    f"GET {_JOBS_AT}": _LIST,
    **{f"POST {_JOBS_AT}/{act}": _JOBS for act in ("cancel", "pause", "resume", "watch", "unwatch")},
    f"POST {_JOBS_AT}/delete": _JOBS,
    f"POST {_JOBS_AT}/bulk-delete": _JOBS,
    f"POST {_JOBS_AT}/{{id}}/add-watchers": {"userIds": [_ID]},
    f"POST {_JOBS_AT}/{{id}}/continue": {"fromTask": "a1", "dryRun": True},
    f"POST {_JOBS_AT}/{{id}}/revert": {"fromTask": "b2", "toTask": "a1"},
    f"POST {_JOBS_AT}/{{id}}/tasks/{{task}}/retry": {"variables": {"device": "edge-2"}},
    f"POST {_JOBS_AT}/{{id}}/groups": _GROUPS,
    f"PUT {_JOBS_AT}/{{id}}/groups": _GROUPS,
    f"POST {_JOBS_AT}/{{job}}/tasks/{{task}}/finish": {"taskData": _DONE},
    "GET /operations-manager/tasks": {"queryParameters": {"equals": {"status": "running"}, "limit": 25}},
    "POST /operations-manager/tasks/{id}/assign": {"userId": _ID},
    f"GET {_STUDIO}/workflows": _LIST,
    f"POST {_STUDIO}/workflows/validate": {"workflow": _WORKFLOW},
    f"POST {_STUDIO}/automations": {"automation": _WORKFLOW},
    f"POST {_STUDIO}/automations/import": {"automations": [_WORKFLOW]},
    f"PUT {_STUDIO}/automations/{{id}}": {"update": _WORKFLOW},
    "POST /workflow_builder/import": {"workflow": _WORKFLOW},
    "POST /workflow_builder/export": {"options": {"name": "Say hello"}},
    "POST /workflow_builder/workflows/rename": {"workflow": {"name": "Say hello"}, "newName": "Greet"},
    "POST /workflow_builder/workflows/{name}/groups": _GROUPS,
    "PUT /workflow_builder/workflows/{name}/groups": _GROUPS,
    f"POST {_STUDIO}/projects": {"name": "Lab", "description": "What the lab runs"},
    f"POST {_STUDIO}/projects/import": {
        "project": {
            "_id": _ID,
            "name": "Lab",
            "components": [{"type": "workflow", "folder": "/", "document": _WORKFLOW}],
        },
        "conflictMode": "overwrite",
    },
    f"PATCH {_STUDIO}/projects/{{id}}": {"description": "What the lab runs"},
    f"POST {_STUDIO}/projects/{{id}}/components/add": {
        "components": [{"type": "workflow", "reference": "5b3f1c9a-1111-4c4c-9d9d-2e2e3f3f4a4a", "folder": "/"}],
        "mode": "move",
    },
    "POST /workflow_builder/workflows/save": {"workflow": _WORKFLOW},
    f"POST {_STUDIO}/multipleTaskDetails": {
        "inputsArray": [{"location": "Application", "pckg": "WorkFlowEngine", "method": "query"}]
    },
    f"POST {_STUDIO}/templates": {"template": _TEMPLATE},
    f"POST {_STUDIO}/templates/import": {"templates": [_TEMPLATE]},
    f"PUT {_STUDIO}/templates/{{id}}": {"update": {"template": "interface {{ name }} up"}},
    "POST /transformations": _TRANSFORMATION,
    "POST /transformations/import": _TRANSFORMATION,
    "PUT /transformations/{id}": {"description": "The names of all devices"},
    "POST /json-forms/forms": _FORM,
    "DELETE /json-forms/forms": {"ids": [_ID]},
    "POST /json-forms/import/forms": {"forms": [_FORM]},
    "PUT /json-forms/forms/{id}": {"description": "Whether it may go on"},
    "POST /operations-manager/automations": _AUTOMATION,
    "PUT /operations-manager/automations": {"automations": [{**_AUTOMATION, "triggers": []}]},
    "POST /operations-manager/automations/clone": {"_id": _ID, "name": "Greet all again"},
    "PATCH /operations-manager/automations/{id}": {"description": "Every device of the lab"},
    "POST /operations-manager/triggers": _TRIGGER,
    "PUT /operations-manager/triggers": {"triggers": [_TRIGGER]},
    "PATCH /operations-manager/triggers/{id}": {"enabled": False},
    "POST /operations-manager/triggers/endpoint/{route}": {"device": "edge-1"},
    "POST /operations-manager/triggers/manual/{id}/run": {"formData": {"device": "edge-1"}},
    f"POST {_ENGINE}/workflows/validate": {"workflow": _WORKFLOW},
    f"POST {_ENGINE}/startJobWithOptions/{{name}}": {"options": _START},
    **{f"POST {_ENGINE}/{act}Job": _ONE_JOB for act in ("cancel", "pause", "resume")},
    f"POST {_ENGINE}/fixJob": {**_ONE_JOB, "errored_task": "b2", "revert_task": "a1"},
    **{f"POST {_ENGINE}/{kind}/search": _SEARCH for kind in ("jobs", "tasks", "workflows")},
    f"POST {_ENGINE}/tasks/claim": {"task_id": "4c9f2a7e-5d43-4f0c-8a75-8e8c54c1f0aa"},
    f"POST {_ENGINE}/tasks/release": {"task_id": "4c9f2a7e-5d43-4f0c-8a75-8e8c54c1f0aa"},
    f"POST {_ENGINE}/finishTask": {**_ONE_JOB, "task_id": "a1", "task_data": _DONE},
    f"POST {_ENGINE}/jobs/{{id}}/groups": _GROUPS,
    f"PUT {_ENGINE}/jobs/{{id}}/groups": _GROUPS,
    "PATCH /authorization/accounts/{id}": {"updates": {"firstname": "Ada", **_BELONGINGS}},
    "POST /authorization/groups": {"group": {"name": "lab", "description": "Who works in the lab", **_BELONGINGS}},
    "PATCH /authorization/groups/{id}": {"updates": {"description": "Who works in the lab"}},
    "POST /authorization/roles": {"role": {"name": "watcher", "allowedMethods": _METHODS}},
    "PATCH /authorization/roles/{id}": {"updates": {"allowedMethods": _METHODS}},
    "POST /oauth/serviceAccounts": {"accountData": {"name": "ci", "description": "builds", **_BELONGINGS}},
    "PATCH /oauth/serviceAccounts/{id}": {"updates": {"description": "builds and ships"}},
}

IN_PATHS: Final[dict[str, str]] = {"id": _ID, "job": _JOB, "task": "a1", "route": "greet", "name": "Greet a device"}
