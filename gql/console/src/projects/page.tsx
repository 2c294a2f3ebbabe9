import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { refusal, useViewer } from "../api/viewer";
import { ProjectsDocument } from "../gql/graphql";
import { Empty, Loading, Time, Trouble } from "../ui/parts";

export default function Projects() {
  const refused = refusal(useViewer(), "getProjects");
  const [pages, setPages] = useState<(string | null)[]>([null]);
  return (
    <div className="inside">
      <div className="row">
        <h1 className="grow">Projects</h1>
        <Link className="button" href="/workflows">
          Import a project
        </Link>
      </div>
      <p className="quiet">
        A project holds workflows, transformations, templates and forms together, under names of its own.
      </p>
      {refused ? (
        <Trouble error={{ message: refused }} />
      ) : (
        pages.map((after, index) => (
          <OnePage
            key={after ?? ""}
            after={after}
            isLast={index === pages.length - 1}
            onMore={(cursor) => setPages([...pages, cursor])}
          />
        ))
      )}
    </div>
  );
}

function OnePage({
  after,
  isLast,
  onMore,
}: {
  after: string | null;
  isLast: boolean;
  onMore: (cursor: string) => void;
}) {
  const [{ data, error }] = useQuery({
    query: ProjectsDocument,
    variables: { after },
    requestPolicy: "cache-and-network",
  });
  if (!data) return error ? <Trouble error={error} /> : <Loading what="projects" />;
  const { nodes, pageInfo } = data.projects;
  if (nodes.length === 0 && after === null) {
    return (
      <Empty title="No projects yet">
        <p>
          Drop the export of a project onto the <Link href="/workflows">workflows</Link> page.
        </p>
      </Empty>
    );
  }
  const next = isLast && pageInfo.hasNextPage ? pageInfo.endCursor : null;
  return (
    <>
      <table className="table">
        <thead className={after === null ? undefined : "unseen"}>
          <tr>
            <th>Project</th>
            <th className="wide-only">Description</th>
            <th className="number">Documents</th>
            <th className="wide-only">Changed</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((project) => (
            <tr key={project.id}>
              <td>
                <Link href={`/projects/${project.id}`}>{project.name ?? project.id}</Link>
              </td>
              <td className="wide-only" title={project.description ?? undefined}>
                {project.description}
              </td>
              <td className="number">{project.components.length}</td>
              <td className="wide-only">
                <Time at={project.lastUpdated} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {next != null && (
        <button type="button" onClick={() => onMore(next)}>
          More projects
        </button>
      )}
    </>
  );
}
