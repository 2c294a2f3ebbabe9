import "./timeline.css";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { JobIterationsDocument, type JobIterationsQuery } from "../gql/graphql";
import { Empty, Loading, Trouble, useNow } from "../ui/parts";
import { stateOfTask, type State } from "../ui/state";
import { duration, epoch, exact } from "../ui/time";
import { titleOf } from "./titles";
import type { Job } from "./use-job";

type Iteration = JobIterationsQuery["tasks"]["nodes"][number];

const MOST = 500; // bars; the API answers up to 1000 at a time
const ZOOMS = [1, 2, 4, 8, 16];

interface Bar {
  key: string;
  taskId: string;
  title: string;
  state: State;
  from: number;
  to: number;
  runs: boolean;
}

function barOf(one: Iteration, job: Job, titles: Map<string, string>, now: number): Bar | null {
  const from = epoch(one.metrics?.startTime);
  if (from === null || !one.taskId) return null;
  const runs = one.status === "RUNNING";
  return {
    key: one.id,
    taskId: one.taskId,
    title: titles.get(one.taskId) ?? one.name ?? one.taskId,
    state: stateOfTask(
      { taskId: one.taskId, status: one.status ?? null, finishState: one.metrics?.finishState ?? null },
      job,
    ),
    from,
    to: epoch(one.metrics?.endTime) ?? (runs ? now : from),
    runs,
  };
}

/** Every iteration as a bar; one that runs grows. */
export default function Timeline({ job, onChoose }: { job: Job; onChoose: (task: string) => void }) {
  const now = useNow();
  const [zoom, setZoom] = useState(1);
  const [{ data, error }, ask] = useQuery({
    query: JobIterationsDocument,
    variables: { jobs: [job.id], first: MOST },
    requestPolicy: "cache-and-network",
  });
  useEffect(() => ask({ requestPolicy: "network-only" }), [ask, job.lastUpdated]);
  if (!data) return error ? <Trouble error={error} /> : <Loading what="the timeline" />;
  const titles = new Map(job.tasks.map((task) => [task.taskId, titleOf(task)]));
  const bars = data.tasks.nodes.map((one) => barOf(one, job, titles, now)).filter((one) => one !== null);
  if (bars.length === 0) return <Empty title="No task has run yet" />;
  const start = Math.min(epoch(job.metrics?.startTime) ?? Number.POSITIVE_INFINITY, ...bars.map((bar) => bar.from));
  const end = Math.max(start + 1, ...bars.map((bar) => bar.to));
  const share = (length: number) => `${(length / (end - start)) * 100}%`;
  return (
    <div className="stack">
      <div className="row small quiet">
        <span className="grow">
          {duration(end - start)} from {exact(start)}
          {data.tasks.pageInfo.hasNextPage && `, the first ${MOST} iterations`}
        </span>
        <label className="row">
          Zoom
          <select value={zoom} onChange={(event) => setZoom(Number(event.target.value))}>
            {ZOOMS.map((one) => (
              <option key={one} value={one}>
                {one} ×
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="timeline">
        <div className="bars" style={{ width: `${zoom * 100}%` }}>
          {bars.map((bar) => (
            <button
              key={bar.key}
              type="button"
              className={`bar-row of-${bar.state}`}
              title={`${bar.title} (${bar.taskId})\n${exact(bar.from)}${bar.runs ? "" : ` to ${exact(bar.to)}`}`}
              onClick={() => onChoose(bar.taskId)}
            >
              <span className="bar-title">{bar.title}</span>
              <span className="bar-track">
                <span className="bar-fill" style={{ left: share(bar.from - start), width: share(bar.to - bar.from) }} />
              </span>
              <span className="bar-length">{duration(bar.to - bar.from)}</span>
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
