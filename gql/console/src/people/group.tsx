import { useState } from "react";
import { useMutation } from "urql";
import { refusal, useViewer } from "../api/viewer";
import { CreateGroupDocument, DeleteGroupDocument, UpdateGroupDocument, type GroupsQuery } from "../gql/graphql";
import { Act, Confirm, Field } from "../ui/parts";
import { Ticks, type Named } from "../ui/ticks";
import { useTold } from "../ui/use-told";

type Group = GroupsQuery["groups"]["results"][number];

/** A new group, or what one is for, is in and has. */
export function EditGroup({
  group,
  groups,
  roles,
  onDone,
  onGone,
}: {
  group: Group | null;
  groups: Named[];
  roles: Named[];
  onDone: () => void;
  onGone: () => void;
}) {
  const viewer = useViewer();
  const [, create] = useMutation(CreateGroupDocument);
  const [, update] = useMutation(UpdateGroupDocument);
  const [, remove] = useMutation(DeleteGroupDocument);
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [above, setAbove] = useState(() => group?.memberOf.flatMap(({ groupId }) => groupId ?? []) ?? []);
  const [hasRoles, setRoles] = useState(() => group?.assignedRoles.flatMap(({ roleId }) => roleId ?? []) ?? []);
  const [isAsking, setAsking] = useState(false);
  const [told, act] = useTold();
  const why = refusal(viewer, group ? "updateGroup" : "createGroup") ?? (name.trim() ? null : "A group has a name.");
  const fields = { description, groups: above, roles: hasRoles };

  async function save() {
    const doing = group ? update({ id: group.id, ...fields }) : create({ name: name.trim(), ...fields });
    if (await act("It is saved.", doing)) onDone();
  }

  async function toggle(of: Group) {
    const word = of.inactive ? "It counts again." : "It counts no more: nobody is in it.";
    if (await act(word, update({ id: of.id, inactive: !of.inactive }))) onDone();
  }

  async function drop(of: Group) {
    setAsking(false);
    if (await act("It is deleted.", remove({ id: of.id }))) onGone();
  }

  return (
    <div className="stack">
      {!group && <Field label="Name of the group" value={name} onChange={setName} />}
      <Field label="What it is for" value={description} onChange={setDescription} />
      <Ticks legend="Roles" choices={roles} chosen={hasRoles} onChange={setRoles} />
      <Ticks
        legend="Its members are also in"
        choices={groups.filter(({ id }) => id !== group?.id)}
        chosen={above}
        onChange={setAbove}
      />
      {told}
      <div className="row">
        <Act className="primary" why={why} onAct={() => void save()}>
          {group ? "Save" : "Make the group"}
        </Act>
        {group && (
          <>
            <Act why={why} onAct={() => void toggle(group)}>
              {group.inactive ? "Let it count again" : "Let it count no more"}
            </Act>
            <Act className="danger" why={refusal(viewer, "deleteGroup")} onAct={() => setAsking(true)}>
              Delete
            </Act>
          </>
        )}
      </div>
      {group && isAsking && (
        <Confirm
          title={`Delete the group ${group.name}?`}
          action="Delete the group"
          onDone={(confirmed) => (confirmed ? void drop(group) : setAsking(false))}
        >
          <p className="quiet">
            Jobs and workflows that only its members could see are then seen by administrators alone, and by who started
            them.
          </p>
        </Confirm>
      )}
    </div>
  );
}
