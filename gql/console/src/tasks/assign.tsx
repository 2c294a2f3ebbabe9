import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { refusal, useViewer } from "../api/viewer";
import { AssignTaskDocument, NamesDocument } from "../gql/graphql";
import { Act } from "../ui/parts";

/** Gives a task to somebody, whoever claimed it before; for those who may see who there is. */
export function Assign({
  task,
  onFault,
}: {
  task: { id: string };
  onFault: (fault: { message: string } | null) => void;
}) {
  const viewer = useViewer();
  const [userId, setUserId] = useState("");
  const mayList = viewer.methods.has("getAccounts");
  const [{ data }] = useQuery({ query: NamesDocument, pause: !mayList });
  const [, assign] = useMutation(AssignTaskDocument);
  if (!mayList) return null;

  async function give() {
    const { error } = await assign({ id: task.id, userId });
    onFault(error ?? null);
    if (!error) setUserId("");
  }

  return (
    <div className="row small">
      <label className="row">
        Assign to
        <select value={userId} onChange={(event) => setUserId(event.target.value)}>
          <option value="">Somebody …</option>
          {data?.accounts.results.map((one) => (
            <option key={one.id} value={one.id ?? ""}>
              {one.username}
            </option>
          ))}
        </select>
      </label>
      <Act why={refusal(viewer, "assignTask") ?? (userId ? null : "Choose somebody first.")} onAct={() => void give()}>
        Assign
      </Act>
    </div>
  );
}
