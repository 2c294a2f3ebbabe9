"""The table of codes has every code that is answered, once, with its status."""

from ..codes import expected_rows, table_of
from .pages import page


def test_it_names_every_code_once_with_its_status() -> None:
    assert sorted(table_of(page("docs/errors.md"))) == expected_rows()
