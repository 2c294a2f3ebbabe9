import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CreateRoleDocument,
  DeleteRoleDocument,
  MethodsDocument,
  UpdateRoleDocument,
  type RolesQuery,
} from "../gql/graphql";
import { Act, Confirm, Field } from "../ui/parts";
import { Ticks } from "../ui/ticks";
import { useTold } from "../ui/use-told";

type Role = RolesQuery["roles"]["results"][number];

/** A new role, or what one allows; those of the server stay as they are. */
export function EditRole({ role, onDone, onGone }: { role: Role | null; onDone: () => void; onGone: () => void }) {
  const viewer = useViewer();
  const [{ data }] = useQuery({ query: MethodsDocument, pause: !viewer.methods.has("getMethods") });
  const [, create] = useMutation(CreateRoleDocument);
  const [, update] = useMutation(UpdateRoleDocument);
  const [, remove] = useMutation(DeleteRoleDocument);
  const [name, setName] = useState("");
  const [description, setDescription] = useState(role?.description ?? "");
  const [methods, setMethods] = useState(() => role?.allowedMethods.map((one) => one.name) ?? []);
  const [isAsking, setAsking] = useState(false);
  const [told, act] = useTold();
  const isFixed = role !== null && role.provenance !== "Custom";
  const fixed = isFixed ? "It is the server's own. Make another one to allow something else." : null;
  const why =
    fixed ?? refusal(viewer, role ? "updateRole" : "createRole") ?? (role || name.trim() ? null : "A role has a name.");
  const known = data?.methods.results.map((one) => one.name) ?? [];
  const choices = [...new Set([...known, ...methods])].sort().map((id) => ({ id }));

  async function save() {
    const doing = role
      ? update({ id: role.id, description, methods })
      : create({ name: name.trim(), description, methods });
    if (await act("It is saved.", doing)) onDone();
  }

  async function drop(of: Role) {
    setAsking(false);
    if (await act("It is deleted.", remove({ id: of.id }))) onGone();
  }

  return (
    <div className="stack">
      {fixed && <p className="card">{fixed}</p>}
      {!role && <Field label="Name of the role" value={name} onChange={setName} />}
      {!isFixed && <Field label="What it is for" value={description} onChange={setDescription} />}
      <Ticks legend="Methods it allows" choices={choices} chosen={methods} why={fixed} onChange={setMethods} />
      {told}
      {!isFixed && (
        <div className="row">
          <Act className="primary" why={why} onAct={() => void save()}>
            {role ? "Save" : "Make the role"}
          </Act>
          {role && (
            <Act className="danger" why={refusal(viewer, "deleteRole")} onAct={() => setAsking(true)}>
              Delete
            </Act>
          )}
        </div>
      )}
      {role && isAsking && (
        <Confirm
          title={`Delete the role ${role.name}?`}
          action="Delete the role"
          onDone={(confirmed) => (confirmed ? void drop(role) : setAsking(false))}
        >
          <p className="quiet">Whoever has it may no longer do what it alone allows.</p>
        </Confirm>
      )}
    </div>
  );
}
