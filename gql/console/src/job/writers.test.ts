import { expect, test } from "vitest";
import { writers } from "./writers";

test("a variable knows the tasks that wrote it, and not those that have not run", () => {
  const task = (id: string, status: string, outgoing: unknown, error?: unknown) => ({
    id,
    status,
    variables: { outgoing, error },
  });
  const found = writers([
    task("a", "COMPLETE", { x: "$var.job.one", y: null, z: "$var.job.one" }),
    task("b", "ERROR", { x: null }, "$var.job.fault"),
    task("c", "INCOMPLETE", { x: "$var.job.one" }),
    task("d", "COMPLETE", { x: "$var.job.one.inner" }),
    { id: "e", status: "COMPLETE" },
  ]);
  expect([...found].map(([name, tasks]) => [name, tasks.map(({ id }) => id)])).toEqual([
    ["one", ["a", "d"]],
    ["fault", ["b"]],
  ]);
});
