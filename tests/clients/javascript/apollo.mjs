// Apollo Client with its default cache, over two jobs of one workflow: HTTP with its own multipart subscriptions, and
// graphql-ws.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import { CHANGES, START, UNKNOWN, VIEWER, headers, print, socketUrl, token, url, waiting, workflow } from "./place.mjs";

const socket = createSocket({ url: socketUrl, connectionParams: { token }, webSocketImpl: WebSocket });
const overHttp = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url, headers }) });
const overSocket = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket) });

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

const ids = [await start(workflow), await start(workflow)];
const answers = {
  query: (await overHttp.query({ query: gql(VIEWER) })).data,
  multipart: await follow(overHttp, ids[0]),
  socket: await follow(overSocket, ids[1]),
  refused: await overHttp.query({ query: gql(UNKNOWN) }).catch((error) => error.errors[0].extensions.code),
};

// Of two jobs, one complete and one canceled while it waited: what the cache says when both were asked for.
const canceled = await start(waiting);
const cancel = gql`mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { __typename } }`;
await overHttp.mutate({ mutation: cancel, variables: { ids: [canceled] } });
const states = gql`query ($id: ID!) { job(id: $id) { id status tasks { id status } } }`;
const jobs = [ids[0], canceled];
for (const id of jobs) await overHttp.query({ query: states, variables: { id } });
answers.cached = jobs.map((id) => overHttp.readQuery({ query: states, variables: { id } }).job);
const again = (id) => overHttp.query({ query: states, variables: { id }, fetchPolicy: "no-cache" });
answers.fresh = (await Promise.all(jobs.map(again))).map(({ data }) => data.job);
print(answers);
await socket.dispose();
