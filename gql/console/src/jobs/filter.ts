import type { JobFilter, JobStatus } from "../gql/graphql";

/** What is looked for, as the address of the page has it: `?status=ERROR,PAUSED&name=upgrade&var=device:edge-1`. */
export interface Wanted {
  status: JobStatus[];
  roots: boolean;
  name: string;
  text: string;
  group: string;
  starter: string;
  tag: string;
  since: string;
  before: string;
  variable: string;
}

export const STATUSES = ["RUNNING", "PAUSED", "ERROR", "COMPLETE", "CANCELED"] as const satisfies JobStatus[];

const KEYS = {
  name: "name",
  text: "text",
  group: "group",
  starter: "starter",
  tag: "tag",
  since: "since",
  before: "before",
  variable: "var",
} as const;

export function read(search: string): Wanted {
  const given = new URLSearchParams(search);
  const named = (given.get("status") ?? "").split(",");
  const wanted: Wanted = {
    status: STATUSES.filter((status) => named.includes(status)),
    roots: given.get("roots") === "1",
    ...{ name: "", text: "", group: "", starter: "", tag: "", since: "", before: "", variable: "" },
  };
  for (const [field, key] of Object.entries(KEYS)) wanted[field as keyof typeof KEYS] = given.get(key) ?? "";
  return wanted;
}

export function write(wanted: Wanted): string {
  const search = new URLSearchParams();
  if (wanted.status.length > 0) search.set("status", wanted.status.join(","));
  if (wanted.roots) search.set("roots", "1");
  for (const [field, key] of Object.entries(KEYS)) {
    const value = wanted[field as keyof typeof KEYS];
    if (value) search.set(key, value);
  }
  return search.toString();
}

/** The value of a variable as its author would write it: `1`, `true` and `"1"` are JSON, all else is text. */
function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? text : value;
  } catch {
    return text;
  }
}

function momentOf(milliseconds: number): string | null {
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString();
}

export function filterOf(wanted: Wanted): JobFilter {
  const filter: JobFilter = {};
  if (wanted.status.length > 0) filter.status = wanted.status;
  if (wanted.roots) filter.rootsOnly = true;
  if (wanted.name) filter.name = { contains: wanted.name };
  if (wanted.text) filter.text = wanted.text;
  if (wanted.group) filter.groups = [wanted.group];
  if (wanted.starter) filter.starter = wanted.starter;
  if (wanted.tag) filter.tags = [wanted.tag];
  const since = Date.parse(wanted.since);
  const before = Date.parse(wanted.before);
  if (!Number.isNaN(since) || !Number.isNaN(before)) {
    filter.startedAt = { since: momentOf(since), before: momentOf(before) };
  }
  const [path, ...rest] = wanted.variable.split(":");
  if (path && rest.length > 0) filter.variables = [{ path, equals: valueOf(rest.join(":")) }];
  return filter;
}

/** Whether a new job may be among what is looked for: what only the server knows may be. */
export function mayMatch(wanted: Wanted, event: { name?: string | null; status: JobStatus }): boolean {
  const named = (event.name ?? "").toLowerCase().includes(wanted.name.toLowerCase());
  return named && (wanted.status.length === 0 || wanted.status.includes(event.status));
}
