import { useState, type DragEvent } from "react";
import { useMutation, useQuery } from "urql";
import { Link } from "wouter";
import { refusal, useViewer } from "../api/viewer";
import { ImportWorkflowsDocument, WorkflowsDocument, type ImportWorkflowsMutation } from "../gql/graphql";
import { Empty, Loading, Search, Time, Trouble } from "../ui/parts";

const MOST = 1000; // what the API lists
const LARGEST = 16 * 1024 * 1024;

type Report = NonNullable<ImportWorkflowsMutation["importWorkflows"]>;

export function pathOf(name: string): string {
  return `/workflows/${encodeURIComponent(name)}`;
}

export default function Workflows() {
  const viewer = useViewer();
  const [wanted, setWanted] = useState("");
  const [{ data, error }, ask] = useQuery({ query: WorkflowsDocument, requestPolicy: "cache-and-network" });
  const [, bring] = useMutation(ImportWorkflowsDocument);
  const [report, setReport] = useState<Report | null>(null);
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [isOver, setOver] = useState(false);
  const why = refusal(viewer, "importAutomations");

  async function take(files: FileList | null) {
    const documents: unknown[] = [];
    for (const file of files ?? []) {
      if (file.size > LARGEST) {
        setFault({ message: `${file.name} is over 16 MB. Import it with \`jobyard import\`.` });
        return;
      }
      try {
        documents.push(JSON.parse(await file.text()));
      } catch {
        setFault({ message: `${file.name} is not JSON.` });
        return;
      }
    }
    if (documents.length === 0) return;
    const { data: answer, error: refused } = await bring({ documents });
    setFault(refused ?? null);
    setReport(answer?.importWorkflows ?? null);
    ask({ requestPolicy: "network-only" });
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    if (why === null) void take(event.dataTransfer.files);
  }

  const sought = wanted.trim().toLowerCase();
  const all = data?.workflows ?? [];
  const found = all.filter(({ name, description }) => `${name} ${description ?? ""}`.toLowerCase().includes(sought));
  return (
    <div
      className="inside"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="row">
        <h1 className="grow">Workflows</h1>
        <Link href="/projects">Projects</Link>
        <Search label="Find a workflow" value={wanted} onChange={setWanted} />
        <label className="button" title={why ?? "Or drop files onto this page"} aria-disabled={why !== null}>
          Import files
          <input
            type="file"
            className="unseen"
            accept=".json,application/json"
            multiple
            disabled={why !== null}
            onChange={(event) => {
              void take(event.target.files);
              event.target.value = "";
            }}
          />
        </label>
      </div>
      {isOver && <p className="card">Drop workflows, projects, transformations, templates or forms here.</p>}
      {fault && <Trouble error={fault} />}
      {report && <Imported report={report} onClose={() => setReport(null)} />}
      {!data && (error ? <Trouble error={error} /> : <Loading what="workflows" />)}
      {all.length === MOST && <p className="quiet small">These are the first {MOST} by name.</p>}
      {data && found.length === 0 && (
        <Empty title={all.length === 0 ? "No workflows yet" : "No workflow is called like that"}>
          {all.length === 0 && <p>Drop an exported workflow or project onto this page, or import its file.</p>}
        </Empty>
      )}
      {found.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Workflow</th>
              <th className="wide-only">Description</th>
              <th className="wide-only">Changed</th>
              <th>
                <span className="unseen">Start</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((workflow) => (
              <tr key={workflow.id}>
                <td>
                  <Link href={pathOf(workflow.name)}>{workflow.name}</Link>
                </td>
                <td className="wide-only" title={workflow.description ?? undefined}>
                  {workflow.description}
                </td>
                <td className="wide-only">
                  <Time at={workflow.lastUpdated} />
                </td>
                <td className="number">
                  {workflow.errors.length > 0 ? (
                    <span className="quiet">saved with errors</span>
                  ) : (
                    <Link className="button" href={`${pathOf(workflow.name)}?start`}>
                      Start<span className="unseen"> {workflow.name}</span>
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Imported({ report, onClose }: { report: Report; onClose: () => void }) {
  const warned = report.imported.filter((one) => one.warnings.length > 0);
  return (
    <div className="card stack" role="status">
      <div className="row">
        <span className="grow">
          {report.imported.length} imported, {report.skipped.length} not.
        </span>
        <button type="button" className="plain" onClick={onClose}>
          Dismiss
        </button>
      </div>
      {report.imported.slice(0, 50).map((one) => (
        <p key={one.id}>
          {one.kind === "WORKFLOW" ? <Link href={pathOf(one.name)}>{one.name}</Link> : one.name}{" "}
          <span className="quiet">
            {one.kind.toLowerCase()}
            {one.replaced ? ", replaced" : ""}
          </span>
        </p>
      ))}
      {report.skipped.map((one) => (
        <p key={one.where} className="trouble">
          {one.where}: {one.reason}
        </p>
      ))}
      {warned.map((one) => (
        <details key={one.id}>
          <summary>
            {one.name}: {one.warnings.length} warnings
          </summary>
          {one.warnings.map((warning) => (
            <p key={warning} className="small">
              {warning}
            </p>
          ))}
        </details>
      ))}
    </div>
  );
}
