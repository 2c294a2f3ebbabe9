"""The page names what is not served, and every path that it says is served has a route."""

import re

from jobyard.gql.rest.table import ROUTES, UNSERVED

from .pages import page, rows

REST = page("docs/rest.md")


def test_it_names_what_is_not_served_and_nothing_else() -> None:
    assert [path.strip("`") for path, _ in rows(REST, "Route")] == [path for path, _ in UNSERVED]


def test_the_operations_over_rest_are_served() -> None:
    written = [cell for _, _, cell in rows(REST, "To")]
    paths = {
        path for cell in written for path in re.findall(r"[ `](/(?:operations-manager|workflow_engine)/[^`\s]+)", cell)
    }
    served = {re.sub(r"\{\w+\}", "{}", route.path) for route in ROUTES}
    assert len(paths) > 10
    assert sorted(path for path in paths if re.sub(r"\{\w+\}", "{}", path) not in served) == []
