"""The keys of documents that fields of the schema may name: a misspelt one is an error where the field is declared."""

from typing import Literal, TypeAlias

Key: TypeAlias = (
    Literal[
        "aaaManaged", "accessControl", "act", "action", "actionId", "actionType", "actor", "acts", "allowed",
        "allowedMethods", "allowedViews", "ancestors", "app", "assignedRoles", "atLeastOneComplete",
        "autoRetry", "backgroundColor", "bindingSchema", "canvasName", "canvasVersion", "childJobs",
        "claim_time", "complete", "componentId", "componentIidIndex", "componentName", "components",
        "componentType", "count", "created", "created_by", "createdBy", "createdVersion", 
        "cursor", "data", "decorators", "delay", "deprecated", "description", "displayName", "displayPath",
        "document", "element", "email", "enabled", "encodingVersion", "end_time", "ended_children", "endTasks",
        "error", "errorHandler", "errors", "events", "failure", "finish_state", "finishedCount",
        "finishedRetrying", "firstname", "folder", "folders", "font_size", "formData", "formId",
        "formSchemaHash", "gbac", "gridCoordinate", "groupId", "groups", "has_earlier", "highlightString",
        "hostApp", "_id", "id", "iid", "inactive", "incoming", "incomplete", "inheritedGroups",
        "inheritedRoles", "inputSchema", "instancePath", "iteration", "iterations", "job", "jst", "key",
        "keyword", "kind", "last_updated", "last_updated_by", "lastExecuted", "lastLogin", "lastUpdated",
        "lastUpdatedBy", "lastUpdatedVersion", "legacyWrapper", "limit", "location", "locationType", "loop",
        "matched", "memberOf", "members", "message", "_meta", "methods", "metrics", "migrationVersion", "name",
        "nodeLocation", "outgoing", "outputSchema", "owner", "params", "parent", "pointer", "preAutomationTime",
        "previous", "progress", "provenance", "reason", "reference", "retrying", "retrySettings", "role",
        "roleId", "roles", "root", "routeName", "routes", "run_time", "scheduled", "schema", "schemaPath",
        "sealed_by", "seq", "server_id", "serverId", "since", "sla", "source", "start_time", "started_children",
        "state", "status", "stored", "success", "summary", "tags", "target", "task", "taskId", "tasks",
        "taskVersion", "thumbnail", "timestamp", "to_audit", "topic", "transitions", "triggers", "type", "uiSchema",
        "until", "updated", "user", "username", "uuid", "validationErrors", "validationSchema", "variables",
        "verb", "view", "warnings", "watchers", "x", "y",
        "$key", "$owner",  # of a task's source, beside the keys of its document
    ]
)  # fmt: skip
