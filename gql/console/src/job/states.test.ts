import { expect, test } from "vitest";
import { changed, same, type TaskState } from "./states";

const states = new Map<string, TaskState>([
  ["a", { taskId: "a", status: "RUNNING", finishState: null, iterations: [] }],
  ["b", { taskId: "b", status: "INCOMPLETE", finishState: null, iterations: [] }],
]);

test("an event changes the tasks that it names, and no other object", () => {
  const after = changed(states, [
    { task: "a", status: "COMPLETE", finishState: "SUCCESS" },
    { task: "nobody", status: "RUNNING" },
  ]);
  expect(after.get("a")).toMatchObject({ status: "COMPLETE", finishState: "SUCCESS" });
  expect(after.get("b")).toBe(states.get("b"));
  expect(after.size).toBe(2);
  expect(changed(states, [])).toBe(states);
});

test("what is the same stays the same object", () => {
  const before = { id: "a", state: "running" };
  expect(same(before, { id: "a", state: "running" })).toBe(before);
  expect(same(before, { id: "a", state: "complete" })).not.toBe(before);
  expect(same<object>(before, { id: "a" })).not.toBe(before);
});
