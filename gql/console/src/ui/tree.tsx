import { useMemo } from "react";
import { JsonView } from "react-json-view-lite";
import { Copy } from "./parts";

const STYLES = {
  container: "",
  basicChildStyle: "basic",
  childFieldsContainer: "",
  label: "label",
  clickableLabel: "label clickable",
  nullValue: "value",
  undefinedValue: "value",
  numberValue: "value",
  stringValue: "string",
  booleanValue: "value",
  otherValue: "value",
  punctuation: "quiet",
  expandIcon: "unfolds",
  collapseIcon: "folds",
  collapsedContent: "folded",
  noQuotesForStringValues: false,
};

const LONGEST = 20_000;
const UNFOLDED = 2;
const MOST_UNFOLDED = 200;

/** A value whose long texts are cut: what is drawn stays small whatever a job holds. */
function shortened(value: unknown): unknown {
  if (typeof value === "string" && value.length > LONGEST) {
    return `${value.slice(0, LONGEST)}… (${value.length.toLocaleString("en")} characters; copy has them all)`;
  }
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
  }
  return value;
}

function isSmall(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length <= MOST_UNFOLDED;
}

/** Any JSON, folded below two levels and where it is large. */
export function Tree({ value, what }: { value: unknown; what: string }) {
  const whole = () => JSON.stringify(value, null, 2) ?? "";
  const drawn = useMemo(() => shortened(value), [value]);
  return (
    <div>
      <div className="row quiet small">
        <span className="grow">{what}</span>
        <Copy text={whole} what={what} />
      </div>
      {typeof drawn === "object" && drawn !== null ? (
        <div className="tree">
          <JsonView
            data={drawn}
            style={STYLES}
            shouldExpandNode={(level, inner) => level < UNFOLDED && isSmall(inner)}
            clickToExpandNode
          />
        </div>
      ) : (
        <pre className="tree">{JSON.stringify(drawn) ?? "–"}</pre>
      )}
    </div>
  );
}
