import { Fragment, useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { JobDocumentDocument, JobTimesDocument, JobVariablesDocument } from "../gql/graphql";
import { Elapsed, Loading, Search, StateBadge, Time, Trouble } from "../ui/parts";
import { stateOfTask } from "../ui/state";
import { Tree } from "../ui/tree";
import { titleOf } from "./titles";
import type { Job } from "./use-job";
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
  const [{ data }, ask] = useQuery({ query: JobTimesDocument, variables: { id: job.id } });
  useEffect(() => ask({ requestPolicy: "network-only" }), [ask, job.lastUpdated]);
  const times = useMemo(() => new Map(data?.job?.tasks.map((task) => [task.taskId, task])), [data]);
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
                <Time at={times.get(task.taskId)?.startTime} />
              </td>
              <td className="number">
                <Elapsed
                  from={times.get(task.taskId)?.startTime}
                  to={times.get(task.taskId)?.endTime}
                  over={task.status !== "RUNNING"}
                />
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
        <Search label="Find in the variables" hint="Find a name or value" value={wanted} onChange={setWanted} />
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

export function Document({ id }: { id: string }) {
  const [{ data, error }] = useQuery({
    query: JobDocumentDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  if (!data?.job) return error ? <Trouble error={error} /> : <Loading what="the document" />;
  return <Tree value={data.job.documented} what="The job in its documented form" />;
}
