import { Fragment, useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { useNames } from "../api/names";
import { JobDocumentDocument, JobsDocument, JobVariablesDocument } from "../gql/graphql";
import { JobRow, JobsHead } from "../jobs/row";
import { Elapsed, Empty, Loading, StateBadge, Time, Trouble } from "../ui/parts";
import { stateOfTask } from "../ui/state";
import { Tree } from "../ui/tree";
import { titleOf } from "./page";
import type { Happening, Job } from "./use-job";
import { writers } from "./writers";

const PAGE = 200;

/** So many rows, and a button for more. */
function usePages(total: number): [number, React.ReactNode] {
  const [shown, setShown] = useState(PAGE);
  const more = total > shown && (
    <button type="button" className="plain" onClick={() => setShown(shown + PAGE)}>
      Show {Math.min(PAGE, total - shown)} of {total - shown} more
    </button>
  );
  return [shown, more];
}

export function Tasks({
  job,
  chosen,
  onChoose,
}: {
  job: Job;
  chosen: string | null;
  onChoose: (task: string) => void;
}) {
  const [shown, more] = usePages(job.tasks.length);
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>Status</th>
            <th>Task</th>
            <th className="wide-only">Method</th>
            <th>Started</th>
            <th className="number">Took</th>
            <th className="number wide-only">Times</th>
          </tr>
        </thead>
        <tbody>
          {job.tasks.slice(0, shown).map((task) => (
            <tr key={task.id} className={task.taskId === chosen ? "chosen" : undefined}>
              <td>
                <StateBadge state={stateOfTask(task, job)} />
              </td>
              <td>
                <button type="button" className="plain" onClick={() => onChoose(task.taskId)}>
                  {titleOf(task)} <span className="id quiet">{task.taskId}</span>
                </button>
              </td>
              <td className="wide-only">{[task.app, task.name].filter(Boolean).join(".")}</td>
              <td>
                <Time at={task.startTime} />
              </td>
              <td className="number">
                <Elapsed from={task.startTime} to={task.endTime} over={task.status !== "RUNNING"} />
              </td>
              <td className="number wide-only">{task.iterations.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </div>
  );
}

/** The jobs that its tasks started; each unfolds into those that it started itself. */
export function Children({ job }: { job: { id: string } }) {
  const who = useNames();
  const [afters, setAfters] = useState<(string | null)[]>([null]);
  return (
    <div className="scroll-x">
      <table className="table">
        <JobsHead />
        {afters.map((after) => (
          <ChildrenOfPage
            key={after}
            parent={job.id}
            after={after}
            who={who}
            isLast={after === afters.at(-1)}
            onNext={(next) => setAfters([...afters, next])}
          />
        ))}
      </table>
    </div>
  );
}

function ChildrenOfPage({
  parent,
  after,
  who,
  isLast,
  onNext,
}: {
  parent: string;
  after: string | null;
  who: (id: string | null | undefined) => string;
  isLast: boolean;
  onNext: (after: string) => void;
}) {
  const [{ data, error }] = useQuery({
    query: JobsDocument,
    variables: { filter: { parent }, orderBy: { field: "START_TIME", direction: "ASC" }, first: 50, after },
    requestPolicy: "cache-and-network",
  });
  const next = data?.jobs.pageInfo;
  return (
    <tbody>
      {!data && (
        <tr>
          <td colSpan={9}>{error ? <Trouble error={error} /> : <Loading what="child jobs" />}</td>
        </tr>
      )}
      {data?.jobs.nodes.map((child) => (
        <JobRow key={child.id} job={child} who={who} />
      ))}
      {data?.jobs.nodes.length === 0 && after === null && (
        <tr>
          <td colSpan={9}>
            <Empty title="No child jobs">A task of the method childJob starts them.</Empty>
          </td>
        </tr>
      )}
      {isLast && next?.hasNextPage && next.endCursor && (
        <tr>
          <td colSpan={9}>
            <button type="button" className="plain" onClick={() => next.endCursor && onNext(next.endCursor)}>
              Show 50 more
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function has(value: unknown, sought: string): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).some(([key, inner]) => key.toLowerCase().includes(sought) || has(inner, sought));
  }
  return String(value).toLowerCase().includes(sought);
}

export function Variables({ job, onChoose }: { job: Job; onChoose: (task: string) => void }) {
  const [{ data, error }, ask] = useQuery({
    query: JobVariablesDocument,
    variables: { id: job.id },
    requestPolicy: "cache-and-network",
  });
  useEffect(() => ask({ requestPolicy: "network-only" }), [ask, job.lastUpdated]);
  const [wanted, setWanted] = useState("");
  const variables = data?.job?.variables;
  const found = useMemo(() => {
    const sought = wanted.trim().toLowerCase();
    const all = Object.entries((variables ?? {}) as Record<string, unknown>);
    return Object.fromEntries(all.filter(([key, value]) => !sought || has({ [key]: value }, sought)));
  }, [variables, wanted]);
  if (!data?.job) return error ? <Trouble error={error} /> : <Loading what="variables" />;
  const written = [...writers(data.job.tasks)].filter(([name]) => name in found).slice(0, PAGE);
  return (
    <div className="stack">
      <div className="row">
        <input
          type="search"
          aria-label="Find in the variables"
          placeholder="Find a name or value"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        {data.job.decorators.length > 0 && (
          <span className="quiet small">What its author marked as secret is shown as ********.</span>
        )}
      </div>
      <Tree value={found} what={`${Object.keys(found).length} variables`} />
      {written.length > 0 && (
        <dl className="facts">
          {written.map(([name, tasks]) => (
            <Fragment key={name}>
              <dt className="mono">{name}</dt>
              <dd>
                written by{" "}
                {tasks.map((task, index) => (
                  <Fragment key={task.id}>
                    {index > 0 && ", "}
                    <button type="button" className="plain" onClick={() => onChoose(task.taskId)}>
                      {titleOf(task)} <span className="id quiet">{task.taskId}</span>
                    </button>
                  </Fragment>
                ))}
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </div>
  );
}

const TOPICS: Record<string, string> = {
  JOB_START: "The job was started",
  JOB_COMPLETE: "The job reached its end",
  JOB_ERROR: "The job is in error",
  JOB_FIX: "Somebody repaired it: it runs again",
  JOB_PAUSE: "Somebody paused it",
  JOB_RESUME: "Somebody let it go on",
  JOB_CANCEL: "Somebody canceled it",
};

export function History({
  job,
  events,
  onChoose,
}: {
  job: Job;
  events: Happening[];
  onChoose: (task: string) => void;
}) {
  const [shown, more] = usePages(events.length);
  const titles = new Map(job.tasks.map((task) => [task.taskId, titleOf(task)]));
  if (events.length === 0) return <Loading what="what happened" />;
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th className="number">No.</th>
            <th>When</th>
            <th>What happened</th>
          </tr>
        </thead>
        <tbody>
          {[...events]
            .reverse()
            .slice(0, shown)
            .map((event) => (
              <tr key={event.number}>
                <td className="number">{event.number}</td>
                <td>
                  <Time at={event.at} />
                </td>
                <td>
                  <span className="row">
                    {event.topic && <span>{TOPICS[event.topic] ?? event.topic}</span>}
                    {!event.topic && event.tasks.length === 0 && <span className="quiet">A child job went on</span>}
                    {event.tasks.slice(0, 8).map((change) => (
                      <button
                        key={`${change.task}:${change.iteration}`}
                        type="button"
                        className="plain"
                        onClick={() => onChoose(change.task)}
                      >
                        <StateBadge
                          state={stateOfTask(
                            { taskId: "", status: change.status, finishState: change.finishState ?? null },
                            { status: event.status, waitsFor: [] },
                          )}
                          word={`${titles.get(change.task) ?? change.task}${change.iteration > 1 ? ` (${change.iteration})` : ""}`}
                        />
                      </button>
                    ))}
                    {event.tasks.length > 8 && <span className="quiet">and {event.tasks.length - 8} more</span>}
                  </span>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      {more}
    </div>
  );
}

export function Document({ id }: { id: string }) {
  const [{ data, error }] = useQuery({
    query: JobDocumentDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  if (!data?.job) return error ? <Trouble error={error} /> : <Loading what="the document" />;
  return <Tree value={data.job.documented} what="The job in its documented form" />;
}
