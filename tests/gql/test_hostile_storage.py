"""What does not fit into one document of a real database: a clear refusal, and the job is as it was."""

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(kept: Settings) -> Settings:
    return kept


async def test_variables_that_do_not_fit_beside_the_job_are_refused_when_it_is_repaired(doors: Doors) -> None:
    await doors.import_documents(chain("broken", a1=task("stub", type="error", delay="", response="it broke")))
    id = (await doors.start({"workflow": "broken", "options": {}})).json()["data"]["_id"]
    before = await doors.over(id)
    large = {"fromTask": "a1", "variables": {"v": "x" * 16_776_900}}  # with the job more than the database's 16 MiB
    answer = await doors.http.post(f"/operations-manager/jobs/{id}/continue", json=large)
    assert (answer.status_code, answer.json()["metadata"].get("code")) == (400, "REQUEST_INVALID")
    assert "too large" in answer.json()["message"]
    assert await doors.over(id) == before
    again = await doors.http.post(f"/operations-manager/jobs/{id}/continue", json={"fromTask": "a1"})
    assert again.status_code == 200, again.text
