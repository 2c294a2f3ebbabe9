"""Stands in for devices and other systems that are not there: every task succeeds, with a result of the usual shape.

What it answers is empty inside: a workflow that looks for something in it takes its way for "not found".
"""

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import Json, JsonObject, object_at, text_at


async def stub(call: ProviderCall) -> Finish:
    """Succeed, with a value for each outgoing name that the author's document has."""
    names = object_at(object_at(call.definition, "variables"), "outgoing")
    return Finish("success", {name: usual_result(call.definition, name) for name in names})


def usual_result(definition: JsonObject, outgoing: str) -> Json:
    """The shapes are those that published workflows read (execution facts, 11.3)."""
    if text_at(definition, "location") == "Adapter":
        return {"icode": "AD.200", "response": {}, "headers": {}, "metrics": {}}
    app, name = text_at(definition, "app"), text_at(definition, "name")
    if ":" in app:  # a task of an integration model, whose application is `Title:version`
        return {"body": {}, "headers": {}, "statusCode": 200}
    if (app, name) == ("GatewayManager", "runCode"):
        return {"stdout": "", "stdout_json": {}, "stderr": "", "return_code": 0}
    if outgoing == "mop_template_results":
        return {"all_pass_flag": True}
    if outgoing == "renderedTemplate":
        return ""
    return {}
