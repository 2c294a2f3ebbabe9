"""The closed sets of the documented API. The value of each member is the documented text."""

from enum import Enum

import strawberry


@strawberry.enum(description="What a job is doing.")
class JobStatus(Enum):
    RUNNING = strawberry.enum_value("running", description="It runs, or waits for a person, a clock or a child job.")
    PAUSED = strawberry.enum_value("paused", description="Nothing new starts until it is resumed.")
    COMPLETE = strawberry.enum_value("complete", description="It reached the end of its workflow. Final.")
    ERROR = strawberry.enum_value("error", description="The end cannot be reached any more. An operator may repair it.")
    CANCELED = strawberry.enum_value("canceled", description="Somebody stopped it. Final.")
    INCOMPLETE = strawberry.enum_value("incomplete", description="It has not begun.")


@strawberry.enum(description="What a person did with a job.")
class JobAct(Enum):
    START = strawberry.enum_value("start", description="Started it.")
    PAUSE = strawberry.enum_value("pause", description="Paused it.")
    RESUME = strawberry.enum_value("resume", description="Let it go on after a pause.")
    CANCEL = strawberry.enum_value("cancel", description="Canceled it, or a job above it.")
    RETRY = strawberry.enum_value("retry", description="Retried a task.")
    CONTINUE = strawberry.enum_value("continue", description="Continued it from a task.")
    REVERT = strawberry.enum_value("revert", description="Reverted it to a task.")
    FINISH = strawberry.enum_value("finish", description="Finished a manual task.")


@strawberry.enum(description="What can be done with a job.")
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


@strawberry.enum(description="What a task of a job is doing.")
class TaskStatus(Enum):
    INCOMPLETE = strawberry.enum_value("incomplete", description="It has not run, or was reverted.")
    RUNNING = strawberry.enum_value("running", description="It runs or waits.")
    COMPLETE = strawberry.enum_value("complete", description="It is over, with success or failure.")
    ERROR = strawberry.enum_value("error", description="It is over, with an error.")
    CANCELED = strawberry.enum_value("canceled", description="It was stopped.")
    PAUSED = strawberry.enum_value("paused", description="It waits for its job to be resumed.")
    FAILURE = strawberry.enum_value("failure", description="It is over, with failure; so some older documents say.")


@strawberry.enum(description="How a task ended: which of its transitions are taken.")
class FinishState(Enum):
    SUCCESS = strawberry.enum_value("success", description="It did what it is for.")
    FAILURE = strawberry.enum_value("failure", description="It found nothing, or what it checks does not hold.")
    ERROR = strawberry.enum_value("error", description="It broke.")
    LOOP = strawberry.enum_value("loop", description="It has another element for its loop.")
    CANCELED = strawberry.enum_value("canceled", description="It was stopped.")


@strawberry.enum(description="What kind of job it is.")
class JobType(Enum):
    AUTOMATION = strawberry.enum_value("automation", description="An ordinary job.")
    RESOURCE_ACTION = strawberry.enum_value("resource:action", description="An action of a resource's life cycle.")
    RESOURCE_COMPLIANCE = strawberry.enum_value("resource:compliance", description="A check of a resource.")


@strawberry.enum(description="Who does a task.")
class TaskType(Enum):
    AUTOMATIC = strawberry.enum_value("automatic", description="An application or adapter.")
    OPERATION = strawberry.enum_value("operation", description="The engine.")
    MANUAL = strawberry.enum_value("manual", description="A person.")


@strawberry.enum(description="Where a task's method lives.")
class Location(Enum):
    APPLICATION = strawberry.enum_value("Application", description="In an application.")
    ADAPTER = strawberry.enum_value("Adapter", description="In an adapter to another system.")
    BROKER = strawberry.enum_value("Broker", description="In a broker.")


@strawberry.enum(description="What a transition does.")
class TransitionType(Enum):
    STANDARD = strawberry.enum_value("standard", description="Go on.")
    REVERT = strawberry.enum_value("revert", description="Go back: the target and everything after it run again.")
    LOOP = strawberry.enum_value("loop", description="Run the body of a loop.")


@strawberry.enum(description="What a decorator marks.")
class DecoratorType(Enum):
    ENCRYPTION = strawberry.enum_value("encryption", description="The value is a secret.")
    QUERY = strawberry.enum_value("query", description="The value is a part of another.")


@strawberry.enum(description="What happened to a job as a whole, by its documented name.")
class JobTopic(Enum):
    JOB_START = strawberry.enum_value("jobStart", description="It was started.")
    JOB_COMPLETE = strawberry.enum_value("jobComplete", description="It reached its end.")
    JOB_ERROR = strawberry.enum_value("jobError", description="Its end cannot be reached any more.")
    JOB_FIX = strawberry.enum_value("jobFix", description="Somebody repaired it: it runs again.")
    JOB_PAUSE = strawberry.enum_value("jobPause", description="Somebody paused it.")
    JOB_RESUME = strawberry.enum_value("jobResume", description="Somebody let it go on.")
    JOB_CANCEL = strawberry.enum_value("jobCancel", description="Somebody ended it.")
