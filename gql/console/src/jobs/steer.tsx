import { useState } from "react";
import { useClient } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CancelJobsDocument,
  DeleteJobsDocument,
  DescendantsDocument,
  PauseJobsDocument,
  ResumeJobsDocument,
  type JobAction,
  type JobRowFragment,
  type JobStatus,
  type SteeredFragment,
} from "../gql/graphql";
import { Act, Confirm } from "../ui/parts";
import { inParts } from "./in-parts";

const ACTIONS = {
  pause: { word: "Pause", method: "pauseJobs", from: ["RUNNING"], document: PauseJobsDocument },
  resume: { word: "Resume", method: "resumeJobs", from: ["PAUSED"], document: ResumeJobsDocument },
  cancel: { word: "Cancel", method: "cancelJobs", from: ["RUNNING", "PAUSED", "ERROR"], document: CancelJobsDocument },
  delete: { word: "Delete", method: "deleteJobs", from: ["COMPLETE", "CANCELED"], document: DeleteJobsDocument },
} satisfies Record<string, { word: string; method: string; from: JobStatus[]; document: unknown }>;

type Action = keyof typeof ACTIONS;

const MOST_STEERED = 100; // jobs that one request of the API takes
const MOST_ASKED = 10; // questions at once

export interface Report {
  word: string;
  results: SteeredFragment[];
  failed?: string;
}

interface Asked {
  action: Action;
  jobs: JobRowFragment[];
  descendants: number;
}

function count(jobs: number, descendants: number): string {
  const these = jobs === 1 ? "this job" : `${jobs} jobs`;
  const below = descendants === 1 ? "1 child job" : `${descendants} child jobs`;
  return descendants > 0 ? `${these} and ${below}` : these;
}

/** What the status of these jobs allows, one button each; what cannot be undone is confirmed. */
export function Steer({
  jobs,
  permissions,
  onDone,
}: {
  jobs: JobRowFragment[];
  /** Of the one job, as the server says it. */
  permissions?: (action: JobAction) => string | null;
  onDone: (report: Report) => void;
}) {
  const client = useClient();
  const viewer = useViewer();
  const [asked, setAsked] = useState<Asked | null>(null);

  async function run(action: Action, chosen: JobRowFragment[]) {
    setAsked(null);
    const { word, document } = ACTIONS[action];
    const results: SteeredFragment[] = [];
    for (const ids of inParts(
      chosen.map((job) => job.id),
      MOST_STEERED,
    )) {
      const { data, error } = await client.mutation(document, { ids }).toPromise();
      results.push(...(data?.results ?? []));
      if (error) {
        onDone({ word, results, failed: error.message });
        return;
      }
    }
    onDone({ word, results });
  }

  async function ask(action: Action, chosen: JobRowFragment[]) {
    if (action === "pause" || action === "resume") {
      await run(action, chosen);
      return;
    }
    let descendants = 0;
    for (const part of inParts(chosen, MOST_ASKED)) {
      const asking = part.map((job) => client.query(DescendantsDocument, { filter: { root: job.id } }).toPromise());
      for (const { data } of await Promise.all(asking)) descendants += Math.max(0, (data?.jobs.totalCount ?? 1) - 1);
    }
    setAsked({ action, jobs: chosen, descendants });
  }

  return (
    <>
      {(Object.keys(ACTIONS) as Action[]).map((action) => {
        const { word, method, from } = ACTIONS[action];
        const chosen = jobs.filter((job) => (from as JobStatus[]).includes(job.status));
        if (chosen.length === 0) return null;
        return (
          <Act
            key={action}
            why={permissions ? permissions(action.toUpperCase() as JobAction) : refusal(viewer, method)}
            onAct={() => void ask(action, chosen)}
          >
            {word}
            {jobs.length > 1 && ` ${chosen.length}`}
          </Act>
        );
      })}
      {asked && (
        <Confirm
          title={`${ACTIONS[asked.action].word} ${count(asked.jobs.length, asked.descendants)}?`}
          action={`${ACTIONS[asked.action].word} ${count(asked.jobs.length, asked.descendants)}`}
          onDone={(confirmed) => (confirmed ? void run(asked.action, asked.jobs) : setAsked(null))}
        >
          <p className="quiet">This cannot be undone.</p>
        </Confirm>
      )}
    </>
  );
}

/** What came of it, for each job that it was not done with. */
export function Outcome({ report, onClose }: { report: Report; onClose: () => void }) {
  const refused = report.results.filter((result) => !result.done);
  const done = report.results.length - refused.length;
  return (
    <div className="card" role="status">
      <div className="row">
        <span className="grow">
          {report.failed && `${report.failed} `}
          {(report.results.length > 0 || !report.failed) && `${report.word}: ${done} of ${report.results.length} done.`}
        </span>
        <button type="button" className="plain" onClick={onClose}>
          Dismiss
        </button>
      </div>
      {refused.map((result) => (
        <p key={result.id} className="small">
          <code>{result.id}</code> {result.message}
        </p>
      ))}
    </div>
  );
}
