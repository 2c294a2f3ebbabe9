import { expect, test } from "vitest";
import { asDrawn } from "./layout";

const at = (taskId: string, x: number, y: number) => ({ taskId, nodeLocation: { x, y } });

test("what the author placed apart stays, and what is too close is spread", () => {
  expect(asDrawn([at("a", 0, 0), at("b", 300, 0)])?.get("b")).toEqual({ x: 300, y: 0 });
  expect(asDrawn([at("a", 0, 0), at("b", 160, 0)])?.get("b")).toEqual({ x: 240, y: 0 });
});

test("what lies upon each other or was never placed has no drawn layout", () => {
  expect(asDrawn([at("a", 0, 0), at("b", 0, 0)])).toBeNull();
  expect(asDrawn([at("a", 0, 0), { taskId: "b" }])).toBeNull();
});

test("older canvases have other names for the place", () => {
  expect(asDrawn([{ taskId: "a", x: 1, y: 2 }])?.get("a")).toEqual({ x: 1, y: 2 });
  expect(asDrawn([{ taskId: "a", gridCoordinate: { x: 3, y: 4 }, x: 1, y: 2 }])?.get("a")).toEqual({ x: 3, y: 4 });
});
