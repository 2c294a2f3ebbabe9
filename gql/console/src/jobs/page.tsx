import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { Link, useLocation, useSearch } from "wouter";
import { calmed } from "../api/calm";
import { useLive } from "../api/live";
import { useNames } from "../api/names";
import { JobsChangedDocument, JobsDocument, type JobRowFragment } from "../gql/graphql";
import { useNear } from "../ui/near";
import { Empty, Loading, Trouble } from "../ui/parts";
import { filterOf, mayMatch, read, write, type Wanted } from "./filter";
import { Filters } from "./filters";
import { JobRow, JobsHead } from "./row";
import { Outcome, Steer, type Report } from "./steer";

const PAGE = 50;
const PAUSE = 150; // milliseconds between two readings of rows that changed
const MOST_READ = 500;
const ROW = 36; // pixels, as --row says

export default function JobsPage() {
  const search = useSearch();
  const [, go] = useLocation();
  const wanted = useMemo(() => read(search), [search]);
  return (
    <div className="inside">
      <div className="row">
        <h1 className="grow">Jobs</h1>
        <Link className="button primary" href="/workflows">
          Start a job
        </Link>
      </div>
      <Filters wanted={wanted} onChange={(next) => go(`/jobs?${write(next)}`)} />
      <JobsTable key={search} wanted={wanted} />
    </div>
  );
}

function JobsTable({ wanted }: { wanted: Wanted }) {
  const who = useNames();
  const [afters, setAfters] = useState<(string | null)[]>([null]);
  const [loaded, setLoaded] = useState<Record<string, JobRowFragment[]>>({});
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [news, setNews] = useState<ReadonlySet<string>>(new Set());
  const [report, setReport] = useState<Report | null>(null);
  const [round, setRound] = useState(0);

  const again = useCallback(() => {
    setNews(new Set());
    setAfters([null]);
    setLoaded({});
    setRound((before) => before + 1);
  }, []);

  // Of all that happens only what is shown is read anew, many rows at a time.
  const client = useClient();
  const stale = useRef(new Set<string>());
  const shown = useRef(new Set<string>());
  useEffect(() => {
    shown.current = new Set(
      Object.values(loaded)
        .flat()
        .map((job) => job.id),
    );
  }, [loaded]);
  const refresh = useRef<() => void>(null);
  useEffect(() => {
    const calm = calmed(() => {
      const ids = [...stale.current].filter((id) => shown.current.has(id)).slice(0, MOST_READ);
      stale.current.clear();
      if (ids.length === 0) return;
      const asked = { filter: { ids }, first: ids.length };
      void client.query(JobsDocument, asked, { requestPolicy: "network-only" }).toPromise();
    }, PAUSE);
    refresh.current = calm.call;
    return calm.stop;
  }, [client]);

  useLive(
    JobsChangedDocument,
    {},
    ({ jobsChanged: event }) => {
      if (event.topic === "JOB_START" && mayMatch(wanted, event)) {
        setNews((before) => new Set(before).add(event.jobId));
      }
      stale.current.add(event.jobId);
      refresh.current?.();
    },
    again,
  );

  const onLoaded = useCallback((after: string | null, jobs: JobRowFragment[]) => {
    setLoaded((before) => ({ ...before, [after ?? ""]: jobs }));
  }, []);
  const onChoose = useCallback((id: string, is: boolean) => {
    setChosen((before) => {
      const next = new Set(before);
      if (is) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);

  const all = Object.values(loaded).flat();
  const known = new Set(all.map((job) => job.id));
  const unseen = [...news].filter((id) => !known.has(id)).length;
  const selected = all.filter((job) => chosen.has(job.id));

  return (
    <>
      {unseen > 0 && (
        <button type="button" className="news" onClick={again}>
          {unseen === 1 ? "1 new job" : `${unseen} new jobs`}
        </button>
      )}
      {selected.length > 0 && (
        <div className="row card" role="toolbar" aria-label="Chosen jobs">
          <span className="grow">{selected.length} chosen</span>
          <Steer
            jobs={selected}
            onDone={(done) => {
              setReport(done);
              setChosen(new Set());
              if (done.word === "Delete") again();
            }}
          />
          <button type="button" className="plain" onClick={() => setChosen(new Set())}>
            Choose none
          </button>
        </div>
      )}
      {report && <Outcome report={report} onClose={() => setReport(null)} />}
      <div className="scroll-x">
        <table className="table">
          <JobsHead
            all={all.length > 0 && selected.length === all.length}
            onAll={(is) => setChosen(new Set(is ? all.map((job) => job.id) : []))}
          />
          {afters.map((after) => (
            <JobsOfPage
              key={`${round}:${after}`}
              wanted={wanted}
              after={after}
              who={who}
              chosen={chosen}
              onChoose={onChoose}
              onLoaded={onLoaded}
              onNext={(next) => setAfters((before) => [...before, next])}
              isLast={after === afters.at(-1)}
            />
          ))}
        </table>
      </div>
    </>
  );
}

function JobsOfPage({
  wanted,
  after,
  who,
  chosen,
  onChoose,
  onLoaded,
  onNext,
  isLast,
}: {
  wanted: Wanted;
  after: string | null;
  who: (id: string | null | undefined) => string;
  chosen: ReadonlySet<string>;
  onChoose: (id: string, chosen: boolean) => void;
  onLoaded: (after: string | null, jobs: JobRowFragment[]) => void;
  onNext: (after: string) => void;
  isLast: boolean;
}) {
  const [{ data, error, fetching }] = useQuery({
    query: JobsDocument,
    variables: { filter: filterOf(wanted), first: PAGE, after },
    requestPolicy: "cache-and-network",
  });
  const jobs = data?.jobs.nodes;
  useEffect(() => {
    if (jobs) onLoaded(after, jobs);
  }, [jobs, after, onLoaded]);
  const next = data?.jobs.pageInfo;
  const body = useRef<HTMLTableSectionElement>(null);
  const isNear = useNear(body);
  if (!data) {
    return (
      <tbody ref={body}>
        <tr>
          <td colSpan={10}>{error ? <Trouble error={error} /> : <Loading what="jobs" />}</td>
        </tr>
      </tbody>
    );
  }
  if (!isNear && !isLast) {
    // Rows that nobody sees cost nothing: there is only their room.
    return (
      <tbody ref={body} aria-hidden="true">
        <tr>
          <td colSpan={10} style={{ height: data.jobs.nodes.length * ROW }} />
        </tr>
      </tbody>
    );
  }
  return (
    <tbody ref={body}>
      {data.jobs.nodes.map((job) => (
        <JobRow key={job.id} job={job} who={who} chosen={chosen.has(job.id)} onChoose={onChoose} />
      ))}
      {after === null && data.jobs.nodes.length === 0 && !fetching && (
        <tr>
          <td colSpan={10}>
            {write(wanted) ? (
              <Empty title="No job fits this filter">
                <Link href="/jobs">Show all jobs</Link>
              </Empty>
            ) : (
              <Empty title="No jobs yet">
                <p>A job is started from a workflow. Choose one, fill in its form, and watch it here.</p>
                <Link className="button primary" href="/workflows">
                  Choose a workflow
                </Link>
              </Empty>
            )}
          </td>
        </tr>
      )}
      {isLast && next?.hasNextPage && next.endCursor && (
        <tr>
          <td colSpan={10}>
            <button type="button" className="plain" onClick={() => next.endCursor && onNext(next.endCursor)}>
              Show {PAGE} more
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}
