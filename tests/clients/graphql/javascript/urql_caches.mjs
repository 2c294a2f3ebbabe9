// urql with its normalizing cache, which reads the schema from the server, and with persisted queries.
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient, fetchExchange } from "@urql/core";
import { getIntrospectionQuery } from "graphql";
import * as place from "./place.mjs";

const { PAGE, START, headers, url, waiting, workflow } = place;
const sent = [];
async function watched(...request) {
  const answer = await fetch(...request);
  sent.push({ method: request[1].method, text: /[?&]query=/.test(request[0]), status: answer.status });
  return answer;
}
const options = { url, fetchOptions: { headers }, preferGetMethod: false };
const plain = createClient({ ...options, exchanges: [fetchExchange] });
const { data: schema } = await plain.query(getIntrospectionQuery(), {}).toPromise();
const cache = cacheExchange({ schema, resolvers: { Query: { jobs: relayPagination() } } });
const cached = createClient({ ...options, exchanges: [cache, fetchExchange] });
const byHash = createClient({
  ...options,
  fetch: watched,
  exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
});

const ids = [];
for (const name of [workflow, waiting]) {
  ids.push((await cached.mutation(START, { workflow: name }).toPromise()).data.startJob.id);
}
const states = `query ($id: ID!) { job(id: $id) { id tasks { id taskId status } } }`;
const drawn = `query ($name: String!) { workflow(name: $name) { id tasks { id taskId name } } }`;
const waits = (client, id) => client.query(states, { id }).toPromise();
await waits(cached, ids[1]);
const first = await cached.query(PAGE, { first: 1, name: workflow }).toPromise();
const after = first.data.jobs.pageInfo.endCursor;
const paged = await cached.query(PAGE, { first: 1, after, name: workflow }).toPromise();
for (const id of ids) await waits(cached, id);
await cached.query(drawn, { name: waiting }).toPromise();
const again = { requestPolicy: "cache-only" };
const tasks = async (id) => (await cached.query(states, { id }, again).toPromise()).data.job.tasks;
const fresh = async (id) => (await waits(plain, id)).data.job.tasks;
const page = () => byHash.query(PAGE, { first: 1, name: workflow }, { requestPolicy: "network-only" }).toPromise();
const named = [await page(), await page()];
place.print({
  cached: await Promise.all(ids.map(tasks)),
  fresh: await Promise.all(ids.map(fresh)),
  paged: paged.data.jobs.edges.map(({ node }) => node.id),
  byHash: named.map(({ data }) => data.jobs.edges.length),
  sent,
});
