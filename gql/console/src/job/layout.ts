import ELK from "elkjs/lib/elk-api";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { inBands } from "./layers";

export interface Place {
  x: number;
  y: number;
}

export interface Drawn {
  taskId: string;
  nodeLocation?: { x?: number | null; y?: number | null } | null;
  gridCoordinate?: { x?: number | null; y?: number | null } | null;
  x?: number | null;
  y?: number | null;
}

export interface Edge {
  source: string;
  target: string;
  type?: string | null;
}

export const WIDTH = 212;
export const HEIGHT = 60;
const GAP = 24;
const MOST_DRAWN = 6000; // tasks whose places are compared with each other
const MOST_LAYERED = 300; // tasks that elk lays out in less than a second or two
const SCALES = [1, 1.5, 2, 3];

function isPlace(at: { x?: number | null; y?: number | null } | null | undefined): at is Place {
  return typeof at?.x === "number" && typeof at.y === "number";
}

function overlaps(places: Place[]): boolean {
  const sorted = [...places].sort((one, other) => one.x - other.x);
  return sorted.some((one, index) => {
    for (let next = index + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (!other || other.x - one.x >= WIDTH + GAP) return false;
      if (Math.abs(other.y - one.y) < HEIGHT + GAP) return true;
    }
    return false;
  });
}

/** The author's places, spread until no two tasks overlap; null where they never were placed. */
export function asDrawn(tasks: Drawn[]): Map<string, Place> | null {
  if (tasks.length > MOST_DRAWN) return null;
  const places: Place[] = [];
  for (const task of tasks) {
    const at = [task.nodeLocation, task.gridCoordinate, task].find(isPlace);
    if (!at) return null;
    places.push({ x: at.x ?? 0, y: at.y ?? 0 });
  }
  for (const scale of SCALES) {
    const spread = places.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
    if (!overlaps(spread)) return new Map(tasks.map((task, index) => [task.taskId, spread[index] ?? { x: 0, y: 0 }]));
  }
  return null;
}

/** Layers from the start to the end, computed by a worker (its authors' file as it is) unless they are too many. */
export async function automatic(tasks: Drawn[], edges: Edge[]): Promise<Map<string, Place>> {
  const known = new Set(tasks.map((task) => task.taskId));
  if (tasks.length > MOST_LAYERED) {
    const step = { x: WIDTH + 2 * GAP, y: HEIGHT + GAP };
    return inBands([...known], edges, step);
  }
  const elk = new ELK({ workerUrl });
  try {
    const laid = await elk.layout({
      id: "workflow",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "RIGHT",
        "elk.spacing.nodeNode": "28",
        "elk.layered.spacing.nodeNodeBetweenLayers": "56",
        "elk.layered.wrapping.strategy": tasks.length > 8 ? "MULTI_EDGE" : "OFF",
        "elk.aspectRatio": "1.8",
      },
      children: tasks.map(({ taskId }) => ({ id: taskId, width: WIDTH, height: HEIGHT })),
      edges: edges
        .filter(({ source, target, type }) => known.has(source) && known.has(target) && type !== "REVERT")
        .map(({ source, target }, index) => ({ id: `e${index}`, sources: [source], targets: [target] })),
    });
    return new Map((laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  } finally {
    elk.terminateWorker();
  }
}
