/** Moments come as epoch milliseconds or ISO-8601 text; both are read here and nowhere else. */
export type Moment = number | string | null | undefined;

export function epoch(moment: Moment): number | null {
  if (moment == null) return null;
  const at = typeof moment === "number" ? moment : Date.parse(moment);
  return Number.isFinite(at) ? at : null;
}

const UNITS: [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** The two largest units: `2 d 4 h`, `12 min 3 s`, `1.4 s`, `35 ms`. */
export function duration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < 1000) return `${Math.round(length)} ms`;
  if (length < 10_000) return `${(length / 1000).toFixed(1)} s`;
  const first = UNITS.findIndex(([, unit]) => length >= unit);
  const [name, unit] = UNITS[first] ?? ["s", 1000];
  const next = UNITS[first + 1];
  const rest = next ? Math.floor((length % unit) / next[1]) : 0;
  return `${Math.floor(length / unit)} ${name}${next && rest ? ` ${rest} ${next[0]}` : ""}`;
}

/** How long ago, in one unit. */
export function ago(moment: number, now: number): string {
  const length = now - moment;
  if (Math.abs(length) < 5000) return "just now";
  const [name, unit] = UNITS.find(([, size]) => Math.abs(length) >= size) ?? ["s", 1000];
  const count = Math.floor(Math.abs(length) / unit);
  return length < 0 ? `in ${count} ${name}` : `${count} ${name} ago`;
}

/** With the zone, to the millisecond. */
export function exact(moment: number): string {
  const at = new Date(moment);
  const zone = Intl.DateTimeFormat(undefined, { timeZoneName: "short" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName");
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${time}.${String(at.getMilliseconds()).padStart(3, "0")} ${zone?.value ?? ""}`.trimEnd();
}

/** The time of the day, with the day where it is another one than today's. */
export function clock(moment: number, now: number): string {
  const text = exact(moment);
  return text.slice(0, 10) === exact(now).slice(0, 10) ? text.slice(11, 16) : text.slice(0, 16);
}
