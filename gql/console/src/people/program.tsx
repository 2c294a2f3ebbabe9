import { useState } from "react";
import { useMutation } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CreateServiceAccountDocument,
  DeleteServiceAccountDocument,
  RegenerateSecretDocument,
  UpdateAccountDocument,
  UpdateServiceAccountDocument,
  type ProgramsQuery,
} from "../gql/graphql";
import { Act, Confirm, Copy, Field } from "../ui/parts";
import { Ticks, type Named } from "../ui/ticks";
import { useTold } from "../ui/use-told";

type Program = ProgramsQuery["accounts"]["results"][number];

const ASKED = {
  renew: {
    title: "Give it another secret?",
    action: "Give it another secret",
    text: "Its present secret and all of its tokens are worth nothing then.",
  },
  delete: { title: "Delete the service account?", action: "Delete it", text: "The program can no longer sign in." },
};

/** A new service account, or what one is for, is in and may do; its secret is shown once. */
export function EditProgram({
  program,
  groups,
  roles,
  onDone,
  onGone,
}: {
  program: Program | null;
  groups: Named[];
  roles: Named[];
  onDone: () => void;
  onGone: () => void;
}) {
  const viewer = useViewer();
  const [, create] = useMutation(CreateServiceAccountDocument);
  const [, describe] = useMutation(UpdateServiceAccountDocument);
  const [, update] = useMutation(UpdateAccountDocument);
  const [, renew] = useMutation(RegenerateSecretDocument);
  const [, remove] = useMutation(DeleteServiceAccountDocument);
  const [name, setName] = useState("");
  const [description, setDescription] = useState(program?.description ?? "");
  const [inGroups, setGroups] = useState(() => program?.memberOf.flatMap(({ groupId }) => groupId ?? []) ?? []);
  const [hasRoles, setRoles] = useState(() => program?.assignedRoles.flatMap(({ roleId }) => roleId ?? []) ?? []);
  const [secret, setSecret] = useState<{ clientId: string; clientSecret: string } | null>(null);
  const [asked, setAsked] = useState<keyof typeof ASKED | null>(null);
  const [told, act] = useTold();
  const id = program?.id ?? "";
  const why = program
    ? (refusal(viewer, "updateServiceAccount") ?? refusal(viewer, "updateAccount"))
    : (refusal(viewer, "createServiceAccount") ?? (name.trim() ? null : "A service account has a name."));

  async function make() {
    const made = create({ name: name.trim(), description, groups: inGroups, roles: hasRoles });
    if (!(await act("It is made.", made))) return;
    setSecret((await made).data?.createServiceAccount ?? null);
    onDone();
  }

  async function save() {
    if (!(await act("", describe({ id, description })))) return;
    if (await act("It is saved.", update({ id, groups: inGroups, roles: hasRoles }))) onDone();
  }

  async function confirmed(what: keyof typeof ASKED) {
    setAsked(null);
    if (what === "delete") {
      if (await act("It is deleted.", remove({ id }))) onGone();
      return;
    }
    const made = renew({ id });
    if (await act("It has another secret.", made)) setSecret((await made).data?.regenerateSecret ?? null);
  }

  return (
    <div className="stack">
      {program && (
        <p className="quiet">
          Its client_id is <code>{id}</code> <Copy text={id} what="the client_id" />
        </p>
      )}
      {!program && <Field label="Name of the service account" value={name} onChange={setName} />}
      <Field label="What it is for" value={description} onChange={setDescription} />
      <Ticks legend="Groups" choices={groups} chosen={inGroups} onChange={setGroups} />
      <Ticks legend="Roles" choices={roles} chosen={hasRoles} onChange={setRoles} />
      {told}
      {secret && (
        <dl className="card facts">
          <dt>client_id</dt>
          <dd>
            <code>{secret.clientId}</code> <Copy text={secret.clientId} what="the client_id" />
          </dd>
          <dt>client_secret</dt>
          <dd>
            <code>{secret.clientSecret}</code> <Copy text={secret.clientSecret} what="the client_secret" />
          </dd>
          <dt>Keep it</dt>
          <dd>The server keeps no readable copy and shows it this once. POST /oauth/token gives tokens for it.</dd>
        </dl>
      )}
      <div className="row">
        {!secret && (
          <Act className="primary" why={why} onAct={() => void (program ? save() : make())}>
            {program ? "Save" : "Make the service account"}
          </Act>
        )}
        {program && (
          <>
            <Act why={refusal(viewer, "regenerateSecret")} onAct={() => setAsked("renew")}>
              Another secret
            </Act>
            <Act className="danger" why={refusal(viewer, "deleteServiceAccount")} onAct={() => setAsked("delete")}>
              Delete
            </Act>
          </>
        )}
      </div>
      {asked && (
        <Confirm
          title={ASKED[asked].title}
          action={ASKED[asked].action}
          onDone={(yes) => (yes ? void confirmed(asked) : setAsked(null))}
        >
          <p className="quiet">{ASKED[asked].text}</p>
        </Confirm>
      )}
    </div>
  );
}
