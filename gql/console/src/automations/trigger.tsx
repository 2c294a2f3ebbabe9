import type { ErrorSchema } from "@rjsf/utils";
import { lazy, useState } from "react";
import { useMutation, useQuery } from "urql";
import { useLocation } from "wouter";
import { ROOT } from "../api/client";
import { refusal, useViewer } from "../api/viewer";
import { RunManualTriggerDocument, TriggerDocument } from "../gql/graphql";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Copy, Trouble } from "../ui/parts";
import { Tree } from "../ui/tree";
import type { Trigger } from "./documented";

const SchemaForm = lazy(() => import("../forms/form"));

const FORM = "trigger";

/** Runs a manual trigger with its form, shows how an endpoint is called, and says what does not run here. */
export function OneTrigger({ trigger }: { trigger: Trigger }) {
  const [{ data }] = useQuery({ query: TriggerDocument, variables: { id: trigger._id } });
  return (
    <>
      {data?.trigger.warnings.map((warning) => (
        <p key={warning} className="card">
          {warning}
        </p>
      ))}
      {trigger.type === "manual" && <RunManual trigger={trigger} />}
      {trigger.type === "endpoint" && <Endpoint trigger={trigger} />}
      <Tree value={trigger} what="The trigger in its documented form" />
    </>
  );
}

function Endpoint({ trigger }: { trigger: Trigger }) {
  const url = new URL(`operations-manager/triggers/endpoint/${encodeURIComponent(trigger.routeName ?? "")}`, ROOT).href;
  const curl = `curl -s ${url} -H 'content-type: application/json' -H "authorization: Bearer $JOBYARD_TOKEN" -d '{}'`;
  return (
    <section className="stack">
      <dl className="facts">
        <dt>Address</dt>
        <dd>
          <code>POST {url}</code> <Copy text={url} what="the address" />
        </dd>
        <dt>Try</dt>
        <dd>
          <code>{curl}</code> <Copy text={curl} what="the command" />
        </dd>
      </dl>
      <Tree value={trigger.schema ?? {}} what="The schema of its input" />
    </section>
  );
}

function RunManual({ trigger }: { trigger: Trigger }) {
  const viewer = useViewer();
  const [, go] = useLocation();
  const [, run] = useMutation(RunManualTriggerDocument);
  const [value, setValue] = useState<unknown>({});
  const [json, setJson] = useState("{}");
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [faults, setFaults] = useState<ErrorSchema | undefined>();
  const schema = trigger.formSchema?.properties ? trigger.formSchema : null;

  async function begin() {
    const formData = schema ? value : objectOf(json);
    if (typeof formData === "string") {
      setFault({ message: formData });
      return;
    }
    const { data, error } = await run({ id: trigger._id, formData });
    setFault(error ?? null);
    if (data?.runManualTrigger) {
      go(`/jobs/${data.runManualTrigger.id}`);
      return;
    }
    const { faultsOf } = await import("../forms/faults");
    setFaults(faultsOf(error));
  }

  const why = trigger.enabled ? refusal(viewer, "runManualTrigger") : "The trigger is disabled.";
  return (
    <section className="card stack">
      {schema ? (
        <SchemaForm
          id={FORM}
          schema={schema}
          value={value}
          {...(faults && { faults })}
          onChange={setValue}
          onSubmit={() => void begin()}
        />
      ) : (
        <JsonField label="Input" hint="An object: what the job starts with." value={json} onChange={setJson} />
      )}
      {fault && <Trouble error={fault} />}
      <div className="row">
        <Act
          className="primary"
          why={why}
          onAct={() => {
            if (schema) document.querySelector<HTMLFormElement>(`[id="${FORM}"]`)?.requestSubmit();
            else void begin();
          }}
        >
          Run
        </Act>
      </div>
    </section>
  );
}
