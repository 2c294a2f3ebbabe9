"""What is asked for: its shape, and how much it would take."""

from .problem import Fault, Problem


class RequestInvalid(Problem):
    code = "REQUEST_INVALID"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"The request is not as documented: {'; '.join(str(fault) for fault in faults)}.",
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class SearchTooLong(Problem):
    code = "SEARCH_TOO_LONG"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The search took longer than {seconds} s. Narrow it, by a time range for example, or leave out the order.",
            seconds=seconds,
        )


class AnswerTooLarge(Problem):
    code = "ANSWER_TOO_LARGE"

    def __init__(self, what: str, most: int, remedy: str) -> None:
        super().__init__(f"The answer would hold more than {most} {what}. {remedy}", what=what, most=most)
