import { expect, test } from "vitest";
import { inParts } from "./in-parts";

test("a long list is cut, and nothing of it is lost", () => {
  expect(inParts([], 2)).toEqual([]);
  expect(inParts([1, 2], 2)).toEqual([[1, 2]]);
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});
