import { useState, type ReactNode } from "react";
import { useClient, useQuery } from "urql";
import { refusal, useViewer } from "../api/viewer";
import { GroupsDocument, PeopleDocument, ProgramsDocument, RolesDocument } from "../gql/graphql";
import { Act, Drawer, Empty, Loading, Time, Trouble } from "../ui/parts";
import { EditAccount, NewAccount } from "./account";
import { EditGroup } from "./group";
import { EditProgram } from "./program";
import { EditRole } from "./role";
import type { Named } from "../ui/ticks";

const PAGE = 100;

type Kind = "account" | "program" | "group" | "role";

/** What is open at the right: one that there is, or one that is being made. */
interface Open {
  kind: Kind;
  id: string | null;
}

const MADE: Record<Kind, string> = {
  account: "A new account",
  program: "A new service account",
  group: "A new group",
  role: "A new role",
};

export default function People() {
  const viewer = useViewer();
  if (!viewer.methods.has("getAccounts")) {
    return (
      <div className="inside">
        <h1>People</h1>
        <Empty title="Your roles do not show accounts">
          <p>An administrator can give you a role that allows getAccounts.</p>
        </Empty>
      </div>
    );
  }
  return <Everybody />;
}

function Everybody() {
  const client = useClient();
  const viewer = useViewer();
  const [skip, setSkip] = useState(0);
  const [open, setOpen] = useState<Open | null>(null);
  const fresh = { requestPolicy: "cache-and-network" as const };
  const [{ data: people, error }] = useQuery({ query: PeopleDocument, variables: { skip }, ...fresh });
  const [{ data: programs }] = useQuery({ query: ProgramsDocument, ...fresh });
  const [{ data: groups }] = useQuery({ query: GroupsDocument, pause: !viewer.methods.has("getGroups"), ...fresh });
  const [{ data: roles }] = useQuery({ query: RolesDocument, pause: !viewer.methods.has("getRoles"), ...fresh });
  if (!people) {
    return (
      <div className="inside">
        <h1>People</h1>
        {error ? <Trouble error={error} /> : <Loading what="accounts" />}
      </div>
    );
  }
  const allGroups = groups?.groups.results ?? [];
  const allRoles = roles?.roles.results ?? [];
  const namesOf = (named: Named[], ids: (string | null | undefined)[]) =>
    ids.map((id) => named.find((one) => one.id === id)?.name ?? id).join(", ");
  const name = (kind: Kind, id: string, text: string | null | undefined) => (
    <button type="button" className="plain" onClick={() => setOpen({ kind, id })}>
      {text ?? id}
    </button>
  );

  function again() {
    const asked = { requestPolicy: "network-only" as const };
    void client.query(PeopleDocument, { skip }, asked).toPromise();
    void client.query(ProgramsDocument, {}, asked).toPromise();
    void client.query(GroupsDocument, {}, asked).toPromise();
    void client.query(RolesDocument, {}, asked).toPromise();
  }

  function gone() {
    setOpen(null);
    again();
  }

  const shared = { groups: allGroups, roles: allRoles, onDone: again, onGone: gone };
  const account = people.accounts.results.find((one) => one.id === open?.id);
  const program = programs?.accounts.results.find((one) => one.id === open?.id) ?? null;
  const group = allGroups.find((one) => one.id === open?.id) ?? null;
  const role = allRoles.find((one) => one.id === open?.id) ?? null;
  const title = account?.username ?? program?.username ?? group?.name ?? role?.name;
  return (
    <div className="inside">
      <h1>People</h1>
      <div className="with-drawer">
        <div className="grow stack">
          <Listed
            title="Accounts"
            columns={["Address", "Groups", "Roles", "Last seen"]}
            make={{
              word: "New account",
              method: "createAccount",
              onMake: () => setOpen({ kind: "account", id: null }),
            }}
            rows={people.accounts.results.map((one) => ({
              id: one.id ?? "",
              name: name("account", one.id ?? "", one.username),
              inactive: one.inactive ? "closed" : "",
              cells: [
                one.email,
                namesOf(
                  allGroups,
                  one.memberOf.map((of) => of.groupId),
                ),
                namesOf(
                  allRoles,
                  one.assignedRoles.map((of) => of.roleId),
                ),
                <Time key="seen" at={one.lastLogin} />,
              ],
            }))}
          />
          {people.accounts.total > PAGE && (
            <div className="row">
              <button type="button" disabled={skip === 0} onClick={() => setSkip(Math.max(0, skip - PAGE))}>
                Before
              </button>
              <span className="quiet">
                {skip + 1} to {Math.min(skip + PAGE, people.accounts.total)} of {people.accounts.total}
              </span>
              <button
                type="button"
                disabled={skip + PAGE >= people.accounts.total}
                onClick={() => setSkip(skip + PAGE)}
              >
                Next
              </button>
            </div>
          )}
          <Listed
            title="Service accounts"
            none="None. One is made for each program that asks this server."
            columns={["What it is for", "Groups", "Roles", "Last seen"]}
            make={{
              word: "New service account",
              method: "createServiceAccount",
              onMake: () => setOpen({ kind: "program", id: null }),
            }}
            rows={(programs?.accounts.results ?? []).map((one) => ({
              id: one.id ?? "",
              name: name("program", one.id ?? "", one.username),
              inactive: one.inactive ? "closed" : "",
              cells: [
                one.description,
                namesOf(
                  allGroups,
                  one.memberOf.map((of) => of.groupId),
                ),
                namesOf(
                  allRoles,
                  one.assignedRoles.map((of) => of.roleId),
                ),
                <Time key="seen" at={one.lastLogin} />,
              ],
            }))}
          />
          <Listed
            title="Groups"
            none="None: everybody sees every job and workflow."
            columns={["What it is for", "Its members are also in", "Roles"]}
            make={{ word: "New group", method: "createGroup", onMake: () => setOpen({ kind: "group", id: null }) }}
            rows={allGroups.map((one) => ({
              id: one.id,
              name: name("group", one.id, one.name),
              inactive: one.inactive ? "counts no more" : "",
              cells: [
                one.description,
                namesOf(
                  allGroups,
                  one.memberOf.map((of) => of.groupId),
                ),
                namesOf(
                  allRoles,
                  one.assignedRoles.map((of) => of.roleId),
                ),
              ],
            }))}
          />
          <Listed
            title="Roles"
            columns={["What it is for", "Allows"]}
            make={{ word: "New role", method: "createRole", onMake: () => setOpen({ kind: "role", id: null }) }}
            rows={allRoles.map((one) => ({
              id: one.id,
              name: name("role", one.id, one.name),
              inactive: "",
              cells: [one.description, `${one.allowedMethods.length} methods`],
            }))}
          />
        </div>
        {open && (open.id === null || title != null) && (
          <Drawer
            key={`${open.kind}:${open.id}`}
            title={<h2>{open.id === null ? MADE[open.kind] : title}</h2>}
            onClose={() => setOpen(null)}
          >
            {open.kind === "account" &&
              (account ? (
                <EditAccount account={account} groups={allGroups} roles={allRoles} onDone={again} />
              ) : (
                <NewAccount groups={allGroups} roles={allRoles} onDone={again} />
              ))}
            {open.kind === "program" && <EditProgram program={program} {...shared} />}
            {open.kind === "group" && <EditGroup group={group} {...shared} />}
            {open.kind === "role" && <EditRole role={role} onDone={again} onGone={gone} />}
          </Drawer>
        )}
      </div>
    </div>
  );
}

interface Row {
  id: string;
  name: ReactNode;
  inactive: string;
  cells: ReactNode[];
}

/** A table of one kind; on a phone it has the names and the last thing but one that is said of each. */
function Listed({
  title,
  none,
  columns,
  rows,
  make,
}: {
  title: string;
  none?: string;
  columns: string[];
  rows: Row[];
  make: { word: string; method: string; onMake: () => void };
}) {
  const viewer = useViewer();
  return (
    <section className="stack" aria-label={title}>
      <div className="row">
        <h2 className="grow">{title}</h2>
        <Act why={refusal(viewer, make.method)} onAct={make.onMake}>
          {make.word}
        </Act>
      </div>
      {rows.length === 0 && none && <p className="quiet">{none}</p>}
      {rows.length > 0 && (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                {columns.map((column) => (
                  <th key={column} className={column === "Roles" || column === "Allows" ? undefined : "wide-only"}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    {row.name} {row.inactive && <span className="quiet">{row.inactive}</span>}
                  </td>
                  {row.cells.map((cell, index) => (
                    <td
                      key={columns[index]}
                      className={columns[index] === "Roles" || columns[index] === "Allows" ? undefined : "wide-only"}
                    >
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
