import { useMemo } from "react";
import { useQuery } from "urql";
import { NamesDocument } from "../gql/graphql";
import { useViewer } from "./viewer";

/** The name of an account by its id; who may not list accounts reads shortened ids. */
export function useNames(): (id: string | null | undefined) => string {
  const viewer = useViewer();
  const [{ data }] = useQuery({ query: NamesDocument, pause: !viewer.methods.has("getAccounts") });
  return useMemo(() => {
    const names = new Map(data?.accounts.results.map((one) => [one.id ?? "", one.username ?? ""]));
    names.set(viewer.id, viewer.username);
    return (id) => (id ? names.get(id) || (id.length > 12 ? `${id.slice(0, 6)}…` : id) : "");
  }, [data, viewer]);
}
