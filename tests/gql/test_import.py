"""importWorkflows, through the door."""

import pytest

from ..documents import chain
from ..doors import Doors

pytestmark = pytest.mark.anyio

IMPORT = """
mutation($d: [JSON!]!) {
  importWorkflows(documents: $d) { imported { kind id name where replaced warnings } skipped { where reason } }
}
"""


async def test_each_kind_of_document_is_reported_as_what_it_is(doors: Doors) -> None:
    bundles = [
        {"type": "workflow", "data": {**chain("w"), "_id": "w1"}},
        {"type": "transformation", "data": {"_id": "0123456789abcdef01234567", "name": "t", "steps": []}},
        {"type": "template", "data": {"_id": "t1", "name": "hello", "type": "jinja2", "template": "Hello"}},
        {"type": "jsonForm", "data": {"id": "f1", "name": "ask", "struct": {}, "schema": {}}},
        {"type": "mopTemplate", "data": {"name": "clock", "os": "ios", "commands": []}},
    ]
    report = (await doors.graphql(IMPORT, d=[{"metadata": {}, "bundles": bundles}]))["data"]["importWorkflows"]
    assert [(one["kind"], one["id"], one["name"], one["replaced"], one["warnings"]) for one in report["imported"]] == [
        ("WORKFLOW", "w1", "w", False, ["There is nothing to do between workflow_start and workflow_end"]),
        ("TRANSFORMATION", "0123456789abcdef01234567", "t", False, []),
        ("TEMPLATE", "t1", "hello", False, []),
        ("FORM", "f1", "ask", False, []),
    ]
    assert report["skipped"] == [
        {
            "where": "documents[0].bundles[4] (mopTemplate)",
            "reason": "a command template runs on devices, which this server does not do: its tasks need a provider",
        }
    ]
