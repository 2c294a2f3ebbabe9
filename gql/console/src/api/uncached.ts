import { useEffect, useState } from "react";
import type { AnyVariables, CombinedError, TypedDocumentNode } from "urql";
import { uncached } from "./client";

interface Answer<Data> {
  key: string;
  data?: Data;
  error?: CombinedError;
}

/** Asks once, and puts nothing into the cache, which takes seconds over thousands of tasks. */
export function useUncached<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Omit<Answer<Data>, "key"> {
  const key = JSON.stringify(variables);
  const [answer, setAnswer] = useState<Answer<Data>>({ key });
  useEffect(() => {
    let isCurrent = true;
    void uncached
      .query(query, JSON.parse(key) as Variables)
      .toPromise()
      .then(({ data, error }) => isCurrent && setAnswer({ key, ...(data && { data }), ...(error && { error }) }));
    return () => {
      isCurrent = false;
    };
  }, [query, key]);
  return answer.key === key ? answer : {};
}
