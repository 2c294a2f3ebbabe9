import type { Edge, Place } from "./layout";

/** Each task's longest way from a start, in steps; ways back, which would never end, are not gone. */
export function depths(ids: string[], edges: Edge[]): Map<string, number> {
  const next = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { source, target, type } of edges) {
    if (type !== "REVERT" && next.has(target)) next.get(source)?.push(target);
  }
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const forward = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const root of ids) {
    if (state.has(root)) continue;
    const path: [string, number][] = [[root, 0]];
    state.set(root, "open");
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const [id, at] = top;
      const target = next.get(id)?.[at];
      top[1] += 1;
      if (target === undefined) {
        state.set(id, "done");
        order.push(id);
        path.pop();
      } else if (state.get(target) !== "open") {
        forward.get(id)?.push(target);
        if (!state.has(target)) {
          state.set(target, "open");
          path.push([target, 0]);
        }
      }
    }
  }
  const found = new Map(ids.map((id) => [id, 0]));
  for (const id of order.reverse()) {
    const here = found.get(id) ?? 0;
    for (const target of forward.get(id) ?? []) found.set(target, Math.max(found.get(target) ?? 0, here + 1));
  }
  return found;
}

/**
 * Columns of equal depth from left to right, in bands below each other: for workflows of thousands of tasks, for which
 * the better layout would take minutes.
 */
export function inBands(ids: string[], edges: Edge[], step: { x: number; y: number }, ratio = 2): Map<string, Place> {
  const columns: string[][] = [];
  for (const [id, depth] of depths(ids, edges)) (columns[depth] ??= []).push(id);
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const perBand = Math.max(6, Math.ceil(Math.sqrt((columns.length * tallest * step.y * ratio) / step.x)));
  const places = new Map<string, Place>();
  let top = 0;
  for (let first = 0; first < columns.length; first += perBand) {
    const band = columns.slice(first, first + perBand);
    band.forEach((column, x) => {
      column.forEach((id, y) => places.set(id, { x: x * step.x, y: top + y * step.y }));
    });
    top += (Math.max(...band.map((column) => column.length)) + 1) * step.y;
  }
  return places;
}
