// The audits of GraphQL over HTTP by graphql-http, each with every one of these beside what the audit itself accepts.
import { serverAudits } from "graphql-http";
import { headers, print, url } from "./place.mjs";

const BESIDE = [
  "",
  ", */*;q=0.1",
  ", text/event-stream",
  ", multipart/mixed;subscriptionSpec=1.0",
  ", text/event-stream, multipart/mixed",
  ", text/html;q=0.9, image/webp",
  ", application/graphql+json;q=0.2, text/event-stream;q=0.1",
  ", multipart/mixed;deferSpec=20220824;q=0.5",
];

async function audited(beside) {
  const fetchFn = (address, options = {}) => {
    const given = new Headers(options.headers);
    if (beside) given.set("accept", `${given.get("accept") ?? "application/json"}${beside}`);
    given.set("authorization", headers.authorization);
    return fetch(address, { ...options, headers: given });
  };
  const results = await Promise.all(serverAudits({ url, fetchFn }).map((audit) => audit.fn()));
  const others = results.filter(({ status }) => status !== "ok");
  return { ok: results.length - others.length, others: others.map(({ status, name, reason }) => `${status} ${name}: ${reason}`) };
}

const results = {};
for (const beside of BESIDE) results[beside] = await audited(beside);
print(results);
