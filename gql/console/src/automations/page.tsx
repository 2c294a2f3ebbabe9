import { Suspense, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { refusal, useViewer } from "../api/viewer";
import { AutomationsDocument } from "../gql/graphql";
import { Act, Drawer, Empty, Loading, Time, Trouble } from "../ui/parts";
import { pathOf } from "../workflows/page";
import type { Automation, Trigger } from "./documented";
import { EditAutomation } from "./edit-automation";
import { EditTrigger } from "./edit-trigger";
import { OneTrigger } from "./trigger";

const MOST = 100;
const RUNS = new Set(["manual", "endpoint"]);

/** What is open at the right: one that there is, or one that is being made (of an automation). */
type Open = { kind: "automation"; id: string | null } | { kind: "trigger"; id: string | null; of: string };

export default function Automations() {
  const viewer = useViewer();
  const [open, setOpen] = useState<Open | null>(null);
  const [{ data, error }, ask] = useQuery({
    query: AutomationsDocument,
    variables: { automations: { limit: MOST }, triggers: { limit: 10 * MOST } },
    requestPolicy: "cache-and-network",
  });
  const automations = (data?.documentedAutomations.documented ?? []) as Automation[];
  const triggers = (data?.documentedTriggers.documented ?? []) as Trigger[];
  const again = () => ask({ requestPolicy: "network-only" });
  const gone = () => {
    setOpen(null);
    again();
  };
  return (
    <div className="inside">
      <div className="row">
        <h1 className="grow">Automations</h1>
        <Act why={refusal(viewer, "createAutomation")} onAct={() => setOpen({ kind: "automation", id: null })}>
          New automation
        </Act>
      </div>
      {!data && (error ? <Trouble error={error} /> : <Loading what="automations" />)}
      <div className="with-drawer">
        <div className="grow stack">
          {data && automations.length === 0 && (
            <Empty title="No automations yet">
              <p>
                An automation gives a workflow a name and triggers: an endpoint that other systems call, a form that
                people fill in. Make one here, import those that you have with <code>importAutomations</code>, or POST
                them to <code>/operations-manager/automations</code>.
              </p>
            </Empty>
          )}
          {automations.map((automation) => (
            <section key={automation._id} className="card stack" aria-label={automation.name ?? automation._id}>
              <div className="row">
                <h2 className="grow">{automation.name}</h2>
                {automation.componentName && (
                  <Link href={pathOf(automation.componentName)}>{automation.componentName}</Link>
                )}
                <button type="button" onClick={() => setOpen({ kind: "automation", id: automation._id })}>
                  Change<span className="unseen"> {automation.name}</span>
                </button>
                <Act
                  why={refusal(viewer, "createTrigger")}
                  onAct={() => setOpen({ kind: "trigger", id: null, of: automation._id })}
                >
                  New trigger<span className="unseen"> of {automation.name}</span>
                </Act>
              </div>
              {automation.description && <p className="quiet">{automation.description}</p>}
              {triggers
                .filter((trigger) => trigger.actionId === automation._id)
                .map((trigger) => (
                  <div key={trigger._id} className="row">
                    <button
                      type="button"
                      onClick={() => setOpen({ kind: "trigger", id: trigger._id, of: automation._id })}
                    >
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
        {open?.kind === "automation" && (
          <OpenAutomation
            key={open.id}
            automation={automations.find((one) => one._id === open.id) ?? null}
            onDone={again}
            onGone={gone}
            onClose={() => setOpen(null)}
          />
        )}
        {open?.kind === "trigger" && (
          <OpenTrigger
            key={open.id ?? open.of}
            trigger={triggers.find((one) => one._id === open.id) ?? null}
            automation={open.of}
            onDone={again}
            onGone={gone}
            onClose={() => setOpen(null)}
          />
        )}
      </div>
    </div>
  );
}

interface Opened {
  onDone: () => void;
  onGone: () => void;
  onClose: () => void;
}

function OpenAutomation({ automation, onClose, ...rest }: Opened & { automation: Automation | null }) {
  return (
    <Drawer title={<h2>{automation ? automation.name : "A new automation"}</h2>} onClose={onClose}>
      <EditAutomation automation={automation} {...rest} />
    </Drawer>
  );
}

function OpenTrigger({
  trigger,
  automation,
  onClose,
  ...rest
}: Opened & { trigger: Trigger | null; automation: string }) {
  const [isEdited, setEdited] = useState(trigger === null);
  return (
    <Drawer title={<h2>{trigger ? (trigger.name ?? trigger._id) : "A new trigger"}</h2>} onClose={onClose}>
      {trigger && (
        <div className="row">
          <button type="button" className="chip" aria-pressed={isEdited} onClick={() => setEdited(!isEdited)}>
            Change it
          </button>
        </div>
      )}
      <Suspense fallback={<Loading what="the form" />}>
        {isEdited && <EditTrigger trigger={trigger} automation={automation} {...rest} />}
        {trigger && !isEdited && <OneTrigger trigger={trigger} />}
      </Suspense>
    </Drawer>
  );
}
