"""Rendered texts as other types."""

import pytest
from jobyard.models.json import Json
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.templates import cast
from jobyard.models.language.templates.casting import DataType


@pytest.mark.parametrize(
    ("rendered", "data_type", "value"),
    [
        (" 1 ", "string", " 1 "),
        ('\n{"a": [1, null]}\n', "object", {"a": [1, None]}),
        ("[]", "object", []),
        (" 12\n", "number", 12),
        ("1.5", "number", 1.5),
        ("True\n", "boolean", True),
        ("false", "boolean", False),
    ],
)
def test_a_text_is_read_as_the_type(rendered: str, data_type: DataType, value: Json) -> None:
    got = cast(rendered, data_type)
    assert (got, type(got)) == (value, type(value))


@pytest.mark.parametrize(
    ("rendered", "data_type", "reason"),
    [
        ("many", "number", "The rendered text is not a number: 'many'."),
        ("  ", "number", "The rendered text is not a number: '  '."),
        ("1", "boolean", "The rendered text is neither true nor false: '1'."),
        (
            "{'a': True}",
            "object",
            "This text is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1). "
            "It was rendered to be cast to an object and begins with \"{'a': True}\"; "
            "the filter `tojson` writes a value as JSON.",
        ),
    ],
)
def test_a_text_that_is_not_of_the_type_is_an_error(rendered: str, data_type: DataType, reason: str) -> None:
    with pytest.raises(LanguageError) as refused:
        cast(rendered, data_type)
    assert refused.value.message == reason
