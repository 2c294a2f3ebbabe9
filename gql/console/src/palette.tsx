import { useEffect, useRef, useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { JobsDocument, WorkflowsDocument } from "./gql/graphql";
import { toggleTheme } from "./ui/theme";

interface Entry {
  key: string;
  text: string;
  kind: string;
  act: () => void;
}

const MOST = 12;
const PAGES = {
  Jobs: "/jobs",
  Inbox: "/tasks",
  Workflows: "/workflows",
  Projects: "/projects",
  Automations: "/automations",
  People: "/people",
  Server: "/server",
};

/** Goes to a job by its id, to a workflow or a page by a part of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [, go] = useLocation();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const text = typed.trim();
  const isId = /^[0-9a-f]{24}$/.test(text);
  const [{ data: workflows }] = useQuery({ query: WorkflowsDocument });
  const [{ data: jobs }] = useQuery({
    query: JobsDocument,
    variables: { filter: isId ? { ids: [text] } : { text }, first: 5 },
    pause: text.length < 2,
  });
  useEffect(() => dialog.current?.showModal(), []);

  const to = (path: string) => () => {
    onClose();
    go(path);
  };
  const entries: Entry[] = [];
  if (text.length >= 2) {
    for (const job of jobs?.jobs.nodes ?? []) {
      const label = `${job.name ?? job.id} ${job.description ?? ""}`.trim();
      entries.push({ key: job.id, text: label, kind: `job …${job.id.slice(-6)}`, act: to(`/jobs/${job.id}`) });
    }
  }
  const fits = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  for (const { id, name } of workflows?.workflows ?? []) {
    if (fits(name)) {
      entries.push({ key: id, text: name, kind: "workflow", act: to(`/workflows/${encodeURIComponent(name)}`) });
    }
  }
  for (const [name, path] of Object.entries(PAGES)) {
    if (fits(name)) entries.push({ key: path, text: name, kind: "page", act: to(path) });
  }
  if (fits("Light or dark")) entries.push({ key: "theme", text: "Light or dark", kind: "action", act: toggleTheme });
  const shown = entries.slice(0, MOST);
  const current = Math.min(at, shown.length - 1);

  return (
    <dialog ref={dialog} className="palette" aria-label="Find" onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-found"
        aria-activedescendant={shown[current] && `palette-${current}`}
        aria-label="A job's id or words, a workflow, a page"
        placeholder="A job's id or words, a workflow, a page"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(current + 1, shown.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(current - 1, 0));
          else if (event.key === "Enter") shown[current]?.act();
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-found" role="listbox" aria-label="Found">
        {shown.map((entry, index) => (
          <li
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === current}
            onMouseMove={() => setAt(index)}
            onClick={entry.act}
          >
            <span>{entry.text}</span>
            <span className="quiet small">{entry.kind}</span>
          </li>
        ))}
        {shown.length === 0 && <li className="quiet">Nothing is called like that.</li>}
      </ul>
    </dialog>
  );
}
