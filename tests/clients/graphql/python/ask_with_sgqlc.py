"""sgqlc, with the module that its generator made of the schema. Prints one line of JSON."""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation
from sgqlc.types import Arg, Variable, non_null

spec = importlib.util.spec_from_file_location("made", sys.argv[1])
assert spec is not None
made: Any = importlib.util.module_from_spec(spec)
assert spec.loader is not None
spec.loader.exec_module(made)
schema = getattr(made, Path(sys.argv[1]).stem)  # the generator calls it as it calls the file

endpoint = HTTPEndpoint(
    f"{os.environ['JOBYARD_SERVER']}/graphql", {"Authorization": f"Bearer {os.environ['JOBYARD_TOKEN']}"}
)
workflow = os.environ["JOBYARD_WORKFLOW"]

start = Operation(schema.mutation_type, variables={"options": Arg(non_null(made.StartJobOptions))}, name="Start")
start.start_job(workflow=workflow, options=Variable("options")).__fields__("id", "status")
job = (start + endpoint(start, {"options": {"variables": {"device": "edge-1"}}})).start_job

followed = []
while not followed or followed[-1] == "RUNNING":
    look = Operation(schema.query_type)
    look.job(id=job.id).__fields__("status")
    followed.append((look + endpoint(look)).job.status)


def page(after: str | None) -> Any:
    asked = Operation(schema.query_type)
    jobs = asked.jobs(first=1, after=after, filter={"name": {"equals": workflow}})
    jobs.edges.node.__fields__("id")
    jobs.page_info.end_cursor()
    return (asked + endpoint(asked)).jobs


first = page(None)
second = page(first.page_info.end_cursor)
unknown = Operation(schema.query_type)
unknown.job(id="f" * 24).id()
refusal = endpoint(unknown)
paged = [one.edges[0].node.id for one in (first, second)]
code = refusal["errors"][0]["extensions"]["code"]
print(json.dumps({"started": job.id, "followed": followed, "paged": paged, "refused": code}))
