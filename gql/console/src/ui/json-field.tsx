import { lazy, Suspense } from "react";

const Editor = lazy(() => import("./editor"));

/** The object that a text is; a sentence where it is none. */
export function objectOf(text: string): Record<string, unknown> | string {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return "This must be a JSON object: {…}.";
  } catch (fault) {
    return fault instanceof Error ? fault.message : "This is not JSON.";
  }
}

export function JsonField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <div className="field">
      <span>{label}</span>
      {hint && <span className="quiet small">{hint}</span>}
      <Suspense fallback={<div className="editor" />}>
        <Editor label={label} value={value} onChange={onChange} />
      </Suspense>
    </div>
  );
}
