import { useState } from "react";
import { useClient, useMutation, useQuery } from "urql";
import { Link, useLocation, useParams } from "wouter";
import { refusal, useViewer } from "../api/viewer";
import { DeleteProjectDocument, ExportProjectDocument, ProjectDocument, type ProjectQuery } from "../gql/graphql";
import { Act, Confirm, Copy, Empty, Loading, Search, Time, Trouble } from "../ui/parts";
import { pathOf } from "../workflows/page";

type Project = NonNullable<ProjectQuery["project"]>;

const KINDS: Record<string, string> = {
  workflow: "workflow",
  transformation: "transformation",
  template: "template",
  jsonForm: "form",
  mopCommandTemplate: "command template",
  mopAnalyticTemplate: "analytic template",
};

export default function ProjectPage() {
  const { id = "" } = useParams<{ id: string }>();
  const [{ data, error }] = useQuery({
    query: ProjectDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  if (!data?.project) {
    return (
      <div className="inside">
        {error ? <Trouble error={error} /> : <Loading what="the project" />}
        <Link href="/projects">To the projects</Link>
      </div>
    );
  }
  return <OneProject key={data.project.id} project={data.project} />;
}

function OneProject({ project }: { project: Project }) {
  const name = project.name ?? project.id;
  return (
    <div className="inside">
      <div className="row small quiet">
        <Link href="/projects">Projects</Link> / {name}
      </div>
      <Head project={project} name={name} />
      {project.description && <p>{project.description}</p>}
      <dl className="facts">
        <dt>Id</dt>
        <dd>
          <span className="mono">{project.id}</span> <Copy text={project.id} what="the id" />
        </dd>
        <dt>Changed</dt>
        <dd>
          <Time at={project.lastUpdated} />
        </dd>
        <dt>Members</dt>
        <dd>
          {project.members.length === 0
            ? "none: everybody sees the project and may change it"
            : project.members.map((one) => `${one.type} ${one.reference} (${one.role?.toLowerCase()})`).join(", ")}
        </dd>
      </dl>
      <Components project={project} />
    </div>
  );
}

function Head({ project, name }: { project: Project; name: string }) {
  const viewer = useViewer();
  const client = useClient();
  const [, go] = useLocation();
  const [, remove] = useMutation(DeleteProjectDocument);
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<{ message: string } | null>(null);

  async function save() {
    const { data, error } = await client.query(ExportProjectDocument, { id: project.id }).toPromise();
    setFault(error ?? null);
    if (!data) return;
    const address = URL.createObjectURL(new Blob([JSON.stringify(data.exportProject, null, 2)]));
    const link = Object.assign(document.createElement("a"), { href: address, download: `${name}.project.json` });
    link.click();
    URL.revokeObjectURL(address);
  }

  async function decide(confirmed: boolean) {
    setAsking(false);
    if (!confirmed) return;
    const { data, error } = await remove({ id: project.id });
    setFault(error ?? null);
    if (data?.deleteProject) go("/projects");
  }

  return (
    <>
      <div className="row">
        <h1 className="grow">{name}</h1>
        <Act why={refusal(viewer, "exportProject")} onAct={() => void save()}>
          Export
        </Act>
        <Act className="danger" why={refusal(viewer, "deleteProject")} onAct={() => setAsking(true)}>
          Delete
        </Act>
      </div>
      {fault && <Trouble error={fault} />}
      {isAsking && (
        <Confirm
          title={`Delete the project ${name}`}
          action={`Delete it with its ${project.components.length} documents`}
          onDone={(confirmed) => void decide(confirmed)}
        >
          <p>Documents that another project has too stay. Running jobs keep what they need to their end.</p>
        </Confirm>
      )}
    </>
  );
}

function Components({ project }: { project: Project }) {
  const [wanted, setWanted] = useState("");
  const prefix = `@${project.id}: `;
  const sought = wanted.trim().toLowerCase();
  const found = project.components
    .map((one) => ({ ...one, short: one.name?.startsWith(prefix) ? one.name.slice(prefix.length) : one.name }))
    .filter(({ short, folder }) => `${short ?? ""} ${folder ?? ""}`.toLowerCase().includes(sought));
  if (project.components.length === 0) {
    return (
      <Empty title="The project is empty">
        <p>Import its export, or add documents with the mutation addComponentsToProject.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className="row">
        <h2 className="grow">
          {project.components.length} {project.components.length === 1 ? "document" : "documents"}
        </h2>
        <Search label="Find a document of the project" hint="Find a document" value={wanted} onChange={setWanted} />
      </div>
      <table className="table">
        <thead>
          <tr>
            <th>Document</th>
            <th>Kind</th>
            <th className="wide-only">Folder</th>
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr key={one.reference}>
              <td>
                {one.type === "workflow" && one.name ? (
                  <Link href={pathOf(one.name)}>{one.short}</Link>
                ) : (
                  (one.short ?? one.reference)
                )}
              </td>
              <td>{KINDS[one.type ?? ""] ?? one.type}</td>
              <td className="wide-only">{one.folder}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p className="quiet">No document of the project is called like that.</p>}
    </>
  );
}
