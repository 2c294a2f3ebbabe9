import { Validator, type OutputUnit } from "@cfworker/json-schema";
import { toErrorSchema, type RJSFSchema, type RJSFValidationError, type ValidatorType } from "@rjsf/utils";

// Their errors only say that something below is wrong, which has an error of its own.
const WRAPPERS = new Set([
  ...["properties", "patternProperties", "items", "prefixItems", "additionalItems", "$ref", "allOf", "if", "then"],
  ...["else", "dependencies", "dependentSchemas"],
]);

/** A place as the server and the validator write it, `/a/0/b`, as forms write it: `.a.0.b`. */
export function property(pointer: string): string {
  return pointer
    .replace(/^#/, "")
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

function errorOf({ keyword, keywordLocation, instanceLocation, error }: OutputUnit): RJSFValidationError {
  const missing = keyword === "required" ? /property "(.*)"/.exec(error)?.[1] : undefined;
  const at = property(instanceLocation);
  const message = missing === undefined ? error.replace(/^Instance /, "This ") : "This is required.";
  return {
    name: keyword,
    message,
    property: missing === undefined ? at : `${at}.${missing}`,
    schemaPath: keywordLocation,
    stack: `${(missing ?? at.slice(1)) || "The whole"}: ${message}`,
  };
}

function errorsOf(schema: RJSFSchema, value: unknown): RJSFValidationError[] {
  try {
    const { errors } = new Validator(schema as object, "7", false).validate(value ?? null);
    return errors.filter((one) => !WRAPPERS.has(one.keyword)).map(errorOf);
  } catch {
    return []; // a schema that cannot be followed here: the server's own check counts
  }
}

/** Reads a schema instead of compiling it, which the page's policy forbids. The server checks everything again. */
export const validator: ValidatorType = {
  validateFormData(value, schema, _, transform, uiSchema) {
    const found = errorsOf(schema, value);
    const errors = transform ? transform(found, uiSchema) : found;
    return { errors, errorSchema: toErrorSchema(errors) };
  },
  isValid(schema, value, root) {
    const { definitions, $defs } = root;
    return errorsOf({ ...(definitions && { definitions }), ...($defs && { $defs }), ...schema }, value).length === 0;
  },
  rawValidation(schema, value) {
    return { errors: errorsOf(schema, value) as never };
  },
};
