import type { FinishState, JobRowFragment, TaskStatus, WaitKind } from "../gql/graphql";
import { clock, duration, epoch } from "./time";

export type State =
  "running" | "person" | "time" | "children" | "paused" | "error" | "complete" | "canceled" | "incomplete";

export const WORDS: Record<State, string> = {
  running: "Running",
  person: "Waits for a person",
  time: "Waits for time",
  children: "Waits for children",
  paused: "Paused",
  error: "Error",
  complete: "Complete",
  canceled: "Canceled",
  incomplete: "Not yet run",
};

type Wait = JobRowFragment["waitsFor"][number];
type Waiting = Pick<JobRowFragment, "status" | "waitsFor">;

const BY_WAIT: Record<WaitKind, State> = {
  PERSON: "person",
  TIME: "time",
  RETRY: "time",
  CHILDREN: "children",
  PROVIDER: "running",
};
const FIRST: State[] = ["running", "person", "children", "time"];

/** A job that runs waits as long as nothing of it is being done; what a person can do comes first. */
export function stateOfJob(job: Waiting): State {
  if (job.status !== "RUNNING") return job.status.toLowerCase() as State;
  const waits = job.waitsFor.map((wait) => BY_WAIT[wait.kind]);
  return FIRST.find((state) => waits.includes(state)) ?? "running";
}

const BY_STATUS: Partial<Record<TaskStatus, State>> = {
  RUNNING: "running",
  COMPLETE: "complete",
  ERROR: "error",
  FAILURE: "complete",
  CANCELED: "canceled",
  PAUSED: "paused",
};

interface TaskLike {
  taskId: string;
  status?: TaskStatus | null;
  finishState?: FinishState | null;
}

/** Of a task, with what its job says of its waiting. A status that is not known here is one that has not run. */
export function stateOfTask(task: TaskLike, job: Waiting): State {
  const wait = task.status === "RUNNING" && job.waitsFor.find((one) => one.taskId === task.taskId);
  if (wait) return BY_WAIT[wait.kind];
  if (task.finishState === "ERROR") return "error";
  return (task.status && BY_STATUS[task.status]) || "incomplete";
}

/** When a job stopped: one in error has no end, but the moment of its last error. */
export function endOf(job: Pick<JobRowFragment, "status" | "metrics" | "error">): number | null {
  return job.metrics?.endTime ?? (job.status === "ERROR" ? (job.error.at(-1)?.timestamp ?? null) : null);
}

/** What a message of an error says, whatever its shape is. */
export function text(message: unknown): string {
  if (typeof message === "string") return message;
  if (typeof message === "object" && message !== null) {
    const { icode, message: inner, IAPerror: iap } = message as Record<string, unknown>;
    if (typeof iap === "object" && iap !== null) {
      const { displayString } = iap as Record<string, unknown>;
      if (typeof displayString === "string") return displayString;
    }
    if (typeof inner === "string") return typeof icode === "string" ? `${icode}: ${inner}` : inner;
  }
  return JSON.stringify(message) ?? "";
}

function title(of: { name?: string | null; summary?: string | null; taskId: string }): string {
  return of.summary || of.name || of.taskId;
}

const WORTH_SAYING = 60_000; // milliseconds that somebody or something has been waited for

function lasting(wait: Wait, now: number): string {
  const length = now - (epoch(wait.since) ?? now);
  return length < WORTH_SAYING ? "" : `, for ${duration(length - (length % WORTH_SAYING))}`;
}

function sentence(wait: Wait, now: number): string {
  const until = epoch(wait.until);
  switch (wait.kind) {
    case "PERSON":
      return `waits for a person: ${title(wait)}${lasting(wait, now)}`;
    case "TIME":
      return `waits until ${until === null ? "its time" : clock(until, now)}: ${title(wait)}`;
    case "RETRY":
      return `tries ${title(wait)} again at ${until === null ? "its time" : clock(until, now)}`;
    case "CHILDREN": {
      const [started, ended] = [wait.startedChildren ?? 0, wait.endedChildren ?? 0];
      return started > 1
        ? `${Math.max(0, started - ended)} of ${started} child jobs still run: ${title(wait)}${lasting(wait, now)}`
        : `waits for its child job: ${title(wait)}${lasting(wait, now)}`;
    }
    case "PROVIDER":
      return `runs ${title(wait)}`;
  }
}

/** Why a job is where it is, in one sentence. `name` gives a task's title by its id. */
export function why(
  job: Pick<JobRowFragment, "status" | "waitsFor" | "error">,
  now: number,
  name: (task: string) => string = () => "",
): string {
  const [wait, ...others] = job.waitsFor;
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  switch (job.status) {
    case "ERROR": {
      // That the end cannot be reached any more says less than what went wrong before.
      const last = job.error.findLast((one) => one.task && one.task !== "job") ?? job.error.at(-1);
      if (!last) return "in error";
      const where = !last.task || last.task === "job" ? "" : `${`task ${last.task} ${name(last.task)}`.trim()}: `;
      return `in error: ${where}${text(last.message).replace(/\.$/, "")}; nothing catches it`;
    }
    case "PAUSED":
      return wait ? `paused; what had begun goes on: ${sentence(wait, now)}${more}` : "paused: nothing new starts";
    case "RUNNING":
      return wait ? sentence(wait, now) + more : "runs";
    case "COMPLETE":
      return "reached the end of its workflow";
    case "CANCELED":
      return "somebody stopped it";
    case "INCOMPLETE":
      return "has not begun";
  }
}
