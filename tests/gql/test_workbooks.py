"""A job that reads a workbook, started through both APIs."""

import pytest

from ..documents import chain, task
from ..doors import Doors
from ..resolvers.builtin_tasks.test_tables import OBJECTS, PORTS, packed, rewritten
from .test_pointers import started

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_no_row_is_lost_by_what_a_file_says_of_its_size(doors: Doors, door: str) -> None:
    reading = task("excelToJson", outgoing={"response": "$var.job.read"}, input="$var.job.found", headersIncluded=True)
    await doors.import_documents(chain("read", a1=reading))
    size = ("<dimension [^>]*/>", '<dimension ref="A1"/>')
    workbook = rewritten(packed(("S", PORTS)), "xl/worksheets/sheet1.xml", size)
    job = await started(doors, door, "read", workbook)
    assert (job["status"], job["variables"]["read"]) == ("complete", {"S": OBJECTS})
