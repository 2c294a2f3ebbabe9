"""Errors of requests: shape and size, and the availability of the database."""

from .problem import Fault, Problem


class RequestInvalid(Problem):
    code = "REQUEST_INVALID"
    status = 400

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"The request is not as documented: {'; '.join(str(fault) for fault in faults)}.",
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class SearchTooLong(Problem):
    code = "SEARCH_TOO_LONG"
    status = 422

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The search took longer than {seconds} s. Narrow it, by a time range for example, or leave out the order.",
            seconds=seconds,
        )


class AnswerTooLarge(Problem):
    code = "ANSWER_TOO_LARGE"
    status = 422

    def __init__(self, what: str, most: int, remedy: str) -> None:
        super().__init__(f"The answer would hold more than {most} {what}. {remedy}", what=what, most=most)


class DatabaseUnavailable(Problem):
    """The client may repeat the request after `retryAfter` seconds.

    `done` is False for a request without effect, None where the request may have had its effect.
    """

    code = "DATABASE_UNAVAILABLE"
    status = 503
    retry = True

    def __init__(self, seconds: int, *, done: bool | None = False) -> None:
        remedy = (
            f"and nothing was done: ask again in {seconds} s."
            if done is False
            else f"so nobody knows whether this was done. Look, or ask again in {seconds} s: a start that is repeated "
            "with the same Idempotency-Key (idempotencyKey) starts no second job."
        )
        super().__init__(f"The database does not answer now, {remedy}", retryAfter=seconds, mayBeDone=done is not False)


class BodyTooLarge(Problem):
    code = "BODY_TOO_LARGE"
    status = 413


class PathUnknown(Problem):
    """The server has no such path."""

    code = "PATH_UNKNOWN"
    status = 404


class MethodNotAllowed(Problem):
    """The path has other verbs."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class InternalError(Problem):
    """An unexpected error; the message has the id of the log line."""

    code = "INTERNAL_ERROR"
    status = 500
    undone = False


class OperationRefused(Problem):
    """The GraphQL library refused an operation before any of it was executed."""

    code = "GRAPHQL_REFUSED"
    status = 400


class ValueRefused(Problem):
    """The GraphQL library refused a value while the operation was executed."""

    code = "GRAPHQL_VALUE_INVALID"
    status = 400
    undone = False


class RequestRefused(Problem):
    """A GraphQL request that never became an operation."""

    code = "REQUEST_REFUSED"
    status = 400
    rest = False


class OperationTooLarge(Problem):
    code = "OPERATION_TOO_LARGE"
    status = 413
    rest = False

    def __init__(self, most: int) -> None:
        super().__init__(
            f"The text of the operation is over the limit of {most:,} bytes. Send what is large as variables: they are "
            "not counted.",
            most=most,
        )


class SubscriptionUnstreamed(Problem):
    code = "SUBSCRIPTION_NEEDS_STREAM"
    status = 406
    rest = False

    def __init__(self) -> None:
        super().__init__(
            "A subscription answers more than once. Ask over WebSocket (graphql-transport-ws), or accept server-sent "
            "events (Accept: text/event-stream) or multipart/mixed;subscriptionSpec=1.0."
        )


class PersistedQueryNotFound(Problem):
    """Clients of automatic persisted queries send the text after this message."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    status = 200
    rest = False

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class DocumentNotTrusted(Problem):
    code = "DOCUMENT_NOT_TRUSTED"
    status = 400
    rest = False

    def __init__(self) -> None:
        super().__init__(
            "This server runs the operations of its trusted documents alone, with those of the console and the command "
            "line of its own release, and this is none of them. Whoever runs the server adds it to the file of "
            "--trusted-documents."
        )
