"""What one may listen for."""

from typing import Annotated, cast

import strawberry

from ...models.json import is_object
from ...resolvers import events
from ..needs import needs
from ..types import JSON
from ..types.documented_list import DocumentedList, as_documented_list
from .automations import PairedQuery


@strawberry.type
class EventQueries:
    @strawberry.field(
        extensions=needs("getEvents"),
        description="The events that this server tells as GET /operations-manager/events answers them, by topic.",
    )
    def event_definitions(self, query: PairedQuery) -> DocumentedList:
        return as_documented_list(events.definitions(query if is_object(query) else {}))

    @strawberry.field(
        extensions=needs("getEventDefinition"),
        description="One of them, with the schema of what it tells. An unknown one is an error of code "
        "EVENT_NOT_FOUND.",
    )
    def event_definition(
        self,
        event_source: Annotated[
            # What strawberry hands to the checks of a field calls something else `source`.
            str, strawberry.argument(name="source", description="`@itential/app-workflow_engine`.")
        ],
        topic: Annotated[str, strawberry.argument(description="jobStart, jobComplete and so on.")],
    ) -> JSON:
        return cast(JSON, events.definition(event_source, topic))
