"""What one may do to workflows."""

from typing import Annotated

import strawberry

from ...resolvers import workflows
from ..context import Asked
from ..requests import within
from ..types import JSON, ImportReport, as_import_report

MOST_DOCUMENTS = 1000


@strawberry.type
class WorkflowMutations:
    @strawberry.mutation(
        description="Import workflows, transformations, templates and JSON forms, replacing those of the same name or "
        "id. A document may be bare, an API body, a pre-built artifact.json, a project export or a list. What cannot "
        f"be imported is reported and stops nothing. At most {MOST_DOCUMENTS} documents."
    )
    async def import_workflows(
        self,
        info: Asked,
        documents: Annotated[list[JSON], strawberry.argument(description="The documents or their containers.")],
    ) -> ImportReport:
        wanted = within(documents, MOST_DOCUMENTS)
        return as_import_report(await workflows.import_documents(wanted, info.context["yard"].providers.offers))
