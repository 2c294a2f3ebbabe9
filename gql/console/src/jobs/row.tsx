import { memo } from "react";
import { Link } from "wouter";
import type { JobRowFragment } from "../gql/graphql";
import { Copy, Elapsed, StateBadge, Time, useNow } from "../ui/parts";
import { endOf, stateOfJob, why } from "../ui/state";

export const JobRow = memo(function JobRow({
  job,
  who,
  chosen,
  onChoose,
  depth = 0,
  isOpen = false,
  onOpen,
}: {
  job: JobRowFragment;
  who: (id: string | null | undefined) => string;
  chosen?: boolean;
  onChoose?: (id: string, chosen: boolean) => void;
  /** In a tree: how far down it is, and whether what is below it is shown. */
  depth?: number;
  isOpen?: boolean;
  onOpen?: () => void;
}) {
  const now = useNow();
  const over = job.status === "COMPLETE" || job.status === "CANCELED" || job.status === "ERROR";
  const progress = Math.round((job.metrics?.progress ?? 0) * 100);
  const sentence = over && job.status !== "ERROR" ? "" : why(job, now);
  return (
    <tr className={chosen ? "chosen" : undefined}>
      {onChoose && (
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${job.name ?? job.id}`}
            checked={!!chosen}
            onChange={(event) => onChoose(job.id, event.target.checked)}
          />
        </td>
      )}
      <td>
        <StateBadge state={stateOfJob(job)} />
      </td>
      <td>
        {onOpen && (
          <button
            type="button"
            className="plain fold"
            style={{ marginLeft: `${depth * 1.5}em` }}
            aria-expanded={isOpen}
            aria-label={`Child jobs of ${job.name ?? job.id}`}
            onClick={onOpen}
          >
            <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
          </button>
        )}
        <Link href={`/jobs/${job.id}`}>{job.name ?? "(no name)"}</Link>
      </td>
      <td className="wide-only" title={job.description ?? undefined}>
        {job.description}
      </td>
      <td className="not-phone" title={sentence}>
        <span className="quiet">{sentence}</span>
      </td>
      <td className="wide-only">{who(job.metrics?.user)}</td>
      <td>
        <Time at={job.metrics?.startTime} />
      </td>
      <td className="number not-phone">
        <Elapsed from={job.metrics?.startTime} to={endOf(job)} over={over} />
      </td>
      <td className="wide-only">
        <span className="progress" role="img" aria-label={`${progress} %`} title={`${progress} %`}>
          <span style={{ width: `${progress}%` }} />
        </span>
      </td>
      <td className="wide-only">
        <span className="id" title={job.id}>
          {job.id.slice(-6)}
        </span>
        <Copy text={job.id} what="the job's id" />
      </td>
    </tr>
  );
});

/** `onAll`: all rows that are shown can be chosen at once; `all` says whether they are. */
export function JobsHead({ all = false, onAll }: { all?: boolean; onAll?: (all: boolean) => void }) {
  return (
    <thead>
      <tr>
        {onAll && (
          <th>
            <input
              type="checkbox"
              aria-label="Choose all that are shown"
              checked={all}
              onChange={(event) => onAll(event.target.checked)}
            />
          </th>
        )}
        <th>Status</th>
        <th>Workflow</th>
        <th className="wide-only">Description</th>
        <th className="not-phone">Waits for</th>
        <th className="wide-only">Who</th>
        <th>Started</th>
        <th className="number not-phone">Elapsed</th>
        <th className="wide-only">Progress</th>
        <th className="wide-only">Id</th>
      </tr>
    </thead>
  );
}
