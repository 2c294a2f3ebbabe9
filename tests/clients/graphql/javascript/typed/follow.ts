// A subscription of either tool over graphql-sse, to its end.
import { createClient } from "graphql-sse";

declare const process: { env: Record<string, string> };

export const url = `${process.env.JOBYARD_SERVER}/graphql`;
export const headers = { authorization: `Bearer ${process.env.JOBYARD_TOKEN}` };
export const workflow = process.env.JOBYARD_WORKFLOW!;
const events = createClient({ url, headers });

export async function follow<Data>(query: string, variables: Record<string, unknown>): Promise<Data[]> {
  const heard: Data[] = [];
  for await (const { data } of events.iterate<Data>({ query, variables })) if (data) heard.push(data);
  return heard;
}

export function codeOf(error: unknown): string {
  return (error as { response: { errors: { extensions: { code: string } }[] } }).response.errors[0]!.extensions.code;
}
