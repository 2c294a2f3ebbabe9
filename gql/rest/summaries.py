"""What the OpenAPI document says of each route, from the description of the GraphQL field that the route executes."""

import re
from typing import Final

from .operations import description_of
from .route import RestRoute

# Routes that do less than the field of their operation, or something of their own.
SUMMARIES: Final = {
    "POST /operations-manager/jobs/{id}/watch": "Makes the caller a watcher of a job.",
    "POST /operations-manager/jobs/{id}/unwatch": "Removes the caller from the watchers of a job.",
    "DELETE /operations-manager/jobs/{id}": "Deletes a complete or canceled job with all child jobs, tasks and values.",
    "DELETE /operations-manager/jobs/{id}/groups": "Removes all groups from a job; everybody may see it then.",
    "DELETE /operations-manager/jobs/{id}/groups/{group}": "Removes a group from a job.",
    "GET /operations-manager/jobs": "Lists jobs.",
    "GET /operations-manager/tasks": "Lists iterations of tasks.",
    "GET /automation-studio/workflows": "Lists workflows, by default ordered by name.",
    "GET /automation-studio/workflows/detailed/{name}": "Returns a workflow by its exact name.",
    "GET /automation-studio/templates": "Lists templates, ordered by name.",
    "GET /transformations": "Lists transformations, ordered by name.",
    "GET /json-forms/forms": "Lists JSON forms, ordered by name.",
    "GET /automation-studio/projects": "Lists projects, by default ordered by name.",
    "GET /workflow_builder/workflows/{name}/groups": "Lists the groups that may see a workflow.",
    "DELETE /workflow_builder/workflows/{name}/groups": "Removes all groups from a workflow: everybody may see it.",
    "DELETE /workflow_builder/workflows/{name}/groups/{group}": "Removes a group from a workflow.",
    "POST /automation-studio/automations": "Stores a new workflow. No other workflow may have the same name.",
    "POST /automation-studio/templates/import": "Creates templates with the ids in the documents, at most 1000.",
    "POST /transformations/import": "Creates transformations with the ids in the documents, at most 1000.",
    "POST /json-forms/import/forms": "Creates JSON forms with the ids in the documents, at most 1000.",
    "GET /automation-studio/apps/list": "Lists the applications and adapters of tasks.",
    "GET /automation-studio/locations/{location}/packages/{package}/tasks/{method}": "Returns a built-in task.",
    "GET /workflow_builder/getTaskDetails/{package}/{method}": "Returns a built-in task.",
    "GET /operations-manager/automations": "Lists automations, the newest last.",
    "GET /operations-manager/triggers": "Lists triggers, the newest last.",
    "GET /operations-manager/triggers/{id}/export": "Returns a trigger in the form for other systems.",
    "GET /operations-manager/events": "Lists the definitions of the events of this server, ordered by topic.",
    "GET /workflow_engine/job/{id}/details": "Returns a job in a short form.",
    "GET /workflow_engine/job/{id}/output": "Returns the variables of a job.",
    "POST /workflow_engine/cancelJob": "Cancels a job with all child jobs.",
    "POST /workflow_engine/pauseJob": "Pauses a job: no new task starts, and running tasks may finish.",
    "POST /workflow_engine/resumeJob": "Resumes a paused job.",
    "POST /workflow_engine/fixJob": "Reverts a job from the task in error to an earlier complete task.",
    "POST /workflow_engine/jobs/search": "Searches jobs.",
    "POST /workflow_engine/tasks/search": "Searches iterations of tasks.",
    "POST /workflow_engine/workflows/search": "Searches workflows.",
    "DELETE /workflow_engine/jobs/{id}/groups": "Removes all groups from a job; everybody may see it then.",
    "DELETE /workflow_engine/jobs/{id}/groups/{group}": "Removes a group from a job.",
    "GET /version": "Returns the release of this server.",
    "GET /health/server": "Returns versions, memory and uptime of the server process.",
    "GET /health/system": "Returns facts about the machine of the server.",
    "GET /health/status": "Returns the services that the server depends on, and whether each runs.",
    "GET /health/applications": "Lists the applications with their health.",
    "GET /health/adapters": "Lists the adapters of the providers file with their health.",
    "GET /workflow_engine/workers/status": "Returns whether the workers for jobs and tasks are active.",
    "GET /workflow_engine/active": "Returns whether the workers of this server are active.",
    "GET /metrics": "Returns the metrics in Prometheus' text format.",
    "GET /prometheus_metrics": "Returns the metrics in Prometheus' text format.",
    "GET /server/config": "Returns the settings of the server, without secrets.",
    "GET /applications": "Lists the applications of the built-in tasks.",
    "GET /applications/{name}": "Returns an application.",
    "GET /adapters": "Lists the adapters of the providers file, without settings.",
    "GET /adapters/{name}": "Returns an adapter.",
    "GET /indexes/{collection}/status": "Returns the indexes of a collection: present and missing ones.",
    "POST /indexes/{collection}": "Creates the missing indexes of a collection, and returns all of its indexes.",
    "GET /oauth/serviceAccounts": "Lists the service accounts.",
    **{
        f"POST /workflow_engine/{path}": sentence
        for prefix in ("", "jobWorker/")
        for path, sentence in (
            (f"{prefix}activate", "Activates the workers of this server, and returns their state."),
            (f"{prefix}deactivate", "Deactivates the workers of this server: it accepts no new work."),
        )
    },
}
_UNKNOWN: Final = re.compile(r" (?:An unknown id[^.]*|Null) (?:is null, )?with an error of code (\w+)[^.]*\.")


def summary_of(route: RestRoute) -> str:
    written = SUMMARIES.get(f"{route.verb} {route.path}")
    if written is not None:
        return written
    described = (
        description_of(route.operation).replace("The mutation", "The request").replace("the mutation", "the request")
    )
    return _UNKNOWN.sub(r" What is unknown is 404 with the code \1.", described)
