import { useCallback, useEffect, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { useLive } from "../api/live";
import { JobDocument, JobHistoryDocument, type JobHistorySubscription, type JobQuery } from "../gql/graphql";

export type Job = NonNullable<JobQuery["job"]>;
export type Happening = JobHistorySubscription["jobChanged"];

const MOST_KEPT = 2000; // events; those before them are the older ones
const PAUSE = 100; // milliseconds between two readings of a job that changes all the time

/** A job as it is now: what happened to it comes as events, and each of them has it read anew. */
export function useJob(id: string) {
  const client = useClient();
  const [{ data, error, fetching }] = useQuery({
    query: JobDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const [events, setEvents] = useState<Happening[]>([]);
  const reading = useRef({ busy: false, again: false });

  const read = useCallback(async () => {
    const state = reading.current;
    if (state.busy) {
      state.again = true;
      return;
    }
    state.busy = true;
    do {
      state.again = false;
      await client.query(JobDocument, { id }, { requestPolicy: "network-only" }).toPromise();
      await new Promise((done) => setTimeout(done, PAUSE));
    } while (state.again);
    state.busy = false;
  }, [client, id]);

  useLive(
    JobHistoryDocument,
    { id },
    ({ jobChanged: event }) => {
      setEvents((before) => [...before.filter((one) => one.number !== event.number), event].slice(-MOST_KEPT));
      void read();
    },
    () => void read(),
  );
  useEffect(() => {
    document.title = data?.job ? `${data.job.name ?? id}: jobyard` : "jobyard";
    return () => {
      document.title = "jobyard";
    };
  }, [data?.job, id]);
  return { job: data?.job ?? null, error, fetching, events, read };
}
