import { cacheExchange } from "@urql/exchange-graphcache";
import { createClient, fetchExchange, mapExchange, subscriptionExchange, type CombinedError } from "urql";
import { ViewerDocument } from "../gql/graphql";
import { connect, follow } from "./connection";

/** The server's root, whatever path a proxy puts before it: the page's <base> leads there. */
export const ROOT = new URL(".", document.baseURI);
export const BASE = ROOT.pathname.replace(/\/$/, "");

const GRAPHQL = new URL("graphql", ROOT);
const SOCKET = new URL(GRAPHQL);
SOCKET.protocol = SOCKET.protocol.replace("http", "ws");

/** Objects that are part of another one: they have no id, or one that several of them share. */
const PARTS = [
  ...["JobMetrics", "Error", "Warning", "ValidationError", "Wait", "Parent", "Decorator", "JobConnection", "PageInfo"],
  ...["IterationConnection", "IterationJob", "IterationMetrics", "Form", "TaskVariables", "RetrySettings", "Point"],
  ...["Loop", "ChildJob", "WorkflowTransition", "WorkflowCheck", "JobResult", "Repaired", "JobEvent", "TaskChange"],
  ...["ImportReport", "ImportedDocument", "SkippedDocument", "DocumentedList", "AppMethods", "AccountList"],
  ...[
    "JobHistory",
    "PersonalAct",
    "JobPermission",
    "GroupList",
    "RoleList",
    "MethodList",
    "Program",
    "Method",
    "GroupMembership",
    "AssignedRole",
  ],
];

/** The server's answer to this very page is the one to sign in on, which leads back here. */
function signIn(): void {
  location.reload();
}

export function isSignedOut(error: CombinedError | undefined): boolean {
  return !!error?.graphQLErrors.some((one) => one.extensions["code"] === "NOT_SIGNED_IN");
}

const REFUSED = mapExchange({ onError: (error) => isSignedOut(error) && signIn() });

/** For answers so large that to keep them takes longer than to ask again. */
export const uncached = createClient({
  url: GRAPHQL.href,
  preferGetMethod: false,
  requestPolicy: "network-only",
  exchanges: [REFUSED, fetchExchange],
});

export function makeClient() {
  const client = createClient({
    url: GRAPHQL.href,
    preferGetMethod: false,
    exchanges: [
      REFUSED,
      cacheExchange({ keys: Object.fromEntries(PARTS.map((name) => [name, () => null])) }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: follow(socket, query ?? "", variables as Record<string, unknown>, sink as never),
          }),
        }),
      }),
    ],
  });
  const socket = connect(SOCKET.href, () => {
    // Whether it was refused for want of a session is what the next request tells.
    void client.query(ViewerDocument, {}, { requestPolicy: "network-only" }).toPromise();
  });
  return client;
}
