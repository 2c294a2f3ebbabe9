"""Code that nothing of ours uses: `python -m tests.unused`. vulture finds it; what others use by its name is left out.

Those others are GraphQL (fields of the schema, values of its enumerations), MongoDB and JSON (keys of the documents'
types), and the hooks below. A hook that vulture does not miss any more is reported too.
"""

import re
import sys

from vulture import Vulture

from .parts import ROOT

# Who uses it -> the names.
HOOKS = {
    "Python": "__getattr__ __init_subclass__ __doc__",
    "strawberry's view": (
        "get_context render_graphql_ide _validate_batch_request encode_event "
        "encode_comment encode_complete websocket_adapter_class graphql_transport_ws_handler_class "
        "stream_transport_classes_by_protocol iter_json send_json ignore_parsing_errors connection_params"
    ),
    "strawberry's schema": (
        "on_parse on_validate graphql_document pre_execution_errors process_errors resolve_async resolve_type"
    ),
    "graphql-core's visitors": "enter_directive enter_selection_set",
    "graphql-core's errors": "locations",
    "graphql-core's executor": "async_helpers",
    "starlette": "redirect_slashes file_response",
    "uvicorn": "capture_signals max_message_size send_400_response",
    "beanie and pydantic": "model_config",
    "strings, as the key of a dictionary": "reports_cost",
    "PyMongo's listeners of commands": "succeeded",
    "babel": "frac_prec",
    "type checkers, as a collection is typed": (
        "inserted_id key_or_list return_document upsert maxTimeMS pipeline max_await_time_ms resume_after"
    ),
    "JSON, as the metadata of a documented list": "nextPageSkip previousPageSkip",
    "JSON, as OpenAPI's document": "operationId requestBody responses security",
    "type checkers, as types that refer to each other": "JobHistory",
    "readers of the header of a backup": "jobyard state_version",
    "tests, which look into a server": "is_dormant may_see_task OF_JOBS PERSONAL CHECKED",
}
TYPED_DOCUMENTS = "models/documents/shapes"


def of_the_schema() -> set[str]:
    """The names of fields and values of the schema, as Python has them."""
    names = set(re.findall(r"^  (\w+)(?:\(|:|$| @)", (ROOT / "schema.graphql").read_text(), re.MULTILINE))
    return names | {
        re.sub(r"(?<=[a-z0-9])([A-Z])", lambda capital: f"_{capital.group().lower()}", name) for name in names
    }


def unused() -> list[str]:
    hooks = {name for names in HOOKS.values() for name in names.split()}
    found = Vulture(ignore_decorators=["@strawberry.*"])
    found.scavenge([str(ROOT / name) for name in ("gql", "models", "resolvers", "jobyard")], exclude=["node_modules"])
    missed = found.get_unused_code()
    elsewhere = of_the_schema()
    lines = [
        f"{one.filename.relative_to(ROOT)}:{one.first_lineno}: nothing uses the {one.typ} '{one.name}'"
        for one in missed
        if one.name not in hooks and one.name not in elsewhere and TYPED_DOCUMENTS not in one.filename.as_posix()
    ]
    return lines + [
        f"tests/unused.py: '{name}' is no hook any more" for name in sorted(hooks - {one.name for one in missed})
    ]


if __name__ == "__main__":
    found = unused()
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
