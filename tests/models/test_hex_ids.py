"""Ids of 24 hex digits, as text and as the database's own kind."""

import pytest
from bson import ObjectId
from jobyard.models.documents.moments import object_id, object_ids, stored_ids
from jobyard.models.hex_ids import is_hex_id

ID = "0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(ID, True), (ID[:-1], False), (f"{ID}0", False), (ID.upper(), False), (f"{ID}\n", False), ("", False)],
)
def test_an_id_has_24_small_hex_digits(text: str, is_one: bool) -> None:
    assert is_hex_id(text) is is_one


def test_an_id_of_the_database_is_found_in_what_spells_one() -> None:
    assert object_id(ID) == object_id(ObjectId(ID)) == object_id(ID.upper()) == ObjectId(ID)
    assert [object_id(other) for other in ("", "mine", None, 7, [ID], {})] == [None] * 6
    assert object_ids([ID, "mine", None, ObjectId(ID)]) == [ObjectId(ID), ObjectId(ID)]
    assert stored_ids(ID) == [ID, ObjectId(ID)]
    assert stored_ids("mine") == ["mine"]
