import { useState } from "react";

const KEY = "jobyard.views";

export interface NamedView {
  name: string;
  search: string;
}

function stored(): NamedView[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? (found as NamedView[]) : [];
  } catch {
    return [];
  }
}

/** Filters with a name, kept by this browser. */
export function useViews(): [NamedView[], (name: string, search: string) => void, (name: string) => void] {
  const [views, setViews] = useState(stored);
  function keep(next: NamedView[]) {
    localStorage.setItem(KEY, JSON.stringify(next));
    setViews(next);
  }
  const others = (name: string) => views.filter((view) => view.name !== name);
  return [views, (name, search) => keep([...others(name), { name, search }]), (name) => keep(others(name))];
}
