import { lazy, Suspense, useMemo, useState } from "react";
import { Link, useLocation, useParams, useSearch } from "wouter";
import { useUncached } from "../api/uncached";
import { CheckWorkflowDocument, WorkflowDocument, type WorkflowQuery } from "../gql/graphql";
import { methodOf, titleOf } from "../job/titles";
import { Drawer, Loading, Time, Trouble } from "../ui/parts";
import { Tree } from "../ui/tree";
import { pathOf } from "./page";
import { Start } from "./start";

const Graph = lazy(() => import("../job/graph"));

type Workflow = NonNullable<WorkflowQuery["workflow"]>;

export default function WorkflowPage() {
  const { "*": encoded = "" } = useParams<{ "*": string }>();
  let name = encoded;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    // it is written as it is
  }
  const { data, error } = useUncached(WorkflowDocument, { name });
  if (!data?.workflow) {
    return (
      <div className="inside">
        {error ? <Trouble error={error} /> : <Loading what="the workflow" />}
        <Link href="/workflows">To the workflows</Link>
      </div>
    );
  }
  return <OneWorkflow key={data.workflow.id} workflow={data.workflow} />;
}

function OneWorkflow({ workflow }: { workflow: Workflow }) {
  const [, go] = useLocation();
  const starts = new URLSearchParams(useSearch()).has("start");
  const [taskId, setTask] = useState<string | null>(null);
  const { data: check } = useUncached(CheckWorkflowDocument, { name: workflow.name });
  const found = check?.checkWorkflow;
  const findings = [
    ...(found?.errors ?? []).map((one) => ({ ...one, kind: "error" })),
    ...(found?.warnings ?? []).map((one) => ({ ...one, kind: "warning" })),
  ];
  const tasks = useMemo(() => {
    const troubled = new Map(found?.errors.map((one) => [one.task, "Cannot run here"]));
    return workflow.tasks.map((task) => ({
      ...task,
      title: titleOf(task),
      method: methodOf(task),
      state: troubled.has(task.taskId) ? ("error" as const) : ("incomplete" as const),
      word: troubled.get(task.taskId) ?? task.type?.toLowerCase() ?? "",
    }));
  }, [workflow, found]);
  const task = workflow.tasks.find((one) => one.taskId === taskId);
  return (
    <div className="inside">
      <div className="row small quiet">
        <Link href="/workflows">Workflows</Link> / {workflow.name}
      </div>
      <div className="row">
        <h1 className="grow">{workflow.name}</h1>
        <Link className="button" href={`/jobs?name=${encodeURIComponent(workflow.name)}`}>
          Its jobs
        </Link>
        <Link className="button primary" href={`${pathOf(workflow.name)}?start`}>
          Start a job
        </Link>
      </div>
      {workflow.description && <p>{workflow.description}</p>}
      <p className="quiet small">
        {workflow.tasks.length} tasks, changed <Time at={workflow.lastUpdated} />
      </p>
      {findings.length > 0 && (
        <details className={found?.valid ? "card" : "trouble"}>
          <summary>
            {found?.valid ? `${findings.length} warnings of the check` : `${findings.length} findings of the check`}
          </summary>
          {findings.map((one, index) => (
            <p key={index} className="small">
              {one.task && (
                <button type="button" className="plain id" onClick={() => setTask(one.task ?? null)}>
                  {one.task}
                </button>
              )}{" "}
              {one.message}
            </p>
          ))}
        </details>
      )}
      <div className="with-drawer">
        <Suspense fallback={<Loading what="the graph" />}>
          <Graph tasks={tasks} edges={workflow.transitions} chosen={taskId} onChoose={setTask} withStates={false} />
        </Suspense>
        {starts ? (
          <Drawer title={<h2>Start a job</h2>} onClose={() => go(pathOf(workflow.name))}>
            <Suspense fallback={<Loading what="the form" />}>
              <Start workflow={workflow} />
            </Suspense>
          </Drawer>
        ) : (
          task && (
            <Drawer title={<h2>{titleOf(task)}</h2>} onClose={() => setTask(null)}>
              <p className="quiet">
                {[task.app, task.name].filter(Boolean).join(".")} <span className="id">{task.taskId}</span>
              </p>
              {task.description && <p>{task.description}</p>}
              <Tree value={task.variables?.incoming ?? {}} what="Incoming" />
              <Tree value={task.variables?.outgoing ?? {}} what="Outgoing" />
            </Drawer>
          )
        )}
      </div>
    </div>
  );
}
