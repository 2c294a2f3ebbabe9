"""Why a child job could not be started, in the words that the documented system has for it."""

from ...models.errors import Problem, VariablesInvalid, WorkflowNotFound


def refused_child(refusal: Problem) -> str:
    """The error of the childJob task (execution facts, 2 and 4.7)."""
    match refusal:
        case WorkflowNotFound():
            return f"Error starting child job: Cannot find workflow {refusal.name}"
        case VariablesInvalid():
            faults = [f"{fault.instance_path} {fault.message}".strip() for fault in refusal.faults]
            return f"Schema validation failed on {'; '.join(faults)}"
        case _:
            return f"Error starting child job: {refusal.message}"
