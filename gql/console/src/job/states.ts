import type { FinishState, TaskStatus } from "../gql/graphql";

export interface TaskState {
  taskId: string;
  status?: TaskStatus | null;
  finishState?: FinishState | null;
  iterations: string[];
}

export interface Change {
  task: string;
  status: TaskStatus;
  finishState?: FinishState | null;
}

/** How far the tasks are after an event; what it does not name stays the same object. */
export function changed(before: ReadonlyMap<string, TaskState>, changes: Change[]): ReadonlyMap<string, TaskState> {
  if (changes.length === 0) return before;
  const after = new Map(before);
  for (const { task, status, finishState } of changes) {
    const known = after.get(task);
    if (known) after.set(task, { ...known, status, finishState: finishState ?? null });
  }
  return after;
}

/** The one from before where nothing in it is different: what is drawn of it need not be drawn again. */
export function same<Value extends object>(before: Value | undefined, now: Value): Value {
  if (!before) return now;
  const [old, keys] = [before as Record<string, unknown>, Object.keys(now)];
  const isSame = keys.length === Object.keys(old).length && keys.every((key) => old[key] === now[key as keyof Value]);
  return isSame ? before : now;
}
