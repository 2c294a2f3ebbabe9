import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CreateAutomationDocument,
  DeleteAutomationDocument,
  GroupsDocument,
  UpdateAutomationDocument,
  WorkflowsDocument,
} from "../gql/graphql";
import { Act, Confirm, Field } from "../ui/parts";
import { Ticks } from "../ui/ticks";
import { useTold } from "../ui/use-told";
import type { Automation } from "./documented";

/** A new automation, or what one starts and who may see and change it. */
export function EditAutomation({
  automation,
  onDone,
  onGone,
}: {
  automation: Automation | null;
  onDone: () => void;
  onGone: () => void;
}) {
  const viewer = useViewer();
  const [{ data: workflows }] = useQuery({ query: WorkflowsDocument });
  const [{ data: groups }] = useQuery({ query: GroupsDocument, pause: !viewer.methods.has("getGroups") });
  const [, create] = useMutation(CreateAutomationDocument);
  const [, update] = useMutation(UpdateAutomationDocument);
  const [, remove] = useMutation(DeleteAutomationDocument);
  const [name, setName] = useState(automation?.name ?? "");
  const [description, setDescription] = useState(automation?.description ?? "");
  const [workflow, setWorkflow] = useState(automation?.componentName ?? "");
  const [readers, setReaders] = useState(automation?.gbac?.read ?? []);
  const [writers, setWriters] = useState(automation?.gbac?.write ?? []);
  const [isAsking, setAsking] = useState(false);
  const [told, act] = useTold();
  const why =
    refusal(viewer, automation ? "updateAutomation" : "createAutomation") ??
    (name.trim() && workflow ? null : "An automation has a name and a workflow.");
  const names = (workflows?.workflows ?? []).map((one) => one.name);
  const allGroups = groups?.groups.results ?? [];

  async function save() {
    const document = {
      name: name.trim(),
      description,
      ...(workflow !== automation?.componentName && { componentName: workflow, componentId: null }),
      gbac: { read: readers, write: writers },
    };
    const doing = automation ? update({ id: automation._id, changes: document }) : create({ document });
    if (await act("It is saved.", doing)) (automation ? onDone : onGone)();
  }

  async function drop(of: Automation) {
    setAsking(false);
    if (await act("It is deleted.", remove({ id: of._id }))) onGone();
  }

  return (
    <div className="stack">
      <Field label="Name of the automation" value={name} onChange={setName} />
      <Field label="What it is for" value={description} onChange={setDescription} />
      <div className="field">
        <label htmlFor="automation-workflow">Workflow that it starts</label>
        <select id="automation-workflow" value={workflow} onChange={(event) => setWorkflow(event.target.value)}>
          <option value="">Choose one …</option>
          {[...new Set(workflow ? [workflow, ...names] : names)].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </div>
      {allGroups.length > 0 && (
        <>
          <Ticks legend="Groups that see it" choices={allGroups} chosen={readers} onChange={setReaders} />
          <Ticks legend="Groups that change it" choices={allGroups} chosen={writers} onChange={setWriters} />
        </>
      )}
      {told}
      <div className="row">
        <Act className="primary" why={why} onAct={() => void save()}>
          {automation ? "Save" : "Make the automation"}
        </Act>
        {automation && (
          <Act className="danger" why={refusal(viewer, "deleteAutomation")} onAct={() => setAsking(true)}>
            Delete
          </Act>
        )}
      </div>
      {automation && isAsking && (
        <Confirm
          title={`Delete ${automation.name}?`}
          action="Delete it with its triggers"
          onDone={(confirmed) => (confirmed ? void drop(automation) : setAsking(false))}
        >
          <p className="quiet">Its endpoints no longer answer. Jobs that it started go on.</p>
        </Confirm>
      )}
    </div>
  );
}
