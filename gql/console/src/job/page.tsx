import { lazy, Suspense, useCallback, useState } from "react";
import { useMutation } from "urql";
import { Link, useLocation, useParams, useSearch } from "wouter";
import { useNames } from "../api/names";
import { useViewer } from "../api/viewer";
import { UnwatchJobsDocument, WatchJobsDocument } from "../gql/graphql";
import { Outcome, Steer, type Report } from "../jobs/steer";
import { Act, Copy, Elapsed, Loading, StateBadge, Time, Trouble, useNow } from "../ui/parts";
import { endOf, stateOfJob, text, why } from "../ui/state";
import { Children } from "./children";
import { ChildrenOfTask } from "./children-of-task";
import { TaskDrawer } from "./drawer";
import { useDrawn } from "./drawn";
import { History } from "./history";
import { Document, Tasks, Variables } from "./tabs";
import { titleOf } from "./titles";
import { permissionsOf, useJob, type Head as JobHead, type Job } from "./use-job";

const Graph = lazy(() => import("./graph"));
const Timeline = lazy(() => import("./timeline"));

const TABS = ["Graph", "Timeline", "Tasks", "Children", "Variables", "Events", "JSON"] as const;
type Tab = (typeof TABS)[number];

export default function JobPage() {
  const { id = "" } = useParams<{ id: string }>();
  return <OneJob key={id} id={id} />;
}

function OneJob({ id }: { id: string }) {
  const { head, job, error, fetching, read } = useJob(id);
  const search = useSearch();
  const [, go] = useLocation();
  const [again, setAgain] = useState<ReadonlySet<string>>(new Set());
  const given = new URLSearchParams(search);
  const tab: Tab = TABS.find((one) => one.toLowerCase() === given.get("tab")) ?? "Graph";
  const taskId = given.get("task");

  const at = useCallback(
    (change: { tab?: Tab; task?: string | null }) => {
      const next = new URLSearchParams();
      const nextTab = change.tab ?? tab;
      const task = change.task === undefined ? taskId : change.task;
      if (nextTab !== "Graph") next.set("tab", nextTab.toLowerCase());
      if (task) next.set("task", task);
      return `/jobs/${id}${next.size > 0 ? `?${next}` : ""}`;
    },
    [id, tab, taskId],
  );
  const choose = useCallback((task: string) => go(at({ task })), [go, at]);
  const childrenOf = useCallback((task: string) => <ChildrenOfTask parent={id} task={task} />, [id]);
  const tasks = useDrawn(job);

  if (!head) {
    return (
      <div className="inside">
        {error && !fetching ? <Trouble error={error} /> : <Loading what="the job" />}
        <Link href="/jobs">To the jobs</Link>
      </div>
    );
  }
  const task = job?.tasks.find((one) => one.taskId === taskId);
  return (
    <div className="inside">
      <Head job={head} tasks={job?.tasks ?? []} onChanged={read} />
      <Faults job={head} onChoose={choose} />
      <nav className="tabs" aria-label="Views of the job">
        {TABS.map((one) => (
          <Link key={one} href={at({ tab: one })} aria-current={one === tab ? "page" : undefined}>
            {one}
          </Link>
        ))}
      </nav>
      <div className="with-drawer">
        <div className="grow stack">
          {!job && (error ? <Trouble error={error} /> : <Loading what="its tasks" />)}
          {job && (
            <Suspense fallback={<Loading what={tab.toLowerCase()} />}>
              {tab === "Graph" && (
                <Graph
                  tasks={tasks}
                  edges={job.transitions}
                  chosen={taskId}
                  again={again}
                  onChoose={choose}
                  childrenOf={childrenOf}
                />
              )}
              {tab === "Timeline" && <Timeline job={job} onChoose={choose} />}
              {tab === "Tasks" && <Tasks job={job} chosen={taskId} onChoose={choose} />}
              {tab === "Children" && <Children job={job} />}
              {tab === "Variables" && <Variables job={job} onChoose={choose} />}
              {tab === "Events" && <History job={job} onChoose={choose} />}
              {tab === "JSON" && <Document id={id} />}
            </Suspense>
          )}
        </div>
        {job && task && (
          <TaskDrawer
            key={task.id}
            job={job}
            task={task}
            onAgain={setAgain}
            onChanged={read}
            onClose={() => {
              setAgain(new Set());
              go(at({ task: null }));
            }}
          />
        )}
      </div>
    </div>
  );
}

function Head({ job, tasks, onChanged }: { job: JobHead; tasks: Job["tasks"]; onChanged: () => void }) {
  const now = useNow();
  const who = useNames();
  const viewer = useViewer();
  const [, go] = useLocation();
  const permissions = permissionsOf(job);
  const [report, setReport] = useState<Report | null>(null);
  const [, watch] = useMutation(WatchJobsDocument);
  const [, unwatch] = useMutation(UnwatchJobsDocument);
  const watches = job.watchers.some((one) => one?.id === viewer.id);
  const titles = new Map(tasks.map((task) => [task.taskId, titleOf(task)]));
  const over = ["COMPLETE", "CANCELED", "ERROR"].includes(job.status);
  const groups = job.groups.filter((group) => group.id !== "default");

  async function toggleWatch() {
    await (watches ? unwatch : watch)({ ids: [job.id] });
    onChanged();
  }

  return (
    <header className="stack job-head">
      <div className="row small quiet">
        <Link href="/jobs">Jobs</Link>
        {job.parentJob && (
          <>
            <span>/</span>
            <Link href={`/jobs/${job.parentJob.id}${job.parent?.task ? `?task=${job.parent.task}` : ""}`}>
              {job.parentJob.name ?? job.parentJob.id}
            </Link>
          </>
        )}
        <span>/</span>
        <span className="id">{job.id}</span>
        <Copy text={job.id} what="the job's id" />
      </div>
      <div className="row">
        <h1>{job.name ?? "(no name)"}</h1>
        <StateBadge state={stateOfJob(job)} />
        <span className="grow" />
        <Act why={permissions("WATCH")} onAct={() => void toggleWatch()}>
          {watches ? "Watch no more" : "Watch"}
        </Act>
        <Steer
          jobs={[job]}
          permissions={permissions}
          onDone={(done) => {
            setReport(done);
            if (done.word === "Delete" && done.results.every((one) => one.done)) go("/jobs");
            else onChanged();
          }}
        />
      </div>
      {job.description && <p>{job.description}</p>}
      <p className="why" aria-live="polite">
        {why(job, now, (task) => titles.get(task) ?? "")}
      </p>
      <div className="row small quiet">
        <span>
          Started <Time at={job.metrics?.startTime} /> by {who(job.metrics?.user) || "nobody known"}
        </span>
        <span>
          Took <Elapsed from={job.metrics?.startTime} to={endOf(job)} over={over} />
        </span>
        <span>{Math.round((job.metrics?.progress ?? 0) * 100)} % of its tasks</span>
        {groups.length > 0 && <span>For {groups.map((group) => group.name ?? group.id).join(", ")}</span>}
      </div>
      {report && report.word !== "Delete" && (report.failed || report.results.some((one) => !one.done)) && (
        <Outcome report={report} onClose={() => setReport(null)} />
      )}
    </header>
  );
}

function Faults({ job, onChoose }: { job: JobHead; onChoose: (task: string) => void }) {
  const faults = [
    ...job.error.map((one) => ({ ...one, kind: "error" as const })),
    ...job.validationErrors.map((one) => ({
      task: null,
      message: `${one.instancePath ?? ""} ${one.message ?? ""}`.trim(),
      timestamp: null,
      kind: "error" as const,
    })),
    ...job.warnings.map((one) => ({ ...one, timestamp: null, kind: "warning" as const })),
  ];
  if (faults.length === 0) return null;
  // What a job that came to its end got over is kept, and out of the way.
  const hasErrors = job.status !== "COMPLETE" && faults.some((one) => one.kind === "error");
  return (
    <details className={hasErrors ? "trouble" : "card"} open={hasErrors}>
      <summary>
        {faults.length === 1 ? "1 finding" : `${faults.length} findings`}
        {hasErrors ? "" : job.status === "COMPLETE" ? " that it got over" : " that do not stop it"}
      </summary>
      {faults.slice(0, 50).map((fault, index) => (
        <div key={index} className="row">
          {fault.task && fault.task !== "job" ? (
            <button type="button" className="plain id" onClick={() => fault.task && onChoose(fault.task)}>
              {fault.task}
            </button>
          ) : null}
          <pre className="grow">{text(fault.message)}</pre>
          {fault.timestamp != null && <Time at={fault.timestamp} />}
        </div>
      ))}
    </details>
  );
}
