import type { STATUSES } from "./filter";

export const MOST = 100_000;

export type Counts = Partial<Record<(typeof STATUSES)[number], number | null>>;

/** A count as it is shown: so many or more, or a question mark where the database would take long over it. */
export function counted(count: number | null | undefined): string {
  if (count === null) return "?";
  if (count === undefined) return "…";
  return count >= MOST ? `${MOST.toLocaleString("en")}+` : count.toLocaleString("en");
}
