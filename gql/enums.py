"""The enums of the documented API. The value of each member is the documented text."""

from enum import Enum

import strawberry


@strawberry.enum(description="The status of a job.")
class JobStatus(Enum):
    RUNNING = strawberry.enum_value(
        "running", description="The job runs, or waits for a person, a time or a child job."
    )
    PAUSED = strawberry.enum_value(
        "paused", description="The job is paused: no task starts until somebody resumes the job."
    )
    COMPLETE = strawberry.enum_value("complete", description="The job reached the end of its workflow. Final.")
    ERROR = strawberry.enum_value(
        "error", description="The job can no longer reach the end of its workflow. An operator may repair the job."
    )
    CANCELED = strawberry.enum_value("canceled", description="Somebody canceled the job. Final.")
    INCOMPLETE = strawberry.enum_value("incomplete", description="The job has not begun.")


@strawberry.enum(description="The action of a person on a job.")
class JobAct(Enum):
    START = strawberry.enum_value("start", description="The person started the job.")
    PAUSE = strawberry.enum_value("pause", description="The person paused the job.")
    RESUME = strawberry.enum_value("resume", description="The person resumed the job after a pause.")
    CANCEL = strawberry.enum_value("cancel", description="The person canceled the job, or a job above it.")
    RETRY = strawberry.enum_value("retry", description="The person retried a task of the job.")
    CONTINUE = strawberry.enum_value("continue", description="The person continued the job from a task.")
    REVERT = strawberry.enum_value("revert", description="The person reverted the job to a task.")
    FINISH = strawberry.enum_value("finish", description="The person finished a manual task of the job.")


@strawberry.enum(description="A command to a job, by the mutation that sends the command.")
class JobAction(Enum):
    PAUSE = strawberry.enum_value("pause", description="`pauseJobs`")
    RESUME = strawberry.enum_value("resume", description="`resumeJobs`")
    CANCEL = strawberry.enum_value("cancel", description="`cancelJobs`")
    DELETE = strawberry.enum_value("delete", description="`deleteJobs`")
    RETRY = strawberry.enum_value("retry", description="`retryTask`")
    CONTINUE = strawberry.enum_value("continue", description="`continueJob`")
    REVERT = strawberry.enum_value("revert", description="`revertJob`")
    FINISH = strawberry.enum_value("finish", description="`finishTask`")
    WATCH = strawberry.enum_value("watch", description="`watchJobs`")


@strawberry.enum(description="The status of a task of a job.")
class TaskStatus(Enum):
    INCOMPLETE = strawberry.enum_value("incomplete", description="The task has not run, or was reverted.")
    RUNNING = strawberry.enum_value("running", description="The task runs or waits.")
    COMPLETE = strawberry.enum_value("complete", description="The task finished with success or failure.")
    ERROR = strawberry.enum_value("error", description="The task failed with an error.")
    CANCELED = strawberry.enum_value("canceled", description="The task was canceled.")
    PAUSED = strawberry.enum_value("paused", description="The task waits until somebody resumes the job.")
    FAILURE = strawberry.enum_value(
        "failure", description="The task finished with failure; only some older documents have this status."
    )


@strawberry.enum(description="The outcome of a task, which decides the transitions to follow.")
class FinishState(Enum):
    SUCCESS = strawberry.enum_value("success", description="The task succeeded.")
    FAILURE = strawberry.enum_value("failure", description="The task found nothing, or its condition does not hold.")
    ERROR = strawberry.enum_value("error", description="The task failed with an error.")
    LOOP = strawberry.enum_value("loop", description="The loop has another element.")
    CANCELED = strawberry.enum_value("canceled", description="The task was canceled.")


@strawberry.enum(description="The kind of a job.")
class JobType(Enum):
    AUTOMATION = strawberry.enum_value("automation", description="An ordinary job.")
    RESOURCE_ACTION = strawberry.enum_value("resource:action", description="An action of a resource's life cycle.")
    RESOURCE_COMPLIANCE = strawberry.enum_value("resource:compliance", description="A check of a resource.")


@strawberry.enum(description="The kind of a task: automatic, operation or manual.")
class TaskType(Enum):
    AUTOMATIC = strawberry.enum_value("automatic", description="An application or adapter executes the task.")
    OPERATION = strawberry.enum_value("operation", description="The engine executes the task.")
    MANUAL = strawberry.enum_value("manual", description="A person works the task.")


@strawberry.enum(description="The kind of component that has a task's method.")
class Location(Enum):
    APPLICATION = strawberry.enum_value("Application", description="An application has the method.")
    ADAPTER = strawberry.enum_value("Adapter", description="An adapter to another system has the method.")
    BROKER = strawberry.enum_value("Broker", description="A broker has the method.")


@strawberry.enum(description="The kind of a transition.")
class TransitionType(Enum):
    STANDARD = strawberry.enum_value("standard", description="The job goes on at the target.")
    REVERT = strawberry.enum_value(
        "revert", description="The job goes back: the target and every task after the target run again."
    )
    LOOP = strawberry.enum_value("loop", description="The transition runs the body of a loop.")


@strawberry.enum(description="The kind of a decorator's mark.")
class DecoratorType(Enum):
    ENCRYPTION = strawberry.enum_value("encryption", description="The value is a secret.")
    QUERY = strawberry.enum_value("query", description="The value is a part of another value.")


@strawberry.enum(description="The documented name of an event of a whole job.")
class JobTopic(Enum):
    JOB_START = strawberry.enum_value("jobStart", description="The job was started.")
    JOB_COMPLETE = strawberry.enum_value("jobComplete", description="The job reached the end of its workflow.")
    JOB_ERROR = strawberry.enum_value("jobError", description="The job can no longer reach the end of its workflow.")
    JOB_FIX = strawberry.enum_value("jobFix", description="Somebody repaired the job: the job runs again.")
    JOB_PAUSE = strawberry.enum_value("jobPause", description="Somebody paused the job.")
    JOB_RESUME = strawberry.enum_value("jobResume", description="Somebody resumed the job.")
    JOB_CANCEL = strawberry.enum_value("jobCancel", description="Somebody canceled the job.")
