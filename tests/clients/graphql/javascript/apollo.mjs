// Apollo Client of the version that the first argument names, 3 or 4, with its default cache over two jobs and a workflow:
// HTTP with its own multipart subscriptions, graphql-ws, automatic persisted queries, batches and pages.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import * as place from "./place.mjs";

const { CHANGES, PAGE, START, UNKNOWN, VIEWER, headers, url, waiting, workflow } = place;
const require = createRequire(import.meta.url);
const [apollo, core] = process.argv[2] === "3" ? ["apollo-client-3", "apollo-client-3/core"] : Array(2).fill("@apollo/client");
const { ApolloClient, HttpLink, InMemoryCache, gql } = require(core);
const { GraphQLWsLink } = require(`${apollo}/link/subscriptions`);
const { createPersistedQueryLink } = require(`${apollo}/link/persisted-queries`);
const { BatchHttpLink } = require(`${apollo}/link/batch-http`);
const { relayStylePagination } = require(`${apollo}/utilities`);

const socket = createSocket({ url: place.socketUrl, connectionParams: { token: place.token }, webSocketImpl: WebSocket });
const sent = []; // the bodies of requests, and how they were answered
async function watched(...request) {
  const answer = await fetch(...request);
  sent.push({ body: JSON.parse(request[1].body), status: answer.status });
  return answer;
}

function client(link, cache = {}) {
  return new ApolloClient({ cache: new InMemoryCache(cache), link });
}
const http = () => new HttpLink({ uri: url, headers, fetch: watched });
const sha256 = async (text) => createHash("sha256").update(text).digest("hex");
const overHttp = client(http());
const overSocket = client(new GraphQLWsLink(socket));
const byHash = client(createPersistedQueryLink({ sha256 }).concat(http()));
const inBatches = client(new BatchHttpLink({ uri: url, headers, fetch: watched, batchInterval: 20 }));
const paging = client(http(), { typePolicies: { Query: { fields: { jobs: relayStylePagination(["filter"]) } } } });

// The payloads of a subscription, until the server completes it.
function follow(client, id) {
  return new Promise((resolve, reject) => {
    const heard = [];
    client.subscribe({ query: gql(CHANGES), variables: { id } }).subscribe({
      next: ({ data, error }) => (error ? reject(error) : heard.push(data.jobChanged.status)),
      error: reject,
      complete: () => resolve(heard),
    });
  });
}

async function start(name) {
  const { data } = await overHttp.mutate({ mutation: gql(START), variables: { workflow: name } });
  return data.startJob.id;
}

function codeOf(error) {
  return (error.graphQLErrors ?? error.errors)[0].extensions.code;
}

const ids = [await start(workflow), await start(workflow)];
const answers = {
  query: (await overHttp.query({ query: gql(VIEWER) })).data,
  multipart: await follow(overHttp, ids[0]),
  socket: await follow(overSocket, ids[1]),
  refused: await overHttp.query({ query: gql(UNKNOWN) }).catch(codeOf),
};

// Of two jobs, one complete and one canceled while it waited, and of the workflow of one: what the cache says afterwards.
const canceled = await start(waiting);
const cancel = gql`mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { __typename } }`;
await overHttp.mutate({ mutation: cancel, variables: { ids: [canceled] } });
const states = gql`query ($id: ID!) { job(id: $id) { id status tasks { id taskId name status } } }`;
const drawn = gql`query ($name: String!) { workflow(name: $name) { id tasks { id taskId name summary } } }`;
const jobs = [ids[0], canceled];
for (const id of jobs) await overHttp.query({ query: states, variables: { id } });
await overHttp.query({ query: drawn, variables: { name: waiting } });
answers.cached = jobs.map((id) => overHttp.readQuery({ query: states, variables: { id } }).job);
answers.drawn = overHttp.readQuery({ query: drawn, variables: { name: waiting } }).workflow;
const again = (id) => overHttp.query({ query: states, variables: { id }, fetchPolicy: "no-cache" });
answers.fresh = (await Promise.all(jobs.map(again))).map(({ data }) => data.job);

// The same query three times by its hash: refused, sent with its text, and known from then on.
sent.length = 0;
const text = `query ByHash${process.argv[2]}($id: ID!) { job(id: $id) { id name status } }`;
const asked = { query: gql(text), fetchPolicy: "no-cache" };
const named = [];
for (const id of jobs) named.push((await byHash.query({ ...asked, variables: { id } })).data.job.status);
answers.byHash = { named, texts: sent.map(({ body }) => "query" in body), statuses: sent.map(({ status }) => status) };

sent.length = 0;
const both = jobs.map((id) => inBatches.query({ query: states, variables: { id } }));
answers.batch = (await Promise.all(both)).map(({ data }) => data.job.status);
answers.batches = sent.map(({ body }) => body.length);

const first = { query: gql(PAGE), variables: { first: 1, name: workflow } };
const { data } = await paging.query(first);
const page = paging.watchQuery(first);
const shown = page.subscribe(() => {});
await page.fetchMore({ variables: { after: data.jobs.pageInfo.endCursor } });
answers.paged = paging.readQuery(first).jobs.edges.map(({ node }) => node.id);
shown.unsubscribe();
place.print(answers);
await socket.dispose();
