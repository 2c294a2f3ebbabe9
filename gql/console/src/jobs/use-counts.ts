import { useEffect, useMemo, useState } from "react";
import { useLive } from "../api/live";
import { uncached } from "../api/client";
import { repeated } from "../api/repeated";
import { JobCountsDocument, JobsChangedDocument } from "../gql/graphql";
import { MOST, type Counts } from "./counts";
import { STATUSES, filterOf, type Wanted } from "./filter";

const PAUSE = 2000; // milliseconds between two counts
const SHARE = 20; // and so many times as long as the last one took: many consoles may be open

async function read(filters: string): Promise<{ counts: Counts | null; took: number }> {
  const began = performance.now();
  const asked = { ...(JSON.parse(filters) as object), most: MOST };
  const { data } = await uncached.query(JobCountsDocument, asked).toPromise();
  const found = data as Record<string, { countUpTo?: number | null } | undefined> | undefined;
  const counts = found && STATUSES.map((status) => [status, found[status.toLowerCase()]?.countUpTo ?? null]);
  return { counts: counts ? (Object.fromEntries(counts) as Counts) : null, took: performance.now() - began };
}

/** How many jobs of each status there are; counted again when something happened. */
export function useCounts(wanted: Wanted): Counts | null {
  const filters = JSON.stringify(
    Object.fromEntries(STATUSES.map((status) => [status.toLowerCase(), filterOf({ ...wanted, status: [status] })])),
  );
  const [answer, setAnswer] = useState<{ filters: string; counts: Counts } | null>(null);
  const count = useMemo(
    () =>
      repeated(async () => {
        const { counts, took } = await read(filters);
        if (counts) setAnswer({ filters, counts });
        return Math.max(PAUSE, SHARE * took);
      }),
    [filters],
  );
  useEffect(() => {
    count();
    return count.stop;
  }, [count]);
  useLive(JobsChangedDocument, {}, count, count);
  return answer?.filters === filters ? answer.counts : null;
}
