"""The table of rules has every rule, with its values, the default first."""

import re

from jobyard.models.engine.rules import choices

from .pages import page, section


def test_its_table_has_every_rule_with_its_values_the_default_first() -> None:
    written = re.findall(r"^\| `(\w+)` \| (`.*?`) \|", section(page("docs/workflows.md"), "## Rules"), re.MULTILINE)
    assert {name: tuple(re.findall(r"`(\w+)`", values)) for name, values in written} == choices()
