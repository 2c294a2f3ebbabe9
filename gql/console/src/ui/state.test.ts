import { expect, test } from "vitest";
import type { JobRowFragment, WaitKind } from "../gql/graphql";
import { stateOfJob, stateOfTask, text, why } from "./state";

const NOON = new Date(2026, 4, 7, 12, 0, 0).getTime();

function wait(
  kind: WaitKind,
  more: Partial<JobRowFragment["waitsFor"][number]> = {},
): JobRowFragment["waitsFor"][number] {
  const none = { since: null, until: null, startedChildren: null, endedChildren: null };
  return { taskId: "a1", name: "ViewData", summary: "Approve change", kind, ...none, ...more };
}

function job(status: JobRowFragment["status"], ...waitsFor: JobRowFragment["waitsFor"]) {
  return { status, waitsFor, error: [] as JobRowFragment["error"] };
}

test("a job that waits says for whom, for what and until when", () => {
  expect(why(job("RUNNING", wait("PERSON")), NOON)).toBe("waits for a person: Approve change");
  const since = new Date(NOON - 12.5 * 60_000).toISOString();
  expect(why(job("RUNNING", wait("PERSON", { since })), NOON)).toBe("waits for a person: Approve change, for 12 min");
  const justNow = new Date(NOON - 59_000).toISOString();
  expect(why(job("RUNNING", wait("PERSON", { since: justNow })), NOON)).toBe("waits for a person: Approve change");
  const until = new Date(2026, 4, 7, 14, 5).toISOString();
  expect(why(job("RUNNING", wait("TIME", { until })), NOON)).toBe("waits until 14:05: Approve change");
  const children = wait("CHILDREN", { startedChildren: 20, endedChildren: 17, summary: "Upgrade all" });
  expect(why(job("RUNNING", children, wait("PERSON")), NOON)).toBe(
    "3 of 20 child jobs still run: Upgrade all, and 1 more",
  );
});

test("an error names its task and what was answered", () => {
  const message = { icode: "AD.500", IAPerror: { displayString: "answered 500" } };
  const failed = { ...job("ERROR"), error: [{ task: "3a1f", message, timestamp: 1 }] };
  expect(why(failed, NOON, () => "Create ticket")).toBe(
    "in error: task 3a1f Create ticket: answered 500; nothing catches it",
  );
  const stuck = { task: "job", message: "stuck", timestamp: 2 };
  expect(why({ ...failed, error: [...failed.error, stuck] }, NOON)).toContain("answered 500");
  expect(why({ ...failed, error: [{ task: "a1", message: "It broke.", timestamp: 1 }] }, NOON)).toBe(
    "in error: task a1: It broke; nothing catches it",
  );
  expect(why({ ...failed, error: [{ task: "job", message: "stuck", timestamp: 1 }] }, NOON)).toBe(
    "in error: stuck; nothing catches it",
  );
});

test("what a person can do comes before time, and work before all", () => {
  expect(stateOfJob(job("RUNNING", wait("TIME"), wait("PERSON")))).toBe("person");
  expect(stateOfJob(job("RUNNING", wait("PERSON"), wait("PROVIDER")))).toBe("running");
  expect(stateOfJob(job("RUNNING"))).toBe("running");
  expect(stateOfJob(job("PAUSED", wait("PERSON")))).toBe("paused");
});

test("a task that failed without an error is complete, and an unknown status is a task that has not run", () => {
  const of = (status: string | null, finishState: string | null = null) =>
    stateOfTask({ taskId: "a1", status, finishState } as never, job("RUNNING", wait("PERSON")));
  expect(of("RUNNING")).toBe("person");
  expect(of("COMPLETE", "FAILURE")).toBe("complete");
  expect(of("COMPLETE", "ERROR")).toBe("error");
  expect(of("SKIPPED")).toBe("incomplete");
  expect(of(null)).toBe("incomplete");
});

test("messages of every shape are read", () => {
  expect(text("plain")).toBe("plain");
  expect(text({ icode: "AD.1", message: "no" })).toBe("AD.1: no");
  expect(text({ a: 1 })).toBe('{"a":1}');
  expect(text(undefined)).toBe("");
});
