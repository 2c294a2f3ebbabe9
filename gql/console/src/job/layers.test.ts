import { expect, test } from "vitest";
import { depths, inBands } from "./layers";

const edge = (source: string, target: string, type = "STANDARD") => ({ source, target, type });

test("a task is as deep as the longest way to it", () => {
  const edges = [edge("s", "a"), edge("a", "b"), edge("s", "b"), edge("b", "e")];
  expect(Object.fromEntries(depths(["s", "a", "b", "e"], edges))).toEqual({ s: 0, a: 1, b: 2, e: 3 });
});

test("circles and ways back end", () => {
  const edges = [edge("s", "a"), edge("a", "b"), edge("b", "a"), edge("b", "s", "REVERT"), edge("a", "nowhere")];
  expect(Object.fromEntries(depths(["s", "a", "b"], edges))).toEqual({ s: 0, a: 1, b: 2 });
});

test("no two tasks have one place, however many there are", () => {
  const ids = Array.from({ length: 5000 }, (_, index) => `t${index}`);
  const edges = ids.slice(1).map((id, index) => edge(ids[index] ?? "", id));
  const places = inBands(ids, edges, { x: 260, y: 90 });
  expect(new Set([...places.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(5000);
  const right = Math.max(...[...places.values()].map(({ x }) => x));
  const bottom = Math.max(...[...places.values()].map(({ y }) => y));
  expect(right / bottom).toBeGreaterThan(0.5);
  expect(right / bottom).toBeLessThan(4);
});
