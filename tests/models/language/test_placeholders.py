import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.templates.rendering import LONGEST_RESULT, filled


def test_known_names_are_replaced_and_others_stay() -> None:
    variables = {"who": "Ada", "n": 3.0, "list": [1, None], "quoted": 'say "hi"', "none": None}
    assert filled("<!who!>: <!n!> <!list!> <!other!>", variables) == "Ada: 3 [1,null] <!other!>"
    assert filled("<!quoted!>/<!none!>", variables) == 'say "hi"/null'
    assert filled("<!who<!who!>", {"who": "x"}) == "<!who<!who!>"


def test_what_is_put_in_is_not_looked_at_again() -> None:
    assert filled("<!a!>", {"a": "<!b!>", "b": "c"}) == "<!b!>"


def test_a_text_that_would_grow_without_end_is_refused() -> None:
    with pytest.raises(LanguageError, match=f"longer than {LONGEST_RESULT} characters"):
        filled("<!a!>" * 2000, {"a": "x" * 10_000})
