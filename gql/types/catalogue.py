"""What the built-in tasks say of themselves."""

import strawberry

from ...resolvers.catalogue import BuiltInTask
from .enums import Location, TaskType


@strawberry.type(description="A value that a task takes.")
class IncomingValue:
    name: str = strawberry.field(description="Its name in workflow documents.")
    meaning: str | None = strawberry.field(description="Its type and what it is for, where there is more to say.")


@strawberry.type(description="A task that this server does by itself, as it was declared.")
class CatalogueTask:
    app: str = strawberry.field(description="The application that has it.")
    name: str = strawberry.field(description="The method; a workflow's task is found by app and name.")
    location: Location = strawberry.field(description="Where the method lives.")
    type: TaskType = strawberry.field(description="Who does it.")
    actor: str | None = strawberry.field(
        description="In whose name it runs where the document does not say: Pronghorn (the system) or job (whoever "
        "started the job). Null for a manual task, which a person does."
    )
    description: str = strawberry.field(description="What it does, when it fails, and what is peculiar to it.")
    incoming: list[IncomingValue] = strawberry.field(description="The values it takes, in order, at most 20.")
    outgoing: list[str] = strawberry.field(description="The names of the values it gives, in order, at most 20.")
    more_outgoing: bool = strawberry.field(
        description="Whether it gives other values, too, which a document names: a transformation's outgoing."
    )


def as_catalogue_task(task: BuiltInTask) -> CatalogueTask:
    return CatalogueTask(
        app=task.app,
        name=task.name,
        location=Location(task.location),
        type=TaskType(task.type),
        actor=task.actor,
        description=task.description,
        incoming=[IncomingValue(name=name, meaning=task.meanings.get(name)) for name in task.incoming],
        outgoing=list(task.outgoing),
        more_outgoing=task.more_outgoing,
    )
