import { toErrorSchema, type ErrorSchema } from "@rjsf/utils";
import type { CombinedError } from "urql";
import { property } from "./validator";

interface Fault {
  instancePath?: unknown;
  message?: unknown;
}

/** What the server found wrong with an answer, beside the fields it is about; `under` is where the form's data is. */
export function faultsOf(error: CombinedError | undefined, under = ""): ErrorSchema {
  const given: unknown = error?.graphQLErrors[0]?.extensions["validationErrors"];
  const faults: Fault[] = Array.isArray(given) ? given : [];
  return toErrorSchema(
    faults.map(({ instancePath, message }) => {
      const at = typeof instancePath === "string" ? instancePath : "";
      const text = String(message);
      const place = property(at.startsWith(under) ? at.slice(under.length) : at);
      return { property: place, message: text, stack: text };
    }),
  );
}
