"""What one may ask to be done."""

import strawberry

from .mutations.access import AccessMutations, SessionMutations
from .mutations.assets import AssetMutations
from .mutations.automations import AutomationMutations
from .mutations.jobs import JobMutations
from .mutations.programs import ProgramMutations
from .mutations.projects import ProjectMutations
from .mutations.server import ServerMutations
from .mutations.steering import SteeringMutations
from .mutations.tasks import TaskMutations
from .mutations.workflows import WorkflowMutations


@strawberry.type(
    description="What one may ask to be done, one after the other. Each is nullable: a refusal takes nothing away from "
    "the answers of the others."
)
class Mutation(
    SessionMutations,
    JobMutations,
    SteeringMutations,
    TaskMutations,
    WorkflowMutations,
    ProjectMutations,
    AssetMutations,
    AutomationMutations,
    AccessMutations,
    ProgramMutations,
    ServerMutations,
):
    """Each noun has a module of its own; here they are one type."""
