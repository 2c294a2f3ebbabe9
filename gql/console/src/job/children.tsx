import { Fragment, useState } from "react";
import { useQuery } from "urql";
import { useFresh } from "../api/live";
import { useNames } from "../api/names";
import { ChildrenDocument } from "../gql/graphql";
import { JobRow, JobsHead } from "../jobs/row";
import { Empty, Loading, Trouble } from "../ui/parts";

const PAGE = 50;
const COLUMNS = 9;
const PAUSE = 1000; // milliseconds between two readings

/** The whole tree of the jobs below a job: folded, and each level by pages. */
export function Children({ job }: { job: { id: string } }) {
  return (
    <div className="scroll-x">
      <table className="table">
        <JobsHead />
        <tbody>
          <Below parent={job.id} depth={0} />
        </tbody>
      </table>
    </div>
  );
}

function Below({ parent, depth }: { parent: string; depth: number }) {
  const [afters, setAfters] = useState<(string | null)[]>([null]);
  return (
    <>
      {afters.map((after) => (
        <Page
          key={after}
          parent={parent}
          depth={depth}
          after={after}
          isLast={after === afters.at(-1)}
          onNext={(next) => setAfters([...afters, next])}
        />
      ))}
    </>
  );
}

function Page({
  parent,
  depth,
  after,
  isLast,
  onNext,
}: {
  parent: string;
  depth: number;
  after: string | null;
  isLast: boolean;
  onNext: (after: string) => void;
}) {
  const who = useNames();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [{ data, error }, ask] = useQuery({
    query: ChildrenDocument,
    variables: { parent, first: PAGE, after },
    requestPolicy: "cache-and-network",
  });
  useFresh(ask, PAUSE);
  const next = data?.jobs.pageInfo;

  function toggle(id: string) {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }

  return (
    <>
      {!data && (
        <tr>
          <td colSpan={COLUMNS}>{error ? <Trouble error={error} /> : <Loading what="child jobs" />}</td>
        </tr>
      )}
      {data?.jobs.nodes.map((child) => (
        <Fragment key={child.id}>
          <JobRow job={child} who={who} depth={depth} isOpen={open.has(child.id)} onOpen={() => toggle(child.id)} />
          {open.has(child.id) && <Below parent={child.id} depth={depth + 1} />}
        </Fragment>
      ))}
      {data?.jobs.nodes.length === 0 && after === null && (
        <tr>
          <td colSpan={COLUMNS}>
            {depth === 0 ? (
              <Empty title="No child jobs">A task of the method childJob starts them.</Empty>
            ) : (
              <span className="quiet">It has started no job.</span>
            )}
          </td>
        </tr>
      )}
      {isLast && next?.hasNextPage && next.endCursor && (
        <tr>
          <td colSpan={COLUMNS}>
            <button type="button" className="plain" onClick={() => next.endCursor && onNext(next.endCursor)}>
              Show {PAGE} more of {data?.jobs.totalCount.toLocaleString("en")}
            </button>
          </td>
        </tr>
      )}
    </>
  );
}
