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

const results = {};
for (const beside of BESIDE) {
  const fetchFn = (address, options = {}) => {
    const given = new Headers(options.headers);
    if (beside) given.set("accept", `${given.get("accept") ?? "application/json"}${beside}`);
    given.set("authorization", headers.authorization);
    return fetch(address, { ...options, headers: given });
  };
  results[beside] = { ok: 0, others: [] };
  for (const audit of serverAudits({ url, fetchFn })) {
    const { status, name, reason } = await audit.fn();
    if (status === "ok") results[beside].ok += 1;
    else results[beside].others.push(`${status} ${name}: ${reason}`);
  }
}
print(results);
