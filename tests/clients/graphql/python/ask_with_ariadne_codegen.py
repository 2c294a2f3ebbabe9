"""The client that ariadne-codegen made of operations.graphql. Prints one line of JSON."""

import asyncio
import json
import os
import sys
from typing import Any

sys.path.insert(0, sys.argv[1])
import made
from made.exceptions import GraphQLClientGraphQLMultiError

URL = f"{os.environ['JOBYARD_SERVER']}/graphql"
TOKEN, WORKFLOW = os.environ["JOBYARD_TOKEN"], os.environ["JOBYARD_WORKFLOW"]


async def main() -> None:
    client: Any = made.Client(
        url=URL,
        headers={"Authorization": f"Bearer {TOKEN}"},
        ws_url=URL.replace("http", "ws", 1),
        ws_connection_init_payload={"token": TOKEN},
    )
    started = (await client.start_job(workflow=WORKFLOW)).start_job.id
    followed = [one.job_changed.status async for one in client.follow_job(id=started)]
    first = (await client.page_jobs(first=1, name=WORKFLOW)).jobs
    second = (await client.page_jobs(first=1, after=first.page_info.end_cursor, name=WORKFLOW)).jobs
    try:
        refused = str(await client.find_job(id="f" * 24))
    except GraphQLClientGraphQLMultiError as refusal:
        refused = (refusal.errors[0].extensions or {})["code"]
    paged = [page.edges[0].node.id for page in (first, second)]
    print(json.dumps({"started": started, "followed": followed, "paged": paged, "refused": refused}))


asyncio.run(main())
