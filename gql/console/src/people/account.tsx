import { useState } from "react";
import { useMutation } from "urql";
import { refusal, useViewer } from "../api/viewer";
import {
  CreateAccountDocument,
  SetPasswordDocument,
  UpdateAccountDocument,
  type GroupsQuery,
  type PeopleQuery,
  type RolesQuery,
} from "../gql/graphql";
import { Act, Trouble } from "../ui/parts";

type Account = PeopleQuery["accounts"]["results"][number];
type Named = Pick<GroupsQuery["groups"]["results"][number], "id" | "name">;

/** Ticks for what one is in, or has. */
function Ticks({
  legend,
  choices,
  chosen,
  onChange,
}: {
  legend: string;
  choices: Named[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <fieldset className="stack">
      <legend>{legend}</legend>
      {choices.length === 0 && <p className="quiet">There are none.</p>}
      {choices.map(({ id, name }) => (
        <label key={id} className="row">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={(event) => onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
          {name ?? id}
        </label>
      ))}
    </fieldset>
  );
}

/** What an account is called, may do and is in; another password; whether it is closed. */
export function EditAccount({
  account,
  groups,
  roles,
  onDone,
}: {
  account: Account;
  groups: Named[];
  roles: RolesQuery["roles"]["results"];
  onDone: () => void;
}) {
  const viewer = useViewer();
  const [, update] = useMutation(UpdateAccountDocument);
  const [, setTheirs] = useMutation(SetPasswordDocument);
  const [email, setEmail] = useState(account.email ?? "");
  const [inGroups, setGroups] = useState(() => account.memberOf.flatMap(({ groupId }) => groupId ?? []));
  const [hasRoles, setRoles] = useState(() => account.assignedRoles.flatMap(({ roleId }) => roleId ?? []));
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const [done, setDone] = useState("");
  const id = account.id ?? "";
  const why = refusal(viewer, "updateAccount");

  async function change(
    word: string,
    changes: { inactive?: boolean; groups?: string[]; roles?: string[]; email?: string },
  ) {
    const { error } = await update({ id, ...changes });
    setFault(error ?? null);
    setDone(error ? "" : word);
    if (!error) onDone();
  }

  async function give() {
    const { error } = await setTheirs({ id, password });
    setFault(error ?? null);
    setDone(error ? "" : "The password is another one; the account is signed out everywhere.");
    if (!error) setPassword("");
  }

  return (
    <div className="stack">
      <div className="field">
        <label htmlFor="account-email">Address</label>
        <input id="account-email" value={email} onChange={(event) => setEmail(event.target.value)} />
      </div>
      <Ticks legend="Groups" choices={groups} chosen={inGroups} onChange={setGroups} />
      <Ticks legend="Roles" choices={roles} chosen={hasRoles} onChange={setRoles} />
      {fault && <Trouble error={fault} />}
      {done && <p role="status">{done}</p>}
      <div className="row">
        <Act
          className="primary"
          why={why}
          onAct={() => void change("It is changed.", { email, groups: inGroups, roles: hasRoles })}
        >
          Save
        </Act>
        <Act
          why={why ?? (id === viewer.id ? "This is your own account." : null)}
          onAct={() =>
            void change(account.inactive ? "It is open again." : "It is closed and signed out everywhere.", {
              inactive: !account.inactive,
            })
          }
        >
          {account.inactive ? "Open it again" : "Close the account"}
        </Act>
      </div>
      <div className="field">
        <label htmlFor="account-password">Another password</label>
        <input
          id="account-password"
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <div className="row">
        <Act
          why={refusal(viewer, "setPassword") ?? (password.length < 8 ? "At least 8 characters." : null)}
          onAct={() => void give()}
        >
          Set the password
        </Act>
      </div>
    </div>
  );
}

export function NewAccount({ onDone }: { onDone: () => void }) {
  const viewer = useViewer();
  const [, create] = useMutation(CreateAccountDocument);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<{ message: string } | null>(null);
  const why =
    refusal(viewer, "createAccount") ?? (username && password.length >= 8 ? null : "A name and at least 8 characters.");

  async function make() {
    const { error } = await create({ username, password });
    setFault(error ?? null);
    if (error) return;
    setUsername("");
    setPassword("");
    onDone();
  }

  return (
    <div className="stack">
      <div className="row">
        <input
          aria-label="Name of a new account"
          placeholder="A new account's name"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <input
          type="password"
          autoComplete="new-password"
          aria-label="Password of the new account"
          placeholder="and password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Act why={why} onAct={() => void make()}>
          Make the account
        </Act>
      </div>
      {fault && <Trouble error={fault} />}
    </div>
  );
}
