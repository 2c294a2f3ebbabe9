// Not "@rjsf/core" itself, which reaches for a validator that compiles.
import Form from "@rjsf/core/lib/components/Form.js";
import type { ErrorSchema, RJSFSchema, UiSchema } from "@rjsf/utils";
import { validator } from "./validator";

/** A form made of its JSON Schema. It holds nothing itself, so that a refusal of the server loses nothing. */
export default function SchemaForm({
  id,
  schema,
  uiSchema,
  value,
  faults,
  onChange,
  onSubmit,
}: {
  id: string;
  schema: RJSFSchema;
  uiSchema?: UiSchema;
  value: unknown;
  faults?: ErrorSchema;
  onChange: (value: unknown) => void;
  onSubmit: () => void;
}) {
  return (
    <Form
      id={id}
      idPrefix={id}
      schema={schema}
      uiSchema={{ ...uiSchema, "ui:submitButtonOptions": { norender: true } }}
      formData={value}
      validator={validator}
      {...(faults && { extraErrors: faults })}
      showErrorList={false}
      noHtml5Validate
      focusOnFirstError
      onChange={(event) => onChange(event.formData)}
      onSubmit={onSubmit}
      onError={() => undefined} // the faults stand beside their fields
    >
      <></>
    </Form>
  );
}
