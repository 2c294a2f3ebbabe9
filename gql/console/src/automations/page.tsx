import type { ErrorSchema, RJSFSchema } from "@rjsf/utils";
import { lazy, Suspense, useState } from "react";
import { useMutation, useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { ROOT } from "../api/client";
import { refusal, useViewer } from "../api/viewer";
import { AutomationsDocument, RunManualTriggerDocument, TriggerDocument } from "../gql/graphql";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Copy, Drawer, Empty, Loading, Time, Trouble } from "../ui/parts";
import { Tree } from "../ui/tree";
import { pathOf } from "../workflows/page";

const SchemaForm = lazy(() => import("../forms/form"));

const MOST = 100;
const FORM = "trigger";

/** The documented forms, as far as this page reads them. */
interface Automation {
  _id: string;
  name?: string;
  description?: string;
  componentName?: string;
}

interface Trigger {
  _id: string;
  name?: string;
  type?: string;
  enabled?: boolean;
  actionId?: string;
  routeName?: string;
  schema?: RJSFSchema;
  formSchema?: RJSFSchema;
  lastExecuted?: number;
}

const RUNS = new Set(["manual", "endpoint"]);

export default function Automations() {
  const [open, setOpen] = useState<string | null>(null);
  const [{ data, error }] = useQuery({
    query: AutomationsDocument,
    variables: { automations: { limit: MOST }, triggers: { limit: 10 * MOST } },
    requestPolicy: "cache-and-network",
  });
  const automations = (data?.documentedAutomations.documented ?? []) as Automation[];
  const triggers = (data?.documentedTriggers.documented ?? []) as Trigger[];
  const chosen = triggers.find((trigger) => trigger._id === open);
  return (
    <div className="inside">
      <h1>Automations</h1>
      {!data && (error ? <Trouble error={error} /> : <Loading what="automations" />)}
      {data && automations.length === 0 && (
        <Empty title="No automations yet">
          <p>
            An automation gives a workflow a name and triggers: an endpoint that other systems call, a form that people
            fill in. Import those that you have with <code>importAutomations</code>, or POST them to{" "}
            <code>/operations-manager/automations</code>.
          </p>
        </Empty>
      )}
      <div className="with-drawer">
        <div className="grow stack">
          {automations.map((automation) => (
            <section key={automation._id} className="card stack" aria-label={automation.name ?? automation._id}>
              <div className="row">
                <h2 className="grow">{automation.name}</h2>
                {automation.componentName && (
                  <Link href={pathOf(automation.componentName)}>{automation.componentName}</Link>
                )}
              </div>
              {automation.description && <p className="quiet">{automation.description}</p>}
              {triggers
                .filter((trigger) => trigger.actionId === automation._id)
                .map((trigger) => (
                  <div key={trigger._id} className="row">
                    <button type="button" onClick={() => setOpen(trigger._id)}>
                      {trigger.name ?? trigger._id}
                    </button>
                    <span className="quiet">
                      {trigger.type}
                      {trigger.enabled ? "" : ", disabled"}
                      {trigger.enabled && !RUNS.has(trigger.type ?? "") && ": it is kept, and starts nothing here"}
                    </span>
                    <span className="grow" />
                    {trigger.lastExecuted != null && (
                      <span className="quiet small">
                        last <Time at={trigger.lastExecuted} />
                      </span>
                    )}
                  </div>
                ))}
            </section>
          ))}
        </div>
        {chosen && (
          <Drawer title={<h2>{chosen.name ?? chosen._id}</h2>} onClose={() => setOpen(null)}>
            <Suspense fallback={<Loading what="the form" />}>
              <OneTrigger key={chosen._id} trigger={chosen} />
            </Suspense>
          </Drawer>
        )}
      </div>
    </div>
  );
}

function OneTrigger({ trigger }: { trigger: Trigger }) {
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
