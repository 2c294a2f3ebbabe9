import { useState } from "react";
import { stateOfTask } from "../ui/state";
import type { GraphTask } from "./graph";
import { same } from "./states";
import { methodOf, titleOf } from "./titles";
import type { Job } from "./use-job";

/** The tasks of a job as a graph draws them. */
export function drawn(job: Job): GraphTask[] {
  const waits = new Map(job.waitsFor.map((wait) => [wait.taskId, wait]));
  return job.tasks.map((task) => {
    const wait = waits.get(task.taskId);
    const runs = task.iterations.length;
    const state = stateOfTask(task, { status: job.status, waitsFor: wait ? [wait] : [] });
    const ofChildren =
      wait?.kind === "CHILDREN" && (wait.startedChildren ?? 0) > 1
        ? `${wait.endedChildren} of ${wait.startedChildren} children`
        : undefined;
    const word = ofChildren ?? (runs > 1 && state === "complete" ? `Complete, ${runs} times` : undefined);
    const { taskId, nodeLocation, gridCoordinate, x, y, finishState } = task;
    return {
      ...{ taskId, nodeLocation, gridCoordinate, x, y, finishState, state },
      title: titleOf(task),
      method: methodOf(task),
      ...(word && { word }),
      ...(task.name === "childJob" && runs > 0 && { isParent: true }),
    };
  });
}

/** The same, where a task that has not changed is the same object as before: its node is not drawn again. */
export function useDrawn(job: Job | null): GraphTask[] {
  const [kept, setKept] = useState<{ job: Job | null; tasks: GraphTask[] }>({ job: null, tasks: [] });
  if (kept.job === job || !job) return kept.tasks;
  const before = new Map(kept.tasks.map((task) => [task.taskId, task]));
  const tasks = drawn(job).map((task) => same(before.get(task.taskId), task));
  setKept({ job, tasks });
  return tasks;
}
