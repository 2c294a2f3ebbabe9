"""The stub: a result of the usual shape for each outgoing name."""

import pytest
from jobyard.models.engine.events import ProviderCall
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.resolvers.providers.recorded import stub

from ...documents import task

ADAPTER = {"icode": "AD.200", "response": {}, "headers": {}, "metrics": {}}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("location", "app", "name", "outgoing", "results"),
    [
        ("Adapter", "Jira", "getTicket", {"result": "$var.job.x"}, {"result": ADAPTER}),
        ("Adapter", "Jira", "getTicket", {"result": None, "more": ""}, {"result": ADAPTER, "more": ADAPTER}),
        ("Adapter", "Jira", "getTicket", {}, {}),
        (
            "Broker",
            "Pets:1.0",
            "getPet",
            {"response": None},
            {"response": {"body": {}, "headers": {}, "statusCode": 200}},
        ),
        (
            "Application",
            "GatewayManager",
            "runCode",
            {"result": None},
            {"result": {"stdout": "", "stdout_json": {}, "stderr": "", "return_code": 0}},
        ),
        (
            "Application",
            "MOP",
            "RunCommandTemplate",
            {"mop_template_results": None},
            {"mop_template_results": {"all_pass_flag": True}},
        ),
        ("Application", "TemplateBuilder", "renderJinjaTemplate", {"renderedTemplate": None}, {"renderedTemplate": ""}),
        ("Application", "JsonForms", "ShowJsonForm", {"export": None}, {"export": {}}),
    ],
)
async def test_it_succeeds_with_the_shape_that_workflows_read(
    location: str, app: str, name: str, outgoing: Json, results: Json
) -> None:
    definition = {**task(name, app=app, outgoing=outgoing), "location": location}
    assert await stub(ProviderCall("w", "65f", "a1", 1, 1, definition, {})) == Finish("success", results)
