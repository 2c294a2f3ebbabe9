import { useState } from "react";
import { useMutation } from "urql";
import { refusal, useViewer } from "../api/viewer";
import { CreateTriggerDocument, DeleteTriggerDocument, UpdateTriggerDocument } from "../gql/graphql";
import { JsonField, objectOf } from "../ui/json-field";
import { Act, Confirm, Field } from "../ui/parts";
import { useTold } from "../ui/use-told";
import type { Trigger } from "./documented";

const TYPES = {
  manual: "Manual: a person runs it here",
  endpoint: "Endpoint: another system calls it",
} as const;

/** A new trigger of an automation, or what one is called, whether it is enabled, and its route and schema. */
export function EditTrigger({
  trigger,
  automation,
  onDone,
  onGone,
}: {
  trigger: Trigger | null;
  /** The id of its automation. */
  automation: string;
  onDone: () => void;
  onGone: () => void;
}) {
  const viewer = useViewer();
  const [, create] = useMutation(CreateTriggerDocument);
  const [, update] = useMutation(UpdateTriggerDocument);
  const [, remove] = useMutation(DeleteTriggerDocument);
  const [type, setType] = useState(trigger?.type ?? "manual");
  const [name, setName] = useState(trigger?.name ?? "");
  const [isEnabled, setEnabled] = useState(trigger?.enabled ?? true);
  const [route, setRoute] = useState(trigger?.routeName ?? "");
  const [schema, setSchema] = useState(() => JSON.stringify(trigger?.schema ?? {}, null, 2));
  const [isAsking, setAsking] = useState(false);
  const [told, act] = useTold();
  const isEndpoint = type === "endpoint";
  const parsed = objectOf(schema);
  const why =
    refusal(viewer, trigger ? "updateTrigger" : "createTrigger") ??
    (name.trim() && (!isEndpoint || route.trim()) ? null : "It has a name, and an endpoint has a route.") ??
    (isEndpoint && typeof parsed === "string" ? parsed : null);

  async function save() {
    const document = {
      name: name.trim(),
      enabled: isEnabled,
      ...(isEndpoint && { routeName: route.trim(), schema: parsed }),
    };
    const doing = trigger
      ? update({ id: trigger._id, changes: document })
      : create({ document: { ...document, type, actionId: automation } });
    if (await act("It is saved.", doing)) (trigger ? onDone : onGone)();
  }

  async function drop(of: Trigger) {
    setAsking(false);
    if (await act("It is deleted.", remove({ id: of._id }))) onGone();
  }

  return (
    <div className="stack">
      {!trigger && (
        <div className="field">
          <label htmlFor="trigger-type">Kind</label>
          <select id="trigger-type" value={type} onChange={(event) => setType(event.target.value)}>
            {Object.entries(TYPES).map(([key, text]) => (
              <option key={key} value={key}>
                {text}
              </option>
            ))}
          </select>
        </div>
      )}
      <Field label="Name of the trigger" value={name} onChange={setName} />
      {isEndpoint && (
        <>
          <Field label="Route" value={route} onChange={setRoute} />
          <JsonField
            label="Schema of its input"
            hint="A JSON Schema: what a caller may send."
            value={schema}
            onChange={setSchema}
          />
        </>
      )}
      <label className="row">
        <input type="checkbox" checked={isEnabled} onChange={(event) => setEnabled(event.target.checked)} />
        Enabled
      </label>
      {told}
      <div className="row">
        <Act className="primary" why={why} onAct={() => void save()}>
          {trigger ? "Save" : "Make the trigger"}
        </Act>
        {trigger && (
          <Act className="danger" why={refusal(viewer, "deleteTrigger")} onAct={() => setAsking(true)}>
            Delete
          </Act>
        )}
      </div>
      {trigger && isAsking && (
        <Confirm
          title={`Delete the trigger ${trigger.name}?`}
          action="Delete the trigger"
          onDone={(confirmed) => (confirmed ? void drop(trigger) : setAsking(false))}
        >
          <p className="quiet">{isEndpoint ? "Its address no longer answers." : "Nobody can run it any more."}</p>
        </Confirm>
      )}
    </div>
  );
}
