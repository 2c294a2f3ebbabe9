import type { ErrorSchema, RJSFSchema } from "@rjsf/utils";
import { lazy, useRef, useState } from "react";
import { useMutation, useQuery } from "urql";
import { useLocation } from "wouter";
import { refusal, useViewer } from "../api/viewer";
import { GroupsDocument, StartJobDocument, type WorkflowQuery } from "../gql/graphql";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Trouble } from "../ui/parts";

const SchemaForm = lazy(() => import("../forms/form"));

const FORM = "start";
// What every job has of the server, whatever its workflow's schema says.
const GIVEN = new Set(["_id", "initiator"]);

function asked(schema: unknown): RJSFSchema | null {
  if (typeof schema !== "object" || schema === null) return null;
  const { properties, required, ...rest } = schema as RJSFSchema;
  const own = Object.entries(properties ?? {}).filter(([name]) => !GIVEN.has(name));
  if (own.length === 0) return null;
  return {
    ...rest,
    title: "",
    type: "object",
    properties: Object.fromEntries(own),
    required: (required ?? []).filter((name) => !GIVEN.has(name)),
  };
}

/** Starts one job, however often its button is pressed: the key is the same until it has been started. */
export function Start({ workflow }: { workflow: NonNullable<WorkflowQuery["workflow"]> }) {
  const viewer = useViewer();
  const [, go] = useLocation();
  const [, start] = useMutation(StartJobDocument);
  const [{ data: groups }] = useQuery({ query: GroupsDocument, pause: !viewer.methods.has("getGroups") });
  const schema = asked(workflow.inputSchema);
  const [asJson, setAsJson] = useState(schema === null);
  const [value, setValue] = useState<unknown>({});
  const [json, setJson] = useState("{}");
  const [description, setDescription] = useState("");
  const [group, setGroup] = useState("");
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [faults, setFaults] = useState<ErrorSchema | undefined>();
  const key = useRef(crypto.getRandomValues(new Uint32Array(4)).join("-"));

  async function begin() {
    const variables = asJson ? objectOf(json) : value;
    if (typeof variables === "string") {
      setFault({ message: variables });
      return;
    }
    const options = { variables, ...(description && { description }), ...(group && { groups: [group] }) };
    const { data, error } = await start({ workflow: workflow.name, options, key: key.current });
    setFault(error ?? null);
    if (data?.startJob) {
      go(`/jobs/${data.startJob.id}`);
      return;
    }
    // Refused, nothing was started with it; where the answer was lost, the next press asks for the same job.
    if (!error?.networkError) key.current = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const { faultsOf } = await import("../forms/faults");
    setFaults(faultsOf(error));
  }

  return (
    <div className="stack">
      {schema && !asJson && (
        <SchemaForm
          id={FORM}
          schema={schema}
          value={value}
          {...(faults && { faults })}
          onChange={setValue}
          onSubmit={() => void begin()}
        />
      )}
      {asJson && (
        <JsonField
          label="Variables"
          hint={schema ? "As JSON" : "This workflow says nothing of its variables. As JSON:"}
          value={json}
          onChange={setJson}
        />
      )}
      {schema && (
        <button
          type="button"
          className="plain"
          onClick={() => {
            if (!asJson) setJson(JSON.stringify(value ?? {}, null, 2));
            setAsJson(!asJson);
          }}
        >
          {asJson ? "Fill in the form" : "Write JSON instead"}
        </button>
      )}
      <div className="field">
        <label htmlFor="start-description">Description</label>
        <input id="start-description" value={description} onChange={(event) => setDescription(event.target.value)} />
      </div>
      {groups && groups.groups.results.length > 0 && (
        <div className="field">
          <label htmlFor="start-group">Who may see and work it</label>
          <select id="start-group" value={group} onChange={(event) => setGroup(event.target.value)}>
            <option value="">As the workflow says</option>
            {groups.groups.results.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name ?? one.id}
              </option>
            ))}
          </select>
        </div>
      )}
      {fault && <Trouble error={fault} />}
      <div className="row">
        <Act
          className="primary"
          why={refusal(viewer, "startJob")}
          onAct={() => {
            if (asJson) void begin();
            // A form is checked before it is sent.
            else document.querySelector<HTMLFormElement>(`[id="${FORM}"]`)?.requestSubmit();
          }}
        >
          Start the job
        </Act>
      </div>
    </div>
  );
}
