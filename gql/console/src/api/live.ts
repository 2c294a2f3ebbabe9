import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useSubscription, type AnyVariables, type UseQueryExecute } from "urql";
import { JobsChangedDocument } from "../gql/graphql";
import { calmed } from "./calm";

/**
 * Calls `heard` for each event. Where the server has forgotten what followed our last event, `missed` reads everything
 * anew, and what happens from now on is followed.
 */
export function useLive<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  heard: (event: Data) => void,
  missed: () => void,
  pause = false,
): void {
  const latest = useRef({ heard, missed });
  useEffect(() => {
    latest.current = { heard, missed };
  });
  const onEvent = useCallback((_: null | undefined, event: Data) => {
    latest.current.heard(event);
    return null;
  }, []);
  const [{ error }, restart] = useSubscription<Data, null, Variables>({ query, variables, pause }, onEvent);
  const code = error?.graphQLErrors[0]?.extensions["code"];
  useEffect(() => {
    if (code !== "CURSOR_LOST" && code !== "TOO_SLOW") return;
    latest.current.missed();
    restart();
  }, [code, restart]);
}

/** Asks a query again when something happened to a job, but not more often than that: many happen at once. */
export function useFresh(ask: UseQueryExecute, pause: number): () => void {
  const calm = useMemo(() => calmed(() => ask({ requestPolicy: "network-only" }), pause), [ask, pause]);
  useEffect(() => calm.stop, [calm]);
  useLive(JobsChangedDocument, {}, calm.call, calm.call);
  return calm.call;
}
