"""A task of a job or of a workflow."""

import strawberry

from .documented import documented, id_or_object, listed
from .enums import DecoratorType, FinishState, Location, TaskStatus, TaskType, TransitionType
from .people import Group
from .scalars import JSON, DateTime


@strawberry.type(description="A place on the canvas of the workflow editor.")
class Point:
    x: float | None = documented("x", "To the right.")
    y: float | None = documented("y", "Downwards.")


@strawberry.type(description="Marks a value inside variables.")
class Decorator:
    type: DecoratorType | None = documented("type", "What it says of the value.")
    pointer: str | None = documented("pointer", "A JSON pointer to the value.")
    display_path: str | None = documented("displayPath", "How the editor shows the part that is meant.")


@strawberry.type(description="What goes into a task and comes out of it.")
class TaskVariables:
    incoming: JSON | None = documented("incoming", "An object of incoming values by name, references unresolved.")
    outgoing: JSON | None = documented("outgoing", "An object by name: null, or the job variable that takes the value.")
    error: JSON | None = documented("error", "The job variable that takes the task's error; empty where there is none.")
    decorators: list[Decorator] = listed("decorators", "Marks on incoming values.")


@strawberry.type(description="A way from a task to another.")
class Transition:
    task: strawberry.ID | None = documented("task", "The id of the task it leads to.")
    type: TransitionType | None = documented("type", "Whether it goes on, back, or into a loop.")


@strawberry.type(description="The ways out of a task, by the state it finishes in.")
class TaskTransitions:
    success: list[Transition] = listed("success", "Taken on success.")
    failure: list[Transition] = listed("failure", "Taken on failure.")
    error: list[Transition] = listed("error", "Taken on error.")
    loop: list[Transition] = listed("loop", "Taken for each element of a loop.")


@strawberry.type(description="Tasks by what became of them.")
class TaskBuckets:
    incomplete: list[strawberry.ID] = listed("incomplete", "Still awaited.")
    complete: list[strawberry.ID] = listed("complete", "Finished, and led here.")
    error: list[strawberry.ID] = listed("error", "Finished otherwise, or never run.")


@strawberry.type(description="Times of the start and the end of a job. Milliseconds since the epoch.")
class TaskMetrics:
    start_time: float | None = documented("start_time", "When the job started, in milliseconds since the epoch.")
    end_time: float | None = documented("end_time", "When the job ended, in milliseconds since the epoch.")
    run_time: float | None = documented("run_time", "How long the job took, in milliseconds.")
    finish_state: FinishState | None = documented("finish_state", "How it ended.")
    user: strawberry.ID | None = documented("user", "Who started the job.")


@strawberry.type(description="When the engine tries a task again by itself, before any transition is taken.")
class RetrySettings:
    state: list[FinishState] = listed("state", "The finish states that are tried again.")
    auto_retry: bool | None = documented("autoRetry", "Whether it tries at all.")
    limit: int | None = documented("limit", "How often at most.")
    delay: int | None = documented("delay", "How long it waits before each try, in milliseconds.")
    count: int | None = documented("count", "How often it has tried.")
    finished_retrying: bool | None = documented("finishedRetrying", "Whether it gave up.")


@strawberry.type(description="How far a loop of child jobs has come.")
class Loop:
    at_least_one_complete: bool | None = documented("atLeastOneComplete", "Whether a child job is complete.")
    finished_count: float | None = documented("finishedCount", "How many child jobs are over.")
    outgoing: list[JSON] = listed("outgoing", "What the child jobs answered, in the order of the elements.")


@strawberry.type(description="A job that a childJob task started.")
class ChildJob:
    id: strawberry.ID | None = documented("_id", "The child job's id.")
    name: str | None = documented("name", "The name of its workflow.")
    iteration: float | None = documented("iteration", "The index of its element in a loop.")


@strawberry.type(description="Where the editor's search found something.")
class Match:
    key: str | None = documented("key", "The field.")
    highlight_string: str | None = documented("highlightString", "The text found.")


@strawberry.type(description="A task. In a workflow only what its author wrote is set.")
class Task:
    id: strawberry.ID = documented("id", "Its key in the job: 1 to 4 hex digits, workflow_start or workflow_end.")
    task_id: strawberry.ID | None = documented("taskId", "The same, as the stored task says it.")
    name: str | None = documented("name", "The method it calls.")
    app: str | None = documented("app", "The application or adapter type that has the method.")
    location: Location | None = documented("location", "Where the method lives.")
    location_type: str | None = documented("locationType", "The adapter type, or an integration's `Name:version`.")
    type: TaskType | None = documented("type", "Who does it.")
    status: TaskStatus | None = documented("status", "What it is doing. Null in a workflow.")
    finish_state: FinishState | None = documented("finish_state", "How its latest iteration ended.")
    start_time: DateTime | None = documented("start_time", "When its latest iteration started.")
    end_time: float | None = documented("end_time", "When that ended, in milliseconds since the epoch.")
    iterations: list[strawberry.ID] = listed("iterations", "The ids of its iterations, oldest first.")
    variables: TaskVariables | None = documented("variables", "What goes in and comes out, as its author wrote it.")
    transitions: TaskTransitions | None = documented("transitions", "The ways out of it.")
    previous: TaskBuckets | None = documented("previous", "The tasks before it.")
    end_tasks: TaskBuckets | None = documented("endTasks", "Dead ends that workflow_end waits for too.")
    metrics: TaskMetrics | None = documented("metrics", "Times; of workflow_start and workflow_end only.")
    groups: list[Group] = listed("groups", "Who may see and work it; empty: whoever can see the job.", id_or_object)
    actor: str | None = documented("actor", "In whose name it runs: Pronghorn (the engine), job, a task or an account.")
    owner: str | None = documented("owner", "Who has it in hand: Pronghorn (the engine) or a user.")
    child_jobs: list[ChildJob] = listed("childJobs", "The jobs it started, at most 10000.")
    loop: Loop | None = documented("loop", "How far its loop of child jobs has come.")
    retry_settings: RetrySettings | None = documented("retrySettings", "When it is tried again by itself.")
    scheduled: bool | None = documented("scheduled", "Whether it may run at certain times only.")
    server_id: str | None = documented("serverId", "The server it ran on.")
    summary: str | None = documented("summary", "Its title on the canvas.")
    description: str | None = documented("description", "What the method does.")
    display_name: str | None = documented("displayName", "The application's name on the canvas.")
    canvas_name: str | None = documented("canvasName", "The method's name on the canvas.")
    deprecated: bool | None = documented("deprecated", "Whether the method is.")
    view: str | None = documented("view", "The path of the page where a person works it.")
    host_app: str | None = documented("hostApp", "The application that shows that page.")
    task_version: float | None = documented("taskVersion", "The version of that page.")
    matched: list[Match] = listed("matched", "Left over from the editor's search.")
    x: float | None = documented("x", "Its place on an older canvas.")
    y: float | None = documented("y", "Its place on an older canvas.")
    grid_coordinate: Point | None = documented("gridCoordinate", "Its place on the canvas grid.")
    node_location: Point | None = documented("nodeLocation", "Its place on the canvas.")
