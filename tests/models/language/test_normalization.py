"""Normalization is Python's own, in pieces, and a row of marks takes no square of its length."""

import time
import unicodedata
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript import normalization
from jobyard.models.language.javascript.normalization import LONGEST_NORMALIZED, Form, normalize

FORMS = get_args(Form)
# Letters that join with what is before them, marks of several classes, and what unfolds to marks.
ODD = (
    "aé\u0301\u0316\u0327\u0344\u0f73\u0f71\u0f72\ufdfa\u1100\u1161\u11a8가ㅏ"
    "\uff76\uff9e\uff9f\u3099\u09c7\u09be\u20dd\u0345 \n"
)


@given(st.text(st.sampled_from(ODD)), st.sampled_from(FORMS))
@settings(max_examples=500, deadline=None)
def test_it_is_what_python_makes_whatever_is_in_a_piece(text: str, form: Form) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normalization, "PIECE", 2)
        patch.setattr(normalization, "_ROW", normalization.regex.compile(r"[\p{M}\uff9e\uff9f]{2,}"))
        assert normalize(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
def test_every_character_is_as_python_makes_it(form: Form) -> None:
    text = "".join(chr(code) + "a\u0301" for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000)
    assert normalize(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73", "\uff9e\u0316", "\u0344\u0316\u0327"])
def test_a_row_of_marks_in_disorder_takes_no_square_of_its_length(form: Form, marks: str) -> None:
    few, many = "a" + marks * 200, "a" + marks * 100_000
    assert normalize(form, few) == unicodedata.normalize(form, few)
    before = time.process_time()
    normalize(form, many)
    assert time.process_time() - before < 5, "which takes a minute in one go"


def test_a_text_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(LanguageError, match=f"{LONGEST_NORMALIZED:,}"):
        normalize("NFC", "é" * (LONGEST_NORMALIZED + 1))
    assert normalize("NFC", "e" * (LONGEST_NORMALIZED + 1))
