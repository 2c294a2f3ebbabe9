"""The log of a local mongod is cut while mongod writes it."""

from pathlib import Path

import pytest
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import PARTS, find_mongod, rotate
from pymongo import AsyncMongoClient

from ...parts import require

pytestmark = pytest.mark.anyio


def test_the_older_parts_are_few_and_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "mongod.log"
    assert not rotate(file, 3)
    with file.open("ab", buffering=0) as written:  # as mongod's output is
        for number in range(6):
            written.write(b"part %d\n" % number)
            assert rotate(file, 3)
        assert not rotate(file, 3)
        written.write(b"on")
    parts = sorted(one.name for one in tmp_path.iterdir())
    assert parts == ["mongod.log", *(f"mongod.log.{number}" for number in range(1, PARTS + 1))]
    assert [(tmp_path / f"mongod.log.{number}").read_text() for number in (1, 3)] == ["part 5\n", "part 3\n"]
    assert file.read_bytes() == b"on"
    assert (tmp_path / "mongod.log.1").stat().st_mode & 0o777 == 0o600


async def test_a_mongod_goes_on_writing_in_the_emptied_file(tmp_path: Path) -> None:
    binary = find_mongod()
    require(binary, "a mongod: pip install jobyard[mongod]")
    async with local_mongod(str(binary), tmp_path) as uri:
        file = tmp_path / "mongod.log"
        assert rotate(file, 0)
        async with AsyncMongoClient[dict[str, object]](uri) as client:
            await client.admin.command("ping")
        assert file.stat().st_size > 0
        assert file.read_bytes().startswith(b"{")  # of the line that a new connection is
        assert b"mongod" in (tmp_path / "mongod.log.1").read_bytes()
