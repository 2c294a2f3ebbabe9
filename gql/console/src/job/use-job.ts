import { useCallback, useEffect, useMemo, useState } from "react";
import { useClient, useQuery } from "urql";
import { uncached } from "../api/client";
import { useLive } from "../api/live";
import {
  JobChangedDocument,
  JobDocument,
  JobPlanDocument,
  JobStatesDocument,
  type HappeningFragment,
  type JobAction,
  type JobPlanQuery,
  type JobQuery,
  type JobStatesQuery,
} from "../gql/graphql";
import { repeated } from "../api/repeated";
import { changed, type TaskState } from "./states";

export type Head = NonNullable<JobQuery["job"]>;
type Plan = NonNullable<JobPlanQuery["job"]>;

export type Happening = HappeningFragment;
export type Task = Plan["tasks"][number] & TaskState;
export interface Job extends Head {
  tasks: Task[];
  transitions: Plan["transitions"];
}

/** Why I may not do something with a job now; null where I may. */
export function permissionsOf(job: Pick<Head, "permissions">): (action: JobAction) => string | null {
  return (action) => job.permissions.find((one) => one.action === action)?.reason ?? null;
}

const PAUSE = 100; // milliseconds between two readings of a job that changes all the time
const LARGE_PAUSE = 3000; // of the states of many tasks: until then, events say how they change
const MANY = 300;

function statesOf(read: JobStatesQuery): Map<string, TaskState> {
  return new Map(read.job?.tasks.map((task) => [task.taskId, task]));
}

/**
 * A job as it is now. Its workflow is read once; each event says which tasks changed, and has the head of the job, and
 * now and then the states of all its tasks, read anew. What is of every task is not put into the cache, which would
 * take longer over it than the server does.
 */
export function useJob(id: string) {
  const client = useClient();
  const [{ data, error, fetching }] = useQuery({
    query: JobDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const [plan, setPlan] = useState<Plan | null>(null);
  const [states, setStates] = useState<ReadonlyMap<string, TaskState> | null>(null);
  const [failure, setFailure] = useState<typeof error>();

  const readHead = useMemo(
    () =>
      repeated(async () => {
        await client.query(JobDocument, { id }, { requestPolicy: "network-only" }).toPromise();
        return PAUSE;
      }),
    [client, id],
  );
  const readStates = useMemo(
    () =>
      repeated(async () => {
        const answer = await uncached.query(JobStatesDocument, { id }).toPromise();
        if (answer.data) setStates(statesOf(answer.data));
        else setFailure(answer.error);
        return (answer.data?.job?.tasks.length ?? 0) > MANY ? LARGE_PAUSE : PAUSE;
      }),
    [id],
  );
  const read = useCallback(() => {
    readHead();
    readStates();
  }, [readHead, readStates]);

  useEffect(() => {
    void uncached
      .query(JobPlanDocument, { id })
      .toPromise()
      .then((answer) => {
        if (answer.data) setPlan(answer.data.job ?? null);
        else setFailure(answer.error);
      });
    readStates();
  }, [id, readStates]);

  // From the event before the last: what was read may be from just before the last.
  const [first, setFirst] = useState<number | null>(null);
  const head = data?.job ?? null;
  if (first === null && head) setFirst((head.history.events[0]?.number ?? 0) - 1);
  useLive(
    JobChangedDocument,
    { id, ...(first !== null && first >= 0 && { after: String(first) }) },
    ({ jobChanged: event }) => {
      setStates((before) => before && changed(before, event.tasks));
      read();
    },
    read,
    first === null,
  );
  useEffect(() => {
    document.title = head ? `${head.name ?? id}: jobyard` : "jobyard";
    return () => {
      document.title = "jobyard";
    };
  }, [head, id]);

  const job = useMemo((): Job | null => {
    if (!head || !plan || !states) return null;
    const tasks = plan.tasks.map((task) => ({ ...task, ...states.get(task.taskId) }) as Task);
    return { ...head, tasks, transitions: plan.transitions };
  }, [head, plan, states]);
  return { head, job, error: error ?? failure, fetching, read };
}
