import type { RJSFSchema } from "@rjsf/utils";

/** The documented forms, as far as these pages read them. */
export interface Automation {
  _id: string;
  name?: string;
  description?: string;
  componentName?: string;
  gbac?: { read?: string[]; write?: string[] };
}

export interface Trigger {
  _id: string;
  name?: string;
  description?: string;
  type?: string;
  enabled?: boolean;
  actionId?: string;
  routeName?: string;
  schema?: RJSFSchema;
  formSchema?: RJSFSchema;
  lastExecuted?: number;
}
