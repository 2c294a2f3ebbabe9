import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { useFresh } from "../api/live";
import { ChildrenDocument, JobCountsDocument } from "../gql/graphql";
import { counted, MOST } from "../jobs/counts";
import { Icon } from "../ui/icon";
import { Loading, Trouble } from "../ui/parts";
import { stateOfJob, WORDS } from "../ui/state";

const PAUSE = 1000; // milliseconds between two readings
const PAGE = 20;
const STATES = ["running", "paused", "error", "complete", "canceled"] as const;

/** At a task of a graph: how many of its child jobs are in which state, and these jobs when it is unfolded. */
export function ChildrenOfTask({ parent, task }: { parent: string; task: string }) {
  const [isOpen, setOpen] = useState(false);
  const of = (status: (typeof STATES)[number]) => ({
    parent,
    parentTask: task,
    status: [status.toUpperCase() as Uppercase<typeof status>],
  });
  const [{ data }, ask] = useQuery({
    query: JobCountsDocument,
    variables: {
      running: of("running"),
      paused: of("paused"),
      error: of("error"),
      complete: of("complete"),
      canceled: of("canceled"),
      most: MOST,
    },
    requestPolicy: "cache-and-network",
  });
  useFresh(ask, PAUSE);
  const counts = STATES.map((state) => ({ state, count: data?.[state].countUpTo ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  if (counts.length === 0) return null;
  const told = counts.map(({ state, count }) => `${counted(count)} ${WORDS[state].toLowerCase()}`).join(", ");
  return (
    <>
      <button
        type="button"
        className="node-counts nodrag"
        aria-expanded={isOpen}
        aria-label={`Child jobs: ${told}`}
        title={`Child jobs: ${told}`}
        onClick={() => setOpen(!isOpen)}
      >
        {counts.map(({ state, count }) => (
          <span key={state} className={`count-of of-${state}`}>
            <Icon name={state} />
            {counted(count)}
          </span>
        ))}
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
      </button>
      {isOpen && <Unfolded parent={parent} task={task} />}
    </>
  );
}

function Unfolded({ parent, task }: { parent: string; task: string }) {
  const [{ data, error }, ask] = useQuery({
    query: ChildrenDocument,
    variables: { parent, task, first: PAGE },
    requestPolicy: "cache-and-network",
  });
  useFresh(ask, PAUSE);
  return (
    <div className="node-children nodrag nowheel nopan" tabIndex={0} role="group" aria-label="Child jobs">
      {!data && (error ? <Trouble error={error} /> : <Loading what="child jobs" />)}
      {data?.jobs.nodes.map((child) => (
        <Link key={child.id} href={`/jobs/${child.id}`} className={`of-${stateOfJob(child)}`}>
          <Icon name={stateOfJob(child)} />
          <span className="unseen">{WORDS[stateOfJob(child)]}: </span>
          <span className="title">{child.description || child.name || child.id}</span>
          <span className="id">{child.id.slice(-6)}</span>
        </Link>
      ))}
      {data?.jobs.pageInfo.hasNextPage && (
        <Link href={`/jobs/${parent}?tab=children`}>All {data.jobs.totalCount.toLocaleString("en")} of the job</Link>
      )}
    </div>
  );
}
