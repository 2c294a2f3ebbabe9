"""Small projects of our own, as an export of the documented system holds them."""

from typing import Any

from .documents import chain, task

SITE = "5f0e0000a0000000000000c1"
HEADING, FORM = "5f0e0000a0000000000000d1", "5f0e0000a0000000000000e1"
LETTER_ID, WELCOME_ID = "5f0e0000a0000000000000f1", "8d2c7a1e-4b56-4f7a-9d3c-2a1b0c9d8e7f"


def export(id: str, name: str, *components: tuple[str, dict[str, Any], str], **more: Any) -> dict[str, Any]:
    """Of components with their types, documents and references."""
    return {
        **({"_id": id} if id else {}),
        "iid": 7,
        "name": name,
        "description": f"All of {name}.",
        "backgroundColor": "#FFFFFF",
        "thumbnail": "",
        "folders": [{"nodeType": "component", "iid": number} for number in range(len(components))],
        "created": "2026-01-15T09:00:00.000Z",
        "createdBy": {"username": "ada", "provenance": "local"},
        "lastUpdated": "2026-01-15T09:30:00.000Z",
        "lastUpdatedBy": {"username": "ada", "provenance": "local"},
        "components": [
            {"iid": number, "type": type, "reference": reference, "folder": "/", "document": document}
            for number, (type, document, reference) in enumerate(components)
        ],
        **more,
    }


def site() -> dict[str, Any]:
    """A form, a transformation, a child job and a template of the project, each named as the project calls it."""
    shown = task("ShowJsonForm", app="JsonForms", outgoing={"export": "$var.job.answer"}, form_id=f"@{SITE}: Site")
    welcome = chain(
        "Welcome a site",
        a1={**shown, "type": "manual", "view": "/json-forms/preview"},
        b2=task(
            "transformation", outgoing={"heading": "$var.job.heading"}, tr_id=HEADING, options={},
            variableMap={"site": "$var.job.answer"},
        ),
        c3=task(
            "childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow=f"@{SITE}: Write the letter",
            variables={"heading": {"task": "job", "value": "heading"}}, data_array="", transformation="", loopType="",
        ),
    )  # fmt: skip
    letter = chain(
        "Write the letter",
        a1=task(
            "renderJinjaTemplate", app="TemplateBuilder", outgoing={"renderedTemplate": "$var.job.letter"},
            name=f"@{SITE}: Letter", context={"name": "$var.job.heading"},
        ),
    )  # fmt: skip
    letter["tasks"]["a1"]["variables"]["incoming"]["context"] = "$var.job.context"
    letter["tasks"]["a0"] = task(
        "merge", outgoing={"merged_object": "$var.job.context"},
        data_to_merge=[{"key": "heading", "value": {"task": "job", "variable": "heading"}}],
    )  # fmt: skip
    letter["inputSchema"] = {"type": "object", "properties": {"heading": {"type": "string"}}, "required": ["heading"]}
    letter["transitions"]["workflow_start"] = {"a0": {"type": "standard", "state": "success"}}
    letter["transitions"]["a0"] = {"a1": {"type": "standard", "state": "success"}}
    heading = {
        "_id": HEADING, "name": "Heading", "incoming": [{"$id": "site"}], "outgoing": [{"$id": "heading"}],
        "functions": [],
        "steps": [
            {
                "type": "assign", "from": {"location": "incoming", "name": "site", "ptr": "/name"},
                "to": {"location": "outgoing", "name": "heading", "ptr": ""}, "context": "#",
            }
        ],
    }  # fmt: skip
    form = {
        "id": FORM, "name": "Site", "struct": {},
        "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        "uiSchema": {}, "bindingSchema": {}, "validationSchema": {},
    }  # fmt: skip
    template = {"name": "Letter", "type": "jinja2", "group": "letters", "template": "Welcome, {{ heading }}!"}
    return export(
        SITE, "Sites",
        ("workflow", welcome, WELCOME_ID), ("workflow", letter, "r1"), ("transformation", heading, HEADING),
        ("jsonForm", form, FORM), ("template", template, LETTER_ID),
    )  # fmt: skip
