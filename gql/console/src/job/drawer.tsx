import { useEffect, useState } from "react";
import { useClient, useQuery } from "urql";
import { Link } from "wouter";
import { useNames } from "../api/names";
import { ContinueJobDocument, RetryTaskDocument, TaskDetailDocument, type ContinueJobMutation } from "../gql/graphql";
import { WorkTask } from "../tasks/work";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Drawer, Elapsed, Loading, StateBadge, Time, Trouble } from "../ui/parts";
import { stateOfTask, text } from "../ui/state";
import { Tree } from "../ui/tree";
import { titleOf } from "./titles";
import { permissionsOf, type Job } from "./use-job";

type Task = Job["tasks"][number];

export function TaskDrawer({
  job,
  task,
  onAgain,
  onChanged,
  onClose,
}: {
  job: Job;
  task: Task;
  onAgain: (tasks: ReadonlySet<string>) => void;
  onChanged: () => void;
  onClose: () => void;
}) {
  const who = useNames();
  const [{ data, error }, ask] = useQuery({ query: TaskDetailDocument, variables: { id: task.id } });
  useEffect(() => ask({ requestPolicy: "network-only" }), [ask, job.lastUpdated]);
  const [picked, setPicked] = useState<string | null>(null);
  const detail = data?.node && "everyIteration" in data.node ? data.node : null;
  const iterations = detail?.everyIteration ?? [];
  const iteration = iterations.find((one) => one.id === picked) ?? iterations.at(-1);
  const state = stateOfTask(task, job);
  const fault = iteration?.variables?.error;
  const waits = job.waitsFor.some((one) => one.taskId === task.taskId && one.kind === "PERSON");
  const isEnd = task.taskId === "workflow_start" || task.taskId === "workflow_end";

  return (
    <Drawer
      onClose={onClose}
      title={
        <div className="stack">
          <h2>{titleOf(task)}</h2>
          <div className="row">
            <StateBadge state={state} />
            <span className="quiet small">
              {[task.app, task.name].filter(Boolean).join(".")} <span className="id">{task.taskId}</span>
            </span>
          </div>
        </div>
      }
    >
      {detail?.description && <p className="quiet">{detail.description}</p>}
      {waits && iteration && job.status === "RUNNING" && (
        <section className="card">
          <WorkTask key={iteration.id} id={iteration.id} onDone={onChanged} />
        </section>
      )}
      {!isEnd && <Repair job={job} task={task} onAgain={onAgain} onChanged={onChanged} />}
      {!detail && (error ? <Trouble error={error} /> : <Loading what="the task" />)}
      {detail && (
        <>
          {iterations.length > 1 && (
            <label className="row">
              Iteration
              <select value={iteration?.id} onChange={(event) => setPicked(event.target.value)}>
                {iterations.map((one, index) => (
                  <option key={one.id} value={one.id}>
                    {index + 1} of {iterations.length}
                    {one.metrics?.finishState ? `, ${one.metrics.finishState.toLowerCase()}` : ""}
                  </option>
                ))}
              </select>
            </label>
          )}
          {fault !== undefined && fault !== null && fault !== "" && iteration?.metrics?.finishState !== "SUCCESS" && (
            <div className="trouble">
              <p>{text(fault)}</p>
            </div>
          )}
          {iteration && (
            <dl className="facts">
              <dt>Started</dt>
              <dd>
                <Time at={iteration.metrics?.startTime} />
              </dd>
              <dt>Took</dt>
              <dd>
                <Elapsed
                  from={iteration.metrics?.startTime}
                  to={iteration.metrics?.endTime}
                  over={iteration.status !== "RUNNING"}
                />
              </dd>
              {iteration.metrics?.finishState && (
                <>
                  <dt>Finished</dt>
                  <dd>{iteration.metrics.finishState.toLowerCase()}</dd>
                </>
              )}
              <dt>By</dt>
              <dd>{who(iteration.metrics?.owner || iteration.metrics?.user) || "nobody yet"}</dd>
              {detail.groups.length > 0 && (
                <>
                  <dt>Groups</dt>
                  <dd>{detail.groups.map((group) => group.name ?? group.id).join(", ")}</dd>
                </>
              )}
              {detail.retrySettings?.autoRetry && (
                <>
                  <dt>Tried again</dt>
                  <dd>
                    {detail.retrySettings.count ?? 0} of {detail.retrySettings.limit ?? 0} times
                  </dd>
                </>
              )}
            </dl>
          )}
          {iteration ? (
            <>
              <Tree value={iteration.variables?.incoming ?? {}} what="Incoming" />
              <Tree value={iteration.variables?.outgoing ?? {}} what="Outgoing" />
            </>
          ) : (
            <>
              <p className="quiet">It has not run yet. This is what its author wrote:</p>
              <Tree value={detail.variables?.incoming ?? {}} what="Incoming" />
            </>
          )}
          {detail.childJobs.length > 0 && (
            <section>
              <h3>
                {detail.childJobs.length} child {detail.childJobs.length === 1 ? "job" : "jobs"}
              </h3>
              {detail.childJobs.slice(0, 20).map((child) => (
                <div key={child.id} className="row">
                  <Link href={`/jobs/${child.id}`}>{child.name ?? child.id}</Link>
                  <span className="quiet small">{child.iteration === null ? "" : `element ${child.iteration}`}</span>
                </div>
              ))}
              {detail.childJobs.length > 20 && <Link href={`/jobs/${job.id}?tab=children`}>All of them</Link>}
            </section>
          )}
        </>
      )}
    </Drawer>
  );
}

type Repaired = NonNullable<ContinueJobMutation["continueJob"]>;

/** Retry a task, or go on from it: what would run again is shown on the graph before it does. */
function Repair({
  job,
  task,
  onAgain,
  onChanged,
}: {
  job: Job;
  task: Task;
  onAgain: (tasks: ReadonlySet<string>) => void;
  onChanged: () => void;
}) {
  const client = useClient();
  const permissions = permissionsOf(job);
  const [isOpen, setOpen] = useState(false);
  const [given, setGiven] = useState("{}");
  const [plan, setPlan] = useState<Repaired | null>(null);
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const variables = objectOf(given);
  const canRetry = task.status === "COMPLETE" || task.status === "ERROR";
  const failed = canRetry && (task.finishState === "ERROR" || task.finishState === "FAILURE");
  const mayRepair = job.status === "ERROR" || job.status === "PAUSED" || job.status === "RUNNING";
  if (!mayRepair) return null;

  function done(): void {
    setOpen(false);
    setPlan(null);
    setFault(null);
    onAgain(new Set());
    onChanged();
  }
  const changes = typeof variables === "string" || Object.keys(variables).length === 0 ? null : variables;

  async function retry() {
    const asked = { jobId: job.id, taskId: task.taskId, variables: changes };
    const { error } = await client.mutation(RetryTaskDocument, asked).toPromise();
    if (error) setFault(error);
    else done();
  }

  async function goOn(dryRun: boolean) {
    const asked = { jobId: job.id, fromTask: task.taskId, variables: changes, dryRun };
    const { data, error } = await client.mutation(ContinueJobDocument, asked).toPromise();
    setFault(error ?? null);
    if (error || !data?.continueJob) return;
    if (dryRun) {
      setPlan(data.continueJob);
      onAgain(new Set(data.continueJob.reset));
    } else {
      done();
    }
  }

  if (!isOpen) {
    return (
      <div className="row">
        <button type="button" onClick={() => setOpen(true)}>
          {failed ? "Retry or continue from here" : "Continue from here"}
        </button>
      </div>
    );
  }
  return (
    <section className="card stack">
      <JsonField
        label="Variables to change before that"
        hint="An object; what is not named stays as it is."
        value={given}
        onChange={setGiven}
      />
      {typeof variables === "string" && <p className="trouble">{variables}</p>}
      {fault && <Trouble error={fault} />}
      {plan && (
        <p role="status">
          {plan.reset.length} {plan.reset.length === 1 ? "task is" : "tasks are"} open again, {plan.runsAgain.length} of
          them ran before; {plan.skipped.length} will not run any more.
        </p>
      )}
      <div className="row">
        {failed && (
          <Act className="primary" why={permissions("RETRY")} onAct={() => void retry()}>
            Retry this task
          </Act>
        )}
        <Act why={permissions("CONTINUE")} onAct={() => void goOn(true)}>
          Show what would run again
        </Act>
        {plan && (
          <Act className="primary" why={permissions("CONTINUE")} onAct={() => void goOn(false)}>
            Continue from here
          </Act>
        )}
        <button
          type="button"
          className="plain"
          onClick={() => {
            setOpen(false);
            onAgain(new Set());
          }}
        >
          Leave it
        </button>
      </div>
    </section>
  );
}
