"""The root types Query, Mutation and Subscription: each feature declares its fields in its own folder."""

import strawberry

from .accounts.mutations import AccountMutations, SessionMutations
from .accounts.queries import AccountQueries
from .accounts.service_accounts import ServiceAccountMutations
from .assets.mutations import AssetMutations
from .assets.queries import AssetQueries
from .audit.queries import AuditQueries
from .automations.mutations import AutomationMutations
from .automations.queries import AutomationQueries
from .jobs.events import EventQueries, EventSubscriptions
from .jobs.mutations import JobMutations
from .jobs.pruning import PruneMutations
from .jobs.queries import JobQueries
from .jobs.repairs import RepairMutations
from .nodes import NodeQueries
from .projects.mutations import ProjectMutations
from .projects.queries import ProjectQueries
from .server.health import HealthQueries
from .server.mutations import ServerMutations
from .server.processes import ProcessQueries
from .server.queries import ServerQueries
from .tasks.mutations import TaskMutations
from .tasks.queries import TaskQueries
from .workflows.mutations import WorkflowMutations
from .workflows.queries import WorkflowQueries


@strawberry.type(description="Queries: read jobs, tasks, workflows, projects, accounts and the state of the server.")
class Query(
    JobQueries,
    TaskQueries,
    WorkflowQueries,
    ProjectQueries,
    AssetQueries,
    AutomationQueries,
    EventQueries,
    HealthQueries,
    ProcessQueries,
    ServerQueries,
    AccountQueries,
    NodeQueries,
    AuditQueries,
):
    """The queries of all features as one type."""


@strawberry.type(
    description="Mutations. The server executes the mutations of an operation one after the other. Each field "
    "is nullable: a refused mutation does not remove the results of the others."
)
class Mutation(
    SessionMutations,
    JobMutations,
    RepairMutations,
    PruneMutations,
    TaskMutations,
    WorkflowMutations,
    ProjectMutations,
    AssetMutations,
    AutomationMutations,
    AccountMutations,
    ServiceAccountMutations,
    ServerMutations,
):
    """The mutations of all features as one type."""


@strawberry.type(
    description="Subscriptions, over graphql-transport-ws, server-sent events or multipart/mixed;subscriptionSpec=1.0."
)
class Subscription(EventSubscriptions):
    """The subscriptions of all features as one type."""
