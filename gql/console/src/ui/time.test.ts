import { expect, test } from "vitest";
import { ago, clock, duration, epoch, exact } from "./time";

test.each([
  [0, "0 ms"],
  [35, "35 ms"],
  [1430, "1.4 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [723_000, "12 min 3 s"],
  [86_400_000 * 2 + 3_600_000 * 4 + 5000, "2 d 4 h"],
  [-5, "0 ms"],
])("a duration of %d ms is %s", (length, text) => {
  expect(duration(length)).toBe(text);
});

test.each([
  [1000, "just now"],
  [65_000, "1 min ago"],
  [-7_200_000, "in 2 h"],
])("what was %d ms ago was %s", (length, text) => {
  expect(ago(1_000_000_000_000 - length, 1_000_000_000_000)).toBe(text);
});

test("a moment is read in both forms, and what is none is none", () => {
  expect(epoch("1970-01-01T00:00:01.500Z")).toBe(1500);
  expect(epoch(7)).toBe(7);
  expect(epoch("never")).toBeNull();
  expect(epoch(null)).toBeNull();
});

test("the day is said where it is not today", () => {
  const noon = new Date(2026, 4, 7, 12, 5, 3, 9).getTime();
  expect(exact(noon)).toMatch(/^2026-05-07 12:05:03\.009 \S+/);
  expect(clock(noon, noon + 1000)).toBe("12:05");
  expect(clock(noon, noon + 86_400_000)).toBe("2026-05-07 12:05");
});
