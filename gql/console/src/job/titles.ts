/** The method below a task's title; the start and the end have none. */
export function methodOf(task: { taskId: string; name?: string | null }): string {
  return task.taskId.startsWith("workflow_") ? "" : (task.name ?? "");
}

export function titleOf(task: { taskId: string; name?: string | null; summary?: string | null }): string {
  if (task.taskId === "workflow_start") return "Start";
  if (task.taskId === "workflow_end") return "End";
  return task.summary || task.name || task.taskId;
}
