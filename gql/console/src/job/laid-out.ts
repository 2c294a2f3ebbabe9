import { automatic, type Drawn, type Edge, type Place } from "./layout";

const MOST = 20; // layouts that are kept, of the workflows that were looked at last

const kept = new Map<string, Promise<Map<string, Place>>>();

/** The automatic layout of a workflow; the jobs of one version of it have the same shape, and are laid out once. */
export function laidOut(
  shape: string,
  tasks: Drawn[],
  edges: Edge[],
  layOut: typeof automatic = automatic,
): Promise<Map<string, Place>> {
  const places = kept.get(shape) ?? layOut(tasks, edges);
  kept.delete(shape);
  kept.set(shape, places);
  places.catch(() => kept.delete(shape)); // what failed is tried again
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
  }
  return places;
}
