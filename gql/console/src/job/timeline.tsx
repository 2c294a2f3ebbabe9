import "./timeline.css";
import { Fragment, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { ChildrenDocument, JobIterationsDocument, type JobIterationsQuery, type JobRowFragment } from "../gql/graphql";
import { Empty, Loading, Trouble, useNow } from "../ui/parts";
import { endOf, stateOfJob, stateOfTask, type State } from "../ui/state";
import { duration, epoch, exact } from "../ui/time";
import { titleOf } from "./titles";
import type { Job } from "./use-job";

type Iteration = JobIterationsQuery["tasks"]["nodes"][number];

const MOST_CHILDREN = 200; // bars below; the tab of the children has them all
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
  /** Its task starts child jobs. */
  isParent?: boolean;
  /** What it was, or is, all along: not work, but waiting for somebody or something. */
  waiting?: "person" | "time";
}

function barOfChild(child: JobRowFragment, now: number): Bar | null {
  const from = epoch(child.metrics?.startTime);
  if (from === null) return null;
  const state = stateOfJob(child);
  const runs = child.status === "RUNNING" || child.status === "PAUSED";
  return {
    key: child.id,
    taskId: child.parent?.task ?? "",
    title: child.description || child.name || child.id,
    ...{ state, from, runs },
    to: endOf(child) ?? (runs ? now : from),
  };
}

function waitingOf(one: Iteration): Bar["waiting"] {
  if (one.type === "MANUAL") return "person";
  return one.name === "delay" ? "time" : undefined;
}

const WAITING = { person: "a person", time: "time" } as const;

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
    isParent: one.name === "childJob",
    ...(waitingOf(one) && { waiting: waitingOf(one) }),
  };
}

/** Every iteration as a bar; one that runs grows. Below those that start child jobs these unfold. */
export default function Timeline({ job, onChoose }: { job: Job; onChoose: (task: string) => void }) {
  const now = useNow();
  const [zoom, setZoom] = useState(1);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [{ data: below }, askBelow] = useQuery({
    query: ChildrenDocument,
    variables: { parent: job.id, first: MOST_CHILDREN },
    pause: open.size === 0,
  });
  const [{ data, error }, ask] = useQuery({
    query: JobIterationsDocument,
    variables: { jobs: [job.id], first: MOST },
    requestPolicy: "cache-and-network",
  });
  useEffect(() => ask({ requestPolicy: "network-only" }), [ask, job.lastUpdated]);
  useEffect(() => {
    if (open.size > 0) askBelow({ requestPolicy: "network-only" });
  }, [askBelow, job.lastUpdated, open]);
  if (!data) return error ? <Trouble error={error} /> : <Loading what="the timeline" />;
  const titles = new Map(job.tasks.map((task) => [task.taskId, titleOf(task)]));
  const bars = data.tasks.nodes.map((one) => barOf(one, job, titles, now)).filter((one) => one !== null);
  if (bars.length === 0) return <Empty title="No task has run yet" />;
  const start = Math.min(epoch(job.metrics?.startTime) ?? Number.POSITIVE_INFINITY, ...bars.map((bar) => bar.from));
  const end = Math.max(start + 1, ...bars.map((bar) => bar.to));
  const children = (below?.jobs.nodes ?? []).map((child) => barOfChild(child, now)).filter((one) => one !== null);

  function toggle(task: string) {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(task)) after.add(task);
      return after;
    });
  }

  const share = (length: number) => `${(length / (end - start)) * 100}%`;
  return (
    <div className="stack">
      <div className="row small quiet">
        <span className="grow">
          {bars.some((bar) => bar.waiting) && "Hatched: waiting. "}
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
          {bars.map((bar, index) => (
            <Fragment key={bar.key}>
              <div className="bar-line">
                {bar.isParent && (
                  <button
                    type="button"
                    className="plain bar-fold"
                    aria-expanded={open.has(bar.taskId)}
                    aria-label={`Child jobs of ${bar.title}`}
                    onClick={() => toggle(bar.taskId)}
                  >
                    <span aria-hidden="true">{open.has(bar.taskId) ? "▾" : "▸"}</span>
                  </button>
                )}
                <button
                  type="button"
                  className={`bar-row of-${bar.state}`}
                  title={`${bar.title} (${bar.taskId})${bar.waiting ? `: waiting for ${WAITING[bar.waiting]}` : ""}\n${exact(bar.from)}${bar.runs ? "" : ` to ${exact(bar.to)}`}`}
                  onClick={() => onChoose(bar.taskId)}
                >
                  <OneBar bar={bar} share={share} start={start} />
                </button>
              </div>
              {/* Once, below the last of its iterations. */}
              {open.has(bar.taskId) &&
                bars.findLastIndex((one) => one.taskId === bar.taskId) === index &&
                children
                  .filter((child) => child.taskId === bar.taskId)
                  .map((child) => (
                    <Link key={child.key} href={`/jobs/${child.key}`} className={`bar-row of-child of-${child.state}`}>
                      <OneBar bar={child} share={share} start={start} />
                    </Link>
                  ))}
            </Fragment>
          ))}
        </div>
      </div>
    </div>
  );
}

function OneBar({ bar, share, start }: { bar: Bar; share: (length: number) => string; start: number }) {
  return (
    <>
      <span className="bar-title">{bar.title}</span>
      <span className="bar-track">
        <span
          className={`bar-fill${bar.waiting ? ` waits-for-${bar.waiting}` : ""}`}
          style={{ left: share(bar.from - start), width: share(bar.to - bar.from) }}
        />
      </span>
      <span className="bar-length">{duration(bar.to - bar.from)}</span>
    </>
  );
}
