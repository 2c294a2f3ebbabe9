import { useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../api/viewer";
import { GroupsDocument, PeopleDocument, ProgramsDocument, RolesDocument } from "../gql/graphql";
import { Drawer, Empty, Loading, Time, Trouble } from "../ui/parts";
import { EditAccount, NewAccount } from "./account";

const PAGE = 100;

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
  return (
    <div className="inside">
      <h1>People</h1>
      <Accounts />
      <Programs />
      <Groups />
      <Roles />
    </div>
  );
}

function Accounts() {
  const [skip, setSkip] = useState(0);
  const [open, setOpen] = useState<string | null>(null);
  const [{ data, error }, ask] = useQuery({
    query: PeopleDocument,
    variables: { skip },
    requestPolicy: "cache-and-network",
  });
  const [{ data: groups }] = useQuery({ query: GroupsDocument });
  const [{ data: roles }] = useQuery({ query: RolesDocument });
  if (!data) return error ? <Trouble error={error} /> : <Loading what="accounts" />;
  const group = new Map(groups?.groups.results.map((one) => [one.id, one.name ?? one.id]));
  const role = new Map(roles?.roles.results.map((one) => [one.id, one.name ?? one.id]));
  const chosen = data.accounts.results.find((one) => one.id === open);
  return (
    <section className="stack" aria-label="Accounts">
      <h2>Accounts</h2>
      <div className="with-drawer">
        <div className="grow stack">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                <th className="wide-only">Address</th>
                <th>Groups</th>
                <th>Roles</th>
                <th className="wide-only">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {data.accounts.results.map((one) => (
                <tr key={one.id}>
                  <td>
                    <button type="button" className="plain" onClick={() => setOpen(one.id ?? null)}>
                      {one.username}
                    </button>{" "}
                    {one.inactive && <span className="quiet">closed</span>}
                  </td>
                  <td className="wide-only">{one.email}</td>
                  <td>{one.memberOf.map((of) => group.get(of.groupId ?? "") ?? of.groupId).join(", ")}</td>
                  <td>{one.assignedRoles.map((of) => role.get(of.roleId ?? "") ?? of.roleId).join(", ")}</td>
                  <td className="wide-only">
                    <Time at={one.lastLogin} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <NewAccount onDone={() => ask({ requestPolicy: "network-only" })} />
        </div>
        {chosen && (
          <Drawer title={<h2>{chosen.username}</h2>} onClose={() => setOpen(null)}>
            <EditAccount
              key={chosen.id}
              account={chosen}
              groups={groups?.groups.results ?? []}
              roles={roles?.roles.results ?? []}
              onDone={() => ask({ requestPolicy: "network-only" })}
            />
          </Drawer>
        )}
      </div>
      {data.accounts.total > PAGE && (
        <div className="row">
          <button type="button" disabled={skip === 0} onClick={() => setSkip(Math.max(0, skip - PAGE))}>
            Before
          </button>
          <span className="quiet">
            {skip + 1} to {Math.min(skip + PAGE, data.accounts.total)} of {data.accounts.total}
          </span>
          <button type="button" disabled={skip + PAGE >= data.accounts.total} onClick={() => setSkip(skip + PAGE)}>
            Next
          </button>
        </div>
      )}
    </section>
  );
}

function Programs() {
  const [{ data, error }] = useQuery({ query: ProgramsDocument, requestPolicy: "cache-and-network" });
  if (!data) return error ? <Trouble error={error} /> : <Loading what="service accounts" />;
  return (
    <section className="stack" aria-label="Service accounts">
      <h2>Service accounts</h2>
      {data.accounts.total === 0 && <p className="quiet">None. createServiceAccount makes one for a program.</p>}
      {data.accounts.results.map((one) => (
        <div key={one.id} className="row">
          <span>{one.username}</span>
          <span className="quiet">{one.description}</span>
          <code>{one.id}</code>
        </div>
      ))}
    </section>
  );
}

function Groups() {
  const [{ data, error }] = useQuery({ query: GroupsDocument, requestPolicy: "cache-and-network" });
  if (!data) return error ? <Trouble error={error} /> : <Loading what="groups" />;
  return (
    <section className="stack" aria-label="Groups">
      <h2>Groups</h2>
      {data.groups.total === 0 && <p className="quiet">None: everybody sees every job and workflow.</p>}
      {data.groups.results.map((one) => (
        <div key={one.id} className="row">
          <span>{one.name}</span>
          <span className="quiet">
            {one.description} {one.inactive && "counts no more"}
          </span>
        </div>
      ))}
    </section>
  );
}

function Roles() {
  const [{ data, error }] = useQuery({ query: RolesDocument, requestPolicy: "cache-and-network" });
  if (!data) return error ? <Trouble error={error} /> : <Loading what="roles" />;
  return (
    <section className="stack" aria-label="Roles">
      <h2>Roles</h2>
      {data.roles.results.map((one) => (
        <details key={one.id}>
          <summary>
            {one.name}{" "}
            <span className="quiet">
              {one.description} {one.allowedMethods.length} methods
            </span>
          </summary>
          <p className="small">{one.allowedMethods.map((method) => method.name).join(", ")}</p>
        </details>
      ))}
    </section>
  );
}
