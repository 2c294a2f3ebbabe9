import { createContext, use } from "react";

export interface Viewer {
  id: string;
  username: string;
  methods: ReadonlySet<string>;
}

export const ViewerContext = createContext<Viewer>({ id: "", username: "", methods: new Set() });

export function useViewer(): Viewer {
  return use(ViewerContext);
}

/** Null where my role allows a documented method; else the sentence that says why it is not offered. */
export function refusal(viewer: Viewer, method: string): string | null {
  return viewer.methods.has(method) ? null : `Your roles do not allow ${method}. An administrator can give you one.`;
}
