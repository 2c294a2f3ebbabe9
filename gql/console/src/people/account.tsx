import { useState } from "react";
import { useMutation } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CreateAccountDocument,
  ForceLogoutDocument,
  SetPasswordDocument,
  UpdateAccountDocument,
  type PeopleQuery,
} from "../gql/graphql";
import { Act, Field } from "../ui/parts";
import { Ticks, type Named } from "../ui/ticks";
import { useTold } from "../ui/use-told";

type Account = PeopleQuery["accounts"]["results"][number];

const SHORTEST_PASSWORD = 8;

/** What an account is called, may do and is in; another password; whether it is closed. */
export function EditAccount({
  account,
  groups,
  roles,
  onDone,
}: {
  account: Account;
  groups: Named[];
  roles: Named[];
  onDone: () => void;
}) {
  const viewer = useViewer();
  const [, update] = useMutation(UpdateAccountDocument);
  const [, setTheirs] = useMutation(SetPasswordDocument);
  const [, signOut] = useMutation(ForceLogoutDocument);
  const [email, setEmail] = useState(account.email ?? "");
  const [inGroups, setGroups] = useState(() => account.memberOf.flatMap(({ groupId }) => groupId ?? []));
  const [hasRoles, setRoles] = useState(() => account.assignedRoles.flatMap(({ roleId }) => roleId ?? []));
  const [password, setPassword] = useState("");
  const [told, act] = useTold();
  const id = account.id ?? "";
  const why = refusal(viewer, "updateAccount");

  async function save() {
    if (await act("It is changed.", update({ id, email, groups: inGroups, roles: hasRoles }))) onDone();
  }

  async function toggle() {
    const word = account.inactive ? "It is open again." : "It is closed and signed out everywhere.";
    if (await act(word, update({ id, inactive: !account.inactive }))) onDone();
  }

  async function give() {
    const word = "The password is another one; the account is signed out everywhere.";
    if (await act(word, setTheirs({ id, password }))) setPassword("");
  }

  return (
    <div className="stack">
      <Field label="Address" value={email} onChange={setEmail} />
      <Ticks legend="Groups" choices={groups} chosen={inGroups} onChange={setGroups} />
      <Ticks legend="Roles" choices={roles} chosen={hasRoles} onChange={setRoles} />
      {told}
      <div className="row">
        <Act className="primary" why={why} onAct={() => void save()}>
          Save
        </Act>
        <Act why={why ?? (id === viewer.id ? "This is your own account." : null)} onAct={() => void toggle()}>
          {account.inactive ? "Open it again" : "Close the account"}
        </Act>
        <Act
          why={refusal(viewer, "forceLogout")}
          onAct={() => void act("It is signed out everywhere.", signOut({ id }))}
        >
          Sign it out everywhere
        </Act>
      </div>
      <Field label="Another password" isSecret value={password} onChange={setPassword} />
      <div className="row">
        <Act
          why={
            refusal(viewer, "setPassword") ?? (password.length < SHORTEST_PASSWORD ? "At least 8 characters." : null)
          }
          onAct={() => void give()}
        >
          Set the password
        </Act>
      </div>
    </div>
  );
}

export function NewAccount({ groups, roles, onDone }: { groups: Named[]; roles: Named[]; onDone: () => void }) {
  const viewer = useViewer();
  const [, create] = useMutation(CreateAccountDocument);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [inGroups, setGroups] = useState<string[]>([]);
  const [hasRoles, setRoles] = useState<string[]>([]);
  const [told, act] = useTold();
  const isWhole = username.trim() !== "" && password.length >= SHORTEST_PASSWORD;
  const why = refusal(viewer, "createAccount") ?? (isWhole ? null : "A name and a password of at least 8 characters.");

  async function make() {
    const asked = { username: username.trim(), password, groups: inGroups, roles: hasRoles };
    if (!(await act(`${asked.username} can sign in.`, create(asked)))) return;
    setUsername("");
    setPassword("");
    onDone();
  }

  return (
    <div className="stack">
      <Field label="Name of the account" value={username} onChange={setUsername} />
      <Field label="Password" isSecret value={password} onChange={setPassword} />
      <Ticks legend="Groups" choices={groups} chosen={inGroups} onChange={setGroups} />
      <Ticks legend="Roles" choices={roles} chosen={hasRoles} onChange={setRoles} />
      {told}
      <div className="row">
        <Act className="primary" why={why} onAct={() => void make()}>
          Make the account
        </Act>
      </div>
    </div>
  );
}
