"""TextFSM."""

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.templates import parse

PORTS = r"""Value Required Port (\S+)
Value State (up|down)
Value List Vlans (\d+)

Start
  ^port ${Port} is ${State}
  ^ vlan ${Vlans}
  ^! -> Record
"""


def test_each_record_is_an_object_by_the_names_of_the_values() -> None:
    printed = "port e1 is up\n vlan 10\n vlan 20\n!\nport e2 is down\n!\n"
    assert parse(PORTS, printed) == [
        {"Port": "e1", "State": "up", "Vlans": ["10", "20"]},
        {"Port": "e2", "State": "down", "Vlans": []},
    ]


def test_a_text_without_records_gives_none() -> None:
    assert parse(PORTS, "nothing of interest\n") == []


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("", "Missing state 'Start'."),
        ("Value A (\\d+\n\nStart\n  ^x\n", "Value '(\\d+' must be contained within a '()' pair. Line 1."),
        ('Value A (\\d+)\n\nStart\n  ^${A} -> Error "no"\n', 'Error: "no". Rule Line: 4. Input Line: 1.'),
    ],
)
def test_a_broken_template_is_an_error(template: str, reason: str) -> None:
    with pytest.raises(LanguageError) as refused:
        parse(template, "1")
    assert refused.value.message == f"The TextFSM template cannot be applied: {reason}"
