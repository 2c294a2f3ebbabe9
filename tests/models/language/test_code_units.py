"""A text is UTF-16 code units for JavaScript: in pieces, as in one go, and no piece is long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript import values
from jobyard.models.language.javascript.values import PIECE, join_units, length, split_units
from jobyard.models.language.transformation import strings

ODD = st.text(st.sampled_from("aé\ud800\udbff\udc00\udfff\uffff\U00010000\U0001f600"), min_size=1)


def units_of(text: str) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(encoded[at : at + 2], "little")) for at in range(0, len(encoded), 2))


@given(ODD, st.integers(1, 4))
@settings(max_examples=500, deadline=None)
def test_pieces_are_converted_as_the_whole_is(text: str, piece: int) -> None:
    units = units_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "PIECE", piece)
        assert split_units(text) == units
        assert length(text) == len(units)
        assert join_units(units) == units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def test_no_piece_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    split, join = values._split, values._join

    monkeypatch.setattr(values, "_split", lambda text: sizes.append(len(text)) or split(text))
    monkeypatch.setattr(values, "_join", lambda units: sizes.append(len(units)) or join(units))
    text = "\U0001f600" * 500_000
    assert join_units(split_units(text)) == text
    assert max(sizes) <= PIECE + 1


def test_long_texts_are_written_in_upper_and_lower_case_in_pieces() -> None:
    long = "aΐßİé\u0307" * (PIECE // 2)
    assert strings._upper(long) == long.upper()
    assert strings._lower(long) == long.lower()
    greek = "ΟΔΟΣ ΟΔΟΣ. " * 10_000
    assert strings._lower(greek) == greek.lower()
    assert strings._lower("ΟΔΟΣ") == "οδος"
    with pytest.raises(LanguageError, match="1,000,000"):
        strings._lower("Σ" * 1_000_001)
