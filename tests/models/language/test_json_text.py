import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.json_text import MOST_CONTAINERS, from_json


def test_numbers_are_javascripts() -> None:
    numbers = from_json("[3.0, 3, -0.5, 1e2, 12345678901234567890, 9007199254740993]")
    assert [repr(one) for one in numbers] == ["3", "3", "-0.5", "100", "1.2345678901234567e+19", "9007199254740992"]


def test_surrogate_pairs_are_one_character() -> None:
    assert from_json('"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("written", ["", "{", "NaN", "[Infinity]", "'a'", '"\\ud83d"', "[" * 100_000, "{a: 1}"])
def test_what_is_no_json_is_a_language_error(written: str) -> None:
    with pytest.raises(LanguageError, match="This text is not JSON: "):
        from_json(written)


def test_a_text_of_very_many_objects_is_refused_before_they_are_made() -> None:
    with pytest.raises(LanguageError, match="more than the 500,000 objects and arrays that may be"):
        from_json("[" + "{}," * MOST_CONTAINERS + "{}]")
    assert len(from_json("[" + "1," * MOST_CONTAINERS + "1]")) == MOST_CONTAINERS + 1
