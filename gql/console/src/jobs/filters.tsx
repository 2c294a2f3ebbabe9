import { useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../api/viewer";
import { GroupsDocument, NamesDocument } from "../gql/graphql";
import { Icon } from "../ui/icon";
import { WORDS } from "../ui/state";
import { counted } from "./counts";
import { STATUSES, write, type Wanted } from "./filter";
import { useCounts } from "./use-counts";
import { useViews } from "./views";

const STATE = {
  RUNNING: "running",
  PAUSED: "paused",
  ERROR: "error",
  COMPLETE: "complete",
  CANCELED: "canceled",
} as const;

/** The filter as the address has it. Texts are taken over with Enter or when one leaves their field. */
export function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const viewer = useViewer();
  const [more, setMore] = useState(
    () => !!(wanted.group || wanted.starter || wanted.tag || wanted.since || wanted.before || wanted.variable),
  );
  const [views, keepView, dropView] = useViews();
  const [{ data: groups }] = useQuery({ query: GroupsDocument, pause: !more || !viewer.methods.has("getGroups") });
  const [{ data: names }] = useQuery({ query: NamesDocument, pause: !more || !viewer.methods.has("getAccounts") });
  const counts = useCounts(wanted);
  const search = write(wanted);

  function field(key: Exclude<keyof Wanted, "status" | "roots">, label: string, hint: string, type = "search") {
    return (
      <input
        key={`${key}:${wanted[key]}`}
        type={type}
        aria-label={label}
        placeholder={hint}
        title={label}
        defaultValue={wanted[key]}
        onBlur={(event) => event.target.value !== wanted[key] && onChange({ ...wanted, [key]: event.target.value })}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
    );
  }

  return (
    <div className="stack" role="search" aria-label="Filter jobs">
      <div className="row">
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            className="chip"
            aria-pressed={wanted.status.includes(status)}
            onClick={() =>
              onChange({
                ...wanted,
                status: wanted.status.includes(status)
                  ? wanted.status.filter((one) => one !== status)
                  : [...wanted.status, status],
              })
            }
          >
            <Icon name={STATE[status]} />
            {WORDS[STATE[status]]}
            <span className="quiet">{counted(counts?.[status])}</span>
          </button>
        ))}
        <button
          type="button"
          className="chip"
          aria-pressed={wanted.roots}
          title="Without the jobs that tasks of other jobs started"
          onClick={() => onChange({ ...wanted, roots: !wanted.roots })}
        >
          Roots only
        </button>
        {field("name", "Workflow", "Workflow")}
        {field("text", "Words of name or description", "Words")}
        <button type="button" className="plain" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? "Fewer filters" : "More filters"}
        </button>
        {search && (
          <button
            type="button"
            className="plain"
            onClick={() => {
              const name = prompt("Name of this view");
              if (name) keepView(name, search);
            }}
          >
            Keep as view
          </button>
        )}
      </div>
      {more && (
        <div className="row">
          <select
            aria-label="Group"
            value={wanted.group}
            onChange={(event) => onChange({ ...wanted, group: event.target.value })}
          >
            <option value="">Any group</option>
            {groups?.groups.results.map((group) => (
              <option key={group.id} value={group.id}>
                {group.name ?? group.id}
              </option>
            ))}
          </select>
          <select
            aria-label="Who started it"
            value={wanted.starter}
            onChange={(event) => onChange({ ...wanted, starter: event.target.value })}
          >
            <option value="">Anybody</option>
            <option value={viewer.id}>Me</option>
            {names?.accounts.results
              .filter((one) => one.id !== viewer.id)
              .map((one) => (
                <option key={one.id} value={one.id ?? ""}>
                  {one.username}
                </option>
              ))}
          </select>
          {field("tag", "Tag", "Tag")}
          {field("variable", "A variable's path and value", "device:edge-1")}
          <label className="row small">From {field("since", "Started from", "", "datetime-local")}</label>
          <label className="row small">to {field("before", "Started before", "", "datetime-local")}</label>
        </div>
      )}
      {views.length > 0 && (
        <div className="row small">
          <span className="quiet">Views</span>
          {views.map((view) => (
            <span key={view.name} className="row">
              <a href={`?${view.search}`}>{view.name}</a>
              <button
                type="button"
                className="plain"
                aria-label={`Drop ${view.name}`}
                onClick={() => dropView(view.name)}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
