// graphql-request: everything that has one answer, by itself and in a batch.
import { GraphQLClient, batchRequests } from "graphql-request";
import { PAGE, START, UNKNOWN, VIEWER, headers, print, url, workflow } from "./place.mjs";

const client = new GraphQLClient(url, { headers });
const { startJob } = await client.request(START, { workflow });
const state = `query ($id: ID!) { job(id: $id) { status } }`;
let status = "RUNNING";
while (status === "RUNNING") ({ status } = (await client.request(state, { id: startJob.id })).job);
const first = await client.request(PAGE, { first: 1, name: workflow });
const second = await client.request(PAGE, { first: 1, after: first.jobs.pageInfo.endCursor, name: workflow });
const batch = [{ document: VIEWER }, { document: state, variables: { id: startJob.id } }];
print({
  started: startJob.id,
  followed: [status],
  paged: [first, second].map(({ jobs }) => jobs.edges[0].node.id),
  refused: await client.request(UNKNOWN).catch((error) => error.response.errors[0].extensions.code),
  batch: (await batchRequests({ url, requestHeaders: headers, documents: batch })).map(({ data }) => data),
});
