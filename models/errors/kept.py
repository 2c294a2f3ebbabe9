"""Errors of workflows, assets, projects, automations, triggers and other stored documents."""

from ..json import Json
from .problem import Fault, Problem


class WorkflowNotFound(Problem):
    code = "WORKFLOW_NOT_FOUND"
    status = 404

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"Cannot find workflow '{name}'. Names match exactly, with case and spaces: "
            "see the query `workflows`, or import it with `jobyard import FILE`.",
            workflow=name,
        )


class WorkflowIsDraft(Problem):
    code = "WORKFLOW_IS_DRAFT"
    status = 409

    def __init__(self, name: str, errors: list[Json]) -> None:
        super().__init__(
            f"Workflow '{name}' is a draft: it was saved with {len(errors)} validation error(s). "
            "Mend them in the editor and import it again.",
            workflow=name,
            errors=errors,
        )


class NameAmbiguous(Problem):
    code = "NAME_AMBIGUOUS"
    status = 409

    def __init__(self, kind: str, name: str, candidates: list[str]) -> None:
        super().__init__(
            f"Several projects have a {kind} '{name}': {', '.join(candidates)}. Write the whole name of the one that "
            "you mean.",
            kind=kind,
            name=name,
            candidates=list[Json](candidates),
        )


class ProjectNotFound(Problem):
    code = "PROJECT_NOT_FOUND"
    status = 404

    def __init__(self, project: str) -> None:
        super().__init__(
            f"Cannot find project '{project}'. It is named by its id, and its members alone see it where it has some: "
            "see the query `projects`, or import it with `jobyard import FILE`.",
            project=project,
        )


class ProjectRoleForbids(Problem):
    code = "PROJECT_ROLE_FORBIDS"
    status = 403

    def __init__(self, project: str, role: str, needed: str) -> None:
        super().__init__(
            f"In the project '{project}' you are {role}, and this needs the role {needed}. Ask an owner of the project "
            "for it.",
            project=project,
            role=role,
            needed=needed,
        )


class ComponentNotFound(Problem):
    code = "COMPONENT_NOT_FOUND"
    status = 404

    def __init__(self, component: str, project: str) -> None:
        super().__init__(
            f"Cannot find component '{component}' in the project '{project}'. A component is named by its `iid` or its "
            "`reference`.",
            component=component,
            project=project,
        )


class FormNotFound(Problem):
    code = "FORM_NOT_FOUND"
    status = 404

    def __init__(self, form: str) -> None:
        super().__init__(
            f"Cannot find form '{form}', neither as an id nor as a name. Import it with `jobyard import FILE`.",
            form=form,
        )


class TemplateNotFound(Problem):
    code = "TEMPLATE_NOT_FOUND"
    status = 404

    def __init__(self, template: str) -> None:
        super().__init__(
            f"Cannot find template '{template}'. It is named by its id: GET /automation-studio/templates lists them.",
            template=template,
        )


class TransformationNotFound(Problem):
    code = "TRANSFORMATION_NOT_FOUND"
    status = 404

    def __init__(self, transformation: str) -> None:
        super().__init__(
            f"Cannot find transformation '{transformation}'. It is named by its id: GET /transformations lists them.",
            transformation=transformation,
        )


class AutomationNotFound(Problem):
    code = "AUTOMATION_NOT_FOUND"
    status = 404

    def __init__(self, automation: str) -> None:
        super().__init__(f"Cannot find automation '{automation}'. It is named by its id.", automation=automation)


class TriggerNotFound(Problem):
    code = "TRIGGER_NOT_FOUND"
    status = 404

    def __init__(self, trigger: str) -> None:
        super().__init__(
            f"Cannot find trigger '{trigger}'. It is named by its id, and an enabled endpoint by its route.",
            trigger=trigger,
        )


class TriggerCannot(Problem):
    code = "TRIGGER_CANNOT"
    status = 409

    def __init__(self, trigger: str, why: str) -> None:
        super().__init__(f"Trigger '{trigger}' cannot start a job: {why}.", trigger=trigger, why=why)


class InputInvalid(Problem):
    code = "INPUT_INVALID"
    status = 422

    def __init__(self, trigger: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The input does not fit trigger '{trigger}': {'; '.join(str(fault) for fault in faults)}.",
            trigger=trigger,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class EventNotFound(Problem):
    code = "EVENT_NOT_FOUND"
    status = 404

    def __init__(self, source: str, topic: str) -> None:
        message = f"There are no events '{topic}' of '{source}'. GET /operations-manager/events lists those there are."
        super().__init__(message, source=source, topic=topic)


class PartNotFound(Problem):
    """`kind` is application or adapter."""

    code = "PART_NOT_FOUND"
    status = 404

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"Cannot find {kind} '{name}'. GET /health/{kind}s lists those there are.", kind=kind, name=name
        )


class NameTaken(Problem):
    code = "NAME_TAKEN"
    status = 409

    def __init__(self, kind: str, name: str) -> None:
        article = "an" if kind[0] in "aeiou" else "a"
        super().__init__(f"There is {article} {kind} '{name}' already. Choose another name.", kind=kind, name=name)
