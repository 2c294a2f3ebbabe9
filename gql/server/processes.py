"""The server processes on the database."""

import strawberry

from ...resolvers.server import processes
from ..auth.authorization import requires
from ..context import COUNT_COST, RequestInfo
from ..scalars import DateTime


@strawberry.type(description="A server process on the database.")
class ServerProcess:
    id: strawberry.ID = strawberry.field(description="The name of the process: host, process id and a random part.")
    seen: DateTime = strawberry.field(description="The last sign of life, by the clock of the database.")
    alive: bool = strawberry.field(
        description="Whether the last sign of life is younger than the lease; other servers take over the jobs of a "
        "process that is not alive."
    )
    jobs: int = strawberry.field(
        description="The number of jobs that the process runs and that are not over, at most 100000."
    )
    current: bool = strawberry.field(description="Whether the process is the process that answers.")


@strawberry.type
class ProcessQueries:
    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The server processes of the last 24 hours on the database, at most 100; the process that was "
        "seen last comes first. A process that ended in order is not among them.",
    )
    async def server_processes(self, info: RequestInfo) -> list[ServerProcess]:
        info.context["loaders"].spend(COUNT_COST)
        return [_as_process(one) for one in await processes.listed(info.context["services"])]


def _as_process(one: processes.ServerProcess) -> ServerProcess:
    return ServerProcess(
        id=strawberry.ID(one.name), seen=DateTime(one.seen), alive=one.alive, jobs=one.jobs, current=one.own
    )
