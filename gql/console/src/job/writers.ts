interface Writer {
  status?: string | null;
  variables?: { outgoing?: unknown; error?: unknown } | null;
}

const VARIABLE = /^\$var\.job\.([^.[]+)/;

/** Which tasks write each variable of their job, as their author says; those that have not run write nothing yet. */
export function writers<Task extends Writer>(tasks: Task[]): Map<string, Task[]> {
  const found = new Map<string, Task[]>();
  for (const task of tasks) {
    if (!task.status || task.status === "INCOMPLETE") continue;
    const { outgoing, error } = task.variables ?? {};
    const targets = typeof outgoing === "object" && outgoing !== null ? Object.values(outgoing) : [];
    const names = [...targets, error]
      .map((target) => (typeof target === "string" ? VARIABLE.exec(target)?.[1] : undefined))
      .filter((name) => name !== undefined);
    for (const name of new Set(names)) found.set(name, [...(found.get(name) ?? []), task]);
  }
  return found;
}
