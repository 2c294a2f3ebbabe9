// urql, of the version whose package the first argument names: with fetch alone, with subscriptions over server-sent
// events, and with those over graphql-ws.
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import { CHANGES, START, UNKNOWN, VIEWER, headers, print, socketUrl, token, url, workflow } from "./place.mjs";

const { createClient, fetchExchange, subscriptionExchange } = await import(process.argv[2]);

const socket = createSocket({ url: socketUrl, connectionParams: { token }, webSocketImpl: WebSocket });
const overSocket = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
  }),
});
const options = { url, fetchOptions: { headers }, preferGetMethod: false };
const overEvents = createClient({ ...options, exchanges: [fetchExchange], fetchSubscriptions: true });
const withSocket = createClient({ ...options, exchanges: [overSocket, fetchExchange] });
const byGet = createClient({ ...options, exchanges: [fetchExchange], preferGetMethod: "force" });
const nobody = createClient({ url, exchanges: [fetchExchange], preferGetMethod: false });

// The payloads of a subscription, until the job is complete.
function follow(client, id) {
  return new Promise((resolve, reject) => {
    const heard = [];
    const { unsubscribe } = client.subscription(CHANGES, { id }).subscribe(({ data, error }) => {
      if (error) return reject(error);
      heard.push(data.jobChanged.status);
      if (data.jobChanged.status === "COMPLETE") setTimeout(() => (unsubscribe(), resolve(heard)));
    });
  });
}

function told({ data, error }) {
  return { data, message: error?.message, codes: error?.graphQLErrors.map((one) => one.extensions.code) };
}

const started = await overEvents.mutation(START, { workflow }).toPromise();
print({
  query: told(await overEvents.query(VIEWER, {}).toPromise()),
  byGet: told(await byGet.query(VIEWER, {}).toPromise()),
  mutation: told(started),
  events: await follow(overEvents, started.data.startJob.id),
  socket: await follow(withSocket, started.data.startJob.id),
  refused: told(await overEvents.query(UNKNOWN, {}).toPromise()),
  nobody: { status: (await nobody.query(VIEWER, {}).toPromise()).error.response.status },
});
await socket.dispose();
