"""TemplateBuilder: texts out of values, and values out of texts. resolvers/providers/templates.py does the work."""

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall
from .task import built_in

APP = "TemplateBuilder"
_STORED = "string: the name of a stored template"
_VALUES = "object: the values by name"
_CAST = "string: string (also when left out), object, number or boolean"


@built_in("renderJinjaTemplate", {"name": _STORED, "context": _VALUES}, ("renderedTemplate",), app=APP)
def render_jinja_template(call: TaskCall) -> Outcome:
    """Render a stored Jinja2 template with the values of its context."""
    return CallProvider()


@built_in(
    "renderJinja2ContextWithCast",
    {"template": "string: Jinja2", "variables": _VALUES, "castDataType": _CAST},
    ("renderedTemplate",),
    app=APP,
)
def render_jinja2_context_with_cast(call: TaskCall) -> Outcome:
    """Render a Jinja2 template that the task itself holds, and read the text as a string, object, number or boolean."""
    return CallProvider()


@built_in(
    "renderJinja2TemplateWithCast",
    {"name": _STORED, "variables": _VALUES, "castDataType": _CAST},
    ("renderedTemplate",),
    app=APP,
)
def render_jinja2_template_with_cast(call: TaskCall) -> Outcome:
    """Render a stored Jinja2 template, and read the text as a string, object, number or boolean."""
    return CallProvider()


@built_in(
    "applyTemplate",
    {"text": "string", "template": "string: a stored template's name, or TextFSM itself"},
    ("parsed",),
    app=APP,
)
def apply_template(call: TaskCall) -> Outcome:
    """Find the records of a text with a TextFSM template, stored or given as it is."""
    return CallProvider()


TASKS = (
    render_jinja_template,
    render_jinja2_context_with_cast,
    render_jinja2_template_with_cast,
    apply_template,
)
