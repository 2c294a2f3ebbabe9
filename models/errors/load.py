"""What a server does not take on now, and another one, or the same a little later, may. Nothing was done of it."""

from .problem import Problem


class Overloaded(Problem):
    code = "OVERLOADED"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The server starts as many jobs as it can already; this one was not started. Try again in {seconds} s.",
            retryAfter=seconds,
        )


class ShuttingDown(Problem):
    code = "SHUTTING_DOWN"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The server is being stopped and takes no more work. Ask another one, or try again in {seconds} s.",
            retryAfter=seconds,
        )


class CallerGone(Problem):
    """Nobody reads the answer; the code is for the sake of the log, and of proxies that do."""

    code = "CALLER_GONE"

    def __init__(self) -> None:
        super().__init__("Whoever asked for it has hung up, and nothing was started.")
