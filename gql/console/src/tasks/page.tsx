import { useState } from "react";
import { useQuery } from "urql";
import { Link, useLocation, useSearch } from "wouter";
import { useFresh } from "../api/live";
import { useNames } from "../api/names";
import { useViewer } from "../api/viewer";
import { MyTasksDocument, type InboxTaskFragment } from "../gql/graphql";
import { Drawer, Elapsed, Empty, Loading, Trouble } from "../ui/parts";
import { WorkTask } from "./work";

const PAGE = 50;

type Shown = "all" | "mine" | "free";

export default function Inbox() {
  const [, go] = useLocation();
  const open = new URLSearchParams(useSearch()).get("task");
  const viewer = useViewer();
  const [shown, setShown] = useState<Shown>("all");
  const [first, setFirst] = useState(PAGE);
  const [done, setDone] = useState<string | null>(null);
  const [{ data, error }, ask] = useQuery({
    query: MyTasksDocument,
    variables: { first },
    requestPolicy: "cache-and-network",
  });
  const again = useFresh(ask, 300);
  const tasks = data?.myTasks.nodes ?? [];
  const opened = tasks.find((task) => task.id === open);
  const listed = tasks.filter((task) => shown === "all" || (task.metrics?.owner === viewer.id) === (shown === "mine"));

  return (
    <div className="inside">
      <div className="row">
        <h1 className="grow">Inbox</h1>
        {(["all", "mine", "free"] as const).map((one) => (
          <button key={one} type="button" className="chip" aria-pressed={shown === one} onClick={() => setShown(one)}>
            {{ all: "All", mine: "Claimed by me", free: "Nobody's yet" }[one]}
          </button>
        ))}
      </div>
      {done && (
        <p className="card" role="status">
          {done}
        </p>
      )}
      <div className="with-drawer">
        <div className="grow scroll-x">
          {!data && (error ? <Trouble error={error} /> : <Loading what="tasks" />)}
          {data && listed.length === 0 && (
            <Empty title="Nothing waits for you">
              <p>A workflow asks a person where it has a manual task. What you may work appears here by itself.</p>
            </Empty>
          )}
          {listed.length > 0 && (
            <table className="table">
              <thead>
                <tr>
                  <th>Task</th>
                  <th>Workflow</th>
                  <th className="wide-only">Job</th>
                  <th className="number">Waits for</th>
                  <th>Claimed</th>
                </tr>
              </thead>
              <tbody>
                {listed.map((task) => (
                  <Row
                    key={task.id}
                    task={task}
                    chosen={task.id === open}
                    onOpen={() => go(`/tasks?task=${task.id}`)}
                  />
                ))}
              </tbody>
            </table>
          )}
          {data?.myTasks.pageInfo.hasNextPage && (
            <button type="button" className="plain" onClick={() => setFirst(first + PAGE)}>
              Show {PAGE} of {data.myTasks.totalCount - tasks.length} more
            </button>
          )}
        </div>
        {open && (
          <Drawer title={<h2>{opened ? titleOfTask(opened) : "A task that waits"}</h2>} onClose={() => go("/tasks")}>
            <WorkTask
              key={open}
              id={open}
              onDone={() => {
                setDone(`Done: ${opened?.job?.name ?? "the job"} goes on.`);
                again();
                go("/tasks");
              }}
            />
          </Drawer>
        )}
      </div>
    </div>
  );
}

/** The author's summary before the method's name. */
function titleOfTask(task: InboxTaskFragment): string {
  const wait = task.parentJob?.waitsFor.find((one) => one.taskId === task.taskId);
  return wait?.summary || task.name || (task.taskId ?? "");
}

function Row({ task, chosen, onOpen }: { task: InboxTaskFragment; chosen: boolean; onOpen: () => void }) {
  const who = useNames();
  const viewer = useViewer();
  const owner = task.metrics?.owner;
  return (
    <tr className={chosen ? "chosen" : undefined}>
      <td>
        <button type="button" className="plain" onClick={onOpen}>
          {titleOfTask(task)} <span className="id quiet">{task.taskId}</span>
        </button>
      </td>
      <td>{task.job?.name}</td>
      <td className="wide-only">
        {task.job && <Link href={`/jobs/${task.job.id}`}>{task.job.description || `…${task.job.id?.slice(-6)}`}</Link>}
      </td>
      <td className="number">
        <Elapsed from={task.metrics?.startTime} to={null} />
      </td>
      <td>{owner ? owner === viewer.id ? "by me" : who(owner) : <span className="quiet">nobody</span>}</td>
    </tr>
  );
}
