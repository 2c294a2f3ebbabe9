"""Permissions: the documented methods by application, and the roles that every server has."""

from dataclasses import dataclass
from typing import Final

from .documents.shapes.accounts import Method

PROVENANCE = "Pronghorn"  # of what comes with the system

_READS: Final = {
    "Authorization": "getAccount getAccounts getGroup getGroups getMethods getRole getRoles getViews",
    "AutomationStudio": (
        "exportProject exportTemplate getAppsAndAdapters getComponentGroup getComponentGroups getMethodOptions "
        "getMultipleTaskDetails getProject getProjects getReferencesTo getTaskDetails getTemplate getTemplates "
        "getWorkflowDetailedByName getWorkflows validateWorkflow"
    ),
    "Health": (
        "getAdapterHealth getAdaptersHealth getApplicationHealth getApplicationsHealth getServerHealth getSystemHealth"
    ),
    "Indexes": "checkIndexes checkMultipleIndexes getIndexes",
    "JsonForms": "decodeSchema getFormById getForms validateData validateForm",
    "Jst": "getTransformation searchTransformations",
    "OperationsManager": (
        "exportAutomation exportLargeData exportTrigger getAutomation getAutomations getEventDefinition getEvents "
        "getJob getJobs getManualTaskController getTask getTasks getTrigger getTriggers"
    ),
    "Tags": "all find get getTagReferences getTagsByReference",
    "WorkFlowEngine": "getJobMetrics getRateLimit getTaskMetrics getWorkerStatuses isActive",
    "WorkflowBuilder": "exportWorkflow getSchemas getTasksList listWorkflowGroups",
}
_WRITES: Final = {
    "AutomationStudio": (
        "addComponentsToProject createAutomation createComponentGroup createProject createTemplate "
        "deleteComponentGroup deleteProject deleteTemplate importAutomations importComponentGroups importProject "
        "importTemplates removeComponentFromProject updateAutomation updateComponentGroup updateProject updateTemplate"
    ),
    "JsonForms": "createForm deleteForms importForms updateForm",
    "Jst": "createTransformation deleteTransformation importTransformation runTransformation updateTransformation",
    "OperationsManager": (
        "addJobGroup addWatchersToJob assignTask bulkDeleteJobs cancelJobs claimTask cloneAutomation continueJobFrom "
        "createTrigger deleteAutomation deleteJob deleteJobGroup deleteJobGroups deleteJobs deleteTrigger "
        "deleteTriggersByActionId finishManualTask importTriggers pauseJobs releaseTask replaceJobGroups resumeJobs "
        "retryTask revertJob runEndpointTriggerWithPost runManualTrigger startJob unwatchJob unwatchJobs "
        "updateTrigger watchJob watchJobs"
    ),
    "Tags": "create createReference createTags delete duplicate handleReferences update",
    "WorkFlowEngine": "fixJob query runEvaluationGroup runEvaluationGroups",
    "WorkflowBuilder": (
        "createWorkflowGroupEntry deleteWorkflow deleteWorkflowGroups importWorkflow removeWorkflowGroup "
        "renameWorkflow replaceWorkflowGroups saveWorkflow"
    ),
}
_ADMINISTERS: Final = {
    "Authorization": (
        "createAccount createGroup createRole deleteGroup deleteRole forceLogout setPassword updateAccount "
        "updateGroup updateRole"
    ),
    "Indexes": "createIndexes",
    "OAuth": "createServiceAccount deleteServiceAccount getServiceAccounts regenerateSecret updateServiceAccount",
    "OperationsManager": "getAuditEvents getJobsAdmin pruneJobs",
    "WorkFlowEngine": "activate activateJobWorker deactivate deactivateJobWorker updateRateLimit",
}


def _named(table: dict[str, str]) -> dict[str, str]:
    return {name: app for app, names in table.items() for name in names.split()}


READS: Final = _named(_READS)
WRITES: Final = _named(_WRITES)
ADMINISTERS: Final = _named(_ADMINISTERS)
METHODS: Final = READS | WRITES | ADMINISTERS
"""The application of each method."""


@dataclass(frozen=True)
class DefaultRole:
    name: str
    description: str
    methods: dict[str, str]


DEFAULT_ROLES: Final = (
    DefaultRole("admin", "Everything, and the jobs of all groups.", METHODS),
    *(
        DefaultRole(name, "Work with jobs, tasks, workflows and what belongs to them.", READS | WRITES)
        for name in ("apiwrite", "engineering", "operations")
    ),
    *(DefaultRole(name, "Look, and change nothing.", READS) for name in ("apiread", "readonly", "support")),
)


def granted_by(method: str) -> list[str]:
    """The default roles that allow it."""
    return [role.name for role in DEFAULT_ROLES if method in role.methods]


def documented_method(name: str) -> Method:
    """An entry of a role's `allowedMethods`."""
    return {"name": name, "provenance": METHODS[name]}
