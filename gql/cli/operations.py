"""The GraphQL documents of the commands; a test holds them against the schema."""

from typing import Final

from .client import Reply, ServerRefused

SHOW: Final = """
query Show($id: ID!) {
  job(id: $id) {
    id name description status variables
    metrics { startedAt endedAt progress user }
    error { task message }
    waitsFor { taskId name summary kind since until }
    tasks { taskId name app type summary status finishState startTime endedAt }
  }
}
"""
TASKS: Final = """
query Tasks($id: ID!) {
  job(id: $id) { tasks { taskId name app type summary status finishState startTime endedAt } }
}
"""
INBOX: Final = """
query Inbox($first: Int!) {
  myTasks(first: $first) {
    totalCount
    nodes { id taskId name job { id name } metrics { startTime owner } }
  }
}
"""
CLAIM: Final = "mutation Claim($id: ID!) {{ {mutation}(id: $id) {{ id taskId metrics {{ owner }} }} }}"
FORM: Final = """
query Form($job: ID!, $task: ID!) { latestIteration(jobId: $job, taskId: $task) { form { schema } } }
"""
FINISH: Final = """
mutation Finish($job: ID!, $task: ID!, $state: Button!, $variables: JSON) {
  finishTask(jobId: $job, taskId: $task, finishState: $state, variables: $variables) { id status }
}
"""
RETRY: Final = """
mutation Retry($job: ID!, $task: ID!, $variables: JSON) {
  retryTask(jobId: $job, taskId: $task, variables: $variables) { id status }
}
"""
CONTINUE: Final = """
mutation Continue($job: ID!, $task: ID!, $variables: JSON, $dry: Boolean!) {
  continueJob(jobId: $job, fromTask: $task, variables: $variables, dryRun: $dry) {
    job { id status } reset runsAgain skipped
  }
}
"""
REVERT: Final = """
mutation Revert($job: ID!, $from: ID!, $to: ID!) {
  revertJob(jobId: $job, fromTask: $from, toTask: $to) { id status }
}
"""
DELETE: Final = "mutation Delete($ids: [ID!]!) { deleteJobs(ids: $ids) { id done code message deleted { jobs } } }"
WORKFLOWS: Final = """
query Workflows {
  workflows { id name description lastUpdated tasks { taskId } warnings { message } errors { message } }
}
"""
EXPORT: Final = "query Export($name: String!) { exportWorkflow(name: $name) }"
PROJECTS: Final = """
query Projects($first: Int!) {
  projects(first: $first) { totalCount nodes { id name description components { iid } } }
}
"""
AUTOMATIONS: Final = "query Automations($query: JSON!) { documentedAutomations(query: $query) { documented metadata } }"
TRIGGERS: Final = "query Triggers($query: JSON!) { documentedTriggers(query: $query) { documented metadata } }"
RUN: Final = "mutation Run($id: ID!, $data: JSON) { runManualTrigger(id: $id, formData: $data) { id status } }"
ACCOUNTS: Final = """
query Accounts($limit: Int!) {
  accounts(limit: $limit) {
    total
    results { id username firstname provenance inactive lastLogin memberOf { groupId } assignedRoles { roleId } }
  }
}
"""


def found(value: Reply | None, kind: str, id: str) -> Reply:
    if value is None:
        raise ServerRefused(f"Cannot find {kind} {id}.", "NOT_FOUND")
    return value
