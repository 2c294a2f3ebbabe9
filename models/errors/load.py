"""Errors of work that a server refuses now, without any effect; another server, or a later attempt, may succeed."""

from .problem import Problem


class Overloaded(Problem):
    code = "OVERLOADED"
    status = 503
    retry = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The server starts as many jobs as it can already; this one was not started. Try again in {seconds} s.",
            retryAfter=seconds,
        )


class ShuttingDown(Problem):
    code = "SHUTTING_DOWN"
    status = 503
    retry = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The server is being stopped and takes no more work. Ask another one, or try again in {seconds} s.",
            retryAfter=seconds,
        )


class WorkersInactive(Problem):
    code = "WORKERS_INACTIVE"
    status = 503
    retry = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "The workers of this server are deactivated: it starts no jobs. Ask another one, or activate them "
            f"(`activateWorkers`) and try again in {seconds} s.",
            retryAfter=seconds,
        )


class PartCannot(Problem):
    """`kind` is application or adapter."""

    code = "PART_CANNOT"
    status = 409

    def __init__(self, kind: str, name: str, action: str) -> None:
        super().__init__(
            f"The {kind} '{name}' is a part of this server, and {action}s with it alone. To let the server take no "
            "more work, deactivate its workers (POST /workflow_engine/jobWorker/deactivate).",
            kind=kind,
            name=name,
            action=action,
        )


class CallerGone(Problem):
    """The client has disconnected; the code is for the log and for proxies."""

    code = "CALLER_GONE"
    status = 503
    retry = True

    def __init__(self) -> None:
        super().__init__("Whoever asked for it has hung up, and nothing was started.")
