import { createClient, type Client, type SubscribePayload } from "graphql-ws";
import { useSyncExternalStore } from "react";

/** Whether what happens is heard as it happens: `lost` from a broken connection until the next one. */
export type Connection = "quiet" | "live" | "lost";

const listeners = new Set<() => void>();
let current: Connection = "quiet";

function become(next: Connection): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export function connect(url: string, whenRefused: () => void): Client {
  return createClient({
    url,
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((done) => setTimeout(done, Math.min(4000, 250 * 2 ** retries))),
    shouldRetry: () => true,
    on: {
      connected: () => become("live"),
      closed: (event) => {
        const { code } = event as CloseEvent;
        become(code === 1000 ? "quiet" : "lost");
        if (code === 1008 || code === 4401 || code === 4403) whenRefused();
      },
    },
  });
}

interface Sink {
  next: (value: never) => void;
  error: (fault: never) => void;
  complete: () => void;
}

/**
 * Follows one subscription. Its variables take the cursor of each event, so that after a broken connection, when the
 * same payload is sent again, it goes on behind the last event that was read.
 */
export function follow(client: Client, query: string, given: Record<string, unknown>, sink: Sink): () => void {
  const variables = { ...given };
  const payload: SubscribePayload = { query, variables };
  return client.subscribe(payload, {
    next: (result) => {
      for (const event of Object.values(result.data ?? {})) {
        const cursor = (event as { cursor?: unknown } | null)?.cursor;
        if (typeof cursor === "string") variables["after"] = cursor;
      }
      sink.next(result as never);
    },
    error: (fault) => sink.error(fault as never),
    complete: () => sink.complete(),
  });
}
