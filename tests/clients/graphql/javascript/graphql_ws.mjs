// graphql-ws: everything over one WebSocket. graphql-sse: a subscription over server-sent events.
import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import { CHANGES, PAGE, START, UNKNOWN, VIEWER, headers, print, socketUrl, token, url, workflow } from "./place.mjs";

const socket = createSocket({ url: socketUrl, connectionParams: { token }, webSocketImpl: WebSocket });
const events = createEvents({ url, headers });

async function all(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}

async function refused(client, query, more) {
  try {
    for await (const result of client.iterate({ query, ...more })) return result;
  } catch (errors) {
    return errors;
  }
}

const [started] = await all(socket, START, { workflow });
const { id } = started.data.startJob;
const [first] = await all(socket, PAGE, { first: 1, name: workflow });
const [second] = await all(socket, PAGE, { first: 1, after: first.data.jobs.pageInfo.endCursor, name: workflow });
print({
  paged: [first, second].map(({ data }) => data.jobs.edges[0].node.id),
  query: await all(socket, VIEWER),
  mutation: started,
  socket: (await all(socket, CHANGES, { id })).map(({ data }) => data.jobChanged.status),
  events: (await all(events, CHANGES, { id })).map(({ data }) => data.jobChanged.status),
  queryOverEvents: await all(events, VIEWER),
  refused: await refused(socket, UNKNOWN),
  unknownOperation: await refused(socket, "query A { __typename }", { operationName: "B" }),
  severalOperations: await refused(socket, "query A { __typename } query B { __typename }"),
});
await socket.dispose();
