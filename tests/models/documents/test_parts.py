"""`include` and `exclude`."""

from typing import Any

import pytest
from jobyard.models.documents.documented import select_paths

DOCUMENT = {"_id": "a", "name": "n", "metrics": {"start_time": 1, "user": "u"}, "tags": ["t"]}


@pytest.mark.parametrize(
    ("include", "exclude", "shown"),
    [
        ((), (), DOCUMENT),
        (("name",), (), {"_id": "a", "name": "n"}),
        (("name",), ("_id",), {"name": "n"}),
        (("metrics.user", "nothing"), (), {"_id": "a", "metrics": {"user": "u"}}),
        (("metrics", "metrics.user"), (), {"_id": "a", "metrics": {"start_time": 1, "user": "u"}}),
        (("tags.x",), (), {"_id": "a", "tags": ["t"]}),
        ((), ("metrics.user", "tags"), {"_id": "a", "name": "n", "metrics": {"start_time": 1}}),
        ((), ("_id",), {"name": "n", "metrics": {"start_time": 1, "user": "u"}, "tags": ["t"]}),
    ],
)
def test_only_what_is_included_without_what_is_excluded(include: Any, exclude: Any, shown: Any) -> None:
    assert select_paths(DOCUMENT, include, exclude) == shown
