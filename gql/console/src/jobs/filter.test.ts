import { expect, test } from "vitest";
import { filterOf, mayMatch, read, write } from "./filter";

test("an address is read and written as the same filter", () => {
  const search = "status=PAUSED%2CERROR&name=Up+grade&text=edge&since=2026-05-07T12%3A00Z&var=device%3Aedge-1";
  expect(write(read(search))).toBe(search);
  expect(write(read(""))).toBe("");
});

test("what is no status is left out", () => {
  expect(read("status=ERROR,NOPE").status).toEqual(["ERROR"]);
});

test("the filter is the API's", () => {
  expect(filterOf(read("status=ERROR&name=a&since=1970-01-01T00:00:01Z&var=n:1&tag=t&group=g"))).toEqual({
    status: ["ERROR"],
    name: { contains: "a" },
    groups: ["g"],
    tags: ["t"],
    startedAt: { since: "1970-01-01T00:00:01.000Z", before: null },
    variables: [{ path: "n", equals: 1 }],
  });
  expect(filterOf(read("var=url:http://x:1")).variables).toEqual([{ path: "url", equals: "http://x:1" }]);
  expect(filterOf(read(""))).toEqual({});
});

test("a new job that cannot be among them is not counted", () => {
  expect(mayMatch(read("name=green"), { name: "Greet", status: "RUNNING" })).toBe(false);
  expect(mayMatch(read("name=gree&status=RUNNING"), { name: "Greet", status: "RUNNING" })).toBe(true);
  expect(mayMatch(read("status=ERROR"), { name: "Greet", status: "RUNNING" })).toBe(false);
});

test("roots only is part of the address", () => {
  expect(write(read("roots=1"))).toBe("roots=1");
  expect(filterOf(read("roots=1"))).toEqual({ rootsOnly: true });
});
