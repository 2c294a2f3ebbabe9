import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { useNames } from "../api/names";
import { JobHistoryDocument, type JobAct } from "../gql/graphql";
import { Empty, Loading, StateBadge, Time, Trouble } from "../ui/parts";
import { stateOfTask } from "../ui/state";
import { titleOf } from "./titles";
import type { Happening, Job } from "./use-job";

const PAGE = 50;
const MOST_CHANGES = 8;

const TOPICS: Record<string, string> = {
  JOB_COMPLETE: "The job reached its end",
  JOB_ERROR: "The job is in error",
};

const ACTS: Record<JobAct, string> = {
  START: "started it",
  PAUSE: "paused it",
  RESUME: "let it go on",
  CANCEL: "canceled it",
  RETRY: "retried",
  CONTINUE: "continued from",
  REVERT: "went back to",
  FINISH: "finished",
};

/** Who did what and when, the latest first; older pages when somebody asks for them. */
export function History({ job, onChoose }: { job: Job; onChoose: (task: string) => void }) {
  const [befores, setBefores] = useState<(string | null)[]>([null]);
  const [mine, setMine] = useState(false);
  return (
    <div className="stack">
      <label className="row small">
        <input type="checkbox" checked={mine} onChange={(event) => setMine(event.target.checked)} />
        What people did alone
      </label>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th className="number">No.</th>
              <th>When</th>
              <th>Who</th>
              <th>What happened</th>
            </tr>
          </thead>
          {befores.map((before) => (
            <HistoryPage
              key={before}
              job={job}
              before={before}
              peopleAlone={mine}
              isLast={before === befores.at(-1)}
              onNext={(next) => setBefores([...befores, next])}
              onChoose={onChoose}
            />
          ))}
        </table>
      </div>
    </div>
  );
}

function HistoryPage({
  job,
  before,
  peopleAlone,
  isLast,
  onNext,
  onChoose,
}: {
  job: Job;
  before: string | null;
  peopleAlone: boolean;
  isLast: boolean;
  onNext: (before: string) => void;
  onChoose: (task: string) => void;
}) {
  const [{ data, error }, ask] = useQuery({
    query: JobHistoryDocument,
    variables: { id: job.id, last: PAGE, before },
    requestPolicy: "cache-and-network",
  });
  const last = job.history.events[0]?.number;
  useEffect(() => {
    if (before === null) ask({ requestPolicy: "network-only" });
  }, [ask, before, last]);
  const history = data?.job?.history;
  if (!history) {
    return (
      <tbody>
        <tr>
          <td colSpan={4}>{error ? <Trouble error={error} /> : <Loading what="what happened" />}</td>
        </tr>
      </tbody>
    );
  }
  const events = history.events.filter((event) => !peopleAlone || event.acts.length > 0);
  const oldest = history.events.at(-1)?.cursor;
  return (
    <tbody>
      {history.events.length === 0 && before === null && (
        <tr>
          <td colSpan={4}>
            <Empty title="Nothing is known of it">Events are kept for 30 days, and of jobs of this server alone.</Empty>
          </td>
        </tr>
      )}
      {events.map((event) => (
        <Row key={event.number} job={job} event={event} onChoose={onChoose} />
      ))}
      {isLast && history.hasEarlier && oldest && (
        <tr>
          <td colSpan={4}>
            <button type="button" className="plain" onClick={() => onNext(oldest)}>
              Show {PAGE} earlier ones
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Row({ job, event, onChoose }: { job: Job; event: Happening; onChoose: (task: string) => void }) {
  const who = useNames();
  const titles = new Map(job.tasks.map((task) => [task.taskId, titleOf(task)]));
  const topic = event.topic && TOPICS[event.topic];
  return (
    <tr>
      <td className="number">{event.number}</td>
      <td>
        <Time at={event.at} />
      </td>
      <td>
        {event.acts.map((act, index) => (
          <div key={index}>{act.user ? who(act.user) : <span className="quiet">the job above it</span>}</div>
        ))}
        {event.acts.length === 0 && <span className="quiet">–</span>}
      </td>
      <td>
        {event.acts.map(({ act, task }, index) => (
          <div key={index}>
            {ACTS[act]}{" "}
            {task && (
              <button type="button" className="plain" onClick={() => onChoose(task)}>
                {titles.get(task) ?? task}
              </button>
            )}
          </div>
        ))}
        <span className="row">
          {topic && <span>{topic}</span>}
          {!topic && event.acts.length === 0 && event.tasks.length === 0 && (
            <span className="quiet">A child job went on</span>
          )}
          {event.tasks.slice(0, MOST_CHANGES).map((change) => (
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
          {event.tasks.length > MOST_CHANGES && (
            <span className="quiet">and {event.tasks.length - MOST_CHANGES} more</span>
          )}
        </span>
      </td>
    </tr>
  );
}
